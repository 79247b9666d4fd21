//! Measurements of clientsmith on real descriptions: one binary, a subcommand per measurement.
//!
//! Results go to the standard output, progress to the standard error. The exit status is 0 when all is as it should be, 1
//! when something falls short, and 2 when the measurement could not be made.

mod corpus;
mod cost;
mod counts;
mod differential;
mod fidelity;
mod list;
mod measure;
mod operations;
mod package;
mod report;
mod soak;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Measures clientsmith on real descriptions.
#[derive(Debug, Parser)]
#[command(name = "bench", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Corpus(corpus::Options),
    Cost(cost::Options),
    Counts(counts::Options),
    Differential(differential::Options),
    Fidelity(fidelity::Options),
    Soak(soak::Options),
    /// The simulator that `soak` calls, in a process of its own
    #[command(hide = true)]
    SoakServer(soak::server::Options),
    /// Generates the crate of one document and says how it went: what `corpus` runs for each, in a process of its own
    #[command(hide = true)]
    Generate(corpus::generate::Options),
}

/// Whether what was measured is what it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// All is as it should be.
    Holds,
    /// Something falls short; the report says what.
    FallsShort,
}

/// Why a measurement could not be made.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Files(#[from] report::FileError),
    #[error(transparent)]
    Package(#[from] package::PackageError),
    #[error(transparent)]
    List(#[from] list::ListError),
    #[error(transparent)]
    Child(#[from] measure::ChildError),
    #[error(transparent)]
    Check(#[from] corpus::check::CheckError),
    #[error(transparent)]
    Soak(#[from] soak::SoakError),
    #[error(transparent)]
    Cost(#[from] cost::CostError),
}

fn main() -> ExitCode {
    let verdict = match Arguments::parse().command {
        Command::Corpus(options) => corpus::run(&options),
        Command::Cost(options) => cost::run(&options),
        Command::Counts(options) => counts::run(&options),
        Command::Differential(options) => differential::run(&options),
        Command::Fidelity(options) => fidelity::run(&options),
        Command::Soak(options) => soak::run(&options),
        Command::SoakServer(options) => return soak::server::run(&options),
        Command::Generate(options) => return corpus::generate::run(&options),
    };
    match verdict {
        Ok(Verdict::Holds) => ExitCode::SUCCESS,
        Ok(Verdict::FallsShort) => ExitCode::FAILURE,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::from(2)
        }
    }
}
