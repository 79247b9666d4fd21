//! The canonical request of SDK-HMAC-SHA256: the text whose hash is signed.

use axum::http::HeaderMap;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};

/// The header that says how the body enters the canonical request.
pub(crate) const CONTENT_HASH_HEADER: &str = "x-sdk-content-sha256";

/// The value of [`CONTENT_HASH_HEADER`] that leaves the body out of the signature.
pub(crate) const UNSIGNED_PAYLOAD: &str = "UNSIGNED-PAYLOAD";

/// All but the unreserved characters of RFC 3986, section 2.3.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A request as it came over the wire, as far as a signature covers it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WireRequest<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) query: Option<&'a str>,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
}

/// Writes the canonical request. `signed_headers` are lower-case names in the order in which the signature lists them, and
/// `content_hash` is the hash of the body or what stands in for it.
pub(crate) fn canonical_request(
    request: &WireRequest<'_>,
    signed_headers: &[&str],
    content_hash: &str,
) -> Vec<u8> {
    let mut text = Vec::new();
    for line in
        [request.method, &canonical_path(request.path), &canonical_query(request.query.unwrap_or_default())]
    {
        text.extend_from_slice(line.as_bytes());
        text.push(b'\n');
    }
    for name in signed_headers {
        text.extend_from_slice(name.as_bytes());
        text.push(b':');
        let values = request.headers.get_all(*name).iter().map(|value| value.as_bytes().trim_ascii());
        text.extend_from_slice(&values.collect::<Vec<_>>().join(&b','));
        text.push(b'\n');
    }
    text.push(b'\n');
    text.extend_from_slice(signed_headers.join(";").as_bytes());
    text.push(b'\n');
    text.extend_from_slice(content_hash.as_bytes());
    text
}

/// The path, decoded once, encoded segment by segment, and with a slash at its end.
fn canonical_path(path: &str) -> String {
    let decoded = percent_decode_str(path).collect::<Vec<u8>>();
    let segments = decoded.split(|byte| *byte == b'/').map(encode).collect::<Vec<_>>();
    let mut canonical = segments.join("/");
    if !canonical.ends_with('/') {
        canonical.push('/');
    }
    canonical
}

/// The query's pairs, sorted by their decoded keys and values, each with an equals sign.
fn canonical_query(query: &str) -> String {
    let mut pairs = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(key, value)| (decode(key), decode(value)))
        .collect::<Vec<_>>();
    pairs.sort();
    let encoded = pairs.iter().map(|(key, value)| format!("{}={}", encode(key), encode(value)));
    encoded.collect::<Vec<_>>().join("&")
}

fn decode(text: &str) -> Vec<u8> {
    percent_decode_str(text).collect()
}

fn encode(bytes: &[u8]) -> String {
    percent_encode(bytes, RESERVED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_decoded_once_and_gets_a_slash() {
        assert_eq!(canonical_path("/v1/a%2520b"), "/v1/a%2520b/");
        assert_eq!(canonical_path("/v1/%e4%bd%a0"), "/v1/%E4%BD%A0/");
        assert_eq!(canonical_path("/v1/a%2Fb/"), "/v1/a/b/");
        assert_eq!(canonical_path("/"), "/");
        assert_eq!(canonical_path("/v1//x"), "/v1//x/");
    }

    #[test]
    fn a_query_is_sorted_before_it_is_encoded() {
        assert_eq!(canonical_query("k=%3A&k=-&B=&a"), "B=&a=&k=-&k=%3A");
        assert_eq!(canonical_query("q=a+b"), "q=a%2Bb");
        assert_eq!(canonical_query("q=a=b"), "q=a%3Db");
        assert_eq!(canonical_query(""), "");
    }
}
