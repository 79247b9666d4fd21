//! Bytes that arrive piece by piece.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderValue, IF_RANGE};
use http::{HeaderMap, StatusCode};

use super::StreamError;
use crate::call::{Again, Pause, Refusal, Rest};
use crate::error::Error;
use crate::range::{ByteRange, ContentRange, accepts_ranges, number, validator};
use crate::response::Incoming;
use crate::transport::{Body, TransportError, TransportErrorKind};

/// The body of an answer that is not held in memory: its pieces, as they arrive.
///
/// It has an inherent [`try_next`](Self::try_next), and is a `Stream`. An error ends it.
///
/// # When it breaks
///
/// It goes on where it stopped, as if nothing had been, when the call was a `GET` and the server says that it sends parts
/// (`Accept-Ranges: bytes`), how much there is, and by what this version is known: a strong `ETag`, or a `Last-Modified` long enough
/// ago (RFC 9110 §13.1.5, §14). The rest is asked for as the call's [`RetryPolicy`](crate::RetryPolicy) allows; each piece that comes starts it
/// from the beginning, and the budget of retries pays for each time. What has changed in the meantime is an error
/// ([`StreamError::Changed`]): two versions are never mixed.
#[must_use = "nothing of the body is read until it is asked for"]
pub struct Download {
    // In a box, for a download is a member of generated enums, whose other members are small.
    body: Box<Body>,
    length: Option<u64>,
    content_type: Option<String>,
    /// Which bytes it has, where they are not all.
    range: Option<ContentRange>,
    received: u64,
    /// How many bytes come once more, from a server that sends all of them again.
    repeated: u64,
    version: Option<Box<Version>>,
    progress: Option<Progress>,
    /// What was said to this download itself.
    stall_timeout: Option<Duration>,
    is_over: bool,
}

/// Who is told how far it has come.
type Progress = Box<dyn FnMut(u64, Option<u64>) + Send>;

/// What a download is asked for by when it goes on.
struct Version {
    again: Again,
    /// What this version is known by.
    validator: HeaderValue,
    /// The first byte.
    first: u64,
    /// How many there are from there.
    length: u64,
    /// How many there are in all.
    complete: Option<u64>,
}

impl Download {
    pub(crate) fn new(
        body: Body,
        headers: &HeaderMap,
        range: Option<ContentRange>,
        again: Option<Again>,
    ) -> Self {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let stated = text(CONTENT_LENGTH).and_then(|text| number(text.trim()));
        let length = range.map_or(stated, |range| Some(range.last.saturating_sub(range.first) + 1));
        let content_type = text(CONTENT_TYPE).map(str::to_owned);
        let version = again
            .zip(length)
            .and_then(|(again, length)| Version::of(again, headers, range, length))
            .map(Box::new);
        Self {
            body: Box::new(body),
            length,
            content_type,
            range,
            received: 0,
            repeated: 0,
            version,
            progress: None,
            stall_timeout: None,
            is_over: false,
        }
    }

    /// How many bytes it has, where the server says so.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// What it holds, as the `Content-Type` of the answer says.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// Sets how long nothing may come while a piece is waited for, instead of what the call says
    /// ([`Limits::stall_timeout`](crate::Limits::stall_timeout)).
    pub fn stall_timeout(mut self, timeout: Duration) -> Self {
        self.stall_timeout = Some(timeout);
        self.body.set_silence(timeout, "stall_timeout");
        self
    }

    /// Whether it holds a part, and not all there is: a server may pass over the range that it is asked for.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.range.is_some()
    }

    /// Where its first byte stands in the whole: 0 where it is the whole.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.range.map_or(0, |range| range.first)
    }

    /// How many bytes the whole has that this is a part of, or all of, where the server says so.
    #[must_use]
    pub fn complete_length(&self) -> Option<u64> {
        self.range.map_or(self.length, |range| range.complete)
    }

    /// How many bytes have been handed out.
    #[must_use]
    pub fn received(&self) -> u64 {
        self.received
    }

    /// Calls `progress` after each piece, with [`received`](Self::received) and [`length`](Self::length).
    pub fn on_progress(mut self, progress: impl FnMut(u64, Option<u64>) + Send + 'static) -> Self {
        self.progress = Some(Box::new(progress));
        self
    }

    /// The next piece, of a size that the network decides; `None` at the end.
    ///
    /// # Errors
    ///
    /// When the connection breaks or is silent for too long, and when the body ends before its length, and it cannot go on from
    /// there.
    pub async fn try_next(&mut self) -> Result<Option<Bytes>, StreamError> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await.transpose()
    }

    /// All of it, in memory; `limit` is how many bytes that may be.
    ///
    /// # Errors
    ///
    /// When there are more than `limit` bytes, and those of [`try_next`](Self::try_next).
    pub async fn collect(mut self, limit: usize) -> Result<Bytes, StreamError> {
        let mut all = BytesMut::new();
        while let Some(piece) = self.try_next().await? {
            if all.len().saturating_add(piece.len()) > limit {
                return Err(StreamError::TooLong { limit });
            }
            all.extend_from_slice(&piece);
        }
        Ok(all.freeze())
    }

    /// What tells the bytes of this version from all others, and how many there are; `None` where it cannot go on.
    #[cfg(feature = "files")]
    pub(super) fn fingerprint(&self) -> Option<(Vec<u8>, u64)> {
        let version = self.version.as_ref().filter(|_| self.range.is_none() && self.received == 0)?;
        let mut text = version.again.url()?.into_bytes();
        text.push(b'\n');
        text.extend_from_slice(version.validator.as_bytes());
        Some((text, version.length))
    }

    /// Goes on after that many bytes, which are there already.
    #[cfg(feature = "files")]
    pub(super) fn skip(&mut self, bytes: u64) {
        if let Some(version) = &mut self.version {
            // What is on its way is not waited for.
            *self.body = Body::full(Bytes::new());
            self.received = bytes;
            if bytes < version.length {
                let rest = version.rest(bytes);
                version.again.begin(rest, None);
            }
        }
    }

    /// Takes a piece in, of which there may be nothing new.
    fn take(&mut self, mut piece: Bytes) -> Result<Option<Bytes>, StreamError> {
        if self.repeated > 0 {
            let repeated = usize::try_from(self.repeated).unwrap_or(usize::MAX).min(piece.len());
            let _ = piece.split_to(repeated);
            self.repeated = self.repeated.saturating_sub(size(repeated));
        }
        if piece.is_empty() {
            return Ok(None);
        }
        self.received = self.received.saturating_add(size(piece.len()));
        if self.length.is_some_and(|length| self.received > length) {
            return Err(broken("more came than the length says".to_owned()));
        }
        if let Some(version) = &mut self.version {
            version.again.has_come();
        }
        if let Some(progress) = &mut self.progress {
            progress(self.received, self.length);
        }
        Ok(Some(piece))
    }

    /// Begins to ask for what has not come, else says why not.
    fn go_on(&mut self, error: StreamError, retry_after: Option<Duration>) -> Result<(), StreamError> {
        let Some(version) = &mut self.version else { return Err(error) };
        let rest = version.rest(self.received);
        if !version.again.ask(rest, Pause { retry_after, least: None, has_failed: true }) {
            return Err(error);
        }
        // The connection is given up before the next one is made.
        *self.body = Body::full(Bytes::new());
        self.repeated = 0;
        Ok(())
    }

    /// Takes in what came of asking for the rest.
    fn join(&mut self, outcome: Result<Incoming, Box<Refusal>>) -> Result<(), StreamError> {
        let received = self.received;
        match outcome {
            Ok(mut incoming) => {
                let fits = self.version.as_ref().is_some_and(|version| version.fits(&incoming));
                if !fits {
                    return Err(StreamError::Changed { received });
                }
                self.repeated = if incoming.range().is_some() { 0 } else { received };
                *self.body = incoming.take();
                if let Some(timeout) = self.stall_timeout {
                    self.body.set_silence(timeout, "stall_timeout");
                }
                Ok(())
            }
            Err(refusal) => {
                let failure = &refusal.failure;
                let (passes, retry_after) = (failure.transient, failure.retry_after);
                // RFC 9110 §15.5.13, §15.5.17: what is there now is not as it was, or not as long.
                let has_changed = matches!(
                    failure.status,
                    Some(StatusCode::PRECONDITION_FAILED | StatusCode::RANGE_NOT_SATISFIABLE)
                );
                if has_changed {
                    return Err(StreamError::Changed { received });
                }
                let error = StreamError::Refused(Box::new(Error::new(refusal.failure, None)));
                if passes { self.go_on(error, retry_after) } else { Err(error) }
            }
        }
    }

    fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<Bytes>, StreamError>> {
        loop {
            if let Some(version) = self.version.as_mut().filter(|version| version.again.is_asking())
                && let Some(outcome) = ready!(version.again.poll(context))
            {
                self.join(outcome)?;
            }
            match ready!(self.body.poll_next(context)) {
                Some(Ok(piece)) => {
                    if let Some(piece) = self.take(piece)? {
                        return Poll::Ready(Ok(Some(piece)));
                    }
                }
                Some(Err(error)) => self.go_on(StreamError::from(error), None)?,
                None => match self.length.and_then(|length| length.checked_sub(self.received)) {
                    None | Some(0) => {
                        if let Some(version) = &mut self.version {
                            version.again.has_succeeded();
                        }
                        return Poll::Ready(Ok(None));
                    }
                    Some(left) => {
                        let message = format!("the body ended {left} bytes before its length");
                        self.go_on(broken(message), None)?;
                    }
                },
            }
        }
    }
}

impl Version {
    fn of(again: Again, headers: &HeaderMap, range: Option<ContentRange>, length: u64) -> Option<Self> {
        let has_parts = range.is_some() || accepts_ranges(headers);
        if !has_parts || !again.has_parts() || headers.contains_key(CONTENT_ENCODING) {
            return None;
        }
        let (first, complete) = match range {
            Some(range) => (range.first, range.complete),
            None => (0, Some(length)),
        };
        Some(Self { again, validator: validator(headers)?.clone(), first, length, complete })
    }

    /// What has not come after that many bytes.
    fn rest(&self, received: u64) -> Rest {
        let first = self.first.saturating_add(received);
        let last = self.first.saturating_add(self.length).saturating_sub(1);
        Rest {
            range: Some(ByteRange { first, last: Some(last) }),
            header: Some((IF_RANGE, self.validator.clone())),
        }
    }

    /// Whether an answer holds the same version: a part of it that was asked for, or once more all of it.
    fn fits(&self, incoming: &Incoming) -> bool {
        let headers = incoming.headers();
        if !incoming.is_streamed() || headers.contains_key(CONTENT_ENCODING) {
            return false;
        }
        match incoming.range() {
            Some(range) => {
                let is_tagged = self.validator.as_bytes().starts_with(b"\"");
                let other_tag = headers.get(ETAG).is_some_and(|tag| is_tagged && *tag != self.validator);
                let lengths = self.complete.zip(range.complete);
                !other_tag && lengths.is_none_or(|(ours, theirs)| ours == theirs)
            }
            // A server that passes over the range has to say that it is the same, for the condition has failed otherwise.
            None => {
                self.first == 0
                    && validator(headers) == Some(&self.validator)
                    && headers.get(CONTENT_LENGTH).and_then(|length| number(length.to_str().ok()?.trim()))
                        == Some(self.length)
            }
        }
    }
}

impl Stream for Download {
    type Item = Result<Bytes, StreamError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.is_over {
            return Poll::Ready(None);
        }
        let next = ready!(self.poll_piece(context));
        self.is_over = !matches!(next, Ok(Some(_)));
        Poll::Ready(next.transpose())
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("length", &self.length)
            .field("content_type", &self.content_type)
            .field("received", &self.received)
            .finish_non_exhaustive()
    }
}

fn size(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

fn broken(message: String) -> StreamError {
    StreamError::Broken(TransportError::new(TransportErrorKind::Broken, message, None))
}
