//! Long-running calls.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use clientsmith_runtime::auth::Credential;
use clientsmith_runtime::huawei::AkSk;
use clientsmith_runtime::transport::TransportErrorKind;
use clientsmith_runtime::{Error, ErrorKind, Json, Settings, Wait, Waited};

use crate::support::api::{API, DELETE_JOB, SIGNATURE, UNTIL_DELETED, UNTIL_SIGNED_DELETED, filled};
use crate::support::{
    FakeTransport, Reply, Server, Step, client, failure, fake_client, json, json_answer, send,
};

const UNDER_WAY: &str = r#"{"versions": [{"status": 4}, {"status": 15}]}"#;

/// Deletes a job, which is accepted, and waits while the polls are answered with `polls`.
async fn waited(polls: impl IntoIterator<Item = Reply>) -> (Result<Waited<Json>, Error>, Arc<FakeTransport>) {
    let accepted = Reply::answer(200, r#"{"is_success": true, "request_id": "r-1"}"#);
    let (core, transport) = fake_client([accepted].into_iter().chain(polls));
    let outcome = Wait::start(filled(&core, &DELETE_JOB), &UNTIL_DELETED, json, failure).await;
    (outcome, transport)
}

fn under_way() -> Reply {
    Reply::answer(200, UNDER_WAY)
}

#[tokio::test]
async fn it_is_done_when_an_answer_says_so() {
    for done in [Reply::answer(404, ""), Reply::answer(400, r#"{"error_code": "ModelArts.2775"}"#)] {
        let (outcome, transport) = waited([under_way(), under_way(), done]).await;
        let waited = outcome.unwrap();
        assert_eq!((waited.polls(), waited.elapsed()), (3, Duration::from_secs(20)));
        assert_eq!(waited.request_id(), Some("r-1"), "it derefs to the answer that started it");
        assert_eq!(waited.into_response().status().as_u16(), 200);
        let poll = "/v1/7/jobs/7/versions?note=polling";
        assert_eq!(transport.paths(), ["/v1/7/jobs/7", poll, poll, poll]);
    }
}

#[tokio::test]
async fn it_has_failed_when_an_item_of_an_answer_says_so() {
    for status in ["6", "6.0", "\"failed\""] {
        let body =
            format!(r#"{{"versions": [{{"status": 4}}, {{"status": {status}}}], "request_id": "r-2"}}"#);
        let (outcome, _) = waited([under_way(), Reply::Answer(200, body.clone())]).await;
        let error = outcome.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WaitFailed);
        assert_eq!(
            error.to_string(),
            "listVersions: deletedVersions has failed, as the answer to poll 2 says (status 200, request id r-2)"
        );
        assert_eq!(error.raw_body(), body.as_bytes());
    }
}

#[tokio::test]
async fn a_call_that_is_refused_is_not_waited_for() {
    let (core, transport) = fake_client([Reply::answer(403, r#"{"error_code": "A"}"#)]);
    let error = Wait::start(filled(&core, &DELETE_JOB), &UNTIL_DELETED, json, failure).await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Api, "deleteJob"));
    assert_eq!(transport.requests().len(), 1);
}

#[tokio::test]
async fn what_passes_does_not_end_it() {
    let (outcome, transport) = waited([
        Reply::Fails(TransportErrorKind::Connect),
        Reply::Fails(TransportErrorKind::Broken),
        Reply::answer(429, ""),
        Reply::answer(501, "<html>"),
        Reply::answer(409, r#"{"error_code": "ModelArts.2878"}"#),
        Reply::answer(404, ""),
    ])
    .await;
    assert_eq!(outcome.unwrap().polls(), 6);
    assert_eq!(transport.elapsed(), Duration::from_secs(50));
}

#[tokio::test]
async fn a_poll_that_is_refused_ends_it() {
    for status in [400, 401, 403] {
        let body = r#"{"error_code": "APIGW.0301", "error_msg": "no", "request_id": "r-2"}"#;
        let (outcome, _) = waited([under_way(), Reply::answer(status, body)]).await;
        let error = outcome.unwrap_err();
        assert_eq!((error.kind(), error.operation()), (ErrorKind::Api, "listVersions"));
        assert_eq!((error.code(), error.request_id()), (Some("APIGW.0301"), Some("r-2")));
        assert_eq!(error.status().unwrap().as_u16(), status);
    }
    let (outcome, _) = waited([Reply::answer(200, r#"{"is_success": false, "error_code": "X"}"#)]).await;
    assert_eq!(outcome.unwrap_err().code(), Some("X"));
}

#[tokio::test]
async fn it_ends_at_its_deadline() {
    let (outcome, transport) = waited((0..6).map(|_| under_way())).await;
    let error = outcome.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WaitDeadline);
    assert_eq!(
        error.to_string(),
        "listVersions: deletedVersions was not over within 60s, at poll 6 (status 200)"
    );
    assert_eq!(error.raw_body(), UNDER_WAY.as_bytes());
    assert_eq!(transport.elapsed(), Duration::from_secs(50), "another poll would come at the deadline");
}

#[tokio::test]
async fn at_the_deadline_the_last_failure_is_told() {
    let lost = || Reply::Fails(TransportErrorKind::Connect);
    let (outcome, _) = waited((0..6).map(|_| lost())).await;
    assert_eq!(
        outcome.unwrap_err().to_string(),
        "listVersions: deletedVersions was not over within 60s, at poll 6: cannot connect to `https://api.example.com`: as prepared"
    );
}

#[tokio::test]
async fn a_poll_that_hangs_does_not_outlast_the_deadline() {
    let accepted = || Reply::answer(200, "{}");
    let (core, transport) = fake_client([accepted(), under_way(), Reply::Hangs]);
    let wait = Wait::start(filled(&core, &DELETE_JOB), &UNTIL_DELETED, json, failure);
    let error = wait.deadline(Duration::from_secs(15)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WaitDeadline);
    assert_eq!(transport.elapsed(), Duration::from_secs(15));
}

#[tokio::test]
async fn interval_and_deadline_can_be_set() {
    let (core, transport) = fake_client((0..3).map(|_| under_way()));
    let wait = Wait::start(filled(&core, &DELETE_JOB), &UNTIL_DELETED, json, failure);
    let wait = wait.interval(Duration::from_secs(1)).deadline(Duration::from_secs(2));
    assert_eq!(wait.await.unwrap_err().kind(), ErrorKind::WaitDeadline);
    assert_eq!((transport.requests().len(), transport.elapsed()), (3, Duration::from_secs(1)));
}

#[tokio::test]
async fn progress_is_told_after_each_poll_but_the_last() {
    let polls = [under_way(), Reply::Fails(TransportErrorKind::Broken), Reply::answer(404, "")];
    let (core, _) = fake_client([Reply::answer(200, "{}")].into_iter().chain(polls));
    let told = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&told);
    Wait::start(filled(&core, &DELETE_JOB), &UNTIL_DELETED, json, failure)
        .on_progress(move |progress| {
            let status = progress.value("/versions/1/status").map(|status| status.to_string());
            let answered = progress.answer().map(|answer| answer.status().as_u16());
            kept.lock().unwrap().push((progress.polls(), progress.elapsed().as_secs(), answered, status));
        })
        .await
        .unwrap();
    assert_eq!(*told.lock().unwrap(), [(1, 0, Some(200), Some("15".to_owned())), (2, 10, None, None)]);
}

#[tokio::test]
async fn an_answer_can_be_waited_for_later() {
    let (core, transport) = fake_client([Reply::answer(200, "{}"), Reply::answer(404, "")]);
    let response = send(filled(&core, &DELETE_JOB)).await.unwrap();
    assert_eq!(transport.requests().len(), 1);
    let waited = Wait::answered(response, &UNTIL_DELETED, json, failure).await.unwrap();
    assert_eq!((waited.polls(), waited.elapsed()), (1, Duration::ZERO));
}

#[tokio::test]
async fn dropping_it_stops_polling() {
    let server = Server::start([
        vec![Step::Send(json_answer("200 OK", &[], "{}"))],
        vec![Step::Send(json_answer("200 OK", &[], UNDER_WAY))],
        vec![Step::Send(json_answer("200 OK", &[], UNDER_WAY))],
    ])
    .await;
    let (told, has_polled) = tokio::sync::oneshot::channel();
    let mut told = Some(told);
    let wait = Wait::start(filled(&client(&server), &DELETE_JOB), &UNTIL_DELETED, json, failure)
        .interval(Duration::from_millis(50))
        .on_progress(move |_| {
            if let Some(told) = told.take() {
                told.send(()).unwrap();
            }
        });
    let waiting = tokio::spawn(IntoFuture::into_future(wait));
    has_polled.await.unwrap();
    waiting.abort();
    assert!(waiting.await.unwrap_err().is_cancelled());
    tokio::time::sleep(Duration::from_millis(120)).await;
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn each_poll_is_signed_anew() {
    let transport =
        FakeTransport::new([Reply::answer(200, "{}"), under_way(), under_way(), Reply::answer(404, "")]);
    let mut settings = Settings::new(&API);
    settings.transport(transport.clone());
    let key = AkSk::new("AKFAKEEXAMPLE0000009", "fake-secret").unwrap();
    settings.credential(Credential::new(SIGNATURE, key));
    let core = settings.build().unwrap();
    Wait::start(filled(&core, &DELETE_JOB), &UNTIL_SIGNED_DELETED, json, failure).await.unwrap();
    let header = |name: &str| -> Vec<String> {
        let requests = transport.requests().into_iter().skip(1);
        requests.map(|request| request.headers()[name].to_str().unwrap().to_owned()).collect()
    };
    assert_eq!(header("x-sdk-date"), ["20240101T000000Z", "20240101T000010Z", "20240101T000020Z"]);
    let mut signatures = header("authorization");
    signatures.dedup();
    assert_eq!(signatures.len(), 3);
}
