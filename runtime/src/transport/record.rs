//! Transports that record what is exchanged with a server into a file, and play it again without one.
//!
//! ```no_run
//! # use std::sync::Arc;
//! # use clientsmith_runtime::transport::Transport;
//! # use clientsmith_runtime::transport::record::{Recorder, Replayer};
//! # fn run(real: Arc<dyn Transport>) -> Result<(), Box<dyn std::error::Error>> {
//! let recorder = Recorder::new(real, "tests/jobs.json");
//! // let client = Client::builder().transport(recorder.transport())...
//! recorder.finish()?;
//! let replayer = Replayer::open("tests/jobs.json")?;
//! // let client = Client::builder().transport(replayer.transport())...
//! replayer.assert_finished();
//! # Ok(())
//! # }
//! ```
//!
//! The file is made to be committed: it has no credentials ([`Redaction`]). Look through it all the same: what an API calls a
//! secret is not known here.

mod redaction;
mod replay;
mod tape;

use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use http::HeaderMap;
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};

use self::tape::{Answer, Content, Exchange, Outcome, Tape};
use super::{Body, BoxFuture, Transport, TransportError};
use crate::body::{RequestBody, RequestPieces};

pub use self::redaction::Redaction;
pub use self::replay::Replayer;

/// What keeps a recording from being read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecordingError {
    /// The file cannot be read.
    #[error("the recording `{}` cannot be read", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is no recording.
    #[error("`{}` is no recording: {reason}", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}

/// Sends requests with another transport and writes down what is exchanged: request and answer, headers and bodies, of a stream all
/// that came, in the order in which the requests were made, without what a [`Redaction`] names.
///
/// The file is written by [`finish`](Self::finish), else when the last clone and the last body are dropped; it replaces one
/// that is there when it is whole.
#[derive(Clone)]
pub struct Recorder {
    inner: Arc<dyn Transport>,
    recording: Arc<Recording>,
}

struct Recording {
    path: PathBuf,
    redaction: Redaction,
    state: Mutex<State>,
}

struct State {
    tape: Tape,
    is_written: bool,
}

impl Recorder {
    /// A recorder around a transport that writes to `path`.
    pub fn new(inner: Arc<dyn Transport>, path: impl AsRef<Path>) -> Self {
        Self::redacting(inner, path, Redaction::default())
    }

    /// The same with something to redact that is an API's own.
    pub fn redacting(inner: Arc<dyn Transport>, path: impl AsRef<Path>, redaction: Redaction) -> Self {
        let start = inner.now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
        let tape = Tape { start, exchanges: Vec::new() };
        let (path, state) = (path.as_ref().to_owned(), Mutex::new(State { tape, is_written: false }));
        Self { inner, recording: Arc::new(Recording { path, redaction, state }) }
    }

    /// It, as the builder of a client takes it.
    #[must_use]
    pub fn transport(&self) -> Arc<dyn Transport> {
        Arc::new(self.clone())
    }

    /// Writes what has been exchanged so far.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn finish(&self) -> std::io::Result<()> {
        self.recording.write()
    }
}

impl Recording {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> std::io::Result<()> {
        let mut state = self.lock();
        state.tape.write(&self.path)?;
        state.is_written = true;
        Ok(())
    }

    fn change(&self, index: usize, change: impl FnOnce(&mut Exchange)) {
        let mut state = self.lock();
        state.is_written = false;
        if let Some(exchange) = state.tape.exchanges.get_mut(index) {
            change(exchange);
        }
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        if !self.lock().is_written {
            // Nobody is left to be told.
            drop(self.write());
        }
    }
}

impl Transport for Recorder {
    fn send(
        &self,
        request: http::Request<RequestBody>,
    ) -> BoxFuture<'static, Result<http::Response<Body>, TransportError>> {
        let recording = Arc::clone(&self.recording);
        let (head, body) = request.into_parts();
        let exchange = Exchange {
            method: head.method.to_string(),
            path: recording.redaction.path(&head.uri, &head.extensions),
            headers: recording.redaction.headers(&head.headers, redaction::boundary(&head.headers)),
            ..Exchange::default()
        };
        let index = {
            let mut state = recording.lock();
            state.is_written = false;
            state.tape.exchanges.push(exchange);
            state.tape.exchanges.len().saturating_sub(1)
        };
        let headers = head.headers.clone();
        let keep = Keep { recording: Arc::clone(&recording), index, headers, side: Side::Request };
        let body = keep.request_body(body);
        let sending = self.inner.send(http::Request::from_parts(head, body));
        Box::pin(async move {
            match sending.await {
                Ok(response) => {
                    let (head, body) = response.into_parts();
                    let answer = Answer {
                        status: head.status.as_u16(),
                        headers: recording
                            .redaction
                            .headers(&head.headers, redaction::boundary(&head.headers)),
                        body: Content::Nothing,
                        broken: None,
                    };
                    recording.change(index, |exchange| exchange.outcome = Outcome::Answer(answer));
                    let keep = Keep { recording, index, headers: head.headers.clone(), side: Side::Answer };
                    let body = Body::new(Incoming { body, kept: BytesMut::new(), broken: None, keep });
                    Ok(http::Response::from_parts(head, body))
                }
                Err(error) => {
                    let outcome = Outcome::Failure(error.kind, error.to_string());
                    recording.change(index, |exchange| exchange.outcome = outcome);
                    Err(error)
                }
            }
        })
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.inner.sleep(duration)
    }

    fn now(&self) -> SystemTime {
        self.inner.now()
    }

    fn monotonic(&self) -> Duration {
        self.inner.monotonic()
    }

    fn needs_operation_id(&self) -> bool {
        self.inner.needs_operation_id()
    }
}

/// Where a body goes.
struct Keep {
    recording: Arc<Recording>,
    index: usize,
    headers: HeaderMap,
    side: Side,
}

#[derive(Clone, Copy)]
enum Side {
    Request,
    Answer,
}

impl Keep {
    /// The body to send in place of this one.
    fn request_body(self, body: RequestBody) -> RequestBody {
        if let (Some(bytes), false) = (body.as_bytes(), body.has_progress()) {
            self.keep(bytes.clone(), None);
            return body;
        }
        let (length, media_type) = (body.length(), body.content_type().map(str::to_owned));
        let stream =
            RequestBody::stream(Outgoing { pieces: body.into_pieces(), kept: BytesMut::new(), keep: self });
        let stream = length.into_iter().fold(stream, RequestBody::with_length);
        media_type.into_iter().fold(stream, RequestBody::with_content_type)
    }

    fn keep(&self, bytes: Bytes, broken: Option<String>) {
        let text = self.recording.redaction.body(&self.headers, &bytes);
        let changed_length = text.as_ref().filter(|text| text.as_bytes() != bytes).map(String::len);
        let content = Content::new(&bytes, text);
        self.recording.change(self.index, |exchange| match (self.side, &mut exchange.outcome) {
            (Side::Request, _) => exchange.body = content,
            (Side::Answer, Outcome::Answer(answer)) => {
                // What it was framed by does not hold for what is kept.
                answer.headers.retain(|(name, _)| *name != TRANSFER_ENCODING.as_str());
                let length = answer.headers.iter_mut().find(|(name, _)| *name == CONTENT_LENGTH.as_str());
                if let (Some((_, length)), Some(kept)) = (length, changed_length) {
                    *length = kept.to_string();
                }
                answer.body = content;
                answer.broken = broken;
            }
            (Side::Answer, _) => {}
        });
    }
}

/// A request's body that is written down while it is sent.
struct Outgoing {
    pieces: RequestPieces,
    kept: BytesMut,
    keep: Keep,
}

impl Stream for Outgoing {
    type Item = std::io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = Pin::new(&mut self.pieces).poll_next(context);
        if let Poll::Ready(Some(Ok(piece))) = &next {
            self.kept.extend_from_slice(piece);
        }
        next
    }
}

impl Drop for Outgoing {
    fn drop(&mut self) {
        self.keep.keep(std::mem::take(&mut self.kept).freeze(), None);
    }
}

/// An answer's body that is written down while it is read, as far as it is.
struct Incoming {
    body: Body,
    kept: BytesMut,
    broken: Option<String>,
    keep: Keep,
}

impl Stream for Incoming {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = self.body.poll_next(context);
        match &next {
            Poll::Ready(Some(Ok(piece))) => self.kept.extend_from_slice(piece),
            Poll::Ready(Some(Err(error))) => self.broken = Some(error.to_string()),
            _ => {}
        }
        next
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        self.keep.keep(std::mem::take(&mut self.kept).freeze(), self.broken.take());
    }
}
