//! The tree that all later stages read from: plain data, each node with its place.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::ReferenceError;

/// Up to this many entries an object is searched from its front, which beats an index.
const SEARCHED_LINEARLY: usize = 16;

/// Names a file of a [`Tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub(crate) u32);

/// A line and a column, both counted from 1; the column counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

/// A stretch of a source file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// The first character.
    pub start: Position,
    /// Just behind the last character.
    pub end: Position,
}

/// A value of the sources, with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Where it stands.
    pub place: Place,
    /// What it is.
    pub value: Value,
}

/// What a [`Node`] holds. Scalars keep their raw text.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`, `~` or nothing at all.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as it was written (`3.0` stays `3.0`).
    Number(String),
    /// Text, unescaped.
    String(String),
    /// A sequence.
    Array(Vec<Node>),
    /// A mapping.
    Object(Object),
}

/// A mapping in the order of the source. A repeated key is reported when the file is read; the first one stays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Object {
    entries: Vec<Entry>,
    /// The numbers of the entries in the order of their keys; only of an object that is not searched linearly.
    sorted: Option<Box<[u32]>>,
}

/// An entry that [`Object::new`] left out, since its key was there already.
#[derive(Clone, Debug, PartialEq)]
pub struct Repeated {
    /// The entry that was left out.
    pub entry: Entry,
    /// Where the key of the entry that stayed stands.
    pub first: Place,
}

/// One key of an [`Object`] with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key as text; a YAML key `200` is the text `200`.
    pub key: String,
    /// Where the key stands.
    pub key_place: Place,
    /// The value.
    pub value: Node,
}

/// A file that was read.
#[derive(Debug)]
pub struct SourceFile {
    /// The path as it is shown to the user.
    pub path: PathBuf,
    /// The whole text, without a byte order mark.
    pub text: Arc<str>,
    /// The value of the file; null, when its text could not be parsed.
    pub root: Node,
    /// The path from the folder of the root file, without `.` and `..`: what identifies the file.
    pub(crate) key: PathBuf,
}

/// All files of a description: the one that was asked for, and those that its references reach.
#[derive(Debug)]
pub struct Tree {
    /// The number of the root file: not 0 when the findings of another tree went to the same `Diagnostics`.
    pub(crate) first: u32,
    pub(crate) files: Vec<SourceFile>,
    /// What came of reading each file that a reference names, by [`SourceFile::key`].
    pub(crate) loaded: BTreeMap<PathBuf, Result<FileId, ReferenceError>>,
    /// The folder of the root file as it is shown.
    pub(crate) folder: PathBuf,
    /// The same from the root of the file system; empty when the files are in memory.
    pub(crate) absolute_folder: PathBuf,
}

impl Tree {
    /// The file that was asked for.
    #[must_use]
    pub fn root(&self) -> FileId {
        FileId(self.first)
    }

    /// A file of the tree; every [`FileId`] of this tree names one.
    #[must_use]
    pub fn file(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(usize::try_from(id.0.checked_sub(self.first)?).ok()?)
    }

    /// All files in the order in which they were first referred to.
    pub fn files(&self) -> impl Iterator<Item = &SourceFile> {
        self.files.iter()
    }

    /// The folder of the file that was asked for.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Object {
    /// An object of `entries`, and what was left out of it because its key was there already.
    #[must_use]
    pub fn new(entries: Vec<Entry>) -> (Self, Vec<Repeated>) {
        if entries.len() <= SEARCHED_LINEARLY {
            let repeats = entries
                .iter()
                .enumerate()
                .any(|(at, entry)| entries.iter().take(at).any(|other| other.key == entry.key));
            if !repeats {
                return (Self { entries, sorted: None }, Vec::new());
            }
        } else if let Some(sorted) = sorted_without_repeats(&entries) {
            return (Self { entries, sorted: Some(sorted) }, Vec::new());
        }

        let mut first = BTreeMap::new();
        let mut kept = Vec::with_capacity(entries.len());
        let mut repeated = Vec::new();
        for entry in entries {
            if let Some(first) = first.get(&entry.key) {
                repeated.push(Repeated { entry, first: *first });
            } else {
                first.insert(entry.key.clone(), entry.key_place);
                kept.push(entry);
            }
        }
        let sorted = if kept.len() <= SEARCHED_LINEARLY { None } else { sorted_without_repeats(&kept) };
        (Self { entries: kept, sorted }, repeated)
    }

    /// The value of `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entry of `key`.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        let Some(sorted) = &self.sorted else {
            return self.entries.iter().find(|entry| entry.key == key);
        };
        let at = sorted
            .binary_search_by(|at| self.at(*at).map(|entry| entry.key.as_str()).cmp(&Some(key)))
            .ok()?;
        self.at(*sorted.get(at)?)
    }

    fn at(&self, number: u32) -> Option<&Entry> {
        self.entries.get(usize::try_from(number).ok()?)
    }

    /// The entries themselves, for building another object of them.
    #[must_use]
    pub fn into_entries(self) -> Vec<Entry> {
        self.entries
    }

    /// The entries in the order of the source.
    pub fn entries(&self) -> std::slice::Iter<'_, Entry> {
        self.entries.iter()
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// The numbers of the entries in the order of their keys; `None` when a key is repeated.
fn sorted_without_repeats(entries: &[Entry]) -> Option<Box<[u32]>> {
    let mut keys: Vec<(&str, u32)> = entries.iter().map(|entry| entry.key.as_str()).zip(0..).collect();
    keys.sort_unstable();
    let repeats = keys.windows(2).any(|pair| matches!(pair, [(a, _), (b, _)] if a == b));
    (!repeats && keys.len() == entries.len()).then(|| keys.into_iter().map(|(_, number)| number).collect())
}

impl Node {
    /// The text, when this is a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The raw text of a scalar: what a lenient reader takes a number or boolean for where text is wanted.
    #[must_use]
    pub fn scalar_text(&self) -> Option<String> {
        match &self.value {
            Value::String(text) | Value::Number(text) => Some(text.clone()),
            Value::Bool(value) => Some(value.to_string()),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
    }

    /// The boolean, when this is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self.value {
            Value::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The items, when this is a sequence.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Node]> {
        match &self.value {
            Value::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The mapping, when this is one.
    #[must_use]
    pub fn as_object(&self) -> Option<&Object> {
        match &self.value {
            Value::Object(object) => Some(object),
            _ => None,
        }
    }

    /// What this is, in the words of a message: `a string`, `an object`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        }
    }

    /// The value as a JSON text, its keys in their order and its numbers as they are written. What JSON has no number
    /// for, as `.inf`, is a string.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = String::new();
        self.write_json(&mut json);
        json
    }

    fn write_json(&self, json: &mut String) {
        match &self.value {
            Value::Null => json.push_str("null"),
            Value::Bool(value) => json.push_str(if *value { "true" } else { "false" }),
            Value::Number(text) => match json_number(text) {
                Some(number) => json.push_str(&number),
                None => write_json_string(text, json),
            },
            Value::String(text) => write_json_string(text, json),
            Value::Array(items) => {
                json.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        json.push(',');
                    }
                    item.write_json(json);
                }
                json.push(']');
            }
            Value::Object(object) => {
                json.push('{');
                for (index, entry) in object.entries().enumerate() {
                    if index > 0 {
                        json.push(',');
                    }
                    write_json_string(&entry.key, json);
                    json.push(':');
                    entry.value.write_json(json);
                }
                json.push('}');
            }
        }
    }
}

fn write_json_string(text: &str, json: &mut String) {
    json.push_str(&serde_json::Value::from(text).to_string());
}

/// The text of a number as JSON writes it. YAML writes some as JSON does not: `+1`, `010`, `.5`, `5.`.
fn json_number(text: &str) -> Option<Cow<'_, str>> {
    let is_number = |text: &str| serde_json::from_str::<&serde_json::value::RawValue>(text).is_ok();
    let starts_as_number =
        |text: &str| text.starts_with(|first: char| first == '-' || first.is_ascii_digit());
    if starts_as_number(text) && is_number(text) {
        return Some(Cow::Borrowed(text));
    }
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = match digits.find(['e', 'E']) {
        Some(at) => digits.split_at(at),
        None => (digits, ""),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    let point = if fraction.is_empty() { "" } else { "." };
    let text = format!("{sign}{whole}{point}{fraction}{exponent}");
    is_number(&text).then_some(Cow::Owned(text))
}

#[cfg(test)]
mod tests {
    use super::{Entry, FileId, Node, Object, Place, Position, Value, json_number};

    fn entry(key: &str, line: u32) -> Entry {
        let position = Position { line, column: 1 };
        let place = Place { file: FileId(0), start: position, end: position };
        Entry {
            key: key.to_owned(),
            key_place: place,
            value: Node { place, value: Value::Number(line.to_string()) },
        }
    }

    #[test]
    fn objects_of_every_size_find_their_keys_and_keep_their_order() {
        for size in [0, 1, 16, 17, 1000] {
            let entries: Vec<Entry> =
                (0..size).rev().map(|number| entry(&format!("key{number}"), number + 1)).collect();
            let (object, repeated) = Object::new(entries.clone());
            assert!(repeated.is_empty());
            assert!(object.entries().eq(&entries));
            for entry in &entries {
                assert_eq!(object.entry(&entry.key), Some(entry));
            }
            assert_eq!(object.get("key"), None);
            assert_eq!(object.into_entries(), entries);
        }
    }

    #[test]
    fn repeated_keys_are_left_out() {
        for size in [3, 17, 18, 100] {
            let mut entries: Vec<Entry> = (1..size).map(|line| entry(&format!("key{line}"), line)).collect();
            entries.push(entry("key2", size));
            let (object, repeated) = Object::new(entries);
            assert_eq!(object.get("key2").and_then(Node::scalar_text).as_deref(), Some("2"));
            assert_eq!(object.len() + 1, usize::try_from(size).unwrap());
            let [repeated] = repeated.as_slice() else { panic!("one key is repeated") };
            assert_eq!((repeated.first.start.line, repeated.entry.key_place.start.line), (2, size));
        }
    }

    #[test]
    fn numbers_that_only_yaml_has_become_json() {
        for (text, expected) in [
            ("3", Some("3")),
            ("-3.50", Some("-3.50")),
            ("+1", Some("1")),
            ("010", Some("10")),
            ("-.5", Some("-0.5")),
            ("5.", Some("5")),
            ("0.e3", Some("0e3")),
            ("1.8508440362185578e+25", Some("1.8508440362185578e+25")),
            ("123456789012345678901234567890", Some("123456789012345678901234567890")),
            (".inf", None),
            (".nan", None),
        ] {
            assert_eq!(json_number(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn json_keeps_the_order_of_keys_and_the_text_of_numbers() {
        let number = |key: &str, text: &str| Entry {
            value: Node { value: Value::Number(text.to_owned()), ..entry(key, 1).value },
            ..entry(key, 1)
        };
        let (object, _) = Object::new(vec![number("z", "1.10"), number("a\"", ".inf")]);
        let node = Node { value: Value::Object(object), ..entry("", 1).value };
        assert_eq!(node.to_json(), r#"{"z":1.10,"a\"":".inf"}"#);
    }
}
