//! What has to hold of each call, given what the simulator played on its requests.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use clientsmith_runtime::ErrorKind;
use serde::Deserialize;

use super::calls::{Outcome, Record, Work};

/// A request, as the simulator's journal has it.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Entry {
    pub(super) call: String,
    pub(super) ordinal: u64,
    pub(super) method: String,
    pub(super) fault: Option<String>,
    pub(super) had_effect: bool,
    pub(super) status: u16,
}

impl Entry {
    fn fault(&self) -> &str {
        self.fault.as_deref().unwrap_or_default()
    }
}

/// What is wrong with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Wrong {
    /// It never ended.
    Unended,
    /// Its effect was had more than once.
    Doubled,
    /// It succeeded, and the service has done nothing.
    Lost,
    /// It was made again though it may have had its effect.
    Repeated,
    /// It failed in another way than it was let down.
    Kind,
    /// It succeeded though its last answer was none.
    Success,
}

impl Wrong {
    pub(super) const ALL: [(Self, &str); 6] = [
        (Self::Unended, "calls that did not end"),
        (Self::Doubled, "effects that were had twice"),
        (Self::Lost, "effects that were lost"),
        (Self::Repeated, "unsafe repetitions"),
        (Self::Kind, "errors of another kind than the fault"),
        (Self::Success, "successes out of nothing"),
    ];
}

/// What the requests of one kind of fault came to.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    /// How often it was played.
    pub(super) played: usize,
    /// How many calls succeeded in spite of it.
    pub(super) made_good: usize,
    /// How many calls failed after it was the last thing that befell them, by the kind of error.
    pub(super) failed: BTreeMap<String, usize>,
}

/// All calls together.
#[derive(Clone, Debug, Default)]
pub(super) struct Account {
    pub(super) rows: BTreeMap<String, Row>,
    pub(super) requests: usize,
    pub(super) successes: usize,
    pub(super) failures: usize,
    /// Retries that the budget did not allow.
    pub(super) out_of_budget: usize,
    pub(super) wrong: Vec<(usize, Wrong)>,
}

/// The name under which errors stand that befell a call before the simulator saw it.
const UNSEEN: &str = "(refused, or closed at once)";

/// Accounts for all calls.
pub(super) fn account(records: &[Record], journal: &[Entry], timeout: Duration) -> Account {
    let mut of_call: HashMap<&str, Vec<&Entry>> = HashMap::new();
    for entry in journal {
        of_call.entry(&entry.call).or_default().push(entry);
    }
    for entries in of_call.values_mut() {
        entries.sort_by_key(|entry| entry.ordinal);
    }
    let mut account = Account { requests: journal.len(), ..Account::default() };
    for (number, record) in records.iter().enumerate() {
        let entries = of_call.get(number.to_string().as_str()).map(Vec::as_slice).unwrap_or_default();
        for wrong in wrongs(record, entries, timeout) {
            account.wrong.push((number, wrong));
        }
        match record.outcome {
            Outcome::Unmade => {}
            Outcome::Success => account.successes += 1,
            Outcome::Failure { .. } => account.failures += 1,
        }
        for entry in entries.iter().filter(|entry| entry.fault.is_some()) {
            let row = account.rows.entry(entry.fault().to_owned()).or_default();
            row.played += 1;
            row.made_good += usize::from(record.outcome == Outcome::Success);
        }
        if let Outcome::Failure { kind, status, attempts, is_retryable } = record.outcome {
            let name = if is_unseen(record, entries) {
                UNSEEN
            } else {
                entries.iter().rev().find_map(|entry| entry.fault.as_deref()).unwrap_or("(none)")
            };
            let shown = if status == 0 { format!("{kind:?}") } else { format!("{kind:?} {status}") };
            *account.rows.entry(name.to_owned()).or_default().failed.entry(shown).or_default() += 1;
            let is_due = is_retryable && kind != ErrorKind::Timeout && attempts < super::ATTEMPTS;
            if is_due && record.work.is_single() {
                account.out_of_budget += 1;
            }
        }
    }
    account
}

/// Everything that is wrong with a call.
fn wrongs(record: &Record, entries: &[&Entry], timeout: Duration) -> Vec<Wrong> {
    let method = record.work.method();
    let mut wrong = Vec::new();
    let changes: Vec<&&Entry> = entries.iter().filter(|entry| entry.method == method).collect();
    let effects = changes.iter().filter(|entry| entry.had_effect).count();
    if method == "POST" && effects > 1 {
        wrong.push(Wrong::Doubled);
    }
    let before_the_last = changes.split_last().map(|(_, before)| before).unwrap_or_default();
    if method == "POST" && before_the_last.iter().any(|entry| !is_refused_untaken(entry)) {
        wrong.push(Wrong::Repeated);
    }
    match record.outcome {
        Outcome::Unmade => wrong.push(Wrong::Unended),
        Outcome::Success => {
            if method != "GET" && effects == 0 {
                wrong.push(Wrong::Lost);
            }
            // A skewed clock refuses nobody whose clock was set wrong in the same way by the call before.
            let harmless = ["", "slow-head", "slow-body", "repeated-page", "clock-skew"];
            if !entries.last().is_some_and(|last| harmless.contains(&last.fault()))
                && !ends_by_failing(record)
            {
                wrong.push(Wrong::Success);
            }
        }
        Outcome::Failure { kind, status, .. } => {
            if !is_of_the_right_kind(record, kind, status, entries, timeout) {
                wrong.push(Wrong::Kind);
            }
        }
    }
    wrong
}

/// Whether the last poll of the call is a failure that means success: what was deleted is not found.
fn ends_by_failing(record: &Record) -> bool {
    record.work == Work::DeleteWorkspace
}

/// Whether the server says that it has not taken the request.
fn is_refused_untaken(entry: &Entry) -> bool {
    entry.fault().starts_with("throttled") || entry.status == 401
}

/// Whether the last attempt of the call never came to the simulator: nobody listened, or the connection was closed at once.
fn is_unseen(record: &Record, entries: &[&Entry]) -> bool {
    let Outcome::Failure { kind, attempts, .. } = record.outcome else { return false };
    match kind {
        ErrorKind::Connect => true,
        // The attempts of an error are those of the last request: of a list or a deletion that is waited for, there were others before.
        ErrorKind::Transport => {
            let seen = entries.len();
            if record.work.is_single() { usize::from(attempts) > seen } else { !breaks(entries) }
        }
        _ => false,
    }
}

/// Whether the last request was let down by breaking the connection.
fn breaks(entries: &[&Entry]) -> bool {
    let breaking = ["refused", "reset", "lost-answer", "half-body", "length-too-long"];
    entries.last().is_some_and(|last| breaking.contains(&last.fault()))
}

fn is_of_the_right_kind(
    record: &Record,
    kind: ErrorKind,
    status: u16,
    entries: &[&Entry],
    timeout: Duration,
) -> bool {
    if is_unseen(record, entries) {
        return true;
    }
    // Whatever befell it last, the time of an attempt or of the call can have been over.
    if kind == ErrorKind::Timeout {
        return record.took >= timeout.mul_f64(0.9);
    }
    let Some((last, before)) = entries.split_last() else { return false };
    let is_refusal = kind == ErrorKind::Api && status == last.status && status >= 400;
    match last.fault() {
        // An attempt before it had its effect, and the answer was lost: what is deleted is not there any more.
        "" => is_refusal && (last.status == 401 || before.iter().any(|entry| entry.had_effect)),
        "refused" | "reset" | "lost-answer" | "half-body" | "length-too-long" => kind == ErrorKind::Transport,
        "length-too-short" | "wrong-types" => kind == ErrorKind::Decode || is_refusal,
        // Where the operation answers without a body, 200 is a status that nobody described.
        "html" => matches!(kind, ErrorKind::Decode | ErrorKind::UndocumentedStatus) && status == 200,
        "throttled-seconds"
        | "throttled-date"
        | "internal-error"
        | "unavailable"
        | "conflict"
        | "expired-token"
        | "deletion-fails-first" => is_refusal,
        "bad-gateway" => kind == ErrorKind::Api && status == 502,
        // The clock was set right once in this call already, by an answer of before.
        "clock-skew" => is_refusal && before.iter().any(|entry| entry.status == 401),
        "failure-with-success" => {
            matches!(kind, ErrorKind::Api | ErrorKind::UndocumentedStatus) && status == 200
        }
        "repeated-page" => true,
        _ => is_refusal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMEOUT: Duration = Duration::from_secs(1);

    fn entry(method: &str, fault: &str, had_effect: bool, status: u16) -> Entry {
        let fault = (!fault.is_empty()).then(|| fault.to_owned());
        Entry { call: "0".to_owned(), ordinal: 0, method: method.to_owned(), fault, had_effect, status }
    }

    fn failed(kind: ErrorKind, status: u16, attempts: u8) -> Outcome {
        Outcome::Failure { kind, status, attempts, is_retryable: false }
    }

    fn wrong(work: Work, outcome: Outcome, entries: &[Entry]) -> Vec<Wrong> {
        let record = Record { work, outcome, ..Record::UNMADE };
        account(&[record], entries, TIMEOUT).wrong.into_iter().map(|(_, wrong)| wrong).collect()
    }

    #[test]
    fn an_effect_is_neither_doubled_nor_lost() {
        let once = [entry("POST", "", true, 200)];
        assert_eq!(wrong(Work::CreateWorkspace, Outcome::Success, &once), []);
        let none = [entry("POST", "", false, 200)];
        assert_eq!(wrong(Work::CreateWorkspace, Outcome::Success, &none), [Wrong::Lost]);
        let twice = [entry("POST", "lost-answer", true, 200), entry("POST", "", true, 200)];
        assert_eq!(wrong(Work::CreateWorkspace, Outcome::Success, &twice), [Wrong::Doubled, Wrong::Repeated]);
        let untaken = [entry("POST", "throttled-date", false, 429), entry("POST", "", true, 200)];
        assert_eq!(wrong(Work::CreateWorkspace, Outcome::Success, &untaken), []);
        let idempotent = [entry("PUT", "lost-answer", true, 200), entry("PUT", "", true, 200)];
        assert_eq!(wrong(Work::UpdateWorkspace, Outcome::Success, &idempotent), []);
    }

    #[test]
    fn an_error_is_of_the_kind_of_the_last_fault() {
        let of = |fault, status, kind, seen, attempts| {
            wrong(Work::ListModels, failed(kind, seen, attempts), &[entry("GET", fault, false, status)])
        };
        assert_eq!(of("reset", 502, ErrorKind::Transport, 0, 1), []);
        assert_eq!(of("reset", 502, ErrorKind::Api, 502, 1), [Wrong::Kind]);
        assert_eq!(of("unavailable", 503, ErrorKind::Api, 503, 1), []);
        assert_eq!(of("unavailable", 503, ErrorKind::Decode, 503, 1), [Wrong::Kind]);
        assert_eq!(of("html", 200, ErrorKind::Decode, 200, 1), []);
        assert_eq!(of("", 200, ErrorKind::Transport, 0, 2), [], "closed at once");
        assert_eq!(of("", 200, ErrorKind::Transport, 0, 1), [Wrong::Kind]);
        assert_eq!(of("", 404, ErrorKind::Api, 404, 1), [Wrong::Kind]);
        assert_eq!(of("stalled-head", 200, ErrorKind::Timeout, 0, 1), [Wrong::Kind], "it took no time");
    }

    #[test]
    fn what_was_deleted_by_an_attempt_that_failed_may_be_missing() {
        let entries = [entry("DELETE", "lost-answer", true, 200), entry("DELETE", "", false, 404)];
        assert_eq!(wrong(Work::DeleteConfig, failed(ErrorKind::Api, 404, 2), &entries), []);
        assert_eq!(wrong(Work::DeleteConfig, Outcome::Unmade, &entries), [Wrong::Unended]);
    }
}
