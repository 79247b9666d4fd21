//! `bench fidelity`: what is valid as the description says comes back from the generated types as it went in.

mod compare;
mod examples;
mod harness;
mod judge;
mod row;
mod summary;
mod validity;

use std::path::{Path, PathBuf};

use clap::Args;
use clientsmith_generator::diagnostics::Diagnostics;
use clientsmith_generator::ir::Type;
use clientsmith_generator::lower::{self, SchemaTypes};
use clientsmith_generator::model::{self, Document};
use clientsmith_generator::{Understood, name, source};
use serde_json::Value;

use self::harness::{Harness, Ran};
use self::judge::{Judge, Judged};
use self::row::Row;
use crate::list::Selection;
use crate::package::{Location, target_folder};
use crate::{Failure, Verdict, report};

/// Decodes each example that is valid against its own schema into the generated type, encodes it, and compares.
///
/// The exit status is 1 when less than 99.5 % of the valid examples come back equal.
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    selection: Selection,

    #[command(flatten)]
    location: Location,

    /// Work on every Nth document only
    #[arg(long, value_name = "N", default_value_t = 1)]
    every: usize,

    /// The folder for the programs [default: bench/fidelity in the target folder]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Write the rows to this file, after each document
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    /// Also count the valid examples with a part that is none of the members of its union, and is kept as it came; takes
    /// the compiler longer
    #[arg(long)]
    unrecognized: bool,

    /// Keep the rows of the file of --json, and work on the other documents
    #[arg(long, requires = "json")]
    resume: bool,
}

/// Runs the measurement.
pub(crate) fn run(options: &Options) -> Result<Verdict, Failure> {
    let documents = options.selection.documents()?;
    let folder = options.location.documents()?;
    let out = options.out.clone().unwrap_or_else(|| target_folder().join("fidelity"));
    let harness = Harness::prepare(&out, crate::corpus::root().as_path())?;
    let mut known: Vec<Row> = match options.json.as_ref().filter(|file| options.resume && file.exists()) {
        Some(file) => report::read_json(file)?,
        None => Vec::new(),
    };
    let mut rows: Vec<Row> = Vec::new();
    for document in documents.iter().step_by(options.every.max(1)) {
        let row = match known.iter().position(|row| row.document == *document) {
            Some(index) => known.swap_remove(index),
            None => {
                let row = one(document, &folder.join(document), &harness, options.unrecognized)?;
                eprintln!("{}", progress(&row));
                row
            }
        };
        rows.push(row);
        if let Some(file) = &options.json {
            report::write_json(file, &rows)?;
        }
    }
    let tables = [summary::documents(&rows), summary::reasons(&rows), summary::left_out(&rows)];
    if options.unrecognized {
        println!("{}\n", summary::unrecognized(&rows));
    }
    println!("{}\n\n{}", tables.join("\n\n"), summary::totals(&rows));
    Ok(if summary::holds(&rows) { Verdict::Holds } else { Verdict::FallsShort })
}

/// A client with the document that it is made of.
struct Client {
    document: Document,
    types: SchemaTypes,
    understood: Understood,
}

/// Works on one document.
fn one(document: &str, spec: &Path, harness: &Harness, look: bool) -> Result<Row, Failure> {
    let mut row = Row { document: document.to_owned(), ..Row::default() };
    let client = match client(spec) {
        Ok(client) => client,
        Err(reason) => {
            row.refused = Some(reason);
            return Ok(row);
        }
    };
    let found = examples::find(&client.document);
    row.found = found.len();
    if found.is_empty() {
        return Ok(row);
    }
    let json: Value = report::read_json(spec)?;
    let mut judge = Judge::new(&client, json);
    let mut cases = Vec::new();
    for found in &found {
        match judge.judge(found) {
            Judged::Case(case) => cases.push(case),
            Judged::Invalid => row.invalid.push(found.label.clone()),
            Judged::LeftOut(reason) => {
                row.left_out.entry(reason).or_default().push(found.label.clone());
            }
        }
    }
    row.valid = cases.len();
    if cases.is_empty() {
        return Ok(row);
    }
    let inputs: Vec<(Type, &str)> =
        cases.iter().map(|case| (case.ty.clone(), case.found.json.as_str())).collect();
    match harness.run(&client.understood, &inputs, look)? {
        Ran::Ended(results, cost) => {
            row.cpu_seconds = cost.cpu_seconds;
            for (case, result) in cases.iter().zip(results) {
                if result.is_unrecognized {
                    row.unrecognized.push(case.found.label.clone());
                }
                row.exceptions.extend(judge.exception(case, result.written));
            }
        }
        Ran::Failed(error) => {
            let failed = |case| judge.exception(case, Err(format!("the program: {error}")));
            row.exceptions.extend(cases.iter().filter_map(failed));
        }
    }
    Ok(row)
}

/// Runs the stages of the generator up to names, and keeps the document.
fn client(spec: &Path) -> Result<Client, String> {
    let mut diagnostics = Diagnostics::new();
    let understood = (|| {
        let tree = source::load(spec, source::Limits::default(), &mut diagnostics)?;
        let document = model::parse(&tree, &mut diagnostics).filter(|_| !diagnostics.has_errors())?;
        let (api, types) = lower::lower_with_types(&document, &mut diagnostics);
        let names = name::name(&api, &mut diagnostics);
        Some(Client { document, types, understood: Understood { tree, api, names } })
    })();
    let error = diagnostics
        .sorted()
        .into_iter()
        .find(|finding| finding.code.severity() == clientsmith_generator::diagnostics::Severity::Error);
    match (understood, error) {
        (_, Some(error)) => Err(format!("{} {}", error.code.as_str(), error.message)),
        (Some(client), None) => Ok(client),
        (None, None) => Err("the document cannot be read".to_owned()),
    }
}

fn progress(row: &Row) -> String {
    match &row.refused {
        Some(reason) => format!("{}: no client: {reason}", row.document),
        None => format!(
            "{}: {} of {} examples are valid, {} come back equal, {:.1} s",
            row.document,
            row.valid,
            row.found,
            row.equal(),
            row.cpu_seconds
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn each_example_is_found_once_and_judged() {
        let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/api/fidelity.json");
        let client = client(&spec).unwrap();
        let mut judge = Judge::new(&client, report::read_json(&spec).unwrap());
        let found = examples::find(&client.document);
        let lines = found.iter().map(|found| {
            let verdict = match judge.judge(found) {
                Judged::Case(_) => "valid".to_owned(),
                Judged::Invalid => "not valid".to_owned(),
                Judged::LeftOut(reason) => format!("not judged: {reason}"),
            };
            format!("{}: {verdict}", found.label)
        });
        insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"));
    }
}
