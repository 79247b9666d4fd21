//! Exchanges with the servers that give credentials.

use bytes::Bytes;
use http::{Request, Response, Uri};
use zeroize::Zeroizing;

use super::{AuthError, Context};
use crate::body::RequestBody;
use crate::client::is_insecure;
use crate::transport::TransportErrorKind;
use crate::url;

/// How much of an answer is read, in bytes.
const LIMIT: usize = 1024 * 1024;

/// The URL, absolute and safe to send secrets to. `what` names it in messages.
pub(crate) fn checked(context: Context<'_>, reference: &str, what: &str) -> Result<Uri, AuthError> {
    let uri: Uri =
        url::resolve(context.base, reference).parse().map_err(|error: http::uri::InvalidUri| {
            AuthError::new(format!("the URL of {what} cannot be used: {error}"), Some(error.into()))
        })?;
    let has_user = uri.authority().is_some_and(|authority| authority.as_str().contains('@'));
    if !matches!(uri.scheme_str(), Some("http" | "https")) || uri.host().is_none_or(str::is_empty) || has_user
    {
        return Err(AuthError::new(format!("the URL of {what} cannot be used"), None));
    }
    if is_insecure(&uri) {
        let host = uri.host().unwrap_or_default();
        let message = format!("{what} is not asked over plain http at `{host}`: use https");
        return Err(AuthError::new(message, None));
    }
    Ok(uri)
}

/// Sends a request and reads the whole answer. `what` names the server in messages.
pub(crate) async fn exchange(
    context: Context<'_>,
    request: Request<Bytes>,
    what: &str,
) -> Result<Response<Zeroizing<Vec<u8>>>, AuthError> {
    let unreachable = |error: crate::transport::TransportError| {
        let may_pass = error.kind != TransportErrorKind::Request;
        let error = AuthError::new(format!("{what} cannot be reached: {error}"), Some(Box::new(error)));
        if may_pass { error.retryable() } else { error }
    };
    let response = context.transport.send(request.map(RequestBody::from)).await.map_err(unreachable)?;
    let (head, mut pieces) = response.into_parts();
    let mut body = Zeroizing::new(Vec::with_capacity(8 * 1024));
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(unreachable)?;
        if body.len() + piece.len() > LIMIT {
            return Err(AuthError::new(format!("the answer of {what} is too long"), None));
        }
        body.extend_from_slice(&piece);
    }
    Ok(Response::from_parts(head, body))
}
