//! From a call to the request that is sent: parameters written, fixed headers added, credentials applied.

use std::sync::Arc;

use http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue, USER_AGENT};
use http::{HeaderMap, Method, Request, Uri};

use super::Call;
use crate::auth::Authenticate;
use crate::body::RequestBody;
use crate::client::is_insecure;
use crate::error::{ErrorKind, Failure};
use crate::operation::{Location, Parameter};
use crate::parameter::ParameterValue;

impl Call {
    /// The request, authenticated as of now.
    pub(super) async fn prepare(&self) -> Result<Request<RequestBody>, Box<Failure>> {
        let body = match &self.body {
            None => RequestBody::empty(),
            Some(Ok(body)) if body.is_spent() => {
                return Err(self.refuse("the body is a stream that has been sent already".to_owned()));
            }
            Some(Ok(body)) => body.clone(),
            Some(Err(reason)) => return Err(self.refuse(format!("the body cannot be written: {reason}"))),
        };
        let (mut head, ()) = self.request()?.into_parts();
        for authenticate in self.credentials()? {
            let now = self.core.0.transport.now();
            if let Err(error) = authenticate.authenticate(&mut head, &body, now).await {
                let mut failure = Failure::new(ErrorKind::Credentials, self.operation.id, error.to_string());
                failure.source = Some(Box::new(error));
                return Err(Box::new(failure));
            }
        }
        Ok(Request::from_parts(head, body))
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
            if parameter.secret && is_insecure(&inner.base) {
                let detail = format!("`{}` is secret and is not sent over plain http", parameter.name);
                return Err(self.refuse(detail));
            }
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
        let mut request = Request::new(());
        *request.method_mut() = self.operation.method.clone();
        *request.uri_mut() = self.uri(&path)?;
        self.add_fixed_headers(&mut headers);
        *request.headers_mut() = headers;
        Ok(request)
    }

    fn uri(&self, path_and_query: &str) -> Result<Uri, Box<Failure>> {
        // The text itself is not shown: it may hold a parameter that is secret.
        let refuse = |error: http::Error| self.refuse(format!("the path and query cannot be sent: {error}"));
        let mut parts = self.core.0.base.clone().into_parts();
        parts.path_and_query = Some(path_and_query.parse().map_err(http::Error::from).map_err(refuse)?);
        Uri::from_parts(parts).map_err(http::Error::from).map_err(refuse)
    }

    fn add_fixed_headers(&self, headers: &mut HeaderMap) {
        let api = self.core.0.api;
        let agent = format!("{}/{}", api.package, api.version);
        let fixed = [
            (USER_AGENT, agent.as_str()),
            (ACCEPT, self.operation.accept),
            (CONTENT_TYPE, self.media_type()),
        ];
        for (name, text) in fixed {
            if let (false, Ok(value)) = (text.is_empty(), HeaderValue::from_str(text)) {
                headers.entry(name).or_insert(value);
            }
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
    fn media_type(&self) -> &str {
        let Some(body) = &self.body else { return "" };
        let stated = body.as_ref().ok().and_then(RequestBody::content_type);
        stated.or(self.content_type.as_deref()).unwrap_or(self.operation.content_type)
    }

    /// The path template with its parameters filled in.
    fn path(&self) -> Result<String, Box<Failure>> {
        let mut path = String::new();
        let mut rest = self.operation.path;
        while let Some((literal, (name, after))) =
            rest.split_once('{').and_then(|(literal, after)| Some((literal, after.split_once('}')?)))
        {
            path.push_str(literal);
            path.push_str(&self.path_value(name)?);
            rest = after;
        }
        path.push_str(rest);
        Ok(path)
    }

    fn path_value(&self, name: &str) -> Result<String, Box<Failure>> {
        let mut parameters = self.operation.parameters.iter().enumerate();
        let (index, parameter) = parameters
            .find(|(_, parameter)| parameter.location == Location::Path && parameter.name == name)
            .ok_or_else(|| self.refuse(format!("the path names `{name}`, which is no parameter")))?;
        let value = self.value(index, parameter).ok_or_else(|| self.missing(parameter))?.to_path_segment();
        // A segment of dots would be taken for a step in the path, and an empty one for none at all.
        if matches!(value.as_str(), "" | "." | "..") {
            return Err(self.refuse(format!("`{name}` must not be empty, `.` or `..`")));
        }
        Ok(value)
    }

    /// What the call or else the client gives a parameter.
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
        let refuse =
            |what: &str| self.refuse(format!("`{}` {what} that cannot stand in a header", parameter.name));
        let name = HeaderName::from_bytes(parameter.name.as_bytes())
            .map_err(|_| refuse("has a character in its name"))?;
        let mut value = HeaderValue::from_str(&value.to_text()).map_err(|_| refuse("has a character"))?;
        value.set_sensitive(parameter.secret);
        Ok((name, value))
    }

    /// The credentials for the first alternative of authentication that the client has all of.
    fn credentials(&self) -> Result<Vec<&Arc<dyn Authenticate>>, Box<Failure>> {
        let security = self.operation.security;
        if security.is_empty() {
            return Ok(Vec::new());
        }
        let inner = &self.core.0;
        let given = |scheme: &usize| inner.credentials.get(*scheme).and_then(Option::as_ref);
        let fitting = security.iter().find_map(|all| all.iter().map(given).collect::<Option<Vec<_>>>());
        fitting.ok_or_else(|| {
            let name =
                |scheme: &usize| format!("`{}`", inner.api.schemes.get(*scheme).copied().unwrap_or_default());
            let alternatives: Vec<String> =
                security.iter().map(|all| all.iter().map(name).collect::<Vec<_>>().join(" and ")).collect();
            let detail = format!("the client has no credentials for {}", alternatives.join(", or for "));
            Box::new(Failure::new(ErrorKind::Credentials, self.operation.id, detail))
        })
    }

    fn missing(&self, parameter: &Parameter) -> Box<Failure> {
        self.refuse(format!("`{}` is required and not set", parameter.name))
    }

    fn refuse(&self, detail: String) -> Box<Failure> {
        Box::new(Failure::new(ErrorKind::InvalidCall, self.operation.id, detail))
    }
}
