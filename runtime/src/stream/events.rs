//! Server-Sent Events (WHATWG HTML §9.2).

mod cut;

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::Stream;
use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};

use self::cut::{EventCut, RawEvent};
use super::StreamError;
use super::decode::{Cutter, Read};
use crate::call::{Again, Pause, Refusal, Rest};
use crate::error::Error;
use crate::media_type;
use crate::response::Incoming;
use crate::retry::RetryPolicy;
use crate::transport::Body;

/// The header that says after which event a stream goes on (WHATWG HTML §9.2.4).
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// One event of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event<T> {
    /// The event's type; `message` where the server says nothing.
    pub event: String,
    /// The id of the last event that had one; empty when none had. It is the `Last-Event-ID` to go on from.
    pub id: String,
    /// What the event says.
    pub data: T,
}

/// The events of an answer, as they arrive.
///
/// It has an inherent [`try_next`](Self::try_next), and is a `Stream`. An event that cannot be read is an error after which
/// the next one can be asked for; every other error ends the stream.
///
/// Where `T` is read from JSON, data of `[DONE]`, which several vendors send last, is the end of the stream.
///
/// # When it breaks
///
/// A stream of a `GET` whose events have ids connects anew with `Last-Event-ID` when the connection breaks or falls silent, so that the server can go on
/// where it stopped. It waits as long as the server said (`retry:`), else as the call's [`RetryPolicy`] does, which also says how often
/// it tries before an event comes; the budget of retries pays. A status that does not pass, and an answer that is no event stream, end it in
/// an error ([`StreamError::Refused`]); 204 ends it.
///
/// That is less than what browsers do (WHATWG HTML §9.2.3): they connect anew also when the server has ended the stream, and when there
/// is no id, so that they read from the beginning. To a program, a stream that the server ends is over: what a language model writes, and
/// the log of a job. [`reconnect`](Self::reconnect) does as browsers do.
#[must_use = "no event is read until it is asked for"]
pub struct Events<T> {
    // In boxes, for a stream is a member of generated enums, whose other members are small.
    cutter: Box<Cutter<EventCut>>,
    read: Read<T>,
    again: Option<Box<Again>>,
    /// Whether to connect anew also after an end, and without an id.
    as_browsers_do: bool,
    is_over: bool,
}

impl<T> Events<T> {
    pub(crate) fn new(body: Body, read: Read<T>, again: Option<Again>) -> Self {
        Self {
            cutter: Box::new(Cutter::new(body, EventCut::default())),
            read,
            again: again.map(Box::new),
            as_browsers_do: false,
            is_over: false,
        }
    }

    /// Connects anew by this policy whenever the stream ends or breaks, with an id or without one, until the server answers 204, or with
    /// what is no event stream, or the policy's attempts have brought no event. `RetryPolicy::off()` never connects anew.
    ///
    /// It has no effect where making the call again would do more than making it once (a `POST`), unless the description or
    /// [`RetryPolicy::idempotent`] says otherwise, and where a part of its body was a stream.
    pub fn reconnect(mut self, policy: RetryPolicy) -> Self {
        self.as_browsers_do = true;
        if let Some(again) = &mut self.again {
            again.set_policy(policy);
        }
        self
    }

    /// Sets how long an event may be, in bytes; [`DEFAULT_ITEM_LIMIT`](super::DEFAULT_ITEM_LIMIT) where nothing is said.
    pub fn limit(mut self, bytes: usize) -> Self {
        self.cutter.limit(bytes);
        self
    }

    /// Sets how long nothing may come while the next one is waited for, instead of what the call says
    /// ([`Limits::idle_timeout`](crate::Limits::idle_timeout)). Comments and empty lines count as something.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.cutter.idle_timeout(timeout);
        self
    }

    /// The id of the last event that had one, those not yet asked for included.
    #[must_use]
    pub fn last_event_id(&self) -> &str {
        self.cutter.cut().last_event_id()
    }

    /// How long the server wants a client to wait before it connects anew, where it has said so.
    #[must_use]
    pub fn retry(&self) -> Option<Duration> {
        self.cutter.cut().retry()
    }

    /// The next event; `None` when there is none.
    ///
    /// # Errors
    ///
    /// When the connection breaks or is silent for too long and is not made anew, when an event is longer than the limit, and when its
    /// data has another shape than described.
    pub async fn try_next(&mut self) -> Result<Option<Event<T>>, StreamError> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await.transpose()
    }
}

impl<T> Events<T> {
    /// Begins to connect anew, where that is wanted and allowed.
    fn goes_on(&mut self, has_broken: bool, retry_after: Option<Duration>) -> bool {
        let cut = self.cutter.cut();
        // In UTF-8, which has no line breaks in it; some other signs cannot stand in a header.
        let id = Some(cut.last_event_id()).filter(|id| !id.is_empty());
        let id = id.and_then(|id| HeaderValue::from_bytes(id.as_bytes()).ok());
        let least = cut.retry();
        let Some(again) = self.again.as_mut().filter(|again| again.is_safe()) else { return false };
        let continues = has_broken && id.is_some() && again.has_parts();
        if !continues && !self.as_browsers_do {
            return false;
        }
        let rest = Rest { range: None, header: id.map(|id| (LAST_EVENT_ID, id)) };
        again.ask(rest, Pause { retry_after, least, has_failed: has_broken })
    }

    /// Takes in what came of connecting anew; `false` where the server says that there is no more.
    fn connect(&mut self, outcome: Result<Incoming, Box<Refusal>>) -> Result<bool, StreamError> {
        let mut incoming = match outcome {
            Ok(incoming) => incoming,
            Err(refusal) if refusal.failure.status == Some(StatusCode::NO_CONTENT) => return Ok(false),
            Err(refusal) => {
                let (passes, retry_after) = (refusal.failure.transient, refusal.failure.retry_after);
                if passes && self.goes_on(true, retry_after) {
                    return Ok(true);
                }
                return Err(StreamError::Refused(Box::new(Error::new(refusal.failure, None))));
            }
        };
        if incoming.status() == StatusCode::NO_CONTENT {
            return Ok(false);
        }
        let content_type = incoming.headers().get(CONTENT_TYPE).map(HeaderValue::as_bytes);
        let content_type = content_type.map(|text| media_type::essence(&String::from_utf8_lossy(text)));
        if incoming.is_streamed() && content_type.is_none_or(|essence| essence == "text/event-stream") {
            self.cutter.restart(incoming.take_items(), EventCut::restart);
            return Ok(true);
        }
        let answer = incoming.into_answer();
        let refusal = answer.unexpected_media_type::<()>().err();
        let error = self.again.as_ref().zip(refusal).map(|(again, error)| again.unreadable(error, &answer));
        match error {
            Some(error) => Err(StreamError::Refused(Box::new(error))),
            None => Ok(false),
        }
    }
}

impl<T> Events<T> {
    fn poll_event(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Event<T>, StreamError>>> {
        loop {
            if let Some(again) = self.again.as_mut().filter(|again| again.is_asking())
                && let Some(outcome) = ready!(again.poll(context))
            {
                match self.connect(outcome) {
                    // It may have to ask once more.
                    Ok(true) => continue,
                    Ok(false) => return Poll::Ready(None),
                    Err(error) => return Poll::Ready(Some(Err(error))),
                }
            }
            let RawEvent { event, id, data } = match ready!(self.cutter.poll_next(context)) {
                Some(Ok(raw)) => raw,
                Some(Err(StreamError::Broken(_) | StreamError::Stalled(_))) if self.goes_on(true, None) => {
                    continue;
                }
                None if self.goes_on(false, None) => continue,
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            };
            if let Some(again) = &mut self.again {
                again.has_come();
                again.has_succeeded();
            }
            return Poll::Ready(match (self.read)(&data) {
                Ok(Some(data)) => Some(Ok(Event { event, id, data })),
                Ok(None) => None,
                Err(error) => Some(Err(StreamError::Decode(error))),
            });
        }
    }
}

impl<T> Stream for Events<T> {
    type Item = Result<Event<T>, StreamError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.is_over {
            return Poll::Ready(None);
        }
        let next = ready!(self.poll_event(context));
        if !matches!(next, Some(Ok(_) | Err(StreamError::Decode(_)))) {
            self.is_over = true;
            // The connection is not kept for who keeps the stream.
            self.cutter.restart(Body::full(bytes::Bytes::new()), |_| ());
        }
        Poll::Ready(next)
    }
}

impl<T> fmt::Debug for Events<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events").finish_non_exhaustive()
    }
}
