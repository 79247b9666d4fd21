//! Changes to a description that leave it one, nearly: most get past the reader and deep into the later stages.

use serde_json::{Map, Value, json};

use crate::choices::Choices;
use crate::inspect::MARK;

/// The most changes that are made to one description.
const MOST: usize = 8;

/// Numbers that no `Value` holds stand as texts with this around them until the description is text.
const RAW: &str = "@raw@";

/// The keys that mean something anywhere in a description.
const KEYS: &[&str] = &[
    "$ref",
    "additionalProperties",
    "allOf",
    "allowEmptyValue",
    "allowReserved",
    "anyOf",
    "callbacks",
    "components",
    "content",
    "default",
    "deprecated",
    "description",
    "discriminator",
    "encoding",
    "enum",
    "example",
    "examples",
    "exclusiveMaximum",
    "explode",
    "externalDocs",
    "format",
    "headers",
    "in",
    "items",
    "links",
    "mapping",
    "maximum",
    "maxItems",
    "minimum",
    "multipleOf",
    "name",
    "not",
    "nullable",
    "oneOf",
    "operationId",
    "operationRef",
    "parameters",
    "pattern",
    "properties",
    "propertyName",
    "readOnly",
    "requestBody",
    "required",
    "responses",
    "schema",
    "schemas",
    "security",
    "securitySchemes",
    "servers",
    "style",
    "summary",
    "tags",
    "title",
    "type",
    "url",
    "uniqueItems",
    "value",
    "variables",
    "writeOnly",
    "x-enum-varnames",
    "x-enum-descriptions",
    "x-ms-discriminator-value",
    "x-clientsmith-client-parameter",
    "x-clientsmith-pagination",
    "x-clientsmith-secret",
    "x-clientsmith-wait",
    "x-clientsmith-error",
    "x-clientsmith-retry",
    "x-clientsmith-rust-name",
    "x-clientsmith-rust-type",
    "200",
    "2XX",
    "default",
    "application/json",
    "multipart/form-data",
    "text/event-stream",
    "application/octet-stream",
    "get",
    "post",
];

/// Values of keywords.
const WORDS: &[&str] = &[
    "string",
    "integer",
    "number",
    "boolean",
    "array",
    "object",
    "null",
    "int32",
    "int64",
    "uint64",
    "date-time",
    "date",
    "uuid",
    "byte",
    "binary",
    "decimal",
    "path",
    "query",
    "header",
    "cookie",
    "form",
    "simple",
    "matrix",
    "label",
    "deepObject",
    "spaceDelimited",
    "pipeDelimited",
    "apiKey",
    "http",
    "oauth2",
    "openIdConnect",
    "basic",
    "bearer",
    "3.0.3",
    "3.1.0",
    "2.0",
];

/// Texts that mean something to Rust, Markdown, TOML, HTTP or a terminal.
#[must_use]
pub fn hostile_texts() -> Vec<String> {
    let mut texts: Vec<String> = [
        "",
        " ",
        "*/",
        "/*",
        "//",
        "///",
        "\"#",
        "\"##",
        "r#\"",
        "]]>",
        "\\",
        "\\u{41}",
        "\\n",
        "\n",
        "\r",
        "\r\n",
        "\t",
        "\0",
        "\u{1b}[31m",
        "\u{7f}",
        "\u{85}",
        "\u{202e}",
        "\u{2066}",
        "\u{200b}",
        "\u{200d}",
        "\u{feff}",
        "\u{2028}",
        "\u{e000}",
        "\u{10ffff}",
        "é",
        "日本",
        "ß",
        "ﬀ",
        "İ",
        "self",
        "Self",
        "super",
        "crate",
        "_",
        "__",
        "r#type",
        "type",
        "fn",
        "async",
        "gen",
        "try",
        "1",
        "1a",
        "-",
        "+",
        "*",
        ".",
        "..",
        "/",
        "../../x",
        "{",
        "}",
        "{}",
        "{a}",
        "{{",
        "}}",
        "${a}",
        "$request.body#/a",
        "[a]",
        "[a](b)",
        "[a]: b",
        "<a>",
        "</a>",
        "<!--",
        "&lt;",
        "&#0;",
        "&#x202e;",
        "```",
        "````",
        "~~~",
        "    code",
        "# title",
        "- item",
        "1. item",
        "> quote",
        "| a | b |\n|---|---|\n| c | d |",
        "---",
        "***",
        "https://a.b/c_d_e",
        "#!",
        "#![allow()]",
        "#[doc]",
        "//!",
        "!",
        "other",
        "new",
        "clone",
        "Option",
        "Result",
        "Client",
        "Error",
        "Unrecognized",
        "default",
        "drop",
        "'a",
        "'",
        "aA",
        "a_a",
        "a-a",
        "a a",
        "AA",
        "a1",
        "a_1",
        "A1a",
        "%",
        "%zz",
        "%ff",
        "~",
        "~2",
        "#",
        "#/",
        "#/components",
        "#/paths",
        "#/components/schemas/Missing",
        "a.yaml",
        "a.yaml#/b",
        "http://a/b",
        "/",
        "//a/b",
        "http://[",
        "https://u:p@h:99999/",
    ]
    .iter()
    .map(|text| (*text).to_owned())
    .collect();
    let escaping = [
        format!("\"]\nfn {MARK}() {{}}\n#[doc = \""),
        format!("*/ fn {MARK}() {{}} /*"),
        format!("\"#; {MARK}!(); r#\""),
        format!("\"##)] struct {MARK};"),
        format!("\n{MARK}"),
        format!("\r{MARK}"),
        format!("\u{2028}{MARK}"),
        format!("```\n{MARK}"),
        format!("\\\"; {MARK}(); \\\""),
        format!("'\\'{MARK}"),
        format!("{{{MARK}}}"),
    ];
    texts.extend(escaping);
    texts
}

/// Changes a description some times.
#[must_use]
pub fn mutated(seed: &Value, choices: &mut Choices<'_>) -> Value {
    let mut value = seed.clone();
    for _ in 0..=choices.below(MOST) {
        change(&mut value, choices);
    }
    value
}

/// The description as JSON, with numbers as no `Value` holds them.
#[must_use]
pub fn to_text(value: &Value) -> String {
    let text = value.to_string();
    text.replace(&format!("\"{RAW}"), "").replace(&format!("{RAW}\""), "")
}

/// Makes one change somewhere.
fn change(root: &mut Value, choices: &mut Choices<'_>) {
    let mut pointers = Vec::new();
    collect(root, String::new(), &mut pointers);
    let Some(pointer) = choices.one_of(&pointers).cloned() else { return };
    let other = choices.one_of(&pointers).cloned().unwrap_or_default();
    match choices.below(14) {
        0 => remove(root, &pointer),
        1 => {
            let copy = root.pointer(&other).cloned().unwrap_or_default();
            if size(&copy) < 2_000 {
                set(root, &pointer, copy);
            }
        }
        2 => {
            let (a, b) = (root.pointer(&pointer).cloned(), root.pointer(&other).cloned());
            if let (Some(a), Some(b)) = (a, b)
                && !pointer.starts_with(&other)
                && !other.starts_with(&pointer)
            {
                set(root, &pointer, b);
                set(root, &other, a);
            }
        }
        3 | 4 => set(root, &pointer, scalar(choices)),
        5 | 6 => {
            let target = encoded(&other);
            set(root, &pointer, json!({ "$ref": format!("#{target}") }));
        }
        7 => retarget(root, &pointer, &pointers, choices),
        8 => rename(root, &pointer, choices),
        9 => {
            let key = (*choices.one_of(KEYS).unwrap_or(&"")).to_owned();
            let value = match choices.below(3) {
                0 => scalar(choices),
                1 => root.pointer(&other).filter(|value| size(value) < 2_000).cloned().unwrap_or_default(),
                _ => schema(choices, 0, &pointers),
            };
            match root.pointer_mut(&pointer) {
                Some(Value::Object(object)) => drop(object.insert(key, value)),
                Some(Value::Array(items)) => items.push(value),
                _ => {}
            }
        }
        10 => duplicate(root, &pointer, choices),
        11 => {
            let inner = root.pointer(&pointer).cloned().unwrap_or_default();
            let key = ["allOf", "oneOf", "anyOf", "items", "not", "additionalProperties"];
            let key = *choices.one_of(&key).unwrap_or(&"items");
            let inner =
                if key.ends_with("Of") { json!([inner, schema(choices, 0, &pointers)]) } else { inner };
            set(root, &pointer, json!({ key: inner }));
        }
        12 => set(root, &pointer, schema(choices, 0, &pointers)),
        _ => {
            let word = *choices.one_of(WORDS).unwrap_or(&"string");
            set(root, &pointer, json!(word));
        }
    }
}

/// A schema of any kind.
fn schema(choices: &mut Choices<'_>, depth: usize, pointers: &[String]) -> Value {
    let text = |choices: &mut Choices<'_>| choices.one_of(&hostile_texts()).cloned().unwrap_or_default();
    if depth > 3 {
        return json!({ "type": choices.one_of(WORDS) });
    }
    match choices.below(12) {
        0 => json!({ "type": "string", "enum": [text(choices), text(choices), text(choices)] }),
        1 => json!({ "type": "integer", "enum": [scalar(choices), 0, -1, 1] }),
        2 => json!({ "enum": [scalar(choices), scalar(choices), null] }),
        3 => json!({ "type": "array", "items": schema(choices, depth + 1, pointers) }),
        4 => json!({ "type": "object", "additionalProperties": schema(choices, depth + 1, pointers) }),
        5 | 6 => {
            let mut properties = Map::new();
            for _ in 0..choices.below(4) {
                properties.insert(text(choices), schema(choices, depth + 1, pointers));
            }
            let required: Vec<&String> = properties.keys().take(choices.below(3)).collect();
            json!({ "type": "object", "required": required, "properties": properties, "description": text(choices) })
        }
        7 => {
            let key = *choices.one_of(&["allOf", "oneOf", "anyOf"]).unwrap_or(&"allOf");
            let members: Vec<Value> =
                (0..choices.below(4)).map(|_| schema(choices, depth + 1, pointers)).collect();
            json!({ key: members, "discriminator": { "propertyName": text(choices) } })
        }
        8 | 9 => {
            let target = choices.one_of(pointers).map(|pointer| encoded(pointer)).unwrap_or_default();
            json!({ "$ref": format!("#{target}") })
        }
        10 => {
            json!({ "type": choices.one_of(WORDS), "format": choices.one_of(WORDS), "minimum": scalar(choices), "default": scalar(choices), "nullable": true })
        }
        _ => {
            json!({ "type": "string", "title": text(choices), "pattern": text(choices), "example": scalar(choices), "readOnly": true })
        }
    }
}

fn scalar(choices: &mut Choices<'_>) -> Value {
    match choices.below(14) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(-1),
        3 => json!(i64::MIN),
        4 => json!(u64::MAX),
        5 => json!(0.1),
        6 => json!(format!("{RAW}1e999999{RAW}")),
        7 => json!(format!("{RAW}-{}{RAW}", "9".repeat(400))),
        8 => json!(format!("{RAW}1E-400{RAW}")),
        9 => json!([]),
        10 => json!({}),
        _ => json!(choices.one_of(&hostile_texts())),
    }
}

/// Makes a reference at or below the part lead elsewhere.
fn retarget(root: &mut Value, pointer: &str, pointers: &[String], choices: &mut Choices<'_>) {
    let references: Vec<&String> =
        pointers.iter().filter(|known| known.starts_with(pointer) && known.ends_with("/$ref")).collect();
    let reference = choices.one_of(&references).map(|known| (*known).clone());
    let components: Vec<&String> = pointers.iter().filter(|known| known.matches('/').count() == 3).collect();
    let target = choices.one_of(&components).map(|known| encoded(known));
    if let (Some(reference), Some(target)) = (reference, target) {
        set(root, &reference, json!(format!("#{target}")));
    }
}

/// Gives a key another name, perhaps that of another.
fn rename(root: &mut Value, pointer: &str, choices: &mut Choices<'_>) {
    let Some((parent, key)) = pointer.rsplit_once('/') else { return };
    let key = unescaped(key);
    let texts = hostile_texts();
    let Some(Value::Object(object)) = root.pointer_mut(parent) else { return };
    let Some(value) = object.remove(&key) else { return };
    let wanted = match choices.below(4) {
        0 => choices.one_of(KEYS).map(|key| (*key).to_owned()),
        1 => Some(key.to_ascii_uppercase()),
        2 => Some(format!("{key}_")),
        _ => choices.one_of(&texts).cloned(),
    };
    object.insert(wanted.unwrap_or(key), value);
}

fn duplicate(root: &mut Value, pointer: &str, choices: &mut Choices<'_>) {
    let Some((parent, key)) = pointer.rsplit_once('/') else { return };
    let key = unescaped(key);
    match root.pointer_mut(parent) {
        Some(Value::Object(object)) => {
            let suffix = *choices
                .one_of(&["2", "_", "-", " ", "Value", "Request", "Item", "\u{200b}"])
                .unwrap_or(&"2");
            if let Some(value) = object.get(&key).filter(|value| size(value) < 2_000).cloned() {
                object.insert(format!("{key}{suffix}"), value);
            }
        }
        Some(Value::Array(items)) => {
            let item = key.parse::<usize>().ok().and_then(|index| items.get(index).cloned());
            items.extend(item.filter(|value| size(value) < 2_000));
        }
        _ => {}
    }
}

/// Removes a part; the whole stays.
pub(crate) fn remove(root: &mut Value, pointer: &str) {
    let Some((parent, key)) = pointer.rsplit_once('/') else { return };
    match root.pointer_mut(parent) {
        Some(Value::Object(object)) => drop(object.remove(&unescaped(key))),
        Some(Value::Array(items)) => {
            if let Some(index) = key.parse::<usize>().ok().filter(|index| *index < items.len()) {
                items.remove(index);
            }
        }
        _ => {}
    }
}

pub(crate) fn set(root: &mut Value, pointer: &str, value: Value) {
    if let Some(slot) = root.pointer_mut(pointer).filter(|_| !pointer.is_empty()) {
        *slot = value;
    }
}

fn size(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        Value::Object(object) => 1 + object.values().map(size).sum::<usize>(),
        _ => 1,
    }
}

/// The JSON Pointers of all parts, the whole aside.
pub(crate) fn collect(value: &Value, pointer: String, pointers: &mut Vec<String>) {
    let mut part = |key: &str, value: &Value| {
        let pointer = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
        pointers.push(pointer.clone());
        collect(value, pointer, pointers);
    };
    match value {
        Value::Object(object) => object.iter().for_each(|(key, value)| part(key, value)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, value)| part(&index.to_string(), value))
        }
        _ => {}
    }
}

fn unescaped(key: &str) -> String {
    key.replace("~1", "/").replace("~0", "~")
}

/// A pointer as the fragment of a reference.
fn encoded(pointer: &str) -> String {
    pointer.replace('%', "%25").replace('{', "%7B").replace('}', "%7D").replace('#', "%23")
}
