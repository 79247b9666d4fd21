//! Following a link: the next call, filled with what this one and its answer know.

use std::borrow::Cow;

use http::{HeaderMap, StatusCode};
use serde_json::Value;

use super::{Call, Given, Secrecy};
use crate::client::is_insecure;
use crate::operation::{Link, LinkBody, LinkSource, Parameter, Style};
use crate::parameter::ParameterValue;
use crate::pointer;

/// What an answer knows.
#[derive(Clone, Copy)]
pub(crate) struct Known<'a> {
    pub(crate) status: StatusCode,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
}

/// What the source of a value holds.
enum Found<'a> {
    Text(Cow<'a, str>),
    Json(Cow<'a, str>),
    /// What a parameter was set to.
    Given(ParameterValue),
}

impl Call {
    /// The call that a link leads to from this one and its answer. It fails when it is sent, if this call is not one that the
    /// link leads away from: answers of several operations may be of one type.
    pub(crate) fn follow(&self, link: &'static Link, known: Known<'_>) -> Self {
        let mut next = Self::new(&self.core, link.operation);
        next.timeout = self.timeout;
        next.retry = self.retry;
        if !std::ptr::eq(link.from, self.operation) {
            let (name, from, id) = (link.name, link.from.id, self.operation.id);
            next.refusal =
                Some(format!("the link `{name}` is one of `{from}`, and the answer is one of `{id}`").into());
            return next;
        }
        for argument in link.arguments {
            let target = link.operation.parameters.get(argument.parameter);
            let value = target.and_then(|target| self.argument(&argument.source, target, known));
            if let (Some(value), Some(slot)) = (value, next.values.get_mut(argument.parameter)) {
                *slot = Some(value);
                next.filled.push((argument.parameter, self.secrecy_of(&argument.source)));
            }
        }
        if let Some(body) = &link.body {
            next.content_type = Some(body.media_type.into());
            if self.secrecy_of(&body.source) == Secrecy::Secret && is_insecure(next.base()) {
                let reason = format!(
                    "what the link `{}` fills the body with is secret and is not sent over plain http",
                    link.name
                );
                next.refusal = Some(reason.into());
            }
            next.body = Some(match self.body_text(body, known) {
                Some(Ok(text)) => Ok(text.into()),
                Some(Err(reason)) => Err(reason.into()),
                None => Err(format!("what the link `{}` takes it from did not come", link.name).into()),
            });
        }
        next
    }

    /// The value for a parameter, written for its style; `None` where it did not come.
    fn argument(&self, source: &LinkSource, target: &Parameter, known: Known<'_>) -> Option<Given> {
        let value = match self.find(source, known)? {
            Ok(Found::Given(value)) if target.style != Style::Json => return Some(Ok(value)),
            Ok(Found::Text(text)) if target.style != Style::Json => return Some(Ok(text.as_ref().into())),
            Ok(found) => ParameterValue::from_json(&found.into_json(), target),
            Err(reason) => return Some(Err(reason.into())),
        };
        value.map_err(|error| error.to_string().into()).transpose()
    }

    /// How much of a secret it is what a source holds. The description may call parameters secret, and parts of bodies, which are
    /// not looked up.
    fn secrecy_of(&self, source: &LinkSource) -> Secrecy {
        match source {
            LinkSource::Constant(_) | LinkSource::Json(_) | LinkSource::Method | LinkSource::StatusCode => {
                Secrecy::Open
            }
            LinkSource::Joined(parts) => {
                parts.iter().map(|part| self.secrecy_of(part)).max().unwrap_or(Secrecy::Open)
            }
            LinkSource::Parameter(index) => self.secrecy(*index),
            // All parameters stand in it, or may do so.
            LinkSource::Url => {
                (0..self.values.len()).map(|index| self.secrecy(index)).max().unwrap_or(Secrecy::Open)
            }
            LinkSource::RequestBody(_) | LinkSource::Body(_) | LinkSource::Header(_) => Secrecy::Unknown,
        }
    }

    fn body_text(&self, body: &LinkBody, known: Known<'_>) -> Option<Result<String, String>> {
        let found = self.find(&body.source, known)?;
        Some(found.map(|found| if body.is_json { found.into_json() } else { found.into_text() }))
    }

    fn find<'a>(&'a self, source: &LinkSource, known: Known<'a>) -> Option<Result<Found<'a>, String>> {
        let found = match source {
            LinkSource::Constant(text) => Found::Text(Cow::Borrowed(*text)),
            LinkSource::Json(json) => Found::Json(Cow::Borrowed(*json)),
            LinkSource::Joined(parts) => {
                let mut joined = String::new();
                for part in *parts {
                    match self.find(part, known)? {
                        Ok(found) => joined.push_str(&found.into_text()),
                        Err(reason) => return Some(Err(reason)),
                    }
                }
                Found::Text(joined.into())
            }
            LinkSource::Url => Found::Text(self.request().ok()?.uri().to_string().into()),
            LinkSource::Method => Found::Text(self.operation.method.as_str().into()),
            LinkSource::Parameter(index) => {
                let parameter = self.operation.parameters.get(*index)?;
                match self.value(*index, parameter) {
                    Ok(value) if parameter.style == Style::Json => Found::Json(value?.to_text().into()),
                    Ok(value) => Found::Given(value?.into_owned()),
                    Err(failure) => return Some(Err(failure.detail)),
                }
            }
            LinkSource::RequestBody(at) => {
                Found::Json(pointer::find(self.body.as_ref()?.as_ref().ok()?.as_bytes()?, at)?.into())
            }
            LinkSource::StatusCode => Found::Json(known.status.as_u16().to_string().into()),
            LinkSource::Body(at) => Found::Json(pointer::find(known.body, at)?.into()),
            LinkSource::Header(name) => Found::Text(known.headers.get(*name)?.to_str().ok()?.into()),
        };
        Some(Ok(found))
    }
}

impl Found<'_> {
    fn into_json(self) -> String {
        match self {
            Self::Text(text) => Value::from(text).to_string(),
            Self::Json(json) => json.into_owned(),
            Self::Given(value) => json(value).to_string(),
        }
    }

    fn into_text(self) -> String {
        match self {
            Self::Text(text) => text.into_owned(),
            Self::Json(json) => serde_json::from_str(&json).unwrap_or_else(|_| json.into_owned()),
            Self::Given(value) => value.to_text(),
        }
    }
}

fn json(value: ParameterValue) -> Value {
    match value {
        ParameterValue::Single(text) => Value::from(text),
        ParameterValue::List(items) => items.into_iter().map(json).collect(),
        ParameterValue::Object(properties) => {
            Value::Object(properties.into_iter().map(|(name, value)| (name, json(value))).collect())
        }
    }
}
