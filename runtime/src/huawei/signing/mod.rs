//! The signature algorithm `SDK-HMAC-SHA256`: a pure function of the key, the request and the date.
//!
//! A request is written in a canonical form, hashed, and the hash is signed together with the date:
//!
//! ```text
//! canonical request   METHOD \n URI \n QUERY \n HEADER:VALUE \n ... \n SIGNED;HEADERS \n BODY-HASH
//!                     (a blank line follows the headers)
//! string to sign      SDK-HMAC-SHA256 \n DATE \n hex(sha256(canonical request))
//! signature           hex(hmac-sha256(secret key, string to sign))
//! ```
//!
//! The server builds the same text from what it received. [`sign_request`](super::sign_request) applies this to an HTTP
//! request; what is here is for other transports, and for who wants to see the steps.

mod canonical;
mod date;

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::AkSk;

pub use canonical::{canonical_path, canonical_query, canonical_request};
pub use date::{DateOutOfRange, SdkDate};

/// The algorithm's name, as it stands in the `Authorization` header and in the string to sign.
pub const ALGORITHM: &str = "SDK-HMAC-SHA256";

/// The value of `X-Sdk-Content-Sha256` that says that the body is not covered by the signature.
pub const UNSIGNED_PAYLOAD: &str = "UNSIGNED-PAYLOAD";

/// The block size of SHA-256 in bytes, which bounds a key of HMAC-SHA256 (RFC 2104, section 2).
const BLOCK_LENGTH: usize = 64;

/// What of a request is signed, besides the date.
///
/// Deliberately without a `Debug` that shows headers: one of them can be the security token.
#[derive(Clone)]
pub struct SigningRequest<'a> {
    /// The method; canonically in upper case.
    pub method: &'a str,
    /// The path as sent, which is to say percent-encoded; a trailing slash is neither needed nor sent.
    pub path: &'a str,
    /// The query as decoded pairs, in any order. It has to be sent as [`canonical_query`] gives it.
    pub query: &'a [(String, String)],
    /// The value of the `Host` header: the authority as sent, with its port if it has one.
    pub host: &'a str,
    /// The further headers to sign: name and value, in any order, each name once, without `Host` and `X-Sdk-Date`.
    pub headers: &'a [(&'a str, &'a str)],
    /// What stands for the body.
    pub body_hash: BodyHash,
}

impl fmt::Debug for SigningRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| *name).collect();
        f.debug_struct("SigningRequest")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("host", &self.host)
            .field("headers", &names)
            .finish_non_exhaustive()
    }
}

/// What stands for the body in the canonical request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyHash(String);

impl BodyHash {
    /// The SHA-256 of `body`; an absent body is an empty one.
    #[must_use]
    pub fn of(body: &[u8]) -> Self {
        Self(hex(&Sha256::digest(body)))
    }

    /// The value that the request itself declares in `X-Sdk-Content-Sha256`, [`UNSIGNED_PAYLOAD`] among others.
    #[must_use]
    pub fn declared(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The text that stands in the canonical request.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A signature, and what it covers. `Debug` does not show it: for a while, who has it can repeat the request.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Signature {
    /// The value of the `Authorization` header.
    pub authorization: String,
    /// The names of the signed headers: lower-case, sorted, separated by `;`.
    pub signed_headers: String,
    /// The signature alone, as 64 lower-case hexadecimal digits.
    pub signature: String,
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signature").field("signed_headers", &self.signed_headers).finish_non_exhaustive()
    }
}

/// Signs `request` as of `date`, which has to be sent as the header `X-Sdk-Date`.
///
/// Only the key pair of `key` is used: its security token, project and domain are signed if they are among the
/// request's headers.
#[must_use]
pub fn sign(key: &AkSk, request: &SigningRequest<'_>, date: &SdkDate) -> Signature {
    let signed_headers = canonical::signed_headers(request);
    // It has the security token in it.
    let canonical = Zeroizing::new(canonical_request(request, date));
    let to_sign = string_to_sign(&canonical, date);
    let signature = hex(&hmac_sha256(key.secret().as_bytes(), to_sign.as_bytes()));
    let authorization = format!(
        "{ALGORITHM} Access={}, SignedHeaders={signed_headers}, Signature={signature}",
        key.access_key()
    );
    Signature { authorization, signed_headers, signature }
}

/// The text that is signed: the algorithm, the date and the hash of the canonical request.
#[must_use]
pub fn string_to_sign(canonical_request: &str, date: &SdkDate) -> String {
    format!("{ALGORITHM}\n{date}\n{}", hex(&Sha256::digest(canonical_request.as_bytes())))
}

fn hmac_sha256(key: &[u8], text: &[u8]) -> [u8; 32] {
    // A key of exactly one block is the constructor that cannot fail; this is how RFC 2104 gets there from any key.
    let mut block = Zeroizing::new([0u8; BLOCK_LENGTH]);
    if key.len() > BLOCK_LENGTH {
        let digest = Zeroizing::new(<[u8; 32]>::from(Sha256::digest(key)));
        block.iter_mut().zip(digest.iter()).for_each(|(to, from)| *to = *from);
    } else {
        block.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
    }
    let mut mac = Hmac::<Sha256>::new((&*block).into());
    mac.update(text);
    mac.finalize().into_bytes().into()
}

fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0xf)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    // RFC 4231, test cases 1, 2 and 6: keys shorter and longer than a block.
    #[test]
    fn hmac_agrees_with_rfc_4231() {
        assert_eq!(
            hex(&hmac_sha256(&[0x0b; 20], b"Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        );
        assert_eq!(
            hex(&hmac_sha256(b"Jefe", b"what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        assert_eq!(
            hex(&hmac_sha256(&[0xaa; 131], b"Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        );
    }

    #[test]
    fn debug_shows_neither_headers_nor_signature() {
        let key = AkSk::new("AKFAKEEXAMPLE0000009", "fake-secret").unwrap();
        let request = SigningRequest {
            method: "GET",
            path: "/",
            query: &[],
            host: "localhost",
            headers: &[("X-Security-Token", "fake-token")],
            body_hash: BodyHash::of(b""),
        };
        let signature = sign(&key, &request, &SdkDate::from_unix_seconds(0).unwrap());
        assert!(signature.authorization.ends_with(&signature.signature));
        let shown = format!("{request:?} {signature:?}");
        assert!(!shown.contains("fake-token") && !shown.contains(&signature.signature), "{shown}");
        assert_eq!(signature.signed_headers, "host;x-sdk-date;x-security-token");
    }
}
