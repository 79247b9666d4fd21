//! What may be found, and what is kept of a finding.

use clientsmith_generator::diagnostics::Code;
use clientsmith_generator::source::Place;
use sha2::{Digest as _, Sha256};

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal, $code:ident;)+) => {
        /// What is found. The name of each is stable: exceptions give it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind { $($(#[doc = $doc])+ $name,)+ }

        impl Kind {
            /// All kinds.
            pub const ALL: &'static [Kind] = &[$(Kind::$name),+];

            /// The name.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Kind::$name => $text,)+ }
            }

            /// The code of its diagnostics.
            #[must_use]
            pub fn code(self) -> Code {
                match self { $(Kind::$name => Code::$code,)+ }
            }
        }
    };
}

kinds! {
    /// The page has it, the description lacks it.
    Missing = "missing", MissingFromSpec;
    /// The description has it, the page lacks it.
    Extra = "extra", MissingFromPage;
    /// Another family of types: string, integer, number, boolean, array, object.
    OtherType = "other-type", OtherType;
    /// Required on one side only.
    OtherRequired = "other-required", OtherRequired;
    /// Another least or greatest number.
    OtherRange = "other-range", OtherRange;
    /// Another least or greatest number of characters.
    OtherLength = "other-length", OtherLength;
    /// Another default.
    OtherDefault = "other-default", OtherDefault;
    /// Other values.
    OtherEnum = "other-enum", OtherValues;
    /// The page's numbers are wider than the description's format.
    OtherFormat = "other-format", OtherFormat;
    /// Deprecated on one side only.
    OtherDeprecation = "other-deprecation", OtherDeprecation;
    /// Another method or path.
    OtherPath = "other-path", OtherEndpoint;
    /// Another name of a variable of the path.
    OtherName = "other-name", OtherEndpoint;
    /// Another status of success.
    OtherStatus = "other-status", OtherStatus;
    /// The page of an operation is not there, or describes no endpoint.
    NoPage = "no-page", NoPage;
    /// No operation names the endpoint of a page.
    NoOperation = "no-operation", UnnamedEndpoint;
    /// Two operations name one endpoint.
    TwoOperations = "two-operations", TwoOperations;
    /// The page's type is not understood.
    PageUnknownType = "page-unknown-type", PageFinding;
    /// Nothing leads to a table of the page.
    PageUnusedTable = "page-unused-table", PageFinding;
    /// No table says what an object consists of.
    PageMissingTable = "page-missing-table", PageFinding;
    /// A variable of the path or a name of the query stands in no table, or a table has one that the path lacks.
    PageUriName = "page-uri-name", PageFinding;
    /// An example is not JSON.
    PageInvalidExample = "page-invalid-example", PageFinding;
    /// A field stands twice in a table, or is explained in a circle.
    PageContradiction = "page-contradiction", PageFinding;
    /// A field of an example stands in no table.
    PageExampleField = "page-example-field", PageFinding;
    /// A value of an example is of another type than the table says.
    PageExampleType = "page-example-type", PageFinding;
    /// An example of a request lacks a required field.
    PageExampleIncomplete = "page-example-incomplete", PageFinding;
    /// The words on a field contradict the columns of its table.
    PageWords = "page-words", PageFinding;
    /// What an exception excuses has changed.
    StaleException = "stale-exception", StaleException;
    /// An exception excuses nothing.
    IdleException = "idle-exception", IdleException;
    /// An exception gives no reason.
    NoReason = "no-reason", Unexplained;
    /// The lock does not say what the page says.
    StaleLock = "stale-lock", StaleLock;
}

impl Kind {
    /// The kind of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == name)
    }

    /// What a finding of a page against itself is called here; `None` of all others.
    #[must_use]
    pub fn of_page(code: Code) -> Option<Self> {
        Some(match code {
            Code::UnknownType => Self::PageUnknownType,
            Code::UnusedTable => Self::PageUnusedTable,
            Code::MissingTable => Self::PageMissingTable,
            Code::PathVariable => Self::PageUriName,
            Code::InvalidExample => Self::PageInvalidExample,
            Code::PageContradiction => Self::PageContradiction,
            Code::ExampleField => Self::PageExampleField,
            Code::ExampleType => Self::PageExampleType,
            Code::ExampleIncomplete => Self::PageExampleIncomplete,
            Code::WordsAgainstTable => Self::PageWords,
            _ => return None,
        })
    }

    /// Whether an exception may excuse it: what is wrong with exceptions and locks is none of the page.
    #[must_use]
    pub fn is_excusable(self) -> bool {
        !matches!(self, Self::StaleException | Self::IdleException | Self::NoReason | Self::StaleLock)
    }
}

/// One difference between a description and a page, or of a page with itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What it is.
    pub kind: Kind,
    /// The name of the page.
    pub page: Option<String>,
    /// The line of the page, from 1; `None` where it is not known, as from a lock.
    pub line: Option<u32>,
    /// The operation: its operationId, else method and path.
    pub operation: Option<String>,
    /// The part that differs: `query limit`, `request jobs[].name`, `200 id`. Empty for the operation itself.
    pub at: String,
    /// What the page says.
    pub page_says: String,
    /// What the description says.
    pub spec_says: String,
    /// The place in the description, or in the file of exceptions.
    pub place: Option<Place>,
    /// The place in the page, where its text is known.
    pub page_place: Option<Place>,
    /// What was found, in a sentence, where kind and facts do not say it.
    pub message: Option<String>,
    /// What to do.
    pub help: String,
}

impl Finding {
    /// A sentence that says what was found.
    #[must_use]
    pub fn message(&self) -> String {
        let kind = self.kind.as_str();
        match &self.message {
            Some(message) => format!("{kind}: {message}"),
            None => {
                let at =
                    if self.at.is_empty() { "the operation".to_owned() } else { format!("`{}`", self.at) };
                format!("{kind}: {at}: the page says {}, the description {}", self.page_says, self.spec_says)
            }
        }
    }

    /// The page and the line, as an editor opens it.
    #[must_use]
    pub fn location(&self) -> Option<String> {
        let page = self.page.as_ref()?;
        Some(self.line.map_or_else(|| page.clone(), |line| format!("{page}:{line}")))
    }
}

/// A finding that an exception excuses.
#[derive(Clone, Debug, PartialEq)]
pub struct Excused {
    /// The finding.
    pub finding: Finding,
    /// Why it is as it should be.
    pub reason: String,
}

/// How many characters a hash has: enough to tell facts apart, and short enough to be read aloud.
const HASH: usize = 16;

/// What stands for the facts of some findings, of both sides, in any order.
#[must_use]
pub fn hash(findings: &[&Finding]) -> String {
    let mut facts: Vec<[&str; 5]> = findings
        .iter()
        .map(|finding| {
            let page = finding.page.as_deref().unwrap_or_default();
            [page, finding.kind.as_str(), &finding.at, &finding.page_says, &finding.spec_says]
        })
        .collect();
    facts.sort_unstable();
    facts.dedup();
    let mut text = String::new();
    for fact in facts {
        for part in fact {
            text.push_str(&format!("{}:{part};", part.len()));
        }
    }
    digest(&text)
}

/// A short digest of a text.
#[must_use]
pub fn digest(text: &str) -> String {
    let bytes = Sha256::digest(text.as_bytes());
    let mut digest: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    digest.truncate(HASH);
    digest
}
