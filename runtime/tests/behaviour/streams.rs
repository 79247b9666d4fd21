//! Answers that are read while they arrive.

use std::time::Duration;

use clientsmith_runtime::{
    Bytes, Call, Download, Error, ErrorKind, Events, Incoming, Json, Lines, Response, StreamError,
};
use tokio::sync::oneshot;

use crate::support::api::{DOWNLOAD, DOWNLOADED};
use crate::support::{Server, Step, client, failure};

/// What the answer chooses.
enum Chosen {
    Json(Json),
    Bytes(Download),
    Events(Events<Vec<i64>>),
    Lines(Lines<Vec<i64>>),
}

fn choose(answer: &mut Incoming) -> Result<Chosen, clientsmith_runtime::DecodeError> {
    match answer.media_type(DOWNLOADED) {
        Some(0) => answer.json().map(Chosen::Json),
        Some(1) => answer.download().map(Chosen::Bytes),
        Some(2) => answer.events().map(Chosen::Events),
        Some(3) => answer.lines().map(Chosen::Lines),
        _ => answer.unexpected_media_type(),
    }
}

async fn open(script: Vec<Step>) -> Result<Response<Chosen>, Error> {
    let server = Server::start([script]).await;
    let mut call = Call::new(&client(&server), &DOWNLOAD);
    call.timeout(Duration::from_secs(20));
    call.open(choose, failure).await
}

fn answer(media_type: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let mut answer = format!(
        "HTTP/1.1 200 OK\r\n{media_type}content-length: {}\r\nconnection: close\r\n\r\n",
        body.as_ref().len()
    )
    .into_bytes();
    answer.extend_from_slice(body.as_ref());
    answer
}

fn content_type(media_type: &str) -> String {
    format!("content-type: {media_type}\r\n")
}

#[tokio::test]
async fn the_media_type_chooses() {
    for (came, body, expected) in [
        ("application/json", "[1]", "json"),
        ("Application/JSON; charset=utf-8", "[1]", "json"),
        ("application/vnd.example+json", "[1]", "json"),
        ("application/octet-stream", "[1]", "bytes"),
        ("text/event-stream;charset=utf-8", "data: [1]\n\n", "events"),
        ("application/x-ndjson", "[1]\n", "lines"),
    ] {
        let response = open(vec![Step::Send(answer(&content_type(came), body))]).await.unwrap();
        let chosen = match response.into_inner() {
            Chosen::Json(_) => "json",
            Chosen::Bytes(_) => "bytes",
            Chosen::Events(_) => "events",
            Chosen::Lines(_) => "lines",
        };
        assert_eq!(chosen, expected, "{came}");
    }
    let without = open(vec![Step::Send(answer("", "[1]"))]).await.unwrap();
    assert!(matches!(&*without, Chosen::Json(json) if json.text() == "[1]"));
}

#[tokio::test]
async fn a_media_type_that_is_not_described_is_an_error_with_all_that_came() {
    let Err(error) = open(vec![Step::Send(answer(&content_type("text/html"), "<p>"))]).await else {
        panic!("no error");
    };
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(
        error.to_string(),
        "download: `text/html` is not described for status 200; the body begins with `<p>` (status 200)"
    );
    assert_eq!((error.raw_body(), error.headers().len()), (&b"<p>"[..], 3));
}

#[tokio::test]
async fn a_failure_is_not_a_stream() {
    let refused = b"HTTP/1.1 400 Bad Request\r\ncontent-type: application/octet-stream\r\ncontent-length: 8\r\n\r\n{\"a\": 1}";
    let Err(error) = open(vec![Step::Send(refused.to_vec())]).await else { panic!("no error") };
    assert_eq!((error.kind(), error.raw_body()), (ErrorKind::Api, &b"{\"a\": 1}"[..]));
    assert!(error.body().is_some());
}

async fn download(script: Vec<Step>) -> Download {
    match open(script).await.unwrap().into_inner() {
        Chosen::Bytes(download) => download,
        _ => panic!("no bytes"),
    }
}

#[tokio::test]
async fn bytes_arrive_before_the_answer_is_over() {
    let (go_on, signal) = oneshot::channel();
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\ncontent-length: 6\r\n\r\nabc";
    let script = vec![Step::Send(head.into()), Step::Await(signal), Step::Send(b"def".to_vec())];
    let mut download = download(script).await;
    assert_eq!((download.length(), download.content_type()), (Some(6), Some("application/octet-stream")));
    assert_eq!(download.try_next().await.unwrap(), Some(Bytes::from("abc")));
    go_on.send(()).unwrap();
    assert_eq!(download.collect(3).await.unwrap(), "def");
}

#[tokio::test]
async fn the_time_limit_of_the_call_covers_the_head_only() {
    let server = Server::start([vec![
        Step::Send(
            b"HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\ncontent-length: 2\r\n\r\na"
                .to_vec(),
        ),
        Step::Hang,
    ]])
    .await;
    let mut call = Call::new(&client(&server), &DOWNLOAD);
    call.timeout(Duration::from_secs(5));
    let response = call.open(choose, failure).await.unwrap();
    let Chosen::Bytes(mut download) = response.into_inner() else { panic!("no bytes") };
    assert_eq!(download.try_next().await.unwrap(), Some(Bytes::from("a")));
    let next = tokio::time::timeout(Duration::from_millis(50), download.try_next());
    assert!(next.await.is_err(), "the caller decides how long a piece may take");
}

#[tokio::test]
async fn more_bytes_than_allowed_are_not_collected() {
    let bytes = content_type("application/octet-stream");
    let download = download(vec![Step::Send(answer(&bytes, "abcdef"))]).await;
    assert!(matches!(download.collect(5).await, Err(StreamError::TooLong { limit: 5 })));
}

#[tokio::test]
async fn a_body_that_ends_early_is_an_error_after_what_came() {
    let short = "HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\ncontent-length: 6\r\n\r\nabc";
    let mut download = download(vec![Step::Send(short.into())]).await;
    assert_eq!(download.try_next().await.unwrap(), Some(Bytes::from("abc")));
    assert!(matches!(download.try_next().await, Err(StreamError::Broken(_))));
    assert!(matches!(download.try_next().await, Ok(None)));
}

#[tokio::test]
async fn a_large_answer_is_saved_piece_by_piece() {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("a-saved-answer");
    let bytes = content_type("application/octet-stream");
    let large = vec![b'x'; 8 * 1024 * 1024];
    let download = download(vec![Step::Send(answer(&bytes, &large))]).await;
    assert_eq!(download.save(&path).await.unwrap(), large.len() as u64);
    assert!(std::fs::read(&path).unwrap() == large);
}

#[tokio::test]
async fn events_arrive_one_by_one_and_a_bad_one_does_not_end_them() {
    let (go_on, signal) = oneshot::channel();
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";
    let script = vec![
        Step::Send(
            format!("{head}\u{feff}: hello\nretry: 10\nevent: add\nid: 1\ndata: [1,\ndata: 2]\n\n").into(),
        ),
        Step::Await(signal),
        Step::Send(b"data: no\n\ndata: [3]\n\ndata: [DONE]\n\ndata: [4]\n\n".to_vec()),
    ];
    let Chosen::Events(mut events) = open(script).await.unwrap().into_inner() else { panic!("no events") };
    let first = events.try_next().await.unwrap().unwrap();
    assert_eq!((first.event.as_str(), first.id.as_str(), first.data), ("add", "1", vec![1, 2]));
    assert_eq!((events.retry(), events.last_event_id()), (Some(Duration::from_millis(10)), "1"));
    go_on.send(()).unwrap();
    let error = events.try_next().await.unwrap_err();
    assert!(matches!(error, StreamError::Decode(_)));
    assert!(error.to_string().ends_with("it begins with `no`"), "{error}");
    assert_eq!(events.try_next().await.unwrap().unwrap().data, [3]);
    assert!(events.try_next().await.unwrap().is_none());
    assert!(events.try_next().await.unwrap().is_none());
}

#[tokio::test]
async fn an_event_without_end_is_given_up() {
    let endless = format!("data: {}", "x".repeat(2000));
    let script = vec![Step::Send(answer(&content_type("text/event-stream"), endless)), Step::Hang];
    let Chosen::Events(events) = open(script).await.unwrap().into_inner() else { panic!("no events") };
    let mut events = events.limit(1000);
    assert!(matches!(events.try_next().await, Err(StreamError::TooLong { limit: 1000 })));
    assert!(events.try_next().await.unwrap().is_none());
}

#[tokio::test]
async fn lines_arrive_one_by_one() {
    let body = "[1]\n\n[2,3]\r\nno\n[4]";
    let script = vec![Step::Send(answer(&content_type("application/x-ndjson"), body))];
    let Chosen::Lines(mut lines) = open(script).await.unwrap().into_inner() else { panic!("no lines") };
    assert_eq!(lines.try_next().await.unwrap(), Some(vec![1]));
    assert_eq!(lines.try_next().await.unwrap(), Some(vec![2, 3]));
    assert!(matches!(lines.try_next().await, Err(StreamError::Decode(_))));
    assert_eq!(lines.try_next().await.unwrap(), Some(vec![4]));
    assert_eq!(lines.try_next().await.unwrap(), None);
}

#[tokio::test]
async fn what_is_no_text_costs_one_line() {
    let body = b"[1]\n[\"\xff\"]\n[2] trailing\n\xef\xbb\xbf[3]\n[4]";
    let script = vec![Step::Send(answer(&content_type("application/x-ndjson"), body))];
    let Chosen::Lines(mut lines) = open(script).await.unwrap().into_inner() else { panic!("no lines") };
    assert_eq!(lines.try_next().await.unwrap(), Some(vec![1]));
    for _ in 0..3 {
        assert!(matches!(lines.try_next().await, Err(StreamError::Decode(_))));
    }
    assert_eq!(lines.try_next().await.unwrap(), Some(vec![4]));
    assert_eq!(lines.try_next().await.unwrap(), None);
}

#[tokio::test]
async fn a_line_without_end_is_given_up_after_what_came_before() {
    for (body, fits) in [("[1]\n[2,3,4,5]\n[6]\n", 1), ("[1]\n[2]\n[3,4,5,6,7", 2), ("", 0)] {
        let script = vec![Step::Send(answer(&content_type("application/x-ndjson"), body))];
        let Chosen::Lines(lines) = open(script).await.unwrap().into_inner() else { panic!("no lines") };
        let mut lines = lines.limit(8);
        for _ in 0..fits {
            assert!(lines.try_next().await.unwrap().is_some());
        }
        if !body.is_empty() {
            assert!(matches!(lines.try_next().await, Err(StreamError::TooLong { limit: 8 })));
        }
        assert!(lines.try_next().await.unwrap().is_none());
    }
}
