//! Who is let in: signatures, tokens, projects and paths, over HTTP.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test ends where something is not as it should be"
)]

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hmac::{Hmac, KeyInit as _, Mac as _};
use modelarts_simulator::{Settings, Simulator, credentials};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;

const AUTHENTICATION: &str = "APIGW.0301";

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The system's time, moved by some seconds, as `X-Sdk-Date` has it.
fn date(offset_seconds: i64) -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs();
    let moment =
        OffsetDateTime::from_unix_timestamp(i64::try_from(seconds).unwrap() + offset_seconds).unwrap();
    let (hour, minute, second) = moment.to_hms();
    let (year, month, day) = moment.to_calendar_date();
    format!("{year:04}{:02}{day:02}T{hour:02}{minute:02}{second:02}Z", u8::from(month))
}

/// What a client signs with.
struct Signer<'a> {
    access_key: &'a str,
    secret_key: &'a str,
    security_token: Option<&'a str>,
    date: String,
}

impl Default for Signer<'_> {
    fn default() -> Self {
        Self {
            access_key: credentials::ACCESS_KEY,
            secret_key: credentials::SECRET_KEY,
            security_token: None,
            date: date(0),
        }
    }
}

impl Signer<'_> {
    /// A signed GET of `/v1/{project}/training-jobs?page=2`, written out for this one request.
    fn get(&self, simulator: &Simulator) -> RequestBuilder {
        let endpoint = simulator.endpoint();
        let host = endpoint.strip_prefix("http://").unwrap();
        let path = format!("/v1/{}/training-jobs", credentials::PROJECT_ID);
        let (mut lines, mut names) =
            (format!("host:{host}\nx-sdk-date:{}\n", self.date), "host;x-sdk-date".to_owned());
        if let Some(token) = self.security_token {
            lines.push_str(&format!("x-security-token:{token}\n"));
            names.push_str(";x-security-token");
        }
        let canonical = format!("GET\n{path}/\npage=2\n{lines}\n{names}\n{}", hex(&Sha256::digest(b"")));
        let text = format!("SDK-HMAC-SHA256\n{}\n{}", self.date, hex(&Sha256::digest(canonical)));
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret_key.as_bytes()).unwrap();
        mac.update(text.as_bytes());
        let signature = hex(&mac.finalize().into_bytes());
        let authorization = format!(
            "SDK-HMAC-SHA256 Access={}, SignedHeaders={names}, Signature={signature}",
            self.access_key
        );
        let request = Client::new()
            .get(format!("{endpoint}{path}?page=2"))
            .header("X-Sdk-Date", &self.date)
            .header("Authorization", authorization);
        match self.security_token {
            Some(token) => request.header("X-Security-Token", token),
            None => request,
        }
    }
}

async fn answer(request: RequestBuilder) -> (u16, Value) {
    let answer = request.send().await.unwrap();
    assert!(answer.headers().contains_key("x-request-id"));
    let status = answer.status().as_u16();
    (status, serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap())
}

async fn assert_unauthenticated(request: RequestBuilder, reason: &str) {
    let (status, body) = answer(request).await;
    assert_eq!((status, body["error_code"].as_str()), (401, Some(AUTHENTICATION)));
    let message = body["error_msg"].as_str().unwrap();
    assert!(message.starts_with("Incorrect IAM authentication information: "), "{message}");
    assert!(message.contains(reason), "{message}");
    assert!(body["request_id"].is_string());
}

#[tokio::test]
async fn signatures_are_checked() {
    let simulator = Simulator::start().await.unwrap();
    let (status, body) = answer(Signer::default().get(&simulator)).await;
    assert_eq!((status, &body["is_success"]), (200, &Value::Bool(true)));

    let wrong_secret = Signer { secret_key: "wrong", ..Signer::default() };
    assert_unauthenticated(wrong_secret.get(&simulator), "verify aksk signature fail").await;
    let unknown_key = Signer { access_key: "AKUNKNOWN", ..Signer::default() };
    assert_unauthenticated(unknown_key.get(&simulator), "AKUNKNOWN").await;
    let late = Signer { date: date(-20 * 60), ..Signer::default() };
    assert_unauthenticated(late.get(&simulator), "expired").await;
}

#[tokio::test]
async fn temporary_keys_need_their_security_token() {
    let simulator = Simulator::start().await.unwrap();
    let temporary = |security_token| Signer {
        access_key: credentials::TEMPORARY_ACCESS_KEY,
        secret_key: credentials::TEMPORARY_SECRET_KEY,
        security_token,
        ..Signer::default()
    };
    assert_eq!(answer(temporary(Some(credentials::SECURITY_TOKEN)).get(&simulator)).await.0, 200);
    assert_unauthenticated(temporary(None).get(&simulator), "security token").await;
    assert_unauthenticated(temporary(Some("another")).get(&simulator), "security token").await;
}

#[tokio::test]
async fn a_clock_that_is_off_is_told_in_the_date_header() {
    let settings = Settings { clock_offset_seconds: 3_600, ..Settings::default() };
    let simulator = Simulator::start_with(settings).await.unwrap();
    assert_unauthenticated(Signer::default().get(&simulator), "expired").await;
    let corrected = Signer { date: date(3_600), ..Signer::default() };
    let answer = corrected.get(&simulator).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let told = answer.headers()["date"].to_str().unwrap();
    let is_told = |offset_seconds| {
        let date = date(offset_seconds);
        let part = |range| date.get(range).unwrap();
        let time = format!("{}:{}:{} GMT", part(9..11), part(11..13), part(13..15));
        told.ends_with(&time) && told.contains(&format!(", {} ", part(6..8)))
    };
    assert!((3_540..3_660).any(is_told), "{told}");
}

#[tokio::test]
async fn tokens_are_checked() {
    let simulator = Simulator::start().await.unwrap();
    let url = format!("{}/v1/{}/training-jobs", simulator.endpoint(), credentials::PROJECT_ID);
    let client = Client::new();
    let with = |token: &str| client.get(&url).header("X-Auth-Token", token);
    assert_eq!(answer(with(credentials::TOKEN)).await.0, 200);
    assert_unauthenticated(with(credentials::EXPIRED_TOKEN), "expired").await;
    assert_unauthenticated(with("made up"), "decrypt token fail").await;
    assert_unauthenticated(client.get(&url), "neither").await;
    assert_unauthenticated(client.get(&url).header("Authorization", "Bearer x"), "Authorization").await;
}

#[tokio::test]
async fn other_projects_paths_and_methods_are_refused() {
    let simulator = Simulator::start().await.unwrap();
    let client = Client::new();
    let endpoint = simulator.endpoint();
    let token = ("X-Auth-Token", credentials::TOKEN);
    let other = client.get(format!("{endpoint}/v1/other/training-jobs"));
    let (status, body) = answer(other.header(token.0, token.1)).await;
    assert_eq!((status, body["is_success"].as_bool()), (403, Some(false)));
    assert!(body["error_code"].as_str().unwrap().starts_with("ModelArts."));

    let jobs = format!("{endpoint}/v1/{}/training-jobs", credentials::PROJECT_ID);
    for request in [
        client.get(format!("{endpoint}/")),
        client.get(format!("{endpoint}/v2/training-jobs")),
        client.request(Method::PATCH, &jobs),
        client.get(format!("{jobs}/10")),
        client.request(Method::DELETE, format!("{jobs}/10/versions")),
    ] {
        let (status, body) = answer(request).await;
        assert_eq!((status, body["error_code"].as_str()), (404, Some("APIGW.0101")));
        assert!(body["error_msg"].is_string() && body["request_id"].is_string());
    }
}
