//! One document becomes a crate, in a process of its own: a panic, memory and time are this document's alone.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;
use std::{env, fs, process, thread};

use clap::Args;
use clientsmith_generator::Generator;
use clientsmith_generator::diagnostics::{Diagnostics, Severity};
use serde::{Deserialize, Serialize};

use crate::Failure;
use crate::measure::{self, ChildError, Cost};
use crate::report;

/// After how many seconds by the clock a generation is given up.
const DEADLINE: u64 = 180;

/// The exit status of a generation that was given up.
const GIVEN_UP: i32 = 75;

/// What the process is told.
#[derive(Debug, Args)]
pub(crate) struct Options {
    spec: PathBuf,
    #[arg(long)]
    out: PathBuf,
    #[arg(long)]
    runtime: PathBuf,
    #[arg(long)]
    result: PathBuf,
}

/// What the generator said and wrote.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Generated {
    /// Whether there is a crate.
    pub(crate) written: bool,
    /// How many operations the client has.
    pub(crate) operations: usize,
    /// How many types with a name it has.
    pub(crate) types: usize,
    /// How many lines its Rust files have.
    pub(crate) lines: usize,
    /// How many uses of schemas say something of their values.
    #[serde(default)]
    pub(crate) described: usize,
    /// How many of these are free JSON.
    #[serde(default)]
    pub(crate) untyped: usize,
    /// How many findings there are of each severity: errors, warnings, notes.
    pub(crate) severities: [usize; 3],
    /// How many findings there are of each code.
    pub(crate) codes: BTreeMap<String, usize>,
    /// The messages of the errors, each once, with the code before it.
    pub(crate) errors: Vec<String>,
}

/// How a generation ended.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Attempt {
    /// The generator came to its end.
    Ended(Generated),
    /// The process did not: what its last words were.
    Crashed(String),
    /// It took too long.
    GivenUp,
}

/// What the child process does.
pub(crate) fn run(options: &Options) -> ExitCode {
    thread::spawn(|| {
        thread::sleep(Duration::from_secs(DEADLINE));
        process::exit(GIVEN_UP);
    });
    let generation = Generator::new(&options.spec).runtime(&options.runtime).generate(&options.out);
    let mut generated = said(&generation.diagnostics);
    if let Some(outcome) = generation.outcome {
        generated.written = true;
        generated.operations = outcome.operations;
        generated.types = outcome.types;
        generated.described = outcome.described;
        generated.untyped = outcome.untyped.len();
        generated.lines = lines_of(&options.out);
    }
    match report::write_json(&options.result, &generated) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Generates the crate of `spec` into `out`, in a child process. Its report is written beside that folder.
pub(crate) fn attempt(spec: &Path, out: &Path, runtime: &Path) -> Result<(Attempt, Cost), Failure> {
    let result = out.with_extension("result.json");
    let binary = env::current_exe().map_err(|error| ChildError::new("bench", error))?;
    let mut command = Command::new(binary);
    command.arg("generate").arg(spec).arg("--out").arg(out).arg("--runtime").arg(runtime);
    command.arg("--result").arg(&result);
    let ended = measure::run(&mut command)?;
    let attempt = match ended.status.code() {
        Some(0) => {
            let generated = report::read_json(&result)?;
            // What is left is of use to nobody, and no harm.
            let _ = fs::remove_file(&result);
            Attempt::Ended(generated)
        }
        Some(GIVEN_UP) => Attempt::GivenUp,
        _ => Attempt::Crashed(format!("{}: {}", ended.status, last_words(&ended.error_text()))),
    };
    Ok((attempt, ended.cost))
}

fn said(diagnostics: &Diagnostics) -> Generated {
    let mut generated = Generated::default();
    for finding in diagnostics.sorted() {
        let severity = finding.code.severity();
        let [errors, warnings, notes] = &mut generated.severities;
        *match severity {
            Severity::Error => errors,
            Severity::Warning => warnings,
            Severity::Note => notes,
        } += 1;
        *generated.codes.entry(finding.code.as_str().to_owned()).or_default() += 1;
        if severity == Severity::Error {
            let error = format!("{} {}", finding.code.as_str(), finding.message);
            if !generated.errors.contains(&error) {
                generated.errors.push(error);
            }
        }
    }
    generated
}

/// How many lines the Rust files in a folder have.
fn lines_of(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| entry.path())
        .map(|path| match path.extension().and_then(|extension| extension.to_str()) {
            _ if path.is_dir() => lines_of(&path),
            Some("rs") => fs::read_to_string(&path).map_or(0, |text| text.lines().count()),
            _ => 0,
        })
        .sum()
}

/// The end of what a process wrote, in one line.
fn last_words(text: &str) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let from = lines.len().saturating_sub(3);
    lines.get(from..).unwrap_or_default().join(" / ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_is_counted_by_severity_and_code() {
        let mut diagnostics = Diagnostics::new();
        let description = "openapi: 3.0.4\ninfo: {title: T, version: '1', x-b: 1, c: 1}\npaths: {a: {}}\n";
        let tree =
            clientsmith_generator::source::Tree::from_text("a.yaml", description, &mut diagnostics).unwrap();
        clientsmith_generator::model::parse(&tree, &mut diagnostics);
        let said = said(&diagnostics);
        assert_eq!(said.severities, [1, 1, 0]);
        assert_eq!(said.codes, BTreeMap::from([("CS0204".to_owned(), 1), ("CS0208".to_owned(), 1)]));
        assert_eq!(said.errors, ["CS0208 the path `a` does not begin with `/`"]);
    }

    #[test]
    fn last_words_are_one_line() {
        assert_eq!(last_words("a\n\nb\nc\nd\n"), "b / c / d");
        assert_eq!(last_words(""), "");
    }
}
