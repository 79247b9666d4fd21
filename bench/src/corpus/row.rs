//! What came out for one document, and what of it falls short.

use serde::{Deserialize, Serialize};

use super::check::Checked;
use super::generate::{Attempt, Generated};
use crate::measure::Cost;
use crate::operations::Facts;

/// The largest resident set that generating may need.
const MAX_BYTES: u64 = 2 * 1024 * 1024 * 1024;

/// How many seconds of the processors generating may take.
const MAX_SECONDS: f64 = 30.0;

/// The share of the uses of schemas that say something of their values which may be free JSON in one document, in percent.
const MAX_UNTYPED: usize = 5;

/// What the codes of findings about files that cannot be written begin with: they say nothing of the document.
const WRITE: &str = "CS05";

/// The code of the finding that a version is not supported.
const VERSION: &str = "CS0201";

/// One document of the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Row {
    /// Its path in the package.
    pub(crate) document: String,
    /// The version it states.
    pub(crate) version: String,
    /// How many operations it has, counted by nothing of ours.
    pub(crate) operations: usize,
    /// How the generation ended.
    pub(crate) status: Status,
    /// What the generator said and wrote.
    pub(crate) generated: Generated,
    /// What generating cost.
    pub(crate) generation: Cost,
    /// What the compiler said; `None` when it was not asked.
    pub(crate) check: Option<Checked>,
    /// What clippy said of a crate of the sample.
    pub(crate) clippy: Option<Checked>,
    /// What rustdoc said of a crate of the sample.
    pub(crate) doc: Option<Checked>,
}

/// How a generation ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    /// There is a crate.
    Generated,
    /// The document has errors.
    Refused,
    /// The document is of a version that is not supported.
    OtherVersion,
    /// The process ended otherwise: how.
    Crashed(String),
    /// The process took too long and was ended.
    GivenUp,
}

impl Row {
    /// What came out of generating; nothing has been checked.
    pub(crate) fn new(document: &str, facts: Facts, attempt: Attempt, generation: Cost) -> Self {
        let (status, generated) = match attempt {
            Attempt::Ended(generated) if generated.written => (Status::Generated, generated),
            Attempt::Ended(generated) if generated.codes.contains_key(VERSION) => {
                (Status::OtherVersion, generated)
            }
            Attempt::Ended(generated) => (Status::Refused, generated),
            Attempt::Crashed(how) => (Status::Crashed(how), Generated::default()),
            Attempt::GivenUp => (Status::GivenUp, Generated::default()),
        };
        Self {
            document: document.to_owned(),
            version: facts.version,
            operations: facts.operations,
            status,
            generated,
            generation,
            check: None,
            clippy: None,
            doc: None,
        }
    }

    /// Whether there is a crate.
    pub(crate) fn is_generated(&self) -> bool {
        self.status == Status::Generated
    }

    /// Whether the client has as many operations as the document.
    pub(crate) fn is_complete(&self) -> bool {
        self.generated.operations == self.operations
    }

    /// What is not as it should be, each in a few words. A document that is refused is not in itself one of them.
    pub(crate) fn shortfalls(&self) -> Vec<String> {
        let mut found = Vec::new();
        match &self.status {
            Status::Crashed(how) => found.push(format!("crashed: {how}")),
            Status::GivenUp => found.push("took too long and was ended".to_owned()),
            Status::OtherVersion if self.version.starts_with("3.0") => {
                found.push(format!("version {} was refused", self.version));
            }
            Status::Refused if self.generated.errors.is_empty() => {
                found.push("refused without a word".to_owned())
            }
            Status::Refused if self.generated.codes.keys().any(|code| code.starts_with(WRITE)) => {
                found.push("could not be written".to_owned());
            }
            Status::Generated if !self.is_complete() => {
                found.push(format!("{} of {} operations", self.generated.operations, self.operations));
            }
            Status::Generated | Status::Refused | Status::OtherVersion => {}
        }
        if self.generation.peak_bytes >= MAX_BYTES {
            found.push(format!("{} MiB of memory", self.generation.peak_mebibytes()));
        }
        if self.generation.cpu_seconds > MAX_SECONDS {
            found.push(format!("{:.0} s", self.generation.cpu_seconds));
        }
        let Generated { described, untyped, .. } = self.generated;
        if untyped * 100 > described * MAX_UNTYPED {
            found.push(format!("{untyped} of {described} schemas are free JSON"));
        }
        for (tool, checked) in [("check", &self.check), ("clippy", &self.clippy), ("doc", &self.doc)] {
            if let Some(checked) = checked.as_ref().filter(|checked| checked.errors + checked.warnings > 0) {
                found.push(format!("{tool}: {} errors, {} warnings", checked.errors, checked.warnings));
            }
        }
        found
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A row in which all is as it should be.
    pub(crate) fn good(document: &str) -> Row {
        let generated =
            Generated { written: true, operations: 3, types: 4, lines: 200, ..Generated::default() };
        let facts = Facts { version: "3.0.0".to_owned(), operations: 3 };
        let cost = Cost { cpu_seconds: 0.25, peak_bytes: 30 * 1024 * 1024 };
        let mut row = Row::new(document, facts, Attempt::Ended(generated), cost);
        row.check = Some(Checked { cost, ..Checked::default() });
        row
    }

    #[test]
    fn a_good_row_has_no_shortfall() {
        let row = good("a.json");
        assert!(row.is_generated() && row.is_complete());
        assert!(row.shortfalls().is_empty());
    }

    #[test]
    fn everything_that_falls_short_is_said() {
        let mut row = good("a.json");
        row.operations = 4;
        (row.generated.described, row.generated.untyped) = (100, 6);
        row.generation = Cost { cpu_seconds: 31.0, peak_bytes: MAX_BYTES };
        row.check = Some(Checked { errors: 1, warnings: 2, ..Checked::default() });
        row.doc = Some(Checked { warnings: 1, ..Checked::default() });
        assert_eq!(
            row.shortfalls(),
            [
                "3 of 4 operations",
                "2048 MiB of memory",
                "31 s",
                "6 of 100 schemas are free JSON",
                "check: 1 errors, 2 warnings",
                "doc: 0 errors, 1 warnings"
            ]
        );
    }

    #[test]
    fn a_refusal_needs_a_reason() {
        let facts = || Facts { version: "3.0.0".to_owned(), operations: 1 };
        let refused = |code: &str, errors: &[&str]| {
            let codes = [(code.to_owned(), 1)].into();
            let errors = errors.iter().map(|error| (*error).to_owned()).collect();
            let generated = Generated { codes, errors, ..Generated::default() };
            Row::new("a.json", facts(), Attempt::Ended(generated), Cost::default())
        };
        assert!(refused("CS0208", &["CS0208 wrong"]).shortfalls().is_empty());
        assert_eq!(refused("CS0208", &[]).shortfalls(), ["refused without a word"]);
        assert_eq!(refused("CS0502", &["CS0502 no space"]).shortfalls(), ["could not be written"]);
        assert_eq!(refused("CS0201", &["CS0201"]).shortfalls(), ["version 3.0.0 was refused"]);
        let crashed = Row::new("a.json", facts(), Attempt::Crashed("signal 6".to_owned()), Cost::default());
        assert_eq!(crashed.shortfalls(), ["crashed: signal 6"]);
    }
}
