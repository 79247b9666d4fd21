//! OAuth 2 (RFC 6749): tokens that are fetched, kept while they hold, and renewed.
//!
//! A token is renewed a little before it expires, and when the server refuses it. However many calls need it, one of them
//! fetches it and the others wait.

mod discovery;
mod token;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::AUTHORIZATION;

use self::discovery::Discovered;
use self::token::TokenAnswer;
use super::renewal::{Fetched, Renewal};
use super::{Attempt, AuthError, Authenticate, Context, Secret, http_scheme};
use crate::transport::BoxFuture;

/// How long before its end a token is renewed; a tenth of its life where that is shorter.
const MARGIN: Duration = Duration::from_secs(60);

/// How a client proves to the token endpoint who it is (RFC 6749 §2.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClientAuthentication {
    /// By the header `Authorization: Basic`, which every server has to understand.
    Header,
    /// By parameters in the body.
    Body,
}

/// Access by OAuth 2 (OpenAPI 3.0.4 §4.7.27, `oauth2` and `openIdConnect`).
///
/// Clones share their token; a setting that is made afterwards begins with a new one.
#[derive(Clone)]
pub struct OAuth2 {
    grant: Grant,
    endpoint: Endpoint,
    client: Option<(String, Option<Secret>)>,
    authentication: Option<ClientAuthentication>,
    scopes: Vec<String>,
    parameters: Vec<(String, Secret)>,
    on_refresh_token: Option<KeepToken>,
    cache: Arc<Cache>,
}

/// Where newer refresh tokens go.
type KeepToken = Arc<dyn Fn(&Secret) + Send + Sync>;

/// What a token is had for.
#[derive(Clone)]
enum Grant {
    /// It is there already, and nothing renews it.
    Token(Secret),
    ClientCredentials,
    RefreshToken(Secret),
}

/// Where tokens are had.
#[derive(Clone, Debug)]
enum Endpoint {
    Token(String),
    /// The document that says it (OpenID Connect Discovery 1.0 §4).
    Discovery(String),
}

/// What clones share.
struct Cache {
    token: Renewal<Secret>,
    /// What fetching a token leaves for the next time.
    left: Mutex<Left>,
}

#[derive(Clone, Default)]
struct Left {
    /// The newest refresh token, where the server has given another one.
    refresh_token: Option<Secret>,
    discovered: Option<Discovered>,
}

impl Default for Cache {
    fn default() -> Self {
        Self { token: Renewal::new(MARGIN), left: Mutex::default() }
    }
}

impl Cache {
    fn left(&self) -> MutexGuard<'_, Left> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl OAuth2 {
    fn new(grant: Grant, endpoint: Endpoint, client: Option<(String, Option<Secret>)>) -> Self {
        Self {
            grant,
            endpoint,
            client,
            authentication: None,
            scopes: Vec::new(),
            parameters: Vec::new(),
            on_refresh_token: None,
            cache: Arc::default(),
        }
    }

    /// An access token that the caller has from any flow. Nothing renews it.
    pub fn access_token(token: impl Into<Secret>) -> Self {
        Self::new(Grant::Token(token.into()), Endpoint::Token(String::new()), None)
    }

    /// The client's own access (RFC 6749 §4.4). A relative URL refers to that of the API.
    pub fn client_credentials(
        token_url: impl Into<String>,
        client_id: impl Into<String>,
        client_secret: impl Into<Secret>,
    ) -> Self {
        let client = (client_id.into(), Some(client_secret.into()));
        Self::new(Grant::ClientCredentials, Endpoint::Token(token_url.into()), Some(client))
    }

    /// The access that somebody has granted, by the refresh token that came of it (RFC 6749 §6). A client that has a secret
    /// gives it with [`client_secret`](Self::client_secret). A relative URL refers to that of the API.
    pub fn refresh_token(
        refresh_url: impl Into<String>,
        client_id: impl Into<String>,
        refresh_token: impl Into<Secret>,
    ) -> Self {
        let client = (client_id.into(), None);
        Self::new(
            Grant::RefreshToken(refresh_token.into()),
            Endpoint::Token(refresh_url.into()),
            Some(client),
        )
    }

    /// Sets the secret of the client.
    #[must_use]
    pub fn client_secret(self, secret: impl Into<Secret>) -> Self {
        let client = self.client.map(|(id, _)| (id, Some(secret.into())));
        Self { client, cache: Arc::default(), ..self }
    }

    /// Sets where tokens are had.
    #[must_use]
    pub fn token_url(self, url: impl Into<String>) -> Self {
        Self { endpoint: Endpoint::Token(url.into()), cache: Arc::default(), ..self }
    }

    /// Sets the document that says where tokens are had: its URL, or the issuer's, to which
    /// `/.well-known/openid-configuration` is added (OpenID Connect Discovery 1.0 §4).
    #[must_use]
    pub fn discovery_url(self, url: impl Into<String>) -> Self {
        Self { endpoint: Endpoint::Discovery(url.into()), cache: Arc::default(), ..self }
    }

    /// Sets what access is asked for (RFC 6749 §3.3). Without, the server gives what it gives by default.
    #[must_use]
    pub fn scopes<S: Into<String>>(self, scopes: impl IntoIterator<Item = S>) -> Self {
        Self { scopes: scopes.into_iter().map(Into::into).collect(), cache: Arc::default(), ..self }
    }

    /// Sets how the client proves who it is. Without: as the discovery document says, else by the header.
    #[must_use]
    pub fn client_authentication(self, authentication: ClientAuthentication) -> Self {
        Self { authentication: Some(authentication), cache: Arc::default(), ..self }
    }

    /// Adds a parameter that a server wants besides those of the standard, such as `audience` or `resource` (RFC 8707).
    #[must_use]
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<Secret>) -> Self {
        self.parameters.push((name.into(), value.into()));
        Self { cache: Arc::default(), ..self }
    }

    /// Hands on each refresh token that the server gives instead of the one before (RFC 6749 §6): who keeps it can go on with it when
    /// the program is started again.
    #[must_use]
    pub fn on_refresh_token(self, keep: impl Fn(&Secret) + Send + Sync + 'static) -> Self {
        Self { on_refresh_token: Some(Arc::new(keep)), cache: Arc::default(), ..self }
    }

    async fn authorize(&self, attempt: Attempt<'_>) -> Result<(), AuthError> {
        let value = match &self.grant {
            Grant::Token(token) => http_scheme::with_scheme("Bearer", token.expose())?,
            Grant::ClientCredentials | Grant::RefreshToken(_) => {
                let context = attempt.context();
                let token = self.cache.token.get(context, || self.fetch(context)).await?;
                http_scheme::with_scheme("Bearer", token.expose())?
            }
        };
        attempt.request.headers.insert(AUTHORIZATION, value);
        Ok(())
    }

    /// A new token. One call at a time is here.
    async fn fetch(&self, context: Context<'_>) -> Result<Fetched<Secret>, AuthError> {
        let left = self.cache.left().clone();
        let (url, known) = match &self.endpoint {
            Endpoint::Token(url) => (url.clone(), None),
            Endpoint::Discovery(url) => {
                let discovered = match left.discovered {
                    Some(discovered) => discovered,
                    None => discovery::discover(context, url).await?,
                };
                let Discovered { token_url, authentication } = discovered.clone();
                self.cache.left().discovered = Some(discovered);
                (token_url, authentication)
            }
        };
        let refresh_token = match &self.grant {
            Grant::RefreshToken(given) => Some(left.refresh_token.unwrap_or_else(|| given.clone())),
            Grant::ClientCredentials | Grant::Token(_) => None,
        };
        let authentication = self.authentication.or(known).unwrap_or(ClientAuthentication::Header);
        let asked_at = context.now();
        let answer = token::ask(self, context, &url, refresh_token.as_ref(), authentication).await;
        if answer.is_err() {
            // The provider may have moved its endpoint since it was asked.
            self.cache.left().discovered = None;
        }
        let TokenAnswer { access_token, refresh_token, lifetime } = answer?;
        if let Some(newer) = refresh_token {
            if let Some(keep) = &self.on_refresh_token {
                keep(&newer);
            }
            self.cache.left().refresh_token = Some(newer);
        }
        let expires_at = lifetime.and_then(|lifetime| asked_at.checked_add(lifetime));
        Ok(Fetched { value: access_token, expires_at })
    }
}

impl Authenticate for OAuth2 {
    fn authenticate<'a>(&'a self, attempt: Attempt<'a>) -> BoxFuture<'a, Result<(), AuthError>> {
        Box::pin(self.authorize(attempt))
    }

    fn refused(&self, headers: &HeaderMap) -> bool {
        if matches!(self.grant, Grant::Token(_)) {
            return false;
        }
        let sent = headers.get(AUTHORIZATION);
        self.cache.token.forget(|token| {
            http_scheme::with_scheme("Bearer", token.expose()).is_ok_and(|value| sent == Some(&value))
        });
        true
    }

    fn renew<'a>(&'a self, context: Context<'a>) -> BoxFuture<'a, Result<Option<SystemTime>, AuthError>> {
        if matches!(self.grant, Grant::Token(_)) {
            return Box::pin(std::future::ready(Ok(None)));
        }
        Box::pin(self.cache.token.get_ahead(context, move || self.fetch(context)))
    }
}

impl fmt::Debug for OAuth2 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let grant = match self.grant {
            Grant::Token(_) => "access token",
            Grant::ClientCredentials => "client credentials",
            Grant::RefreshToken(_) => "refresh token",
        };
        f.debug_struct("OAuth2")
            .field("grant", &grant)
            .field("client", &self.client.as_ref().map(|(id, _)| id))
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}
