//! What the stages report: a stable code, a severity, a place, and a message that says what to do.

mod code;
mod excerpt;
mod render;

pub use code::{Code, Severity};

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::source::{FileId, Place};

/// One finding about the input, with the place it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable code, which also gives the severity.
    pub code: Code,
    /// Where in the sources; `None` when no file can be named.
    pub place: Option<Place>,
    /// What was found and what was expected, in one sentence without a final full stop.
    pub message: String,
    /// What to do about it, where that is not plain from the message.
    pub help: Option<String>,
    /// Other places that belong to the finding, each with a few words.
    pub related: Vec<(Place, String)>,
    /// What stays of the finding when lines move and messages are worded anew; not shown.
    pub about: Option<About>,
}

/// What a finding is about, for tools that recognise it in another run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// The part that has it, as `request jobs[].name`.
    pub at: String,
    /// What is wrong with it, as `integer in the table, string in the example`.
    pub fact: String,
}

/// All findings of a run, in the order in which they were made, and the texts that they are about.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    found: Vec<Diagnostic>,
    /// The last finding, which can still be added to.
    newest: Option<Diagnostic>,
    files: BTreeMap<FileId, Source>,
}

/// A text that findings may be about.
#[derive(Clone, Debug)]
struct Source {
    path: String,
    text: Arc<str>,
}

impl Diagnostics {
    /// An empty collection.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a finding and hands it back, so that `help` and `related` can be set on it.
    pub fn report(
        &mut self,
        code: Code,
        place: impl Into<Option<Place>>,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        self.found.extend(self.newest.take());
        self.newest.insert(Diagnostic::new(code, place, message))
    }

    /// Makes the text of a file known, so that findings about it can show it. `path` is shown as it is.
    pub fn add_file(&mut self, file: FileId, path: &Path, text: Arc<str>) {
        self.files.insert(file, Source { path: path.display().to_string(), text });
    }

    /// Makes a text known that is part of no [`Tree`](crate::source::Tree), and numbers it. `path` is shown as it is.
    pub fn add_text(&mut self, path: &Path, text: Arc<str>) -> FileId {
        let file = FileId(self.next_file());
        self.add_file(file, path, text);
        file
    }

    /// The texts that are known here, and no findings.
    #[must_use]
    pub fn texts(self) -> Self {
        Self { files: self.files, ..Self::default() }
    }

    /// The path of a file that findings may be about, as it is shown.
    #[must_use]
    pub fn path(&self, file: FileId) -> Option<&str> {
        self.files.get(&file).map(|source| source.path.as_str())
    }

    /// The number of the next file to be read: those of two trees differ, so that both may report here.
    pub(crate) fn next_file(&self) -> u32 {
        self.files.last_key_value().map_or(0, |(last, _)| last.0.saturating_add(1))
    }

    /// The findings in the order in which they were made.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.found.iter().chain(&self.newest)
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.found.is_empty() && self.newest.is_none()
    }

    /// Whether anything was found that forbids going on.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.iter().any(|finding| finding.code.severity() == Severity::Error)
    }

    /// The findings sorted by file and position, each once.
    #[must_use]
    pub fn sorted(&self) -> Vec<Diagnostic> {
        let mut sorted: Vec<Diagnostic> = self.iter().cloned().collect();
        sorted.sort_by(|a, b| (a.place, a.code, &a.message).cmp(&(b.place, b.code, &b.message)));
        sorted.dedup();
        sorted
    }

    /// How many findings of each severity there are, the gravest first (`2 errors, 1 warning`); `None` without any.
    #[must_use]
    pub fn summary(&self) -> Option<String> {
        let sorted = self.sorted();
        let count =
            |severity: Severity| sorted.iter().filter(|finding| finding.code.severity() == severity).count();
        let counts = [("error", Severity::Error), ("warning", Severity::Warning), ("note", Severity::Note)]
            .map(|(name, severity)| (name, count(severity)));
        let parts: Vec<String> = counts
            .iter()
            .filter(|(_, count)| *count > 0)
            .map(|(name, count)| format!("{count} {name}{}", if *count == 1 { "" } else { "s" }))
            .collect();
        if parts.is_empty() { None } else { Some(parts.join(", ")) }
    }
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<T: IntoIterator<Item = Diagnostic>>(&mut self, findings: T) {
        self.found.extend(self.newest.take());
        self.found.extend(findings);
    }
}

impl Diagnostic {
    /// A finding without help and related places.
    #[must_use]
    pub fn new(code: Code, place: impl Into<Option<Place>>, message: impl Into<String>) -> Self {
        Self {
            code,
            place: place.into(),
            message: message.into(),
            help: None,
            related: Vec::new(),
            about: None,
        }
    }

    /// Says what to do about the finding.
    pub fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = Some(help.into());
        self
    }

    /// Says what stays of the finding when lines move and messages are worded anew.
    pub fn about(&mut self, at: impl Into<String>, fact: impl Into<String>) -> &mut Self {
        self.about = Some(About { at: at.into(), fact: fact.into() });
        self
    }

    /// Names another place that belongs to the finding.
    pub fn related(&mut self, place: Place, words: impl Into<String>) -> &mut Self {
        self.related.push((place, words.into()));
        self
    }
}

#[cfg(test)]
mod tests;
