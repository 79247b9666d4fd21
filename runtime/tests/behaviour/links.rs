//! Calls that an answer leads to.

use serde_json::json;

use crate::support::api::{CREATE_JOB, CREATED_TO_VERSIONS, DELETE_JOB, DELETED_TO_VERSIONS, filled};
use crate::support::{Reply, Server, Step, client, fake_client, json_answer, send};

#[tokio::test]
async fn a_link_takes_what_was_sent_and_what_came() {
    let created =
        json_answer("201 Created", &["X-Note: as sent"], r#"{"job": {"id": 9007199254740993, "x": 1}}"#);
    let versions = json_answer("200 OK", &[], "{}");
    let server = Server::start([vec![Step::Send(created)], vec![Step::Send(versions)]]).await;
    let mut call = filled(&client(&server), &CREATE_JOB);
    call.json(&json!({}));
    let response = send(call).await.unwrap();
    send(response.follow(&CREATED_TO_VERSIONS)).await.unwrap();
    let requests = server.requests();
    assert!(
        requests[1].starts_with("GET /v1/7/jobs/9007199254740993/versions?note=as%20sent HTTP/1.1\r\n"),
        "{}",
        requests[1]
    );
}

#[tokio::test]
async fn a_link_takes_constants_and_the_time_allowed() {
    let (core, transport) = fake_client([Reply::answer(200, ""), Reply::Hangs]);
    let mut call = filled(&core, &DELETE_JOB);
    call.timeout(std::time::Duration::from_secs(2));
    let response = send(call).await.unwrap();
    send(response.follow(&DELETED_TO_VERSIONS)).await.unwrap_err();
    assert_eq!(transport.paths()[1], "/v1/7/jobs/7/versions?note=polling");
    assert_eq!(transport.elapsed().as_secs(), 2);
}

#[tokio::test]
async fn a_value_that_did_not_come_is_missed_when_the_call_is_made() {
    for body in ["{}", r#"{"job": {"id": null}}"#, r#"{"job": {"id": {}}}"#, "{\"job\""] {
        let (core, _) = fake_client([Reply::answer(201, body)]);
        let response = filled(&core, &CREATE_JOB).send(|answer| answer.text(), |_| None::<()>).await.unwrap();
        let error = send(response.follow(&CREATED_TO_VERSIONS)).await.unwrap_err();
        assert_eq!(error.to_string(), "listVersions: `job_id` is required and not set", "{body}");
    }
}

#[tokio::test]
async fn a_body_that_no_link_needs_is_not_kept() {
    let (core, _) = fake_client([Reply::answer(200, r#"{"job": {"id": 9}}"#)]);
    let response = send(filled(&core, &DELETE_JOB)).await.unwrap();
    let error = send(response.follow(&CREATED_TO_VERSIONS)).await.unwrap_err();
    assert_eq!(error.to_string(), "listVersions: `job_id` is required and not set");
}
