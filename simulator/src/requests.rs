//! What a simulator remembers of the requests that came in, for tests that look at what a client sent.

use std::fmt;

use axum::http::{HeaderMap, HeaderName, request::Parts};

const SECRET_HEADERS: [&str; 3] = ["authorization", "x-auth-token", "x-security-token"];

/// A request that came in, whether or not it was answered with success.
#[derive(Clone)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The method, in capitals.
    pub method: String,
    /// The path and the query, as they came over the wire.
    pub path_and_query: String,
    /// The names, in lower case, and values of the headers; bytes that are not UTF-8 are replaced.
    pub headers: Vec<(String, String)>,
}

impl RecordedRequest {
    pub(crate) fn new(parts: &Parts) -> Self {
        let path_and_query = parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default();
        Self { method: parts.method.to_string(), path_and_query, headers: headers_of(&parts.headers) }
    }

    /// The first value of a header; its name may be in any case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

fn headers_of(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |name: &HeaderName, value: &[u8]| {
        (name.as_str().to_owned(), String::from_utf8_lossy(value).into_owned())
    };
    headers.iter().map(|(name, value)| text(name, value.as_bytes())).collect()
}

/// Shows all but the values of headers that carry credentials.
impl fmt::Debug for RecordedRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers = self.headers.iter().map(|(name, value)| {
            let shown = if SECRET_HEADERS.contains(&name.as_str()) { "(redacted)" } else { value.as_str() };
            (name.as_str(), shown)
        });
        formatter
            .debug_struct("RecordedRequest")
            .field("method", &self.method)
            .field("path_and_query", &self.path_and_query)
            .field("headers", &headers.collect::<Vec<_>>())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_not_shown() {
        let (parts, ()) = axum::http::Request::get("/v1/p?page=2")
            .header("X-Auth-Token", "secret-1")
            .header("Authorization", "secret-2")
            .header("X-Security-Token", "secret-3")
            .header("Accept", "application/json")
            .body(())
            .unwrap()
            .into_parts();
        let request = RecordedRequest::new(&parts);
        assert_eq!(request.header("x-AUTH-token"), Some("secret-1"));
        let shown = format!("{request:?}");
        assert!(!shown.contains("secret"), "{shown}");
        assert!(shown.contains("/v1/p?page=2") && shown.contains("application/json"), "{shown}");
    }
}
