//! The `clientsmith` command: turns OpenAPI descriptions into Rust client crates, and API pages into descriptions, which it
//! compares with them.
//!
//! Findings and errors go to the standard error, everything else to the standard output. The exit status is 0 when all
//! went well, 1 when the input has errors or differs from its pages or, with `--check`, when files are stale, and 2 when
//! the command line or the configuration is wrong.

mod arguments;
mod check;
mod configuration;
mod drift;
mod files;
mod generate;
mod import;
mod report;
mod verify;

use std::io;
use std::process::ExitCode;

use arguments::{Arguments, Command};
use clap::Parser;
use report::Report;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help that nobody reads any more is no failure.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let mut report = Report::new(io::stdout().lock(), io::stderr().lock());
    match arguments.command {
        Command::Generate(arguments) => generate::run(&arguments, &mut report),
        Command::Check(arguments) => check::run(&arguments, &mut report),
        Command::Import(arguments) => import::run(&arguments, &mut report),
        Command::Verify(arguments) => verify::run(&arguments, &mut report),
        Command::Drift(arguments) => drift::run(&arguments, &mut report),
    }
    .into()
}

/// How a run of the command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    /// All went well.
    Done,
    /// The input has errors, or files are stale.
    Failed,
    /// The command line or the configuration is wrong.
    Misused,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        ExitCode::from(outcome as u8)
    }
}
