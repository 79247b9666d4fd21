//! The operations of a document, counted in its JSON by nothing of ours.
//!
//! Each key of `paths` that is no extension names a path item, each of the eight methods in it that is an object an
//! operation (OpenAPI 3.0.4 §4.7.8 and §4.7.9). A path item may be a reference into the document.

use serde_json::{Map, Value};

/// The keys of a path item that are operations.
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// How many references may lead from one to the next.
const MAX_CHAIN: usize = 16;

/// What is said of a document without reading it with anything of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Facts {
    /// The text of `openapi`.
    pub(crate) version: String,
    /// How many operations there are.
    pub(crate) operations: usize,
}

/// The facts of a document.
pub(crate) fn facts(document: &Value) -> Facts {
    let version = document.get("openapi").and_then(Value::as_str).unwrap_or_default().to_owned();
    let paths = document.get("paths").and_then(Value::as_object);
    let operations = paths.into_iter().flatten().filter(|(key, _)| !key.starts_with("x-"));
    let operations = operations.filter_map(|(_, item)| target(document, item)).map(operations_of).sum();
    Facts { version, operations }
}

fn operations_of(path_item: &Map<String, Value>) -> usize {
    METHODS.iter().filter(|method| path_item.get(**method).is_some_and(Value::is_object)).count()
}

/// The object that a chain of references into the document leads to.
fn target<'a>(document: &'a Value, mut value: &'a Value) -> Option<&'a Map<String, Value>> {
    for _ in 0..MAX_CHAIN {
        let object = value.as_object()?;
        let Some(reference) = object.get("$ref").and_then(Value::as_str) else { return Some(object) };
        value = document.pointer(&reference.strip_prefix('#')?.replace("%7B", "{").replace("%7D", "}"))?;
    }
    None
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn methods_are_counted_and_nothing_else() {
        let document = json!({
            "openapi": "3.0.1",
            "paths": {
                "/a": {"get": {}, "trace": {}, "parameters": [], "summary": "get", "x-get": {}},
                "/b": {"$ref": "#/paths/~1a"},
                "/c": {"post": null},
                "/d": {"$ref": "#/paths/~1d"},
                "x-e": {"get": {}}
            }
        });
        assert_eq!(facts(&document), Facts { version: "3.0.1".to_owned(), operations: 4 });
    }

    #[test]
    fn a_document_without_paths_has_none() {
        assert_eq!(facts(&json!({"swagger": "2.0"})), Facts { version: String::new(), operations: 0 });
        assert_eq!(facts(&json!([1])).operations, 0);
    }
}
