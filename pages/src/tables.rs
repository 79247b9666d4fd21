//! The tables of fields of a page, each with the section that it stands in, and the search for the table of an object.

use crate::columns::{self, Columns};
use crate::fields::name;
use crate::read::{Cell, Content, Page, Row, Table};
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

/// The number of the table that explains the field `name` of a row of table `from`; by a link, or by the name of the
/// field or its type in a caption. A table of the same section goes before one of another, which the name of the field
/// alone does not lead to: what a request and an answer call alike often differs.
pub(crate) fn explaining(
    tables: &[Located<'_>],
    from: usize,
    row: &Row,
    name: &str,
    type_name: Option<&str>,
) -> Option<usize> {
    let origin = tables.get(from)?;
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
    link.copied()
        .or(by_name.filter(is_near))
        .or_else(|| singular(name).and_then(|word| named(tables, from, word, false)).filter(is_near))
        .or_else(|| linked.first().copied())
        .or(by_type)
        .or_else(|| numbered(tables, from, row))
}

/// The tables that links in a row lead to.
pub(crate) fn linked(tables: &[Located<'_>], from: usize, row: &Row) -> Vec<usize> {
    let Some(origin) = tables.get(from) else { return Vec::new() };
    let targets =
        origin.cells(row).flat_map(|cell| &cell.links).filter_map(|link| link.target.strip_prefix('#'));
    targets
        .filter_map(|target| {
            tables.iter().position(|table| table.table.anchors.iter().any(|anchor| anchor == target))
        })
        .filter(|at| *at != from)
        .collect()
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
    use super::{announced_status, is_about};

    #[test]
    fn labels_are_about_whole_words() {
        assert!(
            is_about("os:scheduler_hints参数", "os:scheduler_hints") && is_about("•volume参数说明", "volume")
        );
        assert!(!is_about("volumes参数说明", "volume"));
    }

    #[test]
    fn statuses_are_announced() {
        assert_eq!(announced_status("状态码： 404"), Some(404));
        assert_eq!(announced_status("状态码说明"), None);
    }
}
