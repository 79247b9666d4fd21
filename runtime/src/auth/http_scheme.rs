//! The schemes of HTTP authentication, which go into the header `Authorization` (RFC 9110 §11.6.2).

use std::fmt;

use http::header::{AUTHORIZATION, HeaderValue};
use zeroize::Zeroizing;

use super::{Attempt, AuthError, Authenticate, Secret, sensitive};
use crate::text::{base64_length, write_base64};
use crate::transport::BoxFuture;

/// A bearer token (RFC 6750).
#[derive(Clone, Debug)]
pub struct Bearer(Secret);

impl Bearer {
    /// A token.
    pub fn new(token: impl Into<Secret>) -> Self {
        Self(token.into())
    }
}

impl Authenticate for Bearer {
    fn authenticate<'a>(&'a self, attempt: Attempt<'a>) -> BoxFuture<'a, Result<(), AuthError>> {
        Box::pin(std::future::ready(authorize(attempt, with_scheme("Bearer", self.0.expose()))))
    }

    fn is_renewable(&self) -> bool {
        false
    }
}

/// What stands behind the name of a scheme that the runtime does not know itself (`DPoP`, `Token`, `Negotiate`): sent as it is
/// given.
#[derive(Clone)]
pub struct HttpToken {
    scheme: &'static str,
    token: Secret,
}

impl HttpToken {
    /// A token under the name of a scheme, which has to be one of HTTP (RFC 9110 §11.1).
    pub fn new(scheme: &'static str, token: impl Into<Secret>) -> Self {
        Self { scheme, token: token.into() }
    }
}

impl fmt::Debug for HttpToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpToken").field("scheme", &self.scheme).finish_non_exhaustive()
    }
}

impl Authenticate for HttpToken {
    fn authenticate<'a>(&'a self, attempt: Attempt<'a>) -> BoxFuture<'a, Result<(), AuthError>> {
        Box::pin(std::future::ready(authorize(attempt, with_scheme(self.scheme, self.token.expose()))))
    }

    fn is_renewable(&self) -> bool {
        false
    }
}

/// A user name and password (RFC 7617).
#[derive(Clone, Debug)]
pub struct Basic {
    user: String,
    password: Secret,
}

impl Basic {
    /// A user name, which must not contain a colon, and a password.
    pub fn new(user: impl Into<String>, password: impl Into<Secret>) -> Self {
        Self { user: user.into(), password: password.into() }
    }

    fn value(&self) -> Result<HeaderValue, AuthError> {
        if self.user.contains(':') {
            return Err(AuthError::new("a user name with a colon cannot be told from its password", None));
        }
        basic(&self.user, self.password.expose())
    }
}

impl Authenticate for Basic {
    fn authenticate<'a>(&'a self, attempt: Attempt<'a>) -> BoxFuture<'a, Result<(), AuthError>> {
        Box::pin(std::future::ready(authorize(attempt, self.value())))
    }

    fn is_renewable(&self) -> bool {
        false
    }
}

fn authorize(attempt: Attempt<'_>, value: Result<HeaderValue, AuthError>) -> Result<(), AuthError> {
    attempt.request.headers.insert(AUTHORIZATION, value?);
    Ok(())
}

/// A name of a scheme and what proves it.
pub(super) fn with_scheme(scheme: &str, proof: &str) -> Result<HeaderValue, AuthError> {
    let mut text = Zeroizing::new(String::with_capacity(scheme.len() + 1 + proof.len()));
    text.push_str(scheme);
    text.push(' ');
    text.push_str(proof);
    sensitive(&text)
}

/// The value of `Authorization` for a user name without a colon and a password.
pub(super) fn basic(user: &str, password: &str) -> Result<HeaderValue, AuthError> {
    let pair = Zeroizing::new(format!("{user}:{password}"));
    // Of its final size from the start, so that no copy of a secret is left behind where it grew.
    let mut proof = Zeroizing::new(String::with_capacity(base64_length(pair.as_bytes())));
    write_base64(pair.as_bytes(), &mut proof);
    with_scheme("Basic", &proof)
}
