//! JSON as tables for people.
//!
//! The properties of an object stand below each other, those of objects inside it with both names (`nfs.id`). A list of
//! objects gets a row per object, or a block per object where the columns do not fit.

mod rows;

use comfy_table::{ContentArrangement, Table, presets};

use super::document::{Document, Labels};

/// How tables are laid out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    /// The columns of the terminal; `None` when there is no limit.
    pub(super) width: Option<usize>,
    /// The names of numbers.
    pub(super) labels: Labels,
}

/// The value as tables, with a line end after each line.
pub(super) fn render(document: &Document, layout: Layout) -> String {
    let mut blocks = Vec::new();
    match document {
        Document::Scalar(_) => blocks.extend(document.cell("", layout.labels)),
        Document::Array(items) => list(items, layout, &mut blocks),
        Document::Object(entries) => object(entries, layout, &mut blocks),
    }
    let mut text = blocks.join("\n\n");
    text.push('\n');
    text
}

fn object(entries: &[(String, Document)], layout: Layout, blocks: &mut Vec<String>) {
    if entries.is_empty() {
        blocks.push("(empty)".to_owned());
        return;
    }
    let mut rows = Vec::new();
    let mut lists = Vec::new();
    flatten("", entries, layout, &mut rows, &mut lists);
    if !rows.is_empty() {
        let mut table = new_table(layout);
        table.add_rows(rows);
        blocks.push(shown(&mut table));
    }
    for (name, items) in lists {
        let mut below = Vec::new();
        list(items, layout, &mut below);
        blocks.push(format!("{name}:\n{}", below.join("\n\n")));
    }
}

/// Sorts the properties of an object, those of objects inside it included, into rows and lists of objects.
fn flatten<'a>(
    prefix: &str,
    entries: &'a [(String, Document)],
    layout: Layout,
    rows: &mut Vec<[String; 2]>,
    lists: &mut Vec<(String, &'a [Document])>,
) {
    for (key, value) in entries {
        let name = super::document::on_one_line(&format!("{prefix}{key}"));
        match value {
            Document::Scalar(_) => rows.extend(value.cell(key, layout.labels).map(|cell| [name, cell])),
            Document::Object(inner) if inner.is_empty() => rows.push([name, "(empty)".to_owned()]),
            Document::Object(inner) => flatten(&format!("{name}."), inner, layout, rows, lists),
            Document::Array(items) if items.iter().any(|item| matches!(item, Document::Object(_))) => {
                lists.push((name, items));
            }
            Document::Array(items) => rows.push([name, scalars(items, key, layout)]),
        }
    }
}

/// A list without objects, on one line.
fn scalars(items: &[Document], key: &str, layout: Layout) -> String {
    if items.is_empty() {
        return "(none)".to_owned();
    }
    let cells = items.iter().map(|item| item.cell(key, layout.labels).unwrap_or_else(|| "[…]".to_owned()));
    cells.collect::<Vec<_>>().join(", ")
}

fn list(items: &[Document], layout: Layout, blocks: &mut Vec<String>) {
    let objects: Vec<&[(String, Document)]> = items
        .iter()
        .filter_map(|item| match item {
            Document::Object(entries) => Some(entries.as_slice()),
            _ => None,
        })
        .collect();
    if items.is_empty() {
        blocks.push("(none)".to_owned());
        return;
    }
    if objects.len() < items.len() {
        blocks.push(items.iter().map(|item| one_line(item, layout)).collect::<Vec<_>>().join("\n"));
        return;
    }
    match rows::render(&objects, layout) {
        Some(table) => blocks.push(table),
        None => objects.into_iter().for_each(|entries| object(entries, layout, blocks)),
    }
}

fn one_line(item: &Document, layout: Layout) -> String {
    one_line_cell(item, "", layout)
}

fn one_line_cell(value: &Document, property: &str, layout: Layout) -> String {
    match value {
        Document::Array(items) => format!("[{} items]", items.len()),
        Document::Object(entries) => format!("{{{} properties}}", entries.len()),
        Document::Scalar(_) => value.cell(property, layout.labels).unwrap_or_default(),
    }
}

fn new_table(layout: Layout) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    match layout.width.map(u16::try_from) {
        Some(Ok(width)) => {
            table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
        }
        _ => {
            table.set_content_arrangement(ContentArrangement::Disabled);
        }
    }
    table
}

/// The blanks between two columns.
const GAP: u16 = 2;

/// The lines of a table; the first column begins at the margin.
fn shown(table: &mut Table) -> String {
    for column in table.column_iter_mut() {
        column.set_padding((0, GAP));
    }
    table.trim_fmt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(json: &str, width: Option<usize>) -> String {
        let labels = Labels(&[("status", &[(11, "failed", ""), (8, "running", "")])]);
        render(&serde_json::from_str(json).unwrap(), Layout { width, labels })
    }

    const LIST: &str = r#"{"total":2,"ok":true,"limits":{"free":1,"tags":["a","b"],"none":[]},"jobs":[
        {"job_id":1,"name":"one","status":11,"labels":{"a":1}},
        {"job_id":22,"status":8,"name":"two\nlines","note":null}]}"#;

    #[test]
    fn an_object_is_two_columns_and_a_list_is_rows() {
        insta::assert_snapshot!(shown(LIST, None), @r"
        total        2
        ok           true
        limits.free  1
        limits.tags  a, b
        limits.none  (none)

        jobs:
        job_id  name       status       note
        1       one        failed (11)
        22      two lines  running (8)  null
        ");
    }

    #[test]
    fn what_does_not_fit_becomes_blocks() {
        insta::assert_snapshot!(shown(LIST, Some(25)), @r"
        total        2
        ok           true
        limits.free  1
        limits.tags  a, b
        limits.none  (none)

        jobs:
        job_id    1
        name      one
        status    failed (11)
        labels.a  1

        job_id  22
        status  running (8)
        name    two lines
        note    null
        ");
    }

    #[test]
    fn odd_values_are_shown_too() {
        assert_eq!(shown("[]", None), "(none)\n");
        assert_eq!(shown("{}", None), "(empty)\n");
        assert_eq!(shown("3", None), "3\n");
        assert_eq!(shown(r#"["a",{"b":1},[2]]"#, None), "a\n{1 properties}\n[1 items]\n");
        assert_eq!(shown(r#"[{},{"a":[]}]"#, None), "(empty)\n\na  (none)\n");
    }
}
