//! The attempts of a call, until one succeeds or another makes no sense. What makes sense is said in [`retry`](crate::retry).

use std::time::Duration;

use http::header::RETRY_AFTER;
use http::{Method, StatusCode};

use super::Call;
use super::exchange::Refusal;
use super::time::Time;
use crate::error::{ErrorKind, Failure};
use crate::observe;
use crate::response::{Answer, Incoming};
use crate::retry::{Cost, RetryPolicy, random, retry_after};
use crate::transport::{TransportError, TransportErrorKind};

impl Call {
    /// How long this call may take.
    pub(crate) fn time_allowed(&self) -> Duration {
        self.timeout.unwrap_or(self.core.0.timeout)
    }

    pub(super) fn policy(&self) -> RetryPolicy {
        self.retry.unwrap_or(self.core.0.retry)
    }

    /// Asks the server, tells success from failure, and asks again where that may help.
    pub(crate) async fn exchange(&self) -> Result<Answer, Box<Refusal>> {
        observe::call(self, self.repeat(self.policy(), self.time_allowed(), false))
            .await
            .map(Incoming::into_answer)
    }

    /// As [`exchange`](Self::exchange), without retries, for who asks again and again anyway.
    pub(crate) async fn exchange_once(&self, timeout: Duration) -> Result<Answer, Box<Refusal>> {
        observe::call(self, self.repeat(self.policy().attempts(1), timeout, false))
            .await
            .map(Incoming::into_answer)
    }

    /// As [`exchange`](Self::exchange), but the body of a success that the description streams is not read.
    pub(super) async fn begin(&self) -> Result<Incoming, Box<Refusal>> {
        observe::call(self, self.repeat(self.policy(), self.time_allowed(), true)).await
    }

    /// As [`begin`](Self::begin), without retries.
    pub(super) async fn begin_once(&self) -> Result<Incoming, Box<Refusal>> {
        observe::call(self, self.repeat(self.policy().attempts(1), self.time_allowed(), true)).await
    }

    async fn repeat(
        &self,
        policy: RetryPolicy,
        timeout: Duration,
        streams: bool,
    ) -> Result<Incoming, Box<Refusal>> {
        let inner = &self.core.0;
        let mut time = Time::new(&inner.transport, timeout);
        let limits = self.limits.or(inner.limits);
        let mut course = self.course().map_err(|failure| Refusal::new(failure, None))?;
        let mut paid = None;
        let mut before: Option<String> = None;
        let mut made: u32 = 0;
        loop {
            made = made.saturating_add(1);
            time.begin_attempt(limits.time_of_attempt());
            let outcome = self.attempt(&mut course, &mut time, limits, streams).await;
            let outcome = match outcome {
                Ok(incoming) if incoming.is_streamed() => Ok(incoming),
                Ok(incoming) => self.judge(incoming.into_answer()).map(Incoming::read),
                Err(failure) => {
                    course.watch().failure(self, &failure);
                    Err(Refusal::new(failure, None))
                }
            };
            let mut refusal = match outcome {
                Ok(incoming) => {
                    inner.budget.give_back(paid);
                    return Ok(incoming);
                }
                Err(refusal) => refusal,
            };
            let failure = &mut refusal.failure;
            failure.attempts = course.requests();
            if let (ErrorKind::Timeout, Some(before)) = (failure.kind, &before) {
                failure.detail.push_str(&format!(" (before: {before})"));
            }
            failure.retryable = failure.transient && self.may_be_repeated(failure, policy);
            failure.retry_after = retry_after(&failure.headers, inner.transport.now());
            let left = time.left();
            let pause = policy.pause(made, failure.retry_after, random()).filter(|pause| *pause < left);
            let Some(pause) = pause.filter(|_| failure.retryable && !time.has_ended()) else {
                return Err(refusal);
            };
            let cost = cost(failure);
            if !inner.budget.take(cost) {
                return Err(refusal);
            }
            paid = Some(cost);
            observe::retry(self, failure, pause);
            before = Some(std::mem::take(&mut failure.detail));
            // The pause is shorter than what is left, so that the end comes in an attempt.
            inner.transport.sleep(pause).await;
        }
    }

    /// Whether the call does no harm when it is made again after this failure.
    pub(super) fn may_be_repeated(&self, failure: &Failure, policy: RetryPolicy) -> bool {
        let nothing_was_sent =
            failure.unsent || matches!(failure.kind, ErrorKind::Connect | ErrorKind::Credentials);
        let was_not_taken = failure.status == Some(StatusCode::TOO_MANY_REQUESTS)
            && failure.headers.contains_key(RETRY_AFTER);
        self.can_send_again() && (nothing_was_sent || was_not_taken || self.is_idempotent(policy))
    }

    /// Whether making the call twice does what making it once does: as the caller says, else the description, else the method
    /// (RFC 9110 §9.2.2).
    pub(super) fn is_idempotent(&self, policy: RetryPolicy) -> bool {
        let rule = &self.operation.errors.retry;
        let described = rule.idempotency_key.map(|_| true).or(rule.idempotent);
        policy.says_idempotent().or(described).unwrap_or_else(|| {
            let idempotent =
                [Method::GET, Method::HEAD, Method::OPTIONS, Method::PUT, Method::DELETE, Method::TRACE];
            idempotent.contains(&self.operation.method)
        })
    }
}

/// What a retry after this failure takes from the budget.
fn cost(failure: &Failure) -> Cost {
    let source = failure.source.as_ref().and_then(|source| source.downcast_ref::<TransportError>());
    let not_connected = source.is_some_and(|error| error.kind == TransportErrorKind::ConnectTimeout);
    let timed_out = matches!(failure.status, Some(StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT));
    if not_connected || timed_out || failure.kind == ErrorKind::Timeout { Cost::Timeout } else { Cost::Usual }
}
