//! What may be repeated: nothing has its effect twice unless somebody has said that it does no harm.

use std::time::Duration;

use clientsmith_runtime::operation::Operation;
use clientsmith_runtime::transport::TransportErrorKind;
use clientsmith_runtime::{ErrorKind, RequestBody, RetryPolicy, Settings};
use futures_core::Stream;

use crate::support::api::{
    API, BY_METHOD, CREATE_JOB, KEYED_POST, REPEATABLE_POST, UNREPEATABLE_GET, UPLOAD, filled,
};
use crate::support::{Reply, Server, Step, json_answer, retrying_client, send};

const AT_ONCE: RetryPolicy = RetryPolicy::standard().base(Duration::ZERO);

fn ok() -> Reply {
    Reply::answer(200, "{}")
}

/// How many requests a call takes whose first attempt ends like this.
async fn requests(operation: &'static Operation, policy: RetryPolicy, first: Reply) -> usize {
    let (core, transport) = retrying_client(policy, [first, ok()]);
    let outcome = send(filled(&core, operation)).await;
    let requests = transport.requests().len();
    assert_eq!(outcome.is_ok(), requests == 2);
    if let Err(error) = outcome {
        assert!(!error.is_retryable() && error.is_transient(), "{error:?}");
    }
    requests
}

#[tokio::test]
async fn a_post_with_503_is_sent_once() {
    let server = Server::start([
        vec![Step::Send(json_answer("503 Service Unavailable", &["retry-after: 0"], ""))],
        vec![Step::Send(json_answer("200 OK", &[], "{}"))],
    ])
    .await;
    let mut settings = Settings::new(&API);
    settings.endpoint(server.url());
    settings.retry(AT_ONCE);
    let mut call = filled(&settings.build().unwrap(), &CREATE_JOB);
    call.json(&"body");
    let error = send(call).await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), error.attempts()), (503, 1));
    assert!(error.is_transient() && !error.is_retryable(), "it may pass, but who knows what was done");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn the_method_decides_where_nothing_is_said() {
    for operation in &BY_METHOD {
        let expected = if matches!(operation.id, "post" | "patch") { 1 } else { 2 };
        for first in [
            Reply::answer(503, ""),
            Reply::after(503, "0"),
            Reply::answer(429, ""),
            Reply::answer(500, ""),
            Reply::Fails(TransportErrorKind::Broken),
        ] {
            assert_eq!(requests(operation, AT_ONCE, first).await, expected, "{}", operation.id);
        }
        for nothing_done in [
            Reply::Fails(TransportErrorKind::Connect),
            Reply::Fails(TransportErrorKind::ConnectTimeout),
            Reply::after(429, "0"),
        ] {
            assert_eq!(requests(operation, AT_ONCE, nothing_done).await, 2, "{}", operation.id);
        }
    }
}

#[tokio::test]
async fn the_description_decides_before_the_method_and_the_caller_before_both() {
    let [get, .., post, _] = &BY_METHOD;
    for (operation, policy, expected) in [
        (&REPEATABLE_POST, AT_ONCE, 2),
        (&UNREPEATABLE_GET, AT_ONCE, 1),
        (&KEYED_POST, AT_ONCE, 2),
        (post, AT_ONCE.idempotent(true), 2),
        (get, AT_ONCE.idempotent(false), 1),
        (&REPEATABLE_POST, AT_ONCE.idempotent(false), 1),
        (&UNREPEATABLE_GET, AT_ONCE.idempotent(true), 2),
        (&KEYED_POST, AT_ONCE.idempotent(false), 1),
    ] {
        assert_eq!(requests(operation, policy, Reply::answer(503, "")).await, expected, "{}", operation.id);
        assert_eq!(requests(operation, policy, Reply::Fails(TransportErrorKind::Connect)).await, 2);
    }
}

#[tokio::test]
async fn an_idempotency_key_is_new_for_each_call_and_the_same_at_each_attempt() {
    let replies = [Reply::answer(503, ""), Reply::answer(502, ""), ok(), ok(), Reply::answer(503, ""), ok()];
    let (core, transport) = retrying_client(AT_ONCE, replies);
    let call = filled(&core, &KEYED_POST);
    send(call.clone()).await.unwrap();
    send(call.clone()).await.unwrap();
    let mut own = call;
    own.set_text(0, "the caller's");
    send(own).await.unwrap();
    let keys: Vec<String> = transport
        .requests()
        .iter()
        .map(|request| request.headers()["idempotency-key"].to_str().unwrap().to_owned())
        .collect();
    assert!(keys[0] == keys[1] && keys[1] == keys[2] && keys[2] != keys[3], "{keys:?}");
    assert_eq!(keys[0].len(), 36);
    assert_eq!(keys[4..], ["the caller's", "the caller's"]);
}

/// A stream of one piece.
struct Piece(Option<&'static str>);

impl Stream for Piece {
    type Item = std::io::Result<clientsmith_runtime::Bytes>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        std::task::Poll::Ready(self.0.take().map(|piece| Ok(piece.into())))
    }
}

#[tokio::test]
async fn a_body_is_sent_again_if_it_can_be() {
    let unavailable = || vec![Step::Send(json_answer("503 Service Unavailable", &[], ""))];
    let path = std::env::temp_dir().join(format!("clientsmith-retry-{}", std::process::id()));
    tokio::fs::write(&path, "content").await.unwrap();
    for (body, expected) in [
        (RequestBody::from("content"), 2),
        (RequestBody::file(&path).await.unwrap(), 2),
        (RequestBody::stream(Piece(Some("content"))), 1),
    ] {
        let server = Server::start([unavailable(), vec![Step::Send(json_answer("200 OK", &[], "{}"))]]).await;
        let mut settings = Settings::new(&API);
        settings.endpoint(server.url());
        settings.retry(AT_ONCE.idempotent(true));
        let mut call = filled(&settings.build().unwrap(), &UPLOAD);
        call.body(body);
        let outcome = send(call).await;
        assert_eq!(server.requests().len(), expected);
        assert!(server.requests().iter().all(|request| request.contains("content")));
        if let Err(error) = outcome {
            assert_eq!((expected, error.status().unwrap().as_u16()), (1, 503));
            assert!(error.is_transient() && !error.is_retryable());
        }
    }
    tokio::fs::remove_file(&path).await.unwrap();
}

#[tokio::test]
async fn what_cannot_be_sent_is_no_attempt() {
    let (core, transport) = retrying_client(AT_ONCE, []);
    let error = send(clientsmith_runtime::Call::new(&core, &CREATE_JOB)).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidCall, 0));
    assert!(transport.requests().is_empty() && !error.is_retryable());
}
