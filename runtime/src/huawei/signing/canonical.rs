//! The canonical form of a request: what both sides hash.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::{SdkDate, SigningRequest};

/// All but the unreserved characters of RFC 3986, section 2.3.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The same for a path whose segments stand between slashes.
const RESERVED_IN_PATH: &AsciiSet = &RESERVED.remove(b'/');

/// The canonical URI: `path` decoded once and encoded anew, so that it does not matter how much of it was encoded, with
/// a slash at its end. For signing only; the path is sent without the added slash.
///
/// Bytes that are not UTF-8 become U+FFFD, as in the vendor's SDK.
#[must_use]
pub fn canonical_path(path: &str) -> String {
    let decoded = percent_decode_str(path).decode_utf8_lossy();
    let mut canonical = utf8_percent_encode(&decoded, RESERVED_IN_PATH).to_string();
    if !canonical.ends_with('/') {
        canonical.push('/');
    }
    canonical
}

/// The canonical query of decoded pairs, which is also what is sent: sorted by name, then by value, both before they
/// are encoded, and each written `name=value` even if the value is empty.
#[must_use]
pub fn canonical_query<N: AsRef<str>, V: AsRef<str>>(pairs: &[(N, V)]) -> String {
    // The order of UTF-8 bytes is the order of code points.
    let mut sorted: Vec<(&str, &str)> =
        pairs.iter().map(|(name, value)| (name.as_ref(), value.as_ref())).collect();
    sorted.sort_unstable();
    let mut query = String::new();
    for (name, value) in sorted {
        if !query.is_empty() {
            query.push('&');
        }
        query.extend(utf8_percent_encode(name, RESERVED));
        query.push('=');
        query.extend(utf8_percent_encode(value, RESERVED));
    }
    query
}

/// The canonical request. It holds the values of all signed headers, the security token's among them: not for logs.
#[must_use]
pub fn canonical_request(request: &SigningRequest<'_>, date: &SdkDate) -> String {
    let mut text = format!(
        "{}\n{}\n{}\n",
        request.method.to_uppercase(),
        canonical_path(request.path),
        canonical_query(request.query)
    );
    for (name, value) in headers(request, date.as_str()) {
        text.extend([&name, ":", value.trim(), "\n"]);
    }
    text.extend(["\n", &signed_headers(request), "\n", request.body_hash.as_str()]);
    text
}

/// The names of the signed headers: lower-case, sorted, separated by `;`.
pub(super) fn signed_headers(request: &SigningRequest<'_>) -> String {
    let names: Vec<String> = headers(request, "").into_iter().map(|(name, _)| name).collect();
    names.join(";")
}

fn headers<'a>(request: &SigningRequest<'a>, date: &'a str) -> Vec<(String, &'a str)> {
    let own = [("host", request.host), ("x-sdk-date", date)];
    let mut headers: Vec<(String, &str)> = request
        .headers
        .iter()
        .copied()
        .chain(own)
        .map(|(name, value)| (name.to_ascii_lowercase(), value))
        .collect();
    headers.sort_unstable();
    headers
}

#[cfg(test)]
mod tests {
    use super::super::BodyHash;
    use super::*;

    #[test]
    fn a_path_is_the_same_however_it_was_encoded() {
        assert_eq!(canonical_path("/v1/a b/ü"), canonical_path("/v1/a%20b/%c3%bc/"));
        assert_eq!(canonical_path("/v1/%61%2Fb"), "/v1/a/b/");
        assert_eq!(canonical_path("/%2520"), "/%2520/");
        assert_eq!(canonical_path("/100%"), "/100%25/");
        assert_eq!(canonical_path(""), "/");
    }

    #[test]
    fn methods_names_and_values_are_normalised() {
        let request = SigningRequest {
            method: "get",
            path: "/v1",
            query: &[],
            host: "example.com",
            headers: &[("X-Project-Id", " \ta  b "), ("Content-Type", "text/plain")],
            body_hash: BodyHash::declared("HASH"),
        };
        assert_eq!(
            canonical_request(&request, &SdkDate::from_unix_seconds(0).unwrap()),
            "GET\n/v1/\n\ncontent-type:text/plain\nhost:example.com\nx-project-id:a  b\nx-sdk-date:19700101T000000Z\n\n\
             content-type;host;x-project-id;x-sdk-date\nHASH"
        );
    }

    #[test]
    fn a_query_is_sorted_before_it_is_encoded() {
        assert_eq!(canonical_query(&[("b", ""), ("a", ":"), ("a", "-")]), "a=-&a=%3A&b=");
        // In UTF-16 the first of these would be the greater one.
        assert_eq!(canonical_query(&[("\u{1f600}", ""), ("\u{ff5e}", "")]), "%EF%BD%9E=&%F0%9F%98%80=");
        assert_eq!(canonical_query::<&str, &str>(&[]), "");
    }
}
