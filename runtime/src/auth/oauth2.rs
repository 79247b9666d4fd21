//! OAuth 2 (RFC 6749): tokens that are fetched, kept while they hold, and renewed.
//!
//! A token is renewed a little before it expires, and when the server refuses it. However many calls need it, one of them
//! fetches it and the others wait.

mod discovery;
mod endpoint;
mod token;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::AUTHORIZATION;

use self::discovery::Discovered;
use self::token::TokenAnswer;
use super::{Attempt, AuthError, Authenticate, Secret, http_scheme};
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
    cache: Arc<Cache>,
}

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
#[derive(Default)]
struct Cache {
    token: Mutex<Option<Token>>,
    /// Held by the one call that fetches a token.
    renewal: tokio::sync::Mutex<Renewal>,
}

/// What fetching a token leaves for the next time.
#[derive(Default)]
struct Renewal {
    /// The newest refresh token, where the server has given another one.
    refresh_token: Option<Secret>,
    discovered: Option<Discovered>,
}

#[derive(Clone)]
struct Token {
    secret: Secret,
    /// `None` where the server did not say when it ends.
    life: Option<Life>,
}

#[derive(Clone, Copy)]
struct Life {
    /// When to fetch the next one.
    renewal: SystemTime,
    end: SystemTime,
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

    async fn authorize(&self, attempt: Attempt<'_>) -> Result<(), AuthError> {
        let token = match &self.grant {
            Grant::Token(token) => token.clone(),
            Grant::ClientCredentials | Grant::RefreshToken(_) => self.token(&attempt).await?,
        };
        let value = http_scheme::with_scheme("Bearer", token.expose())?;
        attempt.request.headers.insert(AUTHORIZATION, value);
        Ok(())
    }

    /// The token that is there while it is fresh, else a new one.
    async fn token(&self, attempt: &Attempt<'_>) -> Result<Secret, AuthError> {
        if let Some(token) = self.cache.fresh(attempt.now()) {
            return Ok(token);
        }
        // Who comes while another call renews a token that holds still does not wait for it.
        let mut renewal = match self.cache.renewal.try_lock() {
            Ok(renewal) => renewal,
            Err(_) => match self.cache.unexpired(attempt.now()) {
                Some(token) => return Ok(token),
                None => self.cache.renewal.lock().await,
            },
        };
        // Another call may have fetched it in the meantime.
        if let Some(token) = self.cache.fresh(attempt.now()) {
            return Ok(token);
        }
        match self.fetch(attempt, &mut renewal).await {
            Ok(token) => {
                let secret = token.secret.clone();
                *self.cache.token() = Some(token);
                Ok(secret)
            }
            // The one that is there may hold still, and the next call tries again.
            Err(error) if error.is_retryable() => self.cache.unexpired(attempt.now()).ok_or(error),
            Err(error) => Err(error),
        }
    }

    async fn fetch(&self, attempt: &Attempt<'_>, renewal: &mut Renewal) -> Result<Token, AuthError> {
        let (url, known) = match &self.endpoint {
            Endpoint::Token(url) => (url.clone(), None),
            Endpoint::Discovery(url) => {
                let discovered = match renewal.discovered.take() {
                    Some(discovered) => discovered,
                    None => discovery::discover(attempt, url).await?,
                };
                let Discovered { token_url, authentication } = renewal.discovered.insert(discovered).clone();
                (token_url, authentication)
            }
        };
        let refresh_token = match (&self.grant, &renewal.refresh_token) {
            (Grant::RefreshToken(_), Some(newer)) => Some(newer.clone()),
            (Grant::RefreshToken(given), None) => Some(given.clone()),
            _ => None,
        };
        let authentication = self.authentication.or(known).unwrap_or(ClientAuthentication::Header);
        let asked_at = attempt.now();
        let answer = token::ask(self, attempt, &url, refresh_token.as_ref(), authentication).await;
        if answer.is_err() {
            // The provider may have moved its endpoint since it was asked.
            renewal.discovered = None;
        }
        let TokenAnswer { access_token, refresh_token, lifetime } = answer?;
        if refresh_token.is_some() {
            renewal.refresh_token = refresh_token;
        }
        let life = lifetime.and_then(|lifetime| {
            let end = asked_at.checked_add(lifetime)?;
            Some(Life { renewal: end.checked_sub(MARGIN.min(lifetime / 10))?, end })
        });
        Ok(Token { secret: access_token, life })
    }
}

impl Cache {
    /// The token, while it needs no renewal.
    fn fresh(&self, now: SystemTime) -> Option<Secret> {
        self.held(|life| now < life.renewal)
    }

    /// The token, while it holds.
    fn unexpired(&self, now: SystemTime) -> Option<Secret> {
        self.held(|life| now < life.end)
    }

    fn held(&self, test: impl FnOnce(Life) -> bool) -> Option<Secret> {
        let token = self.token();
        let token = token.as_ref()?;
        token.life.is_none_or(test).then(|| token.secret.clone())
    }

    fn token(&self) -> MutexGuard<'_, Option<Token>> {
        self.token.lock().unwrap_or_else(PoisonError::into_inner)
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
        let mut token = self.cache.token();
        // Another call may have renewed it since: then the new one is tried.
        let sent = headers.get(AUTHORIZATION);
        let is_current = token.as_ref().is_some_and(|token| {
            http_scheme::with_scheme("Bearer", token.secret.expose()).is_ok_and(|value| sent == Some(&value))
        });
        if is_current {
            *token = None;
        }
        true
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
