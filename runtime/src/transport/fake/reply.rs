//! What becomes of a request.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use http::{Response, StatusCode};

use super::super::virtual_clock::{Sleep, VirtualClock};
use super::{Body, TransportError, TransportErrorKind};

/// An answer, or what comes instead of one.
#[derive(Clone, Debug)]
#[must_use]
pub struct Reply {
    delay: Duration,
    outcome: Outcome,
}

#[derive(Clone, Debug)]
enum Outcome {
    Answer { status: StatusCode, headers: HeaderMap, pieces: VecDeque<Piece> },
    Fails(TransportErrorKind, String),
    Never,
}

#[derive(Clone, Debug)]
enum Piece {
    Bytes(Bytes),
    Pause(Duration),
    Breaks,
    Hangs,
}

impl Reply {
    /// An answer without headers and body. A number that is no status becomes 500.
    pub fn new(status: u16) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let outcome = Outcome::Answer { status, headers: HeaderMap::new(), pieces: VecDeque::new() };
        Self { delay: Duration::ZERO, outcome }
    }

    /// An answer with a body of JSON, given as text.
    pub fn json(status: u16, body: impl Into<String>) -> Self {
        Self::new(status).header("content-type", "application/json").body(body.into())
    }

    /// The connection fails in that way.
    pub fn fails(kind: TransportErrorKind) -> Self {
        Self { delay: Duration::ZERO, outcome: Outcome::Fails(kind, "as the test wants it".to_owned()) }
    }

    /// Nothing ever comes.
    pub fn never() -> Self {
        Self { delay: Duration::ZERO, outcome: Outcome::Never }
    }

    /// Adds a header. One that cannot be sent is left out.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let (Outcome::Answer { headers, .. }, Ok(name), Ok(value)) =
            (&mut self.outcome, HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value))
        {
            if name == CONTENT_TYPE {
                headers.insert(name, value);
            } else {
                headers.append(name, value);
            }
        }
        self
    }

    /// Lets time pass before the head of the answer, or the failure, comes.
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Adds a piece to the body.
    pub fn body(self, piece: impl Into<Bytes>) -> Self {
        let piece = piece.into();
        self.then(Piece::Bytes(piece))
    }

    /// Lets time pass before the next piece of the body.
    pub fn pause(self, pause: Duration) -> Self {
        self.then(Piece::Pause(pause))
    }

    /// Breaks the connection where the body has come to.
    pub fn then_breaks(self) -> Self {
        self.then(Piece::Breaks)
    }

    /// Nothing comes any more where the body has come to.
    pub fn then_hangs(self) -> Self {
        self.then(Piece::Hangs)
    }

    fn then(mut self, piece: Piece) -> Self {
        if let Outcome::Answer { pieces, .. } = &mut self.outcome {
            pieces.push_back(piece);
        }
        self
    }

    pub(super) async fn play(self, clock: &VirtualClock) -> Result<Response<Body>, TransportError> {
        if !self.delay.is_zero() {
            clock.sleep(self.delay).await;
        }
        match self.outcome {
            Outcome::Answer { status, headers, pieces } => {
                let body = Body::new(Pieces { clock: clock.clone(), pieces, pause: None });
                let mut response = Response::new(body);
                *response.status_mut() = status;
                *response.headers_mut() = headers;
                Ok(response)
            }
            Outcome::Fails(kind, message) => Err(TransportError::new(kind, message, None)),
            Outcome::Never => std::future::pending().await,
        }
    }
}

struct Pieces {
    clock: VirtualClock,
    pieces: VecDeque<Piece>,
    pause: Option<Sleep>,
}

impl Stream for Pieces {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(pause) = &mut self.pause {
                ready!(Pin::new(pause).poll(context));
                self.pause = None;
            }
            return match self.pieces.pop_front() {
                None => Poll::Ready(None),
                Some(Piece::Bytes(bytes)) => Poll::Ready(Some(Ok(bytes))),
                Some(Piece::Pause(pause)) => {
                    self.pause = Some(self.clock.sleep(pause));
                    continue;
                }
                Some(Piece::Breaks) => {
                    self.pieces.clear();
                    let message = "as the test wants it";
                    Poll::Ready(Some(Err(TransportError::new(TransportErrorKind::Broken, message, None))))
                }
                Some(Piece::Hangs) => {
                    self.pieces.push_front(Piece::Hangs);
                    Poll::Pending
                }
            };
        }
    }
}
