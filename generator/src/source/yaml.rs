//! YAML 1.2 into nodes, from the events of `saphyr-parser`.

mod anchors;
mod collection;
#[cfg(test)]
mod tests;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span, StrInput, Tag};

use self::anchors::Anchors;
use self::collection::{Collection, Key, Parts, object};
use super::load::{repeated_key, too_deep};
use super::scalar::{resolve_plain, resolve_tagged};
use super::{FileId, Limits, Node, Place, Position, ReadResult, Reading, Value};
use crate::diagnostics::{Code, Diagnostic};

/// The key that merges other mappings into its own (<https://yaml.org/type/merge.html>).
const MERGE_KEY: &str = "<<";

/// Reads the one document of a YAML text; an empty text is null.
///
/// `expansion_left` is how many nodes aliases may still add.
///
/// # Errors
///
/// The first place where the text is not YAML, holds what has no place in a description (a second document, a key that is
/// not text), or exceeds a limit.
pub(super) fn read(
    file: FileId,
    text: &str,
    limits: &Limits,
    expansion_left: &mut usize,
) -> ReadResult<Reading> {
    check_characters(file, text)?;
    let mut reader = Reader {
        parser: Parser::new_from_str(text),
        file,
        end: end_of(text),
        deepest: limits.depth,
        anchors: Anchors::new(limits.expansion, expansion_left),
        findings: Vec::new(),
    };
    let root = reader.stream()?;
    Ok(Reading { root, findings: reader.findings })
}

struct Reader<'text, 'budget> {
    parser: Parser<'text, StrInput<'text>>,
    file: FileId,
    /// The end of the text: the parser puts what it misses there on a line of its own.
    end: Position,
    deepest: usize,
    anchors: Anchors<'budget>,
    findings: Vec<Diagnostic>,
}

impl<'text> Reader<'text, '_> {
    fn next(&mut self) -> ReadResult<(Event<'text>, Span)> {
        match self.parser.next_event() {
            Some(Ok(next)) => Ok(next),
            Some(Err(error)) => {
                let place = self.place(Span::empty(*error.marker()));
                if error.info() == "recursion limit exceeded" {
                    return Err(Box::new(too_deep(place, self.deepest.min(usize::from(u8::MAX)))));
                }
                let mut finding =
                    Diagnostic::new(Code::Syntax, place, format!("this is not YAML: {}", error.info()));
                if let Some(help) = help_for(error.info()) {
                    finding.help(help);
                }
                Err(Box::new(finding))
            }
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn stream(&mut self) -> ReadResult<Node> {
        let mut root = None;
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => break,
                Event::DocumentStart(_) => {
                    let (first, first_span) = self.next()?;
                    if root.is_none() {
                        root = Some(self.node(first, first_span)?);
                    } else if !is_empty_scalar(&first) {
                        let mut finding = self.syntax(span, "a second document starts here".to_owned());
                        finding
                            .help("keep one document in the file, and move the other to a file of its own");
                        return Err(finding);
                    }
                }
                Event::StreamStart
                | Event::DocumentEnd
                | Event::Nothing
                | Event::Alias(_)
                | Event::Scalar(..)
                | Event::SequenceStart(..)
                | Event::SequenceEnd
                | Event::MappingStart(..)
                | Event::MappingEnd => {}
            }
        }
        let start = Position { line: 1, column: 1 };
        let place = Place { file: self.file, start, end: start };
        Ok(root.unwrap_or(Node { place, value: Value::Null }))
    }

    /// The node that `event` starts. Nesting is a matter of a list, not of the stack of the thread.
    fn node(&mut self, mut event: Event<'text>, mut span: Span) -> ReadResult<Node> {
        let mut open: Vec<Collection> = Vec::new();
        loop {
            let is_empty = is_empty_scalar(&event);
            let alias = matches!(event, Event::Alias(_)).then(|| self.place(span));
            let depth = open.len();
            let whole = match event {
                Event::Scalar(text, style, anchor, tag) => {
                    let value = self.scalar(&text, style, tag.as_deref(), span)?;
                    let node = Node { place: self.place(span), value };
                    self.anchors.remember(anchor, &node, node.place)?;
                    Some(node)
                }
                Event::SequenceStart(anchor, tag) => {
                    self.check_collection(span, depth, tag.as_deref(), "map")?;
                    open.push(Collection::new(anchor, span, Parts::Items(Vec::new())));
                    None
                }
                Event::MappingStart(anchor, tag) => {
                    self.check_collection(span, depth, tag.as_deref(), "seq")?;
                    open.push(Collection::new(anchor, span, Parts::Entries(Vec::new(), None)));
                    None
                }
                Event::Alias(anchor) => {
                    Some(self.anchors.repeat(anchor, self.place(span), depth, self.deepest)?)
                }
                Event::Nothing
                | Event::StreamStart
                | Event::StreamEnd
                | Event::DocumentStart(_)
                | Event::DocumentEnd
                | Event::SequenceEnd
                | Event::MappingEnd => {
                    let Some(ended) = open.pop_if(|last| last.is_ended_by(&event)) else {
                        let message = "found the end of the document, expected a value".to_owned();
                        return Err(self.syntax(span, message));
                    };
                    Some(self.ended(ended, span)?)
                }
            };
            if let Some(node) = whole {
                match open.last_mut() {
                    Some(collection) => collection.add(node, alias, is_empty),
                    None => return Ok(node),
                }
            }
            (event, span) = self.next()?;
            if let Some(Collection { parts: Parts::Entries(_, key @ None), .. }) = open.last_mut()
                && event != Event::MappingEnd
            {
                let (merges, place) = (is_merge_key(&event), self.place(span));
                *key = Some(Key { text: self.key(event, span)?, place, merges });
                (event, span) = self.next()?;
            }
        }
    }

    /// A mapping or sequence at its end.
    fn ended(&mut self, collection: Collection, end: Span) -> ReadResult<Node> {
        let Collection { anchor, start, parts, last } = collection;
        let place = self.collection_place(start, end, last);
        let value = match parts {
            Parts::Items(items) => Value::Array(items),
            Parts::Entries(parts, _) => {
                let (object, repeated) = object(parts);
                self.findings.extend(repeated.iter().map(repeated_key));
                Value::Object(object)
            }
        };
        let node = Node { place, value };
        self.anchors.remember(anchor, &node, place)?;
        Ok(node)
    }

    fn scalar(&self, text: &str, style: ScalarStyle, tag: Option<&Tag>, span: Span) -> ReadResult<Value> {
        match tag {
            Some(tag) => {
                let tag = format!("{}{}", tag.handle, tag.suffix);
                resolve_tagged(&tag, text).map_err(|expected| {
                    self.syntax(span, format!("found `{text}`, expected {expected} because of the tag"))
                })
            }
            None if style == ScalarStyle::Plain => Ok(resolve_plain(text)),
            None => Ok(Value::String(text.to_owned())),
        }
    }

    fn check_collection(&self, span: Span, depth: usize, tag: Option<&Tag>, wrong: &str) -> ReadResult<()> {
        if depth >= self.deepest {
            return Err(Box::new(too_deep(self.place(span), self.deepest)));
        }
        if tag.is_some_and(|tag| {
            tag.is_yaml_core_schema()
                && [wrong, "str", "int", "float", "bool", "null"].contains(&tag.suffix.as_str())
        }) {
            return Err(self.syntax(span, "the tag does not fit what it stands before".to_owned()));
        }
        Ok(())
    }

    /// The text of a key. Keys are text in JSON, so that `200:` and `"200":` are one.
    fn key(&mut self, event: Event<'text>, span: Span) -> ReadResult<String> {
        let found = match event {
            Event::Scalar(text, style, anchor, tag) => {
                if anchor != 0 {
                    let value = self.scalar(&text, style, tag.as_deref(), span)?;
                    {
                        let place = self.place(span);
                        self.anchors.remember(anchor, &Node { place, value }, place)?
                    };
                }
                return Ok(text.into_owned());
            }
            Event::Alias(anchor) => {
                if let Some(text) = self.anchors.text(anchor) {
                    return Ok(text);
                }
                "an alias of something else"
            }
            Event::SequenceStart(..) => "a sequence",
            _ => "a mapping",
        };
        let mut finding = self.syntax(span, format!("found {found} as a key, expected text"));
        finding.help("put text that starts with `{` or `[` into quotes");
        Err(finding)
    }

    /// From the first character to the end of the bracket, or of the last part of a block.
    fn collection_place(&self, start: Span, end: Span, last: Option<Place>) -> Place {
        let start = self.place(start);
        let end = match last {
            Some(last) if end.is_empty() && last.end > start.start => last.end,
            _ => self.place(end).end.max(start.end),
        };
        Place { end, ..start }
    }

    fn place(&self, span: Span) -> Place {
        let (start, end) = (position(span.start).min(self.end), position(span.end).min(self.end));
        Place { file: self.file, start, end: end.max(start) }
    }

    fn syntax(&self, span: Span, message: String) -> Box<Diagnostic> {
        Box::new(Diagnostic::new(Code::Syntax, self.place(span), message))
    }
}

/// What usually helps where the parser says `info`.
fn help_for(info: &str) -> Option<&'static str> {
    let helps = [
        ("did not find expected key", "the keys of one mapping start in the same column"),
        ("did not find expected '-'", "the items of one sequence start in the same column"),
        ("':'", "put text that contains `: ` into quotes, and close the brackets and quotes before it"),
        ("mapping values are not allowed", "put text that contains `: ` into quotes"),
        ("tab", "indent with spaces"),
        (
            "quoted scalar",
            "close the quotes; in double quotes a backslash that means itself is written `\\\\`",
        ),
        ("unexpected character", "put text that starts with this character into quotes"),
        (
            "unknown anchor",
            "an alias (`*name`) repeats an anchor (`&name`) that stands before it; put other text into quotes",
        ),
    ];
    helps.iter().find(|(part, _)| info.contains(part)).map(|(_, help)| *help)
}

fn position(marker: Marker) -> Position {
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    Position { line: count(marker.line()).max(1), column: count(marker.col()).saturating_add(1) }
}

/// Just behind the last character. Lines end with LF, CR LF, or CR alone.
fn end_of(text: &str) -> Position {
    let breaks = text.matches(['\n', '\r']).count() - text.matches("\r\n").count();
    let last_line = text.rsplit(['\n', '\r']).next().unwrap_or_default();
    position(Marker::new(text.len(), breaks + 1, last_line.chars().count()))
}

fn is_empty_scalar(event: &Event<'_>) -> bool {
    matches!(event, Event::Scalar(text, ScalarStyle::Plain, _, None) if text.is_empty())
}

fn is_merge_key(event: &Event<'_>) -> bool {
    match event {
        Event::Scalar(text, ScalarStyle::Plain, _, None) => text == MERGE_KEY,
        Event::Scalar(_, _, _, Some(tag)) => tag.is_yaml_core_schema() && tag.suffix == "merge",
        _ => false,
    }
}

/// YAML 1.2.2 §5.1 admits no control characters but tab and line breaks. The parser would take NUL for the end.
fn check_characters(file: FileId, text: &str) -> ReadResult<()> {
    let control = |byte: u8| byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r');
    let Some(at) = text.bytes().position(control) else { return Ok(()) };
    let start = end_of(text.get(..at).unwrap_or_default());
    let end = Position { column: start.column.saturating_add(1), ..start };
    let mut finding = Diagnostic::new(Code::Syntax, Place { file, start, end }, "found a control character");
    finding.help("YAML has none; write it as an escape sequence inside of double quotes");
    Err(Box::new(finding))
}
