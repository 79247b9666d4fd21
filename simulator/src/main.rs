//! The simulator alone: starts one and says how to use it.

use std::{
    io::{self, Write as _},
    process::ExitCode,
    time::Duration,
};

use clap::{Arg, Command, value_parser};
use modelarts_simulator::{Settings, Simulator, credentials, seed};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let source = error.source().map(|source| format!(": {source}")).unwrap_or_default();
            eprintln!("modelarts-simulator: {error}{source}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    let settings = settings();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let simulator = Simulator::start_with(settings).await?;
        let mut output = io::stdout().lock();
        output.write_all(introduction(&simulator.endpoint()).as_bytes())?;
        output.flush()?;
        drop(output);
        simulator.run_until_stopped().await;
        Ok(())
    })
}

fn settings() -> Settings {
    let defaults = Settings::default();
    let matches = Command::new("modelarts-simulator")
        .about("A stand-in for the ModelArts API on 127.0.0.1, with real state and real signature checks")
        .version(env!("CARGO_PKG_VERSION"))
        .arg(
            Arg::new("port")
                .long("port")
                .value_name("PORT")
                .help("The port to listen on; 0 lets the system choose")
                .value_parser(value_parser!(u16))
                .default_value("0"),
        )
        .arg(
            Arg::new("polls-until-gone")
                .long("polls-until-gone")
                .value_name("COUNT")
                .help("How often what is deleted is still found after that [default: 3]")
                .value_parser(value_parser!(u32)),
        )
        .arg(
            Arg::new("stage")
                .long("stage")
                .value_name("SECONDS")
                .help("How long what is created stays in each status on its way [default: 2]")
                .value_parser(value_parser!(u32)),
        )
        .get_matches();
    Settings {
        port: matches.get_one("port").copied().unwrap_or(defaults.port),
        polls_until_gone: matches.get_one("polls-until-gone").copied().unwrap_or(defaults.polls_until_gone),
        stage: matches
            .get_one::<u32>("stage")
            .map_or(defaults.stage, |seconds| Duration::from_secs(u64::from(*seconds))),
        ..defaults
    }
}

/// Lines to paste into a shell: what is not an `export` is a comment.
fn introduction(endpoint: &str) -> String {
    let mut text = format!(
        "# A ModelArts simulator listens on {endpoint}; Ctrl-C stops it. All credentials are fake.\n\
         export MODELARTS_ENDPOINT={endpoint}\n\
         export HUAWEICLOUD_SDK_AK={}\n\
         export HUAWEICLOUD_SDK_SK={}\n\
         export HUAWEICLOUD_SDK_PROJECT_ID={}\n\
         # Instead of a signature, the header X-Auth-Token: {}\n\
         # Training jobs worth trying:\n",
        credentials::ACCESS_KEY,
        credentials::SECRET_KEY,
        credentials::PROJECT_ID,
        credentials::TOKEN,
    );
    for (job_id, reason) in seed::WORTH_TRYING {
        text.push_str(&format!("#   {job_id:<8} {reason}\n"));
    }
    text.push_str("# And among the rest:\n");
    for (kind, id) in [
        ("configuration", seed::JOB_CONFIG),
        ("model", seed::MODEL),
        ("service", seed::SERVICE),
        ("data set", seed::DATASET),
        ("workspace", seed::OTHER_WORKSPACE),
    ] {
        text.push_str(&format!("#   {id:<36} {kind}\n"));
    }
    text
}
