//! Verification of request signatures (SDK-HMAC-SHA256).
//!
//! Written from the description of the scheme and on its own: it shares no code with any client, so that a client's
//! mistake is not made here as well.

use axum::http::header;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use thiserror::Error;
use time::{Duration, OffsetDateTime};

use crate::{
    canonical::{CONTENT_HASH_HEADER, UNSIGNED_PAYLOAD, WireRequest, canonical_request},
    clock::parse_basic,
};

/// The name of the scheme, and the first word of its `Authorization` header.
pub(crate) const ALGORITHM: &str = "SDK-HMAC-SHA256";

const DATE_HEADER: &str = "x-sdk-date";
const SECURITY_TOKEN_HEADER: &str = "x-security-token";
const GREATEST_SKEW: Duration = Duration::minutes(15);

/// What belongs to an access key.
#[derive(Clone, Copy)]
pub(crate) struct Key<'a> {
    pub(crate) secret_key: &'a str,
    /// What `X-Security-Token` has to be, for temporary keys.
    pub(crate) security_token: Option<&'a str>,
}

/// Why a signature is refused.
#[derive(Debug, Error, PartialEq, Eq)]
pub(crate) enum Refusal {
    #[error(
        "the Authorization header is not of the form `{ALGORITHM} Access=..., SignedHeaders=..., Signature=...`"
    )]
    Malformed,
    #[error("the signed headers are not lower-case, sorted names: {0}")]
    HeaderNames(String),
    #[error("the header {0} is not signed")]
    NotSigned(&'static str),
    #[error("the header {0} is signed but was not sent")]
    Missing(String),
    #[error("the access key {0} does not exist")]
    UnknownKey(String),
    #[error("X-Sdk-Date is not of the form YYYYMMDDTHHMMSSZ: {0}")]
    Date(String),
    #[error("the signature has expired: X-Sdk-Date is {0}, over 15 minutes from the time of the gateway")]
    Expired(String),
    #[error("the security token does not belong to the access key")]
    SecurityToken,
    #[error("X-Sdk-Content-Sha256 is not the hash of the body")]
    ContentHash,
    #[error("verify aksk signature fail")]
    Signature,
}

/// Checks the signature of `request` at the time `now`. `key_of` knows the keys by their access keys.
pub(crate) fn verify<'k>(
    request: &WireRequest<'_>,
    key_of: impl Fn(&str) -> Option<Key<'k>>,
    now: OffsetDateTime,
) -> Result<(), Refusal> {
    let authorization = text_of(request, header::AUTHORIZATION.as_str()).ok_or(Refusal::Malformed)?;
    let authorization = Authorization::parse(authorization)?;
    authorization.check_names(request)?;

    let date = text_of(request, DATE_HEADER).unwrap_or_default();
    let signed_at = parse_basic(date).ok_or_else(|| Refusal::Date(date.to_owned()))?;
    if (now - signed_at).abs() > GREATEST_SKEW {
        return Err(Refusal::Expired(date.to_owned()));
    }

    let key = key_of(authorization.access_key)
        .ok_or_else(|| Refusal::UnknownKey(authorization.access_key.to_owned()))?;
    if text_of(request, SECURITY_TOKEN_HEADER) != key.security_token {
        return Err(Refusal::SecurityToken);
    }

    let content_hash = content_hash(request)?;
    let canonical = canonical_request(request, &authorization.signed_headers, &content_hash);
    let string_to_sign = format!("{ALGORITHM}\n{date}\n{}", sha256_hex(&canonical));
    let mut mac =
        Hmac::<Sha256>::new_from_slice(key.secret_key.as_bytes()).map_err(|_| Refusal::Signature)?;
    mac.update(string_to_sign.as_bytes());
    // Takes the same time wherever the two differ.
    mac.verify_slice(&authorization.signature).map_err(|_| Refusal::Signature)
}

/// The parts of an `Authorization` header.
#[derive(Debug)]
struct Authorization<'a> {
    access_key: &'a str,
    signed_headers: Vec<&'a str>,
    signature: Vec<u8>,
}

impl<'a> Authorization<'a> {
    fn parse(text: &'a str) -> Result<Self, Refusal> {
        let parameters = text.strip_prefix(ALGORITHM).and_then(|rest| rest.strip_prefix(' '));
        let (mut access_key, mut signed_headers, mut signature) = (None, None, None);
        for parameter in parameters.ok_or(Refusal::Malformed)?.split(',') {
            let (name, value) = parameter.trim().split_once('=').ok_or(Refusal::Malformed)?;
            let slot = match name {
                "Access" => &mut access_key,
                "SignedHeaders" => &mut signed_headers,
                "Signature" => &mut signature,
                _ => return Err(Refusal::Malformed),
            };
            if slot.replace(value).is_some() {
                return Err(Refusal::Malformed);
            }
        }
        let (Some(access_key), Some(signed_headers), Some(signature)) =
            (access_key, signed_headers, signature)
        else {
            return Err(Refusal::Malformed);
        };
        let signature = from_hex(signature).ok_or(Refusal::Malformed)?;
        Ok(Self { access_key, signed_headers: signed_headers.split(';').collect(), signature })
    }

    /// What has to be signed is signed, and what is signed was sent.
    fn check_names(&self, request: &WireRequest<'_>) -> Result<(), Refusal> {
        let names = &self.signed_headers;
        if !names.is_sorted_by(|left, right| left < right)
            || names.iter().any(|name| name.contains(|letter: char| letter.is_ascii_uppercase()))
        {
            return Err(Refusal::HeaderNames(names.join(";")));
        }
        if let Some(name) = names.iter().find(|name| !request.headers.contains_key(**name)) {
            return Err(Refusal::Missing((*name).to_owned()));
        }
        for name in ["host", DATE_HEADER] {
            if !names.contains(&name) {
                return Err(Refusal::NotSigned(name));
            }
        }
        for name in [SECURITY_TOKEN_HEADER, CONTENT_HASH_HEADER] {
            if request.headers.contains_key(name) && !names.contains(&name) {
                return Err(Refusal::NotSigned(name));
            }
        }
        Ok(())
    }
}

/// The last line of the canonical request.
fn content_hash(request: &WireRequest<'_>) -> Result<String, Refusal> {
    let hash = sha256_hex(request.body);
    match text_of(request, CONTENT_HASH_HEADER) {
        None => Ok(hash),
        Some(UNSIGNED_PAYLOAD) => Ok(UNSIGNED_PAYLOAD.to_owned()),
        Some(declared) if declared == hash => Ok(hash),
        Some(_) => Err(Refusal::ContentHash),
    }
}

/// The value of a header that is there once and is text, without the white space around it.
fn text_of<'a>(request: &WireRequest<'a>, name: &str) -> Option<&'a str> {
    request.headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim)
}

fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads lower-case hexadecimal digits; `None` for anything else.
fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs.iter().map(|&[high, low]| Some(digit(high)? << 4 | digit(low)?)).collect()
}

#[cfg(test)]
mod tests;
