//! What a soak prints: a table of the faults, and a line for each thing that has to hold.

use std::time::Duration;

use super::Options;
use super::account::{Account, Wrong};
use crate::Verdict;
use crate::report::table;

/// How much more memory may be resident at the end than at a quarter of the calls.
const GROWTH: f64 = 1.1;

/// From how many calls on the memory is judged.
const LONG_RUN: usize = 10_000;

/// What is not found in the records of the calls.
#[derive(Debug, Default)]
pub(super) struct Measured {
    pub(super) tasks: usize,
    pub(super) tasks_ended: usize,
    pub(super) tasks_left: usize,
    pub(super) panics: usize,
    /// Resources that are there and should not be, or the other way round.
    pub(super) inventory: usize,
    /// Resident bytes at a quarter of the calls, and at the end.
    pub(super) memory_at_quarter: Option<usize>,
    pub(super) memory: Option<usize>,
    pub(super) duration: Duration,
}

/// Prints what came of a soak, and says whether all is as it should be.
pub(super) fn print(options: &Options, account: &Account, measured: &Measured) -> Verdict {
    let rows = account.rows.iter().map(|(fault, row)| {
        let failed: Vec<String> = row.failed.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
        let number = |number: usize| if number == 0 { "-".to_owned() } else { number.to_string() };
        vec![fault.clone(), number(row.played), number(row.made_good), failed.join(", ")]
    });
    println!("{}\n", table(&["fault", "played", "made good", "calls that ended with it"], &[1, 2], rows));
    println!(
        "{} calls from {} tasks, seed {}, rate {}: {} successes, {} errors, {} requests, {:.1} s; \
         {} retries that the budget did not allow",
        options.calls,
        options.tasks,
        options.seed,
        options.rate,
        account.successes,
        account.failures,
        account.requests,
        measured.duration.as_secs_f64(),
        account.out_of_budget,
    );
    let mut holds = true;
    let mut line = |what: &str, figure: String, is_right: bool| {
        holds &= is_right;
        println!("{} {what}: {figure}", if is_right { "ok   " } else { "FALLS SHORT" });
    };
    for (wrong, name) in Wrong::ALL {
        let count = account.wrong.iter().filter(|(_, of)| *of == wrong).count();
        line(name, count.to_string(), count == 0);
    }
    line("resources that the server has or lacks", measured.inventory.to_string(), measured.inventory == 0);
    line("panics", measured.panics.to_string(), measured.panics == 0);
    let ended = format!("{} of {}", measured.tasks_ended, measured.tasks);
    line("tasks that ended", ended, measured.tasks_ended == measured.tasks);
    line("tasks left behind", measured.tasks_left.to_string(), measured.tasks_left == 0);
    match (measured.memory_at_quarter, measured.memory) {
        (Some(quarter), Some(end)) => {
            let growth = ratio(end, quarter);
            let figure = format!("{} KiB, then {} KiB: {growth:.3}", quarter / 1024, end / 1024);
            // A short run is over before every connection and buffer is there.
            let is_short = options.calls < LONG_RUN;
            line("resident memory at a quarter and at the end", figure, is_short || growth <= GROWTH);
        }
        _ => println!("      resident memory: the system does not tell"),
    }
    if holds { Verdict::Holds } else { Verdict::FallsShort }
}

#[expect(clippy::cast_precision_loss, reason = "a ratio for people")]
fn ratio(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}
