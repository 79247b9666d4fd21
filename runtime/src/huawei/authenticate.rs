//! Access keys as credentials of the engine.

use http::HeaderMap;
use http::header::AUTHORIZATION;

use super::iam::{self, Place};
use super::{AkSk, sign_request, sign_streamed_request};
use crate::auth::{Attempt, AuthError, Authenticate, Context, at_once};
use crate::transport::BoxFuture;

/// The value of clients that is the project; the generated builder calls it so.
pub(super) const PROJECT_ID: &str = "project_id";
/// The value of clients that is the account.
pub(super) const DOMAIN_ID: &str = "domain_id";

impl Authenticate for AkSk {
    fn authenticate<'a>(&'a self, attempt: Attempt<'a>) -> BoxFuture<'a, Result<(), AuthError>> {
        at_once(sign(self, attempt))
    }

    fn depends_on_clock(&self) -> bool {
        true
    }

    fn supplies(&self, name: &str) -> bool {
        name == PROJECT_ID || (name == DOMAIN_ID && self.domain().is_some())
    }

    fn value<'a>(
        &'a self,
        name: &'a str,
        context: Context<'a>,
    ) -> BoxFuture<'a, Result<Option<String>, AuthError>> {
        Box::pin(async move { value(self, name, &Place::default(), context).await })
    }

    fn is_renewable(&self) -> bool {
        false
    }
}

/// Signs the request of an attempt.
pub(super) fn sign(keys: &AkSk, attempt: Attempt<'_>) -> Result<(), AuthError> {
    let now = attempt.now();
    let signed = match attempt.body.as_bytes() {
        Some(body) => sign_request(keys, attempt.request, body, now),
        None => sign_streamed_request(keys, attempt.request, now),
    };
    signed
        .map_err(|error| AuthError::new(format!("the request cannot be signed: {error}"), Some(error.into())))
}

/// Whether a request with these headers was signed with those keys.
pub(super) fn was_signed_with(keys: &AkSk, headers: &HeaderMap) -> bool {
    let authorization = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = headers.get("x-security-token").and_then(|value| value.to_str().ok());
    let names = |text: &str| text.contains(&format!("Access={},", keys.access_key()));
    authorization.is_some_and(names) && token == keys.token()
}

/// What keys know of the client's values; the id of the project is looked up where they do not have it.
pub(super) async fn value(
    keys: &AkSk,
    name: &str,
    place: &Place,
    context: Context<'_>,
) -> Result<Option<String>, AuthError> {
    match name {
        PROJECT_ID => match keys.project() {
            Some(id) => Ok(Some(id.to_owned())),
            None => iam::project_id(keys, place, context).await.map(Some),
        },
        DOMAIN_ID => Ok(keys.domain().map(str::to_owned)),
        _ => Ok(None),
    }
}
