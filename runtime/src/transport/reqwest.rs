//! The default transport: reqwest with rustls.

use std::error::Error as _;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use futures_core::Stream;

use super::{Body, BoxFuture, Transport, TransportError, TransportErrorKind};
use crate::body::{RequestBody, RequestPieces};

/// Sends requests with reqwest. Has to be used inside a Tokio runtime.
#[derive(Clone, Debug)]
pub struct ReqwestTransport {
    client: reqwest::Client,
    start: Instant,
}

impl ReqwestTransport {
    /// A transport that gives up connecting after `connect_timeout`. It uses the proxy that the system is set to.
    ///
    /// # Errors
    ///
    /// When the TLS library cannot be set up.
    pub fn new(connect_timeout: Duration) -> Result<Self, TransportError> {
        Self::build(reqwest::Client::builder(), connect_timeout)
    }

    /// A transport that uses no proxy: for servers on this machine, which requests must not leave in plain text.
    ///
    /// # Errors
    ///
    /// When the TLS library cannot be set up.
    pub fn direct(connect_timeout: Duration) -> Result<Self, TransportError> {
        Self::build(reqwest::Client::builder().no_proxy(), connect_timeout)
    }

    fn build(builder: reqwest::ClientBuilder, connect_timeout: Duration) -> Result<Self, TransportError> {
        let client = builder
            .connect_timeout(connect_timeout)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| convert(error, TransportErrorKind::Request))?;
        Ok(Self { client, start: Instant::now() })
    }
}

impl Transport for ReqwestTransport {
    fn send(
        &self,
        request: http::Request<RequestBody>,
    ) -> BoxFuture<'static, Result<http::Response<Body>, TransportError>> {
        let client = self.client.clone();
        Box::pin(async move {
            let request = reqwest::Request::try_from(request.map(outgoing))
                .map_err(|error| convert(error, TransportErrorKind::Request))?;
            let response = client.execute(request).await.map_err(|error| {
                let kind = match (error.is_connect(), error.is_timeout(), error.is_builder()) {
                    (true, true, _) => TransportErrorKind::ConnectTimeout,
                    (true, false, _) => TransportErrorKind::Connect,
                    (false, _, true) => TransportErrorKind::Request,
                    (false, _, false) => TransportErrorKind::Broken,
                };
                convert(error, kind)
            })?;
            let response: http::Response<reqwest::Body> = response.into();
            Ok(response.map(|body| Body::new(Pieces(body))))
        })
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }

    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn monotonic(&self) -> Duration {
        self.start.elapsed()
    }
}

/// A body as reqwest takes it: bytes as they are, everything else piece by piece.
fn outgoing(body: RequestBody) -> reqwest::Body {
    match body.as_bytes() {
        Some(bytes) => bytes.clone().into(),
        None => reqwest::Body::wrap(Outgoing(Mutex::new(body.into_pieces()))),
    }
}

/// The pieces of a body on their way out. The lock is for the compiler, which wants to share it; nobody does.
struct Outgoing(Mutex<RequestPieces>);

impl http_body::Body for Outgoing {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, std::io::Error>>> {
        let pieces = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        let piece = Pin::new(pieces).poll_next(context);
        piece.map(|piece| piece.map(|piece| piece.map(http_body::Frame::data)))
    }

    fn size_hint(&self) -> http_body::SizeHint {
        let pieces = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        pieces.left().map_or_else(http_body::SizeHint::default, http_body::SizeHint::with_exact)
    }
}

/// The data frames of a body; trailers are passed over.
struct Pieces(reqwest::Body);

impl Stream for Pieces {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            return match http_body::Body::poll_frame(Pin::new(&mut self.0), context) {
                Poll::Pending => Poll::Pending,
                Poll::Ready(None) => Poll::Ready(None),
                Poll::Ready(Some(Err(error))) => {
                    Poll::Ready(Some(Err(convert(error, TransportErrorKind::Broken))))
                }
                Poll::Ready(Some(Ok(frame))) => match frame.into_data() {
                    Ok(bytes) => Poll::Ready(Some(Ok(bytes))),
                    Err(_) => continue,
                },
            };
        }
    }
}

/// The innermost cause says what happened; the layers above repeat the address, which is left out for its query.
fn convert(error: reqwest::Error, kind: TransportErrorKind) -> TransportError {
    let error = error.without_url();
    let mut innermost = error.source();
    while let Some(next) = innermost.and_then(std::error::Error::source) {
        innermost = Some(next);
    }
    let message = match innermost {
        Some(cause) => cause.to_string(),
        None => error.to_string(),
    };
    TransportError::new(kind, message, Some(Box::new(error)))
}
