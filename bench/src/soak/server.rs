//! The simulator in a process of its own, so that the memory that is measured is the client's alone.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, Command, ExitCode, Stdio};
use std::time::Duration;
use std::{env, thread};

use clap::Parser;
use modelarts_simulator::{FaultPlan, Settings, Simulator};

use crate::measure::ChildError;

/// What the child process is asked for.
#[derive(Debug, Parser)]
pub(crate) struct Options {
    /// What decides which requests are let down
    #[arg(long)]
    seed: u64,
    /// The share of requests that are let down
    #[arg(long)]
    rate: f64,
}

/// How long a status or a slow answer lasts, which is what the soak's time goes into.
const SLOW: Duration = Duration::from_millis(100);

/// What the child process does: it listens until its standard input ends, which it does when the parent process ends.
pub(crate) fn run(options: &Options) -> ExitCode {
    let plan = FaultPlan::mixed(options.seed, options.rate).slow(SLOW).stall(super::STALL);
    let settings = Settings { faults: Some(plan), stage: SLOW, polls_until_gone: 1, ..Settings::default() };
    let Ok(runtime) = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()
    else {
        return ExitCode::from(2);
    };
    runtime.block_on(async {
        let simulator = match Simulator::start_with(settings).await {
            Ok(simulator) => simulator,
            Err(error) => {
                eprintln!("error: {error}");
                return ExitCode::from(2);
            }
        };
        println!("{}", simulator.endpoint());
        if io::stdout().flush().is_err() {
            return ExitCode::from(2);
        }
        let (ended, end) = tokio::sync::oneshot::channel();
        thread::spawn(move || {
            let _ = io::stdin().read_to_end(&mut Vec::new());
            let _ = ended.send(());
        });
        let _ = end.await;
        ExitCode::SUCCESS
    })
}

/// A running simulator. It ends when it is dropped.
pub(super) struct Server {
    child: Child,
    input: Option<ChildStdin>,
    pub(super) endpoint: String,
}

impl Server {
    pub(super) fn start(seed: u64, rate: f64) -> Result<Self, ChildError> {
        let failed = |error| ChildError::new("bench soak-server", error);
        let mut command = Command::new(env::current_exe().map_err(failed)?);
        command.arg("soak-server").arg("--seed").arg(seed.to_string()).arg("--rate").arg(rate.to_string());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().map_err(failed)?;
        let input = child.stdin.take();
        let mut endpoint = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output).read_line(&mut endpoint).map_err(failed)?;
        }
        Ok(Self { child, input, endpoint: endpoint.trim().to_owned() })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.input = None;
        let _ = self.child.wait();
    }
}
