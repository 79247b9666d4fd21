//! The lock: the facts of pages without a word of theirs, for where the pages are not at hand.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::finding::{Finding, Kind};
use super::pages::{OwnFinding, PageFacts, Pages};
use crate::facts::Endpoint;

/// The shape of the file, so that an old one is told from a broken one.
const VERSION: u32 = 1;

/// Why a lock cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// It is no JSON of this shape.
    #[error("this is no lock of pages: {0}")]
    Malformed(#[from] serde_json::Error),
    /// It is of another version of clientsmith.
    #[error(
        "this is a lock of version {found}, and version {VERSION} is wanted: write it anew with --write-lock"
    )]
    Version {
        /// The version that it has.
        found: u32,
    },
    /// A finding of a page is of no known kind.
    #[error("`{name}` is no kind of finding")]
    Kind {
        /// What stands in its stead.
        name: String,
    },
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    pages: BTreeMap<String, Locked>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Locked {
    digest: String,
    endpoints: Vec<Endpoint>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    findings: Vec<LockedFinding>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct LockedFinding {
    kind: String,
    at: String,
    fact: String,
}

impl Pages {
    /// Their lock: JSON, a page per block, sorted.
    ///
    /// # Errors
    ///
    /// When the writer refuses the facts, which none should come to.
    pub fn to_lock(&self) -> Result<String, LockError> {
        let locked = |page: &PageFacts| Locked {
            digest: page.digest.clone(),
            endpoints: page.endpoints.clone(),
            findings: page
                .findings
                .iter()
                .map(|own| LockedFinding {
                    kind: own.kind.as_str().to_owned(),
                    at: own.at.clone(),
                    fact: own.fact.clone(),
                })
                .collect(),
        };
        let pages = self.pages.iter().map(|(name, page)| (name.clone(), locked(page))).collect();
        let mut text = String::new();
        write(&serde_json::to_value(File { version: VERSION, pages })?, 0, &mut text)?;
        text.push('\n');
        Ok(text)
    }

    /// The pages of a lock.
    ///
    /// # Errors
    ///
    /// When the text is no lock, or one of another version.
    pub fn from_lock(text: &str) -> Result<Self, LockError> {
        #[derive(Deserialize)]
        struct Versioned {
            version: u32,
        }
        let Versioned { version: found } = serde_json::from_str(text)?;
        if found != VERSION {
            return Err(LockError::Version { found });
        }
        let file: File = serde_json::from_str(text)?;
        let mut pages = BTreeMap::new();
        for (name, locked) in file.pages {
            let mut findings = Vec::new();
            for own in locked.findings {
                let kind = Kind::named(&own.kind).ok_or(LockError::Kind { name: own.kind })?;
                findings.push(OwnFinding { kind, line: None, at: own.at, fact: own.fact, message: None });
            }
            pages.insert(
                name,
                PageFacts { file: None, digest: locked.digest, endpoints: locked.endpoints, findings },
            );
        }
        Ok(Self { pages })
    }

    /// Only those that an operation names, as a lock needs them.
    #[must_use]
    pub fn named_by(mut self, specification: &super::specification::Specification) -> Self {
        self.pages.retain(|name, _| {
            specification
                .operations()
                .iter()
                .any(|operation| operation.page.as_ref().is_some_and(|page| page.value == *name))
        });
        self
    }

    /// In which pages a lock differs from these.
    #[must_use]
    pub fn differences(&self, lock: &Self) -> Vec<Finding> {
        let of = |pages: &Self, name: &str| {
            let page = pages.pages.get(name)?;
            let one = Self { pages: BTreeMap::from([(name.to_owned(), page.clone())]) };
            one.to_lock().ok()
        };
        let mut names: Vec<&String> = self.pages.keys().chain(lock.pages.keys()).collect();
        names.sort_unstable();
        names.dedup();
        let stale = names.into_iter().filter(|name| of(self, name) != of(lock, name));
        stale.map(|name| stale_lock(name, self.pages.get(name), lock.pages.get(name))).collect()
    }
}

fn stale_lock(name: &str, page: Option<&PageFacts>, locked: Option<&PageFacts>) -> Finding {
    let said = |page: Option<&PageFacts>| page.map_or("nothing".to_owned(), |page| page.digest.clone());
    let message = match (page, locked) {
        (Some(_), None) => format!("the lock lacks the page `{name}`"),
        (None, Some(_)) => format!("the lock has a page `{name}`, which is not there"),
        _ => format!("the lock does not say what the page `{name}` says"),
    };
    Finding {
        kind: Kind::StaleLock,
        page: Some(name.to_owned()),
        line: None,
        operation: None,
        at: String::new(),
        page_says: said(page),
        spec_says: said(locked),
        place: None,
        page_place: None,
        message: Some(message),
        help: "write it anew with --write-lock, and look at what has changed".to_owned(),
    }
}

/// What is longer than this stands on several lines.
const WIDTH: usize = 120;

/// The keys that come first; all others follow in the order of the alphabet.
const FIRST: &[&str] =
    &["version", "digest", "kind", "in", "status", "method", "path", "name", "required", "shape"];

/// JSON with a line for what fits on one: a field is a line, and so a change of it.
fn write(value: &Value, depth: usize, text: &mut String) -> Result<(), serde_json::Error> {
    let mut line = String::new();
    write_line(value, &mut line)?;
    // Pages and endpoints are blocks, however short.
    let is_line = depth > 2 && line.len() + depth <= WIDTH;
    let (open, close) = match value {
        Value::Array(items) if !is_line && !items.is_empty() => ('[', ']'),
        Value::Object(object) if !is_line && !object.is_empty() => ('{', '}'),
        _ => {
            text.push_str(&line);
            return Ok(());
        }
    };
    text.push(open);
    for (number, (key, value)) in entries(value).into_iter().enumerate() {
        text.push_str(if number == 0 { "\n" } else { ",\n" });
        text.push_str(&" ".repeat(depth + 1));
        if let Some(key) = key {
            text.push_str(&serde_json::to_string(key)?);
            text.push_str(": ");
        }
        write(value, depth + 1, text)?;
    }
    text.push('\n');
    text.push_str(&" ".repeat(depth));
    text.push(close);
    Ok(())
}

fn write_line(value: &Value, line: &mut String) -> Result<(), serde_json::Error> {
    let (open, close) = match value {
        Value::Array(_) => ('[', ']'),
        Value::Object(_) => ('{', '}'),
        _ => {
            line.push_str(&serde_json::to_string(value)?);
            return Ok(());
        }
    };
    line.push(open);
    for (number, (key, value)) in entries(value).into_iter().enumerate() {
        if number > 0 {
            line.push_str(", ");
        }
        if let Some(key) = key {
            line.push_str(&serde_json::to_string(key)?);
            line.push_str(": ");
        }
        write_line(value, line)?;
    }
    line.push(close);
    Ok(())
}

/// The parts of an array or object. How a map of `serde_json` is sorted depends on the features that others ask for.
fn entries(value: &Value) -> Vec<(Option<&str>, &Value)> {
    match value {
        Value::Array(items) => items.iter().map(|item| (None, item)).collect(),
        Value::Object(object) => {
            let mut entries: Vec<(&str, &Value)> =
                object.iter().map(|(key, value)| (key.as_str(), value)).collect();
            let rank = |key: &str| FIRST.iter().position(|first| *first == key).unwrap_or(FIRST.len());
            entries.sort_by_key(|(key, _)| (rank(key), *key));
            entries.into_iter().map(|(key, value)| (Some(key), value)).collect()
        }
        _ => Vec::new(),
    }
}
