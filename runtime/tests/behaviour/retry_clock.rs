//! Signatures of repeated requests: each made anew, and by the server's clock where ours is wrong.

use std::sync::Arc;
use std::time::Duration;

use clientsmith_runtime::auth::{Bearer, Credential};
use clientsmith_runtime::huawei::AkSk;
use clientsmith_runtime::{Core, RetryPolicy, Settings};

use crate::support::api::{API, BY_TOKEN, SIGNATURE, SIGNED, SIGNED_UPLOAD, TOKEN, filled};
use crate::support::{FakeTransport, Reply, send};

const AT_ONCE: RetryPolicy = RetryPolicy::standard().base(Duration::ZERO);

/// A client whose clock says 2024-01-01T00:00:00Z.
fn client(policy: RetryPolicy, replies: impl IntoIterator<Item = Reply>) -> (Core, Arc<FakeTransport>) {
    let transport = FakeTransport::new(replies);
    let mut settings = Settings::new(&API);
    settings.endpoint("https://api.example.com");
    settings.transport(transport.clone());
    settings.retry(policy);
    let key = AkSk::new("AKFAKEEXAMPLE0000009", "fake-secret").unwrap();
    settings.credential(Credential::new(SIGNATURE, key));
    settings.credential(Credential::new(TOKEN, Bearer::new("fake-token")));
    (settings.build().unwrap(), transport)
}

fn refused(status: u16, date: &str) -> Reply {
    Reply::With(status, vec![("date", date.to_owned())], r#"{"error_code": "APIGW.0301"}"#.to_owned())
}

fn ok() -> Reply {
    Reply::answer(200, "{}")
}

/// What the requests so far were signed with.
fn dates(transport: &FakeTransport) -> Vec<String> {
    header(transport, "x-sdk-date")
}

fn header(transport: &FakeTransport, name: &str) -> Vec<String> {
    let requests = transport.requests().into_iter();
    requests.map(|request| request.headers()[name].to_str().unwrap().to_owned()).collect()
}

const AHEAD: &str = "Mon, 01 Jan 2024 00:20:00 GMT";
const BEHIND: &str = "Sun, 31 Dec 2023 23:40:00 GMT";

#[tokio::test]
async fn each_attempt_has_a_signature_of_its_own() {
    let (core, transport) = client(AT_ONCE, [Reply::after(429, "3"), Reply::after(429, "5"), ok()]);
    send(filled(&core, &SIGNED)).await.unwrap();
    assert_eq!(dates(&transport), ["20240101T000000Z", "20240101T000003Z", "20240101T000008Z"]);
    let mut signatures = header(&transport, "authorization");
    signatures.dedup();
    assert_eq!(signatures.len(), 3);
}

#[tokio::test]
async fn a_wrong_clock_is_corrected_once_and_remembered() {
    for (status, date, corrected) in [(401, AHEAD, "20240101T002000Z"), (403, BEHIND, "20231231T234000Z")] {
        let (core, transport) = client(RetryPolicy::off(), [refused(status, date), ok(), ok()]);
        send(filled(&core, &SIGNED)).await.unwrap();
        send(filled(&core.clone(), &SIGNED)).await.unwrap();
        assert_eq!(dates(&transport), ["20240101T000000Z", corrected, corrected]);
    }
}

#[tokio::test]
async fn a_correction_that_does_not_help_is_made_once_and_forgotten() {
    let (core, transport) = client(AT_ONCE, [refused(401, AHEAD), refused(401, BEHIND), ok()]);
    let error = send(filled(&core, &SIGNED)).await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), error.attempts()), (401, 2));
    send(filled(&core, &SIGNED)).await.unwrap();
    assert_eq!(dates(&transport), ["20240101T000000Z", "20240101T002000Z", "20240101T000000Z"]);
}

#[tokio::test]
async fn a_clock_that_was_set_right_again_is_followed() {
    // Signed 20 minutes ahead, as was right before; then the server's clock and ours agree.
    let now = "Mon, 01 Jan 2024 00:00:00 GMT";
    let (core, transport) = client(AT_ONCE, [refused(401, AHEAD), ok(), refused(401, now), ok(), ok()]);
    for _ in 0..3 {
        send(filled(&core, &SIGNED)).await.unwrap();
    }
    let (right, ahead) = ("20240101T000000Z", "20240101T002000Z");
    assert_eq!(dates(&transport), [right, ahead, ahead, right, right]);
}

#[tokio::test]
async fn a_refusal_for_another_reason_is_final() {
    for refusal in [
        refused(401, "Mon, 01 Jan 2024 00:05:00 GMT"),
        refused(403, "Sun, 31 Dec 2023 23:55:00 GMT"),
        refused(400, AHEAD),
        refused(401, "yesterday"),
        Reply::answer(401, ""),
    ] {
        let (core, transport) = client(AT_ONCE, [refusal]);
        let error = send(filled(&core, &SIGNED)).await.unwrap_err();
        assert_eq!((error.attempts(), error.is_retryable(), transport.requests().len()), (1, false, 1));
    }
}

#[tokio::test]
async fn a_token_does_not_depend_on_a_clock() {
    let (core, transport) = client(AT_ONCE, [refused(401, AHEAD)]);
    assert_eq!(send(filled(&core, &BY_TOKEN)).await.unwrap_err().attempts(), 1);
    assert_eq!(transport.requests().len(), 1);
}

#[tokio::test]
async fn an_overloaded_server_does_not_set_the_clock() {
    let (core, transport) =
        client(AT_ONCE, [refused(401, AHEAD), Reply::answer(503, ""), refused(401, AHEAD), ok()]);
    let error = send(filled(&core, &SIGNED)).await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), error.attempts()), (503, 2));
    // A PUT, which is repeated; the correction of the first call was not kept.
    send(filled(&core, &SIGNED_UPLOAD)).await.unwrap();
    let (wrong, ahead) = ("20240101T000000Z", "20240101T002000Z");
    assert_eq!(dates(&transport), [wrong, ahead, wrong, ahead]);
}
