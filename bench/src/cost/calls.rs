//! `bench cost calls`: small calls over loopback, by the generated client and by reqwest and serde alone.
//!
//! Server and clients are processes of their own. Both clients send the same, which is looked at before anything is measured, and
//! read the same answers into the same fields. They take short turns, so that what else the machine does meets both.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::{env, io, thread};

use clap::{Args, ValueEnum as _};

use super::CostError;
use super::client::{self, CallKind, Side, Spent};
use super::server::{self, Server};
use super::statistics::Spread;
use crate::report::table;
use crate::{Failure, Verdict};

/// Whether this program counts allocations.
const COUNTS: bool = cfg!(feature = "count-allocations");

/// How many turns each of a pair takes: the speed of a machine changes within seconds.
const TURNS: u32 = 8;

/// How much of the processors the generated client may take, as a part of what the other takes.
const PROCESSOR_LIMIT: f64 = 1.05;

/// How much it may allocate.
const ALLOCATION_LIMIT: f64 = 1.20;

/// Measures small calls over loopback: by the generated client, and by reqwest and serde alone.
///
/// The exit status is 1 when the generated client takes more than 1.05 of the processor time. With the feature
/// `count-allocations` they are counted instead, and more than 1.20 of them is too much.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// How many tasks make calls at the same time
    #[arg(long, value_delimiter = ',', default_value = "1,8,64")]
    tasks: Vec<u32>,

    /// How many calls each of a pair makes
    #[arg(long, default_value_t = 8000)]
    calls: u32,

    /// How many pairs are measured
    #[arg(long, default_value_t = 15)]
    pairs: u32,

    /// How many threads the tasks of a client run on
    #[arg(long, default_value_t = 1)]
    threads: usize,
}

/// The two sides of one measurement.
struct Pair {
    written: Spent,
    generated: Spent,
}

/// Runs the measurement.
pub(crate) fn run(options: &Options) -> Result<Verdict, Failure> {
    let kinds = [CallKind::Get, CallKind::Post];
    for kind in kinds {
        check_requests(kind)?;
    }
    let server = Server::start().map_err(CostError::Server)?;
    let client = |side, call, tasks| {
        Client::start(&client::Options {
            side,
            call,
            tasks,
            calls: options.calls / TURNS,
            // They are counted on one thread.
            threads: if COUNTS { 1 } else { options.threads },
            address: server.address(),
        })
    };
    let (mut rows, mut verdict) = (Vec::new(), Verdict::Holds);
    for tasks in options.tasks.iter().copied() {
        for kind in kinds {
            eprintln!("{} at {tasks} tasks", name(kind));
            let (written, generated) =
                (client(Side::Written, kind, tasks)?, client(Side::Generated, kind, tasks)?);
            let (measured, is_over) = if COUNTS {
                counted(written, generated)?
            } else {
                timed(&Pair::measure(written, generated, options.pairs)?)
            };
            if is_over {
                verdict = Verdict::FallsShort;
            }
            rows.push([vec![tasks.to_string(), name(kind)], measured].concat());
        }
    }
    if COUNTS {
        let head = ["tasks", "call", "allocations by hand", "generated", "ratio", "kB by hand", "generated"];
        println!("{}", table(&head, &[0, 2, 3, 4, 5, 6], rows));
    } else {
        let head = ["tasks", "call", "µs by hand", "µs generated", "ratio", "half of the pairs"];
        println!("{}", table(&head, &[0, 2, 3, 4, 5], rows));
    }
    Ok(verdict)
}

/// What the pairs come to, and whether that is too much.
fn timed(pairs: &[Pair]) -> (Vec<String>, bool) {
    let spread = |value: fn(&Pair) -> f64| Spread::of(pairs.iter().map(value)).unwrap_or_default();
    let (written, generated) =
        (spread(|pair| pair.written.microseconds), spread(|pair| pair.generated.microseconds));
    let ratio = spread(|pair| pair.generated.microseconds / pair.written.microseconds);
    let row = vec![
        format!("{:.2}", written.median),
        format!("{:.2}", generated.median),
        format!("{:.3}", ratio.median),
        format!("{:.3}–{:.3}", ratio.lower, ratio.upper),
    ];
    (row, ratio.median > PROCESSOR_LIMIT)
}

/// What both allocate, and whether that is too much. It is the same each time.
fn counted(mut written: Client, mut generated: Client) -> Result<(Vec<String>, bool), CostError> {
    let (by_hand, ours) = (written.turn()?, generated.turn()?);
    let allocations = |spent: Spent| spent.allocations.unwrap_or_default();
    let kilobytes = |spent: Spent| format!("{:.1}", spent.allocated.unwrap_or_default() / 1000.0);
    let ratio = allocations(ours) / allocations(by_hand);
    let row = vec![
        format!("{:.1}", allocations(by_hand)),
        format!("{:.1}", allocations(ours)),
        format!("{ratio:.3}"),
        kilobytes(by_hand),
        kilobytes(ours),
    ];
    Ok((row, ratio > ALLOCATION_LIMIT))
}

fn name(kind: CallKind) -> String {
    kind.to_possible_value().map_or_else(String::new, |value| value.get_name().to_uppercase())
}

impl Pair {
    /// Lets two clients take turns.
    fn measure(mut written: Client, mut generated: Client, count: u32) -> Result<Vec<Self>, CostError> {
        let mut pairs = Vec::new();
        for _ in 0..count {
            let mut sum = Self { written: Spent::default(), generated: Spent::default() };
            for turn in 0..TURNS {
                // Each goes first in half of the turns.
                if turn % 2 == 0 {
                    sum.written.microseconds += written.turn()?.microseconds / f64::from(TURNS);
                    sum.generated.microseconds += generated.turn()?.microseconds / f64::from(TURNS);
                } else {
                    sum.generated.microseconds += generated.turn()?.microseconds / f64::from(TURNS);
                    sum.written.microseconds += written.turn()?.microseconds / f64::from(TURNS);
                }
            }
            pairs.push(sum);
        }
        Ok(pairs)
    }
}

/// A client in a process of its own, which ends with this value.
struct Client {
    process: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Client {
    fn start(options: &client::Options) -> Result<Self, CostError> {
        let failed = |error: io::Error| CostError::Client(error.to_string());
        let value_name = |value: Option<clap::builder::PossibleValue>| {
            value.map_or_else(String::new, |value| value.get_name().to_owned())
        };
        let mut command = Command::new(env::current_exe().map_err(failed)?);
        command.args(["cost", "client"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        for (key, value) in [
            ("side", value_name(options.side.to_possible_value())),
            ("call", value_name(options.call.to_possible_value())),
            ("tasks", options.tasks.to_string()),
            ("calls", options.calls.to_string()),
            ("threads", options.threads.to_string()),
            ("address", options.address.to_string()),
        ] {
            command.arg(format!("--{key}={value}"));
        }
        let mut process = command.spawn().map_err(failed)?;
        let (input, output) = (process.stdin.take(), process.stdout.take());
        let output = output.ok_or_else(|| CostError::Client("it has no output".to_owned()))?;
        Ok(Self { process, input, output: BufReader::new(output) })
    }

    /// Lets it make its calls once.
    fn turn(&mut self) -> Result<Spent, CostError> {
        let failed = |error: io::Error| CostError::Client(error.to_string());
        if let Some(input) = &mut self.input {
            input.write_all(b"\n").map_err(failed)?;
        }
        let mut line = String::new();
        self.output.read_line(&mut line).map_err(failed)?;
        serde_json::from_str(&line).map_err(|_| CostError::Client("it ended too early".to_owned()))
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // The end of its input is the end of the process.
        drop(self.input.take());
        // Nothing is left to be done about a process that cannot be waited for.
        let _ = self.process.wait();
    }
}

/// Whether both clients send the same request: line, headers and body.
fn check_requests(kind: CallKind) -> Result<(), Failure> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(CostError::Server)?;
    let address = listener.local_addr().map_err(CostError::Server)?;
    let request = |side| -> Result<String, Failure> {
        let options = client::Options { side, call: kind, tasks: 1, calls: 1, threads: 1, address };
        thread::scope(|scope| {
            let taken = scope.spawn(|| server::take_one(&listener));
            Client::start(&options)?.turn()?;
            let taken = taken.join().unwrap_or_else(|_| Err(io::Error::other("the server failed")));
            Ok(comparable(&taken.map_err(CostError::Server)?))
        })
    };
    let (by_hand, generated) = (request(Side::Written)?, request(Side::Generated)?);
    if by_hand == generated { Ok(()) } else { Err(CostError::Different { by_hand, generated }.into()) }
}

/// A request as text, with its headers in the order of their names.
fn comparable(request: &[u8]) -> String {
    let text = String::from_utf8_lossy(request);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let mut lines: Vec<&str> = head.lines().collect();
    if let Some((_, headers)) = lines.split_first_mut() {
        headers.sort_unstable();
    }
    format!("{}\n\n{body}", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_headers_makes_no_difference() {
        let one = comparable(b"GET / HTTP/1.1\r\nb: 1\r\na: 2\r\n\r\nbody");
        assert_eq!(one, "GET / HTTP/1.1\na: 2\nb: 1\n\nbody");
        assert_eq!(one, comparable(b"GET / HTTP/1.1\r\na: 2\r\nb: 1\r\n\r\nbody"));
    }
}
