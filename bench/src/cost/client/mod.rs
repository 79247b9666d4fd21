//! A client process: it makes small calls in one of two ways, and says what they cost it.

mod generated;
mod written;

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use clap::{Args, ValueEnum};
use rustix::time::{ClockId, clock_gettime};
use serde::{Deserialize, Serialize};
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;

use self::generated::Generated;
use self::written::Written;

/// What both clients are given.
const PROJECT: &str = "0123456789abcdef0123456789abcdef";
const TOKEN: &str =
    "MIIEaQYJKoZIhvcNAQcCoIIEWjCCBFYCAQExDTALBglghkgBZQMEAgEwggKnBgkqhkiG9w0BBwGgggKYBIIClHsidG9rZW4i";
const TIMEOUT: Duration = Duration::from_secs(60);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Makes calls and says what they cost.
#[derive(Clone, Debug, Args)]
pub(crate) struct Options {
    /// Who makes the calls
    #[arg(long)]
    pub(crate) side: Side,

    /// Which call it is
    #[arg(long)]
    pub(crate) call: CallKind,

    /// How many tasks make calls at the same time
    #[arg(long)]
    pub(crate) tasks: u32,

    /// How many calls are made in a turn
    #[arg(long)]
    pub(crate) calls: u32,

    /// How many threads the tasks run on
    #[arg(long)]
    pub(crate) threads: usize,

    /// Where the server listens
    #[arg(long)]
    pub(crate) address: SocketAddr,
}

/// Who makes the calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Side {
    /// reqwest and serde, by hand.
    Written,
    /// The generated client.
    Generated,
}

/// Which call it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CallKind {
    /// A page of training jobs.
    Get,
    /// A new workspace.
    Post,
}

/// What the calls cost.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Spent {
    /// Of the processors, of the user and of the system, per call.
    pub(crate) microseconds: f64,
    /// Per call, where they were counted.
    pub(crate) allocations: Option<f64>,
    /// Bytes allocated per call, where allocations were counted.
    pub(crate) allocated: Option<f64>,
}

/// A client that can make the calls.
trait Calls: Clone + Send + 'static {
    /// Lists training jobs, and hands back how many there are.
    fn get(&self) -> impl Future<Output = Result<usize, String>> + Send;

    /// Creates a workspace, and hands back how many users it is granted to.
    fn post(&self) -> impl Future<Output = Result<usize, String>> + Send;
}

/// Makes the calls once for each line of the standard input, and prints each time what they cost as a line of JSON.
pub(crate) fn run(options: &Options) -> Result<(), String> {
    match options.side {
        Side::Written => measure(options, &Written::new(options.address)?),
        Side::Generated => measure(options, &Generated::new(options.address)?),
    }
}

fn measure(options: &Options, client: &impl Calls) -> Result<(), String> {
    let runtime = match options.threads {
        0 | 1 => Builder::new_current_thread().enable_all().build(),
        threads => Builder::new_multi_thread().worker_threads(threads).enable_all().build(),
    };
    let runtime = runtime.map_err(|error| error.to_string())?;
    let calls = options.calls.max(options.tasks);
    // Connections are made, and memory is had from the system, before anything is measured.
    if options.calls > 1 {
        all(&runtime, options, client, options.tasks.saturating_mul(20).max(200))?;
    }
    let per_call = |whole: f64| whole / f64::from(calls);
    // A line of the input gives the word, so that two processes can take turns.
    for turn in io::stdin().lines() {
        turn.map_err(|error| error.to_string())?;
        let before = processor_time();
        let mut outcome = Ok(());
        let counted = count(|| outcome = all(&runtime, options, client, calls));
        let spent = processor_time().saturating_sub(before);
        outcome?;
        let spent = Spent {
            microseconds: per_call(spent.as_secs_f64() * 1e6),
            allocations: counted.map(|(allocations, _)| per_call(allocations)),
            allocated: counted.map(|(_, bytes)| per_call(bytes)),
        };
        println!("{}", serde_json::to_string(&spent).map_err(|error| error.to_string())?);
    }
    Ok(())
}

/// How many allocations there are, and of how many bytes, on this thread.
#[cfg(feature = "count-allocations")]
fn count(run: impl FnOnce()) -> Option<(f64, f64)> {
    let counted = allocation_counter::measure(run);
    Some((counted.count_total as f64, counted.bytes_total as f64))
}

#[cfg(not(feature = "count-allocations"))]
fn count(run: impl FnOnce()) -> Option<(f64, f64)> {
    run();
    None
}

/// Makes that many calls, shared out among the tasks.
fn all(runtime: &Runtime, options: &Options, client: &impl Calls, calls: u32) -> Result<(), String> {
    runtime.block_on(async {
        let mut tasks = JoinSet::new();
        for task in 0..options.tasks {
            let share = calls / options.tasks + u32::from(task < calls % options.tasks);
            let (client, call) = (client.clone(), options.call);
            tasks.spawn(async move {
                for _ in 0..share {
                    let (count, expected) = match call {
                        CallKind::Get => (client.get().await?, 5),
                        CallKind::Post => (client.post().await?, 3),
                    };
                    if count != expected {
                        return Err(format!("{count} came, where {expected} were expected"));
                    }
                }
                Ok(())
            });
        }
        while let Some(ended) = tasks.join_next().await {
            ended.map_err(|error| error.to_string())??;
        }
        Ok(())
    })
}

/// The time that the processors have spent on this process, for the user and for the system.
fn processor_time() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ProcessCPUTime)).unwrap_or_default()
}
