//! From a call to the request that is sent: parameters written, fixed headers added, credentials applied.

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HeaderName, HeaderValue, IF_RANGE, RANGE,
    USER_AGENT,
};
use http::{HeaderMap, Method, Request, Uri};

use super::attempt::Course;
use super::redirect::Route;
use super::{Call, Secrecy};
use crate::auth::{Attempt, Authenticate};
use crate::body::RequestBody;
use crate::client::is_insecure;
use crate::error::{ErrorKind, Failure};
use crate::operation::{Location, Parameter, Style};
use crate::parameter::{ParameterValue, USUAL_LENGTH};
use crate::transport::{OperationId, REDACTED, SensitiveUri};

/// The credentials that a call is made with.
#[derive(Clone, Copy)]
pub(super) struct Proofs<'a> {
    schemes: &'static [usize],
    given: &'a [Option<Arc<dyn Authenticate>>],
}

impl<'a> Proofs<'a> {
    pub(super) fn is_empty(&self) -> bool {
        self.schemes.is_empty()
    }

    pub(super) fn iter(self) -> impl Iterator<Item = &'a Arc<dyn Authenticate>> {
        self.schemes.iter().filter_map(move |scheme| self.given.get(*scheme)?.as_ref())
    }
}

/// The cookies of a request.
#[derive(Default)]
struct Cookies {
    text: String,
    are_secret: bool,
}

impl Call {
    /// The request, authenticated as of now by the credentials of this course, to where the redirects have led.
    pub(super) async fn prepare(
        &self,
        course: &Course<'_>,
        route: &Route,
    ) -> Result<Request<RequestBody>, Box<Failure>> {
        if let Some(reason) = &self.refusal {
            return Err(self.refuse(reason.to_string()));
        }
        let body = match &self.body {
            None => RequestBody::empty(),
            Some(Ok(body)) if body.is_spent() => {
                return Err(self.refuse("the body is a stream that has been sent already".to_owned()));
            }
            Some(Ok(body)) => body.clone(),
            Some(Err(reason)) => return Err(self.refuse(format!("the body cannot be written: {reason}"))),
        };
        let inner = &self.core.0;
        let credentials = course.credentials();
        if !credentials.is_empty() && inner.has_insecure_base && is_insecure(self.base()) {
            let host = self.base().host().unwrap_or_default();
            let detail = format!("credentials are not sent over plain http to `{host}`");
            return Err(Box::new(Failure::new(ErrorKind::Credentials, self.operation.id, detail)));
        }
        if !inner.supplied.is_empty() {
            // In a box of its own, for it is rare, and its room would be part of every call.
            Box::pin(self.supply(course.clock_offset())).await?;
        }
        let (mut head, ()) = self.request()?.into_parts();
        if let Some(target) = route.target() {
            // It may hold a signature, or the key that the first one had.
            SensitiveUri::mark_query(&mut head.extensions, target.query().unwrap_or_default());
            head.uri = target.clone();
        }
        if let Some((name, key)) = course.idempotency_key()
            && !head.headers.contains_key(name)
        {
            head.headers.insert(name, key.clone());
        }
        if inner.transport.needs_operation_id() {
            head.extensions.insert(OperationId(self.operation.id));
        }
        self.tell_hooks(course, &mut head)?;
        if route.is_foreign() {
            // Whatever else the caller or a hook has set may be meant for the API alone.
            head.headers = public(&head.headers);
            return Ok(Request::from_parts(head, RequestBody::empty()));
        }
        for authenticate in credentials.iter() {
            let attempt = Attempt::new(&mut head, &body, self.core.endpoint(), &inner.transport)
                .by_clock(course.clock_offset());
            authenticate.authenticate(attempt).await.map_err(|error| self.unproven(error))?;
        }
        Ok(Request::from_parts(head, body))
    }

    /// Lets hooks add to the request, but no secret that others could read on its way.
    fn tell_hooks(&self, course: &Course<'_>, head: &mut http::request::Parts) -> Result<(), Box<Failure>> {
        if self.core.0.hooks.is_empty() {
            return Ok(());
        }
        let count = |headers: &HeaderMap| headers.values().filter(|value| value.is_sensitive()).count();
        let before = count(&head.headers);
        course.watch().request(self, head);
        if is_insecure(self.base()) && count(&head.headers) > before {
            let detail = "a hook added a secret header, which is not sent over plain http".to_owned();
            return Err(self.refuse(detail));
        }
        Ok(())
    }

    /// The head of the request, before authentication.
    pub(super) fn request(&self) -> Result<Request<()>, Box<Failure>> {
        let mut path = String::with_capacity(USUAL_LENGTH);
        let mut sensitive = SensitiveUri::default();
        if let Some(target) = &self.target {
            path.push_str(target);
            self.hide_target(target, &mut sensitive);
        } else {
            path.push_str(self.base().path().trim_end_matches('/'));
            if self.has_hidden_path() {
                let mut shown = path.clone();
                self.write_path(&mut shown, true)?;
                sensitive.set_path(&shown);
            }
            self.write_path(&mut path, false)?;
        }
        let mut headers = HeaderMap::new();
        let mut cookies = Cookies::default();
        for (index, parameter) in self.operation.parameters.iter().enumerate() {
            let Some(value) = self.value(index, parameter)? else {
                if parameter.required {
                    return Err(self.missing(parameter));
                }
                continue;
            };
            let secrecy = self.secrecy(index);
            if secrecy == Secrecy::Secret && is_insecure(self.base()) {
                let detail = format!("`{}` is secret and is not sent over plain http", parameter.name);
                return Err(self.refuse(detail));
            }
            match parameter.location {
                Location::Path => {}
                Location::Query if self.target.is_some() => {}
                Location::Query => {
                    // What of the query the path itself has comes first.
                    let start = path.len();
                    value.write_query(parameter, &mut path);
                    if secrecy > Secrecy::Open {
                        sensitive.add_query(path.get(start..).unwrap_or_default());
                    }
                }
                Location::Cookie => {
                    // RFC 6265 §4.1.1: it would end the cookie, and begin another one.
                    if parameter.style == Style::Text && value.to_text().contains(';') {
                        return Err(self.cannot_stand(parameter, "has a character", "cookie"));
                    }
                    value.write_cookies(parameter, &mut cookies.text);
                    cookies.are_secret |= secrecy > Secrecy::Open;
                }
                Location::Header => {
                    let (name, mut value) = self.header(parameter, &value)?;
                    value.set_sensitive(secrecy > Secrecy::Open);
                    headers.insert(name, value);
                }
            }
        }
        self.add_cookies(cookies, &mut headers)?;
        let mut request = Request::new(());
        *request.method_mut() = self.operation.method.clone();
        *request.uri_mut() = self.uri(&path)?;
        self.add_fixed_headers(&mut headers);
        *request.headers_mut() = headers;
        if !sensitive.is_empty() {
            request.extensions_mut().insert(sensitive);
        }
        Ok(request)
    }

    fn uri(&self, path_and_query: &str) -> Result<Uri, Box<Failure>> {
        // The text itself is not shown: it may hold a parameter that is secret.
        let refuse = |error: http::Error| self.refuse(format!("the path and query cannot be sent: {error}"));
        let mut parts = self.base().clone().into_parts();
        parts.path_and_query = Some(path_and_query.parse().map_err(http::Error::from).map_err(refuse)?);
        Uri::from_parts(parts).map_err(http::Error::from).map_err(refuse)
    }

    /// Adds the cookies to those of a header parameter, for a request has one header with all of them (RFC 6265 §5.4).
    fn add_cookies(&self, cookies: Cookies, headers: &mut HeaderMap) -> Result<(), Box<Failure>> {
        if cookies.text.is_empty() {
            return Ok(());
        }
        let given = headers.get(COOKIE);
        let is_secret = cookies.are_secret || given.is_some_and(HeaderValue::is_sensitive);
        let text = match given.and_then(|value| value.to_str().ok()) {
            Some(given) => format!("{given}; {}", cookies.text),
            None => cookies.text,
        };
        let mut value = HeaderValue::from_str(&text)
            .map_err(|_| self.refuse("a cookie has a character that cannot stand in one".to_owned()))?;
        value.set_sensitive(is_secret);
        headers.insert(COOKIE, value);
        Ok(())
    }

    fn add_fixed_headers(&self, headers: &mut HeaderMap) {
        let fixed = [
            (USER_AGENT, self.core.0.user_agent.clone()),
            (ACCEPT, header_value(self.operation.accept)),
            (CONTENT_TYPE, self.media_type()),
        ];
        for (name, value) in fixed {
            if let Some(value) = value {
                headers.entry(name).or_insert(value);
            }
        }
        if let Some(range) = self.range {
            headers.insert(RANGE, range.header());
            // Parts are parts of what is sent, so that what is encoded anew each time cannot be put together.
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        }
        if let Some(further) = &self.further {
            headers.extend(further.iter().map(|(name, value)| (name.clone(), value.clone())));
        }
        // RFC 9110 §8.6; there are servers that refuse (411) what does not say that it has no body.
        let usually_has_a_body = matches!(self.operation.method, Method::POST | Method::PUT | Method::PATCH);
        let is_empty = self.body.as_ref().is_none_or(|body| {
            body.as_ref().is_ok_and(|body| body.as_bytes().is_some_and(|bytes| bytes.is_empty()))
        });
        if is_empty && usually_has_a_body {
            headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
    }

    /// The media type of the body: what the body states, or the call, or else the description.
    fn media_type(&self) -> Option<HeaderValue> {
        let body = self.body.as_ref()?.as_ref();
        let stated = body.ok().and_then(RequestBody::content_type).or(self.content_type.as_deref());
        match stated {
            Some("") => None,
            Some(stated) => HeaderValue::from_str(stated).ok(),
            None => header_value(self.operation.content_type),
        }
    }

    /// Whether the path has a parameter that is not to be shown.
    fn has_hidden_path(&self) -> bool {
        let mut parameters = self.operation.parameters.iter().enumerate();
        parameters.any(|(index, parameter)| {
            parameter.location == Location::Path && self.secrecy(index) > Secrecy::Open
        })
    }

    /// Says of a target that an answer gave what can be shown: the path where it is the call's own, and the names in the query.
    fn hide_target(&self, target: &str, sensitive: &mut SensitiveUri) {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut own = self.base().path().trim_end_matches('/').to_owned();
        let is_known = self.write_path(&mut own, self.has_hidden_path()).is_ok();
        if is_known && own.split('?').next() == Some(path) {
            sensitive.add_query(query);
        } else {
            sensitive.set_path(&format!("/{REDACTED}?{query}"));
        }
    }

    /// Adds the path template with its parameters filled in, or with as much of them as can be shown. It may end in a query.
    fn write_path(&self, path: &mut String, shown: bool) -> Result<(), Box<Failure>> {
        let mut rest = self.operation.path;
        while let Some((literal, (name, after))) =
            rest.split_once('{').and_then(|(literal, after)| Some((literal, after.split_once('}')?)))
        {
            path.push_str(literal);
            let in_query = path.contains('?');
            self.write_path_value(name, in_query, shown, path)?;
            rest = after;
        }
        path.push_str(rest);
        Ok(())
    }

    fn write_path_value(
        &self,
        name: &str,
        in_query: bool,
        shown: bool,
        path: &mut String,
    ) -> Result<(), Box<Failure>> {
        let mut parameters = self.operation.parameters.iter().enumerate();
        let (index, parameter) = parameters
            .find(|(_, parameter)| parameter.location == Location::Path && parameter.name == name)
            .ok_or_else(|| self.refuse(format!("the path names `{name}`, which is no parameter")))?;
        let value = self.value(index, parameter)?.ok_or_else(|| self.missing(parameter))?;
        let start = path.len();
        value.write_path_segment(parameter, path);
        // A segment of dots would be taken for a step in the path, and an empty one for none at all.
        if !in_query && matches!(path.get(start..), Some("" | "." | "..")) {
            return Err(self.refuse(format!("`{name}` must not be empty, `.` or `..`")));
        }
        if shown && self.secrecy(index) > Secrecy::Open {
            path.truncate(start);
            path.push_str(REDACTED);
        }
        Ok(())
    }

    /// What the call or else the client gives a parameter.
    pub(super) fn value(
        &self,
        index: usize,
        parameter: &Parameter,
    ) -> Result<Option<Cow<'_, ParameterValue>>, Box<Failure>> {
        let refuse = |reason: &str| self.refuse(format!("`{}` cannot be written: {reason}", parameter.name));
        if let Some(given) = self.values.get(index).and_then(Option::as_ref) {
            return given.as_ref().map(|value| Some(Cow::Borrowed(value))).map_err(|reason| refuse(reason));
        }
        let of_client = parameter.client_value.and_then(|index| self.core.0.value(index));
        match of_client {
            Some(value) if parameter.style == Style::Json => {
                let json = serde_json::Value::from(value.to_text()).to_string();
                let value = ParameterValue::from_json(&json, parameter);
                value.map(|value| value.map(Cow::Owned)).map_err(|error| refuse(&error.to_string()))
            }
            of_client => Ok(of_client.map(Cow::Borrowed)),
        }
    }

    fn header(
        &self,
        parameter: &Parameter,
        value: &ParameterValue,
    ) -> Result<(HeaderName, HeaderValue), Box<Failure>> {
        let refuse = |what: &str| self.cannot_stand(parameter, what, "header");
        let name = HeaderName::from_bytes(parameter.name.as_bytes())
            .map_err(|_| refuse("has a character in its name"))?;
        let value =
            HeaderValue::from_str(&value.to_header(parameter)).map_err(|_| refuse("has a character"))?;
        Ok((name, value))
    }

    /// The URL of the server.
    pub(crate) fn base(&self) -> &Uri {
        self.core.0.base(self.operation.servers)
    }

    /// Whether the body can be sent once more.
    pub(super) fn can_send_again(&self) -> bool {
        !matches!(&self.body, Some(Ok(body)) if body.is_spent())
    }

    /// The credentials for the first alternative of authentication that the client has all of. That none are needed is what
    /// is left when there is no other: who has credentials wants to be known.
    pub(super) fn credentials(&self) -> Result<Proofs<'_>, Box<Failure>> {
        let security = self.operation.security;
        let inner = &self.core.0;
        let is_given = |scheme: &usize| matches!(inner.credentials.get(*scheme), Some(Some(_)));
        let mut complete = security.iter().copied().filter(|all| all.iter().all(is_given));
        let fitting = match complete.next() {
            _ if security.is_empty() => Some(&[][..]),
            Some([]) => Some(complete.find(|all| !all.is_empty()).unwrap_or_default()),
            fitting => fitting,
        };
        let fitting = fitting.map(|schemes| Proofs { schemes, given: &inner.credentials });
        fitting.ok_or_else(|| {
            let name =
                |scheme: &usize| format!("`{}`", inner.api.schemes.get(*scheme).copied().unwrap_or_default());
            let alternatives: Vec<String> =
                security.iter().map(|all| all.iter().map(name).collect::<Vec<_>>().join(" and ")).collect();
            let detail = format!("the client has no credentials for {}", alternatives.join(", or for "));
            Box::new(Failure::new(ErrorKind::Credentials, self.operation.id, detail))
        })
    }

    fn cannot_stand(&self, parameter: &Parameter, what: &str, place: &str) -> Box<Failure> {
        self.refuse(format!("`{}` {what} that cannot stand in a {place}", parameter.name))
    }

    fn missing(&self, parameter: &Parameter) -> Box<Failure> {
        self.refuse(format!("`{}` is required and not set", parameter.name))
    }

    pub(crate) fn refuse(&self, detail: String) -> Box<Failure> {
        Box::new(Failure::new(ErrorKind::InvalidCall, self.operation.id, detail))
    }
}

/// A text of the description as the value of a header, which is not copied.
fn header_value(text: &'static str) -> Option<HeaderValue> {
    let value = HeaderValue::from_maybe_shared(Bytes::from_static(text.as_bytes()));
    value.ok().filter(|value| !value.is_empty())
}

/// Those headers that may go to another origin.
fn public(headers: &HeaderMap) -> HeaderMap {
    let last_event_id = HeaderName::from_static("last-event-id");
    let public = [USER_AGENT, ACCEPT, ACCEPT_ENCODING, RANGE, IF_RANGE, last_event_id].into_iter();
    public.filter_map(|name| headers.get(&name).cloned().map(|value| (name, value))).collect()
}
