//! Credentials: what makes a request one of the caller's, added anew to each attempt.

mod api_key;
mod clock;
mod context;
mod error;
pub(crate) mod exchange;
mod http_scheme;
mod oauth2;
mod refresher;
pub(crate) mod renewal;
mod secret;
mod source;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{self, Poll};
use std::time::SystemTime;

use http::header::HeaderValue;

use crate::body::RequestBody;
use crate::transport::{BoxFuture, Transport};

pub(crate) use self::clock::{ClockOffset, SharedClockOffset};

pub use self::api_key::{ApiKey, KeyLocation};
pub use self::context::Context;
pub use self::error::AuthError;
pub use self::http_scheme::{Basic, Bearer, HttpToken};
pub use self::oauth2::{ClientAuthentication, OAuth2};
pub use self::refresher::Refresher;
#[cfg(feature = "reqwest")]
pub use self::refresher::RefresherTask;
pub use self::secret::Secret;
pub use self::source::{NewSecret, SecretSource, VariableError, callback, from_env};

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

    /// Whether [`refused`](Self::refused) may ever say that another attempt would prove it anew. Where it never does, what was sent is
    /// not kept for it.
    fn is_renewable(&self) -> bool {
        true
    }

    /// Whether the proof holds for a short while only by the server's clock, as a signature with a date does. The server's refusal
    /// then shows whether our clock is wrong; the request is proven once more by the server's, and so are those that follow.
    fn depends_on_clock(&self) -> bool {
        false
    }

    /// Whether [`value`](Self::value) knows a value of the client, such as the project that the caller works in, or can find it
    /// out. The client can then be built without it.
    fn supplies(&self, name: &str) -> bool {
        let _ = name;
        false
    }

    /// A value that a call needs, and that neither the call nor the client was given, by the name that the builder of the client
    /// has for it. It is asked for when the first call needs it, and kept for the life of the client.
    ///
    /// # Errors
    ///
    /// When it cannot be found out; the call is then not sent.
    fn value<'a>(
        &'a self,
        name: &'a str,
        context: Context<'a>,
    ) -> BoxFuture<'a, Result<Option<String>, AuthError>> {
        let _ = (name, context);
        Box::pin(std::future::ready(Ok(None)))
    }

    /// Renews what expires soon, before a call has to do it, and says when it is time again: `None` where nothing expires.
    ///
    /// # Errors
    ///
    /// When it cannot be renewed, and what is there does not hold any more.
    fn renew<'a>(&'a self, context: Context<'a>) -> BoxFuture<'a, Result<Option<SystemTime>, AuthError>> {
        let _ = context;
        Box::pin(std::future::ready(Ok(None)))
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
        self.context().now()
    }

    /// What the credentials can be fetched with.
    #[must_use]
    pub fn context(&self) -> Context<'a> {
        Context::new(self.base, self.transport).by_clock(self.offset)
    }
}

impl fmt::Debug for Attempt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempt").field("method", &self.request.method).finish_non_exhaustive()
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

/// What comes of a proof that waits for nothing. Success takes no memory.
pub(crate) fn at_once(outcome: Result<(), AuthError>) -> BoxFuture<'static, Result<(), AuthError>> {
    struct Done;

    impl Future for Done {
        type Output = Result<(), AuthError>;

        fn poll(self: Pin<&mut Self>, _: &mut task::Context<'_>) -> Poll<Self::Output> {
            Poll::Ready(Ok(()))
        }
    }

    match outcome {
        Ok(()) => Box::pin(Done),
        Err(error) => Box::pin(std::future::ready(Err(error))),
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
