//! The examples of bodies: which they are, and where they contradict the tables.

mod lines;

use std::collections::BTreeSet;

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
    let found = found(page);
    // Beside examples of the body there may be some of what the body speaks of.
    let is_one_of_request = endpoint.request.as_ref().is_some_and(|body| {
        found.iter().filter(|(is_request, ..)| *is_request).any(|(_, _, text)| {
            let value = body_text(text).and_then(|(_, json)| serde_json::from_str::<Value>(json).ok());
            value.is_some_and(|value| !is_of_something_else(&value, body))
        })
    });
    for (is_request, line, text) in found {
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
                let is_other = is_of_something_else(&value, body);
                if if is_request { is_other && is_one_of_request } else { is_other || is_failure(&value) } {
                    continue;
                }
                let reported = BTreeSet::new();
                Comparison { page, line, json, of: &of, reported, diagnostics }.shape(
                    &body.shape,
                    &value,
                    "",
                );
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

/// Whether an example is of something that the table does not describe: none of its keys stand there.
fn is_of_something_else(value: &Value, body: &Body) -> bool {
    let Value::Object(object) = value else { return false };
    let fields = body.shape.fields();
    !fields.is_empty()
        && !object.is_empty()
        && !object.keys().any(|key| fields.iter().any(|field| field.name == *key))
}

/// Whether an answer says that a call failed, by what all services say it with: tables of what comes back when it does not
/// have the same fields.
fn is_failure(value: &Value) -> bool {
    const SAYING: &[&str] =
        &["error_code", "error_msg", "error_message", "is_success", "message", "request_id"];
    let Value::Object(object) = value else { return false };
    let failed = match object.get("is_success") {
        Some(Value::Bool(is_success)) => !is_success,
        Some(Value::String(text)) => text.eq_ignore_ascii_case("false"),
        _ => false,
    };
    let has_code = object.get("error_code").and_then(Value::as_str).is_some_and(|code| !code.is_empty());
    failed || (has_code && object.keys().all(|key| SAYING.contains(&key.as_str())))
}

struct Comparison<'page, 'diagnostics> {
    page: &'page Page,
    line: u32,
    /// The text of the example.
    json: &'page str,
    /// Whose example it is: `request`, or a status.
    of: &'page str,
    /// What was reported: elements of an array would repeat it.
    reported: BTreeSet<(&'static str, String)>,
    diagnostics: &'diagnostics mut Diagnostics,
}

impl Comparison<'_, '_> {
    fn shape(&mut self, shape: &Shape, value: &Value, name: &str) {
        match (shape, value) {
            (_, Value::Null) | (Shape::Any, _) => {}
            (Shape::Array(items), Value::Array(values)) => {
                for value in values {
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
        if !self.reported.insert((code.as_str(), at.to_owned())) {
            return;
        }
        let below = match code {
            // It stands nowhere.
            Code::ExampleIncomplete => 0,
            _ => lines::keys(self.json).get(at.trim_end_matches("[]")).copied().unwrap_or(0),
        };
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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use clientsmith_generator::diagnostics::Diagnostics;
    use serde_json::{Value, json};

    use super::is_failure;
    use crate::extract::extract;
    use crate::read::read;

    /// The examples of the request, those of the answer, and the findings of a page with these blocks of examples.
    fn of_page(request: &[&str], response: &[&str]) -> (Vec<Value>, Vec<Value>, String) {
        const TABLE: &str = "<table><tr><th>参数</th><th>是否必选</th><th>参数类型</th></tr>\
            <tr><td>name</td><td>是</td><td>String</td></tr>\
            <tr><td>parts</td><td>否</td><td>Array&lt;part&gt;</td></tr></table>\n\n\
            **表 9**  part结构\n\n<table><tr><th>参数</th><th>是否必选</th><th>参数类型</th></tr>\
            <tr><td>label</td><td>是</td><td>String</td></tr></table>\n\n";
        let mut text = format!("# A\n\n## URI\n\nPOST /v1/a\n\n## 请求消息\n\n{TABLE}## 响应消息\n\n{TABLE}");
        for (heading, blocks) in [("请求示例", request), ("响应示例", response)] {
            text.push_str(&format!("## {heading}\n\n"));
            blocks.iter().for_each(|block| text.push_str(&format!("```\n{block}\n```\n\n")));
        }
        let mut diagnostics = Diagnostics::new();
        let page = read(Path::new("page.md"), &text, &mut diagnostics);
        let endpoints = extract(&page, &mut diagnostics);
        let [endpoint] = endpoints.as_slice() else { panic!("one endpoint: {endpoints:?}") };
        let values = |body: Option<&crate::facts::Body>| {
            body.map(|body| body.examples.iter().map(|example| example.value.clone()).collect())
                .unwrap_or_default()
        };
        let answer = endpoint.responses.first().and_then(|response| response.body.as_ref());
        (values(endpoint.request.as_ref()), values(answer), diagnostics.render(false))
    }

    #[test]
    fn an_answer_says_that_a_call_failed() {
        assert!(is_failure(&json!({"is_success": false, "job_id": 1})));
        assert!(is_failure(&json!({"error_code": "A.1", "error_msg": "no"})));
        assert!(!is_failure(&json!({"is_success": true, "error_code": ""})));
        assert!(!is_failure(&json!({"error_code": "A.1", "service_id": "a"})));
    }

    #[test]
    fn examples_of_something_else_are_left_out() {
        let (request, response, findings) =
            of_page(&["{\"name\": \"a\"}", "{\"data\": 1}"], &["{\"is_success\": false, \"name\": \"a\"}"]);
        assert_eq!((request.len(), response.len()), (1, 0), "{findings}");
        assert!(!findings.contains("data"), "{findings}");
        // The only one is taken for what it is announced as.
        let (request, _, findings) = of_page(&["{\"data\": 1}"], &[]);
        assert_eq!(request.len(), 1);
        assert!(findings.contains("data stands in an example"), "{findings}");
    }

    #[test]
    fn all_elements_of_an_array_are_compared() {
        let example =
            "{\"name\": \"a\", \"parts\": [{\"label\": \"x\"},\n{\"key\": \"y\"},\n{\"key\": \"z\"}]}";
        let (_, _, findings) = of_page(&[example], &[]);
        assert_eq!(findings.matches("parts[].key stands in an example").count(), 1, "{findings}");
        assert_eq!(findings.matches("parts[].label is required").count(), 1, "{findings}");
    }
}
