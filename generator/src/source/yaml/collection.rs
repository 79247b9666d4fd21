//! A mapping or sequence while it is read, and what merge keys put into it.

use std::collections::BTreeSet;

use saphyr_parser::{Event, Span};

use crate::source::{Entry, Node, Object, Place, Repeated, Value};

/// A part of a mapping while it is read.
pub(super) enum Part {
    Entry(Entry),
    /// What a merge key brings; entries of the mapping itself come before these.
    Merged(Vec<Entry>),
}

/// A mapping or sequence that has not ended.
pub(super) struct Collection {
    pub(super) anchor: usize,
    pub(super) start: Span,
    pub(super) parts: Parts,
    /// Where the last part stands.
    pub(super) last: Option<Place>,
}

pub(super) enum Parts {
    Items(Vec<Node>),
    /// The entries, and the key whose value comes next.
    Entries(Vec<Part>, Option<Key>),
}

pub(super) struct Key {
    pub(super) text: String,
    pub(super) place: Place,
    /// Whether its value goes into the mapping that it stands in.
    pub(super) merges: bool,
}

impl Collection {
    pub(super) fn new(anchor: usize, start: Span, parts: Parts) -> Self {
        Self { anchor, start, parts, last: None }
    }

    pub(super) fn is_ended_by(&self, event: &Event<'_>) -> bool {
        match &self.parts {
            Parts::Items(_) => *event == Event::SequenceEnd,
            Parts::Entries(_, key) => *event == Event::MappingEnd && key.is_none(),
        }
    }

    /// Adds a part. What an alias repeats stands elsewhere: `alias` is where the alias does.
    pub(super) fn add(&mut self, node: Node, alias: Option<Place>, is_empty: bool) {
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

/// An object of what was read, and the keys that it had twice. What merge keys bring stands where they stand, and yields to what the mapping says
/// itself and to what was merged earlier.
pub(super) fn object(parts: Vec<Part>) -> (Object, Vec<Repeated>) {
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
    Object::new(entries)
}
