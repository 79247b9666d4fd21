//! The simulator alone: starts one and says how to use it.

use std::{
    io::{self, Write as _},
    process::ExitCode,
    time::Duration,
};

use clap::{Arg, ArgAction, Command, value_parser};
use modelarts_simulator::{FaultKind, FaultPlan, Settings, Simulator, credentials, seed};

/// The share of requests that are let down where `--faults` has a seed alone.
const USUAL_RATE: f64 = 0.1;

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
        .arg(
            Arg::new("faults")
                .long("faults")
                .value_name("SEED[:RATE]")
                .help("Let this share of the requests down, in all ways alike [default rate: 0.1]")
                .value_parser(mixed),
        )
        .arg(
            Arg::new("fault")
                .long("fault")
                .value_name("NAME=RATE")
                .help("Let this share of the requests down in one way; can be given several times")
                .long_help(format!(
                    "Let this share of the requests down in one way; can be given several times. \
                     The seed is that of --faults, or 1. NAME is one of: {}",
                    FaultKind::ALL.map(FaultKind::name).join(", ")
                ))
                .action(ArgAction::Append)
                .value_parser(single),
        )
        .get_matches();
    let mixed = matches.get_one::<FaultPlan>("faults").cloned();
    let single = matches.get_many::<(FaultKind, f64)>("fault").into_iter().flatten();
    let faults = single
        .fold(mixed, |plan, (kind, rate)| Some(plan.unwrap_or_else(|| FaultPlan::new(1)).rate(*kind, *rate)));
    Settings {
        faults,
        port: matches.get_one("port").copied().unwrap_or(defaults.port),
        polls_until_gone: matches.get_one("polls-until-gone").copied().unwrap_or(defaults.polls_until_gone),
        stage: matches
            .get_one::<u32>("stage")
            .map_or(defaults.stage, |seconds| Duration::from_secs(u64::from(*seconds))),
        ..defaults
    }
}

/// Reads `SEED[:RATE]`.
fn mixed(text: &str) -> Result<FaultPlan, String> {
    let (seed, share) = match text.split_once(':') {
        Some((seed, share)) => (seed, rate(share)?),
        None => (text, USUAL_RATE),
    };
    let seed = seed.parse().map_err(|_| format!("the seed is not a whole number: {seed}"))?;
    Ok(FaultPlan::mixed(seed, share))
}

/// Reads `NAME=RATE`.
fn single(text: &str) -> Result<(FaultKind, f64), String> {
    let (name, share) =
        text.split_once('=').ok_or("a name, `=` and a rate are expected, as in `reset=0.05`")?;
    let kind = FaultKind::named(name).ok_or_else(|| {
        format!("no fault is called {name}; there are {}", FaultKind::ALL.map(FaultKind::name).join(", "))
    })?;
    Ok((kind, rate(share)?))
}

fn rate(text: &str) -> Result<f64, String> {
    let rate = text.parse().ok().filter(|rate| (0.0..=1.0).contains(rate));
    rate.ok_or_else(|| format!("the rate is not a number from 0 to 1: {text}"))
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
