//! API keys.

use std::time::SystemTime;

use http::HeaderMap;
use http::header::{COOKIE, HeaderName};

use super::{Attempt, AuthError, Authenticate, Context, SecretSource, sensitive};
use crate::transport::{BoxFuture, SensitiveUri};

/// Where an API key is sent (OpenAPI 3.0.4 §4.7.27, `apiKey`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyLocation {
    /// In a header.
    Header,
    /// In the query.
    Query,
    /// In a cookie.
    Cookie,
}

/// An API key (OpenAPI 3.0.4 §4.7.27, `apiKey`).
#[derive(Clone, Debug)]
pub struct ApiKey {
    location: KeyLocation,
    name: &'static str,
    /// The name as that of a header, where it can be one.
    header: Option<HeaderName>,
    key: SecretSource,
}

impl ApiKey {
    /// A key that is sent under `name`.
    pub fn new(location: KeyLocation, name: &'static str, key: impl Into<SecretSource>) -> Self {
        let header = HeaderName::from_bytes(name.as_bytes()).ok();
        Self { location, name, header, key: key.into() }
    }
}

impl Authenticate for ApiKey {
    fn authenticate<'a>(&'a self, attempt: Attempt<'a>) -> BoxFuture<'a, Result<(), AuthError>> {
        self.key.authenticate(attempt, |key, request| self.add(key, request))
    }

    fn refused(&self, headers: &HeaderMap) -> bool {
        let sent = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        self.key.forget(|key| match self.location {
            KeyLocation::Header => sent(self.name) == Some(key),
            KeyLocation::Cookie => sent(COOKIE.as_str()).is_some_and(|cookies| cookies.contains(key)),
            // The query is not seen here.
            KeyLocation::Query => true,
        })
    }

    fn renew<'a>(&'a self, context: Context<'a>) -> BoxFuture<'a, Result<Option<SystemTime>, AuthError>> {
        self.key.renew(context)
    }

    fn is_renewable(&self) -> bool {
        self.key.is_renewable()
    }
}

impl ApiKey {
    fn add(&self, key: &str, request: &mut http::request::Parts) -> Result<(), AuthError> {
        match self.location {
            KeyLocation::Header => {
                let name = self
                    .header
                    .clone()
                    .ok_or_else(|| AuthError::new(format!("`{}` is no header name", self.name), None))?;
                request.headers.insert(name, sensitive(key)?);
            }
            KeyLocation::Cookie => {
                // RFC 6265 §4.1.1: what would end the cookie, or would be quoted.
                let ends = |c: char| matches!(c, ';' | ',' | '"' | '\\') || c.is_whitespace();
                if key.contains(ends) {
                    return Err(AuthError::new(
                        "the key has a character that cannot stand in a cookie",
                        None,
                    ));
                }
                let mut cookies = request.headers.get(COOKIE).map_or(String::new(), |value| {
                    format!("{}; ", String::from_utf8_lossy(value.as_bytes()))
                });
                cookies.push_str(&format!("{}={}", self.name, key));
                request.headers.insert(COOKIE, sensitive(&cookies)?);
            }
            KeyLocation::Query => {
                let path = request.uri.path();
                let mut pair = String::new();
                crate::parameter::write_query_pair(self.name, key, &mut pair);
                SensitiveUri::mark_query(&mut request.extensions, &pair);
                // A link that the server gave may hold a key already, which need not be the one that is good now.
                let name = pair.split('=').next().unwrap_or_default().trim_start_matches('?').to_owned();
                let given = request.uri.query().unwrap_or_default().split('&');
                let other = given.filter(|given| !given.is_empty() && given.split('=').next() != Some(&name));
                let mut query = String::new();
                for given in other {
                    query.push(if query.is_empty() { '?' } else { '&' });
                    query.push_str(given);
                }
                crate::parameter::write_query_pair(self.name, key, &mut query);
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
