//! The time that a call and its attempts may take.

use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use crate::transport::{BoxFuture, Transport};

/// The time of a call, and of its current attempt where that ends earlier.
pub(super) struct Time<'a> {
    transport: &'a Arc<dyn Transport>,
    call: Limit,
    attempt: Option<Limit>,
    has_ended: bool,
}

struct Limit {
    allowed: Duration,
    /// By the transport's monotonic clock.
    end: Duration,
    over: BoxFuture<'static, ()>,
}

/// What was allowed and is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Over {
    /// The time of the whole call.
    Call(Duration),
    /// The time of one attempt.
    Attempt(Duration),
}

impl<'a> Time<'a> {
    pub(super) fn new(transport: &'a Arc<dyn Transport>, allowed: Duration) -> Self {
        Self { transport, call: Limit::new(transport, allowed), attempt: None, has_ended: false }
    }

    /// Begins an attempt, which has what is left of the call's time at most.
    pub(super) fn begin_attempt(&mut self, allowed: Option<Duration>) {
        // Only what ends first is waited for: there is one timer at a time.
        let allowed = allowed.filter(|allowed| *allowed < self.left());
        self.attempt = allowed.map(|allowed| Limit::new(self.transport, allowed));
    }

    /// What is left of the call's time.
    pub(super) fn left(&self) -> Duration {
        self.call.end.saturating_sub(self.transport.monotonic())
    }

    /// When the attempt, or else the call, ends, by the transport's monotonic clock.
    pub(super) fn end(&self) -> Duration {
        self.attempt.as_ref().map_or(self.call.end, |attempt| attempt.end)
    }

    /// Whether the time of the call is over.
    pub(super) fn has_ended(&self) -> bool {
        self.has_ended
    }

    /// The output of `future`, unless the time is over first.
    pub(super) async fn race<F: Future>(&mut self, future: F) -> Result<F::Output, Over> {
        let mut future = pin!(future);
        std::future::poll_fn(|context| {
            if let Poll::Ready(output) = future.as_mut().poll(context) {
                return Poll::Ready(Ok(output));
            }
            if self.has_ended {
                return Poll::Ready(Err(Over::Call(self.call.allowed)));
            }
            match &mut self.attempt {
                Some(attempt) => {
                    attempt.over.as_mut().poll(context).map(|()| Err(Over::Attempt(attempt.allowed)))
                }
                None => self.call.over.as_mut().poll(context).map(|()| {
                    self.has_ended = true;
                    Err(Over::Call(self.call.allowed))
                }),
            }
        })
        .await
    }
}

impl Limit {
    fn new(transport: &Arc<dyn Transport>, allowed: Duration) -> Self {
        let end = transport.monotonic().saturating_add(allowed);
        Self { allowed, end, over: transport.sleep(allowed) }
    }
}

/// How long it was waited, and which setting gives it longer.
impl fmt::Display for Over {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(allowed) => write!(f, "within {allowed:?}: raise `timeout` if it may take longer"),
            Self::Attempt(allowed) => {
                write!(
                    f,
                    "within the {allowed:?} of an attempt: raise `Limits::attempt_timeout` if it may take longer"
                )
            }
        }
    }
}
