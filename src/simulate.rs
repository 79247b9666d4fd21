//! `--simulate`: a subcommand against a simulator that lives as long as the command.

use std::time::Duration;

use clientsmith_runtime::command::clap::ArgMatches;
use clientsmith_runtime::command::{self, Failure, Output};
use huaweicloud_modelarts::Client;
use huaweicloud_modelarts::auth::AkSk;
use modelarts_simulator::{Simulator, credentials};

use crate::arguments::{ENDPOINT, PROJECT_ID, REGION, SIMULATE};
use crate::commands;

/// The time between two polls: a deletion takes some polls, and nobody wants to watch that at the pace of a cloud.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// Starts a simulator and carries out the subcommand. The environment is not asked for anything.
pub(crate) async fn run(matches: &ArgMatches, output: Output) -> Result<(), Failure> {
    for option in [ENDPOINT, REGION, PROJECT_ID] {
        if command::optional::<String>(matches, option).is_some() {
            return Err(Failure::usage(format!(
                "--{option} says nothing to a simulator: leave it or --{SIMULATE} out"
            )));
        }
    }
    let simulator = Simulator::start().await.map_err(|error| Failure::Call(error.to_string()))?;
    let keys = AkSk::new(credentials::ACCESS_KEY, credentials::SECRET_KEY)?;
    let mut builder = Client::builder()
        .endpoint(simulator.endpoint())
        .project_id(credentials::PROJECT_ID)
        .credentials(keys);
    if let Some(timeout) = command::optional(matches, "timeout") {
        builder = builder.timeout(timeout);
    }
    commands::run(&builder.build()?, matches, &output.poll_interval(POLL_INTERVAL)).await
}
