//! Reading the keys of one object: kinds of values, missing keys, unknown keys.

use crate::diagnostics::Code;
use crate::model::keywords::{Kind, Version};
use crate::model::{Located, Named};
use crate::source::{Entry, FileId, Node, Object, Place, Tree, Value};

use super::Parser;

/// What identifies a part of the description, however it is reached: its file and JSON Pointer.
pub(super) type PartId = (FileId, String);

/// A node together with what identifies it.
#[derive(Clone, Debug)]
pub(super) struct Part<'tree> {
    pub(super) node: &'tree Node,
    /// The file that it belongs to, to which its references are relative.
    pub(super) file: FileId,
    pub(super) pointer: String,
}

impl<'tree> Part<'tree> {
    /// The whole root file.
    pub(super) fn root(tree: &'tree Tree) -> Option<Self> {
        let file = tree.root();
        Some(Self { node: &tree.file(file)?.root, file, pointer: String::new() })
    }

    pub(super) fn id(&self) -> PartId {
        (self.file, self.pointer.clone())
    }

    /// Whether the part is there in name only: a key with nothing behind it.
    pub(super) fn is_null(&self) -> bool {
        self.node.value == Value::Null
    }

    /// An entry, when the part is an object that has it.
    pub(super) fn child(&self, key: &str) -> Option<Self> {
        let node = self.node.as_object()?.get(key)?;
        Some(Self { node, file: self.file, pointer: child(&self.pointer, key) })
    }

    /// All entries, when the part is an object.
    pub(super) fn members(&self) -> Option<impl Iterator<Item = Member<'tree>>> {
        let entries = self.node.as_object()?.entries();
        Some(entries.map(|entry| member(self.file, &self.pointer, entry)))
    }
}

/// An entry of a map whose keys are names.
#[derive(Clone, Debug)]
pub(super) struct Member<'tree> {
    pub(super) name: &'tree str,
    /// Where the name stands.
    pub(super) place: Place,
    pub(super) part: Part<'tree>,
}

/// An object of a known kind, whose keys have been checked. A key whose value is null counts as absent.
pub(super) struct Fields<'tree> {
    pub(super) object: &'tree Object,
    pub(super) place: Place,
    pub(super) file: FileId,
    pub(super) pointer: String,
    kind: &'static Kind,
}

impl<'tree> Fields<'tree> {
    pub(super) fn get(&self, key: &str) -> Option<&'tree Node> {
        self.get_or_null(key).filter(|node| node.value != Value::Null)
    }

    /// The value of `key` where null is a value.
    pub(super) fn get_or_null(&self, key: &str) -> Option<&'tree Node> {
        debug_assert!(self.kind.has(key), "the table of keywords lacks `{key}` on {}", self.kind.name);
        self.object.get(key)
    }

    /// The value of `key` as a part of its own.
    pub(super) fn part(&self, key: &str) -> Option<Part<'tree>> {
        let node = self.get(key)?;
        Some(Part { node, file: self.file, pointer: child(&self.pointer, key) })
    }

    /// The entries as a map of names; keys that begin with `x-` are left out.
    pub(super) fn members(&self) -> impl Iterator<Item = Member<'tree>> {
        let names = self.object.entries().filter(|entry| !entry.key.starts_with("x-"));
        names.map(|entry| member(self.file, &self.pointer, entry))
    }
}

/// The pointer of an entry or item.
pub(super) fn child(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}

fn member<'tree>(file: FileId, pointer: &str, entry: &'tree Entry) -> Member<'tree> {
    let part = Part { node: &entry.value, file, pointer: child(pointer, &entry.key) };
    Member { name: &entry.key, place: entry.key_place, part }
}

impl<'tree> Parser<'tree, '_> {
    /// The part as an object of the kind. Reports when it is none, and all keys that do not belong there.
    pub(super) fn fields(&mut self, part: &Part<'tree>, kind: &'static Kind) -> Option<Fields<'tree>> {
        let Some(object) = part.node.as_object() else {
            self.wrong_kind(part.node, kind.name, "an object");
            return None;
        };
        for entry in object.entries() {
            self.check_key(entry, kind);
        }
        let (file, pointer) = part.id();
        Some(Fields { object, place: part.node.place, file, pointer, kind })
    }

    pub(super) fn wrong_kind(&mut self, node: &Node, what: &str, expected: &str) {
        let message = format!("{what} must be {expected}, and this is {}", node.kind());
        self.diagnostics.report(Code::WrongKind, node.place, message);
    }

    fn wrong_kind_at(&mut self, node: &Node, key: &str, expected: &str) {
        self.wrong_kind(node, &format!("`{key}`"), expected);
    }

    /// Reports a required key that is not there, without which the object cannot be used.
    pub(super) fn missing(&mut self, fields: &Fields<'tree>, key: &str) {
        let message = format!("`{key}` is missing from {}", fields.kind.name);
        self.diagnostics.report(Code::MissingKey, fields.place, message);
    }

    /// Reports a required key that is not there, and what is done without it.
    pub(super) fn incomplete(&mut self, fields: &Fields<'tree>, key: &str, instead: &str) {
        let message = format!("`{key}` is missing from {}", fields.kind.name);
        self.diagnostics.report(Code::Incomplete, fields.place, message).help(instead);
    }

    pub(super) fn invalid(&mut self, place: Place, message: impl Into<String>, help: impl Into<String>) {
        self.diagnostics.report(Code::InvalidValue, place, message).help(help);
    }

    /// Reports what the specification does not allow and what it is taken for.
    pub(super) fn deviation(
        &mut self,
        place: Place,
        message: impl Into<String>,
        taken_for: impl Into<String>,
    ) {
        self.diagnostics.report(Code::Deviation, place, message).help(taken_for);
    }

    /// Text; a number or boolean is taken for the text that it was written as.
    pub(super) fn located_text(&mut self, fields: &Fields<'tree>, key: &str) -> Option<Located<String>> {
        let node = fields.get(key)?;
        self.scalar(node, key)
    }

    pub(super) fn text(&mut self, fields: &Fields<'tree>, key: &str) -> Option<String> {
        self.located_text(fields, key).map(|text| text.value)
    }

    /// Text without which the object cannot be used.
    pub(super) fn required_text(&mut self, fields: &Fields<'tree>, key: &str) -> Option<Located<String>> {
        if fields.get(key).is_none() {
            self.missing(fields, key);
        }
        self.located_text(fields, key)
    }

    /// Text that is required and can be done without.
    pub(super) fn expected_text(&mut self, fields: &Fields<'tree>, key: &str) -> String {
        if fields.get(key).is_none() {
            self.incomplete(fields, key, "it is taken for an empty text");
        }
        self.text(fields, key).unwrap_or_default()
    }

    /// A scalar as text; `key` is what the message calls it.
    pub(super) fn scalar(&mut self, node: &Node, key: &str) -> Option<Located<String>> {
        let value = node.scalar_text();
        if value.is_none() {
            self.wrong_kind_at(node, key, "a string");
        }
        Some(Located { value: value?, place: node.place })
    }

    pub(super) fn boolean(&mut self, fields: &Fields<'tree>, key: &str) -> Option<bool> {
        let node = fields.get(key)?;
        if node.as_bool().is_some() {
            return node.as_bool();
        }
        let meant = match node.as_str() {
            Some("true") => Some(true),
            Some("false") => Some(false),
            _ => None,
        };
        match meant {
            Some(value) => {
                self.deviation(
                    node.place,
                    format!("`{key}` is a string, and a boolean is expected"),
                    format!("it is taken for {value}"),
                );
            }
            None => self.wrong_kind_at(node, key, "a boolean"),
        }
        meant
    }

    /// A flag that is false when absent.
    pub(super) fn flag(&mut self, fields: &Fields<'tree>, key: &str) -> bool {
        self.boolean(fields, key).unwrap_or_default()
    }

    /// A whole number from 0; too large ones are cut to the largest.
    pub(super) fn size(&mut self, fields: &Fields<'tree>, key: &str) -> Option<u64> {
        let node = fields.get(key)?;
        let text = self.number(fields, key)?;
        let size = text.parse::<u64>().ok().or_else(|| whole(&text));
        if size.is_none() {
            self.invalid(node.place, format!("`{key}` is `{text}`"), "a whole number from 0 is expected");
        }
        size
    }

    /// A number as it was written; text that is one counts.
    pub(super) fn number(&mut self, fields: &Fields<'tree>, key: &str) -> Option<String> {
        let node = fields.get(key)?;
        let text = node.scalar_text().filter(|text| text.parse::<f64>().is_ok());
        if text.is_none() {
            self.wrong_kind_at(node, key, "a number");
        }
        text
    }

    /// The items of a list; none when it is absent.
    pub(super) fn list(&mut self, fields: &Fields<'tree>, key: &str) -> Vec<Part<'tree>> {
        let Some(part) = fields.part(key) else { return Vec::new() };
        self.items(&part, &format!("`{key}`"))
    }

    /// The items of the part, which is a list; `what` is what the message calls it.
    pub(super) fn items(&mut self, part: &Part<'tree>, what: &str) -> Vec<Part<'tree>> {
        let Some(items) = part.node.as_array() else {
            self.wrong_kind(part.node, what, "an array");
            return Vec::new();
        };
        let item = |(at, node): (usize, &'tree Node)| Part {
            node,
            file: part.file,
            pointer: child(&part.pointer, &at.to_string()),
        };
        items.iter().enumerate().map(item).collect()
    }

    /// What `read` makes of each item of a list.
    pub(super) fn each<T>(
        &mut self,
        fields: &Fields<'tree>,
        key: &str,
        mut read: impl FnMut(&mut Self, &Part<'tree>) -> Option<T>,
    ) -> Vec<T> {
        self.list(fields, key).iter().filter_map(|item| read(self, item)).collect()
    }

    /// A list of texts.
    pub(super) fn texts(&mut self, fields: &Fields<'tree>, key: &str) -> Vec<Located<String>> {
        self.each(fields, key, |parser, item| parser.scalar(item.node, key))
    }

    /// A list of texts whose places do not matter.
    pub(super) fn plain_texts(&mut self, fields: &Fields<'tree>, key: &str) -> Vec<String> {
        self.texts(fields, key).into_iter().map(|text| text.value).collect()
    }

    /// The entries of a map whose keys are names; none when it is absent.
    pub(super) fn map(&mut self, fields: &Fields<'tree>, key: &str) -> Vec<Member<'tree>> {
        match fields.part(key) {
            Some(part) => self.entries(&part, &format!("`{key}`")),
            None => Vec::new(),
        }
    }

    /// The entries of the part, which is a map whose keys are names; `what` is what the message calls it.
    pub(super) fn entries(&mut self, part: &Part<'tree>, what: &str) -> Vec<Member<'tree>> {
        match part.members() {
            Some(members) => members.collect(),
            None => {
                self.wrong_kind(part.node, what, "an object");
                Vec::new()
            }
        }
    }

    /// What `read` makes of each entry of a map.
    pub(super) fn named<T>(
        &mut self,
        fields: &Fields<'tree>,
        key: &str,
        mut read: impl FnMut(&mut Self, &Part<'tree>) -> Option<T>,
    ) -> Vec<Named<T>> {
        let mut named = Vec::new();
        for Member { name, place, part } in self.map(fields, key) {
            named.extend(read(self, &part).map(|value| Named { name: name.to_owned(), place, value }));
        }
        named
    }

    /// Whether the document is of this version or a later one.
    pub(super) fn since(&self, version: Version) -> bool {
        self.version >= version
    }
}

/// A whole number from 0 that was written with a fraction or an exponent, cut to the largest.
fn whole(text: &str) -> Option<u64> {
    let number = text.parse::<f64>().ok()?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked, and the cut is meant"
    )]
    (number >= 0.0 && number.fract() == 0.0).then_some(number as u64)
}
