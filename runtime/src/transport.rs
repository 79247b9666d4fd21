//! The edge to the network: what sends a request, and where time comes from.
//!
//! The rest of this crate makes requests and understands answers, and does neither I/O nor timing nor threads of its own
//! (clippy's `disallowed-methods` see to that). So any way to exchange bytes will do. One that blocks needs no executor at all: its futures
//! are ready at once, and so is that of a call. (WebAssembly without an operating system should do as well; it is untested.)
//!
//! ```
//! use std::pin::pin;
//! use std::sync::Arc;
//! use std::task::{Context, Poll, Waker};
//! use std::time::{Duration, SystemTime};
//!
//! use clientsmith_runtime::http::{Request, Response};
//! use clientsmith_runtime::transport::{Body, Transport, TransportError, TransportErrorKind};
//! use clientsmith_runtime::{BoxFuture, RequestBody};
//!
//! struct ByHand;
//!
//! impl Transport for ByHand {
//!     fn send(&self, request: Request<RequestBody>) -> BoxFuture<'static, Result<Response<Body>, TransportError>> {
//!         let answer = exchange(&request).map(Body::full).map(Response::new);
//!         let broken = |error| TransportError::new(TransportErrorKind::Broken, "the exchange failed", Some(Box::new(error)));
//!         Box::pin(std::future::ready(answer.map_err(|error: std::io::Error| broken(error))))
//!     }
//!
//!     fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
//!         // Asked for when a call begins, for its time limit, and polled only when there is nothing else to do.
//!         Box::pin(async move { std::thread::sleep(duration) })
//!     }
//!
//!     fn now(&self) -> SystemTime {
//!         SystemTime::now()
//!     }
//!
//!     fn monotonic(&self) -> Duration {
//!         SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
//!     }
//! }
//!
//! fn exchange(request: &Request<RequestBody>) -> std::io::Result<Vec<u8>> {
//!     // A serial line, a C library, a queue: `request.uri()`, `request.headers()`, `request.body().as_bytes()`
//!     # let _ = request;
//!     Ok(b"{}".to_vec())
//! }
//!
//! fn wait<T>(call: impl Future<Output = T>) -> Option<T> {
//!     match pin!(call).poll(&mut Context::from_waker(Waker::noop())) {
//!         Poll::Ready(output) => Some(output),
//!         Poll::Pending => None, // not with this transport
//!     }
//! }
//! # let transport: Arc<dyn Transport> = Arc::new(ByHand);
//! # let sending = transport.send(Request::new(RequestBody::empty()));
//! # assert_eq!(wait(sending).unwrap().unwrap().status(), 200);
//! // let client = Client::builder().transport(Arc::new(ByHand))...
//! // let jobs = wait(client.jobs().list().into_future());
//! ```
//!
//! Who has a [`Call`](crate::Call) in hand gets the request itself from [`Call::to_request`](crate::Call::to_request), and what an answer
//! means from [`Call::read`](crate::Call::read).

#[cfg(any(feature = "reqwest", feature = "tower"))]
mod bodies;
mod clock;
#[cfg(feature = "test-util")]
pub mod fake;
#[cfg(feature = "test-util")]
pub mod record;
#[cfg(feature = "reqwest")]
mod reqwest;
mod sensitive;
mod silence;
#[cfg(feature = "tower")]
mod tower;
#[cfg(feature = "test-util")]
mod virtual_clock;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures_core::Stream;

use crate::body::RequestBody;

pub use self::clock::Clock;
#[cfg(feature = "test-util")]
pub use self::fake::Fake;
#[cfg(feature = "test-util")]
pub use self::record::{Recorder, Replayer};
#[cfg(feature = "reqwest")]
pub use self::reqwest::{ReqwestTransport, ReqwestTransportBuilder};
pub use self::sensitive::{REDACTED, SensitiveUri};
pub(crate) use self::silence::Silence;
#[cfg(feature = "tower")]
pub use self::tower::TowerTransport;
#[cfg(any(feature = "reqwest", feature = "tower"))]
pub use self::{bodies::OutgoingBody, clock::TokioClock};

/// A future that can be moved between threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Sends requests, sleeps and tells the time. The engine does none of that itself.
///
/// A transport must not follow redirects: credentials would go where they do not belong. Neither must it show a request's
/// URI or body, in an error or a log: both may hold a secret, such as an API key in the query. Headers that hold one are
/// marked as sensitive, and [`SensitiveUri::shown`] is the URI as it can be shown.
pub trait Transport: Send + Sync {
    /// Sends one request and answers when the head of the response is there. A body with a length is sent with it as
    /// `Content-Length`, any other in chunks, piece by piece. What is in memory can be sent at once, unless it
    /// [has progress](RequestBody::has_progress) to tell.
    fn send(
        &self,
        request: http::Request<RequestBody>,
    ) -> BoxFuture<'static, Result<http::Response<Body>, TransportError>>;

    /// Waits.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;

    /// The wall clock, for signatures.
    fn now(&self) -> SystemTime;

    /// A clock that never goes back, counted from a point of the transport's choice, for deadlines.
    fn monotonic(&self) -> Duration;

    /// Whether requests are to carry their [`OperationId`] in their extensions, which costs each an allocation or two.
    fn needs_operation_id(&self) -> bool {
        false
    }
}

/// The operationId of the call that a request is of, in the extensions of the request where the transport
/// [wants it](Transport::needs_operation_id).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OperationId(pub &'static str);

/// The headers in which tokens travel, besides those of HTTP's own.
#[cfg(any(feature = "tracing", feature = "test-util"))]
pub(crate) const TOKEN_HEADERS: [&str; 7] = [
    "api-key",
    "x-amz-security-token",
    "x-api-key",
    "x-auth-token",
    "x-goog-api-key",
    "x-security-token",
    "x-subject-token",
];

/// The body of a response, in pieces as they arrive.
pub struct Body {
    pieces: Pieces,
    silence: Option<Silence>,
}

/// Where the pieces come from. Those of the default transport need no box of their own.
enum Pieces {
    Any(Pin<Box<dyn Stream<Item = Result<Bytes, TransportError>> + Send>>),
    #[cfg(feature = "reqwest")]
    Reqwest(self::reqwest::Pieces),
}

impl Body {
    /// A body from its pieces.
    pub fn new(pieces: impl Stream<Item = Result<Bytes, TransportError>> + Send + 'static) -> Self {
        Self { pieces: Pieces::Any(Box::pin(pieces)), silence: None }
    }

    #[cfg(feature = "reqwest")]
    fn of_reqwest(pieces: self::reqwest::Pieces) -> Self {
        Self { pieces: Pieces::Reqwest(pieces), silence: None }
    }

    /// A body that is all there.
    pub fn full(bytes: impl Into<Bytes>) -> Self {
        Self::new(Once(Some(bytes.into())))
    }

    /// The next piece, `None` at the end.
    pub async fn next(&mut self) -> Option<Result<Bytes, TransportError>> {
        std::future::poll_fn(|context| self.poll_next(context)).await
    }

    pub(crate) fn poll_next(
        &mut self,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<Bytes, TransportError>>> {
        let next = match &mut self.pieces {
            Pieces::Any(pieces) => pieces.as_mut().poll_next(context),
            #[cfg(feature = "reqwest")]
            Pieces::Reqwest(pieces) => pieces.poll_next(context),
        };
        match (next, &mut self.silence) {
            (next, Some(silence)) => silence.over(next, context),
            (next, None) => next,
        }
    }

    /// Ends it in an error when nothing comes of it for too long.
    pub(crate) fn limit_silence(&mut self, silence: Silence) {
        self.silence = Some(silence);
    }

    /// Sets how long nothing may come of it, where that is watched, and the setting that says so.
    pub(crate) fn set_silence(&mut self, allowed: Duration, setting: &'static str) {
        if let Some(silence) = &mut self.silence {
            silence.allow(allowed, setting);
        }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Body")
    }
}

struct Once(Option<Bytes>);

impl Stream for Once {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(
        mut self: Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<Bytes, TransportError>>> {
        std::task::Poll::Ready(self.0.take().map(Ok))
    }
}

/// What kept a transport from sending a request or reading its answer.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct TransportError {
    /// What went wrong.
    pub kind: TransportErrorKind,
    message: String,
    #[source]
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// The kinds of [`TransportError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// No connection could be made: nothing was sent.
    Connect,
    /// A connection could not be made in time: nothing was sent.
    ConnectTimeout,
    /// The request could not be put together.
    Request,
    /// The connection broke while the request was sent or the answer read.
    Broken,
    /// Nothing came of the body of the answer for too long.
    Stalled,
}

impl TransportError {
    /// An error with a message and, where there is one, its cause.
    pub fn new(
        kind: TransportErrorKind,
        message: impl Into<String>,
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self { kind, message: message.into(), source }
    }
}

/// All of a request's body.
#[cfg(feature = "test-util")]
async fn body_bytes(body: RequestBody) -> Result<Bytes, TransportError> {
    if let (Some(bytes), false) = (body.as_bytes(), body.has_progress()) {
        return Ok(bytes.clone());
    }
    let (mut pieces, mut all) = (body.into_pieces(), bytes::BytesMut::new());
    while let Some(piece) = crate::stream::next(&mut pieces).await {
        let piece = piece.map_err(|error| {
            TransportError::new(TransportErrorKind::Broken, error.to_string(), Some(Box::new(error)))
        })?;
        all.extend_from_slice(&piece);
    }
    Ok(all.freeze())
}
