//! Signatures that other implementations made are accepted, and every change to what they cover is refused.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

use super::*;

/// Made by `tests/signing/make_vectors.py`, which shares no code with this crate.
const OWN_VECTORS: &str = include_str!("../../tests/signing/vectors.json");

/// A signed request that owns its parts.
#[derive(Clone)]
struct Vector {
    name: String,
    method: String,
    target: String,
    headers: HeaderMap,
    body: Vec<u8>,
    access_key: String,
    secret_key: String,
    security_token: Option<String>,
    canonical_request: String,
}

impl Vector {
    fn wire(&self) -> WireRequest<'_> {
        let (path, query) = match self.target.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (self.target.as_str(), None),
        };
        WireRequest { method: &self.method, path, query, headers: &self.headers, body: &self.body }
    }

    fn signed_at(&self) -> OffsetDateTime {
        parse_basic(self.headers[DATE_HEADER].to_str().unwrap()).unwrap()
    }

    fn verify_at(&self, now: OffsetDateTime) -> Result<(), Refusal> {
        let key = Key { secret_key: &self.secret_key, security_token: self.security_token.as_deref() };
        verify(&self.wire(), |access_key| (access_key == self.access_key).then_some(key), now)
    }

    fn verify(&self) -> Result<(), Refusal> {
        self.verify_at(self.signed_at())
    }

    fn set(&mut self, name: &'static str, value: &str) {
        self.headers.insert(name, HeaderValue::from_str(value).unwrap());
    }

    fn check_canonical_request(&self) {
        let authorization = Authorization::parse(self.headers["authorization"].to_str().unwrap()).unwrap();
        let hash = content_hash(&self.wire()).unwrap();
        let canonical = canonical_request(&self.wire(), &authorization.signed_headers, &hash);
        assert_eq!(String::from_utf8(canonical).unwrap(), self.canonical_request, "{}", self.name);
    }
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap().to_owned()
}

fn headers(value: &Value) -> HeaderMap {
    let header = |(name, value): (&String, &Value)| {
        let value = HeaderValue::from_bytes(value.as_str().unwrap().as_bytes()).unwrap();
        (name.parse::<HeaderName>().unwrap(), value)
    };
    value.as_object().unwrap().iter().map(header).collect()
}

fn own_vectors() -> Vec<Vector> {
    let document = serde_json::from_str::<Value>(OWN_VECTORS).unwrap();
    let vector = |value: &Value| {
        let mut headers = headers(&value["headers"]);
        headers.insert("authorization", text(value, "authorization").parse().unwrap());
        Vector {
            name: text(value, "name"),
            method: text(value, "method"),
            target: text(value, "target"),
            security_token: headers
                .get(SECURITY_TOKEN_HEADER)
                .map(|token| token.to_str().unwrap().to_owned()),
            headers,
            body: text(value, "body").into_bytes(),
            access_key: text(&document, "access_key"),
            secret_key: text(&document, "secret_key"),
            canonical_request: text(value, "canonical_request"),
        }
    };
    document["vectors"].as_array().unwrap().iter().map(vector).collect()
}

fn own_vector(name: &str) -> Vector {
    own_vectors().into_iter().find(|vector| vector.name == name).unwrap()
}

#[test]
fn signatures_made_in_python_are_accepted() {
    let vectors = own_vectors();
    assert_eq!(vectors.len(), 4);
    for vector in vectors {
        vector.check_canonical_request();
        assert_eq!(vector.verify(), Ok(()), "{}", vector.name);
    }
}

#[test]
fn signatures_of_the_vendors_sdk_are_accepted() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/signing/vectors.json");
    let Ok(document) = std::fs::read_to_string(path) else {
        println!("skipped: {path} is not there");
        return;
    };
    let document = serde_json::from_str::<Value>(&document).unwrap();
    let values = document["vectors"].as_array().unwrap();
    assert!(!values.is_empty());
    for value in values {
        let vector = Vector {
            name: text(value, "name"),
            method: text(value, "method"),
            target: text(value, "wire_uri"),
            headers: headers(&value["wire_headers"]),
            body: value["body_b64"].as_str().map(from_base64).unwrap_or_default(),
            access_key: text(value, "ak"),
            secret_key: text(value, "sk"),
            security_token: value["security_token"].as_str().map(str::to_owned),
            canonical_request: text(value, "canonical_request"),
        };
        vector.check_canonical_request();
        assert_eq!(vector.verify(), Ok(()), "{}", vector.name);
    }
}

#[test]
fn every_change_to_what_is_signed_is_noticed() {
    type Change = fn(&mut Vector);
    let original = own_vector("json-body-with-security-token");
    let changes: [(&str, Change); 7] = [
        ("method", |vector| vector.method = "GET".to_owned()),
        ("path", |vector| vector.target = vector.target.replace("/v1/", "/v2/")),
        ("query", |vector| vector.target.push_str("?page=1")),
        ("header", |vector| vector.set("content-type", "application/json")),
        ("host", |vector| vector.set("host", "modelarts.example.com")),
        ("body", |vector| vector.body.push(b' ')),
        ("secret key", |vector| vector.secret_key.push('x')),
    ];
    for (what, change) in changes {
        let mut changed = original.clone();
        change(&mut changed);
        assert_eq!(changed.verify(), Err(Refusal::Signature), "{what}");
    }
}

#[test]
fn the_order_of_the_query_and_an_unsigned_header_do_not_matter() {
    let mut vector = own_vector("query-in-any-order-and-encoding");
    vector.target =
        "/v1/p/training-jobs?per_page&order=desc&search_content=%E6%9C%BA%20a+b%7E&sortBy=job_name&status=7"
            .to_owned();
    vector.set("user-agent", "test");
    assert_eq!(vector.verify(), Ok(()));
}

#[test]
fn a_body_left_out_of_the_signature_may_change() {
    let mut vector = own_vector("body-left-out-of-the-signature");
    vector.body = b"other bytes".to_vec();
    assert_eq!(vector.verify(), Ok(()));
    vector.set(CONTENT_HASH_HEADER, &sha256_hex(b"third"));
    assert_eq!(vector.verify(), Err(Refusal::ContentHash));
}

#[test]
fn a_date_may_be_15_minutes_off() {
    let vector = own_vector("delete-on-loopback");
    for sign in [1, -1] {
        assert_eq!(vector.verify_at(vector.signed_at() + sign * Duration::minutes(15)), Ok(()));
        let late = vector.signed_at() + sign * Duration::seconds(15 * 60 + 1);
        assert!(matches!(vector.verify_at(late), Err(Refusal::Expired(_))));
    }
}

#[test]
fn an_access_key_and_its_security_token_are_checked() {
    let mut vector = own_vector("json-body-with-security-token");
    vector.security_token = Some("another".to_owned());
    assert_eq!(vector.verify(), Err(Refusal::SecurityToken));
    vector.security_token = None;
    assert_eq!(vector.verify(), Err(Refusal::SecurityToken));
    vector.access_key.push('x');
    assert!(matches!(vector.verify(), Err(Refusal::UnknownKey(_))));
}

#[test]
fn the_authorization_header_has_one_form() {
    let vector = own_vector("delete-on-loopback");
    let good = vector.headers["authorization"].to_str().unwrap().to_owned();
    let refusal = |authorization: &str| {
        let mut changed = vector.clone();
        changed.set("authorization", authorization);
        changed.verify().unwrap_err()
    };
    assert_eq!(refusal("Bearer x"), Refusal::Malformed);
    assert_eq!(refusal("SDK-HMAC-SHA256 "), Refusal::Malformed);
    assert_eq!(refusal(&good.replace("Access=", "Credential=")), Refusal::Malformed);
    assert_eq!(refusal(&format!("{good}, Access=x")), Refusal::Malformed);
    assert_eq!(refusal(&good.to_uppercase()), Refusal::Malformed);
    assert_eq!(refusal(&format!("{good}0")), Refusal::Malformed);
    assert_eq!(refusal(&format!("{good}00")), Refusal::Signature);
    assert_eq!(refusal(&good.replace("host;", "")), Refusal::NotSigned("host"));
    assert_eq!(refusal(&good.replace(";x-sdk-date", "")), Refusal::NotSigned(DATE_HEADER));
    assert_eq!(refusal(&good.replace("host;", "accept;host;")), Refusal::Missing("accept".to_owned()));
    assert!(matches!(refusal(&good.replace("host;x-sdk-date", "x-sdk-date;host")), Refusal::HeaderNames(_)));
    assert!(matches!(refusal(&good.replace("host;", "Host;")), Refusal::HeaderNames(_)));
}

#[test]
fn what_changes_the_meaning_of_a_request_has_to_be_signed() {
    let mut vector = own_vector("delete-on-loopback");
    vector.set(CONTENT_HASH_HEADER, UNSIGNED_PAYLOAD);
    assert_eq!(vector.verify(), Err(Refusal::NotSigned(CONTENT_HASH_HEADER)));
}

fn from_base64(text: &str) -> Vec<u8> {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = text.bytes().filter(|byte| *byte != b'=');
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0_u32, 0);
    for digit in digits {
        let value = alphabet.iter().position(|letter| *letter == digit).unwrap();
        bits = bits << 6 | u32::try_from(value).unwrap();
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 0xff) as u8);
        }
    }
    bytes
}
