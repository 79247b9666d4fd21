//! `clientsmith drift`: what changed in meaning between two sets of API pages.

use std::io::Write;

use clientsmith_generator::diagnostics::Diagnostics;
use clientsmith_pages::drift::{Drift, drift};

use crate::Outcome;
use crate::arguments::{self, OutputFormat};
use crate::files::read_pages;
use crate::report::{Report, count};

pub(crate) fn run(arguments: &arguments::Drift, report: &mut Report<impl Write, impl Write>) -> Outcome {
    let mut diagnostics = Diagnostics::new();
    let old = read_pages(&arguments.old, &mut diagnostics);
    let new = read_pages(&arguments.new, &mut diagnostics);
    report.diagnostics(&diagnostics);
    let (Some(old), Some(new)) = (old, new) else { return Outcome::Failed };
    let drift = drift(&old, &new);
    match arguments.format {
        OutputFormat::Text => text(&drift, report),
        OutputFormat::Json => report.line(format_args!("{:#}", serde_json::json!(drift))),
    }
    let is_clean = drift.changes.is_empty() || !arguments.exit_code;
    if is_clean && !diagnostics.has_errors() { Outcome::Done } else { Outcome::Failed }
}

fn text(drift: &Drift, report: &mut Report<impl Write, impl Write>) {
    let mut last = "";
    for change in &drift.changes {
        if change.endpoint != last {
            report.line(format_args!("{} ({})", change.endpoint, change.page));
            last = &change.endpoint;
        }
        let line = match (change.old_line, change.new_line) {
            (_, Some(line)) => format!("line {line}"),
            (Some(line), None) => format!("line {line} of old"),
            (None, None) => String::new(),
        };
        report.line(format_args!("  {change}  [{line}]"));
    }
    report.line(format_args!(
        "{} before, {} now: {}, {} reworded only",
        count(drift.old_pages, "page"),
        drift.new_pages,
        count(drift.changes.len(), "change"),
        drift.reworded
    ));
}
