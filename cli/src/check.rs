//! `clientsmith check`: what is wrong with a description.

use std::io::Write;
use std::path::PathBuf;

use clientsmith_generator::diagnostics::Diagnostics;
use clientsmith_generator::{Selection, understand_selected};

use crate::Outcome;
use crate::arguments::Check;
use crate::report::Report;

pub(crate) fn run(arguments: &Check, report: &mut Report<impl Write, impl Write>) -> Outcome {
    let mut diagnostics = Diagnostics::new();
    let selection = Selection::from(&arguments.only);
    let understood = understand_selected(&arguments.spec, &selection, &mut diagnostics);
    report.diagnostics(&diagnostics);
    let Some(understood) = understood else { return Outcome::Failed };
    let files: Vec<PathBuf> = understood.tree.files().map(|file| file.path.clone()).collect();
    report.read(&arguments.spec, &files, understood.api.operations.len(), understood.api.types.len());
    if arguments.report_untyped {
        report.untyped(understood.api.described, understood.api.named_only, &understood.untyped());
    }
    Outcome::Done
}
