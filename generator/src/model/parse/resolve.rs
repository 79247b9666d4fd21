//! Following `$ref` to the part that is meant, and reading a part once that is referred to often.

use std::collections::{BTreeMap, BTreeSet};

use super::Parser;
use super::reader::{Part, PartId};
use crate::diagnostics::Code;
use crate::model::keywords::OURS;
use crate::source::{FileId, Node, Object, Place, ReferenceError};

/// What parts that are referred to were read as; `None` when they cannot be used.
pub(super) type Shared<T> = BTreeMap<PartId, Option<T>>;

/// Where references lead that are part of a chain; `None` when that is nowhere, which has been reported. Without, chains
/// that share their ends would be followed again and again.
pub(super) type Ends<'tree> = BTreeMap<PartId, Option<End<'tree>>>;

/// How many references of a circle are shown.
const MOST_SHOWN: usize = 8;

/// Where a reference leads.
#[derive(Clone, Debug)]
pub(super) struct End<'tree> {
    part: Part<'tree>,
    component: Option<String>,
}

/// A part at the end of a chain of references.
#[derive(Debug)]
pub(super) struct Resolved<'tree> {
    /// The part; it is no reference.
    pub(super) part: Part<'tree>,
    /// Where the first reference stands; `None` when the part was there at once.
    pub(super) reference: Option<Place>,
    /// The key in `components` under which the chain led, the first if several.
    pub(super) component: Option<String>,
}

impl<'tree> Parser<'tree, '_> {
    /// Follows the references that start at the part, if it is one. `None` when they lead nowhere, which is reported.
    pub(super) fn resolve(&mut self, part: &Part<'tree>) -> Option<Resolved<'tree>> {
        let first = reference(part.node).map(|(_, reference)| reference.place);
        let mut reached = part.clone();
        let mut passed: Vec<(PartId, Place)> = Vec::new();
        let mut seen = BTreeSet::new();
        let end = loop {
            let Some((object, reference)) = reference(reached.node) else {
                break Some(End { part: reached.clone(), component: None });
            };
            let id = reached.id();
            if let Some(known) = self.ends.get(&id) {
                break known.clone();
            }
            if !seen.insert(id.clone()) {
                self.report_cycle(&passed);
                break None;
            }
            self.check_siblings(object);
            passed.push((id, reference.place));
            let Some(text) = reference.as_str() else {
                self.wrong_kind(reference, "`$ref`", "a string");
                break None;
            };
            match self.locate(reached.file, text, reference.place) {
                Some(next) => reached = next,
                None => break None,
            }
        };
        let End { part, component } = self.remember(passed, &reached, end)?;
        Some(Resolved { part, reference: first, component })
    }

    /// Takes down where each reference of a chain leads that passed these up to `reached`, and returns where the first
    /// does.
    fn remember(
        &mut self,
        passed: Vec<(PartId, Place)>,
        reached: &Part<'tree>,
        mut end: Option<End<'tree>>,
    ) -> Option<End<'tree>> {
        let is_chain = passed.len() > 1;
        let mut next = reached.pointer.clone();
        for (id, _) in passed.into_iter().rev() {
            if let Some(end) = &mut end {
                // Nearer components count more.
                end.component = component_key(&next).or_else(|| end.component.take());
            }
            next.clone_from(&id.1);
            if is_chain {
                self.ends.insert(id, end.clone());
            }
        }
        end
    }

    /// What a text names that is a reference by its meaning, to its end.
    pub(super) fn resolve_text(&mut self, file: FileId, text: &str, place: Place) -> Option<Resolved<'tree>> {
        let part = self.locate(file, text, place)?;
        let component = component_key(&part.pointer);
        let resolved = self.resolve(&part)?;
        Some(Resolved { reference: Some(place), component: component.or(resolved.component), ..resolved })
    }

    /// Follows one reference.
    fn locate(&mut self, file: FileId, text: &str, place: Place) -> Option<Part<'tree>> {
        match self.tree.locate(file, text) {
            Ok(location) => {
                Some(Part { node: location.node, file: location.file, pointer: location.pointer })
            }
            Err(error) => {
                self.report_broken(&error, place);
                None
            }
        }
    }

    pub(super) fn report_broken(&mut self, error: &ReferenceError, place: Place) {
        let finding = self.diagnostics.report(Code::BrokenReference, place, error.to_string());
        match error {
            ReferenceError::MissingPart { suggestion: Some(meant), .. } => {
                finding.help(format!("did you mean `{meant}`?"));
            }
            ReferenceError::Remote { .. } => {
                finding.help("save the file beside this one and refer to it by its path");
            }
            _ => {}
        }
    }

    fn report_cycle(&mut self, passed: &[(PartId, Place)]) {
        let Some(((_, first), others)) = passed.split_first() else { return };
        let message = "the reference leads back to itself and never to a value";
        let finding = self.diagnostics.report(Code::ReferenceCycle, *first, message);
        for (_, place) in others.iter().take(MOST_SHOWN) {
            finding.related(*place, "it leads here");
        }
    }

    /// What stands beside a `$ref` is ignored (OpenAPI 3.0.4 §4.7.23).
    fn check_siblings(&mut self, object: &Object) {
        for entry in object.entries() {
            let key = &entry.key;
            let (code, message) = if key.starts_with(OURS) {
                (Code::UnknownExtension, format!("`{key}` does not stand beside a `$ref`"))
            } else if matches!(key.as_str(), "$ref" | "summary" | "description") || key.starts_with("x-") {
                continue;
            } else {
                (Code::NotGenerated, format!("`{key}` beside a `$ref` is ignored, as the specification says"))
            };
            self.diagnostics
                .report(code, entry.key_place, message)
                .help("move it to what the reference names, or, with schemas, write the `$ref` into `allOf`");
        }
    }

    /// Reads a part that may be a reference. What is referred to is read once. With it comes its key in `components`, when
    /// it was reached through there.
    pub(super) fn shared<T: Clone>(
        &mut self,
        part: &Part<'tree>,
        shared: fn(&mut Self) -> &mut Shared<T>,
        read: fn(&mut Self, &Part<'tree>) -> Option<T>,
    ) -> Option<(T, Option<String>)> {
        let Resolved { part, reference, component } = self.resolve(part)?;
        if reference.is_none() {
            return Some((read(self, &part)?, component));
        }
        if let Some(known) = shared(self).get(&part.id()) {
            return Some((known.clone()?, component));
        }
        let value = read(self, &part);
        shared(self).insert(part.id(), value.clone());
        Some((value?, component))
    }
}

/// The value of `$ref`, and the object that it stands in.
fn reference(node: &Node) -> Option<(&Object, &Node)> {
    let object = node.as_object()?;
    Some((object, object.get("$ref")?))
}

/// The key of what stands directly in a section of `components`.
fn component_key(pointer: &str) -> Option<String> {
    let (_section, key) = pointer.strip_prefix("/components/")?.split_once('/')?;
    (!key.contains('/')).then(|| unescape(key))
}

/// The key that a part of a JSON Pointer stands for (RFC 6901 §4).
pub(super) fn unescape(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}
