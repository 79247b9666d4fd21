//! The pages of a folder as facts: their endpoints, and what each page has against itself.

use std::collections::BTreeMap;
use std::path::Path;

use clientsmith_generator::diagnostics::Diagnostics;
use clientsmith_generator::source::{FileId, Place, Position};

use super::finding::{Kind, digest};
use crate::extract::extract;
use crate::facts::Endpoint;
use crate::read::read;

/// The pages that describe endpoints, by their names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pages {
    pub(crate) pages: BTreeMap<String, PageFacts>,
}

/// What is known of a page.
#[derive(Clone, Debug, PartialEq)]
pub struct PageFacts {
    /// The page among the sources of diagnostics; `None` when it came from a lock.
    pub(crate) file: Option<FileId>,
    /// A digest of its text.
    pub(crate) digest: String,
    /// Its endpoints; none when it is about something else.
    pub(crate) endpoints: Vec<Endpoint>,
    /// What it has against itself, each once.
    pub(crate) findings: Vec<OwnFinding>,
}

/// What a page has against itself.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnFinding {
    /// What it is.
    pub(crate) kind: Kind,
    /// The line, from 1; `None` when it came from a lock.
    pub(crate) line: Option<u32>,
    /// The part of the page that has it.
    pub(crate) at: String,
    /// What is wrong with it, without a word of the page.
    pub(crate) fact: String,
    /// A sentence; `None` when it came from a lock.
    pub(crate) message: Option<String>,
}

impl Pages {
    /// Adds a page. One without endpoints is left out. `name` is what operations call it, `path` what findings show.
    pub fn add(&mut self, name: &str, path: &Path, text: &str, diagnostics: &mut Diagnostics) {
        let mut own = Diagnostics::new();
        let page = read(path, text, &mut own);
        let endpoints = extract(&page, &mut own);
        if endpoints.is_empty() {
            return;
        }
        let mut findings: Vec<OwnFinding> = Vec::new();
        for found in own.sorted() {
            let Some((kind, about)) = Kind::of_page(found.code).zip(found.about) else {
                let file = found.place.map(|_| path.display().to_string());
                diagnostics.report(
                    found.code,
                    None,
                    format!("{}: {}", file.unwrap_or_default(), found.message),
                );
                continue;
            };
            let fact = fact(&about.fact);
            if !findings.iter().any(|known| (known.kind, &known.at, &known.fact) == (kind, &about.at, &fact))
            {
                let line = found.place.map(|place| place.start.line);
                findings.push(OwnFinding { kind, line, at: about.at, fact, message: Some(found.message) });
            }
        }
        findings.sort_by(|a, b| (a.kind, &a.at, &a.fact).cmp(&(b.kind, &b.at, &b.fact)));
        let file = Some(diagnostics.add_text(path, text.into()));
        let digest = digest(&text.replace("\r\n", "\n"));
        self.pages.insert(name.to_owned(), PageFacts { file, digest, endpoints, findings });
    }

    /// Whether a page has a name that fits a pattern, in which `*` stands for any text.
    #[must_use]
    pub fn has(&self, pattern: &str) -> bool {
        self.pages.keys().any(|name| super::fits(pattern, name))
    }

    /// How many pages there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.pages.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pages.is_empty()
    }
}

impl PageFacts {
    /// A line as a place, where the text is known.
    pub(crate) fn place(&self, line: u32) -> Option<Place> {
        let start = Position { line, column: 1 };
        Some(Place { file: self.file?, start, end: Position { line, column: u32::MAX } })
    }
}

/// Facts are short and in our words. What else a page says has a digest in its stead: a lock holds no text of a page.
fn fact(text: &str) -> String {
    const LONGEST: usize = 80;
    if text.is_ascii() && text.len() <= LONGEST { text.to_owned() } else { digest(text) }
}
