//! Findings as text: `file:line:column`, the snippet with the place underlined, and the help.

use std::collections::BTreeMap;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet, normalize_untrusted_str};

use super::excerpt::{Excerpt, Lines, Mark};
use super::{Diagnostic, Diagnostics, Severity};
use crate::source::FileId;

/// So many findings are shown: nobody reads more, and a description on one line may have as many as it has bytes.
const MOST_FINDINGS: usize = 1_000;

/// So many characters of a message are shown: it may quote a value, which can be as long as the file.
const LONGEST_MESSAGE: usize = 1000;

impl Diagnostics {
    /// The findings, sorted and each once, with the lines that they are about; with terminal colours where `color`. Of very
    /// many, some are shown, the gravest first.
    #[must_use]
    pub fn render(&self, color: bool) -> String {
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        let mut lines = BTreeMap::new();
        let mut rendered = String::new();
        let mut shown = self.sorted();
        let left_out = keep_gravest(&mut shown);
        for finding in shown {
            if !rendered.is_empty() {
                rendered.push_str("\n\n");
            }
            let excerpts = self.excerpts(&finding, &mut lines);
            rendered.push_str(&render_one(&renderer, &finding, &excerpts));
        }
        if left_out > 0 {
            rendered.push_str(&format!("\n\n{left_out} more findings are not shown"));
        }
        if !rendered.is_empty() {
            rendered.push('\n');
        }
        rendered
    }

    /// What is shown of the sources: the place itself first, then the related ones that are too far from it.
    fn excerpts<'text>(
        &'text self,
        finding: &Diagnostic,
        lines: &mut BTreeMap<FileId, Lines<'text>>,
    ) -> Vec<Excerpt> {
        let place = finding.place.map(|place| Mark { place, label: None });
        let related =
            finding.related.iter().map(|(place, words)| Mark { place: *place, label: Some(clean(words)) });
        let mut groups: Vec<Vec<Mark>> = Vec::new();
        for mark in place.into_iter().chain(related) {
            let file = mark.place.file;
            let Some(source) = self.files.get(&file) else { continue };
            let lines = lines.entry(file).or_insert_with(|| Lines::of(&source.text));
            match groups
                .iter_mut()
                .find(|group| group.first().is_some_and(|first| lines.near(first.place, mark.place)))
            {
                Some(group) => group.push(mark),
                None => groups.push(vec![mark]),
            }
        }
        groups
            .iter()
            .filter_map(|group| {
                let file = group.first()?.place.file;
                Excerpt::new(clean(&self.files.get(&file)?.path), lines.get(&file)?, group)
            })
            .collect()
    }
}

/// Leaves out what is more than is shown, the least grave and last first; the order stays. Returns how many that are.
fn keep_gravest(findings: &mut Vec<Diagnostic>) -> usize {
    let left_out = findings.len().saturating_sub(MOST_FINDINGS);
    for severity in [Severity::Note, Severity::Warning, Severity::Error] {
        let surplus = findings.len().saturating_sub(MOST_FINDINGS);
        let of_it = |finding: &Diagnostic| finding.code.severity() == severity;
        let mut kept = findings.iter().filter(|finding| of_it(finding)).count().saturating_sub(surplus);
        findings.retain(|finding| {
            let stays = !of_it(finding) || kept > 0;
            kept -= usize::from(of_it(finding) && stays);
            stays
        });
    }
    left_out
}

fn render_one(renderer: &Renderer, finding: &Diagnostic, excerpts: &[Excerpt]) -> String {
    let level = match finding.code.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.clone().primary_title(clean(&finding.message)).id(finding.code.as_str());
    let mut groups = Vec::new();
    let mut group = Group::with_title(title);
    for excerpt in excerpts {
        let annotations = excerpt.annotations.iter().map(|(span, label)| {
            let kind = if label.is_none() { AnnotationKind::Primary } else { AnnotationKind::Context };
            kind.span(span.clone()).label(label.as_deref())
        });
        let snippet =
            Snippet::source(excerpt.text.as_str()).line_start(excerpt.first_line).annotations(annotations);
        if excerpt.is_cut {
            // The column that the renderer finds in a cut line is not that of the file. A snippet without a path must
            // begin a group of its own to stay without a header of its own.
            let origin = Origin::path(excerpt.path.as_str()).line(excerpt.line).char_column(excerpt.column);
            groups.push(group.element(origin));
            group = Group::with_level(level.clone()).element(snippet);
        } else {
            group = group.element(snippet.path(excerpt.path.as_str()));
        }
    }
    if let Some(help) = &finding.help {
        group = group.element(Level::HELP.message(clean(help)));
    }
    groups.push(group);
    renderer.render(&groups)
}

/// The text on one line and without characters that would steer a terminal or turn the direction of text.
fn clean(text: &str) -> String {
    let one_line = text.chars().take(LONGEST_MESSAGE).map(|character| match character {
        '\n' | '\r' | '\t' => ' ',
        '\u{80}'..='\u{9f}' => char::REPLACEMENT_CHARACTER,
        _ => character,
    });
    normalize_untrusted_str(&one_line.collect::<String>())
}

#[cfg(test)]
mod tests {
    use crate::diagnostics::{Code, Diagnostics};

    #[test]
    fn of_very_many_findings_the_gravest_are_shown() {
        let mut diagnostics = Diagnostics::new();
        for number in 0..2_000 {
            diagnostics.report(Code::UnknownFormat, None, format!("note {number}"));
        }
        for number in 0..5 {
            diagnostics.report(Code::Syntax, None, format!("error {number}"));
        }
        let rendered = diagnostics.render(false);
        assert_eq!(rendered.matches("note[").count(), 995);
        assert_eq!(rendered.matches("error[").count(), 5);
        assert!(rendered.ends_with("\n\n1005 more findings are not shown\n"), "{rendered}");
    }
}
