//! A request as the resources see it, and what they reply.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use crate::{failure::Failure, faults::Fault, project::Project, query::QueryParameters};

/// The properties of a JSON object.
pub(crate) type Object = Map<String, Value>;

/// What answers an operation that has state.
pub(crate) type Handler = fn(&mut Project, &Call) -> Result<Reply, Failure>;

/// Method and path of an operation, and what answers it.
pub(crate) type Entry = (&'static str, &'static str, Handler);

/// A request, after the checks that all requests go through.
#[derive(Debug, Default)]
pub(crate) struct Call {
    pub(crate) path: Vec<(&'static str, String)>,
    pub(crate) query: QueryParameters,
    /// Empty when the request has no body.
    pub(crate) body: Object,
    /// Milliseconds since 1970, by the simulator's clock.
    pub(crate) now: i64,
}

/// A successful answer, or one that is made to fail.
#[derive(Debug)]
pub(crate) enum Reply {
    Json(StatusCode, Value),
    /// A body that is JSON already.
    Text(StatusCode, &'static str),
    /// Status 204, without a body.
    Empty,
    /// The answer that would be right, and how it misbehaves.
    Faulty(Fault, Value),
}

impl Reply {
    /// A body, with status 200.
    pub(crate) fn ok(body: impl Into<Value>) -> Result<Self, Failure> {
        Ok(Self::Json(StatusCode::OK, body.into()))
    }

    /// The answer of the operations of version 1 that have nothing else to say.
    pub(crate) fn done() -> Result<Self, Failure> {
        Self::ok(json!({"is_success": true}))
    }
}

impl Call {
    /// A parameter of the path.
    pub(crate) fn path(&self, name: &str) -> &str {
        self.path.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// A parameter of the path that is a 64-bit whole number.
    pub(crate) fn identifier(&self, name: &str) -> Result<i64, Failure> {
        let text = self.path(name);
        text.parse()
            .map_err(|_| Failure::parameter(format!("The parameter {name} is not a whole number: {text}.")))
    }

    /// A property of the body that is text of a limited number of characters. Null stands for a property that is not there.
    pub(crate) fn text(&self, name: &str, longest: usize) -> Result<Option<&str>, Failure> {
        match self.body.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.chars().count() <= longest => Ok(Some(text)),
            Some(Value::String(_)) => {
                Err(Failure::parameter(format!("The property {name} is longer than {longest} characters.")))
            }
            Some(_) => Err(Failure::parameter(format!("The property {name} is no text."))),
        }
    }

    /// A property of the body that is one of several words, in any case; the word as it is listed.
    pub(crate) fn word(&self, name: &str, words: &[&'static str]) -> Result<Option<&'static str>, Failure> {
        let Some(text) = self.text(name, usize::MAX)? else { return Ok(None) };
        let known = words.iter().find(|word| word.eq_ignore_ascii_case(text));
        known
            .copied()
            .map(Some)
            .ok_or_else(|| Failure::parameter(format!("The property {name} has an unknown value: {text}.")))
    }

    /// A name in the body: letters, digits, underscores and hyphens.
    pub(crate) fn name(&self, name: &str, letters: Letters, longest: usize) -> Result<&str, Failure> {
        let text = self.text(name, longest)?.unwrap_or_default();
        let is_letter = |letter: char| match letters {
            Letters::Ascii => letter.is_ascii_alphanumeric(),
            Letters::Any => letter.is_alphanumeric(),
        };
        if text.is_empty() || !text.chars().all(|letter| is_letter(letter) || "_-".contains(letter)) {
            return Err(Failure::parameter(format!("The property {name} is not a name: {text:?}.")));
        }
        Ok(text)
    }
}

/// Which letters a name may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Letters {
    Ascii,
    /// Chinese characters as well.
    Any,
}

/// Those of an object's properties that are named.
pub(crate) fn pick(object: &Object, names: &[&str]) -> Object {
    let named = names.iter().filter_map(|name| object.get_key_value(*name));
    named.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// The text of a property; empty when it has none.
pub(crate) fn text_of<'a>(object: &'a Object, name: &str) -> &'a str {
    object.get(name).and_then(Value::as_str).unwrap_or_default()
}
