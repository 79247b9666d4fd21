//! Access keys as credentials of the engine.

use std::time::SystemTime;

use super::{AkSk, sign_request, sign_streamed_request};
use crate::auth::{AuthError, Authenticate};
use crate::body::RequestBody;
use crate::transport::BoxFuture;

impl Authenticate for AkSk {
    fn authenticate<'a>(
        &'a self,
        request: &'a mut http::request::Parts,
        body: &'a RequestBody,
        now: SystemTime,
    ) -> BoxFuture<'a, Result<(), AuthError>> {
        let signed = match body.as_bytes() {
            Some(body) => sign_request(self, request, body, now),
            None => sign_streamed_request(self, request, now),
        };
        Box::pin(std::future::ready(signed.map_err(|error| {
            AuthError::new(format!("the request cannot be signed: {error}"), Some(error.into()))
        })))
    }
}
