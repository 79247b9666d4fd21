//! The bytes of request bodies, of each kind.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use clientsmith_runtime::auth::Credential;
use clientsmith_runtime::huawei::AkSk;
use clientsmith_runtime::{
    Bytes, Call, ErrorKind, File, FormField, FormStyle, Multipart, RequestBody, RetryPolicy, Settings,
};
use futures_core::Stream;
use serde_json::json;

use crate::support::api::{API, SIGNATURE, SIGNED_UPLOAD, UPLOAD};
use crate::support::{Server, Step, client, json_answer, send};

/// What the server gets of a call: its media type, how its length is told, and its body.
async fn sent(change: impl AsyncFnOnce(&mut Call)) -> (String, String, String) {
    let server = Server::start([vec![Step::Send(json_answer("200 OK", &[], "{}"))]]).await;
    let mut call = Call::new(&client(&server), &UPLOAD);
    change(&mut call).await;
    send(call).await.unwrap();
    let request = server.request();
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let header = |name: &str| {
        let mut lines = head.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        lines.next().unwrap_or_default().to_owned()
    };
    let length = match header("content-length") {
        length if length.is_empty() => header("transfer-encoding"),
        length => length,
    };
    (header("content-type"), length, body.to_owned())
}

fn expected(media_type: &str, length: &str, body: &str) -> (String, String, String) {
    (media_type.to_owned(), length.to_owned(), body.to_owned())
}

/// A stream of prepared pieces.
struct Pieces(std::vec::IntoIter<Result<&'static str, io::Error>>);

impl Stream for Pieces {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.next().map(|piece| piece.map(Bytes::from)))
    }
}

fn pieces(pieces: Vec<Result<&'static str, io::Error>>) -> RequestBody {
    RequestBody::stream(Pieces(pieces.into_iter()))
}

#[tokio::test]
async fn bytes_and_text_are_sent_as_they_are() {
    let octets = "application/octet-stream";
    let text = sent(async |call: &mut Call| call.text("a\r\nb\0é")).await;
    assert_eq!(text, expected(octets, "7", "a\r\nb\0é"));
    let bytes = sent(async |call: &mut Call| call.body(vec![b'a', b'b'])).await;
    assert_eq!(bytes, expected(octets, "2", "ab"));
    let empty = sent(async |call: &mut Call| call.body(RequestBody::empty())).await;
    assert_eq!(empty, expected(octets, "0", ""));
}

#[tokio::test]
async fn the_body_goes_before_the_call_and_that_before_the_description_in_saying_the_media_type() {
    let of_call = sent(async |call: &mut Call| {
        call.content_type("application/xml");
        call.text("<a/>");
    });
    assert_eq!(of_call.await, expected("application/xml", "4", "<a/>"));
    let of_body = sent(async |call: &mut Call| {
        call.content_type("image/*");
        call.body(RequestBody::from("png").with_content_type("image/png"));
    });
    assert_eq!(of_body.await, expected("image/png", "3", "png"));
}

#[tokio::test]
async fn a_form_is_encoded_property_by_property() {
    let fields = &[FormField { name: "ids", style: FormStyle::Commas, allow_reserved: false }];
    let form = sent(async |call: &mut Call| {
        call.form(&json!({"name": "a b&c", "ids": [1, 2], "other": ["x", "y"]}), fields);
    });
    let body = "ids=1,2&name=a+b%26c&other=x&other=y";
    assert_eq!(form.await, expected("application/octet-stream", "36", body));
}

#[tokio::test]
async fn a_stream_is_sent_in_chunks_or_with_its_length() {
    let chunked = sent(async |call: &mut Call| call.body(pieces(vec![Ok("abc"), Ok("de")]))).await;
    let octets = "application/octet-stream";
    assert_eq!(chunked, expected(octets, "chunked", "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"));
    let known =
        sent(async |call: &mut Call| call.body(pieces(vec![Ok("abc"), Ok("de")]).with_length(5))).await;
    assert_eq!(known, expected(octets, "5", "abcde"));
}

#[tokio::test]
async fn a_file_is_sent_with_its_length_as_often_as_it_is_asked_for() {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("a-file-to-send");
    std::fs::write(&path, "what it holds").unwrap();
    let file = RequestBody::file(&path).await.unwrap();
    for _ in 0..2 {
        let body = sent(async |call: &mut Call| call.body(file.clone())).await;
        assert_eq!(body, expected("application/octet-stream", "13", "what it holds"));
    }
    let open = tokio::fs::File::open(&path).await.unwrap();
    let body = sent(async |call: &mut Call| call.body(RequestBody::open_file(open))).await;
    assert_eq!(body, expected("application/octet-stream", "chunked", "D\r\nwhat it holds\r\n0\r\n\r\n"));
    assert!(RequestBody::file("/no/such/file").await.is_err());
    assert!(RequestBody::file("/").await.is_err());
}

#[tokio::test]
async fn parts_are_sent_one_after_the_other() {
    let (media_type, length, body) = sent(async |call: &mut Call| {
        let mut parts = Multipart::new();
        parts.value("title", None, &"a \"b\"\r\nc");
        parts.value("count", None, &3);
        parts.value("address", None, &json!({"city": "x"}));
        parts.value("encoded", Some("application/json"), &"y");
        parts.file("file", Some("image/png"), File::from("png").file_name("a\"b.png"));
        parts.file("more", None, pieces(vec![Ok("str"), Ok("eam")]).with_length(6).into());
        call.multipart("multipart/form-data", parts);
    })
    .await;
    let boundary = media_type.strip_prefix("multipart/form-data; boundary=").unwrap();
    let part = |head: &str, body: &str| {
        format!("--{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n{body}\r\n")
    };
    let all = [
        part("name=\"title\"", "a \"b\"\r\nc"),
        part("name=\"count\"", "3"),
        part("name=\"address\"\r\nContent-Type: application/json", "{\"city\":\"x\"}"),
        part("name=\"encoded\"\r\nContent-Type: application/json", "\"y\""),
        part("name=\"file\"; filename=\"a%22b.png\"\r\nContent-Type: image/png", "png"),
        part("name=\"more\"; filename=\"more\"\r\nContent-Type: application/octet-stream", "stream"),
        format!("--{boundary}--\r\n"),
    ];
    assert_eq!(body, all.concat());
    assert_eq!(length, body.len().to_string());
}

#[tokio::test]
async fn a_body_that_cannot_be_written_is_not_sent() {
    let server = Server::start([]).await;
    let core = client(&server);
    let mut form = Call::new(&core, &UPLOAD);
    form.form(&[1, 2], &[]);
    let mut parts = Call::new(&core, &UPLOAD);
    let mut broken = Multipart::new();
    broken.value("part", Some("a\nb"), &1);
    parts.multipart("multipart/form-data", broken);
    for (call, detail) in [
        (form, "upload: the body cannot be written: a form is written from an object"),
        (
            parts,
            "upload: the body cannot be written: the part `part`: a media type cannot contain a line break",
        ),
    ] {
        let error = send(call).await.unwrap_err();
        assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::InvalidCall, detail));
    }
}

#[tokio::test]
async fn a_stream_is_sent_once() {
    let server = Server::start([vec![Step::Send(json_answer("200 OK", &[], "{}"))]]).await;
    let mut call = Call::new(&client(&server), &UPLOAD);
    call.body(pieces(vec![Ok("abc")]));
    send(call.clone()).await.unwrap();
    let error = send(call).await.unwrap_err();
    assert_eq!(error.to_string(), "upload: the body is a stream that has been sent already");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_stream_that_breaks_breaks_the_call() {
    let server = Server::start([vec![Step::Hang]]).await;
    let mut call = Call::new(&client(&server), &UPLOAD);
    call.body(pieces(vec![Ok("abc"), Err(io::Error::other("the disk is gone"))]));
    let error = send(call).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert!(error.to_string().contains("the disk is gone"), "{error}");
}

#[tokio::test]
async fn a_body_that_is_not_in_memory_is_sent_and_not_signed() {
    let server = Server::start([vec![Step::Send(json_answer("200 OK", &[], "{}"))]]).await;
    let mut settings = Settings::new(&API);
    settings.endpoint(server.url());
    let key = AkSk::new("AKFAKEEXAMPLE0000009", "fake-secret-for-tests-only").unwrap();
    settings.credential(Credential::new(SIGNATURE, key));
    let mut call = Call::new(&settings.build().unwrap(), &SIGNED_UPLOAD);
    call.body(pieces(vec![Ok("{}")]).with_length(2));
    send(call).await.unwrap();
    let request = server.request();
    assert!(request.contains("x-sdk-content-sha256: UNSIGNED-PAYLOAD\r\n"), "{request}");
    assert!(request.contains("x-sdk-content-sha256;x-sdk-date"), "{request}");
    assert!(request.ends_with("\r\n\r\n{}"), "{request}");
}

/// Pieces of a large file, each of which counts how many there are at a time.
struct Large {
    left: usize,
    alive: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
}

const PIECE: usize = 64 * 1024;

struct Counted(Vec<u8>, Arc<AtomicUsize>);

impl AsRef<[u8]> for Counted {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.1.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Stream for Large {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        self.left -= 1;
        let alive = self.alive.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(alive, Ordering::SeqCst);
        let piece = Counted(vec![b'x'; PIECE], Arc::clone(&self.alive));
        Poll::Ready(Some(Ok(Bytes::from_owner(piece))))
    }
}

#[tokio::test]
async fn a_large_stream_is_not_held_in_memory() {
    let server = Server::start([vec![Step::Send(json_answer("200 OK", &[], "{}"))]]).await;
    let most = Arc::new(AtomicUsize::new(0));
    let large = Large { left: 200, alive: Arc::default(), most: Arc::clone(&most) };
    let mut call = Call::new(&client(&server), &UPLOAD);
    call.body(RequestBody::stream(large).with_length(200 * PIECE as u64));
    send(call).await.unwrap();
    assert!(server.request().len() > 200 * PIECE);
    let most = most.load(Ordering::SeqCst);
    assert!((1..50).contains(&most), "{most} of 200 pieces at a time");
}

#[tokio::test]
async fn progress_is_told_of_each_attempt_anew() {
    let server = Server::start([
        vec![Step::Send(json_answer("503 Service Unavailable", &[], "{}"))],
        vec![Step::Send(json_answer("200 OK", &[], "{}"))],
    ])
    .await;
    let told = Arc::new(Mutex::new(Vec::new()));
    let keep = Arc::clone(&told);
    let body = RequestBody::from(vec![b'x'; PIECE + 1])
        .on_progress(move |sent, length| keep.lock().unwrap().push((sent, length)));
    let mut call = Call::new(&client(&server), &UPLOAD);
    call.body(body);
    call.retry(RetryPolicy::standard().base(Duration::from_millis(1)).idempotent(true));
    send(call).await.unwrap();
    let (piece, length) = (PIECE as u64, Some(PIECE as u64 + 1));
    let once = [(piece, length), (piece + 1, length)];
    assert_eq!(*told.lock().unwrap(), [once, once].concat());
    assert!(server.requests()[1].contains("content-length: 65537\r\n"));
}

#[tokio::test]
async fn progress_of_a_part_counts_the_part() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let keep = Arc::clone(&told);
    let (_, length, body) = sent(async |call: &mut Call| {
        let file = pieces(vec![Ok("str"), Ok("eam")])
            .on_progress(move |sent, length| keep.lock().unwrap().push((sent, length)));
        let mut parts = Multipart::new();
        parts.text("title", None, "x");
        parts.file("file", None, file.into());
        call.multipart("multipart/form-data", parts);
    })
    .await;
    assert_eq!(length, "chunked");
    assert!(body.contains("stream") || body.contains("str\r\n"), "{body}");
    assert_eq!(*told.lock().unwrap(), [(3, None), (6, None)]);
}

#[tokio::test]
async fn a_stream_is_not_asked_for_more_than_the_connection_takes() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut settings = Settings::new(&API);
    settings.endpoint(format!("http://{}", listener.local_addr().unwrap()));
    let sent = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&sent);
    let large = Large { left: 1000, alive: Arc::default(), most: Arc::default() };
    let mut call = Call::new(&settings.build().unwrap(), &UPLOAD);
    call.body(RequestBody::stream(large).with_length(1000 * PIECE as u64).on_progress(move |_, _| {
        count.fetch_add(1, Ordering::SeqCst);
    }));
    let call = tokio::spawn(send(call));
    // The server takes the connection, and nothing of what comes.
    let (connection, _) = listener.accept().await.unwrap();
    let mut before = usize::MAX;
    while before != sent.load(Ordering::SeqCst) {
        before = sent.load(Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    // What fits into the buffers of the connection, some MB of the 62, and not more.
    assert!((1..400).contains(&before), "{before} of 1000 pieces without a reader");
    drop(connection);
    assert!(call.await.unwrap().is_err());
}

/// Values, between which nothing may come for a while.
struct Values(std::vec::IntoIter<Option<serde_json::Value>>);

impl Stream for Values {
    type Item = serde_json::Value;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match self.0.next() {
            Some(Some(value)) => Poll::Ready(Some(value)),
            Some(None) => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
            None => Poll::Ready(None),
        }
    }
}

#[tokio::test]
async fn values_are_sent_as_lines_of_json() {
    let values = [json!({"a": "b\nc"}), json!([1, 2]), json!(null)];
    let body = "{\"a\":\"b\\nc\"}\n[1,2]\nnull\n";
    let octets = "application/octet-stream";
    let known = sent(async |call: &mut Call| call.body(RequestBody::json_lines(&values).unwrap())).await;
    assert_eq!(known, expected(octets, "24", body));
    let [a, b, c] = values;
    let stream = Values(vec![Some(a), Some(b), None, Some(c), None].into_iter());
    let streamed = sent(async |call: &mut Call| call.body(RequestBody::json_lines_stream(stream))).await;
    let chunks = "13\r\n{\"a\":\"b\\nc\"}\n[1,2]\n\r\n5\r\nnull\n\r\n0\r\n\r\n";
    assert_eq!(streamed, expected(octets, "chunked", chunks));
    assert!(RequestBody::json_lines([std::collections::BTreeMap::from([((), 1)])]).is_err());
    let none = sent(async |call: &mut Call| call.body(RequestBody::json_lines([(); 0]).unwrap())).await;
    assert_eq!(none, expected(octets, "0", ""));
}
