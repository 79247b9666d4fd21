//! Long-running calls.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use clientsmith_runtime::auth::Credential;
use clientsmith_runtime::huawei::AkSk;
use clientsmith_runtime::operation::WaitRule;
use clientsmith_runtime::transport::TransportErrorKind;
use clientsmith_runtime::{Error, ErrorKind, Json, Settings, Wait, WaitUpdate, Waited};
use futures_core::Stream;

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

/// As [`UNTIL_DELETED`], with pauses that grow.
static GROWING: WaitRule = WaitRule {
    link: UNTIL_DELETED.link,
    done: UNTIL_DELETED.done,
    failed: UNTIL_DELETED.failed,
    interval: Duration::from_secs(4),
    max_interval: Duration::from_secs(12),
    deadline: Duration::from_secs(60),
    done_message: Some("It is gone."),
};

/// A wait on a call that was accepted, with those polls.
fn wait_with(rule: &'static WaitRule, polls: Vec<Reply>) -> (Wait<Json, Json>, Arc<FakeTransport>) {
    let (core, transport) = fake_client([Reply::answer(200, "{}")].into_iter().chain(polls));
    (Wait::start(filled(&core, &DELETE_JOB), rule, json, failure), transport)
}

/// When each poll was made, until the last of them.
async fn times(wait: Wait<Json, Json>) -> (Vec<f64>, Option<ErrorKind>) {
    let mut updates = wait.updates();
    let mut times = Vec::new();
    loop {
        match updates.try_next().await {
            Ok(Some(WaitUpdate::UnderWay(progress))) => times.push(progress.elapsed().as_secs_f64()),
            Ok(Some(WaitUpdate::Done(waited))) => times.push(waited.elapsed().as_secs_f64()),
            Ok(None) => return (times, None),
            Err(error) => return (times, Some(error.kind())),
        }
    }
}

#[tokio::test]
async fn pauses_grow_by_half_up_to_the_longest() {
    let polls = |count: usize| (0..count).map(|_| under_way()).collect::<Vec<_>>();
    let (wait, _) = wait_with(&GROWING, polls(5).into_iter().chain([Reply::answer(404, "")]).collect());
    assert_eq!(times(wait).await, (vec![0.0, 4.0, 10.0, 19.0, 31.0, 43.0], None));
    let done = || polls(3).into_iter().chain([Reply::answer(404, "")]).collect();
    let (eight, ten) = (Duration::from_secs(8), Duration::from_secs(10));
    let wait = wait_with(&GROWING, done()).0.interval(eight);
    assert_eq!(times(wait).await.0, [0.0, 8.0, 16.0, 24.0], "what the caller sets stays as it is");
    let wait = wait_with(&GROWING, done()).0.max_interval(ten).interval(eight);
    assert_eq!(times(wait).await.0, [0.0, 8.0, 18.0, 28.0], "unless the caller says what it grows up to");
    let wait = wait_with(&GROWING, done()).0.interval(eight).max_interval(Duration::from_secs(1));
    assert_eq!(times(wait).await.0, [0.0, 8.0, 16.0, 24.0], "the longest is not shorter than the first");
}

#[tokio::test]
async fn towards_the_deadline_pauses_are_as_at_first() {
    let (wait, transport) = wait_with(&GROWING, (0..8).map(|_| under_way()).collect());
    let (times, error) = times(wait).await;
    assert_eq!(times, [0.0, 4.0, 10.0, 19.0, 31.0, 43.0, 55.0]);
    assert_eq!((error, transport.elapsed()), (Some(ErrorKind::WaitDeadline), Duration::from_secs(59)));
}

#[tokio::test]
async fn a_server_that_asks_for_a_longer_pause_gets_it_and_pauses_grow_from_where_they_were() {
    let polls = vec![Reply::after(503, "20"), under_way(), Reply::answer(404, "")];
    let (wait, _) = wait_with(&GROWING, polls);
    assert_eq!(times(wait).await.0, [0.0, 20.0, 26.0]);
}

#[tokio::test]
async fn updates_are_a_stream_that_ends_with_what_is_done() {
    let (wait, _) = wait_with(&GROWING, vec![under_way(), Reply::answer(404, "")]);
    let told = Arc::new(Mutex::new(0));
    let kept = Arc::clone(&told);
    let mut updates = wait.on_progress(move |progress| *kept.lock().unwrap() += progress.polls()).updates();
    assert!(updates.response().is_none());
    let Some(WaitUpdate::UnderWay(progress)) = updates.try_next().await.unwrap() else {
        panic!("it is under way")
    };
    assert_eq!(progress.value("/versions/1/status").unwrap().to_string(), "15");
    assert_eq!(updates.response().unwrap().status().as_u16(), 200);
    let next = std::future::poll_fn(|context| Stream::poll_next(Pin::new(&mut updates), context)).await;
    let Some(Ok(WaitUpdate::Done(waited))) = next else { panic!("it is done") };
    assert_eq!((waited.polls(), waited.message()), (2, Some("It is gone.")));
    assert!(updates.try_next().await.unwrap().is_none() && updates.response().is_none());
    assert_eq!(*told.lock().unwrap(), 1);
}

#[tokio::test]
async fn an_error_ends_the_updates_and_leaves_what_was_started() {
    let refused = Reply::answer(403, r#"{"error_code": "A"}"#);
    let (wait, _) = wait_with(&GROWING, vec![under_way(), refused, Reply::answer(404, "")]);
    let mut updates = wait.updates();
    updates.try_next().await.unwrap();
    assert_eq!(updates.try_next().await.unwrap_err().code(), Some("A"));
    assert!(updates.try_next().await.unwrap().is_none());
    let response = updates.response().unwrap().clone();
    let waited = Wait::answered(response, &GROWING, json, failure).await.unwrap();
    assert_eq!(waited.polls(), 1);
    // Nothing was started by a call that is refused.
    let (core, _) = fake_client([Reply::answer(403, "")]);
    let mut updates = Wait::start(filled(&core, &DELETE_JOB), &GROWING, json, failure).updates();
    assert_eq!(updates.try_next().await.unwrap_err().kind(), ErrorKind::Api);
    assert!(updates.response().is_none() && updates.try_next().await.unwrap().is_none());
}

/// Polls a future once and gives it up.
async fn once<F: Future>(future: F) -> Option<F::Output> {
    tokio::select! {
        biased;
        output = future => Some(output),
        () = std::future::ready(()) => None,
    }
}

#[tokio::test]
async fn dropping_the_future_of_an_update_repeats_no_poll_and_loses_no_answer() {
    let (answer, wait) = tokio::sync::oneshot::channel();
    let server = Server::start([
        vec![Step::Send(json_answer("200 OK", &[], "{}"))],
        vec![Step::Await(wait), Step::Send(json_answer("200 OK", &[], UNDER_WAY))],
        vec![Step::Send(json_answer("404 Not Found", &[], ""))],
    ])
    .await;
    let mut updates = Wait::start(filled(&client(&server), &DELETE_JOB), &UNTIL_DELETED, json, failure)
        .interval(Duration::from_millis(10))
        .max_interval(Duration::from_millis(10))
        .updates();
    let sent = async {
        while server.requests().len() < 2 {
            assert!(once(updates.try_next()).await.is_none(), "the poll is not answered yet");
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), sent).await.unwrap();
    assert!(once(updates.try_next()).await.is_none());
    answer.send(()).unwrap();
    let mut update = None;
    while update.is_none() {
        update = once(updates.try_next()).await;
        tokio::task::yield_now().await;
    }
    assert!(matches!(update, Some(Ok(Some(WaitUpdate::UnderWay(_))))), "{update:?}");
    assert_eq!(server.requests().len(), 2);
    // In the pause, and from there on.
    assert!(once(updates.try_next()).await.is_none());
    let update = updates.try_next().await.unwrap();
    assert!(matches!(update, Some(WaitUpdate::Done(_))), "{update:?}");
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn a_wait_that_was_dropped_can_be_begun_again_from_the_answer() {
    let server = Server::start([
        vec![Step::Send(json_answer("200 OK", &[], "{}"))],
        vec![Step::Hang],
        vec![Step::Send(json_answer("404 Not Found", &[], ""))],
    ])
    .await;
    let response = send(filled(&client(&server), &DELETE_JOB)).await.unwrap();
    let begin = || Wait::answered(response.clone(), &UNTIL_DELETED, json, failure).into_future();
    let polled = async {
        while server.requests().len() < 2 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        biased;
        waited = begin() => panic!("{waited:?}"),
        () = polled => {}
    }
    assert_eq!(begin().await.unwrap().polls(), 1);
    assert_eq!(server.requests().len(), 3, "what was started is not started again");
}
