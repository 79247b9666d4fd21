//! One exchange with the server, within the time allowed, and the verdict on its answer.

use std::future::Future;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use bytes::BytesMut;
use http::{HeaderMap, StatusCode};

use super::{Call, DecodeFailure};
use crate::condition;
use crate::error::{Error, ErrorKind, Failure, excerpt};
use crate::media_type;
use crate::operation::StatusRange;
use crate::response::{Answer, Incoming};
use crate::transport::TransportError;

/// A call that did not succeed, with the answer that said so, if there was one.
pub(crate) struct Refusal {
    pub(crate) failure: Box<Failure>,
    pub(crate) answer: Option<Answer>,
}

impl Refusal {
    pub(crate) fn new(failure: Box<Failure>, answer: Option<Answer>) -> Box<Self> {
        Box::new(Self { failure, answer })
    }

    pub(crate) fn into_error<E>(self, decode: DecodeFailure<E>) -> Error<E> {
        let documented = self.failure.kind != ErrorKind::UndocumentedStatus;
        let body = self.answer.filter(|_| documented).and_then(|answer| decode(&answer));
        Error::new(self.failure, body)
    }
}

impl Call {
    /// How long one exchange of this call may take.
    pub(crate) fn time_allowed(&self) -> Duration {
        self.timeout.unwrap_or(self.core.0.timeout)
    }

    /// Makes one exchange with the server, and tells success from failure.
    pub(crate) async fn exchange(&self, timeout: Duration) -> Result<Answer, Box<Refusal>> {
        let incoming = self.attempt(timeout, false).await.map_err(|failure| Refusal::new(failure, None))?;
        self.judge(incoming.into_answer())
    }

    /// As [`exchange`](Self::exchange), but the body of a success that the description streams is not read.
    pub(super) async fn begin(&self, timeout: Duration) -> Result<Incoming, Box<Refusal>> {
        let incoming = self.attempt(timeout, true).await.map_err(|failure| Refusal::new(failure, None))?;
        if incoming.is_streamed() {
            Ok(incoming)
        } else {
            self.judge(incoming.into_answer()).map(Incoming::read)
        }
    }

    /// Authenticates, sends and reads to the last byte, or to the end of the head where the rest is a stream, all within
    /// `timeout`.
    async fn attempt(&self, timeout: Duration, streams: bool) -> Result<Incoming, Box<Failure>> {
        let transport = &self.core.0.transport;
        let mut over = pin!(transport.sleep(timeout));
        let credentials = self.credentials()?;
        let mut is_first = true;
        let response = loop {
            let Some(request) = race(pin!(self.prepare(&credentials)), over.as_mut()).await else {
                return Err(self.timed_out(format!("the credentials were not ready within {timeout:?}")));
            };
            let request = request?;
            let sent = if credentials.is_empty() { HeaderMap::new() } else { request.headers().clone() };
            let response = match race(transport.send(request), over.as_mut()).await {
                Some(Ok(response)) => response,
                Some(Err(error)) => return Err(Box::new(Failure::from_transport(self.operation.id, error))),
                None => return Err(self.timed_out(format!("no answer within {timeout:?}"))),
            };
            if !is_first || response.status() != StatusCode::UNAUTHORIZED {
                break response;
            }
            // All of them have to hear of it, whoever can do something about it.
            let renewable = credentials.iter().filter(|credential| credential.refused(&sent)).count();
            if renewable == 0 || !self.can_send_again() {
                break response;
            }
            is_first = false;
        };
        let (head, mut pieces) = response.into_parts();
        if streams && self.is_streamed(&head) {
            return Ok(Incoming::streamed(head, pieces));
        }
        let mut received = BytesMut::new();
        let end = loop {
            match race(pin!(pieces.next()), over.as_mut()).await {
                Some(Some(Ok(piece))) => received.extend_from_slice(&piece),
                Some(Some(Err(error))) => break End::Broken(error),
                Some(None) => break End::Complete,
                None => break End::TimedOut,
            }
        };
        let answer = Answer { status: head.status, headers: head.headers, body: received.freeze() };
        let mut failure = match end {
            End::Complete => return Ok(Incoming::read(answer)),
            End::TimedOut => {
                self.failure(ErrorKind::Timeout, format!("the body did not end within {timeout:?}"), &answer)
            }
            End::Broken(error) => {
                let detail = format!("the body ended too early: {error}");
                let mut failure = self.failure(ErrorKind::Transport, detail, &answer);
                failure.source = Some(Box::new(error));
                failure
            }
        };
        failure.retryable = true;
        Err(failure)
    }

    /// Whether the description streams what comes with this head.
    fn is_streamed(&self, head: &http::response::Parts) -> bool {
        let status = head.status.as_u16();
        let Some(rule) = self.operation.streamed.iter().find(|rule| rule.statuses.contains(status)) else {
            return false;
        };
        let chosen = match rule.media_types {
            [_] => Some(0),
            several => media_type::of(&head.headers, several),
        };
        chosen.is_some_and(|index| rule.streams.contains(&index))
    }

    fn timed_out(&self, detail: String) -> Box<Failure> {
        let mut failure = Failure::new(ErrorKind::Timeout, self.operation.id, detail);
        failure.retryable = true;
        Box::new(failure)
    }

    /// Tells success from failure.
    fn judge(&self, answer: Answer) -> Result<Answer, Box<Refusal>> {
        let status = answer.status.as_u16();
        let is_in = |ranges: &[StatusRange]| ranges.iter().any(|range| range.contains(status));
        let errors = self.operation.errors;
        if is_in(self.operation.success) {
            let says_failure = |rule| condition::holds(rule, errors, &answer);
            if !errors.error_when.iter().any(says_failure) {
                return Ok(answer);
            }
            return Err(self.refusal(ErrorKind::Api, answer));
        }
        let documented = is_in(self.operation.failure);
        Err(self.refusal(if documented { ErrorKind::Api } else { ErrorKind::UndocumentedStatus }, answer))
    }

    fn refusal(&self, kind: ErrorKind, answer: Answer) -> Box<Refusal> {
        let mut failure = self.failure(kind, String::new(), &answer);
        failure.detail = match &failure.message {
            Some(message) => message.clone(),
            None if kind == ErrorKind::UndocumentedStatus && answer.body.is_empty() => {
                "an undocumented status, without a body".to_owned()
            }
            None if kind == ErrorKind::UndocumentedStatus => {
                format!("an undocumented status; the body begins with `{}`", excerpt(&answer.body))
            }
            None if answer.body.is_empty() => {
                answer.status.canonical_reason().unwrap_or("refused").to_owned()
            }
            None => format!("refused; the body begins with `{}`", excerpt(&answer.body)),
        };
        failure.retryable = self.is_worth_a_retry(&failure, answer.status.as_u16());
        Refusal::new(failure, Some(answer))
    }

    /// What the description says is worth a retry; the statuses that usually are where it says nothing.
    fn is_worth_a_retry(&self, failure: &Failure, status: u16) -> bool {
        let errors = self.operation.errors;
        let code_is = failure.code.as_deref().is_some_and(|code| errors.retry_codes.contains(&code));
        let status_is = match errors.retry_statuses {
            [] => matches!(status, 408 | 429 | 500 | 502 | 503 | 504),
            statuses => statuses.contains(&status),
        };
        code_is || status_is
    }

    /// A failure with all that an answer tells.
    pub(crate) fn failure(
        &self,
        kind: ErrorKind,
        detail: impl Into<String>,
        answer: &Answer,
    ) -> Box<Failure> {
        let mut failure = Failure::new(kind, self.operation.id, detail).with_body(&answer.body);
        failure.status = Some(answer.status);
        failure.headers = answer.headers.clone();
        failure.code = condition::first_text(self.operation.errors.code, answer);
        failure.message = condition::first_text(self.operation.errors.message, answer);
        failure.request_id = self.request_id(answer);
        Box::new(failure)
    }

    pub(super) fn request_id(&self, answer: &Answer) -> Option<String> {
        let errors = self.operation.errors;
        let header = errors.request_id_header.and_then(|name| answer.headers.get(name));
        match header.and_then(|value| value.to_str().ok()).filter(|id| !id.is_empty()) {
            Some(id) => Some(id.to_owned()),
            None => condition::first_text(errors.request_id, answer),
        }
    }
}

/// How the body of an answer ended.
enum End {
    Complete,
    TimedOut,
    Broken(TransportError),
}

/// The output of `future`, or `None` when `over` comes first.
async fn race<F, O>(future: F, over: O) -> Option<F::Output>
where
    F: Future,
    O: Future<Output = ()>,
{
    let (mut future, mut over) = (pin!(future), pin!(over));
    std::future::poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => over.as_mut().poll(context).map(|()| None),
    })
    .await
}
