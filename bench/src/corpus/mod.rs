//! `bench corpus`: a crate per document, and what the compiler says of it.

pub(crate) mod check;
pub(crate) mod generate;
mod row;
mod summary;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::{fs, thread};

use clap::Args;

use crate::list::{Selection, sample, slug};
use crate::package::{Location, target_folder};
use crate::{Failure, Verdict, operations, report};
use check::{Lane, Tool};
use row::Row;

/// Generates a crate for each document of a list, and checks it with warnings denied.
///
/// The exit status is 1 when a generation crashes, needs 2 GiB or 30 s, leaves out an operation, when a crate does not
/// compile without a warning, when less than 99 % of the documents of OpenAPI 3.0 become a crate, or when of the schemas that
/// say something of their values more than 0.5 %, or 5 % of one document, are free JSON.
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    selection: Selection,

    #[command(flatten)]
    location: Location,

    /// How many documents are worked on at a time
    #[arg(long, value_name = "N", default_value_t = 1)]
    jobs: usize,

    /// The folder for the crates [default: bench/corpus in the target folder]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Write the rows to this file, after each document
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    /// Keep the rows of the file of --json in which nothing falls short, and work on the other documents of the list
    #[arg(long, requires = "json")]
    resume: bool,

    /// Only generate
    #[arg(long, conflicts_with_all = ["clippy", "doc"])]
    no_check: bool,

    /// Run clippy over N of the crates, spread over the list
    #[arg(long, value_name = "N", default_value_t = 0)]
    clippy: usize,

    /// Run rustdoc over N of the crates, spread over the list
    #[arg(long, value_name = "N", default_value_t = 0)]
    doc: usize,
}

/// What is asked for a document.
#[derive(Clone, Debug)]
struct Task {
    document: String,
    clippy: bool,
    doc: bool,
}

/// Where things are.
struct Places {
    documents: PathBuf,
    out: PathBuf,
    root: PathBuf,
}

/// Runs the measurement.
pub(crate) fn run(options: &Options) -> Result<Verdict, Failure> {
    let documents = options.selection.documents()?;
    let places = Places {
        documents: options.location.documents()?,
        out: options.out.clone().unwrap_or_else(|| target_folder().join("corpus")),
        root: root(),
    };
    let (clippy, doc) = (sample(documents.len(), options.clippy), sample(documents.len(), options.doc));
    let tasks: Vec<Task> = documents
        .into_iter()
        .enumerate()
        .map(|(index, document)| Task {
            document,
            clippy: clippy.contains(&index),
            doc: doc.contains(&index),
        })
        .collect();
    let known = known(options)?;
    let rows = work(options, &places, &tasks, known)?;
    println!("{}\n\n{}\n\n{}", summary::rows(&rows), summary::codes(&rows), summary::totals(&rows));
    for refused in rows.iter().filter(|row| !row.generated.errors.is_empty()) {
        println!("refused {}: {}", refused.document, refused.generated.errors.join("; "));
    }
    let shortfalls = summary::shortfalls(&rows);
    for shortfall in &shortfalls {
        println!("falls short: {shortfall}");
    }
    Ok(if shortfalls.is_empty() { Verdict::Holds } else { Verdict::FallsShort })
}

/// The checkout that this binary was built from.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".")).to_path_buf()
}

/// The rows of an earlier run that need no other.
fn known(options: &Options) -> Result<BTreeMap<String, Row>, Failure> {
    let file = options.json.as_ref().filter(|file| options.resume && file.exists());
    let Some(file) = file else { return Ok(BTreeMap::new()) };
    let rows: Vec<Row> = report::read_json(file)?;
    Ok(rows
        .into_iter()
        .filter(|row| row.shortfalls().is_empty())
        .filter(|row| row.is_generated() && (options.no_check || row.check.is_some()))
        .map(|row| (row.document.clone(), row))
        .collect())
}

/// Works on all documents, and gives their rows in the order of the list.
fn work(
    options: &Options,
    places: &Places,
    tasks: &[Task],
    known: BTreeMap<String, Row>,
) -> Result<Vec<Row>, Failure> {
    let jobs = options.jobs.clamp(1, tasks.len().max(1));
    fs::create_dir_all(&places.out)
        .map_err(|source| report::FileError::Unwritable { path: places.out.clone(), source })?;
    let lanes: Vec<Option<Lane>> = match options.no_check {
        true => (0..jobs).map(|_| None).collect(),
        false => {
            eprintln!("building what the clients depend on");
            Lane::prepare(&places.out, &places.root, jobs)?.into_iter().map(Some).collect()
        }
    };
    let (next, done) = (AtomicUsize::new(0), Mutex::new(known));
    let worker = |lane: Option<Lane>| -> Result<(), Failure> {
        while let Some(task) = tasks.get(next.fetch_add(1, Ordering::Relaxed)) {
            if done.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&task.document) {
                continue;
            }
            let row = one(task, places, lane.as_ref())?;
            eprintln!("{}", progress(&row));
            let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
            done.insert(row.document.clone(), row);
            if let Some(file) = &options.json {
                report::write_json(file, &all_in_order(tasks, &done))?;
            }
        }
        Ok(())
    };
    thread::scope(|scope| {
        let workers: Vec<_> = lanes.into_iter().map(|lane| scope.spawn(|| worker(lane))).collect();
        workers.into_iter().try_for_each(|worker| match worker.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        })
    })?;
    let done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(in_order(tasks, &done).into_iter().cloned().collect())
}

fn in_order<'a>(tasks: &[Task], done: &'a BTreeMap<String, Row>) -> Vec<&'a Row> {
    tasks.iter().filter_map(|task| done.get(&task.document)).collect()
}

/// The rows of the list, then those of an earlier run on others.
fn all_in_order<'a>(tasks: &[Task], done: &'a BTreeMap<String, Row>) -> Vec<&'a Row> {
    let is_asked = |row: &Row| tasks.iter().any(|task| task.document == row.document);
    in_order(tasks, done).into_iter().chain(done.values().filter(|row| !is_asked(row))).collect()
}

/// Works on one document.
fn one(task: &Task, places: &Places, lane: Option<&Lane>) -> Result<Row, Failure> {
    let spec = places.documents.join(&task.document);
    let out = places.out.join(slug(&task.document));
    // What another version of the generator wrote would be checked with it.
    if out.is_dir() {
        fs::remove_dir_all(&out)
            .map_err(|source| report::FileError::Unwritable { path: out.clone(), source })?;
    }
    let facts = operations::facts(&report::read_json(&spec)?);
    let (attempt, cost) = generate::attempt(&spec, &out, &places.root.join("runtime"))?;
    let mut row = Row::new(&task.document, facts, attempt, cost);
    if let Some(lane) = lane.filter(|_| row.is_generated()) {
        row.check = Some(lane.run(Tool::Check, &out)?);
        if task.clippy {
            row.clippy = Some(lane.run(Tool::Clippy, &out)?);
        }
        if task.doc {
            row.doc = Some(lane.run(Tool::Doc, &out)?);
        }
        lane.clean()?;
    }
    Ok(row)
}

fn progress(row: &Row) -> String {
    let shortfalls = row.shortfalls();
    let verdict = match (shortfalls.is_empty(), row.is_generated()) {
        (true, true) => "ok".to_owned(),
        (true, false) => format!("refused: {}", row.generated.errors.join("; ")),
        (false, _) => shortfalls.join("; "),
    };
    format!("{}: {verdict}", row.document)
}
