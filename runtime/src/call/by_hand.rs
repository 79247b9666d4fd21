//! Calls without their exchange: the request for whoever sends it, and what an answer means, by whatever way it came.

use bytes::Bytes;
use http::{Request, Response as HttpResponse};

use super::exchange::Refusal;
use super::redirect::Route;
use super::{Call, Decode, DecodeFailure};
use crate::body::RequestBody;
use crate::error::Error;
use crate::response::{Answer, Response};

impl Call {
    /// The request as it would be sent, authenticated as of now. Nothing is sent, unless credentials have to be fetched first, which
    /// the client's transport does. Headers that hold secrets are marked as sensitive, and what is secret in the URI is told by
    /// [`SensitiveUri`](crate::transport::SensitiveUri).
    ///
    /// # Errors
    ///
    /// When the call cannot be made as it is, or not be authenticated.
    pub async fn to_request<E>(&self) -> Result<Request<RequestBody>, Error<E>> {
        let fail = |failure| Error::new(failure, None);
        let mut course = self.course().map_err(fail)?;
        course.watch_first(self);
        self.prepare(&course, &Route::default()).await.map_err(fail)
    }

    /// The head of the request before it is authenticated, and before hooks have seen it. Nothing is waited for.
    ///
    /// # Errors
    ///
    /// When the call cannot be made as it is.
    pub fn to_unauthenticated_request<E>(&self) -> Result<Request<()>, Error<E>> {
        self.request().map_err(|failure| Error::new(failure, None))
    }

    /// What an answer to this call means: the same as if it had come by the client's transport. It is not asked again.
    ///
    /// # Errors
    ///
    /// When the answer says failure, or has another shape than described.
    pub fn read<T, E>(
        self,
        response: HttpResponse<Bytes>,
        decode: Decode<T>,
        decode_failure: DecodeFailure<E>,
    ) -> Result<Response<T>, Error<E>> {
        let (head, body) = response.into_parts();
        let answer = Answer { status: head.status, headers: head.headers, body, attempts: 1 };
        let outcome = self.judge(answer).map_err(|mut refusal: Box<Refusal>| {
            let failure = &mut refusal.failure;
            failure.retryable = failure.transient && self.may_be_repeated(failure, self.policy());
            refusal
        });
        self.finish(outcome, decode, decode_failure)
    }
}
