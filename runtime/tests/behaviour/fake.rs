//! The fake for unit tests: what it answers, keeps and asserts.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use clientsmith_runtime::auth::{ApiKey, Bearer, Credential, KeyLocation};
use clientsmith_runtime::transport::TransportErrorKind;
use clientsmith_runtime::transport::fake::{Fake, Reply};
use clientsmith_runtime::{Call, Core, ErrorKind, RetryPolicy, Settings, Wait};

use crate::support::{api, failure, json, send};

fn client(fake: &Fake) -> Core {
    let mut settings = Settings::new(&api::API);
    settings.endpoint("https://api.example.com");
    settings.transport(fake.transport());
    settings.value(0, "p");
    settings.credential(Credential::new(api::TOKEN, Bearer::new("s3cret")));
    settings.credential(Credential::new(api::KEY, ApiKey::new(KeyLocation::Query, "key", "s3cret")));
    settings.retry(RetryPolicy::standard());
    settings.build().unwrap()
}

fn message_of(run: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(run)).unwrap_err();
    payload.downcast_ref::<String>().cloned().unwrap()
}

#[tokio::test]
async fn replies_are_given_by_path_by_operation_and_in_order() {
    let fake = Fake::new();
    fake.on("GET", "/v1/{project}/jobs/{job}/versions?note=a").reply(Reply::json(200, "\"by query\""));
    fake.on("GET", "/v1/{project}/jobs/{job}/versions")
        .reply(Reply::json(200, "\"first\""))
        .always(Reply::json(200, "\"further\""));
    fake.on_operation("createJob").reply(Reply::json(201, "\"created\""));
    fake.on_any().reply(Reply::json(200, "\"any\""));
    let core = client(&fake);
    let versions = |note: Option<&str>| {
        let mut call = api::filled(&core, &api::LIST_VERSIONS);
        if let Some(note) = note {
            call.set(2, note);
        }
        call
    };
    let mut create = Call::new(&core, &api::CREATE_JOB);
    create.json(&[1, 2]);
    let mut answers = Vec::new();
    for call in
        [versions(None), versions(Some("a")), versions(Some("a")), create, Call::new(&core, &api::LIST_JOBS)]
    {
        answers.push(send(call).await.unwrap().to_string());
    }
    assert_eq!(answers, ["\"first\"", "\"by query\"", "\"further\"", "\"created\"", "\"any\""]);
    fake.assert_used_up();
    fake.assert_operations(&["listVersions", "listVersions", "listVersions", "createJob", "listJobs"]);
    let created = fake.assert_called_times("POST", "/v1/p/jobs", 1).remove(0);
    assert_eq!((created.text(), created.json().unwrap()[1].as_i64()), ("[1,2]".to_owned(), Some(2)));
    fake.assert_not_called("DELETE", "/v1/{project}/jobs/{job}");
    assert_eq!(fake.elapsed(), Duration::ZERO);
}

#[tokio::test]
async fn what_was_not_prepared_is_an_error_that_names_the_request_without_its_secrets() {
    let fake = Fake::new();
    fake.on("GET", "/v1/jobs").reply(Reply::new(204));
    let error = send(Call::new(&client(&fake), &api::SECURED)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidCall);
    assert_eq!(
        error.to_string(),
        "getSecret: the request cannot be sent: no reply is left for `GET /v1/secret?key=[redacted]` of `getSecret`; replies were \
         prepared for `GET /v1/jobs`"
    );
    assert_eq!(
        message_of(|| drop(fake.assert_called("GET", "/v1/jobs"))),
        "`GET /v1/jobs` was not called; this came:\n  1. GET /v1/secret?key=[redacted] (getSecret)"
    );
    assert_eq!(
        message_of(|| fake.assert_used_up()),
        "replies are left: 1 for `GET /v1/jobs`; this came:\n  1. GET /v1/secret?key=[redacted] (getSecret)"
    );
    assert_eq!(message_of(|| Fake::new().assert_operations(&["a"])), "the calls are not `a`; nothing was");
    assert!(!format!("{:?}", fake.requests()).contains("s3cret"));
}

#[tokio::test]
async fn delays_and_failures_cost_no_time_but_its_own() {
    let fake = Fake::new();
    fake.on_any()
        .reply(Reply::fails(TransportErrorKind::Broken).delay(Duration::from_secs(20)))
        .reply(Reply::json(200, "[").pause(Duration::from_secs(10)).body("1]").pause(Duration::from_secs(5)));
    let answer = send(Call::new(&client(&fake), &api::LIST_JOBS)).await.unwrap();
    assert_eq!(answer.to_string(), "[1]");
    let elapsed = fake.elapsed();
    assert!(elapsed >= Duration::from_secs(35) && elapsed <= Duration::from_secs(36), "{elapsed:?}");

    for reply in [
        Reply::new(200).delay(Duration::from_secs(90)),
        Reply::never(),
        Reply::json(200, "[1").pause(Duration::from_secs(70)),
        Reply::json(200, "[1").then_hangs(),
    ] {
        let fake = Fake::new();
        fake.on_any().always(reply);
        let error = send(Call::new(&client(&fake), &api::LIST_JOBS)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
        let elapsed = fake.elapsed();
        assert!(elapsed > Duration::from_secs(20) && elapsed <= Duration::from_secs(60), "{elapsed:?}");
    }
    let fake = Fake::new();
    fake.on_any().always(Reply::json(200, "[1").then_breaks());
    let error = send(Call::new(&client(&fake), &api::LIST_JOBS)).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Transport, 3));
    fake.assert_called_times("GET", "/v1/jobs", 3);
}

#[tokio::test]
async fn calls_side_by_side_hold_each_other_up_no_longer_than_they_take() {
    let fake = Fake::new();
    fake.on("GET", "/v1/jobs").reply(Reply::json(200, "1").delay(Duration::from_secs(30)));
    fake.on_operation("deleteJob").reply(Reply::json(200, "{}"));
    fake.on_operation("listVersions").reply(Reply::json(200, "{}")).reply(Reply::new(404));
    let core = client(&fake);
    let slow = tokio::spawn(send(Call::new(&core, &api::LIST_JOBS)));
    let wait = Wait::start(api::filled(&core, &api::DELETE_JOB), &api::UNTIL_DELETED, json, failure);
    let waited = wait.await.unwrap();
    assert_eq!(waited.polls(), 2);
    slow.await.unwrap().unwrap();
    assert_eq!(fake.elapsed(), Duration::from_secs(40));
}
