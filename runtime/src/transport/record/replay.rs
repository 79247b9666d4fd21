//! Playing a recording.

use std::path::Path;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures_core::Stream;
use http::Response;

use super::super::virtual_clock::VirtualClock;
use super::super::{Body, BoxFuture, Transport, TransportError, TransportErrorKind, body_bytes};
use super::tape::{Content, Exchange, Outcome, Tape};
use super::{RecordingError, Redaction, redaction};
use crate::body::RequestBody;

/// Answers requests with what a [`Recorder`](super::Recorder) has written down. Clones share the recording.
///
/// Each request has to be the next of the recording: by method, path, query and body, all without what is redacted; host and headers
/// do not count. Another one is an error that says what was expected. Time passes as with a
/// [`Fake`](super::super::Fake), from when the recording was made.
#[derive(Clone)]
pub struct Replayer {
    state: Arc<Mutex<State>>,
    clock: VirtualClock,
    redaction: Redaction,
    in_any_order: bool,
}

struct State {
    /// Those that have not been asked for, with their numbers.
    left: Vec<(usize, Exchange)>,
    all: usize,
}

impl Replayer {
    /// A transport that plays the recording at `path`.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, RecordingError> {
        let tape = Tape::read(path.as_ref())?;
        let start = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(tape.start));
        let clock = VirtualClock::starting(start.unwrap_or(SystemTime::UNIX_EPOCH));
        let left: Vec<_> = (1_usize..).zip(tape.exchanges).collect();
        let state = Arc::new(Mutex::new(State { all: left.len(), left }));
        Ok(Self { state, clock, redaction: Redaction::default(), in_any_order: false })
    }

    /// Redacts requests, before they are compared, by the same rules as the recording.
    #[must_use]
    pub fn redacting(mut self, redaction: Redaction) -> Self {
        self.redaction = redaction;
        self
    }

    /// Answers a request with the first exchange that fits and has not been played, for calls that are made side by side.
    #[must_use]
    pub fn in_any_order(mut self) -> Self {
        self.in_any_order = true;
        self
    }

    /// It, as the builder of a client takes it.
    #[must_use]
    pub fn transport(&self) -> Arc<dyn Transport> {
        Arc::new(self.clone())
    }

    /// How many exchanges have not been played.
    #[must_use]
    pub fn left(&self) -> usize {
        self.lock().left.len()
    }

    /// All of the recording has to have been played.
    ///
    /// # Panics
    ///
    /// When it has not; the message says what would come next.
    #[track_caller]
    pub fn assert_finished(&self) {
        let state = self.lock();
        let next = state.next();
        assert!(
            state.left.is_empty(),
            "{} of {} exchanges have not been played; {next}",
            state.left.len(),
            state.all
        );
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn play(&self, asked: &Exchange) -> Result<Exchange, TransportError> {
        let mut state = self.lock();
        let seen = if self.in_any_order { state.left.len() } else { 1 };
        let found =
            state.left.iter().take(seen).position(|(_, exchange)| exchange.difference(asked).is_none());
        if let Some(index) = found {
            return Ok(state.left.remove(index).1);
        }
        let difference = state.left.first().filter(|_| !self.in_any_order);
        let difference = difference.and_then(|(_, next)| next.difference(asked)).unwrap_or_default();
        let (method, path, next) = (&asked.method, &asked.path, state.next());
        let message = format!("`{method} {path}` is not in the recording here: {next}{difference}");
        Err(TransportError::new(TransportErrorKind::Request, message, None))
    }
}

impl State {
    fn next(&self) -> String {
        match self.left.first() {
            None => format!("all {} exchanges have been played", self.all),
            Some((number, next)) => {
                let (method, path, all) = (&next.method, &next.path, self.all);
                format!("`{method} {path}` is expected, exchange {number} of {all}")
            }
        }
    }
}

impl Exchange {
    /// What the request that was made has otherwise than the one that was recorded. Bodies may be long, and hold what nobody has
    /// thought to redact, so that only the place is told.
    fn difference(&self, asked: &Self) -> Option<String> {
        if self.method != asked.method || self.path != asked.path {
            return Some(String::new());
        }
        if self.body.is_same(&asked.body) {
            return None;
        }
        let (recorded, came) = (self.body.clone().into_bytes(), asked.body.clone().into_bytes());
        let same = recorded.iter().zip(&came).take_while(|(one, other)| one == other).count();
        let (recorded, came) = (recorded.len(), came.len());
        Some(format!(", with another body ({recorded} bytes, not {came}; they differ from byte {same} on)"))
    }
}

/// A body as it came, and broke where it did.
struct Played {
    bytes: Option<Bytes>,
    broken: Option<String>,
}

impl Stream for Played {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let broken = |message| TransportError::new(TransportErrorKind::Broken, message, None);
        let next = match self.bytes.take() {
            Some(bytes) => Some(Ok(bytes)),
            None => self.broken.take().map(|message| Err(broken(message))),
        };
        Poll::Ready(next)
    }
}

impl Transport for Replayer {
    fn send(
        &self,
        request: http::Request<RequestBody>,
    ) -> BoxFuture<'static, Result<Response<Body>, TransportError>> {
        let replayer = self.clone();
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let bytes = body_bytes(body).await?;
            let body = Content::new(&bytes, replayer.redaction.body(&head.headers, &bytes));
            let path = replayer.redaction.path(&head.uri, &head.extensions);
            let headers = replayer.redaction.headers(&head.headers, redaction::boundary(&head.headers));
            let method = head.method.to_string();
            let asked = Exchange { method, path, headers, body, outcome: Outcome::Nothing };
            match replayer.play(&asked)?.outcome {
                Outcome::Nothing => std::future::pending().await,
                Outcome::Failure(kind, message) => Err(TransportError::new(kind, message, None)),
                Outcome::Answer(answer) => {
                    let headers = answer.header_map();
                    let bytes = answer.body.into_bytes();
                    let mut response = Response::new(());
                    *response.status_mut() = answer.status.try_into().unwrap_or_default();
                    *response.headers_mut() = headers;
                    let bytes = Some(bytes).filter(|bytes| !bytes.is_empty());
                    Ok(response.map(|()| Body::new(Played { bytes, broken: answer.broken })))
                }
            }
        })
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(self.clock.sleep(duration))
    }

    fn now(&self) -> SystemTime {
        self.clock.now()
    }

    fn monotonic(&self) -> Duration {
        self.clock.elapsed()
    }
}
