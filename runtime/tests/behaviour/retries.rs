//! Retries: how often, after which pauses, and within which time.

use std::time::Duration;

use clientsmith_runtime::auth::{ClientAuthentication, Credential, OAuth2};
use clientsmith_runtime::transport::TransportErrorKind;
use clientsmith_runtime::{Call, Error, ErrorKind, Items, Json, Page, RetryPolicy, Settings, Wait};

use crate::support::api::{
    API, BUSY, BY_METHOD, BY_PAGE, BY_TOKEN, DELETE_JOB, DOWNLOAD, LIST_JOBS, TOKEN, UNTIL_DELETED, filled,
};
use crate::support::{FakeTransport, Reply, Server, Step, failure, json, json_answer, retrying_client, send};

/// Retries at once, so that what passes is what was asked for.
const AT_ONCE: RetryPolicy = RetryPolicy::standard().base(Duration::ZERO);

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn unavailable() -> Reply {
    Reply::answer(503, "")
}

fn ok() -> Reply {
    Reply::answer(200, "{}")
}

#[tokio::test]
async fn what_passes_is_survived_over_a_real_connection() {
    let refused = || vec![Step::Send(json_answer("503 Service Unavailable", &[], ""))];
    let cut = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"job\": ";
    for second in [refused(), vec![Step::Send(cut.into())], vec![]] {
        let server =
            Server::start([refused(), second, vec![Step::Send(json_answer("200 OK", &[], "[7]"))]]).await;
        let mut settings = Settings::new(&API);
        settings.endpoint(server.url());
        settings.retry(RetryPolicy::standard().base(Duration::from_millis(1)));
        let response = send(filled(&settings.build().unwrap(), &DELETE_JOB)).await.unwrap();
        assert_eq!(response.into_inner().text(), "[7]");
        let [first, second, third] = <[String; 3]>::try_from(server.requests()).unwrap();
        assert!(first == second && second == third, "{first}\n{third}");
    }
}

#[tokio::test]
async fn the_usual_statuses_and_those_and_the_codes_of_the_description_are_worth_it() {
    let [get, ..] = &BY_METHOD;
    for (operation, status, body, requests) in [
        (get, 408, "", 2),
        (get, 429, "", 2),
        (get, 500, "", 2),
        (get, 502, "<html>", 2),
        (get, 503, "", 2),
        (get, 504, "", 2),
        (get, 409, r#"{"error_code": "ModelArts.0001"}"#, 1),
        (get, 501, "", 1),
        (&DELETE_JOB, 409, r#"{"error_code": "ModelArts.2878"}"#, 2),
        (&DELETE_JOB, 200, r#"{"is_success": false, "error_code": "ModelArts.2878"}"#, 2),
        (&DELETE_JOB, 200, r#"{"is_success": false, "error_code": "ModelArts.0001"}"#, 1),
        (&BUSY, 409, "", 2),
        (&BUSY, 503, "", 1),
    ] {
        let (core, transport) = retrying_client(AT_ONCE, [Reply::answer(status, body), ok()]);
        let outcome = send(filled(&core, operation)).await;
        assert_eq!(transport.requests().len(), requests, "{} {status} {body}", operation.id);
        assert_eq!(outcome.is_ok(), requests == 2);
        if let Err(error) = outcome {
            assert!(!error.is_retryable() && !error.is_transient() && error.attempts() == 1);
        }
    }
}

#[tokio::test]
async fn three_attempts_are_standard_and_any_number_can_be_set() {
    let [get, ..] = &BY_METHOD;
    for (policy, attempts) in [
        (RetryPolicy::standard(), 3),
        (RetryPolicy::default(), 3),
        (RetryPolicy::off(), 1),
        (AT_ONCE.attempts(0), 1),
        (AT_ONCE.attempts(7), 7),
    ] {
        let (core, transport) = retrying_client(policy, (0..attempts).map(|_| unavailable()));
        let error = send(filled(&core, get)).await.unwrap_err();
        assert_eq!((error.attempts(), transport.requests().len()), (attempts, attempts as usize));
        assert!(error.is_retryable() && error.is_transient(), "the policy makes no difference");
        let told = if attempts == 1 { String::new() } else { format!(", after {attempts} attempts") };
        let begin = "get: an undocumented status, without a body (status 503)";
        assert_eq!(error.to_string(), format!("{begin}{told}"));

        let (core, transport) = retrying_client(RetryPolicy::off(), (0..attempts).map(|_| unavailable()));
        let mut call = filled(&core, get);
        call.retry(policy);
        assert_eq!(send(call).await.unwrap_err().attempts(), attempts, "for one call");
        assert_eq!(transport.requests().len(), attempts as usize);
    }
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_is_not_asked_for_again() {
    let [get, ..] = &BY_METHOD;
    let (core, transport) = retrying_client(AT_ONCE, [unavailable(), Reply::answer(200, "<html>")]);
    let error = send(filled(&core, get)).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), error.is_transient()), (ErrorKind::Decode, 2, false));
    assert_eq!(transport.requests().len(), 2);
}

#[tokio::test]
async fn settings_without_a_word_make_retries() {
    let transport = FakeTransport::new([unavailable(), unavailable(), ok()]);
    let mut settings = Settings::new(&API);
    settings.transport(transport.clone());
    send(filled(&settings.build().unwrap(), &DELETE_JOB)).await.unwrap();
    assert_eq!(transport.requests().len(), 3);
}

#[tokio::test]
async fn pauses_are_random_and_their_bound_doubles() {
    let [get, ..] = &BY_METHOD;
    let policy = RetryPolicy::standard().cap(seconds(3));
    let mut all = Vec::new();
    for attempts in [2, 3, 4] {
        for _ in 0..50 {
            let (core, transport) =
                retrying_client(policy.attempts(attempts), (0..attempts).map(|_| unavailable()));
            send(filled(&core, get)).await.unwrap_err();
            let bound = [1, 3, 6][attempts as usize - 2];
            assert!(transport.elapsed() < seconds(bound), "{:?} of {bound}", transport.elapsed());
            all.push(transport.elapsed());
        }
    }
    assert!(all.iter().any(|pauses| *pauses > seconds(3)), "longer ones are there: {all:?}");
    assert!(all.iter().any(|pauses| *pauses < Duration::from_millis(500)), "and shorter ones");
    all.sort();
    all.dedup();
    assert!(all.len() > 140, "{} differ", all.len());
}

#[tokio::test]
async fn a_server_says_when_to_come_back_in_seconds_or_by_a_date() {
    let [get, ..] = &BY_METHOD;
    // The clock of the transport begins at 2024-01-01T00:00:00Z.
    let dated = |after: &str, date: &str| {
        Reply::With(503, vec![("retry-after", after.to_owned()), ("date", date.to_owned())], String::new())
    };
    for (reply, expected) in [
        (Reply::after(503, "7"), 7),
        (Reply::after(429, "20"), 20),
        (Reply::after(503, "0"), 0),
        (Reply::after(503, "Mon, 01 Jan 2024 00:00:09 GMT"), 9),
        (Reply::after(503, "Monday, 01-Jan-24 00:00:09 GMT"), 9),
        (Reply::after(503, "Mon Jan  1 00:00:09 2024"), 9),
        (Reply::after(503, "Sun, 31 Dec 2023 00:00:00 GMT"), 0),
        (dated("Mon, 01 Jan 2024 00:20:05 GMT", "Mon, 01 Jan 2024 00:20:00 GMT"), 5),
        (Reply::after(503, "soon"), 0),
    ] {
        let (core, transport) = retrying_client(AT_ONCE, [reply, ok()]);
        send(filled(&core, get)).await.unwrap();
        assert_eq!(transport.elapsed(), seconds(expected));
    }
    let (core, transport) = retrying_client(RetryPolicy::standard(), [Reply::after(503, "2"), ok()]);
    send(filled(&core, get)).await.unwrap();
    assert_eq!(transport.elapsed(), seconds(2), "the pause of the policy would have been shorter");
}

#[tokio::test]
async fn who_is_asked_to_wait_too_long_is_told_so_at_once() {
    let [get, ..] = &BY_METHOD;
    for after in ["21", "99999999999999999999999", "Mon, 01 Jan 2024 00:00:21 GMT"] {
        let (core, transport) = retrying_client(RetryPolicy::standard(), [Reply::after(429, after)]);
        let error = send(filled(&core, get)).await.unwrap_err();
        assert!(error.retry_delay() >= Some(seconds(21)) && error.is_retryable());
        assert_eq!((error.attempts(), transport.elapsed()), (1, Duration::ZERO));
    }
    let (core, transport) = retrying_client(AT_ONCE.cap(seconds(30)), [Reply::after(429, "21"), ok()]);
    send(filled(&core, get)).await.unwrap();
    assert_eq!(transport.elapsed(), seconds(21));
}

#[tokio::test]
async fn no_retry_is_begun_that_cannot_end_in_time() {
    let [get, ..] = &BY_METHOD;
    let (core, transport) = retrying_client(AT_ONCE, [Reply::after(503, "10")]);
    let mut call = filled(&core, get);
    call.timeout(seconds(10));
    let error = send(call).await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), error.attempts()), (503, 1));
    assert_eq!(transport.elapsed(), Duration::ZERO, "and it is not waited for the end either");

    let (core, transport) = retrying_client(AT_ONCE, [Reply::after(503, "10"), Reply::Hangs]);
    let mut call = filled(&core, get);
    call.timeout(seconds(15));
    let error = send(call).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 2));
    assert_eq!(
        error.to_string(),
        "get: no answer within 15s: raise `timeout` if it may take longer (before: an undocumented status, without a body), after 2 attempts"
    );
    assert_eq!(transport.elapsed(), seconds(15), "attempts and pauses together");
}

#[tokio::test]
async fn the_budget_runs_dry_under_many_failing_calls_and_is_filled_by_successes() {
    let [get, ..] = &BY_METHOD;
    let replies = (0..32).map(|_| unavailable()).chain((0..5).map(|_| ok())).chain([unavailable(), ok()]);
    let (core, transport) = retrying_client(AT_ONCE.budget(60), replies);
    for call in 0..20 {
        // All clones of a client share it.
        let clone = core.clone();
        let attempts = send(filled(&clone, get)).await.unwrap_err().attempts();
        assert_eq!(attempts, if call < 6 { 3 } else { 1 }, "60 is 12 retries");
    }
    assert_eq!(transport.requests().len(), 6 * 3 + 14);
    let mut call = filled(&core, get);
    for _ in 0..5 {
        send(filled(&core, get)).await.unwrap();
    }
    call.retry(AT_ONCE.budget(0));
    send(call).await.unwrap();
    assert_eq!(
        transport.requests().len(),
        32 + 5 + 2,
        "five successes are worth a retry, whatever the call says"
    );
}

#[tokio::test]
async fn a_retry_that_succeeds_costs_nothing_and_timeouts_cost_twice() {
    let [get, ..] = &BY_METHOD;
    let (core, _) = retrying_client(AT_ONCE.budget(5), (0..20).flat_map(|_| [unavailable(), ok()]));
    for _ in 0..20 {
        send(filled(&core, get)).await.unwrap();
    }
    for slow in [
        || Reply::Fails(TransportErrorKind::ConnectTimeout),
        || Reply::answer(408, ""),
        || Reply::answer(504, ""),
    ] {
        let (core, transport) = retrying_client(AT_ONCE.budget(14), [slow(), slow()]);
        assert_eq!(send(filled(&core, get)).await.unwrap_err().attempts(), 2);
        assert_eq!(transport.requests().len(), 2);
    }
}

#[tokio::test]
async fn dropping_a_call_in_its_pause_leaves_nothing_running() {
    let server = Server::start([
        vec![Step::Send(json_answer("503 Service Unavailable", &["retry-after: 0"], ""))],
        vec![Step::Send(json_answer("200 OK", &[], "{}"))],
    ])
    .await;
    let mut settings = Settings::new(&API);
    settings.endpoint(server.url());
    settings.retry(RetryPolicy::standard().base(seconds(3600)).cap(seconds(3600)));
    settings.timeout(seconds(7200));
    let calling = tokio::spawn(send(filled(&settings.build().unwrap(), &DELETE_JOB)));
    while server.requests().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    calling.abort();
    assert!(calling.await.unwrap_err().is_cancelled());
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_page_in_the_middle_of_a_list_is_asked_for_again() {
    let page = |items: &str| Reply::answer(200, &format!("[{items}]"));
    let replies = [page("1, 2"), unavailable(), page("3, 4"), Reply::after(429, "1"), page("5")];
    let (core, transport) = retrying_client(AT_ONCE, replies);
    let read = |answer: &clientsmith_runtime::Answer| Ok(Page::new(answer.json::<Vec<u32>>()?, None));
    let mut items = Items::new(Call::new(&core, &LIST_JOBS), &BY_PAGE, read, failure);
    let mut all = Vec::new();
    while let Some(item) = items.try_next().await.unwrap() {
        all.push(item);
    }
    assert_eq!(all, [1, 2, 3, 4, 5]);
    assert_eq!(
        transport.paths(),
        ["/v1/jobs?page=1", "/v1/jobs?page=2", "/v1/jobs?page=2", "/v1/jobs?page=3", "/v1/jobs?page=3"]
    );
}

#[tokio::test]
async fn what_starts_a_wait_is_made_again_and_polls_come_at_their_interval_or_later() {
    let replies = [unavailable(), ok(), unavailable(), Reply::after(429, "17"), Reply::answer(404, "")];
    let (core, transport) = retrying_client(AT_ONCE, replies);
    let waited = Wait::start(filled(&core, &DELETE_JOB), &UNTIL_DELETED, json, failure).await.unwrap();
    assert_eq!((waited.polls(), waited.elapsed()), (3, seconds(27)));
    assert_eq!(transport.requests().len(), 5);
}

#[tokio::test]
async fn a_download_begins_after_what_passes() {
    let whole =
        Reply::With(200, vec![("content-type", "application/octet-stream".to_owned())], "bytes".to_owned());
    let (core, transport) = retrying_client(AT_ONCE, [unavailable(), whole]);
    let outcome: Result<_, Error<Json>> =
        Call::new(&core, &DOWNLOAD).open(clientsmith_runtime::Incoming::download, failure).await;
    assert_eq!(outcome.unwrap().into_inner().collect(100).await.unwrap(), "bytes");
    assert_eq!(transport.requests().len(), 2);
}

#[tokio::test]
async fn credentials_that_cannot_be_had_just_now_are_asked_for_again() {
    let token = Reply::answer(200, r#"{"access_token": "a1", "token_type": "bearer"}"#);
    let transport = FakeTransport::new([unavailable(), token, ok()]);
    let access = OAuth2::client_credentials("https://login.example.com/token", "app", "s3cret")
        .client_authentication(ClientAuthentication::Body);
    let mut settings = Settings::new(&API);
    settings.endpoint("https://api.example.com");
    settings.transport(transport.clone());
    settings.retry(AT_ONCE);
    settings.credential(Credential::new(TOKEN, access));
    send(filled(&settings.build().unwrap(), &BY_TOKEN)).await.unwrap();
    assert_eq!(
        transport.paths(),
        ["/token", "/token", "/by-token"],
        "of a POST, nothing was sent the first time"
    );
}
