//! Recording and replaying: what was exchanged comes again, and no secret is in the file.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clientsmith_runtime::auth::{ApiKey, Basic, Credential, KeyLocation};
use clientsmith_runtime::huawei::AkSk;
use clientsmith_runtime::transport::record::{Recorder, Redaction, Replayer};
use clientsmith_runtime::transport::{ReqwestTransport, Transport};
use clientsmith_runtime::{
    Bytes, Call, Core, Download, Error, Events, Json, RequestBody, RetryPolicy, Settings,
};

use crate::support::{Server, Step, api, failure, json_answer, send};

const SECRET: &str = "s3cret";

/// A file in a folder of the test's own, which is removed with it.
struct Scratch(PathBuf);

impl Scratch {
    fn new(test: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("clientsmith-record-{test}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn file(&self) -> PathBuf {
        self.0.join("calls.json")
    }

    fn text(&self) -> String {
        std::fs::read_to_string(self.file()).unwrap()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

fn reqwest() -> Arc<dyn Transport> {
    Arc::new(ReqwestTransport::direct(Duration::from_secs(5)).unwrap())
}

fn client(url: &str, transport: Arc<dyn Transport>) -> Core {
    let mut settings = Settings::new(&api::API);
    settings.endpoint(url);
    settings.transport(transport);
    settings.value(0, "p");
    let keys = AkSk::new("AKFAKEEXAMPLE0000009", SECRET).unwrap().security_token(SECRET).unwrap();
    settings.credential(Credential::new(api::SIGNATURE, keys));
    settings.credential(Credential::new(api::TOKEN, Basic::new("me", SECRET)));
    settings.credential(Credential::new(api::KEY, ApiKey::new(KeyLocation::Query, "key", SECRET)));
    settings.retry(RetryPolicy::off());
    settings.build().unwrap()
}

/// Calls of all kinds, and what came of each.
async fn calls(core: &Core) -> Vec<String> {
    let mut job = api::filled(core, &api::GET_JOB);
    job.set(api::get_job::SHARE_KEY, SECRET);
    job.set(api::get_job::PASSWORD, SECRET);
    let mut create = Call::new(core, &api::CREATE_JOB);
    create.json(&serde_json::json!({ "name": "a", "password": SECRET }));
    let mut upload = Call::new(core, &api::SIGNED_UPLOAD);
    upload.body(RequestBody::stream(Two(2)));
    let mut outcomes = Vec::new();
    for call in [job, create, upload, Call::new(core, &api::SECURED), Call::new(core, &api::LIST_JOBS)] {
        outcomes.push(match send(call).await {
            Ok(answer) => format!("{} {:?} {}", answer.status(), answer.request_id(), *answer),
            Err(error) => format!("{:?} {error}", error.kind()),
        });
    }
    let download: Result<_, Error<Json>> =
        Call::new(core, &api::DOWNLOAD).open(|incoming| incoming.download(), failure).await;
    let download: Download = download.unwrap().into_inner();
    outcomes.push(format!("{:?} {:?}", download.length(), download.collect(100).await.unwrap()));
    let events: Result<_, Error<Json>> =
        Call::new(core, &api::DOWNLOAD).open(|incoming| incoming.text_events(), failure).await;
    let mut events: Events<String> = events.unwrap().into_inner();
    while let Some(event) = events.try_next().await.unwrap() {
        outcomes.push(event.data);
    }
    outcomes
}

/// A body of two pieces.
struct Two(u8);

impl futures_core::Stream for Two {
    type Item = std::io::Result<Bytes>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        self.0 = self.0.saturating_sub(1);
        std::task::Poll::Ready((self.0 < 2).then(|| Ok(Bytes::from("ab"))).filter(|_| self.0 > 0))
    }
}

#[tokio::test]
async fn what_was_recorded_is_played_again_and_holds_no_secret() {
    let binary = b"HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\nconnection: close\r\ncontent-length: 3\r\n\r\n\xff\x00\x01";
    let events = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\ndata: one\n\ndata: two\n\n";
    let token = format!("x-subject-token: {SECRET}");
    let cookie = format!("set-cookie: session={SECRET}");
    let scripts = [
        json_answer("200 OK", &["x-request-id: r-1", &token, &cookie], r#"{"id": 12345678901234567890.10}"#),
        json_answer("201 Created", &[], &format!(r#"{{"id":1,"access_token":"{SECRET}","n":1e2}}"#)),
        json_answer("200 OK", &[], "[]"),
        json_answer("404 Not Found", &[], r#"{"error_code":"X.1","error_msg":"gone"}"#),
        b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n[1".to_vec(),
        binary.to_vec(),
        events.into(),
    ];
    let server = Server::start(scripts.map(|script| vec![Step::Send(script)])).await;
    let scratch = Scratch::new("all");
    let recorder = Recorder::new(reqwest(), scratch.file());
    let recorded = calls(&client(&server.url(), recorder.transport())).await;
    recorder.finish().unwrap();
    let text = scratch.text();
    // As base64 too, and as a part of a header.
    for secret in [SECRET, "czNjcmV0", "bWU6czNjcmV0", "Signature="] {
        assert!(!text.contains(secret), "{text}");
    }
    for kept in ["\"path\": \"/v1/secret?key=[redacted]\"", "\"base64\": \"/wAB\"", "12345678901234567890.10"]
    {
        assert!(text.contains(kept), "{kept} in {text}");
    }
    assert!(!scratch.0.read_dir().unwrap().any(|entry| entry.unwrap().file_name() != "calls.json"));

    let replayer = Replayer::open(scratch.file()).unwrap();
    let played = calls(&client("https://elsewhere.example.com", replayer.transport())).await;
    replayer.assert_finished();
    let without_secret: Vec<_> = recorded.iter().map(|line| line.replace(SECRET, "[redacted]")).collect();
    assert_eq!(played, without_secret);
    assert!(played[3].contains("X.1") && played[4].starts_with("Transport"), "{played:?}");
}

#[tokio::test]
async fn another_request_than_the_next_one_is_an_error_that_says_what_was_expected() {
    let scripts = [json_answer("200 OK", &[], "1"), json_answer("200 OK", &[], "2")];
    let server = Server::start(scripts.map(|script| vec![Step::Send(script)])).await;
    let scratch = Scratch::new("mismatch");
    {
        let core = client(&server.url(), Recorder::new(reqwest(), scratch.file()).transport());
        let mut create = Call::new(&core, &api::CREATE_JOB);
        create.json(&[1, 2]);
        send(create).await.unwrap();
        send(Call::new(&core, &api::LIST_JOBS)).await.unwrap();
    }
    // Dropped, and so written.
    let replay = |in_any_order| {
        let replayer = Replayer::open(scratch.file()).unwrap();
        let replayer = if in_any_order { replayer.in_any_order() } else { replayer };
        (client("https://api.example.com", replayer.transport()), replayer)
    };
    let (core, replayer) = replay(false);
    let message = |error: Error| error.to_string();
    assert_eq!(
        message(send(Call::new(&core, &api::LIST_JOBS)).await.unwrap_err()),
        "listJobs: the request cannot be sent: `GET /v1/jobs` is not in the recording here: `POST /v1/p/jobs` is expected, exchange \
         1 of 2"
    );
    let mut create = Call::new(&core, &api::CREATE_JOB);
    create.json(&[1, 3, 4]);
    assert_eq!(
        message(send(create.clone()).await.unwrap_err()),
        "createJob: the request cannot be sent: `POST /v1/p/jobs` is not in the recording here: `POST /v1/p/jobs` is expected, \
         exchange 1 of 2, with another body (5 bytes, not 7; they differ from byte 3 on)"
    );
    assert_eq!(replayer.left(), 2);
    create.body(RequestBody::from(" [1 , 2]"));
    send(create).await.unwrap();
    send(Call::new(&core, &api::LIST_JOBS)).await.unwrap();
    assert_eq!(
        message(send(Call::new(&core, &api::LIST_JOBS)).await.unwrap_err()),
        "listJobs: the request cannot be sent: `GET /v1/jobs` is not in the recording here: all 2 exchanges have been played"
    );

    let (core, replayer) = replay(true);
    assert_eq!(send(Call::new(&core, &api::LIST_JOBS)).await.unwrap().to_string(), "2");
    assert_eq!(replayer.left(), 1);
}

#[tokio::test]
async fn what_an_api_calls_its_secrets_is_named() {
    let answer = json_answer("200 OK", &["x-mine: s3cret"], r#"{"a":{"b":"s3cret"},"pin":"s3cret"}"#);
    let server = Server::start([vec![Step::Send(answer)]]).await;
    let scratch = Scratch::new("redaction");
    let redaction = Redaction::new().header("x-mine".parse().unwrap()).name("PIN").pointer("/a/b");
    let core =
        client(&server.url(), Recorder::redacting(reqwest(), scratch.file(), redaction.clone()).transport());
    send(Call::new(&core, &api::LIST_JOBS)).await.unwrap();
    drop(core);
    assert!(!scratch.text().contains(SECRET), "{}", scratch.text());
    let replayer = Replayer::open(scratch.file()).unwrap().redacting(redaction);
    let core = client("https://api.example.com", replayer.transport());
    let answer = send(Call::new(&core, &api::LIST_JOBS)).await.unwrap();
    assert_eq!(answer.to_string(), r#"{"a":{"b":"[redacted]"},"pin":"[redacted]"}"#);
    assert_eq!(answer.headers()["content-length"], "43");
}

#[test]
fn a_file_that_is_no_recording_is_an_error() {
    let scratch = Scratch::new("invalid");
    for (text, reason) in [
        ("{", "EOF"),
        ("{}", "version 1"),
        (r#"{"version":1}"#, "`exchanges`"),
        (r#"{"version":1,"exchanges":[{"request":{"method":"GET"}}]}"#, "exchange 1"),
    ] {
        std::fs::write(scratch.file(), text).unwrap();
        let error = Replayer::open(scratch.file()).err().unwrap().to_string();
        assert!(error.contains("calls.json") && error.contains(reason), "{error}");
    }
    let error = Replayer::open(scratch.0.join("none.json")).err().unwrap().to_string();
    assert!(error.contains("cannot be read"), "{error}");
}
