//! What a call bears besides its time: slow attempts, silence, and size.

use std::time::Duration;

use clientsmith_runtime::auth::{Attempt, AuthError, Authenticate, Credential};
use clientsmith_runtime::stream::StreamError;
use clientsmith_runtime::transport::TransportErrorKind;
use clientsmith_runtime::{
    BoxFuture, Call, Core, Download, Error, ErrorKind, Events, Incoming, Json, Limits, Lines, RetryPolicy,
    Settings,
};

use crate::support::api::{API, BY_METHOD, BY_TOKEN, DELETE_JOB, DOWNLOAD, TOKEN, filled};
use crate::support::{FakeTransport, Reply, Server, Step, client, failure, retrying_client, send};

const AT_ONCE: RetryPolicy = RetryPolicy::standard().base(Duration::ZERO);

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn ok() -> Reply {
    Reply::answer(200, "{}")
}

/// A client with limits, and its transport.
fn limited(
    limits: Limits,
    replies: impl IntoIterator<Item = Reply>,
) -> (Core, std::sync::Arc<FakeTransport>) {
    let transport = FakeTransport::new(replies);
    let mut settings = Settings::new(&API);
    settings.endpoint("https://api.example.com");
    settings.transport(transport.clone());
    settings.retry(AT_ONCE);
    settings.limits(limits);
    (settings.build().unwrap(), transport)
}

#[tokio::test]
async fn a_slow_attempt_is_made_again_within_the_time_of_the_call() {
    let limits = Limits::new().attempt_timeout(seconds(5));
    let [get, .., post, _] = &BY_METHOD;
    let half = || Reply::BodyHangs(200, "{".to_owned());
    for slow in [|| Reply::Hangs, half as fn() -> Reply] {
        let (core, transport) = limited(limits, [slow(), ok()]);
        send(filled(&core, get)).await.unwrap();
        assert_eq!((transport.elapsed(), transport.requests().len()), (seconds(5), 2));

        let (core, transport) = limited(limits, [slow(), slow(), slow()]);
        let error = send(filled(&core, get)).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 3));
        assert!(error.is_retryable() && error.to_string().contains("within the 5s of an attempt"), "{error}");
        assert!(error.to_string().contains("raise `Limits::attempt_timeout`"), "{error}");
        assert_eq!(transport.elapsed(), seconds(15));

        let (core, transport) = limited(limits, [slow(), slow(), slow()]);
        let mut call = filled(&core, get);
        call.timeout(seconds(12));
        let error = send(call).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 3));
        assert!(error.to_string().contains("within 12s: raise `timeout`"), "{error}");
        assert_eq!(transport.elapsed(), seconds(12), "the time of the call is a hard end");

        let (core, transport) = limited(limits, [slow()]);
        let error = send(filled(&core, post)).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts(), error.is_retryable()), (ErrorKind::Timeout, 1, false));
        assert!(error.is_transient());
        assert_eq!(transport.elapsed(), seconds(5), "it may have been taken");
    }
}

#[tokio::test]
async fn a_call_says_what_it_bears_each_limit_by_itself() {
    let [get, ..] = &BY_METHOD;
    let client = Limits::new().attempt_timeout(seconds(5)).body(3);
    let (core, transport) = limited(client, [Reply::Hangs, Reply::answer(200, "[12]")]);
    let mut call = filled(&core, get);
    call.limits(Limits::new().attempt_timeout(seconds(7)));
    let error = send(call).await.unwrap_err();
    assert_eq!((error.kind(), transport.elapsed()), (ErrorKind::TooLarge, seconds(7)));

    let (core, transport) = limited(client, [Reply::Hangs, Reply::answer(200, "[12]")]);
    let mut call = filled(&core, get);
    call.limits(Limits::new().body(4));
    send(call).await.unwrap();
    assert_eq!(transport.elapsed(), seconds(5));
}

#[tokio::test]
async fn slow_attempts_take_from_the_budget_what_timeouts_take() {
    let [get, ..] = &BY_METHOD;
    let (core, transport) = retrying_client(AT_ONCE.budget(14), [Reply::Hangs, Reply::Hangs]);
    let mut call = filled(&core, get);
    call.limits(Limits::new().attempt_timeout(seconds(5)));
    assert_eq!(send(call).await.unwrap_err().attempts(), 2);
    assert_eq!(transport.requests().len(), 2);
}

/// Is stuck the first time.
#[derive(Debug, Default)]
struct SlowOnce(std::sync::atomic::AtomicBool);

impl Authenticate for SlowOnce {
    fn authenticate<'a>(&'a self, _: Attempt<'a>) -> BoxFuture<'a, Result<(), AuthError>> {
        if self.0.swap(true, std::sync::atomic::Ordering::SeqCst) {
            return Box::pin(std::future::ready(Ok(())));
        }
        Box::pin(std::future::pending())
    }
}

#[tokio::test]
async fn an_attempt_whose_credentials_were_too_slow_has_sent_nothing() {
    let transport = FakeTransport::new([ok()]);
    let mut settings = Settings::new(&API);
    settings.endpoint("https://api.example.com");
    settings.transport(transport.clone());
    settings.retry(AT_ONCE);
    settings.limits(Limits::new().attempt_timeout(seconds(5)));
    settings.credential(Credential::new(TOKEN, SlowOnce::default()));
    send(filled(&settings.build().unwrap(), &BY_TOKEN)).await.unwrap();
    assert_eq!((transport.elapsed(), transport.requests().len()), (seconds(5), 1), "a POST");
}

#[tokio::test]
async fn a_body_that_falls_silent_is_asked_for_again() {
    let [get, ..] = &BY_METHOD;
    let silent = || Reply::BodyHangs(200, "[1".to_owned());
    let (core, transport) = limited(Limits::new().stall_timeout(seconds(4)), [silent(), ok()]);
    send(filled(&core, get)).await.unwrap();
    assert_eq!(transport.elapsed(), seconds(4));

    let (core, transport) = limited(Limits::new().stall_timeout(Duration::MAX), [silent()]);
    let error = send(filled(&core, get)).await.unwrap_err();
    assert_eq!((error.kind(), transport.elapsed()), (ErrorKind::Timeout, seconds(60)));

    let limits = Limits::new().attempt_timeout(seconds(3)).stall_timeout(seconds(4));
    let (core, transport) = limited(limits, [silent(), ok()]);
    send(filled(&core, get)).await.unwrap();
    assert_eq!(transport.elapsed(), seconds(3), "what ends first");
}

/// A body that begins and falls silent.
async fn streamed<T: Send + 'static>(
    limits: Limits,
    media_type: &str,
    start: &str,
    open: fn(&mut Incoming) -> Result<T, clientsmith_runtime::DecodeError>,
) -> (T, std::sync::Arc<FakeTransport>) {
    let (core, transport) = limited(limits, [Reply::StreamHangs(media_type.to_owned(), start.to_owned())]);
    let outcome: Result<_, Error<Json>> = Call::new(&core, &DOWNLOAD).open(open, failure).await;
    (outcome.unwrap().into_inner(), transport)
}

#[tokio::test]
async fn streams_that_fall_silent_end_in_an_error_that_says_so() {
    let bytes = "application/octet-stream";
    let (mut download, transport) = streamed(Limits::new(), bytes, "ab", Incoming::download).await;
    assert_eq!(download.try_next().await.unwrap().unwrap(), "ab");
    let error = download.try_next().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "nothing came of the body for 30s: raise `Limits::stall_timeout` if the server may be silent for longer"
    );
    assert!(matches!(&error, StreamError::Stalled(error) if error.kind == TransportErrorKind::Stalled));
    assert_eq!(transport.elapsed(), seconds(30));
    assert!(download.try_next().await.unwrap().is_none(), "it is over");

    let (download, transport) =
        streamed(Limits::new().stall_timeout(seconds(3)), bytes, "ab", Incoming::download).await;
    assert!(matches!(download.collect(10).await, Err(StreamError::Stalled(_))));
    assert_eq!(transport.elapsed(), seconds(3));

    let (download, transport) = streamed(Limits::new(), bytes, "ab", Incoming::download).await;
    let download: Download = download.stall_timeout(seconds(2));
    assert!(matches!(download.collect(10).await, Err(StreamError::Stalled(_))));
    assert_eq!(transport.elapsed(), seconds(2));
}

#[tokio::test]
async fn events_and_lines_may_be_silent_for_longer_than_bytes() {
    let event = "data: 1\n\n";
    for (limits, own, waited) in [
        (Limits::new(), None, 300),
        (Limits::new().stall_timeout(seconds(1)), None, 300),
        (Limits::new().idle_timeout(seconds(9)), None, 9),
        (Limits::new().idle_timeout(seconds(9)), Some(seconds(7)), 7),
    ] {
        let (events, transport) = streamed(limits, "text/event-stream", event, Incoming::events::<u8>).await;
        let mut events: Events<u8> = match own {
            Some(own) => events.idle_timeout(own),
            None => events,
        };
        assert_eq!(events.try_next().await.unwrap().unwrap().data, 1);
        let error = events.try_next().await.unwrap_err();
        assert!(
            matches!(error, StreamError::Stalled(_)) && error.to_string().contains("idle_timeout"),
            "{error}"
        );
        assert_eq!(transport.elapsed(), seconds(waited));

        let (lines, transport) = streamed(limits, "application/x-ndjson", "1\n", Incoming::lines::<u8>).await;
        let mut lines: Lines<u8> = match own {
            Some(own) => lines.idle_timeout(own),
            None => lines,
        };
        assert_eq!(lines.try_next().await.unwrap(), Some(1));
        assert!(matches!(lines.try_next().await, Err(StreamError::Stalled(_))));
        assert_eq!(transport.elapsed(), seconds(waited));
    }
}

#[tokio::test]
async fn a_server_that_drips_is_not_silent() {
    let head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n".to_vec();
    let mut script = vec![Step::Send(head)];
    for byte in b"[12345678]" {
        script.extend([Step::Wait(Duration::from_millis(60)), Step::Send(vec![*byte])]);
    }
    let server = Server::start([script]).await;
    let mut call = filled(&client(&server), &DELETE_JOB);
    call.limits(Limits::new().stall_timeout(Duration::from_millis(300)));
    assert_eq!(send(call).await.unwrap().into_inner().text(), "[12345678]");
}

#[tokio::test]
async fn a_reader_that_takes_its_time_is_not_taken_for_a_silent_server() {
    let head =
        b"HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\ncontent-length: 2\r\n\r\na".to_vec();
    let pause = Duration::from_millis(250);
    let server = Server::start([vec![Step::Send(head), Step::Wait(pause), Step::Send(b"b".to_vec())]]).await;
    let mut call = filled(&client(&server), &DOWNLOAD);
    call.limits(Limits::new().stall_timeout(Duration::from_millis(150)));
    let outcome: Result<_, Error<Json>> = call.open(Incoming::download, failure).await;
    let mut download = outcome.unwrap().into_inner();
    assert_eq!(download.try_next().await.unwrap().unwrap(), "a");
    tokio::time::sleep(2 * pause).await;
    assert_eq!(download.try_next().await.unwrap().unwrap(), "b");
    assert_eq!(download.try_next().await.unwrap(), None);
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_not_read_to_its_end() {
    let limit = Limits::new().body(10);
    for (status, body, is_ok) in
        [(200, "[1234567]", true), (200, "[12345678]", true), (200, "[123456789]", false)]
    {
        let (core, transport) = limited(limit, [Reply::answer(status, body)]);
        let outcome = send(filled(&core, &DELETE_JOB)).await;
        assert_eq!(outcome.is_ok(), is_ok, "{body}");
        if let Err(error) = outcome {
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::TooLarge, 1));
            assert!(!error.is_transient() && !error.is_retryable());
            assert_eq!(
                error.to_string(),
                "deleteJob: the body has more than 10 bytes, which is the limit: raise `Limits::body` if it may be larger \
                 (status 200)"
            );
        }
        assert_eq!(transport.requests().len(), 1);
    }
    let (core, _) = limited(Limits::new(), [Reply::answer(200, &format!("\"{}\"", "x".repeat(1 << 20)))]);
    send(filled(&core, &DELETE_JOB)).await.unwrap();
}

#[tokio::test]
async fn a_length_beyond_the_limit_is_refused_before_the_body_is_read() {
    let [get, head, ..] = &BY_METHOD;
    let long =
        || vec![Step::Send(b"HTTP/1.1 200 OK\r\ncontent-length: 268435457\r\n\r\n".to_vec()), Step::Hang];
    let server = Server::start([long(), long(), long()]).await;
    let error = send(filled(&client(&server), get)).await.unwrap_err();
    assert_eq!((error.kind(), error.raw_body()), (ErrorKind::TooLarge, &b""[..]));
    assert!(error.to_string().contains("more than 268435456 bytes"), "{error}");
    send(filled(&client(&server), head)).await.unwrap();

    let mut call = filled(&client(&server), get);
    call.limits(Limits::new().body(u64::MAX).stall_timeout(Duration::from_millis(50)));
    assert_eq!(send(call).await.unwrap_err().kind(), ErrorKind::Timeout, "it was read");
}

#[tokio::test]
async fn a_body_without_an_end_ends_at_the_limit() {
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000)).into_bytes();
    let mut script = vec![Step::Send(
        b"HTTP/1.1 500 Oops\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n".to_vec(),
    )];
    script.extend((0..64).map(|_| Step::Send(chunk.clone())));
    let server = Server::start([script]).await;
    let mut call = filled(&client(&server), &DELETE_JOB);
    call.limits(Limits::new().body(1_000_000));
    let error = send(call).await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::TooLarge, 500));
    assert_eq!(error.raw_body().len(), 64 * 1024, "an error keeps the beginning only");
}
