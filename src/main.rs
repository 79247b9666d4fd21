//! The `modelarts` command: Huawei Cloud ModelArts from a shell.
//!
//! Its subcommands, one per operation of the API, are rendered at build time from the description that the client is
//! generated from. Written by hand is what is Huawei Cloud's own: where credentials, project and region come from, and the
//! simulator.

mod arguments;
mod connect;
#[cfg(feature = "simulate")]
mod simulate;

/// The subcommands, as the build script has rendered them.
mod commands {
    include!(concat!(env!("OUT_DIR"), "/commands.rs"));
}

use std::process::ExitCode;

use clientsmith_runtime::command::clap::ArgMatches;
use clientsmith_runtime::command::{self, Failure, Output};

fn main() -> ExitCode {
    let matches = match command::matches(arguments::arguments()) {
        Ok(matches) => matches,
        Err(exit_code) => return exit_code,
    };
    command::execute(run(&matches))
}

async fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let output = Output::from_matches(matches);
    #[cfg(feature = "simulate")]
    if command::is_set(matches, arguments::SIMULATE) {
        return simulate::run(matches, output).await;
    }
    commands::run(&connect::client(matches)?, matches, &output).await
}
