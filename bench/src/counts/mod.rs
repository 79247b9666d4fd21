//! `bench counts`: our reader against another one.
//!
//! Counted are, by both, the same things:
//!
//! - **operations**: the methods of all path items under `paths`;
//! - **parameters**: of each operation those that it sends: its own and those of its path item that it does not replace,
//!   wherever they are written;
//! - **schemas**: the schema objects that path items and `components/schemas` reach, each once, written in place or
//!   referred to. A reference is no schema, and neither is an empty object at `additionalProperties`, which says what `true`
//!   says. What only a callback reaches is not counted.

mod ours;
mod theirs;

use std::path::Path;

use clap::Args;
use openapiv3::OpenAPI;

use crate::list::Selection;
use crate::package::Location;
use crate::report::{FileError, read_json, table};
use crate::{Failure, Verdict};

/// Compares what `openapiv3` and our reader find in each document of a list.
///
/// The exit status is 1 when they differ on a document that both can read.
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    selection: Selection,

    #[command(flatten)]
    location: Location,
}

/// How much there is in a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    operations: usize,
    parameters: usize,
    schemas: usize,
}

/// What the two readers say of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Comparison {
    /// Both read it.
    Both { ours: Counts, theirs: Counts },
    /// Ours refuses it.
    NotByUs,
    /// `openapiv3` refuses it: why.
    NotByThem(String),
}

/// Runs the measurement.
pub(crate) fn run(options: &Options) -> Result<Verdict, Failure> {
    let folder = options.location.documents()?;
    let mut compared = Vec::new();
    for document in options.selection.documents()? {
        let comparison = comparison(&folder.join(&document))?;
        compared.push((document, comparison));
    }
    println!("{}", shown(&compared));
    let holds = compared.iter().all(|(_, comparison)| !comparison.differs());
    Ok(if holds { Verdict::Holds } else { Verdict::FallsShort })
}

fn comparison(spec: &Path) -> Result<Comparison, FileError> {
    let Some(ours) = ours::counts(spec) else { return Ok(Comparison::NotByUs) };
    match read_json::<OpenAPI>(spec) {
        Ok(document) => Ok(Comparison::Both { ours, theirs: theirs::counts(&document) }),
        Err(FileError::Malformed { source, .. }) => Ok(Comparison::NotByThem(source.to_string())),
        Err(other) => Err(other),
    }
}

impl Comparison {
    fn differs(&self) -> bool {
        matches!(self, Comparison::Both { ours, theirs } if ours != theirs)
    }
}

/// The documents on which the readers differ, those that one of them refuses, and what all come to.
fn shown(compared: &[(String, Comparison)]) -> String {
    let mut shown = String::new();
    let differing: Vec<Vec<String>> = compared
        .iter()
        .filter(|(_, comparison)| comparison.differs())
        .filter_map(|(document, comparison)| differing(document, comparison))
        .collect();
    let agreeing: Vec<Counts> = compared
        .iter()
        .filter_map(|(_, comparison)| match comparison {
            Comparison::Both { ours, theirs } if ours == theirs => Some(*ours),
            _ => None,
        })
        .collect();
    if !differing.is_empty() {
        let head = ["document", "operations", "theirs", "parameters", "theirs", "schemas", "theirs"];
        shown.push_str(&table(&head, &[1, 2, 3, 4, 5, 6], differing.clone()));
        shown.push_str("\n\n");
    }
    for (document, comparison) in compared {
        match comparison {
            Comparison::Both { .. } => {}
            Comparison::NotByUs => shown.push_str(&format!("refused by us: {document}\n")),
            Comparison::NotByThem(why) => {
                shown.push_str(&format!("refused by openapiv3: {document}: {why}\n"))
            }
        }
    }
    let sum = |part: fn(&Counts) -> usize| agreeing.iter().map(part).sum::<usize>();
    let both = agreeing.len() + differing.len();
    shown.push_str(&format!(
        "{} of {both} documents that both read agree: {} operations, {} parameters, {} schemas",
        agreeing.len(),
        sum(|counts| counts.operations),
        sum(|counts| counts.parameters),
        sum(|counts| counts.schemas),
    ));
    shown
}

fn differing(document: &str, comparison: &Comparison) -> Option<Vec<String>> {
    let Comparison::Both { ours, theirs } = comparison else { return None };
    let pairs = [
        (ours.operations, theirs.operations),
        (ours.parameters, theirs.parameters),
        (ours.schemas, theirs.schemas),
    ];
    let numbers = pairs.into_iter().flat_map(|(ours, theirs)| [ours.to_string(), theirs.to_string()]);
    Some([document.to_owned()].into_iter().chain(numbers).collect())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::package::target_folder;

    /// Parameters of path items and by reference, one that is replaced, inner references, circles, a callback.
    const DOCUMENT: &str = r##"{
        "openapi": "3.0.4", "info": {"title": "T", "version": "1"},
        "paths": {
            "/a/{id}": {
                "parameters": [
                    {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}},
                    {"$ref": "#/components/parameters/Page"}
                ],
                "get": {
                    "parameters": [
                        {"name": "page", "in": "query", "schema": {"type": "string"}},
                        {"name": "page", "in": "header", "content": {"application/json": {"schema": {"type": "array", "items": {}}}}}
                    ],
                    "responses": {"200": {"$ref": "#/components/responses/Found"}},
                    "callbacks": {"c": {"{$url}": {"post": {"requestBody": {"content": {"a/b": {"schema": {"type": "string"}}}}, "responses": {}}}}}
                },
                "delete": {"responses": {"204": {"description": ""}}}
            }
        },
        "components": {
            "parameters": {
                "Page": {"name": "page", "in": "query", "schema": {"$ref": "#/components/schemas/A/properties/n"}},
                "Unused": {"name": "unused", "in": "query", "schema": {"type": "string"}}
            },
            "responses": {
                "Found": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}}
            },
            "schemas": {
                "A": {
                    "type": "object", "additionalProperties": {},
                    "properties": {"n": {"type": "integer"}, "next": {"$ref": "#/components/schemas/A"}}
                },
                "B": {"oneOf": [{"$ref": "#/components/schemas/A"}, {"type": "object", "additionalProperties": {"type": "string"}}]},
                "C": {"$ref": "#/components/schemas/B"}
            }
        }
    }"##;

    #[test]
    fn both_readers_find_what_is_there() {
        let folder = target_folder().join("counts");
        fs::create_dir_all(&folder).unwrap();
        let spec = folder.join("document.json");
        fs::write(&spec, DOCUMENT).unwrap();
        // Parameters: three of `get`, two of `delete`. Schemas: three of parameters that are written in place and the
        // items of one, A and n, B and its second member and the type of that one's properties, and what the callback sends.
        let expected = Counts { operations: 2, parameters: 5, schemas: 10 };
        assert_eq!(comparison(&spec).unwrap(), Comparison::Both { ours: expected, theirs: expected });
    }

    #[test]
    fn differences_and_refusals_are_listed() {
        let some = Counts { operations: 1, parameters: 2, schemas: 3 };
        let less = Counts { schemas: 2, ..some };
        let compared = [
            ("a.json".to_owned(), Comparison::Both { ours: some, theirs: some }),
            ("b.json".to_owned(), Comparison::Both { ours: some, theirs: less }),
            ("c.json".to_owned(), Comparison::NotByUs),
            ("d.json".to_owned(), Comparison::NotByThem("missing field".to_owned())),
        ];
        insta::assert_snapshot!(shown(&compared));
        assert_eq!(compared.iter().filter(|(_, comparison)| comparison.differs()).count(), 1);
    }
}
