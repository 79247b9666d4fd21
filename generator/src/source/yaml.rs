//! YAML 1.2 into nodes, from the events of `saphyr-parser`.

use std::collections::{BTreeSet, HashMap};

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span, StrInput, Tag};

use super::load::{repeated_key, too_deep};
use super::scalar::{resolve_plain, resolve_tagged};
use super::{Entry, FileId, Limits, Node, Object, Place, Position, ReadResult, Reading, Value};
use crate::diagnostics::{Code, Diagnostic};

/// The key that merges other mappings into its own (<https://yaml.org/type/merge.html>).
const MERGE_KEY: &str = "<<";

/// So many bytes of text count as one node where aliases are counted.
const BYTES_PER_NODE: usize = 64;

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
        expansion: limits.expansion,
        expansion_left,
        anchors: HashMap::new(),
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
    expansion: usize,
    expansion_left: &'budget mut usize,
    /// The nodes that aliases may repeat, by the number that the parser gives the anchor.
    anchors: HashMap<usize, Anchored>,
    findings: Vec<Diagnostic>,
}

struct Anchored {
    node: Node,
    size: Size,
}

/// What repeating a node adds to the tree.
#[derive(Clone, Copy, Default)]
struct Size {
    nodes: usize,
    depth: usize,
}

/// A part of a mapping while it is read.
enum Part {
    Entry(Entry),
    /// What a merge key brings; entries of the mapping itself come before these.
    Merged(Vec<Entry>),
}

/// A mapping or sequence that has not ended.
struct Collection {
    anchor: usize,
    start: Span,
    parts: Parts,
    /// Where the last part stands.
    last: Option<Place>,
}

enum Parts {
    Items(Vec<Node>),
    /// The entries, and the key whose value comes next.
    Entries(Vec<Part>, Option<Key>),
}

struct Key {
    text: String,
    place: Place,
    merges: bool,
}

impl Collection {
    fn new(anchor: usize, start: Span, parts: Parts) -> Self {
        Self { anchor, start, parts, last: None }
    }

    fn is_ended_by(&self, event: &Event<'_>) -> bool {
        match &self.parts {
            Parts::Items(_) => *event == Event::SequenceEnd,
            Parts::Entries(_, key) => *event == Event::MappingEnd && key.is_none(),
        }
    }

    /// Adds a part. What an alias repeats stands elsewhere: `alias` is where the alias does.
    fn add(&mut self, node: Node, alias: Option<Place>, is_empty: bool) {
        let mut place = node.place;
        match &mut self.parts {
            Parts::Items(items) => items.push(node),
            Parts::Entries(parts, key) => {
                let Some(key) = key.take() else { return };
                if is_empty {
                    // The parser puts what is not there at the next token, which may be far away.
                    place = key.place;
                }
                parts.push(Part::new(key, Node { place, ..node }));
            }
        }
        self.last = Some(alias.unwrap_or(place));
    }
}

impl Part {
    fn new(key: Key, node: Node) -> Self {
        match node.value {
            Value::Object(object) if key.merges => Self::Merged(object.into_entries()),
            Value::Array(items) if key.merges && items.iter().all(|item| item.as_object().is_some()) => {
                let objects = items.into_iter().filter_map(|item| match item.value {
                    Value::Object(object) => Some(object.into_entries()),
                    _ => None,
                });
                Self::Merged(objects.flatten().collect())
            }
            value => Self::Entry(Entry {
                key: key.text,
                key_place: key.place,
                value: Node { place: node.place, value },
            }),
        }
    }
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
                    self.remember(anchor, &node, span)?;
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
                Event::Alias(anchor) => Some(self.alias(anchor, span, depth)?),
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
            Parts::Entries(parts, _) => Value::Object(self.object(parts)),
        };
        let node = Node { place, value };
        self.remember(anchor, &node, start)?;
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
                    self.remember(anchor, &Node { place: self.place(span), value }, span)?;
                }
                return Ok(text.into_owned());
            }
            Event::Alias(anchor) => {
                if let Some(text) = self.anchors.get(&anchor).and_then(|anchored| anchored.node.scalar_text())
                {
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

    /// An object of what was read. What merge keys bring stands where they stand, and yields to what the mapping says
    /// itself and to what was merged earlier.
    fn object(&mut self, parts: Vec<Part>) -> Object {
        let merges = parts.iter().any(|part| matches!(part, Part::Merged(_)));
        let mut taken: BTreeSet<String> = BTreeSet::new();
        if merges {
            taken.extend(parts.iter().filter_map(|part| match part {
                Part::Entry(entry) => Some(entry.key.clone()),
                Part::Merged(_) => None,
            }));
        }
        let mut entries = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Part::Entry(entry) => entries.push(entry),
                Part::Merged(merged) => {
                    entries.extend(merged.into_iter().filter(|entry| taken.insert(entry.key.clone())));
                }
            }
        }
        let (object, repeated) = Object::new(entries);
        self.findings.extend(repeated.iter().map(repeated_key));
        object
    }

    /// Keeps a copy of an anchored node. The copies count like those that aliases make, since anchors can be nested.
    fn remember(&mut self, anchor: usize, node: &Node, span: Span) -> ReadResult<()> {
        if anchor == 0 {
            return Ok(());
        }
        let size = Size::of(node);
        self.spend(size, span)?;
        self.anchors.insert(anchor, Anchored { node: node.clone(), size });
        Ok(())
    }

    fn alias(&mut self, anchor: usize, span: Span, depth: usize) -> ReadResult<Node> {
        let Some(size) = self.anchors.get(&anchor).map(|anchored| anchored.size) else {
            return Err(self.syntax(span, "the alias stands inside of what it stands for".to_owned()));
        };
        if depth + size.depth > self.deepest {
            return Err(Box::new(too_deep(self.place(span), self.deepest)));
        }
        self.spend(size, span)?;
        match self.anchors.get(&anchor) {
            Some(anchored) => Ok(anchored.node.clone()),
            None => Err(self.syntax(span, "the alias stands for nothing".to_owned())),
        }
    }

    fn spend(&mut self, size: Size, span: Span) -> ReadResult<()> {
        let Some(left) = self.expansion_left.checked_sub(size.nodes) else {
            let message =
                format!("aliases make the description larger by more than {} nodes", self.expansion);
            return Err(Box::new(Diagnostic::new(Code::Limit, self.place(span), message)));
        };
        *self.expansion_left = left;
        Ok(())
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

impl Size {
    fn of(node: &Node) -> Self {
        let mut size = Self { nodes: 1, depth: 0 };
        let mut add = |text: usize, child: &Node| {
            let child = Self::of(child);
            size.nodes = size.nodes.saturating_add(child.nodes).saturating_add(text / BYTES_PER_NODE);
            size.depth = size.depth.max(child.depth);
        };
        match &node.value {
            Value::Null | Value::Bool(_) => {}
            Value::Number(text) | Value::String(text) => size.nodes += text.len() / BYTES_PER_NODE,
            Value::Array(items) => {
                items.iter().for_each(|item| add(0, item));
                size.depth += 1;
            }
            Value::Object(object) => {
                object.entries().for_each(|entry| add(entry.key.len(), &entry.value));
                size.depth += 1;
            }
        }
        size
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::read;
    use crate::diagnostics::Code;
    use crate::source::{FileId, Limits, Node, ReadResult, Reading};

    fn reading(text: &str) -> ReadResult<Reading> {
        read(FileId(0), text, &Limits::default(), &mut 1000)
    }

    fn root(text: &str) -> Node {
        let reading = reading(text).unwrap();
        assert_eq!(reading.findings, [], "{text}");
        reading.root
    }

    fn value(node: &Node) -> serde_json::Value {
        serde_json::from_str(&node.to_json()).unwrap()
    }

    #[test]
    fn values_are_those_of_the_core_schema() {
        let text = "a: 1\nb: 'yes'\nc: yes\nd: ~\ne:\nf: !!str 7\ng: |\n  x\n  y\nh: [0x10, .inf, 1.10, \"\\u00e9\"]\n";
        let expected = json!({
            "a": 1, "b": "yes", "c": "yes", "d": null, "e": null, "f": "7", "g": "x\ny\n", "h": [16, ".inf", 1.1, "é"],
        });
        assert_eq!(value(&root(text)), expected);
        assert_eq!(
            root(text).as_object().unwrap().get("h").unwrap().as_array().unwrap()[2].scalar_text().unwrap(),
            "1.10"
        );
    }

    #[test]
    fn nothing_is_null() {
        for text in ["", "\n", "# a\n", "---\n", "---\n...\n"] {
            assert_eq!(value(&root(text)), json!(null), "{text:?}");
        }
    }

    #[test]
    fn keys_are_text() {
        let text = "200: a\ntrue: b\n'x': c\n~: d\n&k key: e\nanchor: *k\n*k : f\n";
        let result = reading(text).unwrap();
        let object = result.root.as_object().unwrap();
        let keys: Vec<_> = object.entries().map(|entry| entry.key.as_str()).collect();
        assert_eq!(keys, ["200", "true", "x", "~", "key", "anchor"]);
        // The alias repeats a key.
        assert_eq!(result.findings.len(), 1);
        for text in ["? [a]\n: b\n", "{[a]: b}", "{{a: b}: c}", "a: &a [1]\n*a : b\n"] {
            assert_eq!(reading(text).err().unwrap().code, Code::Syntax, "{text}");
        }
    }

    #[test]
    fn merge_keys_yield_to_what_is_said_and_to_what_was_merged_earlier() {
        let text = "x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz:\n  c: 3\n  <<: [*x, *y]\n  d: 3\nw: {<<: *x, '<<': 1}\nv: {<<: text}\n";
        let root = root(text);
        let object = |key: &str| root.as_object().unwrap().get(key).unwrap();
        assert_eq!(value(object("z")), json!({"c": 3, "a": 1, "b": 1, "d": 3}));
        assert_eq!(value(object("w")), json!({"a": 1, "b": 1, "<<": 1}));
        assert_eq!(value(object("v")), json!({"<<": "text"}));
    }

    #[test]
    fn places_are_those_of_what_is_written() {
        let root = root("a:\n  b: ä x # c\n\n  d:\n    - 1\r\n    - 'e'\n");
        let place = |node: &Node| {
            let place = node.place;
            (place.start.line, place.start.column, place.end.line, place.end.column)
        };
        let a = root.as_object().unwrap().get("a").unwrap();
        let object = a.as_object().unwrap();
        assert_eq!(place(object.get("b").unwrap()), (2, 6, 2, 9));
        assert_eq!(place(object.get("d").unwrap()), (5, 5, 6, 10));
        assert_eq!(place(a), (2, 3, 6, 10));
        assert_eq!(object.entry("d").unwrap().key_place.start.column, 3);
    }

    #[test]
    fn what_is_missing_is_placed_at_its_key() {
        let root = root("a:\n\n\n# far away\nb: 1\n");
        let entry = root.as_object().unwrap().entry("a").unwrap();
        assert_eq!(entry.value.place, entry.key_place);
    }

    #[test]
    fn one_document_is_enough() {
        assert_eq!(value(&root("---\na: 1\n...\n")), json!({"a": 1}));
        assert_eq!(value(&root("a: 1\n---\n")), json!({"a": 1}));
        let finding = reading("a: 1\n---\nb: 2\n").err().unwrap();
        assert_eq!(finding.place.unwrap().start.line, 2);
    }

    #[test]
    fn control_characters_are_refused() {
        let finding = reading("a: 1\r\nb: x\0y\n").err().unwrap();
        let start = finding.place.unwrap().start;
        assert_eq!((start.line, start.column), (2, 5));
    }

    #[test]
    fn aliases_repeat_within_their_budget() {
        let text = "a: &a [1, 2, 3]\nb: [*a, *a]\n";
        assert_eq!(value(&root(text))["b"], json!([[1, 2, 3], [1, 2, 3]]));
        // The array has four nodes, and there are its copy that waits and two repetitions.
        let read_with = |mut budget: usize| read(FileId(0), text, &Limits::default(), &mut budget);
        assert!(read_with(12).is_ok());
        assert_eq!(read_with(11).err().unwrap().code, Code::Limit);
    }

    #[test]
    fn tags_must_fit() {
        for text in ["!!int x", "!!map [a]", "!!seq {a: b}", "!!str {a: b}", "a: !!bool 1"] {
            assert_eq!(reading(text).err().unwrap().code, Code::Syntax, "{text}");
        }
        assert_eq!(value(&root("!!map {a: !!seq [!x b]}")), json!({"a": ["b"]}));
    }
}
