//! What was played on each request, for who has to account for all of them.

use std::sync::Mutex;

use serde_json::{Value, json};

use super::kind::FaultKind;
use crate::server::locked;

/// Later requests are not noted. It is more than any run makes, and less than a machine has memory for.
const LARGEST: usize = 2_000_000;

/// A request, what befell it, and what it did.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct JournalEntry {
    /// What its header `X-Simulator-Call` says; empty without one.
    pub call: String,
    /// How many requests of the same call came before it. One that a client has given up can be answered after the next.
    pub ordinal: u64,
    /// The method, in capitals.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// What befell it.
    pub fault: Option<FaultKind>,
    /// Whether the service has carried out what it asks for: whether something is created, changed or deleted now, or would be if
    /// the simulator kept such things. Never for GET.
    pub had_effect: bool,
    /// The status that was decided upon. The client does not see it where the answer is lost; 0 where there was none.
    pub status: u16,
}

impl JournalEntry {
    fn to_json(&self) -> Value {
        json!({
            "call": self.call,
            "ordinal": self.ordinal,
            "method": self.method,
            "path": self.path,
            "fault": self.fault.map(FaultKind::name),
            "had_effect": self.had_effect,
            "status": self.status,
        })
    }
}

/// All entries, in the order in which answers were decided upon.
#[derive(Debug, Default)]
pub(crate) struct Journal(Mutex<Vec<JournalEntry>>);

impl Journal {
    pub(crate) fn add(&self, entry: JournalEntry) {
        let mut entries = locked(&self.0);
        if entries.len() < LARGEST {
            entries.push(entry);
        }
    }

    pub(crate) fn entries(&self) -> Vec<JournalEntry> {
        locked(&self.0).clone()
    }

    /// One JSON object a line.
    pub(crate) fn to_lines(&self) -> String {
        locked(&self.0).iter().map(|entry| format!("{}\n", entry.to_json())).collect()
    }
}
