//! The time that a call may take, from its credentials to the last byte of its answer.

use std::time::Duration;

use clientsmith_runtime::auth::{Attempt, AuthError, Authenticate, Credential};
use clientsmith_runtime::{BoxFuture, ErrorKind, Settings};

use crate::support::api::{API, DELETE_JOB, SECURED, SIGNATURE, filled};
use crate::support::{FakeTransport, Reply, Server, Step, client, fake_client, send};

#[tokio::test]
async fn a_server_that_says_nothing_is_given_up() {
    let (core, transport) = fake_client([Reply::Hangs, Reply::Hangs]);
    let error = send(filled(&core, &DELETE_JOB)).await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Timeout, None));
    assert_eq!(error.to_string(), "deleteJob: no answer within 60s: raise `timeout` if it may take longer");
    assert!(error.is_retryable());
    assert_eq!(transport.elapsed(), Duration::from_secs(60));

    let mut call = filled(&core, &DELETE_JOB);
    call.timeout(Duration::from_secs(5));
    send(call).await.unwrap_err();
    assert_eq!(transport.elapsed(), Duration::from_secs(65));
}

#[tokio::test]
async fn a_body_that_does_not_end_is_given_up_and_kept_as_far_as_it_came() {
    let (core, transport) = fake_client([Reply::BodyHangs(200, r#"{"request_id": "r-1", "#.to_owned())]);
    let error = send(filled(&core, &DELETE_JOB)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(
        error.to_string(),
        "deleteJob: nothing came of the body for 30s: raise `Limits::stall_timeout` if the server may be silent for longer (status 200)"
    );
    assert_eq!(error.raw_body(), br#"{"request_id": "r-1", "#);
    assert!(error.is_retryable());
    assert_eq!(transport.elapsed(), Duration::from_secs(30));

    let (core, transport) = fake_client([Reply::BodyHangs(200, r#"{"a": "#.to_owned())]);
    let mut call = filled(&core, &DELETE_JOB);
    call.timeout(Duration::from_secs(20));
    let error = send(call).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "deleteJob: the body did not end within 20s: raise `timeout` if it may take longer (status 200)"
    );
    assert_eq!((error.kind(), transport.elapsed()), (ErrorKind::Timeout, Duration::from_secs(20)));
}

#[derive(Debug)]
struct Stuck;

impl Authenticate for Stuck {
    fn authenticate<'a>(&'a self, _: Attempt<'a>) -> BoxFuture<'a, Result<(), AuthError>> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test]
async fn credentials_that_do_not_come_are_given_up() {
    let transport = FakeTransport::new([]);
    let mut settings = Settings::new(&API);
    settings.transport(transport.clone());
    settings.timeout(Duration::from_secs(3));
    settings.credential(Credential::new(SIGNATURE, Stuck));
    let error = send(filled(&settings.build().unwrap(), &SECURED)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(
        error.to_string(),
        "getSecret: the credentials were not ready within 3s: raise `timeout` if it may take longer"
    );
    assert_eq!(transport.elapsed(), Duration::from_secs(3));
}

#[tokio::test]
async fn the_default_transport_keeps_to_the_time_as_well() {
    let head = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"a\"".to_vec();
    let server = Server::start([vec![Step::Hang], vec![Step::Send(head), Step::Hang]]).await;
    for (kept, status) in [(&b""[..], None), (&b"{\"a\""[..], Some(200))] {
        let mut call = filled(&client(&server), &DELETE_JOB);
        call.timeout(Duration::from_secs(1));
        let error = send(call).await.unwrap_err();
        assert_eq!((error.kind(), error.raw_body()), (ErrorKind::Timeout, kept));
        assert_eq!(error.status().map(|status| status.as_u16()), status);
    }
}
