//! Two requests for one call, and in what they differ.
//!
//! Compared are the method, the path, the query, the headers that say something about the call, and the body. Parameters of the
//! query are compared by name, for no clause gives them an order; the values of one name keep theirs. JSON is compared by
//! value. What frames a message (`Content-Length`, `Host`) is no part of a call.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::plan::PlannedOperation;

/// A request as the server got it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Request {
    pub(super) method: String,
    /// The path and the query.
    pub(super) target: String,
    /// The names, in lower case, and the values.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
}

/// Why a client made no call.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Unmade {
    /// Its type cannot hold the argument.
    Unreadable(String),
    /// It sent nothing.
    Unsent(String),
}

/// A call that both clients were asked for.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Pair {
    pub(super) operation: usize,
    pub(super) call: usize,
    pub(super) ours: Result<Request, Unmade>,
    pub(super) theirs: Result<Request, Unmade>,
}

/// A part of a request.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Part {
    Method,
    Path,
    /// The parameter of the query with that name.
    Query(String),
    /// The header with that name, in lower case.
    Header(String),
    Body,
}

/// A part in which two requests differ, as each has it; `None` where it is absent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Difference {
    pub(super) part: Part,
    pub(super) ours: Option<String>,
    pub(super) theirs: Option<String>,
}

/// All parts in which the requests differ.
pub(super) fn differences(operation: &PlannedOperation, ours: &Request, theirs: &Request) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut compare = |part: Part, ours: Option<String>, theirs: Option<String>| {
        if ours != theirs {
            found.push(Difference { part, ours, theirs });
        }
    };
    compare(Part::Method, Some(ours.method.clone()), Some(theirs.method.clone()));
    let ((our_path, our_query), (their_path, their_query)) = (split(&ours.target), split(&theirs.target));
    compare(Part::Path, Some(our_path.to_owned()), Some(their_path.to_owned()));
    let (mut our_query, mut their_query) = (by_name(our_query), by_name(their_query));
    let names: BTreeSet<String> = our_query.keys().chain(their_query.keys()).cloned().collect();
    for name in names {
        let (ours, theirs) = (our_query.remove(&name), their_query.remove(&name));
        compare(Part::Query(name), ours, theirs);
    }
    for name in headers_that_matter(operation) {
        let (ours, theirs) = (header(ours, &name), header(theirs, &name));
        compare(Part::Header(name), ours, theirs);
    }
    if !is_same_body(&ours.body, &theirs.body) {
        compare(Part::Body, Some(ours.body.clone()), Some(theirs.body.clone()));
    }
    found
}

fn split(target: &str) -> (&str, &str) {
    target.split_once('?').unwrap_or((target, ""))
}

/// The pairs of a query as they are written, by name.
fn by_name(query: &str) -> BTreeMap<String, String> {
    let mut pairs: BTreeMap<String, String> = BTreeMap::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let name = form_decoded(pair.split('=').next().unwrap_or_default());
        let written = pairs.entry(name).or_default();
        if !written.is_empty() {
            written.push('&');
        }
        written.push_str(pair);
    }
    pairs
}

/// A text without the encoding of `application/x-www-form-urlencoded`.
pub(super) fn form_decoded(text: &str) -> String {
    super::plan::decoded(&text.replace('+', " "))
}

fn headers_that_matter(operation: &PlannedOperation) -> BTreeSet<String> {
    let fixed = ["accept", "authorization", "content-type", "cookie"].map(str::to_owned);
    let parameters = operation.parameters.iter().filter(|parameter| parameter.location == "header");
    let credentials = operation.credentials.iter().filter(|placed| placed.location == "header");
    let named = parameters.map(|parameter| &parameter.name).chain(credentials.map(|placed| &placed.name));
    fixed.into_iter().chain(named.map(|name| name.to_ascii_lowercase())).collect()
}

/// The values of a header in one line (RFC 9110 §5.3).
fn header(request: &Request, name: &str) -> Option<String> {
    let values: Vec<&str> =
        request.headers.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect();
    (!values.is_empty()).then(|| values.join(", "))
}

fn is_same_body(ours: &str, theirs: &str) -> bool {
    match (serde_json::from_str::<Value>(ours), serde_json::from_str::<Value>(theirs)) {
        (Ok(ours), Ok(theirs)) => is_same_json(&ours, &theirs),
        _ => ours == theirs,
    }
}

/// Whether values are the same, numbers by value.
pub(super) fn is_same_json(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one == other || one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same_json(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(key, one)| other.get(key).is_some_and(|other| is_same_json(one, other)))
        }
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::plan;
    use super::*;

    fn request(target: &str, headers: &[(&str, &str)], body: &str) -> Request {
        Request {
            method: "POST".to_owned(),
            target: target.to_owned(),
            headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            body: body.to_owned(),
        }
    }

    fn operation() -> PlannedOperation {
        let document = json!({"paths": {"/a": {"post": {
            "operationId": "a",
            "parameters": [{"name": "X-H", "in": "header", "schema": {"type": "string"}}]
        }}}});
        plan::operations(&document, "d").remove(0)
    }

    #[test]
    fn framing_the_order_of_names_and_the_spelling_of_numbers_do_not_matter() {
        let ours = request("/a?x=1&y=2&x=3", &[("host", "a"), ("x-h", "1")], r#"{"a": 1.0, "b": [2]}"#);
        let theirs = request("/a?y=2&x=1&x=3", &[("host", "b"), ("x-h", "1")], r#"{"b":[2],"a":1}"#);
        assert_eq!(differences(&operation(), &ours, &theirs), []);
    }

    #[test]
    fn everything_else_does() {
        let ours = request("/a%2Fb?x=1&x=3", &[("x-h", "1"), ("accept", "*/*")], r#"{"a":null}"#);
        let theirs = request("/a/b?x=3&x=1&z", &[("x-h", "2")], "{}");
        let parts: Vec<Part> =
            differences(&operation(), &ours, &theirs).into_iter().map(|difference| difference.part).collect();
        let (query, header) =
            (|name: &str| Part::Query(name.to_owned()), |name: &str| Part::Header(name.to_owned()));
        assert_eq!(parts, [Part::Path, query("x"), query("z"), header("accept"), header("x-h"), Part::Body]);
    }

    #[test]
    fn one_order_of_values_is_not_another() {
        let (ours, theirs) = (request("/a?x=1&x=2", &[], ""), request("/a?x=2&x=1", &[], ""));
        let found = differences(&operation(), &ours, &theirs);
        assert_eq!(found.first().unwrap().ours.as_deref(), Some("x=1&x=2"));
    }
}
