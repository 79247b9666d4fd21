//! The schemes of HTTP authentication, which go into the header `Authorization` (RFC 9110 §11.6.2).

use std::fmt;

use http::header::{AUTHORIZATION, HeaderValue};
use zeroize::Zeroizing;

use super::{Attempt, AuthError, Authenticate, Secret, sensitive};
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
    with_scheme("Basic", &base64(pair.as_bytes()))
}

/// Standard base64 with padding (RFC 4648 §4).
fn base64(bytes: &[u8]) -> Zeroizing<String> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    // Of its final size from the start, so that no copy of a secret is left behind where it grew.
    let mut text = Zeroizing::new(String::with_capacity(bytes.len().div_ceil(3) * 4));
    for chunk in bytes.chunks(3) {
        let mut group = [0; 4];
        group.iter_mut().skip(1).zip(chunk).for_each(|(to, from)| *to = *from);
        let bits = u32::from_be_bytes(group);
        for position in 0..4 {
            let digit = bits >> (18 - 6 * position) & 63;
            let digit = usize::try_from(digit).ok().and_then(|digit| DIGITS.get(digit));
            text.push(digit.filter(|_| position <= chunk.len()).map_or('=', |digit| char::from(*digit)));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn base64_agrees_with_rfc_4648() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(*base64(bytes.as_bytes()), text);
        }
        assert_eq!(*base64(&[0xfb, 0xff, 0xfe]), "+//+");
    }
}
