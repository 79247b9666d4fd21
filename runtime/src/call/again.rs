//! Asking again for what an answer ended without: the call is made anew, from where the answer stopped.

use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use http::header::{HeaderName, HeaderValue};
use http::{HeaderMap, Method};

use super::Call;
use super::exchange::Refusal;
use crate::error::Error;
use crate::range::ByteRange;
use crate::response::{Answer, DecodeError, Incoming};
use crate::retry::{Cost, RetryPolicy, random};
use crate::transport::BoxFuture;

/// The call that a stream came of, to make it again when the stream ends too early.
pub(crate) struct Again {
    call: Call,
    policy: RetryPolicy,
    /// How often the stream has ended since anything came of it.
    ends: u32,
    paid: Option<Cost>,
    asking: Option<BoxFuture<'static, Result<Incoming, Box<Refusal>>>>,
}

/// Where to go on.
pub(crate) struct Rest {
    /// The bytes that are wanted still.
    pub(crate) range: Option<ByteRange>,
    /// A header that tells the server what is there already.
    pub(crate) header: Option<(HeaderName, HeaderValue)>,
}

/// When to go on.
pub(crate) struct Pause {
    /// How long the server wants to be left alone.
    pub(crate) retry_after: Option<Duration>,
    /// How long to wait at least; what the policy adds comes with the second time.
    pub(crate) least: Option<Duration>,
    /// Whether it was a failure, which the budget of retries pays for.
    pub(crate) has_failed: bool,
}

impl Again {
    pub(crate) fn new(call: &Call) -> Self {
        Self { call: call.clone(), policy: call.policy(), ends: 0, paid: None, asking: None }
    }

    /// Whether making the call again does what making it once did.
    pub(crate) fn is_safe(&self) -> bool {
        // A key by which the API knows a repeated request is one call's own, and this is another one.
        let has_key = self.call.operation.errors.retry.idempotency_key.is_some();
        let is_idempotent = match self.policy.says_idempotent() {
            None if has_key => self.has_parts(),
            _ => self.call.is_idempotent(self.policy),
        };
        self.call.can_send_again() && is_idempotent
    }

    /// Whether the server may send parts of the answer: ranges mean something with `GET` alone (RFC 9110 §14.2).
    pub(crate) fn has_parts(&self) -> bool {
        self.call.operation.method == Method::GET
    }

    pub(crate) fn set_policy(&mut self, policy: RetryPolicy) {
        self.policy = policy;
    }

    /// Something came: the policy counts from here.
    pub(crate) fn has_come(&mut self) {
        self.ends = 0;
    }

    /// What was asked for has come: the budget gets back what the last time took.
    pub(crate) fn has_succeeded(&mut self) {
        if self.paid.is_some() {
            self.call.core.0.budget.give_back(self.paid.take());
        }
    }

    /// Begins to ask again, after a pause. `false` where the policy or the budget does not allow it.
    pub(crate) fn ask(&mut self, rest: Rest, pause: Pause) -> bool {
        self.ends = self.ends.saturating_add(1);
        let Some(further) = self.policy.pause(self.ends, pause.retry_after, random()) else { return false };
        if pause.has_failed {
            if !self.call.core.0.budget.take(Cost::Usual) {
                return false;
            }
            self.paid = Some(Cost::Usual);
        }
        let length = match pause.least {
            None => further,
            Some(least) if self.ends == 1 => least.max(pause.retry_after.unwrap_or_default()),
            Some(least) => least.saturating_add(further),
        };
        self.begin(rest, Some(length));
        true
    }

    /// Begins to ask again at once, whatever the policy says.
    pub(crate) fn begin(&mut self, rest: Rest, pause: Option<Duration>) {
        let mut call = self.call.clone();
        call.range = rest.range.or(call.range);
        if let Some((name, value)) = rest.header {
            let mut further = HeaderMap::new();
            further.insert(name, value);
            call.further = Some(Box::new(further));
        }
        self.asking = Some(Box::pin(async move {
            if let Some(pause) = pause {
                let transport = Arc::clone(&call.core.0.transport);
                transport.sleep(pause).await;
            }
            let mut incoming = call.begin_once().await?;
            match incoming.come_from(&call) {
                Ok(()) => Ok(incoming),
                Err(error) => Err(Refusal::new(call.unreadable(error, &incoming.into_answer()), None)),
            }
        }));
    }

    /// The error for an answer that is none to go on with.
    pub(crate) fn unreadable(&self, error: DecodeError, answer: &Answer) -> Error {
        Error::new(self.call.unreadable(error, answer), None)
    }

    /// The URL that is asked, before credentials are added.
    #[cfg(feature = "files")]
    pub(crate) fn url(&self) -> Option<String> {
        self.call.request().ok().map(|request| request.uri().to_string())
    }

    pub(crate) fn is_asking(&self) -> bool {
        self.asking.is_some()
    }

    /// What came of asking again.
    pub(crate) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Incoming, Box<Refusal>>>> {
        let Some(asking) = &mut self.asking else { return Poll::Ready(None) };
        let outcome = ready!(asking.as_mut().poll(context));
        self.asking = None;
        Poll::Ready(Some(outcome))
    }
}
