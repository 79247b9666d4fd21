//! Temporary keys of the instance (ECS) that the program runs on, from its metadata service.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::{HeaderName, HeaderValue};
use http::{HeaderMap, Method, Request, Response, StatusCode, Uri};
use zeroize::Zeroizing;

use super::answer::{Object, refusal, without};
use super::authenticate::{DOMAIN_ID, PROJECT_ID, sign, value, was_signed_with};
use super::iam::Place;
use super::{AkSk, MARGIN, moment};
use crate::auth::renewal::{Fetched, Renewal};
use crate::auth::{Attempt, AuthError, Authenticate, Context, Secret, exchange};
use crate::client::is_insecure;
use crate::transport::BoxFuture;

/// The address of the service, on every instance. It leads nowhere else, and there is no TLS: the one place that keys are had from
/// over plain http.
const HOST: &str = "169.254.169.254";
const WHAT: &str = "the metadata service of ECS";
/// How long each of the two requests may take: elsewhere than on an instance nobody answers.
const TIMEOUT: Duration = Duration::from_secs(3);
const TOKEN_LIFETIME: HeaderName = HeaderName::from_static("x-metadata-token-ttl-seconds");
const TOKEN: HeaderName = HeaderName::from_static("x-metadata-token");

/// The temporary keys of the ECS instance that the program runs on, by the agency that the instance has. They are fetched when they
/// are needed, and renewed before they expire.
///
/// Clones share their keys. The requests go through the client's transport. Where that uses a proxy for everything, exempt
/// 169.254.169.254 from it (`NO_PROXY`).
#[derive(Clone)]
pub struct EcsMetadata {
    address: String,
    kept: Arc<Renewal<AkSk>>,
}

impl EcsMetadata {
    /// The metadata service of the instance.
    #[must_use]
    pub fn new() -> Self {
        Self::at(format!("http://{HOST}"))
    }

    /// A metadata service elsewhere, by its URL: for tests, with a server on loopback.
    pub fn at(url: impl Into<String>) -> Self {
        Self { address: url.into(), kept: Arc::new(Renewal::new(MARGIN)) }
    }

    async fn keys(&self, context: Context<'_>) -> Result<Arc<AkSk>, AuthError> {
        self.kept.get(context, || self.fetch(context)).await
    }

    /// New keys.
    pub(super) async fn fetch(&self, context: Context<'_>) -> Result<Fetched<AkSk>, AuthError> {
        let mut request = self.request(Method::PUT, "/meta-data/latest/api/token")?;
        request.headers_mut().insert(TOKEN_LIFETIME, HeaderValue::from_static("21600"));
        let answer = send(context, request).await?;
        let token = match answer.status() {
            status if status.is_success() => Some(token(&answer)?),
            // Instances whose service gives no tokens give keys without one.
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED | StatusCode::SERVICE_UNAVAILABLE => None,
            _ => return Err(refusal(&answer, WHAT, &[])),
        };
        let mut request = self.request(Method::GET, "/openstack/latest/securitykey")?;
        if let Some(token) = token {
            request.headers_mut().insert(TOKEN, token);
        }
        let answer = send(context, request).await?;
        if answer.status() == StatusCode::NOT_FOUND {
            return Err(AuthError::new(format!("{WHAT} has no keys: the instance needs an agency"), None));
        }
        if !answer.status().is_success() {
            return Err(refusal(&answer, WHAT, &[]));
        }
        let whole = Object::new(answer.body());
        let credential = whole.as_ref().and_then(|whole| whole.object("credential"));
        let part = |name: &str| {
            let text = credential.as_ref().and_then(|credential| credential.get::<Secret>(name));
            text.ok_or_else(|| without(WHAT, &format!("`credential.{name}`")))
        };
        let (access, secret, token) = (part("access")?, part("secret")?, part("securitytoken")?);
        let keys = AkSk::new(access.expose(), secret.expose())
            .and_then(|keys| keys.security_token(token.expose()))
            .map_err(|error| AuthError::new(format!("the keys of {WHAT} cannot be used: {error}"), None))?;
        let expires_at = part("expires_at").ok().and_then(|text| moment::parse(text.expose()));
        Ok(Fetched { value: keys, expires_at })
    }

    fn request(&self, method: Method, path: &str) -> Result<Request<Bytes>, AuthError> {
        let unusable =
            |reason: String| AuthError::new(format!("the URL of {WHAT} cannot be used: {reason}"), None);
        let uri: Uri = format!("{}{path}", self.address.trim_end_matches('/'))
            .parse()
            .map_err(|error: http::uri::InvalidUri| unusable(error.to_string()))?;
        let host = uri.host().ok_or_else(|| unusable("it names no host".to_owned()))?;
        if is_insecure(&uri) && host != HOST {
            return Err(unusable(format!("keys are not had over plain http from `{host}`")));
        }
        let mut request = Request::new(Bytes::new());
        (*request.method_mut(), *request.uri_mut()) = (method, uri);
        Ok(request)
    }
}

impl Default for EcsMetadata {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for EcsMetadata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EcsMetadata").field("address", &self.address).finish_non_exhaustive()
    }
}

async fn send(
    context: Context<'_>,
    request: Request<Bytes>,
) -> Result<Response<Zeroizing<Vec<u8>>>, AuthError> {
    let answer = context.within(TIMEOUT, exchange::exchange(context, request, WHAT)).await;
    answer.unwrap_or_else(|| {
        Err(AuthError::new(format!("{WHAT} does not answer within {TIMEOUT:?}"), None).retryable())
    })
}

fn token(answer: &Response<Zeroizing<Vec<u8>>>) -> Result<HeaderValue, AuthError> {
    let text = answer.body().trim_ascii();
    let mut token = HeaderValue::from_bytes(text)
        .ok()
        .filter(|_| !text.is_empty())
        .ok_or_else(|| without(WHAT, "token that can be sent"))?;
    token.set_sensitive(true);
    Ok(token)
}

impl Authenticate for EcsMetadata {
    fn authenticate<'a>(&'a self, attempt: Attempt<'a>) -> BoxFuture<'a, Result<(), AuthError>> {
        Box::pin(async move { sign(&*self.keys(attempt.context()).await?, attempt) })
    }

    fn refused(&self, headers: &HeaderMap) -> bool {
        self.kept.forget(|keys| was_signed_with(keys, headers));
        true
    }

    fn depends_on_clock(&self) -> bool {
        true
    }

    fn supplies(&self, name: &str) -> bool {
        matches!(name, PROJECT_ID | DOMAIN_ID)
    }

    fn value<'a>(
        &'a self,
        name: &'a str,
        context: Context<'a>,
    ) -> BoxFuture<'a, Result<Option<String>, AuthError>> {
        Box::pin(async move { value(&*self.keys(context).await?, name, &Place::default(), context).await })
    }

    fn renew<'a>(&'a self, context: Context<'a>) -> BoxFuture<'a, Result<Option<SystemTime>, AuthError>> {
        Box::pin(self.kept.get_ahead(context, move || self.fetch(context)))
    }
}
