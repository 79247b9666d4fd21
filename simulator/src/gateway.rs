//! What the gateway does before the service sees a request: it knows the published paths and checks credentials.

use axum::http::{StatusCode, header};
use time::OffsetDateTime;

use crate::{
    canonical::WireRequest,
    credentials,
    failure::Failure,
    signature::{self, Key},
};

/// How large a body can be, in bytes: the limit of signed requests.
pub(crate) const LARGEST_BODY: usize = 12 * 1024 * 1024;

/// Checks the credentials of a request: a token where it carries one, else a signature.
pub(crate) fn authenticate(request: &WireRequest<'_>, now: OffsetDateTime) -> Result<(), Failure> {
    if let Some(token) = request.headers.get("x-auth-token") {
        return match token.to_str() {
            Ok(credentials::TOKEN) => Ok(()),
            Ok(credentials::EXPIRED_TOKEN) => Err(unauthenticated("the token has expired")),
            _ => Err(unauthenticated("decrypt token fail")),
        };
    }
    if request.headers.contains_key(header::AUTHORIZATION) {
        return signature::verify(request, key, now).map_err(|refusal| unauthenticated(&refusal.to_string()));
    }
    Err(unauthenticated("the request has neither X-Auth-Token nor Authorization"))
}

/// The failure for a path or a method that the gateway does not publish.
pub(crate) fn not_published() -> Failure {
    let message = "The API does not exist or has not been published in the environment";
    Failure::gateway(StatusCode::NOT_FOUND, "APIGW.0101", message)
}

/// The failure for a body of more than [`LARGEST_BODY`] bytes, or one that broke off.
pub(crate) fn body_not_read() -> Failure {
    Failure::gateway(StatusCode::PAYLOAD_TOO_LARGE, "APIGW.0201", "Request entity too large")
}

fn unauthenticated(reason: &str) -> Failure {
    let message = format!("Incorrect IAM authentication information: {reason}");
    Failure::gateway(StatusCode::UNAUTHORIZED, "APIGW.0301", message)
}

fn key(access_key: &str) -> Option<Key<'static>> {
    match access_key {
        credentials::ACCESS_KEY => Some(Key { secret_key: credentials::SECRET_KEY, security_token: None }),
        credentials::TEMPORARY_ACCESS_KEY => Some(Key {
            secret_key: credentials::TEMPORARY_SECRET_KEY,
            security_token: Some(credentials::SECURITY_TOKEN),
        }),
        _ => None,
    }
}
