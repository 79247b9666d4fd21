//! What errors tell: the shapes in which APIs refuse, and what the network does.

use clientsmith_runtime::ErrorKind;

use crate::support::api::{DELETE_JOB, filled};
use crate::support::{Server, Step, answered, client, json_answer, send};

#[tokio::test]
async fn every_shape_of_refusal_is_understood() {
    for (status, headers, body, code, message, request_id) in [
        (
            "400 Bad Request",
            &["X-Request-Id: r-1"][..],
            r#"{"is_success": false, "error_message": "no such job", "error_code": "ModelArts.0105"}"#,
            Some("ModelArts.0105"),
            Some("no such job"),
            Some("r-1"),
        ),
        (
            "401 Unauthorized",
            &[],
            r#"{"error_code": "APIGW.0301", "error_msg": "Incorrect IAM authentication", "request_id": "r-2"}"#,
            Some("APIGW.0301"),
            Some("Incorrect IAM authentication"),
            Some("r-2"),
        ),
        (
            "403 Forbidden",
            &["x-request-id: r-3"],
            r#"{"errorCode": "X.1", "errorMsg": "no", "request_id": "the header goes first"}"#,
            Some("X.1"),
            Some("no"),
            Some("r-3"),
        ),
        ("409 Conflict", &[], r#"{"code": 17, "message": "busy"}"#, Some("17"), Some("busy"), None),
        (
            "400 Bad Request",
            &[],
            r#"{"error_code": "", "code": "B", "error_message": null, "message": "later ones count"}"#,
            Some("B"),
            Some("later ones count"),
            None,
        ),
    ] {
        let error = answered(&DELETE_JOB, json_answer(status, headers, body)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Api, "{body}");
        assert_eq!(error.status().unwrap().as_str(), &status[..3]);
        assert_eq!((error.code(), error.message(), error.request_id()), (code, message, request_id));
        assert_eq!(error.raw_body(), body.as_bytes());
        assert_eq!(error.body().unwrap().text(), body);
        assert_eq!(error.operation(), "deleteJob");
    }
}

#[tokio::test]
async fn a_body_that_says_failure_makes_a_success_an_error() {
    let body = r#"{"is_success": false, "error_message": "no\nsuch job", "error_code": "ModelArts.0105"}"#;
    let answer = json_answer("200 OK", &["X-Request-Id: r-1"], body);
    let error = answered(&DELETE_JOB, answer).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Api);
    assert_eq!(error.to_string(), "deleteJob: no such job (status 200, code ModelArts.0105, request id r-1)");
    assert_eq!(error.message(), Some("no\nsuch job"));
}

#[tokio::test]
async fn a_success_tells_its_request_id() {
    let answer = json_answer("200 OK", &["X-Request-Id: r-1"], r#"{"is_success": true}"#);
    let response = answered(&DELETE_JOB, answer).await.unwrap();
    assert_eq!((response.request_id(), response.status().as_u16()), (Some("r-1"), 200));
    assert_eq!(response.headers().get("content-type").unwrap(), "application/json");
    assert_eq!(response.into_inner().text(), r#"{"is_success": true}"#);
}

#[tokio::test]
async fn an_undocumented_status_keeps_what_came() {
    let answer = b"HTTP/1.1 502 Bad Gateway\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n<html>\r\nno</html>";
    let error = answered(&DELETE_JOB, *answer).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UndocumentedStatus);
    assert_eq!(
        error.to_string(),
        "deleteJob: an undocumented status; the body begins with `<html>  no</html>` (status 502)"
    );
    assert_eq!(error.headers().get("content-type").unwrap(), "text/html");
    assert_eq!(error.raw_body(), b"<html>\r\nno</html>");
    assert!(error.is_retryable() && error.body().is_none());
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Server::start([vec![Step::Send(json_answer("200 OK", &[], "{}"))]]).await;
    let location = format!("location: {}/", elsewhere.url());
    for status in ["302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let error = answered(&DELETE_JOB, json_answer(status, &[&location], "")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UndocumentedStatus);
        assert_eq!(error.headers().get("location").unwrap(), &location[10..]);
    }
    assert!(elsewhere.requests().is_empty());
}

#[tokio::test]
async fn statuses_and_codes_tell_whether_a_retry_can_help() {
    for (status, body, expected) in [
        ("429 Too Many Requests", "{}", true),
        ("408 Request Timeout", "{}", true),
        ("503 Service Unavailable", "", true),
        ("409 Conflict", r#"{"error_code": "ModelArts.2878"}"#, true),
        ("409 Conflict", r#"{"error_code": "ModelArts.0001"}"#, false),
        ("404 Not Found", "{}", false),
        ("501 Not Implemented", "", false),
    ] {
        let error = answered(&DELETE_JOB, json_answer(status, &[], body)).await.unwrap_err();
        assert_eq!(error.is_retryable(), expected, "{status} {body}");
    }
}

#[tokio::test]
async fn a_refused_connection_is_told_from_a_broken_one() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let mut settings = clientsmith_runtime::Settings::new(&crate::support::api::API);
    settings.endpoint(format!("http://{address}"));
    settings.retry(clientsmith_runtime::RetryPolicy::off());
    let error = send(filled(&settings.build().unwrap(), &DELETE_JOB)).await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Connect, None));
    assert!(error.is_retryable());
    assert!(error.to_string().starts_with("deleteJob: cannot connect to `http://127.0.0.1:"), "{error}");

    let error = answered(&DELETE_JOB, "").await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Transport, None));
    assert!(error.is_retryable());
    let error = answered(&DELETE_JOB, "SMTP ready\r\n\r\n").await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Transport, None));
}

#[tokio::test]
async fn a_truncated_body_is_an_error_with_what_had_come() {
    let answer = "HTTP/1.1 200 OK\r\nX-Request-Id: r-1\r\ncontent-length: 100\r\n\r\n{\"job\": ";
    let error = answered(&DELETE_JOB, answer).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert_eq!((error.status().unwrap().as_u16(), error.request_id()), (200, Some("r-1")));
    assert_eq!(error.raw_body(), b"{\"job\": ");
    assert!(error.is_retryable());
    assert!(error.to_string().starts_with("deleteJob: the body ended too early: "), "{error}");
    assert!(std::error::Error::source(&error).is_some());
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n8\r\n{\"job\": \r\n";
    let error = answered(&DELETE_JOB, chunked).await.unwrap_err();
    assert_eq!((error.kind(), error.raw_body()), (ErrorKind::Transport, &b"{\"job\": "[..]));
}

#[tokio::test]
async fn header_bytes_that_are_no_text_do_no_harm() {
    let mut answer = b"HTTP/1.1 400 Bad Request\r\nX-Request-Id: \xff\xfe\r\nx-\x6e: \x80\r\n".to_vec();
    answer.extend(b"connection: close\r\n\r\n{\"request_id\": \"from the body\"}");
    let error = answered(&DELETE_JOB, answer).await.unwrap_err();
    assert_eq!(error.request_id(), Some("from the body"));
    assert_eq!(error.headers().get("x-n").unwrap().as_bytes(), b"\x80");
}

#[tokio::test]
async fn an_error_keeps_the_beginning_of_a_long_body_and_shows_less() {
    let body = format!("<{}>", "x".repeat(200_000));
    let server = Server::start([vec![Step::Send(json_answer("400 Bad Request", &[], &body))]]).await;
    let error = send(filled(&client(&server), &DELETE_JOB)).await.unwrap_err();
    assert_eq!(error.raw_body(), &body.as_bytes()[..64 * 1024]);
    assert!(error.to_string().len() < 300 && format!("{error:?}").len() < 1000);
}
