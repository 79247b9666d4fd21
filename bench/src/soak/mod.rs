//! The generated ModelArts client under faults: many calls from many tasks, each of which is accounted for.
//!
//! | module | |
//! | --- | --- |
//! | [`server`] | the simulator in a process of its own |
//! | [`marked`] | a transport that tells the simulator which call a request belongs to |
//! | [`calls`] | what tasks do |
//! | [`mod@account`] | what has to hold of each call, given what was played on it |
//! | [`summary`] | the tables |

mod account;
mod calls;
mod marked;
pub(crate) mod server;
mod summary;

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use std::{fs, panic};

use clap::Parser;
use clientsmith_runtime::http::Request;
use clientsmith_runtime::transport::{ReqwestTransport, Transport as _};
use clientsmith_runtime::{ErrorKind, Limits, RetryPolicy};
use huaweicloud_modelarts::Client;
use huaweicloud_modelarts::auth::{AkSk, Token};
use modelarts_simulator::credentials;

use self::account::{Entry, account};
use self::calls::{Caller, Outcome, Record, name};
use self::marked::{CALL, Marked};
use self::server::Server;
use self::summary::{Measured, print};
use crate::{Failure, Verdict};

/// How long a call may take: as long as its retries with `Retry-After` need.
const TIMEOUT: Duration = Duration::from_secs(5);

/// How long an attempt may take.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(2);

/// How long nothing may come of a body.
const STALL_TIMEOUT: Duration = Duration::from_millis(1500);

/// How long an answer stalls: for longer than any call waits.
const STALL: Duration = Duration::from_secs(8);

/// The pause between the polls of a deletion.
const INTERVAL: Duration = Duration::from_millis(50);

/// How long a task stays away after nobody listened.
const CALM: Duration = Duration::from_millis(100);

/// How often a call is made at most.
const ATTEMPTS: u8 = 3;

/// Makes many calls under mixed faults, and accounts for each
#[derive(Debug, Parser)]
pub(crate) struct Options {
    /// How many calls to make
    #[arg(long, default_value_t = 20_000)]
    calls: usize,
    /// From how many tasks
    #[arg(long, default_value_t = 64)]
    tasks: usize,
    /// What decides which calls are made, and which requests are let down
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The share of requests that are let down
    #[arg(long, default_value_t = 0.12)]
    rate: f64,
    /// Lists each call that is not as it should be
    #[arg(long)]
    list: bool,
}

/// Why the soak could not be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SoakError {
    #[error("the runtime of the tasks cannot be made: {0}")]
    Runtime(#[from] std::io::Error),
    #[error("a client cannot be made: {0}")]
    Client(#[from] clientsmith_runtime::BuildError),
    #[error("the transport cannot be made: {0}")]
    Transport(#[from] clientsmith_runtime::transport::TransportError),
    #[error("the credentials are not accepted: {0}")]
    Credentials(#[from] clientsmith_runtime::huawei::CredentialsError),
    #[error("the simulator does not answer as it should: {0}")]
    Simulator(String),
}

/// What all tasks share.
struct Shared {
    records: Mutex<Vec<Record>>,
    begun: AtomicUsize,
    ended: AtomicUsize,
    /// The resident memory when a quarter of the calls had ended, in bytes.
    memory_at_quarter: AtomicUsize,
    calls: usize,
    seed: u64,
}

pub(crate) fn run(options: &Options) -> Result<Verdict, Failure> {
    let server = Server::start(options.seed, options.rate)?;
    let panics = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&panics);
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        counted.fetch_add(1, Ordering::Relaxed);
        before(panic);
    }));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(SoakError::from)?;
    let outcome = runtime.block_on(soak(options, &server.endpoint));
    let (records, journal, names, mut measured) = outcome?;
    measured.panics = panics.load(Ordering::Relaxed);
    let account = account(&records, &journal, STALL_TIMEOUT);
    measured.inventory = misfits(&records, &journal, &names);
    if options.list {
        for (number, wrong) in &account.wrong {
            let entries = journal.iter().filter(|entry| entry.call == number.to_string());
            let played: Vec<String> = entries.map(|entry| format!("{entry:?}")).collect();
            println!("call {number}: {wrong:?}, {:?}\n  {}", records.get(*number), played.join("\n  "));
        }
    }
    Ok(print(options, &account, &measured))
}

type Outcomes = (Vec<Record>, Vec<Entry>, HashSet<String>, Measured);

async fn soak(options: &Options, endpoint: &str) -> Result<Outcomes, SoakError> {
    let started = Instant::now();
    let transport = Arc::new(ReqwestTransport::direct(TIMEOUT)?);
    let policy = RetryPolicy::standard().attempts(ATTEMPTS.into()).base(Duration::from_millis(50));
    let limits = Limits::new().attempt_timeout(ATTEMPT_TIMEOUT).stall_timeout(STALL_TIMEOUT);
    let builder = || {
        Client::builder()
            .endpoint(endpoint)
            .project_id(credentials::PROJECT_ID)
            .transport(Arc::new(Marked(Arc::clone(&transport))))
            .timeout(TIMEOUT)
            .retry(policy)
            .limits(limits)
    };
    let permanent = AkSk::new(credentials::ACCESS_KEY, credentials::SECRET_KEY)?;
    let temporary = AkSk::new(credentials::TEMPORARY_ACCESS_KEY, credentials::TEMPORARY_SECRET_KEY)?
        .security_token(credentials::SECURITY_TOKEN)?;
    let clients = [
        builder().credentials(permanent).build()?,
        builder().credentials(Token::new(credentials::TOKEN)).build()?,
        builder().credentials(temporary).build()?,
        builder().credentials(Token::new(credentials::TOKEN)).build()?,
    ];
    let shared = Arc::new(Shared {
        records: Mutex::new(vec![Record::UNMADE; options.calls]),
        begun: AtomicUsize::new(0),
        ended: AtomicUsize::new(0),
        memory_at_quarter: AtomicUsize::new(0),
        calls: options.calls,
        seed: options.seed,
    });
    let tasks: Vec<_> = clients
        .iter()
        .cycle()
        .take(options.tasks)
        .map(|client| tokio::spawn(task(Arc::clone(&shared), Caller::new(client.clone()))))
        .collect();
    let mut measured = Measured { tasks: options.tasks, ..Measured::default() };
    for task in tasks {
        measured.tasks_ended += usize::from(task.await.is_ok());
    }
    measured.memory = resident();
    measured.memory_at_quarter =
        Some(shared.memory_at_quarter.load(Ordering::Relaxed)).filter(|bytes| *bytes > 0);
    measured.duration = started.elapsed();

    let names = match clients.first() {
        Some(client) => inventory(client).await?,
        None => HashSet::new(),
    };
    let journal = journal(&transport, endpoint).await?;
    drop((clients, transport));
    // What serves connections ends when the client does, a moment later.
    let metrics = tokio::runtime::Handle::current().metrics();
    for _ in 0..100 {
        measured.tasks_left = metrics.num_alive_tasks();
        if measured.tasks_left == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let records = std::mem::take(&mut *shared.records.lock().unwrap_or_else(PoisonError::into_inner));
    Ok((records, journal, names, measured))
}

/// Makes calls until there are enough.
async fn task(shared: Arc<Shared>, mut caller: Caller) {
    loop {
        let number = shared.begun.fetch_add(1, Ordering::Relaxed);
        if number >= shared.calls {
            return;
        }
        let drawn = mixed(shared.seed ^ mixed(number as u64));
        let call = caller.call(u32::try_from(number).unwrap_or(u32::MAX), drawn);
        let record = CALL.scope(number, call).await;
        if matches!(record.outcome, Outcome::Failure { kind: ErrorKind::Connect, .. }) {
            // As callers do whose service is gone: otherwise one short refusal would take in thousands of calls.
            tokio::time::sleep(CALM).await;
        }
        if let Some(slot) = shared.records.lock().unwrap_or_else(PoisonError::into_inner).get_mut(number) {
            *slot = record;
        }
        let ended = shared.ended.fetch_add(1, Ordering::Relaxed) + 1;
        if ended == shared.calls / 4 {
            shared.memory_at_quarter.store(resident().unwrap_or_default(), Ordering::Relaxed);
        }
        if ended.is_multiple_of(2_000) {
            eprintln!("{ended} calls");
        }
    }
}

/// The names of all that is there, asked without faults.
async fn inventory(client: &Client) -> Result<HashSet<String>, SoakError> {
    let failed = |error: huaweicloud_modelarts::Error| SoakError::Simulator(error.to_string());
    let mut names = HashSet::new();
    let mut workspaces = client.workspaces().list().items();
    while let Some(workspace) = workspaces.try_next().await.map_err(failed)? {
        names.insert(format!("workspace {}", workspace.name.unwrap_or_default()));
    }
    let mut configs = client.training_job_configs().list().per_page(1_000).items();
    while let Some(config) = configs.try_next().await.map_err(failed)? {
        names.insert(format!("config {}", config.config_name));
    }
    Ok(names)
}

/// How many workspaces and configurations are there that should not be, or the other way round.
fn misfits(records: &[Record], journal: &[Entry], names: &HashSet<String>) -> usize {
    let has_effect = |method: &str| {
        let entries = journal.iter().filter(|entry| entry.had_effect && entry.method == method);
        entries.filter_map(|entry| entry.call.parse().ok()).collect::<HashSet<usize>>()
    };
    let (created, deleted) = (has_effect("POST"), has_effect("DELETE"));
    let gone: HashSet<u32> = (records.iter().enumerate())
        .filter(|(number, record)| record.target.is_some() && deleted.contains(number))
        .filter_map(|(_, record)| record.target)
        .collect();
    let misfit = |(number, record): &(usize, &Record)| {
        let Ok(call) = u32::try_from(*number) else { return false };
        let (kind, goes_at_once) = match record.work {
            calls::Work::CreateWorkspace => ("workspace", false),
            calls::Work::CreateConfig => ("config", true),
            _ => return false,
        };
        let is_there = names.contains(&format!("{kind} {}", name(call)));
        match (created.contains(number), gone.contains(&call)) {
            (false, _) => is_there,
            (true, false) => !is_there,
            // A deletion that nobody waited for may be under way.
            (true, true) => is_there && goes_at_once,
        }
    };
    records.iter().enumerate().filter(misfit).count()
}

async fn journal(transport: &ReqwestTransport, endpoint: &str) -> Result<Vec<Entry>, SoakError> {
    let failed = |error: &dyn std::fmt::Display| SoakError::Simulator(error.to_string());
    let request = Request::get(format!("{endpoint}/simulator/journal"))
        .body(clientsmith_runtime::Bytes::new().into())
        .map_err(|error| failed(&error))?;
    let mut body = transport.send(request).await.map_err(|error| failed(&error))?.into_body();
    let mut lines = Vec::new();
    while let Some(piece) = body.next().await {
        lines.extend_from_slice(&piece.map_err(|error| failed(&error))?);
    }
    let entries = serde_json::Deserializer::from_slice(&lines).into_iter::<Entry>();
    entries.collect::<Result<_, _>>().map_err(|error| failed(&error))
}

/// The resident memory of this process, in bytes, where the system tells.
fn resident() -> Option<usize> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.trim().trim_end_matches("kB").trim().parse::<usize>().ok()? * 1024)
}

/// SplitMix64 (Steele, Lea, Flood, 2014).
fn mixed(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
