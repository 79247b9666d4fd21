//! Whether a value is valid against a schema of a document: the crate `jsonschema` decides, on the document as it stands.
//!
//! The schemas are rewritten in place to JSON Schema draft 4, which OpenAPI 3.0 is closest to (its `exclusiveMinimum` is a
//! boolean too, and `$ref` stands alone): `nullable` becomes a type, what is only read is required only of answers and
//! what is only written only of requests (OpenAPI 3.0.4 §4.7.24), and what JSON Schema does not know or a validator would
//! refuse is left out.

use std::collections::{BTreeMap, BTreeSet};

use clientsmith_generator::model::{Schema, SchemaId, SchemaStore};
use clientsmith_generator::source::FileId;
use jsonschema::{Draft, Registry, Validator};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Map, Value, json};

/// Where the document is for the validator; nobody asks for it.
const DOCUMENT: &str = "https://document.invalid/openapi.json";

/// What may not stand in the fragment of a URI (RFC 3986 §3.5). A `%` that is there already stays.
const FRAGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'[')
    .add(b']')
    .add(b'|')
    .add(b'\\')
    .add(b'^')
    .add(b'#');

/// The integers that a format of OpenAPI holds (OpenAPI 3.0.4 §4.4).
const FORMATS: [(&str, i64, i64); 2] =
    [("int32", i32::MIN as i64, i32::MAX as i64), ("int64", i64::MIN, i64::MAX)];

const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

/// How a document's schemas are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reading {
    /// As they are written.
    Literal,
    /// One with `properties` or `items` and without `type` has the type that these are about. As it is written, any value
    /// of another type is valid.
    TypesMeant,
    /// The formats of integers limit them. As far as JSON Schema goes, they say nothing.
    FormatsMeant,
}

/// The validators of a document's schemas for one way that values go.
pub(super) struct Validity<'a> {
    store: &'a SchemaStore,
    root: FileId,
    registry: Result<Registry<'static>, String>,
    validators: BTreeMap<SchemaId, Result<Validator, String>>,
}

impl<'a> Validity<'a> {
    /// Prepares the document, with all the schemas that were read of it.
    pub(super) fn new(
        document: &Value,
        store: &'a SchemaStore,
        root: FileId,
        is_sent: bool,
        reading: Reading,
    ) -> Self {
        let mut document = document.clone();
        encode_references(&mut document);
        let dropped = one_way(store, is_sent);
        let mut patterns = BTreeMap::new();
        for (id, schema) in store.iter().filter(|(_, schema)| schema.origin.file == root) {
            if let Some(Value::Object(object)) = document.pointer_mut(&schema.origin.pointer) {
                let mut converted = convert(std::mem::take(object), dropped.get(&id), &mut patterns);
                match reading {
                    Reading::Literal => {}
                    Reading::TypesMeant => mean_types(&mut converted),
                    Reading::FormatsMeant => mean_formats(&mut converted),
                }
                *object = converted;
            }
        }
        let registry = Registry::new().draft(Draft::Draft4).add(DOCUMENT, document);
        let registry = registry.and_then(|registry| registry.prepare()).map_err(|error| error.to_string());
        Self { store, root, registry, validators: BTreeMap::new() }
    }

    /// Whether a value is valid; an error when nobody can say.
    pub(super) fn is_valid(&mut self, schema: SchemaId, value: &Value) -> Result<bool, String> {
        if !self.validators.contains_key(&schema) {
            let built = self.build(schema);
            self.validators.insert(schema, built);
        }
        match self.validators.get(&schema) {
            Some(Ok(validator)) => Ok(validator.is_valid(value)),
            Some(Err(error)) => Err(error.clone()),
            None => Ok(false),
        }
    }

    fn build(&self, id: SchemaId) -> Result<Validator, String> {
        let registry = self.registry.as_ref().map_err(Clone::clone)?;
        let origin = self.store.get(id).map(|schema| &schema.origin);
        let origin = origin.filter(|origin| origin.file == self.root).ok_or("it is in another file")?;
        let pointer = utf8_percent_encode(&origin.pointer.replace('%', "%25"), FRAGMENT).to_string();
        let schema = json!({ "$ref": format!("{DOCUMENT}#{pointer}") });
        let options = jsonschema::options().with_draft(Draft::Draft4).with_registry(registry).offline();
        options.build(&schema).map_err(|error| error.to_string())
    }
}

/// Writes references as URIs, which they are not where a path template stands in them.
fn encode_references(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(encode_references),
        Value::Object(object) => {
            for (key, value) in object {
                match value {
                    Value::String(reference) if key == "$ref" && reference.starts_with('#') => {
                        let pointer = reference.trim_start_matches('#');
                        *reference = format!("#{}", utf8_percent_encode(pointer, FRAGMENT));
                    }
                    inner => encode_references(inner),
                }
            }
        }
        _ => {}
    }
}

/// For each schema the properties that do not go that way, so that nothing requires them: its own, those of what it is
/// `allOf`, and those of what is `allOf` it.
fn one_way(store: &SchemaStore, is_sent: bool) -> BTreeMap<SchemaId, BTreeSet<String>> {
    let does_not_go = |schema: &Schema| match is_sent {
        true => schema.read_only && !schema.write_only,
        false => schema.write_only && !schema.read_only,
    };
    let mut dropped: BTreeMap<SchemaId, BTreeSet<String>> = BTreeMap::new();
    for (id, _) in store.iter() {
        let mut family = BTreeSet::new();
        let mut waiting = vec![id];
        let mut names = BTreeSet::new();
        while let Some(next) = waiting.pop() {
            let Some(schema) = store.get(next).filter(|_| family.insert(next)) else { continue };
            waiting.extend(schema.all_of.iter().map(|member| member.id));
            let properties = schema.properties.iter();
            let one_way =
                properties.filter(|property| store.get(property.schema.id).is_some_and(does_not_go));
            names.extend(one_way.map(|property| property.name.clone()));
        }
        if !names.is_empty() {
            for member in family {
                dropped.entry(member).or_default().extend(names.iter().cloned());
            }
        }
    }
    dropped
}

/// One schema as draft 4 has it; what is inside of it is converted by itself.
fn convert(
    mut schema: Map<String, Value>,
    dropped: Option<&BTreeSet<String>>,
    patterns: &mut BTreeMap<String, bool>,
) -> Map<String, Value> {
    let is_nullable = schema.get("nullable") == Some(&Value::Bool(true));
    schema.retain(|key, value| match (key.as_str(), &*value) {
        ("$ref" | "format", value) => value.is_string(),
        ("type", Value::String(name)) => TYPES.contains(&name.as_str()),
        ("enum" | "allOf" | "oneOf" | "anyOf", Value::Array(items)) => !items.is_empty(),
        ("properties" | "items" | "not", value) => value.is_object(),
        ("additionalProperties", value) => value.is_object() || value.is_boolean(),
        ("minimum" | "maximum", value) => value.is_number(),
        ("exclusiveMinimum" | "exclusiveMaximum" | "uniqueItems", value) => value.is_boolean(),
        ("multipleOf", value) => value.as_f64().is_some_and(|number| number > 0.0),
        ("minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties", value) => {
            value.is_u64()
        }
        ("pattern", Value::String(pattern)) => *patterns
            .entry(pattern.clone())
            .or_insert_with(|| jsonschema::options().build(&json!({ "pattern": pattern })).is_ok()),
        ("required", Value::Array(_)) => true,
        _ => false,
    });
    for (limit, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
        if !schema.contains_key(limit) {
            schema.remove(exclusive);
        }
    }
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        properties.retain(|_, property| property.is_object());
    }
    if let Some(Value::Array(names)) = schema.get_mut("required") {
        let mut seen = BTreeSet::new();
        names.retain(|name| {
            name.as_str().is_some_and(|name| {
                !dropped.is_some_and(|dropped| dropped.contains(name)) && seen.insert(name.to_owned())
            })
        });
        if names.is_empty() {
            schema.remove("required");
        }
    }
    if let (true, Some(ty)) = (is_nullable, schema.get_mut("type")) {
        *ty = json!([ty.clone(), "null"]);
    }
    schema
}

/// Gives a schema the type that its keywords are about.
fn mean_types(schema: &mut Map<String, Value>) {
    let about = |keys: &[&str]| keys.iter().any(|key| schema.contains_key(*key));
    let meant = match (about(&["properties", "additionalProperties", "required"]), about(&["items"])) {
        _ if schema.contains_key("type") => return,
        (true, false) => "object",
        (false, true) => "array",
        _ => return,
    };
    schema.insert("type".to_owned(), json!(meant));
}

/// Limits an integer to what its format holds.
fn mean_formats(schema: &mut Map<String, Value>) {
    let format = schema.get("format").and_then(Value::as_str);
    let Some((_, least, most)) = FORMATS.iter().find(|(name, ..)| Some(*name) == format) else { return };
    for (key, bound) in [("minimum", least), ("maximum", most)] {
        if !schema.contains_key(key) {
            schema.insert(key.to_owned(), json!(bound));
        }
    }
}

#[cfg(test)]
mod tests {
    use clientsmith_generator::diagnostics::Diagnostics;
    use clientsmith_generator::{model, source};

    use super::*;

    const DOCUMENT: &str = r##"{
        "openapi": "3.0.4", "info": {"title": "T", "version": "1"},
        "paths": {"/a/{b}": {"get": {"responses": {"200": {"description": "", "content": {"application/json": {
            "schema": {"type": "object", "properties": {"x": {"type": "string", "nullable": true}}}
        }}}}}}},
        "components": {"schemas": {
            "Aside": {"type": "array", "items":
                {"$ref": "#/paths/~1a~1{b}/get/responses/200/content/application~1json/schema"}},
            "Bounded": {"type": "integer", "minimum": 1, "exclusiveMinimum": true, "format": "int32"},
            "Open": {"properties": {"a": {"type": "integer"}}, "required": ["a"]},
            "Child": {"allOf": [{"$ref": "#/components/schemas/Base"}, {"required": ["id", "key"]}]},
            "Base": {"type": "object", "properties": {
                "id": {"type": "string", "readOnly": true}, "key": {"type": "string", "writeOnly": true}}},
            "Odd": {"type": "string", "pattern": "(", "minLength": "1", "example": "a", "required": true}
        }}
    }"##;

    fn is_valid(schema: &str, value: Value, is_sent: bool, reading: Reading) -> bool {
        let mut diagnostics = Diagnostics::new();
        let tree = source::Tree::from_text("a.json", DOCUMENT, &mut diagnostics).unwrap();
        let document = model::parse(&tree, &mut diagnostics).unwrap();
        let json = serde_json::from_str(DOCUMENT).unwrap();
        let mut validity = Validity::new(&json, &document.schemas, tree.root(), is_sent, reading);
        let named = document.components.schemas.iter().find(|named| named.name == schema).unwrap();
        validity.is_valid(named.value.id, &value).unwrap()
    }

    #[test]
    fn schemas_say_what_openapi_means() {
        for (schema, value, expected) in [
            ("Aside", json!([{"x": null}, {"x": "y"}]), true),
            ("Aside", json!([{"x": 1}]), false),
            ("Bounded", json!(2), true),
            ("Bounded", json!(1), false),
            ("Bounded", json!(3_000_000_000_u32), true),
            ("Open", json!({"a": 1}), true),
            ("Open", json!({}), false),
            ("Open", json!("text"), true),
            ("Odd", json!("b"), true),
            ("Odd", json!(1), false),
        ] {
            assert_eq!(
                is_valid(schema, value.clone(), false, Reading::Literal),
                expected,
                "{schema} {value}"
            );
        }
    }

    #[test]
    fn what_goes_one_way_is_required_that_way() {
        for (value, answered, sent) in
            [(json!({"id": ""}), true, false), (json!({"key": ""}), false, true), (json!({}), false, false)]
        {
            assert_eq!(is_valid("Child", value.clone(), false, Reading::Literal), answered, "{value}");
            assert_eq!(is_valid("Child", value.clone(), true, Reading::Literal), sent, "{value}");
        }
    }

    #[test]
    fn what_is_meant_is_narrower() {
        assert!(!is_valid("Open", json!("text"), false, Reading::TypesMeant));
        assert!(is_valid("Open", json!({"a": 1}), false, Reading::TypesMeant));
        assert!(!is_valid("Bounded", json!(3_000_000_000_u32), false, Reading::FormatsMeant));
        assert!(is_valid("Bounded", json!(2), false, Reading::FormatsMeant));
    }
}
