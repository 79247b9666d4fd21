//! Hostile text in the place of every text of a description that has all kinds of them.

use serde_json::{Value, json};

use crate::inspect::MARK;
use crate::support::{Outcome, outcome};

/// Texts that mean something to Rust, to Markdown, to TOML, to HTTP or to a terminal. The mark in them may not become an
/// identifier.
fn hostile() -> Vec<String> {
    let shapes = [
        "*/ MARK /*",
        "\"#; MARK!(); r#\"",
        "\"##)] struct MARK;",
        "\"]\nfn MARK() {}\n#[doc = \"",
        "]]> MARK",
        "\\\"; MARK(); \\\"",
        "\\u{22} MARK",
        "\\u0022; MARK",
        "\n\nMARK",
        "\rMARK\r\nMARK",
        "\u{2028}MARK\u{2029}MARK\u{85}MARK",
        "```\nMARK\n```rust\nMARK",
        "\t\0\u{1}\u{7}\u{1b}[31mMARK\u{7f}\u{9b}",
        "\u{202e}\u{2066}MARK\u{2069}\u{202c}",
        "\u{200b}\u{200d}\u{feff}MARK\u{ad}",
        "{MARK}{{}}{0:?}%s${MARK}",
        "'MARK",
        "//! MARK",
        "<script>MARK</script><!-- MARK -->",
        "[MARK][`MARK`](MARK)",
        "[dependencies]\nMARK = \"*\"",
        "../../MARK",
        "\u{10ffff}\u{e000}𝕄MARK日本",
        "#![MARK]",
        "r#MARK",
    ];
    shapes.iter().map(|shape| shape.replace("MARK", MARK)).collect()
}

/// A description with every name and every text that the language has.
fn sample() -> Value {
    json!({
        "openapi": "3.0.3",
        "info": {
            "title": "title", "description": "about", "version": "1", "termsOfService": "https://a.example/terms",
            "contact": {"name": "contact", "url": "https://a.example", "email": "a@a.example"},
            "license": {"name": "licence", "url": "https://a.example"}
        },
        "externalDocs": {"url": "https://a.example/docs", "description": "more"},
        "servers": [{"url": "https://{region}.a.example/{base}", "description": "server", "variables": {
            "region": {"default": "north", "enum": ["north", "south"], "description": "which"},
            "base": {"default": "v1"}
        }}],
        "tags": [{"name": "things", "description": "all things", "externalDocs": {"url": "https://a.example/t", "description": "t"}}],
        "security": [{"key": []}, {"login": ["read"]}],
        "x-own": {"text": "extension"},
        "paths": {"/things/{id}": {
            "summary": "path", "description": "path",
            "parameters": [{"name": "id", "in": "path", "required": true, "description": "id", "schema": {"type": "string"}, "example": "one"}],
            "post": {
                "operationId": "makeThing", "tags": ["things"], "summary": "makes", "description": "makes a thing",
                "externalDocs": {"url": "https://a.example/o", "description": "o"},
                "parameters": [
                    {"name": "q", "in": "query", "description": "q", "schema": {"type": "string", "pattern": "^a$", "default": "a"}, "examples": {"first": {"summary": "s", "value": "a"}}},
                    {"name": "X-Header", "in": "header", "description": "h", "schema": {"type": "array", "items": {"type": "string"}}},
                    {"name": "cookie", "in": "cookie", "description": "c", "schema": {"type": "string", "enum": ["a", "b"]}}
                ],
                "requestBody": {"description": "body", "content": {
                    "application/json": {"schema": {"$ref": "#/components/schemas/Thing"}, "example": {"name": "n"}},
                    "multipart/form-data": {"schema": {"type": "object", "properties": {"file": {"type": "string", "format": "binary", "description": "f"}, "note": {"type": "string"}}}, "encoding": {"note": {"contentType": "text/plain"}}}
                }},
                "responses": {
                    "200": {
                        "description": "made", "headers": {"X-Count": {"description": "count", "schema": {"type": "integer"}}},
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}, "examples": {"a": {"value": {"name": "n", "kind": "a"}}}}, "text/plain": {"schema": {"type": "string"}}},
                        "links": {"next": {"operationId": "makeThing", "description": "again", "parameters": {"id": "$response.body#/name"}}}
                    },
                    "default": {"description": "failed", "content": {"application/problem+json": {"schema": {"type": "object", "properties": {"code": {"type": "string"}}}}}}
                }
            }
        }},
        "components": {
            "schemas": {
                "Thing": {
                    "type": "object", "title": "thing", "description": "a thing", "required": ["name"],
                    "externalDocs": {"url": "https://a.example/s", "description": "s"},
                    "properties": {
                        "name": {"type": "string", "title": "name", "description": "the name", "pattern": "^.*$", "default": "d", "example": "e", "format": "own"},
                        "kind": {"$ref": "#/components/schemas/Kind"},
                        "number": {"type": "integer", "enum": [1, 2], "x-enum-varnames": ["One", "Two"], "x-enum-descriptions": ["one", "two"]},
                        "any": {"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}], "discriminator": {"propertyName": "pet", "mapping": {"cat": "#/components/schemas/Cat"}}},
                        "either": {"anyOf": [{"type": "integer", "title": "an integer", "description": "i"}, {"type": "string", "title": "a text", "description": "t"}]}
                    },
                    "additionalProperties": {"type": "string", "description": "more"}
                },
                "Kind": {"type": "string", "description": "kinds", "enum": ["a", "b"], "x-enum-varnames": ["A", "B"], "x-enum-descriptions": ["first", "second"]},
                "Cat": {"type": "object", "required": ["pet"], "properties": {"pet": {"type": "string"}}, "x-ms-discriminator-value": "cat"},
                "Dog": {"type": "object", "required": ["pet"], "properties": {"pet": {"type": "string"}}}
            },
            "securitySchemes": {
                "key": {"type": "apiKey", "in": "header", "name": "X-Key", "description": "a key"},
                "login": {"type": "oauth2", "description": "l", "flows": {"clientCredentials": {"tokenUrl": "https://a.example/token", "refreshUrl": "https://a.example/refresh", "scopes": {"read": "reads"}}}}
            }
        }
    })
}

/// The pointers of all texts, and of all keys as the pointer of the object and the key.
fn places(value: &Value, pointer: &str, texts: &mut Vec<String>, keys: &mut Vec<(String, String)>) {
    match value {
        Value::String(_) => texts.push(pointer.to_owned()),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                places(item, &format!("{pointer}/{index}"), texts, keys);
            }
        }
        Value::Object(object) => {
            for (key, item) in object {
                keys.push((pointer.to_owned(), key.clone()));
                let token = key.replace('~', "~0").replace('/', "~1");
                places(item, &format!("{pointer}/{token}"), texts, keys);
            }
        }
        _ => {}
    }
}

fn run(description: &Value) -> Outcome {
    outcome("a.json", description.to_string())
}

#[test]
fn the_sample_is_generated() {
    run(&sample()).generated();
}

/// One text after the other, each by another hostile text, so that all of them come to stand in all kinds of places.
#[test]
fn in_the_place_of_each_text() {
    let (sample, hostile) = (sample(), hostile());
    let (mut texts, mut keys) = (Vec::new(), Vec::new());
    places(&sample, "", &mut texts, &mut keys);
    let mut generated = 0;
    for (number, pointer) in texts.iter().enumerate() {
        let mut changed = sample.clone();
        *changed.pointer_mut(pointer).unwrap() = json!(hostile[number % hostile.len()]);
        generated += usize::from(run(&changed).is_generated());
    }
    assert!(generated > texts.len() / 2, "{generated} of {}", texts.len());
}

#[test]
fn in_the_place_of_each_key() {
    let (sample, hostile) = (sample(), hostile());
    let (mut texts, mut keys) = (Vec::new(), Vec::new());
    places(&sample, "", &mut texts, &mut keys);
    let mut generated = 0;
    for (number, (pointer, key)) in keys.iter().enumerate() {
        let mut changed = sample.clone();
        let Some(Value::Object(object)) = changed.pointer_mut(pointer) else {
            panic!("{pointer} is an object")
        };
        let value = object.remove(key).unwrap();
        object.insert(hostile[number % hostile.len()].clone(), value);
        generated += usize::from(run(&changed).is_generated());
    }
    assert!(generated > keys.len() / 3, "{generated} of {}", keys.len());
}

/// All texts that can be anything at once, for each of the hostile ones.
#[test]
fn in_the_place_of_all_texts_that_are_free() {
    for hostile in hostile() {
        run(&everywhere(&hostile)).generated();
    }
}

/// The sample with the text wherever it does not make the description another.
pub(crate) fn everywhere(hostile: &str) -> Value {
    let mut sample = sample();
    let free = [
        "/info/title",
        "/info/description",
        "/info/version",
        "/info/termsOfService",
        "/info/contact/name",
        "/info/contact/url",
        "/info/license/name",
        "/externalDocs/url",
        "/externalDocs/description",
        "/servers/0/description",
        "/servers/0/variables/region/description",
        "/servers/0/variables/base/default",
        "/tags/0/description",
        "/tags/0/externalDocs/url",
        "/tags/0/externalDocs/description",
        "/x-own/text",
        "/paths/~1things~1{id}/summary",
        "/paths/~1things~1{id}/description",
        "/paths/~1things~1{id}/parameters/0/description",
        "/paths/~1things~1{id}/parameters/0/example",
        "/paths/~1things~1{id}/post/operationId",
        "/paths/~1things~1{id}/post/responses/200/links/next/operationId",
        "/paths/~1things~1{id}/post/summary",
        "/paths/~1things~1{id}/post/description",
        "/paths/~1things~1{id}/post/externalDocs/url",
        "/paths/~1things~1{id}/post/externalDocs/description",
        "/paths/~1things~1{id}/post/parameters/0/name",
        "/paths/~1things~1{id}/post/parameters/0/description",
        "/paths/~1things~1{id}/post/parameters/0/schema/pattern",
        "/paths/~1things~1{id}/post/parameters/0/schema/default",
        "/paths/~1things~1{id}/post/parameters/0/examples/first/value",
        "/paths/~1things~1{id}/post/parameters/2/schema/enum/0",
        "/paths/~1things~1{id}/post/requestBody/description",
        "/paths/~1things~1{id}/post/responses/200/description",
        "/paths/~1things~1{id}/post/responses/default/description",
        "/paths/~1things~1{id}/post/responses/200/links/next/description",
        "/paths/~1things~1{id}/post/responses/200/headers/X-Count/description",
        "/components/schemas/Thing/title",
        "/components/schemas/Thing/description",
        "/components/schemas/Thing/properties/name/description",
        "/components/schemas/Thing/properties/name/pattern",
        "/components/schemas/Thing/properties/name/default",
        "/components/schemas/Thing/properties/name/example",
        "/components/schemas/Thing/properties/name/format",
        "/components/schemas/Kind/description",
        "/components/schemas/Kind/enum/0",
        "/components/schemas/Kind/x-enum-varnames/0",
        "/components/schemas/Kind/x-enum-descriptions/0",
        "/components/schemas/Thing/properties/number/x-enum-varnames/0",
        "/components/schemas/Thing/properties/number/x-enum-descriptions/0",
        "/components/schemas/Thing/properties/either/anyOf/0/title",
        "/components/schemas/Thing/properties/either/anyOf/0/description",
        "/components/schemas/Cat/x-ms-discriminator-value",
        "/components/securitySchemes/key/description",
        "/components/securitySchemes/login/flows/clientCredentials/scopes/read",
    ];
    for pointer in free {
        *sample.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = json!(hostile);
    }
    let renamed = [
        ("/components/schemas", "Dog"),
        ("/components/schemas/Thing/properties", "kind"),
        ("/components/schemas/Thing/properties", "number"),
        ("/paths/~1things~1{id}/post/responses/200/links", "next"),
        ("/paths/~1things~1{id}/post/requestBody/content/multipart~1form-data/schema/properties", "note"),
    ];
    for (pointer, key) in renamed {
        let Some(Value::Object(object)) = sample.pointer_mut(pointer) else { panic!("{pointer}") };
        let value = object.remove(key).unwrap_or_default();
        object.insert(format!("{hostile}{key}"), value);
    }
    let token = format!("{hostile}Dog").replace('~', "~0").replace('/', "~1");
    let encoded: String = token.bytes().map(|byte| format!("%{byte:02X}")).collect();
    *sample.pointer_mut("/components/schemas/Thing/properties/any/oneOf/1/$ref").unwrap() =
        json!(format!("#/components/schemas/{encoded}"));
    sample
}
