//! Access keys as credentials of the engine.

use super::{AkSk, sign_request, sign_streamed_request};
use crate::auth::{Attempt, AuthError, Authenticate};
use crate::transport::BoxFuture;

impl Authenticate for AkSk {
    fn authenticate<'a>(&'a self, attempt: Attempt<'a>) -> BoxFuture<'a, Result<(), AuthError>> {
        let now = attempt.now();
        let signed = match attempt.body.as_bytes() {
            Some(body) => sign_request(self, attempt.request, body, now),
            None => sign_streamed_request(self, attempt.request, now),
        };
        Box::pin(std::future::ready(signed.map_err(|error| {
            AuthError::new(format!("the request cannot be signed: {error}"), Some(error.into()))
        })))
    }

    fn depends_on_clock(&self) -> bool {
        true
    }
}
