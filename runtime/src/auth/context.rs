//! What credentials are fetched with.

use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, SystemTime};

use http::Uri;

use super::ClockOffset;
use crate::transport::Transport;

/// What credentials are fetched with: the transport, the time, and where the API is.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Context<'a> {
    /// The URL of the API, which relative URLs of a description refer to.
    pub base: &'a Uri,
    /// What sends requests.
    pub transport: &'a Arc<dyn Transport>,
    offset: ClockOffset,
}

impl<'a> Context<'a> {
    /// A context in which the transport's clock is right.
    pub fn new(base: &'a Uri, transport: &'a Arc<dyn Transport>) -> Self {
        Self { base, transport, offset: ClockOffset::default() }
    }

    pub(crate) fn by_clock(self, offset: ClockOffset) -> Self {
        Self { offset, ..self }
    }

    pub(crate) fn offset(&self) -> ClockOffset {
        self.offset
    }

    /// The time by the transport's clock, or by the server's where the transport's has turned out to be wrong.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        self.offset.apply(self.transport.now())
    }

    /// The output of `future`, or `None` where that takes longer than `limit`.
    pub(crate) async fn within<F: Future>(&self, limit: Duration, future: F) -> Option<F::Output> {
        let mut future = pin!(future);
        let mut over = self.transport.sleep(limit);
        std::future::poll_fn(|context| match future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending => over.as_mut().poll(context).map(|()| None),
        })
        .await
    }
}

impl fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("base", self.base).finish_non_exhaustive()
    }
}
