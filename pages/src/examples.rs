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
    for (is_request, line, text) in found(page) {
        let body = if is_request {
            endpoint.request.as_mut()
        } else {
            success.and_then(|at| endpoint.responses.get_mut(at)?.body.as_mut())
        };
        let Some(body) = body else { continue };
        let Some((above, json)) = body_text(&text) else { continue };
        let line = line.saturating_add(above);
        match serde_json::from_str::<Value>(json) {
            Ok(value) => {
                if !is_request && is_failure(&value, body) {
                    continue;
                }
                Comparison { page, line, diagnostics }.shape(&body.shape, &value, "");
                body.examples.push(Example { line, value });
            }
            Err(error) => {
                let at = line.saturating_add(u32::try_from(error.line()).unwrap_or(1).saturating_sub(1));
                let reason = error.to_string();
                // The parser's own position is in the example, not in the page.
                let reason = reason.split(" at line ").next().unwrap_or_default();
                let message = format!("an example is not JSON: {reason}");
                let finding = diagnostics.report(Code::InvalidExample, page.place(at), message);
                finding.help("it is left out");
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
                    of_request = Some(false);
                }
            }
            // Examples of failures have a status.
            Content::Text(text) if section.role == Role::ResponseExample && text.text.contains("状态码") =>
            {
                let is_failure = text.text.contains(['4', '5']) && !text.text.contains('2');
                of_request = if is_failure { None } else { Some(false) };
            }
            Content::Code(text) => {
                found.extend(of_request.map(|is_request| (is_request, block.line, text.clone())))
            }
            _ => {}
        }
    }
    found
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
                for (key, value) in object {
                    let path = if name.is_empty() { key.clone() } else { format!("{name}.{key}") };
                    match fields.iter().find(|field| field.name == *key) {
                        Some(Field { shape, .. }) => self.shape(shape, value, &path),
                        None if is_open => {}
                        None => self.report(format!("{path} stands in an example and in no table")),
                    }
                }
            }
            (shape, value) if is_of(shape, value) => {}
            (shape, value) => {
                let found = kind(value);
                self.report(format!(
                    "{name} is of type {} in its table and {found} in an example",
                    shape.family()
                ));
            }
        }
    }

    fn report(&mut self, message: String) {
        let finding = self.diagnostics.report(Code::PageContradiction, self.page.place(self.line), message);
        finding.help("the table is taken");
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
