//! Findings as text: `file:line:column`, the snippet with the place underlined, and the help.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

use super::{Diagnostic, Diagnostics, Severity, Source};
use crate::source::{FileId, Place};

/// Lines longer than this many characters are cut around the place.
const LONGEST_LINE: usize = 160;

/// How many characters of a cut line stand before the place.
const BEFORE_PLACE: usize = 40;

/// Places of one file that are at most this many lines apart are shown in one snippet.
const LINES_IN_ONE_SNIPPET: u32 = 30;

/// What stands where a line was cut.
const CUT: char = '…';

impl Diagnostics {
    /// All findings, sorted and each once, with the lines that they are about; with terminal colours where `color`.
    #[must_use]
    pub fn render(&self, color: bool) -> String {
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        let mut lines = BTreeMap::new();
        let mut rendered = String::new();
        for finding in self.sorted() {
            if !rendered.is_empty() {
                rendered.push_str("\n\n");
            }
            let shown = self.snippets(&finding, &mut lines);
            rendered.push_str(&render_one(&renderer, &finding, &shown));
        }
        if !rendered.is_empty() {
            rendered.push('\n');
        }
        rendered
    }

    /// What is shown of the sources: the place itself first, then the related ones that are too far from it.
    fn snippets<'text>(
        &'text self,
        finding: &Diagnostic,
        lines: &mut BTreeMap<FileId, Lines<'text>>,
    ) -> Vec<Excerpt> {
        let Some(place) = finding.place else { return Vec::new() };
        let mut marks = vec![Mark { place, label: None }];
        marks.extend(
            finding.related.iter().map(|(place, words)| Mark { place: *place, label: Some(clean(words)) }),
        );

        let mut groups: Vec<Vec<Mark>> = Vec::new();
        for mark in marks {
            let near = |group: &&mut Vec<Mark>| {
                group.first().is_some_and(|first| {
                    first.place.file == mark.place.file
                        && first.place.start.line.abs_diff(mark.place.start.line) <= LINES_IN_ONE_SNIPPET
                })
            };
            match groups.iter_mut().find(near) {
                Some(group) => group.push(mark),
                None => groups.push(vec![mark]),
            }
        }

        let mut excerpts = Vec::new();
        for group in groups {
            let Some(file) = group.first().map(|mark| mark.place.file) else { continue };
            let Some(source) = self.files.get(&file) else { continue };
            let lines = lines.entry(file).or_insert_with(|| Lines::of(&source.text));
            excerpts.extend(Excerpt::new(source, lines, &group));
        }
        excerpts
    }
}

/// A place to underline, with the words beside it.
struct Mark {
    place: Place,
    label: Option<String>,
}

fn render_one(renderer: &Renderer, finding: &Diagnostic, excerpts: &[Excerpt]) -> String {
    let level = match finding.code.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let mut elements: Vec<Element<'_>> = Vec::new();
    for excerpt in excerpts {
        elements
            .push(Origin::path(excerpt.path.as_str()).line(excerpt.line).char_column(excerpt.column).into());
        let annotations = excerpt.annotations.iter().enumerate().map(|(at, (span, label))| {
            let kind =
                if at == 0 && label.is_none() { AnnotationKind::Primary } else { AnnotationKind::Context };
            kind.span(span.clone()).label(label.as_deref())
        });
        elements.push(
            Snippet::source(excerpt.text.as_str())
                .line_start(excerpt.first_line)
                .annotations(annotations)
                .into(),
        );
    }
    if let Some(help) = &finding.help {
        elements.push(Level::HELP.message(clean(help)).into());
    }
    let title = level.primary_title(clean(&finding.message)).id(finding.code.as_str());
    renderer.render(&[Group::with_title(title).elements(elements)])
}

/// A few lines of a file, cut to what a terminal shows, and what is underlined in them.
struct Excerpt {
    path: String,
    /// Line and column of the first mark.
    line: usize,
    column: usize,
    /// The line of the file that `text` starts with.
    first_line: usize,
    text: String,
    /// The bytes of `text` to underline, the first mark first.
    annotations: Vec<(Range<usize>, Option<String>)>,
}

impl Excerpt {
    /// The lines of `marks`, which are places of one file, and those between them.
    fn new(source: &Source, lines: &Lines<'_>, marks: &[Mark]) -> Option<Self> {
        let first_mark = marks.first()?;
        let shown = marks.iter().map(|mark| lines.clamp(mark.place.start.line));
        let (first_line, last_line) = (shown.clone().min()?, shown.max()?);
        let mut text = String::new();
        let mut spans = vec![0_usize..0; marks.len()];
        for number in first_line..=last_line {
            let on_line = |mark: &Mark| lines.clamp(mark.place.start.line) == number;
            let focus = marks.iter().filter(|mark| on_line(mark)).map(|mark| mark.place.start.column).min();
            let (line, cut_before) = window(lines.line(number), focus.unwrap_or(1));
            for (mark, span) in marks.iter().zip(&mut spans).filter(|(mark, _)| on_line(mark)) {
                *span = span_of(&line, cut_before, mark.place, text.len());
            }
            text.push_str(&line);
            if number != last_line {
                text.push('\n');
            }
        }
        Some(Self {
            path: clean(&source.path),
            line: usize::try_from(first_mark.place.start.line).ok()?,
            column: usize::try_from(first_mark.place.start.column).ok()?,
            first_line: usize::try_from(first_line).ok()?,
            text,
            annotations: spans.into_iter().zip(marks.iter().map(|mark| mark.label.clone())).collect(),
        })
    }
}

/// The part of a line that is shown when the place of interest starts at `column`, and how many characters before it are
/// left out. Where something is left out stands [`CUT`], which counts as the last character left out before.
fn window(line: &str, column: u32) -> (Cow<'_, str>, usize) {
    // Most lines are short in bytes already, and a very long one is not counted whole.
    if line.len() <= LONGEST_LINE || line.chars().nth(LONGEST_LINE).is_none() {
        return (Cow::Borrowed(line), 0);
    }
    let column = usize::try_from(column).unwrap_or(usize::MAX).saturating_sub(1);
    let skipped = column.saturating_sub(BEFORE_PLACE);
    let mut rest = line.chars().skip(skipped);
    let mut shown: String = rest.by_ref().take(LONGEST_LINE).collect();
    if rest.next().is_some() {
        shown.push(CUT);
    }
    if skipped == 0 {
        return (Cow::Owned(shown), 0);
    }
    shown.insert(0, CUT);
    (Cow::Owned(shown), skipped - 1)
}

/// The bytes of the shown `line` that `place` takes, moved by `offset`. Of a place that goes on in further lines it is the
/// rest of this one. An empty place takes one character.
fn span_of(line: &str, cut_before: usize, place: Place, offset: usize) -> Range<usize> {
    let byte_at = |column: u32| {
        let characters =
            usize::try_from(column).unwrap_or(usize::MAX).saturating_sub(1).saturating_sub(cut_before);
        line.char_indices().nth(characters).map_or(line.len(), |(at, _)| at)
    };
    let start = byte_at(place.start.column);
    let end =
        if place.end.line == place.start.line { byte_at(place.end.column) } else { line.trim_end().len() };
    if end > start {
        return offset + start..offset + end;
    }
    let one = line.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    offset + start..offset + start + one
}

/// The lines of a text. YAML and JSON end a line with LF, CR LF, or CR alone.
struct Lines<'text> {
    text: &'text str,
    starts: Vec<usize>,
}

impl<'text> Lines<'text> {
    fn of(text: &'text str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (at, byte) in bytes.iter().enumerate() {
            if *byte == b'\n' || *byte == b'\r' && bytes.get(at + 1) != Some(&b'\n') {
                starts.push(at + 1);
            }
        }
        Self { text, starts }
    }

    /// The number of a line that is there: the end of a file may lie behind its last one.
    fn clamp(&self, line: u32) -> u32 {
        line.clamp(1, u32::try_from(self.starts.len()).unwrap_or(u32::MAX))
    }

    /// The text of a line, counted from 1, without its end.
    fn line(&self, number: u32) -> &'text str {
        let at = usize::try_from(number).unwrap_or(usize::MAX).saturating_sub(1);
        let Some(start) = self.starts.get(at) else { return "" };
        let end = self.starts.get(at + 1).copied().unwrap_or(self.text.len());
        self.text.get(*start..end).unwrap_or_default().trim_end_matches(['\n', '\r'])
    }
}

/// The text without characters that would steer a terminal, on one line.
fn clean(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}
