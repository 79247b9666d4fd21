//! A list of objects as a table with a row each, where that fits.
//!
//! Columns are as wide as what they hold. Where that is too much, texts are wrapped between words, and the names of
//! columns after underscores; words and numbers stay in one piece, since half a number is a wrong one.

use comfy_table::{ColumnConstraint, Table, Width};

use super::super::document::{Document, on_one_line};
use super::{GAP, Layout, new_table, one_line_cell, shown};

/// A word that is longer, such as a URL, may be broken after that many characters.
const LONGEST_WORD: u16 = 24;

/// The table; `None` when there are no columns, or too many of them for the terminal.
pub(super) fn render(objects: &[&[(String, Document)]], layout: Layout) -> Option<String> {
    let columns = columns(objects);
    if columns.is_empty() {
        return None;
    }
    let names: Vec<String> = columns.iter().copied().map(on_one_line).collect();
    let rows: Vec<Vec<String>> = objects
        .iter()
        .map(|entries| columns.iter().map(|column| cell(entries, column, layout)).collect())
        .collect();
    let mut table = filled(&names, &rows, layout);
    let Some(width) = layout.width else { return Some(shown(&mut table)) };
    if fits(&table.column_max_content_widths(), width) {
        return Some(shown(&mut table));
    }
    let names: Vec<String> =
        names.iter().map(|name| name.replace('_', "_\n").trim_end().to_owned()).collect();
    let words: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().map(|cell| cell.replace(' ', "\n")).collect()).collect();
    let least = filled(&names, &words, layout).column_max_content_widths();
    let least: Vec<u16> = least.into_iter().map(|width| width.min(LONGEST_WORD)).collect();
    if !fits(&least, width) {
        return None;
    }
    let mut table = filled(&names, &rows, layout);
    for (column, least) in table.column_iter_mut().zip(least) {
        let least = Width::Fixed(least.saturating_add(GAP));
        column.set_constraint(ColumnConstraint::LowerBoundary(least));
    }
    Some(shown(&mut table))
}

/// The properties that hold a scalar in one of the objects, in the order of their first appearance.
fn columns<'a>(objects: &[&'a [(String, Document)]]) -> Vec<&'a str> {
    let mut columns: Vec<&str> = Vec::new();
    for (key, value) in objects.iter().copied().flatten() {
        if matches!(value, Document::Scalar(_)) && !columns.contains(&key.as_str()) {
            columns.push(key);
        }
    }
    columns
}

fn cell(entries: &[(String, Document)], column: &str, layout: Layout) -> String {
    let value = entries.iter().find(|(key, _)| key == column).map(|(_, value)| value);
    value.map_or(String::new(), |value| one_line_cell(value, column, layout))
}

fn filled(names: &[String], rows: &[Vec<String>], layout: Layout) -> Table {
    let mut table = new_table(layout);
    table.set_header(names);
    table.add_rows(rows);
    table
}

/// Whether columns of these widths stand side by side, a gap after each.
fn fits(widths: &[u16], width: usize) -> bool {
    widths.iter().map(|width| usize::from(*width) + usize::from(GAP)).sum::<usize>() <= width
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::Labels;

    fn table(width: usize) -> Option<String> {
        let json = r#"[
            {"job_id":20,"create_time":1704846000000,"job_desc":"Vibration of the pumps","version_count":4},
            {"job_id":21,"create_time":1705364460000,"job_desc":"机器翻译","version_count":1}]"#;
        let Document::Array(items) = serde_json::from_str(json).unwrap() else { panic!("an array") };
        let objects: Vec<_> = items
            .iter()
            .filter_map(|item| match item {
                Document::Object(entries) => Some(entries.as_slice()),
                _ => None,
            })
            .collect();
        render(&objects, Layout { width: Some(width), labels: Labels::default() })
    }

    #[test]
    fn columns_are_as_wide_as_what_they_hold() {
        insta::assert_snapshot!(table(80).unwrap(), @r"
        job_id  create_time    job_desc                version_count
        20      1704846000000  Vibration of the pumps  4
        21      1705364460000  机器翻译                1
        ");
    }

    #[test]
    fn numbers_stay_in_one_piece() {
        insta::assert_snapshot!(table(47).unwrap(), @r"
        job_  create_        job_            version_
        id    time           desc            count
        20    1704846000000  Vibration of    4
                             the pumps
        21    1705364460000  机器翻译        1
        ");
        let narrow = table(44).unwrap();
        assert!(narrow.contains("1704846000000"), "{narrow}");
        assert!(narrow.lines().all(|line| line.chars().count() <= 44), "{narrow}");
        assert_eq!(table(30), None);
    }
}
