//! Headers in the spans of attempts: those that a program asks for.

use std::fmt::Write as _;

use http::header::{
    AUTHORIZATION, COOKIE, HeaderMap, HeaderName, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, SET_COOKIE,
    WWW_AUTHENTICATE,
};
use tracing::Span;

use crate::hook::{Arrived, Hook, Outgoing};
use crate::transport::{REDACTED, TOKEN_HEADERS};

/// A [`Hook`] that records headers in the span of each attempt, in the fields `http.request.headers` and
/// `http.response.headers`: no header is recorded without it. (The names of `tracing`'s fields are fixed when a program is
/// compiled, so that each header cannot have a field of its own.)
///
/// Headers that are marked as sensitive, and those that usually hold credentials, are recorded as `[redacted]`;
/// [`redact`](Self::redact) names further ones. What credentials add to a request is not seen here at all.
#[derive(Clone, Debug)]
pub struct TraceHeaders {
    names: Vec<HeaderName>,
    redacted: Vec<HeaderName>,
}

impl TraceHeaders {
    /// Records the headers with these names.
    pub fn new(names: impl IntoIterator<Item = HeaderName>) -> Self {
        let mut redacted = vec![
            AUTHORIZATION,
            PROXY_AUTHORIZATION,
            COOKIE,
            SET_COOKIE,
            WWW_AUTHENTICATE,
            PROXY_AUTHENTICATE,
        ];
        redacted.extend(TOKEN_HEADERS.map(HeaderName::from_static));
        Self { names: names.into_iter().collect(), redacted }
    }

    /// Does not show the values of these headers.
    #[must_use]
    pub fn redact(mut self, names: impl IntoIterator<Item = HeaderName>) -> Self {
        self.redacted.extend(names);
        self
    }

    fn record(&self, field: &'static str, headers: &HeaderMap) {
        let span = Span::current();
        let text = if span.is_disabled() { String::new() } else { self.text(headers) };
        if !text.is_empty() {
            span.record(field, text);
        }
    }

    fn text(&self, headers: &HeaderMap) -> String {
        let mut text = String::new();
        for name in &self.names {
            for value in headers.get_all(name) {
                let is_hidden = value.is_sensitive() || self.redacted.contains(name);
                let shown =
                    if is_hidden { REDACTED.into() } else { String::from_utf8_lossy(value.as_bytes()) };
                let separator = if text.is_empty() { "" } else { "; " };
                // Writing to a text cannot fail.
                let _ = write!(text, "{separator}{name}: {shown}");
            }
        }
        text
    }
}

impl Hook for TraceHeaders {
    fn request(&self, request: &mut Outgoing<'_>) {
        self.record("http.request.headers", request.headers());
    }

    fn response(&self, response: &Arrived<'_>) {
        self.record("http.response.headers", response.headers());
    }
}
