//! The schemes of HTTP authentication, which go into the header `Authorization` (RFC 9110 §11.6.2).

use std::fmt;
use std::time::SystemTime;

use http::HeaderMap;
use http::header::{AUTHORIZATION, HeaderValue};
use http::request::Parts;
use zeroize::Zeroizing;

use super::{Attempt, AuthError, Authenticate, Context, SecretSource, sensitive};
use crate::text::{base64_length, write_base64};
use crate::transport::BoxFuture;

/// A bearer token (RFC 6750).
#[derive(Clone, Debug)]
pub struct Bearer(SecretSource);

impl Bearer {
    /// A token.
    pub fn new(token: impl Into<SecretSource>) -> Self {
        Self(token.into())
    }
}

impl Authenticate for Bearer {
    fn authenticate<'a>(&'a self, attempt: Attempt<'a>) -> BoxFuture<'a, Result<(), AuthError>> {
        self.0.authenticate(attempt, |secret, request| authorize(request, with_scheme("Bearer", secret)))
    }

    fn refused(&self, headers: &HeaderMap) -> bool {
        self.0.forget(|secret| was_sent(headers, &with_scheme("Bearer", secret)))
    }

    fn renew<'a>(&'a self, context: Context<'a>) -> BoxFuture<'a, Result<Option<SystemTime>, AuthError>> {
        self.0.renew(context)
    }

    fn is_renewable(&self) -> bool {
        self.0.is_renewable()
    }
}

/// What stands behind the name of a scheme that the runtime does not know itself (`DPoP`, `Token`, `Negotiate`): sent as it is
/// given.
#[derive(Clone)]
pub struct HttpToken {
    scheme: &'static str,
    token: SecretSource,
}

impl HttpToken {
    /// A token under the name of a scheme, which has to be one of HTTP (RFC 9110 §11.1).
    pub fn new(scheme: &'static str, token: impl Into<SecretSource>) -> Self {
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
        self.token
            .authenticate(attempt, |secret, request| authorize(request, with_scheme(self.scheme, secret)))
    }

    fn refused(&self, headers: &HeaderMap) -> bool {
        self.token.forget(|secret| was_sent(headers, &with_scheme(self.scheme, secret)))
    }

    fn renew<'a>(&'a self, context: Context<'a>) -> BoxFuture<'a, Result<Option<SystemTime>, AuthError>> {
        self.token.renew(context)
    }

    fn is_renewable(&self) -> bool {
        self.token.is_renewable()
    }
}

/// A user name and password (RFC 7617).
#[derive(Clone, Debug)]
pub struct Basic {
    user: String,
    password: SecretSource,
}

impl Basic {
    /// A user name, which must not contain a colon, and a password.
    pub fn new(user: impl Into<String>, password: impl Into<SecretSource>) -> Self {
        Self { user: user.into(), password: password.into() }
    }

    fn value(&self, password: &str) -> Result<HeaderValue, AuthError> {
        if self.user.contains(':') {
            return Err(AuthError::new("a user name with a colon cannot be told from its password", None));
        }
        basic(&self.user, password)
    }
}

impl Authenticate for Basic {
    fn authenticate<'a>(&'a self, attempt: Attempt<'a>) -> BoxFuture<'a, Result<(), AuthError>> {
        self.password.authenticate(attempt, |secret, request| authorize(request, self.value(secret)))
    }

    fn refused(&self, headers: &HeaderMap) -> bool {
        self.password.forget(|secret| was_sent(headers, &self.value(secret)))
    }

    fn renew<'a>(&'a self, context: Context<'a>) -> BoxFuture<'a, Result<Option<SystemTime>, AuthError>> {
        self.password.renew(context)
    }

    fn is_renewable(&self) -> bool {
        self.password.is_renewable()
    }
}

fn authorize(request: &mut Parts, value: Result<HeaderValue, AuthError>) -> Result<(), AuthError> {
    request.headers.insert(AUTHORIZATION, value?);
    Ok(())
}

/// Whether requests with these headers had that value.
fn was_sent(headers: &HeaderMap, value: &Result<HeaderValue, AuthError>) -> bool {
    value.as_ref().is_ok_and(|value| headers.get(AUTHORIZATION) == Some(value))
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
