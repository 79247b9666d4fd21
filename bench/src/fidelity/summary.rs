//! The tables of the report.

use std::collections::BTreeMap;

use super::row::Row;
use crate::report::{percent, table};

/// The documents with an exception, the worst first.
pub(super) fn documents(rows: &[Row]) -> String {
    let mut worst: Vec<&Row> = rows.iter().filter(|row| !row.exceptions.is_empty()).collect();
    worst.sort_by(|a, b| (b.exceptions.len(), &a.document).cmp(&(a.exceptions.len(), &b.document)));
    let rows = worst.into_iter().map(|row| {
        let counts = [row.found, row.valid, row.equal(), row.exceptions.len()].map(|count| count.to_string());
        let share = percent(row.equal(), row.valid);
        [vec![row.document.clone()], counts.to_vec(), vec![share]].concat()
    });
    table(&["document", "examples", "valid", "equal", "exceptions", "share"], &[1, 2, 3, 4, 5], rows)
}

/// The reasons of the exceptions, the most frequent first, with a document that has it.
pub(super) fn reasons(rows: &[Row]) -> String {
    let mut reasons: BTreeMap<&str, (usize, Vec<&str>)> = BTreeMap::new();
    for row in rows {
        for exception in &row.exceptions {
            let (count, documents) = reasons.entry(&exception.reason).or_default();
            *count += 1;
            if !documents.contains(&row.document.as_str()) {
                documents.push(&row.document);
            }
        }
    }
    listed(reasons, ["reason", "exceptions", "documents", "as in"])
}

/// Why examples were not judged.
pub(super) fn left_out(rows: &[Row]) -> String {
    let mut reasons: BTreeMap<&str, (usize, Vec<&str>)> = BTreeMap::new();
    for row in rows {
        for (reason, examples) in &row.left_out {
            let (sum, documents) = reasons.entry(reason).or_default();
            *sum += examples.len();
            documents.push(&row.document);
        }
    }
    listed(reasons, ["not judged", "examples", "documents", "as in"])
}

fn listed(reasons: BTreeMap<&str, (usize, Vec<&str>)>, head: [&str; 4]) -> String {
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by(|(a, (first, _)), (b, (second, _))| (second, a).cmp(&(first, b)));
    let rows = reasons.into_iter().map(|(reason, (count, documents))| {
        let example = documents.first().map(|document| (*document).to_owned()).unwrap_or_default();
        vec![reason.to_owned(), count.to_string(), documents.len().to_string(), example]
    });
    table(&head, &[1, 2], rows)
}

/// The documents with examples whose unions are not told apart.
pub(super) fn unrecognized(rows: &[Row]) -> String {
    let some = rows.iter().filter_map(|row| Some((row, row.unrecognized.first()?)));
    let rows = some
        .map(|(row, first)| vec![row.document.clone(), row.unrecognized.len().to_string(), first.clone()]);
    table(&["document", "no member of a union", "as in"], &[1], rows)
}

/// What it all comes to.
pub(super) fn totals(rows: &[Row]) -> String {
    let sum = |count: fn(&Row) -> usize| rows.iter().map(count).sum::<usize>();
    let (valid, equal) = (sum(|row| row.valid), sum(Row::equal));
    let refused = rows.iter().filter(|row| row.refused.is_some()).count();
    format!(
        "{} documents, {refused} without a client; {} examples: {} not valid against their schemas, {} not judged, \
         {valid} valid. Of those {equal} come back equal: {}.",
        rows.len(),
        sum(|row| row.found),
        sum(|row| row.invalid.len()),
        sum(|row| row.left_out.values().map(Vec::len).sum()),
        percent(equal, valid)
    )
}

/// Whether enough of the valid examples come back equal: 99.5 %.
pub(super) fn holds(rows: &[Row]) -> bool {
    let valid: usize = rows.iter().map(|row| row.valid).sum();
    let equal: usize = rows.iter().map(Row::equal).sum();
    equal * 1000 >= valid * 995
}
