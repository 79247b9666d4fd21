//! What the user is told: results on the standard output, findings and errors on the standard error.

use std::env;
use std::fmt::Display;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use clientsmith_generator::diagnostics::{Diagnostics, Severity};
use clientsmith_generator::ir::Untyped;
use clientsmith_generator::write::Changes;

/// Writes for the user. A reader that went away is no failure: what cannot be written is lost.
pub(crate) struct Report<O, E> {
    output: O,
    errors: E,
    color: bool,
}

impl<O: Write, E: Write + IsTerminal> Report<O, E> {
    /// Colours are for terminals, unless `NO_COLOR` is set (<https://no-color.org>).
    pub(crate) fn new(output: O, errors: E) -> Self {
        let color = errors.is_terminal() && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Self { output, errors, color }
    }
}

impl<O: Write, E: Write> Report<O, E> {
    pub(crate) fn color(&self) -> bool {
        self.color
    }

    /// A line on the standard output.
    pub(crate) fn line(&mut self, line: impl Display) {
        let _ = writeln!(self.output, "{line}");
    }

    /// A whole text on the standard output, as it is.
    pub(crate) fn text(&mut self, text: impl Display) {
        let _ = write!(self.output, "{text}");
    }

    /// Text on the standard error.
    pub(crate) fn error(&mut self, text: impl Display) {
        let _ = writeln!(self.errors, "{text}");
    }

    /// All findings, and at the end how many there are.
    pub(crate) fn diagnostics(&mut self, diagnostics: &Diagnostics) {
        let found = diagnostics.sorted();
        if found.is_empty() {
            return;
        }
        let rendered = diagnostics.render(self.color);
        self.error(rendered);
        let of = |severity| found.iter().filter(|finding| finding.code.severity() == severity).count();
        let counts = [
            (of(Severity::Error), "error"),
            (of(Severity::Warning), "warning"),
            (of(Severity::Note), "note"),
        ];
        let counts: Vec<_> =
            counts.iter().filter(|(count, _)| *count > 0).map(|(n, what)| count(*n, what)).collect();
        self.error(counts.join(", "));
    }

    /// What was read.
    pub(crate) fn read(&mut self, spec: &Path, files: &[PathBuf], operations: usize, types: usize) {
        let others = match files.len().saturating_sub(1) {
            0 => String::new(),
            others => format!(" and {}", count(others, "other file")),
        };
        let (operations, types) = (count(operations, "operation"), count(types, "type"));
        self.line(format_args!("read {}{others}: {operations}, {types}", spec.display()));
    }

    /// How many of the schemas that say what their values are became free JSON, and which; and how many became any JSON
    /// under a name.
    pub(crate) fn untyped(&mut self, described: usize, named_only: usize, untyped: &[(String, Untyped)]) {
        let schemas = count(described, "described schema");
        self.line(format_args!("{} of {schemas} as free JSON", untyped.len()));
        for (location, Untyped { what, reason, .. }) in untyped {
            self.line(format_args!("  {location}: {what}: {}", reason.message()));
        }
        if named_only > 0 {
            self.line(format_args!(
                "{named_only} more as any JSON under a name, which is all that is said of it"
            ));
        }
    }

    /// What was changed in a folder, or would be.
    pub(crate) fn changes(&mut self, verb: &str, folder: &Path, changes: &Changes) {
        let folder = folder.display();
        if changes.is_empty() && changes.kept.is_empty() {
            return self
                .line(format_args!("{folder} is up to date: {}", count(changes.unchanged.len(), "file")));
        }
        let counts = [
            (changes.added.len(), "added"),
            (changes.changed.len(), "changed"),
            (changes.removed.len(), "removed"),
            (changes.unchanged.len(), "unchanged"),
        ];
        let counts: Vec<_> = counts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        self.line(format_args!("{verb} {folder}: {}", counts.join(", ")));
        for (mark, paths) in [("+", &changes.added), ("~", &changes.changed), ("-", &changes.removed)] {
            for path in paths {
                self.line(format_args!("  {mark} {path}"));
            }
        }
        for path in &changes.kept {
            self.line(format_args!(
                "  ! {path} is obsolete, but was edited: it stays; delete it if it is not needed"
            ));
        }
    }
}

/// A number and what is counted.
pub(crate) fn count(number: usize, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        _ => format!("{number} {what}s"),
    }
}
