//! What is told of calls while they are made: to hooks, and to `tracing` where its feature is on.

#[cfg(feature = "tracing")]
mod spans;
#[cfg(not(feature = "tracing"))]
#[path = "observe/no_spans.rs"]
mod spans;
#[cfg(feature = "tracing")]
mod trace_headers;

use std::time::Duration;

use crate::call::Call;
use crate::error::Failure;
use crate::hook::{Arrived, Failed, Outgoing};
use crate::transport::Body;

use self::spans::AttemptSpan;

pub(crate) use self::spans::{call, renewal, retry};
#[cfg(feature = "tracing")]
pub use self::{spans::TRACE_TARGET, trace_headers::TraceHeaders};

/// One attempt that is under way.
pub(crate) struct Watch {
    attempt: u32,
    /// When it began, where somebody wants to know.
    start: Duration,
    span: AttemptSpan,
}

impl Watch {
    /// Watches nothing.
    pub(crate) fn idle() -> Self {
        Self { attempt: 0, start: Duration::ZERO, span: AttemptSpan::none() }
    }

    /// Watches the attempt with that number, from 1.
    pub(crate) fn begin(call: &Call, attempt: u32) -> Self {
        let inner = &call.core().0;
        let start = if inner.hooks.is_empty() { Duration::ZERO } else { inner.transport.monotonic() };
        Self { attempt, start, span: AttemptSpan::begin(call, attempt) }
    }

    /// A future that is polled inside of the attempt's span.
    pub(crate) fn inside<F: Future>(&self, make: impl FnOnce() -> F) -> impl Future<Output = F::Output> {
        self.span.inside(make)
    }

    /// The request is complete but for its credentials.
    pub(crate) fn request(&self, call: &Call, head: &mut http::request::Parts) {
        for hook in &call.core().0.hooks {
            let (operation, attempt) = (call.operation().id, self.attempt);
            hook.request(&mut Outgoing { operation, attempt, head });
        }
    }

    /// The request is complete, and about to be sent.
    pub(crate) fn sending<B>(&self, request: &http::Request<B>) {
        self.span.sending(request.uri(), request.extensions());
    }

    /// The head of an answer has come.
    pub(crate) fn response(&self, call: &Call, response: &http::Response<Body>) {
        let status = response.status();
        self.span.answered(status);
        for hook in &call.core().0.hooks {
            self.span.enter(|| {
                hook.response(&Arrived {
                    operation: call.operation().id,
                    attempt: self.attempt,
                    method: &call.operation().method,
                    status,
                    headers: response.headers(),
                    elapsed: self.elapsed(call),
                });
            });
        }
    }

    /// The attempt has come to nothing.
    pub(crate) fn failure(&self, call: &Call, failure: &Failure) {
        if self.attempt == 0 {
            return;
        }
        self.span.failed(failure);
        for hook in &call.core().0.hooks {
            self.span.enter(|| {
                hook.failure(&Failed {
                    operation: call.operation().id,
                    attempt: self.attempt,
                    method: &call.operation().method,
                    kind: failure.kind,
                    detail: &failure.detail,
                    elapsed: self.elapsed(call),
                });
            });
        }
    }

    fn elapsed(&self, call: &Call) -> Duration {
        call.core().0.transport.monotonic().saturating_sub(self.start)
    }
}
