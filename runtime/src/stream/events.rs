//! Server-Sent Events (WHATWG HTML §9.2).

mod cut;

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::Stream;

use self::cut::{EventCut, RawEvent};
use super::StreamError;
use super::decode::{Cutter, Read};
use crate::transport::Body;

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
/// the next one can be asked for; every other error ends the stream. It does not connect anew when it ends: the caller decides
/// that, with [`last_event_id`](Self::last_event_id) and [`retry`](Self::retry).
///
/// Where `T` is read from JSON, data of `[DONE]`, which several vendors send last, is the end of the stream.
#[must_use = "no event is read until it is asked for"]
pub struct Events<T> {
    cutter: Cutter<EventCut>,
    read: Read<T>,
}

impl<T> Events<T> {
    pub(crate) fn new(body: Body, read: Read<T>) -> Self {
        Self { cutter: Cutter::new(body, EventCut::default()), read }
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
    /// When the connection breaks or is silent for too long, when an event is longer than the limit, and when its data has another shape than described.
    pub async fn try_next(&mut self) -> Result<Option<Event<T>>, StreamError> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await.transpose()
    }
}

impl<T> Stream for Events<T> {
    type Item = Result<Event<T>, StreamError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(next) = ready!(self.cutter.poll_next(context)) else { return Poll::Ready(None) };
        let RawEvent { event, id, data } = match next {
            Ok(raw) => raw,
            Err(error) => return Poll::Ready(Some(Err(error))),
        };
        Poll::Ready(match (self.read)(&data) {
            Ok(Some(data)) => Some(Ok(Event { event, id, data })),
            Ok(None) => {
                self.cutter.end();
                None
            }
            Err(error) => Some(Err(StreamError::Decode(error))),
        })
    }
}

impl<T> fmt::Debug for Events<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events").finish_non_exhaustive()
    }
}
