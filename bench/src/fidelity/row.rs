//! What is found of one document.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The examples of a document, and what came of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Row {
    pub(super) document: String,
    /// How many examples stand beside a schema, or in one.
    pub(super) found: usize,
    /// Those that are not valid against it.
    pub(super) invalid: Vec<String>,
    /// Those that are not judged, by the reason.
    pub(super) left_out: BTreeMap<String, Vec<String>>,
    /// How many are valid, and were decoded and encoded.
    pub(super) valid: usize,
    /// Those that did not come back equal.
    pub(super) exceptions: Vec<Exception>,
    /// The valid examples with a part that is none of the members of its union, and is kept as it came.
    #[serde(default)]
    pub(super) unrecognized: Vec<String>,
    /// Why there is no client to decode with.
    pub(super) refused: Option<String>,
    /// Seconds of the processors for building the program.
    pub(super) cpu_seconds: f64,
}

/// A valid example that does not come back equal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Exception {
    /// What it is an example of.
    pub(super) example: String,
    /// Its line and column.
    pub(super) place: String,
    /// Where its schema is.
    pub(super) schema: String,
    /// In which way it fails: the same words for all of a kind.
    pub(super) reason: String,
    /// Where in the value, as a JSON Pointer, or what the decoder said.
    pub(super) detail: String,
    /// The beginning of the example, and of what was written.
    pub(super) texts: [String; 2],
}

impl Row {
    /// How many came back equal.
    pub(super) fn equal(&self) -> usize {
        self.valid - self.exceptions.len().min(self.valid)
    }
}
