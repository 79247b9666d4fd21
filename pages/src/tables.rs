//! The tables of fields of a page, each with the section that it stands in, and the search for the table of an object.

use crate::columns::{self, Columns};
use crate::fields::name;
use crate::read::{Cell, Content, Link, Page, Row, Table, caption};
use crate::sections::{self, Role};

/// A table of fields.
pub(crate) struct Located<'page> {
    pub(crate) table: &'page Table,
    pub(crate) columns: Columns,
    pub(crate) line: u32,
    pub(crate) role: Role,
    /// The status that the text above names.
    pub(crate) status: Option<u16>,
    /// The caption, or what stands above it in its stead.
    pub(crate) label: String,
}

impl Located<'_> {
    /// The cells of a row that may say which table explains its field.
    fn cells<'row>(&self, row: &'row Row) -> impl Iterator<Item = &'row Cell> {
        let columns = [Some(self.columns.name), self.columns.kind, self.columns.description];
        columns.into_iter().flatten().filter_map(|column| row.cells.get(column))
    }

    /// The names of its first fields, by which it is known where its label may not be shown.
    pub(crate) fn names(&self) -> Vec<String> {
        self.table.rows.iter().filter_map(|row| name(self, row)).take(3).collect()
    }

    /// Whether the label says no more than that there are parameters.
    pub(crate) fn is_generic(&self) -> bool {
        const WORDS: &[&str] = &[
            "参数",
            "说明",
            "请求",
            "响应",
            "消息",
            "路径",
            "查询",
            "检索",
            "列表",
            "字段",
            "信息",
            "uri",
            "url",
            "body",
            "query",
            "header",
            "path",
            "request",
            "response",
            "parameters",
            "filter",
            "的",
            "表",
            "体",
            "头",
            "返回",
            "元素",
            "数组",
            "数据",
            "结构",
        ];
        let mut left = self.label.to_lowercase();
        for word in WORDS {
            left = left.replace(word, "");
        }
        !left.chars().any(char::is_alphanumeric)
    }

    /// Whether it lists headers.
    pub(crate) fn is_of_headers(&self) -> bool {
        self.label_has(&["header", "消息头", "请求头", "响应头"])
    }

    /// Whether it lists parameters of the query.
    pub(crate) fn is_of_query(&self) -> bool {
        self.label_has(&["query", "查询"])
    }

    /// Whether it lists variables of the path.
    pub(crate) fn is_of_path(&self) -> bool {
        self.label_has(&["路径", "path parameter"])
    }

    pub(crate) fn label_has(&self, words: &[&str]) -> bool {
        let label = self.label.to_lowercase();
        words.iter().any(|word| label.contains(word))
    }
}

/// Labels that are longer are sentences.
const LONGEST_LABEL: usize = 48;

/// The tables of fields of a page.
pub(crate) fn tables(page: &Page) -> Vec<Located<'_>> {
    let mut found = Vec::new();
    let mut status = None;
    let mut role = Role::Other;
    for (section, block) in sections::blocks(page).filter(|(_, block)| !block.quoted) {
        if section.role != role {
            (role, status) = (section.role, None);
        }
        match &block.content {
            Content::Text(text) => status = announced_status(&text.text).or(status),
            Content::Table(table) => {
                let Some(columns) = columns::columns(table) else { continue };
                let lead = table.lead.clone().filter(|lead| lead.chars().count() <= LONGEST_LABEL);
                let label = table.caption.as_ref().map(|caption| caption.text.clone()).or(lead);
                let label = label.unwrap_or_default();
                found.push(Located { table, columns, line: block.line, role, status, label });
            }
            Content::Heading { .. } | Content::Code(_) => {}
        }
    }
    found
}

/// The status in `状态码： 404`.
fn announced_status(text: &str) -> Option<u16> {
    let rest = text.strip_prefix("状态码").or_else(|| text.strip_prefix("Status code"))?;
    let rest = rest.trim_start_matches(|c: char| c == '：' || c == ':' || c == '为' || c.is_whitespace());
    let digits = rest.get(..3)?;
    digits.parse().ok().filter(|status| (100..600).contains(status))
}

/// The numbers of the tables that explain the field `name` of a row of table `from`; by a link, or by the name of the
/// field or its type in a caption. A table of the same section goes before one of another, which the name of the field
/// alone does not lead to: what a request and an answer call alike often differs. Several tables explain one field where
/// it has a shape for each of several cases.
pub(crate) fn explaining(
    tables: &[Located<'_>],
    from: usize,
    row: &Row,
    name: &str,
    type_name: Option<&str>,
) -> Vec<usize> {
    let Some(origin) = tables.get(from) else { return Vec::new() };
    let linked: Vec<usize> = linked(tables, from, row);
    // A type may have values of itself; a field called as its own table mostly has another one.
    let by_type = type_name.and_then(|word| named(tables, from, word, true));
    let by_name = by_type.or_else(|| named(tables, from, name, false));
    let is_near = |at: &usize| tables.get(*at).is_some_and(|table| table.role == origin.role);
    let says_name = |at: &usize| {
        tables.get(*at).is_some_and(|table| {
            [type_name, Some(name)].into_iter().flatten().any(|word| is_about(&table.label, word))
        })
    };
    let link = linked
        .iter()
        .find(|at| is_near(at) && says_name(at))
        .or_else(|| linked.iter().find(|at| is_near(at)));
    let by_name = by_name.filter(is_near);
    if let (None, Some(at)) = (link, by_name) {
        let word = if by_type == Some(at) { type_name.unwrap_or(name) } else { name };
        return cases(tables, from, at, word);
    }
    let found = link
        .copied()
        .or_else(|| singular(name).and_then(|word| named(tables, from, word, false)).filter(is_near))
        .or_else(|| linked.first().copied())
        .or(by_type)
        .or_else(|| numbered(tables, from, row))
        .or_else(|| spelled(tables, from, name));
    match found {
        None => Vec::new(),
        Some(at) if link.is_none() && linked.is_empty() => match singular(name) {
            Some(word) => cases(tables, from, at, word),
            None => vec![at],
        },
        Some(at) => vec![at],
    }
}

/// A table whose label has `word` behind a word for its case, `batch config结构`, and those of the other cases, `edge
/// config结构`.
fn cases(tables: &[Located<'_>], from: usize, at: usize, word: &str) -> Vec<usize> {
    let Some(table) = tables.get(at) else { return Vec::new() };
    let Some((case, rest)) = table.label.split_once(word).filter(|(case, _)| is_case(case)) else {
        return vec![at];
    };
    let is_other = |other: &Located<'_>| {
        other
            .label
            .split_once(word)
            .is_some_and(|(other, behind)| is_case(other) && other != case && behind == rest)
    };
    let others = tables.iter().enumerate().filter(|(number, other)| {
        *number != from && (other.role, other.status) == (table.role, table.status) && is_other(other)
    });
    let mut found: Vec<usize> = others.map(|(number, _)| number).chain([at]).collect();
    found.sort_unstable();
    found
}

/// Whether what stands before a word in a label is one word of its own.
fn is_case(text: &str) -> bool {
    let text = text.trim_end_matches(' ');
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c))
}

/// The tables that links in a row lead to. A link to another page leads to the table of this page with the same anchor, or
/// with the label that the link shows: pages copy their tables from one another.
pub(crate) fn linked(tables: &[Located<'_>], from: usize, row: &Row) -> Vec<usize> {
    let Some(origin) = tables.get(from) else { return Vec::new() };
    let links = origin.cells(row).flat_map(|cell| &cell.links);
    links.filter_map(|link| target(tables, link)).filter(|at| *at != from).collect()
}

fn target(tables: &[Located<'_>], link: &Link) -> Option<usize> {
    let (_, target) = link.target.split_once('#')?;
    let by_anchor = tables.iter().position(|table| table.table.anchors.iter().any(|anchor| anchor == target));
    by_anchor.or_else(|| {
        let text = caption(&link.text)?.text;
        tables.iter().position(|table| !text.is_empty() && table.label == text)
    })
}

/// The table whose label has `word`: of those of the same section and status the next one.
fn named(tables: &[Located<'_>], from: usize, word: &str, itself: bool) -> Option<usize> {
    let origin = tables.get(from)?;
    let found = tables
        .iter()
        .enumerate()
        .filter(|(at, table)| (itself || *at != from) && is_about(&table.label, word));
    let rank = |(at, table): &(usize, &Located<'_>)| {
        (table.role != origin.role, table.status != origin.status, *at < from, *at)
    };
    found.min_by_key(rank).map(|(at, _)| at)
}

/// The table that a cell names by number without a link: `参见表3`.
fn numbered(tables: &[Located<'_>], from: usize, row: &Row) -> Option<usize> {
    let origin = tables.get(from)?;
    let has_links = origin.cells(row).any(|cell| cell.links.iter().any(|link| link.target.starts_with('#')));
    if has_links {
        return None;
    }
    let number = origin.cells(row).find_map(|cell| {
        let (_, rest) = cell.text.split_once('表')?;
        let rest = rest.trim_start();
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        rest.get(..end)?.parse::<u32>().ok()
    })?;
    let found = tables.iter().position(|table| {
        table.role == origin.role
            && table.table.caption.as_ref().is_some_and(|caption| caption.number == number)
    });
    found.filter(|at| *at != from)
}

/// The table of the same section whose label is the name of a field in another spelling: `AIUnit` for `ai_unit`.
fn spelled(tables: &[Located<'_>], from: usize, name: &str) -> Option<usize> {
    let letters = |text: &str| text.replace(['_', '-', ' '], "").to_lowercase();
    let wanted = letters(name);
    let role = tables.get(from)?.role;
    let is_it = |label: &str| {
        let words = label.trim_end_matches(|c: char| !c.is_ascii());
        !words.is_empty() && letters(words) == wanted
    };
    let mut all = tables.iter().enumerate();
    all.find(|(at, table)| *at != from && table.role == role && is_it(&table.label)).map(|(at, _)| at)
}

/// Whether `word` stands in a label as a word of its own.
fn is_about(label: &str, word: &str) -> bool {
    label
        .split(|c: char| !(c.is_ascii_alphanumeric() || "_-:.".contains(c)))
        .any(|part| part == word || part.trim_matches(['.', ':', '-']) == word)
}

fn singular(name: &str) -> Option<&str> {
    name.strip_suffix('s').filter(|name| name.len() > 2)
}

#[cfg(test)]
mod tests {
    use super::{announced_status, is_about, is_case};

    #[test]
    fn labels_are_about_whole_words() {
        assert!(
            is_about("os:scheduler_hints参数", "os:scheduler_hints") && is_about("•volume参数说明", "volume")
        );
        assert!(!is_about("volumes参数说明", "volume"));
    }

    #[test]
    fn a_case_is_one_word() {
        assert!(is_case("real-time ") && is_case("edge"));
        assert!(!is_case("") && !is_case("服务级别") && !is_case("a b "));
    }

    #[test]
    fn statuses_are_announced() {
        assert_eq!(announced_status("状态码： 404"), Some(404));
        assert_eq!(announced_status("状态码说明"), None);
    }
}
