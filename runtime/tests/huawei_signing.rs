//! Signatures against requests that the vendor's own SDK signed: ours in `data/signing.json`, and a larger set that is
//! not part of this repository, where it is at hand.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a vector that cannot be read fails the test"
)]

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use clientsmith_runtime::huawei::signing::{self, BodyHash, SdkDate, SigningRequest};
use clientsmith_runtime::huawei::{AkSk, sign_request};
use http::Uri;
use http::request::Parts;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

/// The headers that [`sign_request`] signs; of a vector with others it cannot make the same signature.
const SIGNED: [&str; 7] = [
    "content-type",
    "host",
    "x-domain-id",
    "x-project-id",
    "x-sdk-content-sha256",
    "x-sdk-date",
    "x-security-token",
];

#[test]
fn our_vectors() {
    let vectors = read("tests/data/signing.json").expect("the vectors are part of this repository");
    assert!(vectors.len() >= 12);
    vectors.iter().for_each(Vector::check_algorithm);
    let signed = vectors.iter().filter(|vector| vector.check_request()).count();
    assert_eq!(signed, vectors.len(), "every one of our vectors is a request that can be sent");
}

#[test]
fn shared_vectors() {
    let Some(vectors) = read("../../shared/signing/vectors.json") else {
        println!("SKIPPED: ../shared/signing/vectors.json is absent");
        return;
    };
    vectors.iter().for_each(Vector::check_algorithm);
    let signed = vectors.iter().filter(|vector| vector.check_request()).count();
    println!("{} vectors, {signed} of them as requests", vectors.len());
    assert!(signed * 5 > vectors.len() * 4, "only {signed} of {} can be sent as requests", vectors.len());
}

/// A request, and what the vendor's SDK made of it.
struct Vector {
    name: String,
    key: AkSk,
    security_token: Option<String>,
    project_id: Option<String>,
    domain_id: Option<String>,
    method: String,
    scheme: String,
    host: String,
    path: String,
    query: Vec<(String, String)>,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
    date: String,
    canonical_request: String,
    string_to_sign: String,
    signed_headers: String,
    authorization: String,
    wire_uri: String,
    wire_headers: BTreeMap<String, String>,
}

impl Vector {
    fn read(value: &Value) -> Self {
        let optional = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let text = |name: &str| optional(name).expect(name);
        let (security_token, project_id, domain_id) =
            (optional("security_token"), optional("project_id"), optional("domain_id"));
        let mut key = AkSk::new(text("ak"), text("sk")).unwrap();
        if let Some(token) = &security_token {
            key = key.security_token(token).unwrap();
        }
        if let Some(id) = &project_id {
            key = key.project_id(id).unwrap();
        }
        if let Some(id) = &domain_id {
            key = key.domain_id(id).unwrap();
        }
        Self {
            name: text("name"),
            key,
            security_token,
            project_id,
            domain_id,
            method: text("method"),
            scheme: text("scheme"),
            host: text("host"),
            path: text("path"),
            query: pairs(value.get("query").unwrap()),
            headers: lower_case(value.get("headers").unwrap()),
            body: base64(optional("body_b64").unwrap_or_default().as_str()),
            date: text("date"),
            canonical_request: text("canonical_request"),
            string_to_sign: text("string_to_sign"),
            signed_headers: text("signed_headers"),
            authorization: text("authorization"),
            wire_uri: text("wire_uri"),
            wire_headers: lower_case(value.get("wire_headers").unwrap()),
        }
    }

    /// Every step of the algorithm gives the vector's text.
    fn check_algorithm(&self) {
        let name = &self.name;
        let declared = self.wire_headers.get("x-sdk-content-sha256");
        let mut headers = self.headers.clone();
        let host = headers.remove("host").unwrap_or_else(|| self.host.clone());
        headers.remove("x-sdk-date");
        for (header, value) in [
            ("x-security-token", self.security_token.as_ref()),
            ("x-project-id", self.project_id.as_ref()),
            ("x-domain-id", self.domain_id.as_ref()),
            ("x-sdk-content-sha256", declared),
        ] {
            if let Some(value) = value {
                headers.insert(header.to_owned(), value.clone());
            }
        }
        let headers: Vec<(&str, &str)> =
            headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let request = SigningRequest {
            method: &self.method,
            path: &self.path,
            query: &self.query,
            host: &host,
            headers: &headers,
            body_hash: declared.map_or_else(|| BodyHash::of(&self.body), BodyHash::declared),
        };
        let date = SdkDate::new(self.now()).unwrap();
        assert_eq!(date.as_str(), self.date, "{name}");
        let canonical_request = signing::canonical_request(&request, &date);
        assert_eq!(canonical_request, self.canonical_request, "{name}");
        assert_eq!(signing::string_to_sign(&canonical_request, &date), self.string_to_sign, "{name}");
        let signature = signing::sign(&self.key, &request, &date);
        assert_eq!(signature.signed_headers, self.signed_headers, "{name}");
        assert_eq!(signature.authorization, self.authorization, "{name}");
        assert!(self.authorization.ends_with(&format!("Signature={}", signature.signature)), "{name}");
        let query = signing::canonical_query(&self.query);
        let separator = if query.is_empty() { "" } else { "?" };
        assert_eq!(format!("{}{separator}{query}", self.path), self.wire_uri, "{name}");
    }

    /// The request, signed as it would be sent, is what the SDK sent; false if it is none that we can send and sign.
    fn check_request(&self) -> bool {
        let Some(mut parts) = self.unsigned_request() else {
            return false;
        };
        let name = &self.name;
        sign_request(&self.key, &mut parts, &self.body, self.now()).expect(name);
        assert_eq!(
            parts.uri.to_string(),
            format!("{}://{}{}", self.scheme, self.host, self.wire_uri),
            "{name}"
        );
        let sent: BTreeMap<String, String> = parts
            .headers
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), value.to_str().unwrap().to_owned()))
            .collect();
        assert_eq!(sent, self.wire_headers, "{name}");
        true
    }

    fn unsigned_request(&self) -> Option<Parts> {
        if !self.headers.keys().all(|name| SIGNED.contains(&name.as_str())) {
            return None;
        }
        let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let query: Vec<String> =
            self.query.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        let uri = format!("{}://{}{}?{}", self.scheme, self.host, self.path, query.join("&"));
        let uri: Uri = uri.parse().ok().filter(|uri: &Uri| uri.path() == self.path)?;
        let mut request = http::Request::builder().method(self.method.as_str()).uri(uri);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        Some(request.body(()).unwrap().into_parts().0)
    }

    /// The moment of the vector's date, found without the code that is tested: by counting days.
    fn now(&self) -> SystemTime {
        let number = |range| self.date.get::<std::ops::Range<usize>>(range).unwrap().parse::<u64>().unwrap();
        let leap =
            |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let (year, month, day) = (number(0..4), number(4..6), number(6..8));
        let february = 28 + u64::from(leap(year));
        let months = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        let days = (1970..year).map(|year| 365 + u64::from(leap(year))).sum::<u64>()
            + (1..month).zip(months).map(|(_, length)| length).sum::<u64>()
            + (day - 1);
        let seconds = number(9..11) * 3600 + number(11..13) * 60 + number(13..15);
        UNIX_EPOCH + Duration::from_secs(days * 86_400 + seconds)
    }
}

/// The vectors of a file, named from the package's folder; `None` if there is no such file.
fn read(path: &str) -> Option<Vec<Vector>> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).ok()?;
    let file: Value = serde_json::from_str(&text).unwrap();
    Some(file.get("vectors").unwrap().as_array().unwrap().iter().map(Vector::read).collect())
}

/// Query pairs; where a value is a list, a pair for each of its items.
fn pairs(query: &Value) -> Vec<(String, String)> {
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut pairs = Vec::new();
    for pair in query.as_array().unwrap() {
        let [name, value] = pair.as_array().unwrap().as_slice() else { panic!("not a pair: {pair}") };
        match value {
            Value::Array(items) => pairs.extend(items.iter().map(|item| (plain(name), plain(item)))),
            value => pairs.push((plain(name), plain(value))),
        }
    }
    pairs
}

fn lower_case(headers: &Value) -> BTreeMap<String, String> {
    let headers = headers.as_object().unwrap().iter();
    headers.map(|(name, value)| (name.to_ascii_lowercase(), value.as_str().unwrap().to_owned())).collect()
}

/// Standard base64 (RFC 4648, section 4), decoded.
fn base64(text: &str) -> Vec<u8> {
    const DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut pending, mut bits) = (Vec::new(), 0u32, 0);
    for digit in text.chars().filter(|c| *c != '=') {
        pending = pending << 6 | u32::try_from(DIGITS.find(digit).unwrap()).unwrap();
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(pending >> bits & 0xff).unwrap());
        }
    }
    bytes
}
