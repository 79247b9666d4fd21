//! Which operations are wanted, and so on whose behalf is reported.
//!
//! The whole description is lowered, whatever is selected: names, groups and what is shared follow from the whole, so that
//! they are the same in a client of a part. What is left out is marked, and nothing is reported about it.

use std::collections::BTreeSet;

use super::Lowering;
use super::direction::parts;
use super::discriminators::Families;
use super::operations::{group_name, id_of, method_name};
use crate::diagnostics::{Code, Diagnostics};
use crate::model::{Document, Operation, ParameterShape, SchemaId, SchemaRef};
use crate::source::closest;

/// Which operations the client has. What is empty selects nothing by itself; an operation has to fit all that is not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Operations with one of these tags; one without tags has the name of its group for a tag.
    pub tags: Vec<String>,
    /// Operations with one of these operationIds, or of these methods and paths: `GET /jobs/{id}`.
    pub operations: Vec<String>,
    /// Operations whose path template is one of these, where `*` stands for any text, slashes included.
    pub paths: Vec<String>,
}

impl Selection {
    /// Whether it selects everything.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.tags.is_empty() && self.operations.is_empty() && self.paths.is_empty()
    }

    fn takes(&self, operation: &Operation) -> bool {
        let has_tag = |wanted: &String| tags(operation).iter().any(|tag| tag == wanted);
        let has_id = |wanted: &String| ids(operation).contains(wanted);
        let has_path = |pattern: &String| fits(&operation.path.value, pattern);
        (self.tags.is_empty() || self.tags.iter().any(has_tag))
            && (self.operations.is_empty() || self.operations.iter().any(has_id))
            && (self.paths.is_empty() || self.paths.iter().any(has_path))
    }

    /// Reports each word that fits no operation, and a selection that leaves none.
    fn check(&self, document: &Document, diagnostics: &mut Diagnostics) {
        let operations = &document.operations;
        let known_tags: Vec<String> = operations.iter().flat_map(tags).collect();
        let known_ids: Vec<String> = operations.iter().flat_map(ids).collect();
        let known_paths: Vec<String> =
            operations.iter().map(|operation| operation.path.value.clone()).collect();
        let mut all_are_known = true;
        let mut unknown = |what: &str, wanted: &String, known: &[String], help: &str| {
            all_are_known = false;
            let meant = closest(wanted, known.iter().map(String::as_str));
            let meant = meant.map(|meant| format!("did you mean `{meant}`?"));
            diagnostics
                .report(Code::UnknownSelection, None, format!("no operation has the {what} `{wanted}`"))
                .help(meant.unwrap_or_else(|| help.to_owned()));
        };
        for tag in self.tags.iter().filter(|tag| !known_tags.contains(tag)) {
            unknown("tag", tag, &known_tags, &listed("the tags are", known_tags.iter()));
        }
        for id in self.operations.iter().filter(|id| !known_ids.contains(id)) {
            unknown(
                "operationId",
                id,
                &known_ids,
                "a method and a path name an operation too: `GET /jobs/{id}`",
            );
        }
        let is_unknown = |pattern: &&String| !known_paths.iter().any(|path| fits(path, pattern));
        for pattern in self.paths.iter().filter(is_unknown) {
            unknown("path", pattern, &known_paths, "`*` stands for any text, as in `/jobs/*`");
        }
        if all_are_known
            && !operations.is_empty()
            && !operations.iter().any(|operation| self.takes(operation))
        {
            diagnostics
                .report(Code::UnknownSelection, None, "no operation fits all that is selected")
                .help("an operation has to fit the tags, the operationIds and the paths that are given");
        }
    }
}

/// What belongs to the operations that are selected.
pub(super) struct Selected {
    /// Whether the selection leaves something out at all.
    is_everything: bool,
    /// Their indexes in the document.
    operations: BTreeSet<usize>,
    /// The schemas that they reach.
    schemas: BTreeSet<SchemaId>,
    /// The names of the security schemes that they need.
    schemes: BTreeSet<String>,
}

impl Selected {
    /// Finds what a selection selects; what it names in vain is reported.
    pub(super) fn of(
        selection: &Selection,
        document: &Document,
        families: &Families,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let mut selected = Self {
            is_everything: selection.is_everything(),
            operations: BTreeSet::new(),
            schemas: BTreeSet::new(),
            schemes: BTreeSet::new(),
        };
        if selected.is_everything {
            return selected;
        }
        selection.check(document, diagnostics);
        let mut waiting = Vec::new();
        for (index, operation) in document.operations.iter().enumerate() {
            if selection.takes(operation) {
                selected.operations.insert(index);
                waiting.extend(schemas(operation));
                let requirements = operation.security.as_ref().or(document.security.as_ref());
                let schemes = requirements.into_iter().flatten().flat_map(|requirement| &requirement.schemes);
                selected.schemes.extend(schemes.map(|scheme| scheme.name.clone()));
            }
        }
        while let Some(id) = waiting.pop() {
            if selected.schemas.insert(id)
                && let Some(schema) = document.schemas.get(id)
            {
                waiting.extend(parts(schema).chain(families.members(id)));
            }
        }
        selected
    }

    /// Whether nothing is left out.
    pub(super) fn is_everything(&self) -> bool {
        self.is_everything
    }

    /// Whether the operation of that index in the document is selected.
    pub(super) fn has_operation(&self, index: usize) -> bool {
        self.is_everything || self.operations.contains(&index)
    }

    /// Whether an operation that is selected reaches the schema.
    pub(super) fn has_schema(&self, id: SchemaId) -> bool {
        self.is_everything || self.schemas.contains(&id)
    }

    /// Whether an operation that is selected needs the security scheme.
    pub(super) fn has_scheme(&self, name: &str) -> bool {
        self.is_everything || self.schemes.contains(name)
    }
}

impl Lowering<'_> {
    /// Makes what follows count for a part that is selected, or for one that is not: then nothing is reported. Returns
    /// what held before.
    pub(super) fn speak_for(&mut self, is_selected: bool) -> bool {
        let before = self.is_heard;
        if before != is_selected {
            std::mem::swap(self.diagnostics, &mut self.unheard);
            self.is_heard = is_selected;
        }
        before
    }
}

/// All schemas that an operation and its callbacks name.
fn schemas(operation: &Operation) -> Vec<SchemaId> {
    let callbacks = operation.callbacks.iter().flat_map(|callback| &callback.value);
    let found = callbacks.chain([operation]).flat_map(references);
    found.map(|reference| reference.id).collect()
}

fn references(operation: &Operation) -> Vec<&SchemaRef> {
    let mut found: Vec<&SchemaRef> = Vec::new();
    for parameter in &operation.parameters {
        found.extend(of_shape(&parameter.shape));
    }
    for media in operation.request_body.iter().flat_map(|body| &body.content) {
        found.extend(&media.value.schema);
    }
    for (_, response) in &operation.responses {
        found.extend(response.content.iter().flat_map(|media| &media.value.schema));
        found.extend(response.headers.iter().flat_map(|header| of_shape(&header.value.shape)));
    }
    found
}

fn of_shape(shape: &ParameterShape) -> Option<&SchemaRef> {
    match shape {
        ParameterShape::Schema { schema, .. } => schema.as_ref(),
        ParameterShape::Content(media) => media.value.schema.as_ref(),
    }
}

/// The tags of an operation, else the name of its group.
fn tags(operation: &Operation) -> Vec<String> {
    match operation.tags.as_slice() {
        [] => vec![group_name(operation)],
        tags => tags.iter().map(|tag| tag.value.clone()).collect(),
    }
}

/// What names an operation.
fn ids(operation: &Operation) -> [String; 2] {
    [id_of(operation), format!("{} {}", method_name(operation.method), operation.path.value)]
}

/// The words of a list that is short enough to be shown.
fn listed<'a>(introduction: &str, words: impl Iterator<Item = &'a String>) -> String {
    const MOST: usize = 20;
    let words: BTreeSet<String> = words.map(|word| format!("`{word}`")).collect();
    let more = if words.len() > MOST { ", …" } else { "" };
    let shown: Vec<String> = words.into_iter().take(MOST).collect();
    format!("{introduction} {}{more}", shown.join(", "))
}

/// Whether a text fits a pattern, in which `*` stands for any text.
fn fits(text: &str, pattern: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return text == pattern };
    let Some(mut text) = text.strip_prefix(start) else { return false };
    let mut pieces: Vec<&str> = rest.split('*').collect();
    // The end is fixed; of the pieces before it, taking each where it first occurs leaves the most to those behind.
    let end = pieces.pop().unwrap_or_default();
    for piece in pieces {
        let Some(at) = text.find(piece) else { return false };
        text = text.get(at + piece.len()..).unwrap_or_default();
    }
    text.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_star_stands_for_any_text() {
        for (text, pattern, expected) in [
            ("/jobs", "/jobs", true),
            ("/jobs", "/job", false),
            ("/jobs/{id}", "/jobs/*", true),
            ("/jobs/{id}/logs/{line}", "/jobs/*", true),
            ("/jobs/", "/jobs/*", true),
            ("/jobs", "/jobs/*", false),
            ("/jobs", "/jobs*", true),
            ("/jobs/{id}/logs", "/jobs/*/logs", true),
            ("/jobs/{id}/logs", "*logs", true),
            ("/jobs/{id}/logs", "*/jobs/**/logs", true),
            ("/jobs/{id}/logs", "*logs*logs", false),
            ("/a/b/a/b", "*a*b", true),
            ("/ab", "/ab*b", false),
            ("", "*", true),
            ("/jobs", "", false),
        ] {
            assert_eq!(fits(text, pattern), expected, "{text} and {pattern}");
        }
    }
}
