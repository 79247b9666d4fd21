//! Credentials: what makes a request one of the caller's, added anew to each attempt.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use http::header::{AUTHORIZATION, COOKIE, HeaderName, HeaderValue};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

use crate::body::RequestBody;
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
    /// Adds the proof to a request, whose body is `body`. It is called anew for each attempt, with a request that was
    /// put together anew, and with the time `now` of the transport's clock.
    ///
    /// # Errors
    ///
    /// When the request cannot be authenticated; it is then not sent.
    fn authenticate<'a>(
        &'a self,
        request: &'a mut http::request::Parts,
        body: &'a RequestBody,
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
        _: &'a RequestBody,
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
                // RFC 6265 §4.1.1: what would end the cookie, or would be quoted.
                let ends = |c: char| matches!(c, ';' | ',' | '"' | '\\') || c.is_whitespace();
                if self.key.expose().contains(ends) {
                    return Err(AuthError::new(
                        "the key has a character that cannot stand in a cookie",
                        None,
                    ));
                }
                let mut cookies = request.headers.get(COOKIE).map_or(String::new(), |value| {
                    format!("{}; ", String::from_utf8_lossy(value.as_bytes()))
                });
                cookies.push_str(&format!("{}={}", self.name, self.key.expose()));
                request.headers.insert(COOKIE, sensitive(&cookies)?);
            }
            KeyLocation::Query => {
                let path = request.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
                let mut query = String::new();
                crate::parameter::write_query_pair(self.name, self.key.expose(), &mut query);
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
        _: &'a RequestBody,
        _: SystemTime,
    ) -> BoxFuture<'a, Result<(), AuthError>> {
        let value = sensitive(&Zeroizing::new(format!("Bearer {}", self.0.expose())));
        Box::pin(std::future::ready(value.map(|value| {
            request.headers.insert(AUTHORIZATION, value);
        })))
    }
}

/// A user name and password (RFC 7617).
#[derive(Clone, Debug)]
pub struct Basic {
    user: String,
    password: Secret,
}

impl Basic {
    /// A user name, which must not contain a colon, and a password.
    pub fn new(user: impl Into<String>, password: impl Into<Secret>) -> Self {
        Self { user: user.into(), password: password.into() }
    }

    fn value(&self) -> Result<HeaderValue, AuthError> {
        if self.user.contains(':') {
            return Err(AuthError::new("a user name with a colon cannot be told from its password", None));
        }
        let pair = Zeroizing::new(format!("{}:{}", self.user, self.password.expose()));
        sensitive(&Zeroizing::new(format!("Basic {}", *base64(pair.as_bytes()))))
    }
}

impl Authenticate for Basic {
    fn authenticate<'a>(
        &'a self,
        request: &'a mut http::request::Parts,
        _: &'a RequestBody,
        _: SystemTime,
    ) -> BoxFuture<'a, Result<(), AuthError>> {
        Box::pin(std::future::ready(self.value().map(|value| {
            request.headers.insert(AUTHORIZATION, value);
        })))
    }
}

/// Standard base64 with padding (RFC 4648 §4).
fn base64(bytes: &[u8]) -> Zeroizing<String> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    // Of its final size from the start, so that no copy of a secret is left behind where it grew.
    let mut text = Zeroizing::new(String::with_capacity(bytes.len().div_ceil(3) * 4));
    for chunk in bytes.chunks(3) {
        let mut group = [0; 4];
        group.iter_mut().skip(1).zip(chunk).for_each(|(to, from)| *to = *from);
        let bits = u32::from_be_bytes(group);
        for position in 0..4 {
            let digit = bits >> (18 - 6 * position) & 63;
            let digit = usize::try_from(digit).ok().and_then(|digit| DIGITS.get(digit));
            text.push(digit.filter(|_| position <= chunk.len()).map_or('=', |digit| char::from(*digit)));
        }
    }
    text
}

fn sensitive(text: &str) -> Result<HeaderValue, AuthError> {
    let mut value = HeaderValue::from_str(text).map_err(|_| {
        AuthError::new("the credentials contain a character that cannot stand in a header", None)
    })?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_agrees_with_rfc_4648() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(*base64(bytes.as_bytes()), text);
        }
        assert_eq!(*base64(&[0xfb, 0xff, 0xfe]), "+//+");
    }

    fn authenticated(with: &dyn Authenticate, uri: &str) -> Result<http::request::Parts, AuthError> {
        let (mut parts, ()) = http::Request::get(uri).body(()).unwrap().into_parts();
        let body = RequestBody::empty();
        let mut future = with.authenticate(&mut parts, &body, SystemTime::UNIX_EPOCH);
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        let std::task::Poll::Ready(outcome) = future.as_mut().poll(&mut context) else {
            panic!("nothing to wait for")
        };
        drop(future);
        outcome.map(|()| parts)
    }

    #[test]
    fn a_key_goes_where_it_belongs() {
        let key = |location| ApiKey::new(location, "key", "se cret&");
        let parts = authenticated(&key(KeyLocation::Query), "https://example.com/a?b=c").unwrap();
        assert_eq!(parts.uri, "https://example.com/a?b=c&key=se%20cret%26");
        let parts = authenticated(&key(KeyLocation::Query), "https://example.com").unwrap();
        assert_eq!(parts.uri, "https://example.com/?key=se%20cret%26");
        let parts = authenticated(&key(KeyLocation::Header), "https://example.com").unwrap();
        assert_eq!(parts.headers.get("key").unwrap(), "se cret&");
        assert!(authenticated(&key(KeyLocation::Cookie), "https://example.com").is_err());
        let cookie = ApiKey::new(KeyLocation::Cookie, "key", "c2Vj=");
        let parts = authenticated(&cookie, "https://example.com").unwrap();
        assert_eq!(parts.headers.get("cookie").unwrap(), "key=c2Vj=");
    }

    #[test]
    fn what_is_sent_is_hidden_in_the_debug_of_the_headers() {
        let all: [&dyn Authenticate; 4] = [
            &ApiKey::new(KeyLocation::Header, "key", "hidden"),
            &ApiKey::new(KeyLocation::Cookie, "key", "hidden"),
            &Bearer::new("hidden"),
            &Basic::new("user", "hidden"),
        ];
        for one in all {
            let parts = authenticated(one, "https://example.com").unwrap();
            let shown = format!("{one:?} {parts:?}");
            assert!(!shown.contains("hidden") && !shown.contains("aGlkZGVu"), "{shown}");
        }
    }

    #[test]
    fn a_secret_with_a_line_break_is_refused_and_not_shown() {
        let error = authenticated(&Bearer::new("hid\nden"), "https://example.com").unwrap_err();
        assert_eq!(error.to_string(), "the credentials contain a character that cannot stand in a header");
        assert!(authenticated(&Basic::new("a:b", "x"), "https://example.com").is_err());
    }
}
