//! Signing an HTTP request as it is about to be sent.

use std::time::SystemTime;

use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue};
use http::uri::{PathAndQuery, Scheme, Uri};
use percent_encoding::percent_decode_str;

use super::AkSk;
use super::signing::{self, BodyHash, DateOutOfRange, SdkDate, SigningRequest, UNSIGNED_PAYLOAD};
use crate::client::is_loopback;

const X_SDK_DATE: HeaderName = HeaderName::from_static("x-sdk-date");
const X_SDK_CONTENT_SHA256: HeaderName = HeaderName::from_static("x-sdk-content-sha256");
const X_SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-security-token");
const X_PROJECT_ID: HeaderName = HeaderName::from_static("x-project-id");
const X_DOMAIN_ID: HeaderName = HeaderName::from_static("x-domain-id");

/// What is signed besides `Host` and `X-Sdk-Date`, where present. `User-Agent` is not: proxies rewrite it.
static SIGNED: [HeaderName; 5] =
    [CONTENT_TYPE, X_PROJECT_ID, X_DOMAIN_ID, X_SECURITY_TOKEN, X_SDK_CONTENT_SHA256];

/// Signs `request`, whose body is `body`, with `key`, as of `now`.
///
/// The request is taken as it will be sent: an absolute URI, percent-encoded. It is changed as follows.
///
/// - The query becomes the canonical query: sorted, and `name=value` throughout. A `+` in it is a plus sign (RFC 3986),
///   not a space, and becomes `%2B`.
/// - `Host` becomes the URI's authority, verbatim and with its port; a `Host` that is there already is kept and signed.
/// - `X-Security-Token` is set for temporary keys, `X-Project-Id` and `X-Domain-Id` if `key` has them and the request
///   does not.
/// - `X-Sdk-Content-Sha256: UNSIGNED-PAYLOAD` is set if there is a body whose `Content-Type` begins with neither
///   `application/json` nor `application/bson`: the signature then does not cover the body.
/// - `X-Sdk-Date` and `Authorization` are set, in place of those of an earlier attempt.
///
/// Call it anew for every attempt. Secrets are marked as sensitive, so that `Debug` of the headers hides them.
///
/// # Errors
///
/// [`SigningError`] if the request cannot be signed, or must not be sent; it is then as it was.
pub fn sign_request(
    key: &AkSk,
    request: &mut http::request::Parts,
    body: &[u8],
    now: SystemTime,
) -> Result<(), SigningError> {
    sign(key, request, Some(body), now)
}

/// As [`sign_request`], for a body that is not there to be hashed: a stream or a file. It is declared `UNSIGNED-PAYLOAD`
/// whatever its `Content-Type`, and the signature does not cover it.
///
/// # Errors
///
/// As for [`sign_request`].
pub fn sign_streamed_request(
    key: &AkSk,
    request: &mut http::request::Parts,
    now: SystemTime,
) -> Result<(), SigningError> {
    sign(key, request, None, now)
}

fn sign(
    key: &AkSk,
    request: &mut http::request::Parts,
    body: Option<&[u8]>,
    now: SystemTime,
) -> Result<(), SigningError> {
    let host = sendable_host(&request.uri)?;
    let date = SdkDate::new(now)?;
    let query = decoded_query(request.uri.query().unwrap_or_default())?;
    let uri = with_query(&request.uri, &signing::canonical_query(&query))?;

    // Changed in a copy, so that the request stays as it was if an error follows.
    let mut headers = request.headers.clone();
    headers.entry(HOST).or_insert(header_value(&HOST, host)?);
    headers.insert(X_SDK_DATE, header_value(&X_SDK_DATE, date.as_str())?);
    if let Some(token) = key.token() {
        headers.insert(X_SECURITY_TOKEN, header_value(&X_SECURITY_TOKEN, token)?);
    }
    if let Some(token) = headers.get_mut(X_SECURITY_TOKEN) {
        token.set_sensitive(true);
    }
    for (name, id) in [(X_PROJECT_ID, key.project()), (X_DOMAIN_ID, key.domain())] {
        if let Some(id) = id {
            let value = header_value(&name, id)?;
            headers.entry(name).or_insert(value);
        }
    }
    let body_hash = declare_body(&mut headers, body)?;

    let mut signed = Vec::with_capacity(SIGNED.len());
    for name in &SIGNED {
        if let Some(value) = text(&headers, name)? {
            signed.push((name.as_str(), value));
        }
    }
    let signature = signing::sign(
        key,
        &SigningRequest {
            method: request.method.as_str(),
            path: uri.path(),
            query: &query,
            host: text(&headers, &HOST)?.unwrap_or(host),
            headers: &signed,
            body_hash,
        },
        &date,
    );
    let mut authorization = header_value(&AUTHORIZATION, &signature.authorization)?;
    authorization.set_sensitive(true);
    headers.insert(AUTHORIZATION, authorization);

    request.uri = uri;
    request.headers = headers;
    Ok(())
}

/// The authority to send to, if the URI is one that a signed request may be sent to.
fn sendable_host(uri: &Uri) -> Result<&str, SigningError> {
    let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
        return Err(SigningError::RelativeUri);
    };
    if authority.as_str().contains('@') {
        return Err(SigningError::UserInformation);
    }
    if *scheme != Scheme::HTTPS && !is_loopback(authority.host()) {
        return Err(SigningError::PlainHttp { host: authority.host().to_owned() });
    }
    let is_dots = |segment| {
        let segment: Vec<u8> = percent_decode_str(segment).collect();
        segment == b"." || segment == b".."
    };
    if uri.path().split('/').any(is_dots) {
        return Err(SigningError::DotSegment);
    }
    Ok(authority.as_str())
}

/// The decoded pairs of a query. Between two `&` there may be nothing; without a `=`, the value is empty.
fn decoded_query(query: &str) -> Result<Vec<(String, String)>, SigningError> {
    let decoded = |text| match percent_decode_str(text).decode_utf8() {
        Ok(text) => Ok(text.into_owned()),
        Err(_) => Err(SigningError::QueryNotUtf8),
    };
    let mut pairs = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        pairs.push((decoded(name)?, decoded(value)?));
    }
    Ok(pairs)
}

fn with_query(uri: &Uri, query: &str) -> Result<Uri, SigningError> {
    let path_and_query =
        if query.is_empty() { uri.path().to_owned() } else { format!("{}?{query}", uri.path()) };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(path_and_query).map_err(http::Error::from)?);
    Ok(Uri::from_parts(parts).map_err(http::Error::from)?)
}

/// What stands for the body, declared in the headers if it is not the body's hash.
fn declare_body(headers: &mut HeaderMap, body: Option<&[u8]>) -> Result<BodyHash, SigningError> {
    let Some(body) = body else {
        headers.insert(X_SDK_CONTENT_SHA256, HeaderValue::from_static(UNSIGNED_PAYLOAD));
        return Ok(BodyHash::declared(UNSIGNED_PAYLOAD));
    };
    if body.is_empty() {
        return Ok(BodyHash::of(body));
    }
    let content_type = text(headers, &CONTENT_TYPE)?.unwrap_or_default();
    let hashed = ["application/json", "application/bson"];
    if !content_type.is_empty() && !hashed.iter().any(|prefix| content_type.starts_with(prefix)) {
        headers.insert(X_SDK_CONTENT_SHA256, HeaderValue::from_static(UNSIGNED_PAYLOAD));
    }
    Ok(match text(headers, &X_SDK_CONTENT_SHA256)? {
        Some(declared) => BodyHash::declared(declared),
        None => BodyHash::of(body),
    })
}

/// The value of a header that there is at most once, without the white space around it, which is not signed.
fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, SigningError> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return Err(SigningError::RepeatedHeader { name: name.clone() });
    }
    match str::from_utf8(value.as_bytes()) {
        Ok(value) => Ok(Some(value.trim())),
        Err(_) => Err(SigningError::InvalidHeader { name: name.clone() }),
    }
}

fn header_value(name: &HeaderName, value: &str) -> Result<HeaderValue, SigningError> {
    HeaderValue::from_str(value).map_err(|_| SigningError::InvalidHeader { name: name.clone() })
}

/// Why a request was not signed. Never holds a secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SigningError {
    /// The URI has no scheme or no authority.
    #[error("the request's URI is not absolute")]
    RelativeUri,
    /// The URI has a user name or password, which would be sent besides the signature.
    #[error("the request's URI has a user name in it")]
    UserInformation,
    /// The request would go in plain text over a network, where its signature and security token can be read.
    #[error("a signed request is sent by https only, except to this machine: not to {host}")]
    PlainHttp {
        /// The host of the URI.
        host: String,
    },
    /// The path has a segment `.` or `..`, plain or encoded: it is removed on the way, and the signature with it is void.
    #[error("the request's path has a segment `.` or `..`")]
    DotSegment,
    /// The query is not UTF-8 when decoded.
    #[error("the request's query is not UTF-8 when decoded")]
    QueryNotUtf8,
    /// A header that is signed is there more than once.
    #[error("the header {name} is there more than once")]
    RepeatedHeader {
        /// The header's name.
        name: HeaderName,
    },
    /// A header that is signed cannot have the value that it has, or should get.
    #[error("the header {name} has a value that cannot be signed or sent")]
    InvalidHeader {
        /// The header's name.
        name: HeaderName,
    },
    /// The time given is out of range.
    #[error(transparent)]
    Date(#[from] DateOutOfRange),
    /// The URI is not valid with the canonical query: too long, for example.
    #[error("the request's URI is not valid with its query in canonical form")]
    Uri(#[from] http::Error),
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use http::request::Parts;

    use super::*;

    const AK: &str = "AKFAKEEXAMPLE0000009";
    const TOKEN: &str = "fake-token-for-tests-only";

    fn key() -> AkSk {
        AkSk::new(AK, "fake-secret-for-tests-only").unwrap()
    }

    fn request(uri: &str, headers: &[(&str, &str)]) -> Parts {
        let mut builder = http::Request::post(uri);
        for (name, value) in headers {
            builder = builder.header(*name, *value);
        }
        builder.body(()).unwrap().into_parts().0
    }

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    fn header<'a>(parts: &'a Parts, name: &str) -> &'a str {
        parts.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    #[test]
    fn a_later_attempt_has_another_date_and_another_signature_and_nothing_twice() {
        let mut parts = request("https://example.com/v1?b=2&a=1", &[("content-type", "text/plain")]);
        let key = key().security_token(TOKEN).unwrap().project_id("p-1").unwrap();
        sign_request(&key, &mut parts, b"body", at(1_800_000_000)).unwrap();
        let first = parts.clone();
        sign_request(&key, &mut parts, b"body", at(1_800_000_060)).unwrap();
        assert_eq!(header(&first, "x-sdk-date"), "20270115T080000Z");
        assert_eq!(header(&parts, "x-sdk-date"), "20270115T080100Z");
        assert_ne!(header(&first, "authorization"), header(&parts, "authorization"));
        assert_eq!(first.uri, parts.uri);
        assert_eq!(first.headers.len(), parts.headers.len());
        assert_eq!(parts.headers.len(), parts.headers.keys_len());

        let mut fresh = request("https://example.com/v1?b=2&a=1", &[("content-type", "text/plain")]);
        sign_request(&key, &mut fresh, b"body", at(1_800_000_060)).unwrap();
        assert_eq!(fresh.headers, parts.headers);
    }

    #[test]
    fn the_query_is_sent_in_canonical_form() {
        for (sent, expected) in [
            ("https://example.com/a?z&b=%7e%2b&&b=", "https://example.com/a?b=&b=~%2B&z="),
            ("https://example.com/a?q=1+2%203", "https://example.com/a?q=1%2B2%203"),
            ("https://example.com/a?", "https://example.com/a"),
            ("https://EXAMPLE.com:8443", "https://example.com:8443/"),
        ] {
            let mut parts = request(sent, &[]);
            sign_request(&key(), &mut parts, b"", at(0)).unwrap();
            assert_eq!(parts.uri.to_string().to_lowercase(), expected.to_lowercase());
        }
    }

    #[test]
    fn secrets_are_hidden_in_the_debug_of_the_headers() {
        let mut parts = request("https://example.com/", &[]);
        sign_request(&key().security_token(TOKEN).unwrap(), &mut parts, b"", at(0)).unwrap();
        assert_eq!(header(&parts, "x-security-token"), TOKEN);
        let shown = format!("{parts:?}");
        assert!(!shown.contains(TOKEN) && !shown.contains("Signature="), "{shown}");
    }

    #[test]
    fn what_the_request_has_already_is_kept_and_signed() {
        let mut parts = request("https://example.com/", &[("X-Project-Id", "theirs"), ("Host", "gateway:1")]);
        let key = key().project_id("ours").unwrap().domain_id("d-1").unwrap();
        sign_request(&key, &mut parts, b"", at(0)).unwrap();
        assert_eq!((header(&parts, "x-project-id"), header(&parts, "host")), ("theirs", "gateway:1"));
        assert_eq!(header(&parts, "x-domain-id"), "d-1");
        assert!(
            header(&parts, "authorization")
                .contains("SignedHeaders=host;x-domain-id;x-project-id;x-sdk-date,")
        );
    }

    #[test]
    fn a_user_agent_is_not_signed() {
        let mut with = request("https://example.com/", &[("user-agent", "x/1")]);
        let mut without = request("https://example.com/", &[]);
        sign_request(&key(), &mut with, b"", at(0)).unwrap();
        sign_request(&key(), &mut without, b"", at(0)).unwrap();
        assert_eq!(header(&with, "authorization"), header(&without, "authorization"));
    }

    #[test]
    fn only_a_body_of_another_type_is_left_unsigned() {
        for (content_type, body, declared) in [
            ("application/json;charset=UTF-8", "{}", ""),
            ("application/bson", "{}", ""),
            ("", "{}", ""),
            ("text/plain", "", ""),
            ("text/plain", "x", UNSIGNED_PAYLOAD),
            ("application/merge-patch+json", "{}", UNSIGNED_PAYLOAD),
        ] {
            let mut parts = request("https://example.com/", &[("content-type", content_type)]);
            sign_request(&key(), &mut parts, body.as_bytes(), at(0)).unwrap();
            assert_eq!(header(&parts, "x-sdk-content-sha256"), declared, "{content_type} {body}");
        }
    }

    #[test]
    fn what_cannot_or_must_not_be_sent_is_refused_and_left_as_it_was() {
        let refused = |uri: &str, headers: &[(&str, &str)]| {
            let mut parts = request(uri, headers);
            let before = parts.clone();
            let error = sign_request(&key(), &mut parts, b"x", at(0)).unwrap_err();
            assert_eq!((&parts.uri, &parts.headers), (&before.uri, &before.headers));
            error
        };
        use SigningError as E;
        assert!(matches!(refused("/v1", &[]), E::RelativeUri));
        assert!(matches!(refused("https://me:pw@example.com/", &[]), E::UserInformation));
        assert!(
            matches!(refused("http://example.com/", &[]), E::PlainHttp { host } if host == "example.com")
        );
        assert!(matches!(refused("http://127.0.0.1.example.com/", &[]), E::PlainHttp { .. }));
        assert!(matches!(refused("https://example.com/a/%2E./b", &[]), E::DotSegment));
        assert!(matches!(refused("https://example.com/a?b=%ff", &[]), E::QueryNotUtf8));
        let twice = [("content-type", "text/plain"), ("content-type", "text/html")];
        assert!(
            matches!(refused("https://example.com/", &twice), E::RepeatedHeader { name } if name == "content-type")
        );
        let mut parts = request("https://example.com/", &[]);
        let before_the_epoch = UNIX_EPOCH - Duration::from_secs(1);
        assert!(matches!(sign_request(&key(), &mut parts, b"", before_the_epoch), Err(E::Date(_))));
        assert!(parts.headers.is_empty());
    }

    #[test]
    fn plain_http_is_for_this_machine() {
        for uri in ["http://127.0.0.1:80/", "http://[::1]:9443/", "http://localhost/", "http://LOCALHOST:1/"]
        {
            let mut parts = request(uri, &[]);
            sign_request(&key(), &mut parts, b"", at(0)).unwrap();
            assert_eq!(format!("http://{}/", header(&parts, "host")), uri);
        }
    }
}
