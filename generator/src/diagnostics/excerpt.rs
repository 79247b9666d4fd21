//! The few lines of a source that a finding shows, cut to what fits a terminal.

use std::borrow::Cow;
use std::ops::Range;

use crate::source::Place;

/// Lines longer than this many characters are cut around the place.
const LONGEST_LINE: usize = 120;

/// How many characters of a cut line stand before the place.
const BEFORE_PLACE: usize = 40;

/// How many characters behind the start of a place its cut line surely shows.
const BEHIND_PLACE: u32 = 60;

/// Places of one file that are at most this many lines apart are shown in one snippet.
const LINES_IN_ONE_SNIPPET: u32 = 30;

/// What stands where a line was cut.
const CUT: char = '…';

/// A place to underline, with the words beside it.
pub(super) struct Mark {
    pub(super) place: Place,
    pub(super) label: Option<String>,
}

/// A few lines of a file, cut to what a terminal shows, and what is underlined in them.
pub(super) struct Excerpt {
    pub(super) path: String,
    /// Line and column of the first mark.
    pub(super) line: usize,
    pub(super) column: usize,
    /// The line of the file that `text` starts with.
    pub(super) first_line: usize,
    pub(super) text: String,
    /// Whether the start of the first mark's line is left out, so that columns of `text` are not those of the file.
    pub(super) is_cut: bool,
    /// The bytes of `text` to underline, the first mark first.
    pub(super) annotations: Vec<(Range<usize>, Option<String>)>,
}

impl Excerpt {
    /// The lines of `marks`, which are places of one file, and those between them.
    pub(super) fn new(path: String, lines: &Lines<'_>, marks: &[Mark]) -> Option<Self> {
        let first_mark = marks.first()?;
        let shown = marks.iter().map(|mark| lines.clamp(mark.place.start.line));
        let (first_line, last_line) = (shown.clone().min()?, shown.max()?);
        let mut text = String::new();
        let mut is_cut = false;
        let mut spans = vec![0_usize..0; marks.len()];
        for number in first_line..=last_line {
            let on_line = |mark: &Mark| lines.clamp(mark.place.start.line) == number;
            let focus = marks.iter().find(|mark| on_line(mark)).map_or(1, |mark| mark.place.start.column);
            let (line, cut_before) = window(lines.line(number), focus);
            let line: String = line.chars().map(harmless).collect();
            for (mark, span) in marks.iter().zip(&mut spans).filter(|(mark, _)| on_line(mark)) {
                *span = span_of(&line, cut_before, mark.place, text.len());
            }
            is_cut |= cut_before > 0 && on_line(first_mark);
            text.push_str(&line);
            if number != last_line {
                text.push('\n');
            }
        }
        Some(Self {
            path,
            line: usize::try_from(first_mark.place.start.line).ok()?,
            column: usize::try_from(first_mark.place.start.column).ok()?,
            first_line: usize::try_from(first_line).ok()?,
            text,
            is_cut,
            annotations: spans.into_iter().zip(marks.iter().map(|mark| mark.label.clone())).collect(),
        })
    }
}

/// The part of a line that is shown when the place of interest starts at `column`, and how many characters before it are
/// left out. Where something is left out stands [`CUT`], which counts as the last character left out before.
fn window(line: &str, column: u32) -> (Cow<'_, str>, usize) {
    if !is_long(line) {
        return (Cow::Borrowed(line), 0);
    }
    let column = usize::try_from(column).unwrap_or(usize::MAX).saturating_sub(1);
    let skipped = column.saturating_sub(BEFORE_PLACE);
    // Files on one line have it long, and many findings.
    let bytes = if line.is_ascii() { skipped.min(line.len()) } else { 0 };
    let mut rest = line.get(bytes..).unwrap_or_default().chars().skip(skipped - bytes);
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

/// The control characters of Latin-1 steer terminals too; those of ASCII the renderer replaces itself.
fn harmless(character: char) -> char {
    if ('\u{80}'..='\u{9f}').contains(&character) { char::REPLACEMENT_CHARACTER } else { character }
}

/// Whether a line has to be cut. A very long one is not counted whole.
fn is_long(line: &str) -> bool {
    line.len() > LONGEST_LINE && line.chars().nth(LONGEST_LINE).is_some()
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
pub(super) struct Lines<'text> {
    text: &'text str,
    starts: Vec<usize>,
}

impl<'text> Lines<'text> {
    pub(super) fn of(text: &'text str) -> Self {
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

    /// Whether both places fit one excerpt that has `first` in view.
    pub(super) fn near(&self, first: Place, other: Place) -> bool {
        let (a, b) = (first.start, other.start);
        if first.file != other.file || a.line.abs_diff(b.line) > LINES_IN_ONE_SNIPPET {
            return false;
        }
        a.line != b.line
            || !is_long(self.line(a.line))
            || (a.column..a.column.saturating_add(BEHIND_PLACE)).contains(&b.column)
    }

    /// The text of a line, counted from 1, without its end.
    fn line(&self, number: u32) -> &'text str {
        let at = usize::try_from(number).unwrap_or(usize::MAX).saturating_sub(1);
        let Some(start) = self.starts.get(at) else { return "" };
        let end = self.starts.get(at + 1).copied().unwrap_or(self.text.len());
        self.text.get(*start..end).unwrap_or_default().trim_end_matches(['\n', '\r'])
    }
}

#[cfg(test)]
mod tests {
    use super::{Excerpt, Lines, Mark, window};
    use crate::diagnostics::Diagnostics;
    use crate::source::{Place, Position, Tree};

    fn excerpt(text: &str, places: &[(u32, u32, u32, u32)]) -> Excerpt {
        let file = Tree::from_text("a.yaml", "", &mut Diagnostics::new()).unwrap().root();
        let marks: Vec<Mark> = places
            .iter()
            .map(|(line, column, end_line, end_column)| {
                let start = Position { line: *line, column: *column };
                let end = Position { line: *end_line, column: *end_column };
                Mark { place: Place { file, start, end }, label: None }
            })
            .collect();
        Excerpt::new("a.yaml".to_owned(), &Lines::of(text), &marks).unwrap()
    }

    fn underlined(excerpt: &Excerpt) -> Vec<&str> {
        excerpt.annotations.iter().map(|(span, _)| excerpt.text.get(span.clone()).unwrap()).collect()
    }

    #[test]
    fn lines_end_with_each_kind_of_line_break() {
        let lines = Lines::of("a\nb\r\nc\rd\n");
        let all: Vec<&str> = (1..=5).map(|number| lines.line(number)).collect();
        assert_eq!(all, ["a", "b", "c", "d", ""]);
        assert_eq!(lines.line(6), "");
    }

    #[test]
    fn columns_count_characters() {
        assert_eq!(underlined(&excerpt("äöü: ß\nb", &[(1, 2, 1, 4), (1, 6, 1, 7)])), ["öü", "ß"]);
    }

    #[test]
    fn of_several_lines_the_first_is_underlined() {
        let excerpt = excerpt("a:\n  b: 1 \n  c: 2\nd", &[(2, 3, 3, 7)]);
        assert_eq!((excerpt.first_line, &*excerpt.text), (2, "  b: 1 "));
        assert_eq!(underlined(&excerpt), ["b: 1"]);
    }

    #[test]
    fn places_outside_of_the_text_do_no_harm() {
        for place in [(9, 9, 9, 10), (1, 99, 1, 100), (1, 2, 1, 1), (0, 0, 0, 0), (u32::MAX, u32::MAX, 1, 1)]
        {
            assert!(underlined(&excerpt("abc\n", &[place])).concat().len() <= 1, "{place:?}");
        }
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let line = format!("{}ä{}", "x".repeat(1000), "y".repeat(1000));
        let excerpt = excerpt(&line, &[(1, 1001, 1, 1002)]);
        assert!(excerpt.is_cut && excerpt.text.chars().count() < 130);
        assert_eq!(underlined(&excerpt), ["ä"]);
        assert_eq!((excerpt.line, excerpt.column), (1, 1001));
        let (shown, cut_before) = window(&line, 3);
        assert!(cut_before == 0 && shown.starts_with('x') && shown.ends_with('…'));
    }
}
