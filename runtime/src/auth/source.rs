//! Where a secret comes from: it is given, or a callback gives it when it is needed.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::request::Parts;

use super::renewal::{Fetched, Renewal};
use super::{Attempt, AuthError, Context, Secret, at_once};
use crate::transport::BoxFuture;

/// How long before its end a secret is renewed; a tenth of its life where that is shorter.
const MARGIN: Duration = Duration::from_secs(60);

/// A secret that is given, or that a [`callback`] gives when it is needed.
#[derive(Clone)]
pub struct SecretSource(Source);

#[derive(Clone)]
enum Source {
    Given(Secret),
    Asked { ask: Ask, kept: Arc<Renewal<Secret>> },
}

type Ask = Arc<dyn Fn() -> BoxFuture<'static, Result<NewSecret, AuthError>> + Send + Sync>;

/// A secret that a callback gives, and how long it holds. Without that it is kept until the server refuses it (401).
#[derive(Clone, Debug)]
pub struct NewSecret {
    secret: Secret,
    end: Option<End>,
}

#[derive(Clone, Copy, Debug)]
enum End {
    At(SystemTime),
    After(Duration),
}

impl NewSecret {
    /// A secret.
    pub fn new(secret: impl Into<Secret>) -> Self {
        Self { secret: secret.into(), end: None }
    }

    /// Says when it ends.
    #[must_use]
    pub fn expires_at(self, end: SystemTime) -> Self {
        Self { end: Some(End::At(end)), ..self }
    }

    /// Says how long it holds, counted from when it was asked for.
    #[must_use]
    pub fn lifetime(self, lifetime: Duration) -> Self {
        Self { end: Some(End::After(lifetime)), ..self }
    }
}

/// A secret that is had from a callback when it is needed: from a vault, a file, or another program. It is kept while it holds,
/// renewed before it expires and when the server refuses it, and asked for by one call at a time. Clones share it.
///
/// ```
/// use std::time::Duration;
/// use clientsmith_runtime::auth::{Bearer, NewSecret, callback};
///
/// let token = Bearer::new(callback(|| async {
///     let token = std::fs::read_to_string("/var/run/secrets/token")?;
///     Ok(NewSecret::new(token.trim()).lifetime(Duration::from_secs(600)))
/// }));
/// # let _ = token;
/// ```
pub fn callback<F, R>(ask: F) -> SecretSource
where
    F: Fn() -> R + Send + Sync + 'static,
    R: Future<Output = Result<NewSecret, Box<dyn Error + Send + Sync>>> + Send + 'static,
{
    let ask: Ask = Arc::new(move || {
        let asked = ask();
        Box::pin(async move {
            asked.await.map_err(|error| {
                AuthError::new(format!("the callback gives no credentials: {error}"), Some(error))
            })
        })
    });
    SecretSource(Source::Asked { ask, kept: Arc::new(Renewal::new(MARGIN)) })
}

/// A secret from an environment variable of this process.
///
/// # Errors
///
/// When the variable is not set, is blank, or is not Unicode.
pub fn from_env(variable: &str) -> Result<Secret, VariableError> {
    let error = |what| VariableError { variable: variable.to_owned(), what };
    let value = std::env::var_os(variable).ok_or_else(|| error("is not set"))?;
    let secret = value.into_string().map(Secret::from).map_err(|_| error("is not Unicode"))?;
    if secret.expose().trim().is_empty() { Err(error("is blank")) } else { Ok(secret) }
}

/// An environment variable that gives no secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the environment variable {variable} {what}")]
pub struct VariableError {
    variable: String,
    what: &'static str,
}

impl<T: Into<Secret>> From<T> for SecretSource {
    fn from(secret: T) -> Self {
        Self(Source::Given(secret.into()))
    }
}

impl fmt::Debug for SecretSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Source::Given(_) => "[redacted]",
            Source::Asked { .. } => "[callback]",
        })
    }
}

impl SecretSource {
    /// Puts the secret into a request; one that is given without a wait.
    pub(super) fn authenticate<'a>(
        &'a self,
        attempt: Attempt<'a>,
        put: impl FnOnce(&str, &mut Parts) -> Result<(), AuthError> + Send + 'a,
    ) -> BoxFuture<'a, Result<(), AuthError>> {
        match &self.0 {
            Source::Given(secret) => at_once(put(secret.expose(), attempt.request)),
            Source::Asked { ask, kept } => Box::pin(async move {
                let context = attempt.context();
                let secret = kept.get(context, || fetch(ask, context)).await?;
                put(secret.expose(), attempt.request)
            }),
        }
    }

    /// Whether another one can be had.
    pub(super) fn is_renewable(&self) -> bool {
        matches!(self.0, Source::Asked { .. })
    }

    /// Forgets what a callback gave, if it was sent. Says whether it will be asked again.
    pub(super) fn forget(&self, was_sent: impl FnOnce(&str) -> bool) -> bool {
        match &self.0 {
            Source::Given(_) => false,
            Source::Asked { kept, .. } => {
                kept.forget(|secret| was_sent(secret.expose()));
                true
            }
        }
    }

    pub(super) fn renew<'a>(
        &'a self,
        context: Context<'a>,
    ) -> BoxFuture<'a, Result<Option<SystemTime>, AuthError>> {
        match &self.0 {
            Source::Given(_) => Box::pin(std::future::ready(Ok(None))),
            Source::Asked { ask, kept } => Box::pin(kept.get_ahead(context, move || fetch(ask, context))),
        }
    }
}

async fn fetch(ask: &Ask, context: Context<'_>) -> Result<Fetched<Secret>, AuthError> {
    let asked_at = context.now();
    let NewSecret { secret, end } = ask().await?;
    let expires_at = match end {
        None => None,
        Some(End::At(end)) => Some(end),
        Some(End::After(lifetime)) => asked_at.checked_add(lifetime),
    };
    Ok(Fetched { value: secret, expires_at })
}
