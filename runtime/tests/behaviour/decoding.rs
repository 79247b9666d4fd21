//! Bodies that are not what the description says.

use std::collections::BTreeMap;

use clientsmith_runtime::serde::de::DeserializeOwned;
use clientsmith_runtime::{Error, ErrorKind, Json, Response};

use crate::support::api::{DELETE_JOB, filled};
use crate::support::{Reply, answered, failure, fake_client, json_answer};

type Jobs = BTreeMap<String, Vec<BTreeMap<String, i64>>>;

async fn decoded<T: DeserializeOwned + Send + 'static>(body: &str) -> Result<Response<T>, Error> {
    let (core, _) = fake_client([Reply::answer(200, body)]);
    filled(&core, &DELETE_JOB).send(|answer| answer.json::<T>(), failure).await
}

async fn refused<T: DeserializeOwned + Send + 'static>(body: &str) -> String {
    let Err(error) = decoded::<T>(body).await else { panic!("{body:.100} was read") };
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.status().unwrap().as_u16(), 200);
    assert_eq!(error.raw_body(), &body.as_bytes()[..body.len().min(64 * 1024)]);
    assert!(!error.is_retryable());
    error.to_string()
}

#[tokio::test]
async fn another_shape_is_placed_by_a_pointer() {
    assert_eq!(
        refused::<Jobs>(r#"{"jobs": [{"id": 1}, {"i/d": "x"}]}"#).await,
        "deleteJob: the body has another shape than described at /jobs/1/i~1d: invalid type: string \"x\", expected i64 \
         at line 1 column 32; it begins with `{\"jobs\": [{\"id\": 1}, {\"i/d\": \"x\"}]}` (status 200)"
    );
    let message = refused::<Jobs>("[1]").await;
    assert!(message.starts_with("deleteJob: the body has another shape than described: invalid type"));
}

#[tokio::test]
async fn what_is_not_json_is_called_so() {
    let message = refused::<Jobs>("<html>\n<body>").await;
    assert_eq!(
        message,
        "deleteJob: the body is not JSON: expected value at line 1 column 1; it begins with `<html> <body>` (status 200)"
    );
    let message = refused::<Jobs>(r#"{"jobs": [{"id": 1"#).await;
    assert!(message.starts_with("deleteJob: the body is not JSON, or not all of it: EOF while"), "{message}");
    let message = refused::<Jobs>("").await;
    assert_eq!(message, "deleteJob: the body is empty, where JSON is described (status 200)");
}

#[tokio::test]
async fn an_undecodable_answer_tells_its_request_id() {
    let answer = json_answer("200 OK", &["X-Request-Id: r-1"], "oops");
    let error = answered(&DELETE_JOB, answer).await.unwrap_err();
    assert_eq!((error.kind(), error.request_id()), (ErrorKind::Decode, Some("r-1")));
}

#[tokio::test]
async fn enormous_numbers_are_errors_or_kept() {
    for number in ["1e400", "123456789012345678901234567890", "-99999999999999999999"] {
        refused::<Vec<i64>>(&format!("[{number}]")).await;
        let kept = decoded::<Json>(number).await.unwrap();
        assert_eq!(kept.text(), number);
    }
    refused::<Vec<f64>>("[1e400]").await;
}

#[tokio::test]
async fn deep_nesting_is_an_error_and_no_overflow() {
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    let message = refused::<serde_json::Value>(&deep).await;
    assert!(message.starts_with("deleteJob: the body is nested too deeply: "), "{message}");
    refused::<Json>(&deep).await;
    refused::<BTreeMap<String, Json>>(&format!(r#"{{"a": {deep}}}"#)).await;

    let (core, _) = fake_client([Reply::answer(400, &format!(r#"{{"error_code": "A", "deep": {deep}}}"#))]);
    let error = crate::support::send(filled(&core, &DELETE_JOB)).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Api, Some("A")));
    assert!(error.body().is_none());
}
