//! `bench differential`: what the client of progenitor and ours send for the same calls.

mod compare;
mod expansion;
mod explain;
mod peer;
mod plan;
mod sources;
mod values;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use clap::Args;
use clientsmith_generator::diagnostics::Diagnostics;
use clientsmith_generator::{Generator, understand};
use serde::Serialize;
use serde_json::{Value, json};

use crate::list::{Selection, slug};
use crate::measure;
use crate::package::{Location, target_folder};
use crate::report::{self, FileError};
use crate::{Failure, Verdict};
use compare::{Difference, Pair, Unmade};
use plan::PlannedOperation;
use sources::{Left, Paired};

/// The path of the server that both clients are pointed at.
const BASE: &str = "/base";

/// The versions that all calls are compiled with.
const LOCKFILE: &str = include_str!("driver/Cargo.lock");

/// Calls progenitor's client and ours with the same arguments, and compares what a server on loopback gets.
///
/// The exit status is 1 when a difference is explained by no clause of a specification, or when a document of the list cannot
/// be compared.
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    selection: Selection,

    #[command(flatten)]
    location: Location,

    /// The folder for the clients [default: bench/differential in the target folder]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Write the rows to this file, after each document
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// What came of one document.
#[derive(Clone, Debug, Default, Serialize)]
struct Row {
    document: String,
    /// Why nothing of it can be compared.
    unusable: Option<String>,
    /// The operations of which at least one call was compared.
    operations: usize,
    /// The operations that are not compared, by reason.
    left: BTreeMap<Left, usize>,
    /// The calls that both clients made.
    calls: usize,
    /// The calls without a difference.
    same: usize,
    /// The calls whose differences all have a rule.
    explained: usize,
    /// The differences by the rule that explains them.
    rules: BTreeMap<&'static str, usize>,
    /// The calls that progenitor's client cannot make.
    peer_cannot: usize,
    /// What it says of those, each once.
    peer_says: Vec<String>,
    /// What is explained by nothing.
    unexplained: Vec<Unexplained>,
}

/// A difference that no rule explains.
#[derive(Clone, Debug, Serialize)]
struct Unexplained {
    operation: String,
    arguments: Value,
    difference: Option<Difference>,
    /// Why our client made no call.
    unmade: Option<String>,
}

/// Runs the measurement.
pub(crate) fn run(options: &Options) -> Result<Verdict, Failure> {
    let documents = options.selection.documents()?;
    let folder = options.location.documents()?;
    let out = options.out.clone().unwrap_or_else(|| target_folder().join("differential"));
    let mut rows: Vec<Row> = Vec::new();
    for document in documents {
        let row = one(&document, &folder, &out)?;
        eprintln!("{}", cells(&row).join("  "));
        rows.push(row);
        if let Some(file) = &options.json {
            report::write_json(file, &rows)?;
        }
    }
    println!("{}", shown(&rows));
    let holds = rows.iter().all(|row| row.unusable.is_none() && row.unexplained.is_empty());
    Ok(if holds { Verdict::Holds } else { Verdict::FallsShort })
}

/// Compares the calls of one document.
fn one(document: &str, folder: &Path, out: &Path) -> Result<Row, Failure> {
    let mut row = Row { document: document.to_owned(), ..Row::default() };
    let spec = folder.join(document);
    let description: Value = report::read_json(&spec)?;
    let peer = match peer::generate(&description) {
        Ok(peer) => peer,
        Err(error) => return Ok(Row { unusable: Some(format!("progenitor: {error}")), ..row }),
    };
    let mut diagnostics = Diagnostics::new();
    let Some(understood) = understand(&spec, &mut diagnostics) else {
        return Ok(Row { unusable: Some("clientsmith refuses it".to_owned()), ..row });
    };
    let planned = plan::operations(&description, document);
    let mut operations: Vec<Paired<'_>> = Vec::new();
    for (index, planned) in planned.iter().enumerate() {
        match sources::paired(planned, peer.methods.get(index), &understood) {
            Ok(paired) => operations.push(paired),
            Err(left) => *row.left.entry(left).or_default() += 1,
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    let package = out.join(slug(document));
    write(&package.join("Cargo.toml"), &sources::manifest(&root.join("runtime")))?;
    write(&package.join("Cargo.lock"), LOCKFILE)?;
    write(&package.join("src/main.rs"), sources::MAIN)?;
    write(&package.join("src/calls.rs"), &sources::calls(&operations, &understood))?;
    write(&package.join("theirs/Cargo.toml"), sources::PEER_MANIFEST)?;
    write(&package.join("theirs/src/lib.rs"), &peer.source)?;
    let planned: Vec<&PlannedOperation> = operations.iter().map(|paired| paired.planned).collect();
    report::write_json(&package.join("plan.json"), &plan_of(&planned))?;
    let generation =
        Generator::new(&spec).name("ours").runtime(root.join("runtime")).generate(package.join("ours"));
    if generation.outcome.is_none() {
        return Ok(Row { unusable: Some("clientsmith writes no crate".to_owned()), ..row });
    }
    let cargo = |arguments: &[&str]| {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.args(arguments).current_dir(&package).env("CARGO_TARGET_DIR", out.join("target"));
        // What progenitor's code is warned about is nobody's concern here.
        command.env("RUSTFLAGS", "--cap-lints=allow");
        measure::run(&mut command)
    };
    let ended = cargo(&["run", "--quiet", "--locked"])?;
    // What the packages of all descriptions depend on stays; these would fill the disk.
    cargo(&["clean", "--quiet", "--package", "driver", "--package", "ours", "--package", "theirs"])?;
    if !ended.status.success() {
        let errors = ended.error_text();
        let error = errors.lines().find(|line| line.starts_with("error")).unwrap_or_default().to_owned();
        return Ok(Row { unusable: Some(format!("the calls do not compile or run: {error}")), ..row });
    }
    compared(&mut row, &planned, &pairs(&ended.output));
    Ok(row)
}

fn write(path: &Path, text: &str) -> Result<(), FileError> {
    let unwritable = |source| FileError::Unwritable { path: path.to_path_buf(), source };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(unwritable)?;
    }
    fs::write(path, text).map_err(unwritable)
}

/// What the calls are made from.
fn plan_of(operations: &[&PlannedOperation]) -> Value {
    let operations = operations.iter().map(|operation| {
        let headers = operation.credentials.iter().filter_map(|placed| match placed.location.as_str() {
            "header" => Some([placed.name.to_ascii_lowercase(), placed.value.clone()]),
            "cookie" => Some(["cookie".to_owned(), format!("{}={}", placed.name, placed.value)]),
            _ => None,
        });
        json!({"headers": headers.collect::<Vec<_>>(), "calls": operation.calls})
    });
    json!({"operations": operations.collect::<Vec<_>>()})
}

/// What the driver printed, a line per call.
fn pairs(output: &[u8]) -> Vec<Pair> {
    output.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect()
}

fn compared(row: &mut Row, operations: &[&PlannedOperation], pairs: &[Pair]) {
    let mut with_calls: Vec<usize> = Vec::new();
    for pair in pairs {
        let Some(operation) = operations.get(pair.operation) else { continue };
        let Some(arguments) = operation.calls.get(pair.call) else { continue };
        let unexplained = |difference: Option<Difference>, unmade: Option<String>| Unexplained {
            operation: operation.id.clone(),
            arguments: json!(arguments),
            difference,
            unmade,
        };
        match (&pair.ours, &pair.theirs) {
            (_, Err(unmade)) => {
                row.peer_cannot += 1;
                let said = format!("{}: {}", operation.id, reason(unmade));
                if !row.peer_says.contains(&said) {
                    row.peer_says.push(said);
                }
            }
            (Err(unmade), Ok(_)) => row.unexplained.push(unexplained(None, Some(reason(unmade)))),
            (Ok(ours), Ok(theirs)) => {
                row.calls += 1;
                with_calls.push(pair.operation);
                let differences = compare::differences(operation, ours, theirs);
                let before = row.unexplained.len();
                for difference in &differences {
                    match explain::explain(operation, arguments, difference) {
                        Some(rule) => *row.rules.entry(rule.key).or_default() += 1,
                        None => row.unexplained.push(unexplained(Some(difference.clone()), None)),
                    }
                }
                row.same += usize::from(differences.is_empty());
                row.explained += usize::from(!differences.is_empty() && row.unexplained.len() == before);
            }
        }
    }
    with_calls.dedup();
    row.operations = with_calls.len();
}

fn reason(unmade: &Unmade) -> String {
    match unmade {
        Unmade::Unreadable(error) => format!("unreadable: {error}"),
        Unmade::Unsent(error) => format!("not sent: {error}"),
    }
}

fn cells(row: &Row) -> Vec<String> {
    let unusable = row.unusable.clone().unwrap_or_default();
    let counts = [
        row.operations,
        row.left.values().sum(),
        row.calls,
        row.same,
        row.explained,
        row.peer_cannot,
        row.unexplained.len(),
    ];
    let document = [row.document.clone()].into_iter();
    document.chain(counts.iter().map(usize::to_string)).chain([unusable]).collect()
}

/// The table of the documents, the rules with how often each was needed, and all that is unexplained.
fn shown(rows: &[Row]) -> String {
    let total = rows.iter().fold(Row { document: "all".to_owned(), ..Row::default() }, |mut total, row| {
        total.operations += row.operations;
        total.calls += row.calls;
        total.same += row.same;
        total.explained += row.explained;
        total.peer_cannot += row.peer_cannot;
        total.unexplained.extend(row.unexplained.iter().cloned());
        for (left, count) in &row.left {
            *total.left.entry(*left).or_default() += count;
        }
        for (rule, count) in &row.rules {
            *total.rules.entry(rule).or_default() += count;
        }
        total
    });
    let head = [
        "document",
        "operations",
        "left out",
        "calls",
        "same",
        "explained",
        "peer cannot",
        "unexplained",
        "",
    ];
    let mut text = report::table(&head, &[1, 2, 3, 4, 5, 6, 7], rows.iter().chain([&total]).map(cells));
    let rules = explain::RULES.iter().filter_map(|rule| {
        let count = total.rules.get(rule.key)?;
        Some(vec![
            rule.key.to_owned(),
            count.to_string(),
            rule.clause.to_owned(),
            format!("progenitor {}", rule.departure),
        ])
    });
    text.push_str(&format!(
        "\n\n{}",
        report::table(&["rule", "differences", "clause", "explains"], &[1], rules)
    ));
    for (left, count) in &total.left {
        text.push_str(&format!("\nleft out {count}: {}", left.reason()));
    }
    for row in rows {
        for said in &row.peer_says {
            text.push_str(&format!("\npeer cannot: {}: {said}", row.document));
        }
        for unexplained in &row.unexplained {
            let shown = serde_json::to_string(unexplained).unwrap_or_default();
            text.push_str(&format!("\nunexplained: {}: {shown}", row.document));
        }
    }
    text
}
