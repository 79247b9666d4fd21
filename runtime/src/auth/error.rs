//! Why a request could not be authenticated.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

/// Why a request could not be authenticated. Carries no secret. Cloning it is cheap: all who wait for one token hear of its failure.
#[derive(Clone, Debug)]
pub struct AuthError {
    message: Arc<str>,
    is_retryable: bool,
    code: Option<Arc<str>>,
    source: Option<Arc<dyn Error + Send + Sync>>,
}

impl AuthError {
    /// An error with a message and, where there is one, its cause.
    pub fn new(message: impl Into<String>, source: Option<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            message: message.into().into(),
            is_retryable: false,
            code: None,
            source: source.map(Arc::from),
        }
    }

    /// Says that the same call may succeed when it is made again.
    #[must_use]
    pub fn retryable(self) -> Self {
        Self { is_retryable: true, ..self }
    }

    /// Says which code a server gave for its refusal.
    #[must_use]
    pub fn with_code(self, code: impl Into<String>) -> Self {
        Self { code: Some(code.into().into()), ..self }
    }

    /// The code of a server that refused, such as `invalid_grant` of the token endpoint for a refresh token that does not hold
    /// any more (RFC 6749 §5.2).
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// Whether the same call may succeed when it is made again.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.is_retryable
    }
}

impl fmt::Display for AuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for AuthError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
