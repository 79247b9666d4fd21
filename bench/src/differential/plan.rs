//! The operations of a document and the calls that are made of them, read from its JSON by nothing of ours.

use percent_encoding::percent_decode_str;
use serde::Serialize;
use serde_json::{Map, Value};

use super::values::{Purpose, Seed, Values, target};

/// The methods in the order in which openapiv3, and with it progenitor, has the operations of a path.
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// What credentials are made of.
pub(super) const SECRET: &str = "secret-0";

/// The user whose password that is.
pub(super) const USER: &str = "user";

/// Both as `Basic` has them: the base64 of `user:secret-0` (RFC 7617 §2).
const BASIC: &str = "dXNlcjpzZWNyZXQtMA==";

/// An operation and its calls.
#[derive(Clone, Debug)]
pub(super) struct PlannedOperation {
    /// Its operationId.
    pub(super) id: String,
    /// The method, upper-case.
    pub(super) method: String,
    /// The path template.
    pub(super) path: String,
    /// The parameters by slot.
    pub(super) parameters: Vec<Parameter>,
    /// The media type of the body, which has the slot behind the parameters.
    pub(super) body: Option<String>,
    /// The media types of all documented answers, sorted.
    pub(super) answers: Vec<String>,
    /// What the first alternative of authentication adds to a request.
    pub(super) credentials: Vec<Placed>,
    /// The defaults that the document declares for properties, by name.
    pub(super) defaults: Vec<(String, Value)>,
    /// The calls.
    pub(super) calls: Vec<Arguments>,
}

/// The arguments of a call by slot.
pub(super) type Arguments = Vec<Option<Value>>;

/// A parameter.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Parameter {
    /// Its name on the wire.
    pub(super) name: String,
    /// Where it goes: `path`, `query`, `header` or `cookie`.
    pub(super) location: String,
    /// Whether every call has it.
    pub(super) required: bool,
    /// Whether each item of an array and each property of an object is written by itself.
    pub(super) explode: bool,
    /// What its value is.
    schema: Value,
}

/// A header, query parameter or cookie that credentials consist of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Placed {
    /// Where it goes: `header`, `query` or `cookie`.
    pub(super) location: String,
    /// Its name.
    pub(super) name: String,
    /// Its value.
    pub(super) value: String,
}

/// Plans calls of all operations, in the order in which progenitor has them. `document_name` is the seed.
pub(super) fn operations(document: &Value, document_name: &str) -> Vec<PlannedOperation> {
    let mut operations = Vec::new();
    let paths = document.get("paths").and_then(Value::as_object);
    for (path, item) in paths.into_iter().flatten().filter(|(path, _)| path.starts_with('/')) {
        for method in METHODS {
            if let Some(operation) = item.get(method).and_then(Value::as_object) {
                operations.push(planned(document, document_name, (path, item), (method, operation)));
            }
        }
    }
    operations
}

fn planned(
    document: &Value,
    document_name: &str,
    (path, item): (&str, &Value),
    (method, operation): (&str, &Map<String, Value>),
) -> PlannedOperation {
    let id = text(operation, "operationId");
    let mut parameters: Vec<Parameter> = Vec::new();
    for list in [item.get("parameters"), operation.get("parameters")] {
        for parameter in list.and_then(Value::as_array).into_iter().flatten() {
            let Some(parameter) = target(document, parameter).map(read_parameter) else { continue };
            // OpenAPI 3.0.4 §4.7.10.1: those of the operation override those of the path.
            parameters
                .retain(|known| (&known.name, &known.location) != (&parameter.name, &parameter.location));
            parameters.push(parameter);
        }
    }
    let contents =
        operation.get("requestBody").and_then(|body| target(document, body)?.get("content")?.as_object());
    let body = contents.and_then(|contents| contents.iter().next());
    let schema_of_body = body.map(|(_, content)| content.get("schema").cloned().unwrap_or_default());
    let mut planned = PlannedOperation {
        method: method.to_ascii_uppercase(),
        path: path.to_owned(),
        body: body.map(|(media_type, _)| media_type.clone()),
        answers: answers(document, operation),
        credentials: credentials(document, operation),
        parameters,
        defaults: body.map_or_else(Vec::new, |_| defaults(document)),
        calls: Vec::new(),
        id,
    };
    planned.calls = calls(document, document_name, &planned, schema_of_body.as_ref());
    planned
}

/// All defaults that are declared for properties anywhere.
fn defaults(value: &Value) -> Vec<(String, Value)> {
    let children: Vec<&Value> = match value {
        Value::Object(object) => object.values().collect(),
        Value::Array(items) => items.iter().collect(),
        _ => Vec::new(),
    };
    let properties = value.get("properties").and_then(Value::as_object);
    let own = properties
        .into_iter()
        .flatten()
        .filter_map(|(name, property)| Some((name.clone(), property.get("default")?.clone())));
    own.chain(children.into_iter().flat_map(defaults)).collect()
}

fn read_parameter(parameter: &Map<String, Value>) -> Parameter {
    let location = text(parameter, "in");
    let is_form = matches!(location.as_str(), "query" | "cookie");
    Parameter {
        name: text(parameter, "name"),
        required: parameter.get("required") == Some(&Value::Bool(true)),
        // OpenAPI 3.0.4 §4.7.12.2.2: for `form` the default is true, for all other styles false.
        explode: parameter.get("explode").and_then(Value::as_bool).unwrap_or(is_form),
        schema: parameter.get("schema").cloned().unwrap_or_default(),
        location,
    }
}

fn text(object: &Map<String, Value>, key: &str) -> String {
    object.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Three calls: with everything, with what is required, and with a choice of the rest. Calls that are the same are made
/// once; none is made when there is no value for what is required.
fn calls(
    document: &Value,
    document_name: &str,
    operation: &PlannedOperation,
    body: Option<&Value>,
) -> Vec<Arguments> {
    let mut calls: Vec<Arguments> = Vec::new();
    for round in ["all", "required", "some"] {
        let seed = Seed::of(&[document_name, &operation.id, round]);
        let mut choice = seed.clone();
        let mut arguments = Vec::new();
        let mut is_complete = true;
        for parameter in &operation.parameters {
            let is_given = parameter.required || round == "all" || (round == "some" && choice.below(2) == 0);
            let purpose = if parameter.location == "header" { Purpose::Header } else { Purpose::Anywhere };
            let own = Seed::of(&[document_name, &operation.id, round, &parameter.location, &parameter.name]);
            let value =
                if is_given { Values::new(document, own, purpose).fit(&parameter.schema) } else { None };
            is_complete &= value.is_some() || !parameter.required;
            arguments.push(value);
        }
        if let Some(schema) = body {
            let value = Values::new(document, seed, Purpose::Anywhere).fit(schema);
            is_complete &= value.is_some();
            arguments.push(value);
        }
        if is_complete && !calls.contains(&arguments) {
            calls.push(arguments);
        }
    }
    calls
}

fn answers(document: &Value, operation: &Map<String, Value>) -> Vec<String> {
    let answers = operation.get("responses").and_then(Value::as_object);
    let answers = answers.into_iter().flatten().filter_map(|(_, answer)| target(document, answer));
    let contents = answers.filter_map(|answer| answer.get("content")?.as_object());
    let mut media_types: Vec<String> = Vec::new();
    for media_type in contents.flat_map(Map::keys) {
        if !media_types.contains(media_type) {
            media_types.push(media_type.clone());
        }
    }
    media_types.sort();
    media_types
}

/// What the first alternative adds for which there are credentials. That none are needed counts when there is no other.
fn credentials(document: &Value, operation: &Map<String, Value>) -> Vec<Placed> {
    let requirements = operation.get("security").or_else(|| document.get("security"));
    let requirements = requirements.and_then(Value::as_array).into_iter().flatten();
    let mut alternatives = requirements.filter_map(|requirement| alternative(document, requirement));
    alternatives.find(|placed| !placed.is_empty()).unwrap_or_default()
}

fn alternative(document: &Value, requirement: &Value) -> Option<Vec<Placed>> {
    let schemes = document.pointer("/components/securitySchemes")?;
    let all = requirement.as_object()?.keys().map(|key| placed(target(document, schemes.get(key)?)?));
    let mut added: Vec<Placed> = Vec::new();
    for placed in all.collect::<Option<Vec<Placed>>>()? {
        // RFC 9110 §11.6.2: a request has one Authorization, so either of two proofs has to do.
        let is_taken =
            |known: &Placed| known.location == "header" && known.name.eq_ignore_ascii_case(&placed.name);
        if placed.location != "header" || !added.iter().any(is_taken) {
            added.push(placed);
        }
    }
    Some(added)
}

/// What a scheme adds. Tokens of OAuth 2 and of OpenID Connect are bearer tokens (RFC 6750 §2.1), whatever they are had by.
fn placed(scheme: &Map<String, Value>) -> Option<Placed> {
    let authorization = |name: &str, proof: &str| Placed {
        location: "header".to_owned(),
        name: "authorization".to_owned(),
        value: format!("{name} {proof}"),
    };
    let name = text(scheme, "scheme");
    match (text(scheme, "type").as_str(), name.to_ascii_lowercase().as_str()) {
        ("apiKey", _) => Some(Placed {
            location: text(scheme, "in"),
            name: text(scheme, "name"),
            value: SECRET.to_owned(),
        }),
        ("http", "basic") => Some(authorization("Basic", BASIC)),
        ("http", "bearer") | ("oauth2" | "openIdConnect", _) => Some(authorization("Bearer", SECRET)),
        ("http", other) if !other.is_empty() => Some(authorization(&name, SECRET)),
        _ => None,
    }
}

impl PlannedOperation {
    /// The slots in the order in which progenitor's method takes them: the path in its order, the query and the headers
    /// by name, the body.
    pub(super) fn slots_of_peer(&self) -> Vec<usize> {
        let mut slots: Vec<usize> = Vec::new();
        let in_path = |name: &str| self.path.find(&format!("{{{name}}}")).unwrap_or(usize::MAX);
        for location in ["path", "query", "header"] {
            let mut found: Vec<(usize, &str)> = self
                .parameters
                .iter()
                .enumerate()
                .filter(|(_, parameter)| parameter.location == location)
                .map(|(slot, parameter)| (slot, parameter.name.as_str()))
                .collect();
            found.sort_by_key(|(_, name)| (if location == "path" { in_path(name) } else { 0 }, *name));
            slots.extend(found.into_iter().map(|(slot, _)| slot));
        }
        slots.extend(self.body.as_ref().map(|_| self.parameters.len()));
        slots
    }

    /// The slot of a parameter.
    pub(super) fn slot(&self, location: &str, name: &str) -> Option<usize> {
        self.parameters.iter().position(|parameter| parameter.location == location && parameter.name == name)
    }

    /// The argument for the body.
    pub(super) fn body_argument<'a>(&self, arguments: &'a Arguments) -> Option<&'a Value> {
        arguments.get(self.parameters.len())?.as_ref()
    }
}

/// A text without percent-encoding.
pub(super) fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document() -> Value {
        json!({
            "openapi": "3.0.3",
            "security": [{"unknown": []}, {"key": []}],
            "components": {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}},
            "paths": {"/a/{z}/{b}": {
                "parameters": [
                    {"name": "b", "in": "path", "required": true, "schema": {"type": "string"}},
                    {"name": "q", "in": "query", "required": true, "schema": {"type": "boolean"}}
                ],
                "post": {
                    "operationId": "a",
                    "parameters": [
                        {"name": "q", "in": "query", "schema": {"type": "integer"}},
                        {"name": "z", "in": "path", "required": true, "schema": {"type": "string"}},
                        {"name": "h", "in": "header", "schema": {"type": "string"}}
                    ],
                    "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}},
                    "responses": {"200": {"description": "", "content": {"text/plain": {}, "application/json": {}}}}
                }
            }}
        })
    }

    #[test]
    fn parameters_of_the_operation_override_and_slots_follow_the_peer() {
        let operations = operations(&document(), "d");
        let [operation] = operations.as_slice() else { panic!("{operations:?}") };
        let names: Vec<_> = operation.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
        assert_eq!(names, ["b", "q", "z", "h"]);
        assert_eq!(operation.slots_of_peer(), [2, 0, 1, 3, 4]);
        assert_eq!(operation.credentials.len(), 1);
        assert_eq!(operation.answers, ["application/json", "text/plain"]);
    }

    #[test]
    fn credentials_are_those_of_the_first_alternative_with_any() {
        let added = |security: Value| -> Vec<String> {
            let document = json!({
                "security": security,
                "components": {"securitySchemes": {
                    "basic": {"type": "http", "scheme": "Basic"},
                    "proof": {"type": "http", "scheme": "DPoP"},
                    "access": {"type": "oauth2", "flows": {}},
                    "open": {"type": "openIdConnect", "openIdConnectUrl": "https://a.example"},
                    "key": {"type": "apiKey", "in": "query", "name": "k"}
                }}
            });
            let placed = credentials(&document, &Map::new()).into_iter();
            let mut shown: Vec<String> =
                placed.map(|placed| format!("{}: {}", placed.name, placed.value)).collect();
            shown.sort();
            shown
        };
        assert_eq!(
            added(json!([{"unknown": []}, {"basic": []}])),
            ["authorization: Basic dXNlcjpzZWNyZXQtMA=="]
        );
        assert_eq!(added(json!([{}, {"proof": []}])), ["authorization: DPoP secret-0"]);
        for scheme in ["access", "open"] {
            let added = added(json!([{scheme: [], "key": []}]));
            assert_eq!(added, ["authorization: Bearer secret-0", "k: secret-0"]);
        }
        assert_eq!(added(json!([{"access": [], "basic": []}])).len(), 1);
        assert!(added(json!([{}])).is_empty());
    }

    #[test]
    fn a_call_has_everything_and_another_only_what_is_required() {
        let operations = operations(&document(), "d");
        let calls = &operations.first().unwrap().calls;
        assert!(calls.iter().any(|call| call.iter().all(Option::is_some)), "{calls:?}");
        assert!(
            calls.iter().any(|call| call.iter().filter(|value| value.is_none()).count() == 2),
            "{calls:?}"
        );
    }
}
