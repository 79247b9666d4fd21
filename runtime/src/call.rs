//! One call: its parameters and body, what it is sent with, and where its links lead.

mod again;
mod attempt;
mod by_hand;
mod exchange;
mod link;
mod redirect;
mod repeat;
mod request;
mod supply;
mod time;

use std::fmt;
use std::ops::RangeBounds;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::body::RequestBody;
use crate::client::Core;
use crate::error::{Error, ErrorKind, Failure};
use crate::form::{self, FormField};
use crate::limits::Limits;
use crate::multipart::Multipart;
use crate::operation::{Location, Operation};
use crate::parameter::ParameterValue;
use crate::range::ByteRange;
use crate::response::{Answer, DecodeError, Incoming, Origin, Response};
use crate::retry::RetryPolicy;
use crate::transport::BoxFuture;

pub(crate) use self::again::{Again, Pause, Rest};
pub(crate) use self::exchange::Refusal;
pub(crate) use self::link::Known;
pub(crate) use self::supply::Supplied;

/// A call that is being put together. Generated builders wrap it.
#[derive(Clone)]
pub struct Call {
    core: Core,
    operation: &'static Operation,
    values: Box<[Option<Given>]>,
    body: Option<Result<RequestBody, Arc<str>>>,
    content_type: Option<Box<str>>,
    timeout: Option<Duration>,
    retry: Option<RetryPolicy>,
    limits: Limits,
    /// The bytes that are asked for, where not all of them are.
    range: Option<ByteRange>,
    /// Headers besides those of the description, for what goes on where another answer ended.
    further: Option<Box<HeaderMap>>,
    /// Why it cannot be sent, whatever it is given.
    refusal: Option<Box<str>>,
    /// The path and query that are asked for, instead of those that the parameters make.
    target: Option<Box<str>>,
    /// The parameters that a link has filled with what is secret, or may be, whatever the parameter itself says.
    filled: Vec<(usize, Secrecy)>,
}

/// How much of a secret a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Secrecy {
    /// It can be shown.
    Open,
    /// Nobody knows, as of what a body or a header of an answer holds: it is not shown.
    Unknown,
    /// It is neither shown nor sent over plain http.
    Secret,
}

/// What a parameter was set to, or why that cannot be written.
type Given = Result<ParameterValue, Arc<str>>;

/// How a generated operation reads the body of a success.
pub type Decode<T> = fn(&Answer) -> Result<T, DecodeError>;

/// How a generated operation takes the body of a success that may be a stream.
pub type Open<T> = fn(&mut Incoming) -> Result<T, DecodeError>;

/// How a generated operation reads the body of a documented failure.
pub type DecodeFailure<E> = fn(&Answer) -> Option<E>;

impl Call {
    /// A call of that operation, with nothing set.
    #[must_use]
    pub fn new(core: &Core, operation: &'static Operation) -> Self {
        Self {
            core: core.clone(),
            operation,
            values: vec![None; operation.parameters.len()].into(),
            body: None,
            content_type: None,
            timeout: None,
            retry: None,
            limits: Limits::new(),
            range: None,
            further: None,
            refusal: None,
            target: None,
            filled: Vec::new(),
        }
    }

    /// Sets the parameter with that index.
    pub fn set(&mut self, index: usize, value: impl Into<ParameterValue>) {
        if let Some(slot) = self.values.get_mut(index) {
            *slot = Some(Ok(value.into()));
        }
    }

    /// Sets the parameter with that index to a text.
    pub fn set_text(&mut self, index: usize, text: impl Into<String>) {
        self.set(index, text.into());
    }

    /// Sets the parameter with that index to a value of any type, by way of the value's JSON: an object, a union, a free-form
    /// value. `null` sets it to nothing. A value that cannot be written as JSON makes the call fail when it is sent.
    pub fn set_value(&mut self, index: usize, value: &impl serde::Serialize) {
        self.set_json(index, serde_json::to_string(value));
    }

    fn set_json(&mut self, index: usize, json: Result<String, serde_json::Error>) {
        let (Some(parameter), Some(slot)) =
            (self.operation.parameters.get(index), self.values.get_mut(index))
        else {
            return;
        };
        let value = json.and_then(|json| ParameterValue::from_json(&json, parameter));
        *slot = value.map_err(|error| error.to_string().into()).transpose();
    }

    /// Sets a JSON body. A value that cannot be written as JSON makes the call fail when it is sent.
    pub fn json(&mut self, body: &impl serde::Serialize) {
        self.body = Some(match serde_json::to_vec(body) {
            Ok(bytes) => Ok(bytes.into()),
            Err(error) => Err(error.to_string().into()),
        });
    }

    /// Sets a body of bytes, a stream, or a file. A media type that the body states is sent instead of the description's.
    pub fn body(&mut self, body: impl Into<RequestBody>) {
        self.body = Some(Ok(body.into()));
    }

    /// Sets a body of text.
    pub fn text(&mut self, text: impl Into<String>) {
        self.body(text.into());
    }

    /// Sets the body to a form. `fields` says how properties are written for which that is not as usual. A value that is no
    /// object makes the call fail when it is sent.
    pub fn form(&mut self, body: &impl serde::Serialize, fields: &[FormField]) {
        self.body = Some(form::encode(body, fields).map(RequestBody::from).map_err(Arc::from));
    }

    /// Sets a body of several parts. One that cannot be written makes the call fail when it is sent.
    pub fn multipart(&mut self, media_type: &str, parts: Multipart) {
        let written = parts.into_body(media_type);
        self.body = Some(match written {
            Ok((body, content_type)) => Ok(body.with_content_type(content_type)),
            Err(reason) => Err(reason.into()),
        });
    }

    /// Sets the media type of the body, instead of the description's first.
    pub fn content_type(&mut self, media_type: &str) {
        self.content_type = Some(media_type.into());
    }

    /// Sets how long this call may take, instead of the client's setting.
    pub fn timeout(&mut self, timeout: Duration) {
        self.timeout = Some(timeout);
    }

    /// Sets how often this call is made again when it fails for a passing reason, instead of the client's setting.
    pub fn retry(&mut self, policy: RetryPolicy) {
        self.retry = Some(policy);
    }

    /// Sets what this call bears before it is given up, instead of the client's setting.
    pub fn limits(&mut self, limits: Limits) {
        self.limits = limits.or(self.limits);
    }

    /// Asks for some bytes of what the call answers with, and not for all of them (RFC 9110 §14.2). What a server makes of it
    /// is told by [`Download::is_partial`](crate::Download::is_partial): it may pass over it and send all. For calls whose
    /// success is a [`Download`](crate::Download); others take the part for the whole. A range without a byte makes the call fail
    /// when it is sent.
    pub fn range(&mut self, bytes: impl RangeBounds<u64>) {
        match ByteRange::of(&bytes) {
            Ok(range) => self.range = range,
            Err(_) => {
                self.refusal.get_or_insert_with(|| "the range has no byte".into());
            }
        }
    }

    /// Sends the call and reads its answer.
    pub fn send<T, E>(
        self,
        decode: Decode<T>,
        decode_failure: DecodeFailure<E>,
    ) -> BoxFuture<'static, Result<Response<T>, Error<E>>>
    where
        T: Send + 'static,
        E: Send + 'static,
    {
        Box::pin(async move {
            let outcome = self.exchange().await;
            self.finish(outcome, decode, decode_failure)
        })
    }

    /// Sends the call and hands its answer on. Of a success that the description streams, the time limit covers the head
    /// only, and a rule that finds failure in the body of a success does not apply.
    pub fn open<T, E>(
        self,
        open: Open<T>,
        decode_failure: DecodeFailure<E>,
    ) -> BoxFuture<'static, Result<Response<T>, Error<E>>>
    where
        T: Send + 'static,
        E: Send + 'static,
    {
        Box::pin(async move {
            let outcome = self.begin().await;
            let mut incoming = outcome.map_err(|refusal| refusal.into_error(decode_failure))?;
            let status = incoming.status();
            let value = incoming.come_from(&self).and_then(|()| open(&mut incoming));
            let answer = Answer { status, ..incoming.into_answer() };
            self.respond(answer, value)
        })
    }

    /// Sets a parameter to what an answer gave, which is not shown.
    pub(crate) fn fill(&mut self, index: usize, text: &str) {
        self.set_text(index, text);
        self.filled.push((index, Secrecy::Unknown));
    }

    /// Asks for that path and query of the same server, with the headers and the body of this call and new credentials.
    pub(crate) fn ask_at(&mut self, path_and_query: &str) {
        self.target = Some(path_and_query.into());
    }

    /// The URL of the request, without what credentials add.
    pub(crate) fn url(&self) -> Option<http::Uri> {
        self.request().ok().map(|request| request.uri().clone())
    }

    /// The typed outcome of an exchange.
    pub(crate) fn finish<T, E>(
        self,
        outcome: Result<Answer, Box<Refusal>>,
        decode: Decode<T>,
        decode_failure: DecodeFailure<E>,
    ) -> Result<Response<T>, Error<E>> {
        let answer = outcome.map_err(|refusal| refusal.into_error(decode_failure))?;
        let value = decode(&answer);
        self.respond(answer, value)
    }

    fn respond<T, E>(self, answer: Answer, value: Result<T, DecodeError>) -> Result<Response<T>, Error<E>> {
        match value {
            Ok(value) => {
                let request_id = match self.request_id_in(&answer.headers) {
                    // It is read from there when somebody asks.
                    Some(_) => None,
                    None => self.request_id_of_body(&answer),
                };
                let body = if self.operation.keeps_body { answer.body } else { Bytes::new() };
                let origin = Origin { call: self, body };
                Ok(Response { value, status: answer.status, headers: answer.headers, request_id, origin })
            }
            Err(error) => Err(Error::new(self.unreadable(error, &answer), None)),
        }
    }

    fn unreadable(&self, error: DecodeError, answer: &Answer) -> Box<Failure> {
        let mut failure = self.failure(ErrorKind::Decode, error.to_string(), answer);
        failure.source = Some(Box::new(error));
        failure
    }

    /// The bytes that are asked for, where not all of them are.
    pub(crate) fn range_asked(&self) -> Option<ByteRange> {
        self.range
    }

    /// The status by which the description knows an answer: a part that was asked for is described by what it is a part of.
    pub(crate) fn described(&self, status: StatusCode) -> StatusCode {
        let is_described = || self.operation.success.iter().any(|range| range.contains(status.as_u16()));
        match status {
            StatusCode::PARTIAL_CONTENT if self.asks_for_part() && !is_described() => StatusCode::OK,
            other => other,
        }
    }

    /// Whether it asks for a part, by itself or by a header that the description names.
    fn asks_for_part(&self) -> bool {
        let mut given = self.operation.parameters.iter().zip(&self.values);
        self.range.is_some()
            || given.any(|(parameter, value)| {
                parameter.location == Location::Header
                    && parameter.name.eq_ignore_ascii_case("range")
                    && value.is_some()
            })
    }

    pub(crate) fn operation(&self) -> &'static Operation {
        self.operation
    }

    pub(crate) fn core(&self) -> &Core {
        &self.core
    }

    /// How much of a secret the value of a parameter is.
    fn secrecy(&self, index: usize) -> Secrecy {
        let is_secret = self.operation.parameters.get(index).is_some_and(|parameter| parameter.secret);
        if is_secret {
            return Secrecy::Secret;
        }
        let filled = self.filled.iter().find(|(filled, _)| *filled == index);
        filled.map_or(Secrecy::Open, |(_, secrecy)| *secrecy)
    }

    /// The number that a parameter was set to.
    pub(crate) fn integer(&self, index: usize) -> Option<i64> {
        self.values.get(index)?.as_ref()?.as_ref().ok()?.to_text().parse().ok()
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut call = f.debug_struct("Call");
        call.field("operation", &self.operation.id);
        for (index, (parameter, value)) in self.operation.parameters.iter().zip(&self.values).enumerate() {
            match value {
                Some(_) if self.secrecy(index) > Secrecy::Open => call.field(parameter.name, &"[redacted]"),
                Some(Ok(value)) => call.field(parameter.name, &value.to_text()),
                Some(Err(reason)) => call.field(parameter.name, reason),
                None => &mut call,
            };
        }
        call.finish_non_exhaustive()
    }
}
