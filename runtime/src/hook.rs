//! Hooks: what a program adds to each request, and hears of each answer.

use std::time::Duration;

use http::{HeaderMap, Method, StatusCode};

use crate::error::ErrorKind;
use crate::transport::SensitiveUri;

#[cfg(feature = "tracing")]
pub use crate::observe::{TRACE_TARGET, TraceHeaders};

/// Sees each request of a client before it is authenticated, and what came of it. Given to the client's builder; several are
/// called in the order in which they were given.
///
/// A hook runs on the way of the call: it must not wait for anything. It sees no credentials, which are added after it; what it has added
/// is there when a signature is made.
///
/// ```
/// use clientsmith_runtime::hook::{Arrived, Hook, Outgoing};
/// use clientsmith_runtime::http::HeaderValue;
///
/// struct Tenant(HeaderValue);
///
/// impl Hook for Tenant {
///     fn request(&self, request: &mut Outgoing<'_>) {
///         request.headers_mut().insert("x-tenant", self.0.clone());
///     }
///
///     fn response(&self, response: &Arrived<'_>) {
///         println!("{} {} {:?}", response.operation(), response.status(), response.elapsed());
///     }
/// }
/// ```
pub trait Hook: Send + Sync {
    /// A request is about to be authenticated and sent.
    fn request(&self, request: &mut Outgoing<'_>) {
        let _ = request;
    }

    /// The head of an answer has come, whatever its status.
    fn response(&self, response: &Arrived<'_>) {
        let _ = response;
    }

    /// An attempt has come to nothing: it was not sent, or no answer came, or not all of its body.
    fn failure(&self, failure: &Failed<'_>) {
        let _ = failure;
    }
}

/// A request before it is authenticated. `Debug` shows headers that are marked as sensitive as such, and no secret of the URI.
pub struct Outgoing<'a> {
    pub(crate) operation: &'static str,
    pub(crate) attempt: u32,
    pub(crate) head: &'a mut http::request::Parts,
}

impl Outgoing<'_> {
    /// The operationId.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// The number of the request in its call, from 1.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// The method.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.head.method
    }

    /// The URL, with `[redacted]` for the values of parameters that are secret.
    #[must_use]
    pub fn url(&self) -> String {
        SensitiveUri::shown(&self.head.uri, &self.head.extensions)
    }

    /// The headers, without those of credentials.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.head.headers
    }

    /// The headers, to be changed. What is secret has to be marked
    /// ([`HeaderValue::set_sensitive`](http::HeaderValue::set_sensitive)): it is then shown nowhere, and a call over plain http to another
    /// machine fails.
    pub fn headers_mut(&mut self) -> &mut HeaderMap {
        &mut self.head.headers
    }

    /// For what the transport is to know of the request (`http`'s extensions).
    pub fn extensions_mut(&mut self) -> &mut http::Extensions {
        &mut self.head.extensions
    }
}

impl std::fmt::Debug for Outgoing<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outgoing")
            .field("operation", &self.operation)
            .field("attempt", &self.attempt)
            .field("method", self.method())
            .field("url", &self.url())
            .field("headers", self.headers())
            .finish()
    }
}

/// The head of an answer. `Debug` does not show the headers, which may hold secrets.
pub struct Arrived<'a> {
    pub(crate) operation: &'static str,
    pub(crate) attempt: u32,
    pub(crate) method: &'a Method,
    pub(crate) status: StatusCode,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) elapsed: Duration,
}

impl Arrived<'_> {
    /// The operationId.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// The number of the request in its call, from 1.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// The method of the request.
    #[must_use]
    pub fn method(&self) -> &Method {
        self.method
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.headers
    }

    /// The time since the request was begun, its authentication included.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }
}

impl std::fmt::Debug for Arrived<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Arrived")
            .field("operation", &self.operation)
            .field("attempt", &self.attempt)
            .field("method", &self.method)
            .field("status", &self.status)
            .field("elapsed", &self.elapsed)
            .finish_non_exhaustive()
    }
}

/// An attempt that has come to nothing.
#[derive(Debug)]
pub struct Failed<'a> {
    pub(crate) operation: &'static str,
    pub(crate) attempt: u32,
    pub(crate) method: &'a Method,
    pub(crate) kind: ErrorKind,
    pub(crate) detail: &'a str,
    pub(crate) elapsed: Duration,
}

impl Failed<'_> {
    /// The operationId.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// The number of the request in its call, from 1.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// The method of the request.
    #[must_use]
    pub fn method(&self) -> &Method {
        self.method
    }

    /// What kind of failure it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// What went wrong, in words.
    #[must_use]
    pub fn detail(&self) -> &str {
        self.detail
    }

    /// The time since the request was begun, its authentication included.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }
}
