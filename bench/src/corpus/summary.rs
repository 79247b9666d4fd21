//! The tables of a run over the corpus.

use std::collections::BTreeMap;

use super::row::{Row, Status};
use crate::report::{percent, table};

/// The share of the documents of OpenAPI 3.0 that have to become a crate, in percent.
const MIN_GENERATED: usize = 99;

/// How many in a thousand of the uses of schemas that say something of their values may be free JSON.
const MAX_UNTYPED: usize = 5;

/// One line per document.
pub(crate) fn rows(rows: &[Row]) -> String {
    let head = [
        "document",
        "status",
        "operations",
        "types",
        "lines",
        "untyped",
        "errors",
        "warnings",
        "notes",
        "gen s",
        "gen MiB",
        "check",
        "check s",
        "check MiB",
        "clippy",
        "doc",
    ];
    let numbers: Vec<usize> = (2..11).chain([12, 13]).collect();
    table(&head, &numbers, rows.iter().map(cells))
}

fn cells(row: &Row) -> Vec<String> {
    let verdict = |checked: &Option<super::check::Checked>| match checked {
        None => "-".to_owned(),
        Some(checked) if checked.errors > 0 => format!("{} errors", checked.errors),
        Some(checked) if checked.warnings > 0 => format!("{} warnings", checked.warnings),
        Some(_) => "clean".to_owned(),
    };
    let status = match &row.status {
        Status::Generated => "generated".to_owned(),
        Status::Refused => "refused".to_owned(),
        Status::OtherVersion => format!("refused ({})", row.version),
        Status::Crashed(_) => "crashed".to_owned(),
        Status::GivenUp => "too long".to_owned(),
    };
    let operations = match row.is_generated() && !row.is_complete() {
        true => format!("{} of {}", row.generated.operations, row.operations),
        false => row.operations.to_string(),
    };
    let [errors, warnings, notes] = row.generated.severities;
    let check = row.check.as_ref().map(|check| check.cost);
    vec![
        row.document.clone(),
        status,
        operations,
        row.generated.types.to_string(),
        row.generated.lines.to_string(),
        row.generated.untyped.to_string(),
        errors.to_string(),
        warnings.to_string(),
        notes.to_string(),
        format!("{:.2}", row.generation.cpu_seconds),
        row.generation.peak_mebibytes().to_string(),
        verdict(&row.check),
        check.map_or_else(|| "-".to_owned(), |cost| format!("{:.2}", cost.cpu_seconds)),
        check.map_or_else(|| "-".to_owned(), |cost| cost.peak_mebibytes().to_string()),
        verdict(&row.clippy),
        verdict(&row.doc),
    ]
}

/// What the list comes to.
pub(crate) fn totals(rows: &[Row]) -> String {
    let count = |test: &dyn Fn(&Row) -> bool| rows.iter().filter(|row| test(row)).count();
    let ours = count(&|row| row.status != Status::OtherVersion);
    let generated = count(&Row::is_generated);
    let share = |part: usize, whole: usize| vec![format!("{part} of {whole}"), percent(part, whole)];
    let plain = |text: String| vec![text, String::new()];
    let mut lines: Vec<(&str, Vec<String>)> = vec![
        ("documents", plain(rows.len().to_string())),
        ("refused for their version", plain((rows.len() - ours).to_string())),
        ("generated", share(generated, ours)),
        ("with every operation", share(count(&|row| row.is_generated() && row.is_complete()), generated)),
    ];
    type Said = fn(&Row) -> &Option<super::check::Checked>;
    let tools: [(&str, &str, Said); 3] = [
        ("compile", "compile without a warning", |row| &row.check),
        ("pass clippy", "pass clippy without a warning", |row| &row.clippy),
        ("have docs", "have docs without a warning", |row| &row.doc),
    ];
    for (passes, is_clean, checked) in tools {
        let asked = count(&|row| checked(row).is_some());
        if asked > 0 {
            let passing = count(&|row| checked(row).as_ref().is_some_and(|checked| checked.errors == 0));
            let clean = count(&|row| {
                checked(row).as_ref().is_some_and(|checked| checked.errors + checked.warnings == 0)
            });
            lines.push((passes, share(passing, asked)));
            lines.push((is_clean, share(clean, asked)));
        }
    }
    let generation: f64 = rows.iter().map(|row| row.generation.cpu_seconds).sum();
    let check: f64 = rows.iter().filter_map(|row| Some(row.check.as_ref()?.cost.cpu_seconds)).sum();
    let slowest = rows.iter().max_by(|a, b| a.generation.cpu_seconds.total_cmp(&b.generation.cpu_seconds));
    let largest = rows.iter().max_by_key(|row| row.generation.peak_bytes);
    let slowest = slowest.map(|row| (format!("{:.1} s", row.generation.cpu_seconds), row.document.clone()));
    let largest =
        largest.map(|row| (format!("{} MiB", row.generation.peak_mebibytes()), row.document.clone()));
    let operations: usize = rows.iter().map(|row| row.generated.operations).sum();
    let types: usize = rows.iter().map(|row| row.generated.types).sum();
    let generated_lines: usize = rows.iter().map(|row| row.generated.lines).sum();
    lines.push(("operations", plain(operations.to_string())));
    lines.push(("types", plain(types.to_string())));
    lines.push(("lines", plain(generated_lines.to_string())));
    let (described, untyped) = untyped(rows);
    lines.push(("free JSON though described", share(untyped, described)));
    lines.push(("seconds of generation", plain(format!("{generation:.1}"))));
    lines.push(("seconds of check", plain(format!("{check:.1}"))));
    lines.extend(slowest.map(|(cost, document)| ("slowest generation", vec![cost, document])));
    lines.extend(largest.map(|(cost, document)| ("largest generation", vec![cost, document])));
    table(
        &["", "", ""],
        &[1],
        lines.into_iter().map(|(name, values)| [vec![name.to_owned()], values].concat()),
    )
}

/// How many uses of schemas say something of their values, and how many of these are free JSON.
fn untyped(rows: &[Row]) -> (usize, usize) {
    let counted = rows.iter().map(|row| (row.generated.described, row.generated.untyped));
    counted.fold((0, 0), |sum, row| (sum.0 + row.0, sum.1 + row.1))
}

/// How often each code was reported, and in how many documents.
pub(crate) fn codes(rows: &[Row]) -> String {
    let mut codes: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (code, count) in rows.iter().flat_map(|row| &row.generated.codes) {
        let (findings, documents) = codes.entry(code).or_default();
        *findings += count;
        *documents += 1;
    }
    let lines = codes.into_iter().map(|(code, (findings, documents))| {
        vec![code.to_owned(), findings.to_string(), documents.to_string()]
    });
    table(&["code", "findings", "documents"], &[1, 2], lines)
}

/// What falls short, a line each: of the documents, and of the list as a whole.
pub(crate) fn shortfalls(rows: &[Row]) -> Vec<String> {
    let mut found: Vec<String> = rows
        .iter()
        .flat_map(|row| {
            row.shortfalls().into_iter().map(|shortfall| format!("{}: {shortfall}", row.document))
        })
        .collect();
    let ours = rows.iter().filter(|row| row.status != Status::OtherVersion).count();
    let generated = rows.iter().filter(|row| row.is_generated()).count();
    if generated * 100 < ours * MIN_GENERATED {
        found.push(format!(
            "{generated} of {ours} documents became a crate, where {MIN_GENERATED} % are expected"
        ));
    }
    let (described, untyped) = untyped(rows);
    if untyped * 1000 > described * MAX_UNTYPED {
        found.push(format!("{untyped} of {described} schemas are free JSON, where 0.5 % may be"));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::row::tests::good;
    use super::*;

    fn sample() -> Vec<Row> {
        let mut refused = good("b.com/b.json");
        refused.status = Status::OtherVersion;
        refused.version = "3.1.0".to_owned();
        refused.check = None;
        let mut short = good("c.json");
        short.operations = 5;
        (short.generated.described, short.generated.untyped) = (400, 1);
        short.generated.codes = [("CS0301".to_owned(), 2)].into();
        vec![good("a.json"), refused, short]
    }

    #[test]
    fn tables_show_all_documents_and_what_they_come_to() {
        insta::assert_snapshot!(format!(
            "{}\n{}\n\n{}",
            rows(&sample()),
            totals(&sample()),
            codes(&sample())
        ));
    }

    #[test]
    fn the_list_falls_short_when_less_than_its_share_is_generated() {
        let mut rows = sample();
        assert_eq!(shortfalls(&rows), ["c.json: 3 of 5 operations"]);
        if let Some(row) = rows.first_mut() {
            row.status = Status::Refused;
            row.generated.errors = vec!["CS0208 wrong".to_owned()];
        }
        assert_eq!(
            shortfalls(&rows).last().map(String::as_str),
            Some("1 of 2 documents became a crate, where 99 % are expected")
        );
    }

    #[test]
    fn the_list_falls_short_when_much_of_it_is_free_json() {
        let mut rows = vec![good("a.json"), good("b.json")];
        for row in &mut rows {
            (row.generated.described, row.generated.untyped) = (1000, 5);
        }
        assert!(shortfalls(&rows).is_empty());
        if let Some(row) = rows.first_mut() {
            row.generated.untyped = 6;
        }
        assert_eq!(shortfalls(&rows), ["11 of 2000 schemas are free JSON, where 0.5 % may be"]);
    }
}
