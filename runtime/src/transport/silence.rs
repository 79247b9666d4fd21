//! Silence on a connection: how long nothing may come of a body.

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;

use super::{BoxFuture, Transport, TransportError, TransportErrorKind};

/// How long a body may be silent. Only the time counts in which a piece is waited for: a reader may be as slow as it likes.
pub(crate) struct Silence {
    transport: Arc<dyn Transport>,
    allowed: Duration,
    /// What is to be raised where more should be allowed.
    setting: &'static str,
    /// What else ends the waiting, by the transport's monotonic clock; no timer is set for what comes later.
    end: Option<Duration>,
    /// Since when a piece is waited for.
    since: Option<Duration>,
    /// A timer and when it ends. It is kept from piece to piece, so that there is not one for each of them.
    timer: Option<(Duration, BoxFuture<'static, ()>)>,
}

impl Silence {
    /// Allows a silence of `allowed` to a body that is waited for until `end` at most.
    pub(crate) fn new(transport: &Arc<dyn Transport>, allowed: Duration, end: Option<Duration>) -> Self {
        let transport = Arc::clone(transport);
        Self { transport, allowed, setting: "Limits::stall_timeout", end, since: None, timer: None }
    }

    pub(crate) fn allow(&mut self, allowed: Duration, setting: &'static str) {
        (self.allowed, self.setting) = (allowed, setting);
        self.timer = None;
    }

    /// What comes of the body, or an error when it has been silent for too long.
    pub(crate) fn over(
        &mut self,
        next: Poll<Option<Result<Bytes, TransportError>>>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, TransportError>>> {
        if next.is_ready() {
            self.since = None;
            return next;
        }
        let now = self.transport.monotonic();
        let end = self.since.get_or_insert(now).saturating_add(self.allowed);
        if end == Duration::MAX || self.end.is_some_and(|other| other <= end) {
            return Poll::Pending;
        }
        loop {
            let (until, timer) =
                self.timer.get_or_insert_with(|| (end, self.transport.sleep(end.saturating_sub(now))));
            let until = *until;
            if timer.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
            self.timer = None;
            // Else it had been set for a piece that has come since.
            if end <= until {
                return Poll::Ready(Some(Err(self.stalled())));
            }
        }
    }

    fn stalled(&self) -> TransportError {
        let message = format!(
            "nothing came of the body for {:?}: raise `{}` if the server may be silent for longer",
            self.allowed, self.setting
        );
        TransportError::new(TransportErrorKind::Stalled, message, None)
    }
}
