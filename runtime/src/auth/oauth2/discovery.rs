//! Where an OpenID provider gives tokens (OpenID Connect Discovery 1.0 §4).

use bytes::Bytes;
use http::Request;
use http::header::{ACCEPT, HeaderValue};
use serde_json::Value;

use super::ClientAuthentication;
use super::endpoint::{checked, exchange};
use crate::auth::{Attempt, AuthError};

const WELL_KNOWN: &str = "/.well-known/";

/// What the provider says of itself.
#[derive(Clone)]
pub(super) struct Discovered {
    pub(super) token_url: String,
    /// How clients authenticate there; `None` where it does not say.
    pub(super) authentication: Option<ClientAuthentication>,
}

/// Asks the provider.
pub(super) async fn discover(attempt: &Attempt<'_>, url: &str) -> Result<Discovered, AuthError> {
    const WHAT: &str = "the OpenID provider";
    let url = if url.contains(WELL_KNOWN) {
        url.to_owned()
    } else {
        format!("{}{WELL_KNOWN}openid-configuration", url.trim_end_matches('/'))
    };
    let mut request = Request::new(Bytes::new());
    *request.uri_mut() = checked(attempt, &url, WHAT)?;
    request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
    let answer = exchange(attempt, request, WHAT).await?;
    let status = answer.status();
    if !status.is_success() {
        let error = AuthError::new(format!("{WHAT} answered with status {}", status.as_u16()), None);
        return Err(if status.is_server_error() { error.retryable() } else { error });
    }
    let metadata: Value = serde_json::from_slice(answer.body())
        .map_err(|error| AuthError::new(format!("the answer of {WHAT} is no JSON"), Some(error.into())))?;
    let Some(token_url) = metadata.get("token_endpoint").and_then(Value::as_str) else {
        return Err(AuthError::new(format!("{WHAT} names no token endpoint"), None));
    };
    let methods = metadata.get("token_endpoint_auth_methods_supported").and_then(Value::as_array);
    let authentication = methods.and_then(|methods| {
        let has = |name: &str| methods.iter().any(|method| method.as_str() == Some(name));
        match (has("client_secret_basic"), has("client_secret_post")) {
            (true, _) => Some(ClientAuthentication::Header),
            (false, true) => Some(ClientAuthentication::Body),
            (false, false) => None,
        }
    });
    Ok(Discovered { token_url: token_url.to_owned(), authentication })
}
