//! Tokens of the identity service (IAM), had for a user's name and password.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue};
use http::{HeaderMap, Method, Request};
use zeroize::Zeroizing;

use super::answer::{Object, refusal, without};
use super::authenticate::PROJECT_ID;
use super::iam::{Place, WHAT};
use super::{MARGIN, moment};
use crate::auth::renewal::{Fetched, Renewal};
use crate::auth::{Attempt, AuthError, Authenticate, Context, Secret, exchange};
use crate::transport::BoxFuture;

const X_AUTH_TOKEN: HeaderName = HeaderName::from_static("x-auth-token");
const X_SUBJECT_TOKEN: HeaderName = HeaderName::from_static("x-subject-token");

/// A token of IAM for a project, sent as `X-Auth-Token`. It is had when it is needed (`POST /v3/auth/tokens`), and renewed before it
/// expires, after 24 hours as a rule.
///
/// The project is the one by the name of the region, if [`project_id`](Self::project_id) says nothing else; the token knows its id.
/// The region is the one in the URL of the API, if [`region`](Self::region) says nothing else.
///
/// Clones share their token; a setting that is made afterwards begins with a new one.
#[derive(Clone)]
pub struct IamToken {
    domain: String,
    user: String,
    password: Secret,
    project_id: Option<String>,
    place: Place,
    kept: Arc<Renewal<Token>>,
}

struct Token {
    secret: Secret,
    project_id: Option<String>,
}

impl IamToken {
    /// The token of a user, by the name of the account (domain) and that of the user in it, and the password.
    pub fn new(domain: impl Into<String>, user: impl Into<String>, password: impl Into<Secret>) -> Self {
        Self {
            domain: domain.into(),
            user: user.into(),
            password: password.into(),
            project_id: None,
            place: Place::default(),
            kept: new_renewal(),
        }
    }

    /// Sets the project that the token is for.
    #[must_use]
    pub fn project_id(self, id: impl Into<String>) -> Self {
        Self { project_id: Some(id.into()), kept: new_renewal(), ..self }
    }

    /// Sets the region, as in `cn-north-4`, where it cannot be told from the URL of the API.
    #[must_use]
    pub fn region(self, region: impl Into<String>) -> Self {
        let place = Place { region: Some(region.into()), ..self.place };
        Self { place, kept: new_renewal(), ..self }
    }

    /// Sets the URL of IAM, instead of that of the region.
    #[must_use]
    pub fn iam_endpoint(self, url: impl Into<String>) -> Self {
        let place = Place { iam_endpoint: Some(url.into()), ..self.place };
        Self { place, kept: new_renewal(), ..self }
    }

    async fn token(&self, context: Context<'_>) -> Result<Arc<Token>, AuthError> {
        self.kept.get(context, || self.fetch(context)).await
    }

    async fn fetch(&self, context: Context<'_>) -> Result<Fetched<Token>, AuthError> {
        let mut request = Request::new(Bytes::from_owner(self.body(context)?));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.place.iam("/v3/auth/tokens", None, context)?;
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().insert(ACCEPT, json.clone());
        request.headers_mut().insert(CONTENT_TYPE, json);
        let answer = exchange::exchange(context, request, WHAT).await?;
        if !answer.status().is_success() {
            return Err(refusal(&answer, WHAT, &[&self.password]));
        }
        let token = answer.headers().get(X_SUBJECT_TOKEN).and_then(|token| token.to_str().ok());
        let secret = Secret::from(token.ok_or_else(|| without(WHAT, "token"))?);
        let whole = Object::new(answer.body());
        let about = whole.as_ref().and_then(|whole| whole.object("token"));
        let expires_at = about.as_ref().and_then(|about| moment::parse(&about.get::<String>("expires_at")?));
        let project = about.as_ref().and_then(|about| about.object("project"));
        let project_id = self.project_id.clone().or_else(|| project?.get("id"));
        Ok(Fetched { value: Token { secret, project_id }, expires_at })
    }

    /// What IAM is asked, wiped when the transport is done with it.
    fn body(&self, context: Context<'_>) -> Result<Zeroizing<Vec<u8>>, AuthError> {
        let (key, project) = match &self.project_id {
            Some(id) => ("id", id.as_str()),
            None => ("name", self.place.region(context)?),
        };
        // Of a size that it does not grow beyond, so that no copy of a secret is left behind.
        let mut body = Zeroizing::new(Vec::with_capacity(16 * 1024));
        let pieces = [
            (
                r#"{"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"#,
                self.user.as_str(),
            ),
            (r#","password":"#, self.password.expose()),
            (r#","domain":{"name":"#, self.domain.as_str()),
            (r#"}}}},"scope":{"project":{"#, key),
            (":", project),
        ];
        for (before, text) in pieces {
            body.extend_from_slice(before.as_bytes());
            serde_json::to_writer(&mut *body, text).map_err(|error| {
                AuthError::new(format!("the request to {WHAT} cannot be written: {error}"), None)
            })?;
        }
        body.extend_from_slice(b"}}}}");
        Ok(body)
    }

    async fn authorize(&self, attempt: Attempt<'_>) -> Result<(), AuthError> {
        let token = self.token(attempt.context()).await?;
        let mut value = HeaderValue::from_str(token.secret.expose())
            .map_err(|_| AuthError::new("the token has a character that cannot stand in a header", None))?;
        value.set_sensitive(true);
        attempt.request.headers.insert(X_AUTH_TOKEN, value);
        Ok(())
    }
}

fn new_renewal() -> Arc<Renewal<Token>> {
    Arc::new(Renewal::new(MARGIN))
}

impl fmt::Debug for IamToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IamToken")
            .field("domain", &self.domain)
            .field("user", &self.user)
            .field("project_id", &self.project_id)
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

impl Authenticate for IamToken {
    fn authenticate<'a>(&'a self, attempt: Attempt<'a>) -> BoxFuture<'a, Result<(), AuthError>> {
        Box::pin(self.authorize(attempt))
    }

    fn refused(&self, headers: &HeaderMap) -> bool {
        let sent = headers.get(X_AUTH_TOKEN).map(HeaderValue::as_bytes);
        self.kept.forget(|token| sent == Some(token.secret.expose().as_bytes()));
        true
    }

    fn supplies(&self, name: &str) -> bool {
        name == PROJECT_ID
    }

    fn value<'a>(
        &'a self,
        name: &'a str,
        context: Context<'a>,
    ) -> BoxFuture<'a, Result<Option<String>, AuthError>> {
        Box::pin(async move {
            if name != PROJECT_ID {
                return Ok(None);
            }
            match &self.project_id {
                Some(id) => Ok(Some(id.clone())),
                None => Ok(self.token(context).await?.project_id.clone()),
            }
        })
    }

    fn renew<'a>(&'a self, context: Context<'a>) -> BoxFuture<'a, Result<Option<SystemTime>, AuthError>> {
        Box::pin(self.kept.get_ahead(context, move || self.fetch(context)))
    }
}
