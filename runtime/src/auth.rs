//! Credentials: what makes a request one of the caller's, added anew to each attempt.

mod api_key;
mod clock;
mod http_scheme;
mod oauth2;
mod secret;

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use http::header::HeaderValue;

use crate::body::RequestBody;
use crate::transport::{BoxFuture, Transport};

pub(crate) use self::clock::{ClockOffset, SharedClockOffset};

pub use self::api_key::{ApiKey, KeyLocation};
pub use self::http_scheme::{Basic, Bearer, HttpToken};
pub use self::oauth2::{ClientAuthentication, OAuth2};
pub use self::secret::Secret;

/// What proves to the server who is calling.
pub trait Authenticate: fmt::Debug + Send + Sync {
    /// Adds the proof to a request. It is called anew for each attempt, with a request that was put together anew.
    ///
    /// # Errors
    ///
    /// When the request cannot be authenticated; it is then not sent.
    fn authenticate<'a>(&'a self, attempt: Attempt<'a>) -> BoxFuture<'a, Result<(), AuthError>>;

    /// Hears that the server has answered 401 to a request that was sent with these headers, and says whether another attempt
    /// would prove it anew. The call is then made once more, if its body can be sent again.
    fn refused(&self, headers: &http::HeaderMap) -> bool {
        let _ = headers;
        false
    }

    /// Whether the proof holds for a short while only by the server's clock, as a signature with a date does. The server's refusal
    /// then shows whether our clock is wrong; the request is proven once more by the server's, and so are those that follow.
    fn depends_on_clock(&self) -> bool {
        false
    }
}

/// A request that is about to be sent, and what can be used to authenticate it.
#[non_exhaustive]
pub struct Attempt<'a> {
    /// The head of the request.
    pub request: &'a mut http::request::Parts,
    /// Its body.
    pub body: &'a RequestBody,
    /// The URL of the API, which relative URLs of a description refer to.
    pub base: &'a http::Uri,
    /// What sends the request.
    pub transport: &'a Arc<dyn Transport>,
    offset: ClockOffset,
}

impl<'a> Attempt<'a> {
    /// An attempt to send a request.
    pub fn new(
        request: &'a mut http::request::Parts,
        body: &'a RequestBody,
        base: &'a http::Uri,
        transport: &'a Arc<dyn Transport>,
    ) -> Self {
        Self { request, body, base, transport, offset: ClockOffset::default() }
    }

    pub(crate) fn by_clock(self, offset: ClockOffset) -> Self {
        Self { offset, ..self }
    }

    /// The time by the transport's clock, or by the server's where the transport's has turned out to be wrong. Signatures are
    /// made with it.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        self.offset.apply(self.transport.now())
    }
}

impl fmt::Debug for Attempt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempt").field("method", &self.request.method).finish_non_exhaustive()
    }
}

/// Why a request could not be authenticated. Carries no secret.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct AuthError {
    message: String,
    is_retryable: bool,
    code: Option<String>,
    #[source]
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl AuthError {
    /// An error with a message and, where there is one, its cause.
    pub fn new(message: impl Into<String>, source: Option<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { message: message.into(), is_retryable: false, code: None, source }
    }

    /// Says that the same call may succeed when it is made again.
    #[must_use]
    pub fn retryable(self) -> Self {
        Self { is_retryable: true, ..self }
    }

    /// Says which code a server gave for its refusal.
    #[must_use]
    pub fn with_code(self, code: impl Into<String>) -> Self {
        Self { code: Some(code.into()), ..self }
    }

    /// The code of a server that refused, such as `invalid_grant` of the token endpoint for a refresh token that does not hold
    /// any more (RFC 6749 §5.2).
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// Whether the same call may succeed when it is made again.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.is_retryable
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

fn sensitive(text: &str) -> Result<HeaderValue, AuthError> {
    let mut value = HeaderValue::from_str(text).map_err(|_| {
        AuthError::new("the credentials contain a character that cannot stand in a header", None)
    })?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use std::sync::Arc;

    use super::*;
    use crate::transport::{Body, TransportError};

    /// Sends nothing.
    struct NoTransport;

    impl Transport for NoTransport {
        fn send(
            &self,
            _: http::Request<RequestBody>,
        ) -> BoxFuture<'static, Result<http::Response<Body>, TransportError>> {
            Box::pin(std::future::pending())
        }

        fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
            Box::pin(std::future::ready(()))
        }

        fn now(&self) -> SystemTime {
            SystemTime::UNIX_EPOCH
        }

        fn monotonic(&self) -> Duration {
            Duration::ZERO
        }
    }

    fn authenticated(with: &dyn Authenticate, uri: &str) -> Result<http::request::Parts, AuthError> {
        let (mut parts, ()) = http::Request::get(uri).body(()).unwrap().into_parts();
        let body = RequestBody::empty();
        let transport: Arc<dyn Transport> = Arc::new(NoTransport);
        let base = http::Uri::from_static("https://example.com");
        let mut future = with.authenticate(Attempt::new(&mut parts, &body, &base, &transport));
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
        let all: [&dyn Authenticate; 5] = [
            &ApiKey::new(KeyLocation::Header, "key", "hidden"),
            &ApiKey::new(KeyLocation::Cookie, "key", "hidden"),
            &Bearer::new("hidden"),
            &Basic::new("user", "hidden"),
            &HttpToken::new("DPoP", "hidden"),
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
