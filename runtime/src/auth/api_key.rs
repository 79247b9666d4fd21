//! API keys.

use http::header::{COOKIE, HeaderName};

use super::{Attempt, AuthError, Authenticate, Secret, sensitive};
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
    key: Secret,
}

impl ApiKey {
    /// A key that is sent under `name`.
    pub fn new(location: KeyLocation, name: &'static str, key: impl Into<Secret>) -> Self {
        Self { location, name, key: key.into() }
    }
}

impl Authenticate for ApiKey {
    fn authenticate<'a>(&'a self, attempt: Attempt<'a>) -> BoxFuture<'a, Result<(), AuthError>> {
        Box::pin(std::future::ready(self.add(attempt.request)))
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
                let path = request.uri.path();
                let mut query = request.uri.query().map_or(String::new(), |query| format!("?{query}"));
                let mut pair = String::from("?");
                crate::parameter::write_query_pair(self.name, self.key.expose(), &mut pair);
                SensitiveUri::mark_query(&mut request.extensions, &pair);
                // A link that the server gave may hold the key already.
                let is_given = query.split(['?', '&']).any(|given| pair.strip_prefix("?&") == Some(given));
                if !is_given {
                    crate::parameter::write_query_pair(self.name, self.key.expose(), &mut query);
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
