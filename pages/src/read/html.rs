//! The HTML of a page: tables with their cells, and the names that links lead to.

use std::cell::RefCell;
use std::collections::BTreeMap;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use super::page::{Cell, Link, Row};

/// No real table has a cell over more rows or columns.
const WIDEST_SPAN: usize = 64;

/// The header and the rows of a table whose text starts on `first_line`.
pub(super) fn table(text: &str, first_line: u32) -> (Vec<Cell>, Vec<Row>) {
    let sink = run(text, first_line);
    let mut rows = spread(sink.rows);
    let has_header = rows.first().is_some_and(|(is_header, _)| *is_header);
    let header = if has_header { rows.remove(0).1.cells } else { Vec::new() };
    (header, rows.into_iter().map(|(_, row)| row).collect())
}

/// The names by which links lead to a place in `text`.
pub(super) fn anchors(text: &str) -> Vec<String> {
    run(text, 1).anchors
}

fn run(text: &str, first_line: u32) -> Builder {
    let sink = Sink(RefCell::new(Builder { first_line, ..Builder::default() }));
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(only_whole_entities(text)));
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.0.into_inner()
}

/// HTML knows old entities without a semicolon, so that `&currency` would begin with a sign; on the pages they are text.
fn only_whole_entities(text: &str) -> String {
    let mut parts = text.split('&');
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let length = part.find(|c: char| !c.is_ascii_alphanumeric() && c != '#').unwrap_or(part.len());
        let is_entity = length > 0 && part.get(length..).is_some_and(|rest| rest.starts_with(';'));
        result.push_str(if is_entity { "&" } else { "&amp;" });
        result.push_str(part);
    }
    result
}

struct Sink(RefCell<Builder>);

#[derive(Default)]
struct Builder {
    first_line: u32,
    rows: Vec<RawRow>,
    anchors: Vec<String>,
    depth: usize,
    in_header: bool,
    item: Option<String>,
    link: Option<Link>,
    preformatted: usize,
}

#[derive(Default)]
struct RawRow {
    is_header: bool,
    line: u32,
    cells: Vec<RawCell>,
}

struct RawCell {
    cell: Cell,
    rows: usize,
    columns: usize,
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<()> {
        let mut builder = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) => builder.tag(&tag, line),
            Token::CharacterTokens(text) => builder.text(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl Builder {
    fn tag(&mut self, tag: &Tag, line: u64) {
        let line = self.first_line.saturating_add(u32::try_from(line).unwrap_or(u32::MAX).saturating_sub(1));
        let is_start = tag.kind == TagKind::StartTag;
        let name: &str = &tag.name;
        match (name, is_start) {
            ("table", true) => self.depth += 1,
            ("table", false) => self.depth = self.depth.saturating_sub(1),
            ("thead", _) if self.depth <= 1 => self.in_header = is_start,
            ("tr", true) if self.depth <= 1 => {
                self.rows.push(RawRow { is_header: self.in_header, line, cells: Vec::new() });
            }
            ("td" | "th", true) if self.depth <= 1 => self.cell(tag, name == "th", line),
            ("a", true) => {
                self.anchors.extend(attribute(tag, "name").or_else(|| attribute(tag, "id")));
                if let Some(target) = attribute(tag, "href") {
                    self.link = Some(Link { target, text: String::new() });
                }
            }
            ("a", false) => {
                if let (Some(link), Some(cell)) = (self.link.take(), self.current()) {
                    cell.links.push(link);
                }
            }
            ("li", true) => {
                self.end_item();
                self.break_line();
                self.item = Some(String::new());
            }
            ("li" | "ul" | "ol", _) => {
                self.end_item();
                self.break_line();
            }
            ("pre", _) => {
                self.preformatted =
                    if is_start { self.preformatted + 1 } else { self.preformatted.saturating_sub(1) };
                self.break_line();
            }
            ("p" | "br" | "div" | "td" | "th" | "tr", _) => self.break_line(),
            _ => {}
        }
    }

    fn cell(&mut self, tag: &Tag, is_header: bool, line: u32) {
        self.end_item();
        let span = |name| {
            attribute(tag, name).and_then(|text| text.trim().parse().ok()).unwrap_or(1).clamp(1, WIDEST_SPAN)
        };
        let cell = RawCell {
            cell: Cell { line, ..Cell::default() },
            rows: span("rowspan"),
            columns: span("colspan"),
        };
        if self.rows.is_empty() {
            self.rows.push(RawRow { line, ..RawRow::default() });
        }
        let is_first_row = self.rows.len() == 1;
        if let Some(row) = self.rows.last_mut() {
            row.is_header |= is_header && is_first_row;
            row.cells.push(cell);
        }
    }

    fn text(&mut self, text: &str) {
        let text: String = if self.preformatted > 0 {
            text.to_owned()
        } else {
            text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect()
        };
        if let Some(link) = &mut self.link {
            link.text.push_str(&text);
        }
        if let Some(item) = &mut self.item {
            item.push_str(&text);
        }
        if let Some(cell) = self.current() {
            cell.text.push_str(&text);
        }
    }

    fn break_line(&mut self) {
        if let Some(cell) = self.current()
            && !cell.text.is_empty()
            && !cell.text.ends_with('\n')
        {
            cell.text.push('\n');
        }
    }

    fn end_item(&mut self) {
        let item = self.item.take().map(|item| item.trim().to_owned()).filter(|item| !item.is_empty());
        if let (Some(item), Some(cell)) = (item, self.current()) {
            cell.items.push(item);
        }
    }

    fn current(&mut self) -> Option<&mut Cell> {
        Some(&mut self.rows.last_mut()?.cells.last_mut()?.cell)
    }
}

/// Puts cells over several rows and columns into each of them, and tidies their text.
fn spread(raw: Vec<RawRow>) -> Vec<(bool, Row)> {
    let mut hanging: BTreeMap<usize, (usize, Cell)> = BTreeMap::new();
    let mut rows = Vec::new();
    for RawRow { is_header, line, cells } in raw {
        let mut row = Row { line, cells: Vec::new() };
        for RawCell { cell, rows, columns } in cells {
            take_hanging(&mut hanging, &mut row);
            let cell = tidy(cell);
            for _ in 0..columns {
                if rows > 1 {
                    hanging.insert(row.cells.len(), (rows - 1, cell.clone()));
                }
                row.cells.push(cell.clone());
            }
        }
        take_hanging(&mut hanging, &mut row);
        if !row.cells.is_empty() {
            rows.push((is_header, row));
        }
    }
    rows
}

fn take_hanging(hanging: &mut BTreeMap<usize, (usize, Cell)>, row: &mut Row) {
    while let Some((left, cell)) = hanging.remove(&row.cells.len()) {
        if left > 1 {
            hanging.insert(row.cells.len(), (left - 1, cell.clone()));
        }
        row.cells.push(cell);
    }
}

fn tidy(cell: Cell) -> Cell {
    let lines = cell.text.lines().map(str::trim).filter(|line| !line.is_empty());
    Cell { text: lines.collect::<Vec<_>>().join("\n"), ..cell }
}

fn attribute(tag: &Tag, name: &str) -> Option<String> {
    let found = tag.attrs.iter().find(|attribute| &*attribute.name.local == name)?;
    Some(found.value.to_string())
}

#[cfg(test)]
mod tests {
    use super::{anchors, table};

    #[test]
    fn cells_have_text_items_links_and_lines() {
        let text = "<table><thead><tr><th><p>参数</p></th><th>描述</th></tr></thead>\n<tbody><tr><td><p><a name=\"p1\"></a>nics</p>\n</td>\n<td><p>See <a href=\"#t3\">表3</a>.</p><ul><li>a：1</li><li>b</li></ul></td></tr></tbody></table>";
        let (header, rows) = table(text, 10);
        assert_eq!(header.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>(), ["参数", "描述"]);
        let cells = &rows[0].cells;
        assert_eq!((rows[0].line, cells[1].line), (11, 13));
        assert_eq!((cells[0].text.as_str(), cells[1].text.as_str()), ("nics", "See 表3.\na：1\nb"));
        assert_eq!(cells[1].items, ["a：1", "b"]);
        assert_eq!(cells[1].links[0].target, "#t3");
    }

    #[test]
    fn cells_over_several_rows_and_columns_are_in_each() {
        let text = "<table><tr><th>a</th><th>b</th></tr><tr><td rowspan=2>1</td><td>2</td></tr><tr><td>3</td></tr><tr><td colspan=2>4</td></tr></table>";
        let (_, rows) = table(text, 1);
        let texts: Vec<Vec<&str>> =
            rows.iter().map(|row| row.cells.iter().map(|cell| cell.text.as_str()).collect()).collect();
        assert_eq!(texts, [["1", "2"], ["1", "3"], ["4", "4"]]);
    }

    #[test]
    fn entities_need_their_semicolon() {
        let (_, rows) = table("<table><tr><td>&lt;b&gt; a&currency&lt &#60;</td></tr></table>", 1);
        assert_eq!(rows[0].cells[0].text, "<b> a&currency&lt <");
    }

    #[test]
    fn broken_html_does_no_harm() {
        for text in ["<table", "<table><td>a<tr", "</td></table>", "<table><tr><td rowspan=9999999999>"] {
            let _ = table(text, u32::MAX);
        }
        assert_eq!(anchors("<a name=\"x\"></a><a name='y'>"), ["x", "y"]);
    }
}
