//! Credentials: what makes a request one of the caller's, added anew to each attempt.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use http::header::{AUTHORIZATION, COOKIE, HeaderName, HeaderValue};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

use crate::transport::BoxFuture;

/// A text that is never shown: `Debug` redacts it, and its memory is wiped when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// The text itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl<T: Into<String>> From<T> for Secret {
    fn from(text: T) -> Self {
        Self(Zeroizing::new(text.into()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose())
    }
}

impl From<Secret> for crate::ParameterValue {
    fn from(secret: Secret) -> Self {
        Self::Single(secret.expose().to_owned())
    }
}

/// What proves to the server who is calling.
pub trait Authenticate: fmt::Debug + Send + Sync {
    /// Adds the proof to a request. It is called anew for each attempt, and has to replace what an earlier one added.
    fn authenticate<'a>(
        &'a self,
        request: &'a mut http::request::Parts,
        body: &'a [u8],
        now: SystemTime,
    ) -> BoxFuture<'a, Result<(), AuthError>>;
}

/// Why a request could not be authenticated. Carries no secret.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct AuthError {
    message: String,
    #[source]
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl AuthError {
    /// An error with a message and, where there is one, its cause.
    pub fn new(message: impl Into<String>, source: Option<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { message: message.into(), source }
    }
}

/// Credentials for one of the security schemes of a description.
#[derive(Clone, Debug)]
pub struct Credential {
    scheme: usize,
    authenticate: Arc<dyn Authenticate>,
}

impl Credential {
    /// Credentials for the scheme with that index.
    pub fn new(scheme: usize, authenticate: impl Authenticate + 'static) -> Self {
        Self { scheme, authenticate: Arc::new(authenticate) }
    }

    /// The index of the scheme.
    pub(crate) fn scheme(&self) -> usize {
        self.scheme
    }

    pub(crate) fn into_authenticate(self) -> Arc<dyn Authenticate> {
        self.authenticate
    }
}

/// Where an API key is sent (OpenAPI 3.0.4 §4.8.27, `apiKey`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyLocation {
    /// In a header.
    Header,
    /// In the query.
    Query,
    /// In a cookie.
    Cookie,
}

/// An API key (OpenAPI 3.0.4 §4.8.27, `apiKey`).
#[derive(Clone, Debug)]
pub struct ApiKey {
    location: KeyLocation,
    name: &'static str,
    key: Secret,
}

impl ApiKey {
    /// A key that is sent under `name`.
    pub fn new(location: KeyLocation, name: &'static str, key: impl Into<Secret>) -> Self {
        Self { location, name, key: key.into() }
    }
}

impl Authenticate for ApiKey {
    fn authenticate<'a>(
        &'a self,
        request: &'a mut http::request::Parts,
        _: &'a [u8],
        _: SystemTime,
    ) -> BoxFuture<'a, Result<(), AuthError>> {
        Box::pin(std::future::ready(self.add(request)))
    }
}

impl ApiKey {
    fn add(&self, request: &mut http::request::Parts) -> Result<(), AuthError> {
        match self.location {
            KeyLocation::Header => {
                let name = HeaderName::from_bytes(self.name.as_bytes()).map_err(|error| {
                    AuthError::new(format!("`{}` is no header name", self.name), Some(error.into()))
                })?;
                request.headers.insert(name, sensitive(self.key.expose())?);
            }
            KeyLocation::Cookie => {
                let mut cookies = request.headers.get(COOKIE).map_or(String::new(), |value| {
                    format!("{}; ", String::from_utf8_lossy(value.as_bytes()))
                });
                cookies.push_str(&format!("{}={}", self.name, self.key.expose()));
                request.headers.insert(COOKIE, sensitive(&cookies)?);
            }
            KeyLocation::Query => {
                let path = request.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
                let mut query = String::new();
                crate::ParameterValue::from(self.key.expose()).write_query(self.name, false, &mut query);
                if path.contains('?') {
                    query.replace_range(..1, "&");
                }
                let mut parts = request.uri.clone().into_parts();
                parts.path_and_query = format!("{path}{query}").parse().ok();
                request.uri = http::Uri::from_parts(parts).map_err(|error| {
                    AuthError::new("the key does not fit into the URL", Some(error.into()))
                })?;
            }
        }
        Ok(())
    }
}

/// A bearer token (RFC 6750).
#[derive(Clone, Debug)]
pub struct Bearer(Secret);

impl Bearer {
    /// A token.
    pub fn new(token: impl Into<Secret>) -> Self {
        Self(token.into())
    }
}

impl Authenticate for Bearer {
    fn authenticate<'a>(
        &'a self,
        request: &'a mut http::request::Parts,
        _: &'a [u8],
        _: SystemTime,
    ) -> BoxFuture<'a, Result<(), AuthError>> {
        let value = sensitive(&format!("Bearer {}", self.0.expose()));
        Box::pin(std::future::ready(value.map(|value| {
            request.headers.insert(AUTHORIZATION, value);
        })))
    }
}

fn sensitive(text: &str) -> Result<HeaderValue, AuthError> {
    let mut value = HeaderValue::from_str(text).map_err(|_| {
        AuthError::new("the credentials contain a character that cannot stand in a header", None)
    })?;
    value.set_sensitive(true);
    Ok(value)
}
