//! The verdict on an answer: success, or a failure with all that the answer tells.

use http::StatusCode;

use http::HeaderMap;

use super::{Call, DecodeFailure};
use crate::condition;
use crate::error::{Error, ErrorKind, Failure, excerpt};
use crate::operation::StatusRange;
use crate::response::Answer;

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
    /// Tells success from failure.
    pub(super) fn judge(&self, answer: Answer) -> Result<Answer, Box<Refusal>> {
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
            None if self.not_followed(&answer).is_some() => self.not_followed(&answer).unwrap_or_default(),
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
        if answer.status == StatusCode::UNAUTHORIZED {
            failure.advice = if self.operation.security.is_empty() {
                "the description says that this call needs no credentials"
            } else {
                "check the credentials"
            };
        }
        failure.transient = self.may_pass(&failure, answer.status.as_u16());
        Refusal::new(failure, Some(answer))
    }

    /// What the description says is worth a retry.
    fn may_pass(&self, failure: &Failure, status: u16) -> bool {
        let rule = &self.operation.errors.retry;
        let code_is = failure.code.as_deref().is_some_and(|code| rule.codes.contains(&code));
        code_is || rule.statuses.contains(&status)
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
        failure.attempts = answer.attempts;
        failure.code = condition::first_text(self.operation.errors.code, answer);
        failure.message = condition::first_text(self.operation.errors.message, answer);
        failure.request_id = self.request_id(answer);
        Box::new(failure)
    }

    pub(crate) fn request_id(&self, answer: &Answer) -> Option<String> {
        self.request_id_in(&answer.headers).map(str::to_owned).or_else(|| self.request_id_of_body(answer))
    }

    pub(crate) fn request_id_in<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        let header = headers.get(self.operation.errors.request_id_header?)?;
        header.to_str().ok().filter(|id| !id.is_empty())
    }

    pub(super) fn request_id_of_body(&self, answer: &Answer) -> Option<String> {
        condition::first_text(self.operation.errors.request_id, answer)
    }
}
