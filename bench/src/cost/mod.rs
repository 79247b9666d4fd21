//! `bench cost`: what a generated client costs those who use it, against what they would have without it.

mod build;
mod calls;
mod client;
mod server;
mod statistics;

use std::io;

use clap::{Args, Subcommand};

use crate::{Failure, Verdict};

/// Measures what a generated client costs, against what is written by hand.
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Calls(calls::Options),
    Build(build::Options),
    /// Answers calls on loopback until the standard input ends: what `calls` starts
    #[command(hide = true)]
    Serve,
    /// Makes calls and says what they cost: what `calls` starts
    #[command(hide = true)]
    Client(client::Options),
}

/// Why the costs of calls could not be measured.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CostError {
    #[error("the server on loopback cannot be used: {0}")]
    Server(io::Error),
    #[error("a client failed: {0}")]
    Client(String),
    #[error(
        "the two clients do not send the same:\n--- written by hand\n{by_hand}\n--- generated\n{generated}"
    )]
    Different { by_hand: String, generated: String },
    #[error("cannot work in `{}`: {source}", path.display())]
    Folder { path: std::path::PathBuf, source: io::Error },
    #[error("cargo failed: {0}")]
    Cargo(String),
}

/// Runs the measurement, or the part of it that is a process of its own.
pub(crate) fn run(options: &Options) -> Result<Verdict, Failure> {
    match &options.what {
        What::Calls(options) => calls::run(options),
        What::Build(options) => build::run(options),
        What::Serve => {
            server::run().map_err(|error| CostError::Server(error).into()).map(|()| Verdict::Holds)
        }
        What::Client(options) => {
            client::run(options).map_err(|reason| CostError::Client(reason).into()).map(|()| Verdict::Holds)
        }
    }
}
