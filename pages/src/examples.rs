//! The examples of bodies: which they are, and where they contradict the tables.

use clientsmith_generator::diagnostics::{Code, Diagnostics};
use serde_json::Value;

use crate::facts::{Body, Endpoint, Example, Field, Shape};
use crate::read::{Content, Page};
use crate::sections::{self, Role};

/// Gives an endpoint the examples of its page, and reports those that are not JSON or contradict the tables.
pub(crate) fn attach(page: &Page, endpoint: &mut Endpoint, diagnostics: &mut Diagnostics) {
    let success = endpoint.responses.iter().position(|response| {
        response.body.is_some() && response.status.is_some_and(|status| (200..300).contains(&status))
    });
    let status = success.and_then(|at| endpoint.responses.get(at)?.status).unwrap_or(200);
    for (is_request, line, text) in found(page) {
        let body = if is_request {
            endpoint.request.as_mut()
        } else {
            success.and_then(|at| endpoint.responses.get_mut(at)?.body.as_mut())
        };
        let Some(body) = body else { continue };
        let of = if is_request { "request".to_owned() } else { status.to_string() };
        let Some((above, json)) = body_text(&text) else { continue };
        let line = line.saturating_add(above);
        match serde_json::from_str::<Value>(json) {
            Ok(value) => {
                if !is_request && is_failure(&value, body) {
                    continue;
                }
                Comparison { page, line, json, of: &of, diagnostics }.shape(&body.shape, &value, "");
                body.examples.push(Example { line, value });
            }
            Err(error) => {
                let at = line.saturating_add(u32::try_from(error.line()).unwrap_or(1).saturating_sub(1));
                let reason = error.to_string();
                // The parser's own position is in the example, not in the page.
                let reason = reason.split(" at line ").next().unwrap_or_default();
                let message = format!("an example is not JSON: {reason}");
                let finding = diagnostics.report(Code::InvalidExample, page.place(at), message);
                finding.help("it is left out").about(format!("{of} example"), reason);
            }
        }
    }
}

/// The blocks of code that are examples: whether of a request, the line, the text.
fn found(page: &Page) -> Vec<(bool, u32, String)> {
    let mut found = Vec::new();
    let mut of_request = None;
    let mut under = None;
    for (section, block) in sections::blocks(page) {
        if under != Some(section) {
            under = Some(section);
            of_request = match section.role {
                Role::Request | Role::RequestExample => Some(true),
                Role::Response | Role::ResponseExample => Some(false),
                _ => None,
            };
        }
        match &block.content {
            Content::Text(text) if section.role == Role::Example => {
                if text.text.contains("请求") {
                    of_request = Some(true);
                } else if text.text.contains("响应") || text.text.contains("返回") {
                    of_request = if is_of_failure(&text.text) { None } else { Some(false) };
                }
            }
            // Some examples of failures have a status.
            Content::Text(text) if section.role == Role::ResponseExample => {
                let has_status = text.text.contains("状态码");
                let is_failure = has_status && text.text.contains(['4', '5']) && !text.text.contains('2');
                if has_status || text.text.contains("示例") {
                    of_request = if is_failure || is_of_failure(&text.text) { None } else { Some(false) };
                }
            }
            Content::Code(text) => {
                found.extend(of_request.map(|is_request| (is_request, block.line, text.clone())))
            }
            _ => {}
        }
    }
    found
}

/// Whether a text announces the example of an answer that says that a call failed.
fn is_of_failure(text: &str) -> bool {
    text.contains("失败") && !text.contains("成功")
}

/// The text from the first bracket on, and how many lines stand above it: method, URI and headers.
fn body_text(text: &str) -> Option<(u32, &str)> {
    let mut at = 0;
    for (above, line) in (0..).zip(text.split_inclusive('\n')) {
        if line.trim_start().starts_with(['{', '[']) {
            return Some((above, text.get(at..)?.trim()));
        }
        at += line.len();
    }
    None
}

/// Whether an example is of an answer that the table does not describe: none of its keys stand there.
fn is_failure(value: &Value, body: &Body) -> bool {
    let Value::Object(object) = value else { return false };
    let fields = body.shape.fields();
    !fields.is_empty()
        && !object.is_empty()
        && !object.keys().any(|key| fields.iter().any(|field| field.name == *key))
}

struct Comparison<'page, 'diagnostics> {
    page: &'page Page,
    line: u32,
    /// The text of the example.
    json: &'page str,
    /// Whose example it is: `request`, or a status.
    of: &'page str,
    diagnostics: &'diagnostics mut Diagnostics,
}

impl Comparison<'_, '_> {
    fn shape(&mut self, shape: &Shape, value: &Value, name: &str) {
        match (shape, value) {
            (_, Value::Null) | (Shape::Any, _) => {}
            (Shape::Array(items), Value::Array(values)) => {
                // One element speaks for all: the rest would repeat its findings.
                if let Some(value) = values.first() {
                    self.shape(items, value, &format!("{name}[]"));
                }
            }
            (Shape::Object(fields) | Shape::Map(_, fields), Value::Object(object)) => {
                let is_open = matches!(shape, Shape::Map(..)) || fields.is_empty();
                let below =
                    |key: &str| if name.is_empty() { key.to_owned() } else { format!("{name}.{key}") };
                for (key, value) in object {
                    let path = below(key);
                    match fields.iter().find(|field| field.name == *key) {
                        Some(Field { shape, .. }) => self.shape(shape, value, &path),
                        None if is_open => {}
                        None => {
                            let message = format!("{path} stands in an example and in no table");
                            self.report(Code::ExampleField, message, &path, kind(value));
                        }
                    }
                }
                let of = self.of;
                let needed = fields.iter().filter(|field| of == "request" && field.required == Some(true));
                for field in needed.filter(|field| !object.contains_key(&field.name)) {
                    let path = below(&field.name);
                    let message = format!("{path} is required by its table and missing from an example");
                    self.report(Code::ExampleIncomplete, message, &path, "required");
                }
            }
            (shape, value) if is_of(shape, value) => {}
            (shape, value) => {
                let (wanted, found) = (shape.family(), kind(value));
                let message = format!("{name} is of type {wanted} in its table and {found} in an example");
                self.report(
                    Code::ExampleType,
                    message,
                    name,
                    &format!("{wanted} in the table, {found} in the example"),
                );
            }
        }
    }

    fn report(&mut self, code: Code, message: String, at: &str, fact: &str) {
        // The parser keeps no positions; the first line with the key is near enough.
        let name = at.trim_end_matches("[]").rsplit('.').next().unwrap_or_default();
        let key = format!("\"{name}\"");
        let of_key = (0..).zip(self.json.lines()).find(|(_, line)| line.contains(&key));
        let below = of_key.filter(|_| code != Code::ExampleIncomplete).map_or(0, |(below, _)| below);
        let place = self.page.place(self.line.saturating_add(below));
        let finding = self.diagnostics.report(code, place, message);
        finding.help("the table is taken").about(format!("{} {at}", self.of), fact);
    }
}

fn is_of(shape: &Shape, value: &Value) -> bool {
    match shape {
        Shape::String | Shape::File => value.is_string(),
        Shape::Integer(_) => value.is_i64() || value.is_u64(),
        Shape::Number(_) => value.is_number(),
        Shape::Boolean => value.is_boolean(),
        _ => false,
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
