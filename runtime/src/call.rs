//! One call: its parameters, the request they make, and the exchange with the server.

use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue, USER_AGENT};
use http::{HeaderMap, Request, Uri};

use crate::auth::Authenticate;
use crate::client::Core;
use crate::condition;
use crate::error::{Error, ErrorKind, Failure};
use crate::operation::{Link, LinkSource, Location, Operation, Parameter, StatusRange};
use crate::parameter::ParameterValue;
use crate::pointer;
use crate::response::{Answer, DecodeError, Origin, Response};
use crate::transport::BoxFuture;

/// A call that is being put together. Generated builders wrap it.
#[derive(Clone)]
pub struct Call {
    core: Core,
    operation: &'static Operation,
    values: Box<[Option<ParameterValue>]>,
    body: Option<Result<Bytes, Arc<str>>>,
    timeout: Option<Duration>,
}

/// How a generated operation reads the body of a success.
pub type Decode<T> = fn(&Answer) -> Result<T, DecodeError>;

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
            timeout: None,
        }
    }

    /// Sets the parameter with that index.
    pub fn set(&mut self, index: usize, value: impl Into<ParameterValue>) {
        if let Some(slot) = self.values.get_mut(index) {
            *slot = Some(value.into());
        }
    }

    /// Sets a JSON body. A value that cannot be written as JSON makes the call fail when it is sent.
    pub fn json(&mut self, body: &impl serde::Serialize) {
        self.body = Some(match serde_json::to_vec(body) {
            Ok(bytes) => Ok(bytes.into()),
            Err(error) => Err(error.to_string().into()),
        });
    }

    /// Sets how long this call may take, instead of the client's setting.
    pub fn timeout(&mut self, timeout: Duration) {
        self.timeout = Some(timeout);
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

    /// The typed outcome of an exchange.
    pub(crate) fn finish<T, E>(
        self,
        outcome: Result<Answer, Box<Refusal>>,
        decode: Decode<T>,
        decode_failure: DecodeFailure<E>,
    ) -> Result<Response<T>, Error<E>> {
        let answer = outcome.map_err(|refusal| refusal.into_error(decode_failure))?;
        match decode(&answer) {
            Ok(value) => {
                let request_id = self.request_id(&answer);
                let body = if self.operation.keeps_body { answer.body } else { Bytes::new() };
                let origin = Origin { call: self, body };
                Ok(Response { value, status: answer.status, headers: answer.headers, request_id, origin })
            }
            Err(error) => Err(Error::new(*self.undecodable(&answer, &error), None)),
        }
    }

    /// The failure of an answer that does not have the described shape.
    pub(crate) fn undecodable(&self, answer: &Answer, error: &DecodeError) -> Box<Failure> {
        Box::new(self.failure(ErrorKind::Decode, error.to_string(), answer))
    }

    /// The call that a link leads to from this one and its answer.
    pub(crate) fn follow(&self, link: &'static Link, headers: &HeaderMap, body: &[u8]) -> Self {
        let mut next = Self::new(&self.core, link.operation);
        next.timeout = self.timeout;
        for argument in link.arguments {
            let value = match argument.source {
                LinkSource::Parameter(index) => self.values.get(index).cloned().flatten(),
                LinkSource::Body(at) => pointer::find_text(body, at).map(ParameterValue::from),
                LinkSource::Header(name) => {
                    headers.get(name).and_then(|value| value.to_str().ok()).map(ParameterValue::from)
                }
                LinkSource::Constant(text) => Some(ParameterValue::from(text)),
            };
            if let (Some(value), Some(slot)) = (value, next.values.get_mut(argument.parameter)) {
                *slot = Some(value);
            }
        }
        next
    }

    pub(crate) fn operation(&self) -> &'static Operation {
        self.operation
    }

    pub(crate) fn core(&self) -> &Core {
        &self.core
    }

    /// The number that a parameter was set to.
    pub(crate) fn integer(&self, index: usize) -> Option<i64> {
        self.values.get(index)?.as_ref()?.to_text().parse().ok()
    }

    /// Makes one exchange with the server, and tells success from failure.
    pub(crate) async fn exchange(&self) -> Result<Answer, Box<Refusal>> {
        let answer = self.attempt().await.map_err(Refusal::without_answer)?;
        self.judge(answer)
    }

    async fn attempt(&self) -> Result<Answer, Box<Failure>> {
        let inner = &self.core.0;
        let body = match &self.body {
            None => Bytes::new(),
            Some(Ok(body)) => body.clone(),
            Some(Err(reason)) => {
                return Err(
                    self.refuse(ErrorKind::InvalidCall, format!("the body cannot be written: {reason}"))
                );
            }
        };
        let (mut head, ()) = self.request()?.into_parts();
        for authenticate in self.credentials()? {
            authenticate
                .authenticate(&mut head, &body, inner.transport.now())
                .await
                .map_err(|error| self.refuse(ErrorKind::Credentials, error.to_string()))?;
        }
        let timeout = self.timeout.unwrap_or(inner.timeout);
        let mut over = pin!(inner.transport.sleep(timeout));
        let sent = inner.transport.send(Request::from_parts(head, body));
        let response = match race(sent, over.as_mut()).await {
            Some(Ok(response)) => response,
            Some(Err(error)) => return Err(Box::new(Failure::from_transport(self.operation.id, error))),
            None => {
                let mut failure = Failure::new(ErrorKind::Timeout, self.operation.id, "no answer in time");
                failure.detail = format!("no answer within {timeout:?}");
                failure.retryable = true;
                return Err(Box::new(failure));
            }
        };
        let (head, mut pieces) = response.into_parts();
        let mut received = BytesMut::new();
        let broken = loop {
            match race(pin!(pieces.next()), over.as_mut()).await {
                Some(Some(Ok(piece))) => received.extend_from_slice(&piece),
                Some(None) => break None,
                Some(Some(Err(error))) => {
                    break Some((ErrorKind::Transport, format!("the body ended too early: {error}")));
                }
                None => break Some((ErrorKind::Timeout, format!("the body did not end within {timeout:?}"))),
            }
        };
        let answer = Answer { status: head.status, headers: head.headers, body: received.freeze() };
        match broken {
            None => Ok(answer),
            Some((kind, detail)) => {
                let mut failure = self.failure(kind, detail, &answer);
                failure.retryable = true;
                Err(Box::new(failure))
            }
        }
    }

    /// The head of the request, before authentication.
    fn request(&self) -> Result<Request<()>, Box<Failure>> {
        let inner = &self.core.0;
        let mut path = inner.base.path().trim_end_matches('/').to_owned();
        path.push_str(&self.path()?);
        let mut query = String::new();
        let mut headers = HeaderMap::new();
        for (index, parameter) in self.operation.parameters.iter().enumerate() {
            let Some(value) = self.value(index, parameter) else {
                if parameter.required {
                    return Err(self.missing(parameter));
                }
                continue;
            };
            match parameter.location {
                Location::Path => {}
                Location::Query => value.write_query(parameter.name, parameter.explode, &mut query),
                Location::Header => {
                    let (name, value) = self.header(parameter, &value)?;
                    headers.insert(name, value);
                }
            }
        }
        path.push_str(&query);
        let mut uri = inner.base.clone().into_parts();
        uri.path_and_query = Some(path.parse().map_err(|error| {
            self.refuse(ErrorKind::InvalidCall, format!("the path `{path}` cannot be sent: {error}"))
        })?);
        let uri =
            Uri::from_parts(uri).map_err(|error| self.refuse(ErrorKind::InvalidCall, error.to_string()))?;

        let agent = format!("{}/{}", inner.api.package, inner.api.version);
        let fixed = [
            (USER_AGENT, agent.as_str()),
            (ACCEPT, self.operation.accept),
            (CONTENT_TYPE, if self.body.is_some() { self.operation.content_type } else { "" }),
        ];
        for (name, text) in fixed {
            if let (false, Ok(value)) = (text.is_empty(), HeaderValue::from_str(text)) {
                headers.entry(name).or_insert(value);
            }
        }
        let mut request = Request::new(());
        *request.method_mut() = self.operation.method.clone();
        *request.uri_mut() = uri;
        *request.headers_mut() = headers;
        Ok(request)
    }

    /// The path template with its parameters filled in.
    fn path(&self) -> Result<String, Box<Failure>> {
        let mut path = String::new();
        let mut rest = self.operation.path;
        while let Some((literal, after)) = rest.split_once('{') {
            path.push_str(literal);
            let Some((name, after)) = after.split_once('}') else { break };
            rest = after;
            let parameter = self
                .operation
                .parameters
                .iter()
                .enumerate()
                .find(|(_, parameter)| parameter.location == Location::Path && parameter.name == name);
            let Some((index, parameter)) = parameter else { continue };
            let value = self.value(index, parameter).ok_or_else(|| self.missing(parameter))?;
            let segment = value.to_path_segment();
            // A segment of dots would be taken for a step in the path, and an empty one for none at all.
            if matches!(segment.as_str(), "" | "." | "..") {
                let detail = format!("`{}` must not be empty, `.` or `..`", parameter.name);
                return Err(self.refuse(ErrorKind::InvalidCall, detail));
            }
            path.push_str(&segment);
        }
        path.push_str(rest);
        Ok(path)
    }

    fn value(&self, index: usize, parameter: &Parameter) -> Option<ParameterValue> {
        let given = self.values.get(index).cloned().flatten();
        given.or_else(|| {
            let value = self.core.0.values.get(parameter.client_value?)?.as_deref()?;
            Some(ParameterValue::from(value))
        })
    }

    fn header(
        &self,
        parameter: &Parameter,
        value: &ParameterValue,
    ) -> Result<(HeaderName, HeaderValue), Box<Failure>> {
        let refuse = |what: &str| {
            self.refuse(
                ErrorKind::InvalidCall,
                format!("`{}` {what} that cannot stand in a header", parameter.name),
            )
        };
        let name = HeaderName::from_bytes(parameter.name.as_bytes())
            .map_err(|_| refuse("has a character in its name"))?;
        let mut value = HeaderValue::from_str(&value.to_text()).map_err(|_| refuse("has a character"))?;
        value.set_sensitive(parameter.secret);
        Ok((name, value))
    }

    /// The credentials for the first alternative of authentication that the client has all of.
    fn credentials(&self) -> Result<Vec<&Arc<dyn Authenticate>>, Box<Failure>> {
        if self.operation.security.is_empty() {
            return Ok(Vec::new());
        }
        let inner = &self.core.0;
        let given = |scheme: &usize| inner.credentials.get(*scheme).and_then(Option::as_ref);
        let fitting =
            self.operation.security.iter().find_map(|all| all.iter().map(given).collect::<Option<Vec<_>>>());
        fitting.ok_or_else(|| {
            let name = |scheme: &usize| inner.api.schemes.get(*scheme).copied().unwrap_or_default();
            let alternatives = self.operation.security.iter();
            let alternatives: Vec<String> =
                alternatives.map(|all| all.iter().map(name).collect::<Vec<_>>().join(" and ")).collect();
            self.refuse(
                ErrorKind::Credentials,
                format!("no credentials are set: {} are needed", alternatives.join(" or ")),
            )
        })
    }

    fn missing(&self, parameter: &Parameter) -> Box<Failure> {
        self.refuse(ErrorKind::InvalidCall, format!("`{}` is required and not set", parameter.name))
    }

    fn refuse(&self, kind: ErrorKind, detail: impl Into<String>) -> Box<Failure> {
        Box::new(Failure::new(kind, self.operation.id, detail))
    }

    /// Tells success from failure.
    fn judge(&self, answer: Answer) -> Result<Answer, Box<Refusal>> {
        let status = answer.status.as_u16();
        let is_in = |ranges: &[StatusRange]| ranges.iter().any(|range| range.contains(status));
        let errors = self.operation.errors;
        if is_in(self.operation.success) {
            let says_failure = |rule| condition::holds(rule, errors, &answer);
            if !errors.error_when.iter().any(says_failure) {
                return Ok(answer);
            }
            return Err(self.refusal(ErrorKind::Api, answer));
        }
        let documented = is_in(self.operation.failure);
        Err(self.refusal(if documented { ErrorKind::Api } else { ErrorKind::UndocumentedStatus }, answer))
    }

    fn refusal(&self, kind: ErrorKind, answer: Answer) -> Box<Refusal> {
        let status = answer.status;
        let mut failure = self.failure(kind, String::new(), &answer);
        failure.detail = match &failure.message {
            Some(message) => message.clone(),
            None if kind == ErrorKind::UndocumentedStatus => {
                format!(
                    "an undocumented status; the body begins with `{}`",
                    crate::error::excerpt(&answer.body)
                )
            }
            None if answer.body.is_empty() => status.canonical_reason().unwrap_or("refused").to_owned(),
            None => format!("refused; the body begins with `{}`", crate::error::excerpt(&answer.body)),
        };
        let errors = self.operation.errors;
        let code_is_retryable =
            failure.code.as_deref().is_some_and(|code| errors.retry_codes.contains(&code));
        failure.retryable = code_is_retryable
            || errors.retry_statuses.contains(&status.as_u16())
            || (errors.retry_statuses.is_empty()
                && matches!(status.as_u16(), 408 | 429 | 500 | 502 | 503 | 504));
        Box::new(Refusal { failure, answer: Some(answer) })
    }

    /// A failure with all that an answer tells.
    pub(crate) fn failure(&self, kind: ErrorKind, detail: impl Into<String>, answer: &Answer) -> Failure {
        let mut failure = Failure::new(kind, self.operation.id, detail).with_body(&answer.body);
        failure.status = Some(answer.status);
        failure.headers = answer.headers.clone();
        failure.code = condition::first_text(self.operation.errors.code, answer);
        failure.message = condition::first_text(self.operation.errors.message, answer);
        failure.request_id = self.request_id(answer);
        failure
    }

    fn request_id(&self, answer: &Answer) -> Option<String> {
        let errors = self.operation.errors;
        let header = errors.request_id_header.and_then(|name| answer.headers.get(name));
        match header.and_then(|value| value.to_str().ok()) {
            Some(id) => Some(id.to_owned()),
            None => condition::first_text(errors.request_id, answer),
        }
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut call = f.debug_struct("Call");
        call.field("operation", &self.operation.id);
        for (parameter, value) in self.operation.parameters.iter().zip(&self.values) {
            match value {
                Some(_) if parameter.secret => call.field(parameter.name, &"[redacted]"),
                Some(value) => call.field(parameter.name, &value.to_text()),
                None => &mut call,
            };
        }
        call.finish_non_exhaustive()
    }
}

/// A call that did not succeed, with the answer that said so, if there was one.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) failure: Failure,
    pub(crate) answer: Option<Answer>,
}

impl Refusal {
    pub(crate) fn without_answer(failure: Box<Failure>) -> Box<Self> {
        Box::new(Self { failure: *failure, answer: None })
    }

    pub(crate) fn into_error<E>(self, decode: DecodeFailure<E>) -> Error<E> {
        let documented = self.failure.kind != ErrorKind::UndocumentedStatus;
        let body = self.answer.filter(|_| documented).and_then(|answer| decode(&answer));
        Error::new(self.failure, body)
    }
}

/// The output of `future`, or `None` when `over` comes first.
pub(crate) async fn race<F, O>(future: F, over: O) -> Option<F::Output>
where
    F: Future,
    O: Future<Output = ()>,
{
    let (mut future, mut over) = (pin!(future), pin!(over));
    std::future::poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => over.as_mut().poll(context).map(|()| None),
    })
    .await
}
