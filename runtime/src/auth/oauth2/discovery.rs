//! Where an OpenID provider gives tokens (OpenID Connect Discovery 1.0 §4).

use bytes::Bytes;
use http::Request;
use http::header::{ACCEPT, HeaderValue};
use serde_json::Value;

use super::ClientAuthentication;
use crate::auth::exchange::{checked, exchange};
use crate::auth::{AuthError, Context};
use crate::error::one_line;

const WELL_KNOWN: &str = "/.well-known/";

/// What the provider says of itself.
#[derive(Clone)]
pub(super) struct Discovered {
    pub(super) token_url: String,
    /// How clients authenticate there; `None` where it does not say.
    pub(super) authentication: Option<ClientAuthentication>,
}

const WHAT: &str = "the OpenID provider";

/// Asks the provider.
pub(super) async fn discover(context: Context<'_>, url: &str) -> Result<Discovered, AuthError> {
    let url = if url.contains(WELL_KNOWN) {
        url.to_owned()
    } else {
        format!("{}{WELL_KNOWN}openid-configuration", url.trim_end_matches('/'))
    };
    let mut request = Request::new(Bytes::new());
    *request.uri_mut() = checked(context, &url, WHAT)?;
    let asked = request.uri().to_string();
    request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
    let answer = exchange(context, request, WHAT).await?;
    let status = answer.status();
    if !status.is_success() {
        let error = AuthError::new(format!("{WHAT} answered with status {}", status.as_u16()), None);
        return Err(if status.is_server_error() { error.retryable() } else { error });
    }
    let metadata: Value = serde_json::from_slice(answer.body())
        .map_err(|error| AuthError::new(format!("the answer of {WHAT} is no JSON"), Some(error.into())))?;
    check_issuer(&metadata, &asked)?;
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

/// Makes sure that the document is the one of the issuer that was asked: else secrets might go to somebody who only has a
/// document there (OpenID Connect Discovery 1.0 §4.3, RFC 8414 §3.3). A slash at the end makes no other issuer.
fn check_issuer(metadata: &Value, asked: &str) -> Result<(), AuthError> {
    let Some(issuer) = metadata.get("issuer").and_then(Value::as_str) else {
        return Err(AuthError::new(format!("{WHAT} names no issuer"), None));
    };
    // RFC 8414 §3.1 has the path of the issuer behind the name of the document.
    let expected = asked.split_once(WELL_KNOWN).map(|(before, after)| {
        let path = after.split_once('/').map_or("", |(_, path)| path);
        format!("{before}/{path}")
    });
    let expected = expected.as_deref().unwrap_or(asked).trim_end_matches('/');
    if issuer.trim_end_matches('/') == expected {
        return Ok(());
    }
    let issuer = one_line(issuer, 200);
    Err(AuthError::new(
        format!("{WHAT} calls itself `{issuer}`, where `{expected}` was asked: set its token URL"),
        None,
    ))
}
