//! A service of `tower` as the transport: layers, readiness, bodies both ways, and what its errors mean.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use clientsmith_runtime::transport::{
    OperationId, OutgoingBody, TokioClock, TowerTransport, Transport, TransportErrorKind,
};
use clientsmith_runtime::{
    Bytes, Call, Core, Download, Error, ErrorKind, Json, RequestBody, RetryPolicy, Settings,
};
use http_body::{Body as _, Frame};
use tower::limit::ConcurrencyLimitLayer;
use tower::timeout::TimeoutLayer;
use tower::{Service, ServiceBuilder, service_fn};

use crate::support::{api, failure, send};

fn client(transport: impl Transport + 'static) -> Core {
    let mut settings = Settings::new(&api::API);
    settings.endpoint("https://api.example.com");
    settings.transport(Arc::new(transport));
    settings.retry(RetryPolicy::off());
    settings.build().unwrap()
}

/// The frames of a body, one after the other.
struct Frames(std::vec::IntoIter<Result<&'static str, &'static str>>);

impl Frames {
    fn new(frames: Vec<Result<&'static str, &'static str>>) -> Self {
        Self(frames.into_iter())
    }
}

impl http_body::Body for Frames {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        Poll::Ready(match self.0.next() {
            None => None,
            // Trailers are nothing of the body.
            Some(Ok("trailers")) => Some(Ok(Frame::trailers(http::HeaderMap::new()))),
            Some(Ok(text)) => Some(Ok(Frame::data(text.into()))),
            Some(Err(message)) => Some(Err(std::io::Error::other(message))),
        })
    }
}

/// The pieces of a request's body, and how many bytes were announced.
async fn pieces(mut body: OutgoingBody) -> (Vec<Bytes>, Option<u64>) {
    let (length, mut pieces) = (body.size_hint().exact(), Vec::new());
    while let Some(frame) = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        pieces.push(frame.unwrap().into_data().unwrap());
    }
    assert!(length.is_none() || body.is_end_stream());
    (pieces, length)
}

/// A stream of two pieces.
struct Two(u8);

impl futures_core::Stream for Two {
    type Item = std::io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0 += 1;
        Poll::Ready((self.0 <= 2).then(|| Ok(Bytes::from("ab"))))
    }
}

#[tokio::test]
async fn bodies_stream_both_ways_through_layers() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&seen);
    let service = service_fn(move |request: http::Request<OutgoingBody>| {
        let kept = Arc::clone(&kept);
        async move {
            let (head, body) = request.into_parts();
            let id = head.extensions.get::<OperationId>().unwrap().0;
            let pieces = pieces(body).await;
            kept.lock().unwrap().push((id, head.method.to_string(), pieces));
            let body = if id == "download" {
                vec![Ok("a"), Ok("bc"), Ok("trailers"), Ok("d")]
            } else {
                vec![Ok("1")]
            };
            let response = http::Response::builder().header("content-type", "application/octet-stream");
            Ok::<_, Infallible>(response.body(Frames::new(body)).unwrap())
        }
    });
    let layers = ServiceBuilder::new()
        .layer(ConcurrencyLimitLayer::new(1))
        .layer(TimeoutLayer::new(Duration::from_secs(30)))
        .service(service);
    let core = client(TowerTransport::new(layers, TokioClock::new()));
    for body in [RequestBody::from("abc"), RequestBody::stream(Two(0)), RequestBody::empty()] {
        let mut call = Call::new(&core, &api::UPLOAD);
        call.body(body);
        assert_eq!(send(call).await.unwrap().to_string(), "1");
    }
    let download: Result<_, Error<Json>> =
        Call::new(&core, &api::DOWNLOAD).open(|incoming| incoming.download(), failure).await;
    let mut download: Download = download.unwrap().into_inner();
    let mut came = Vec::new();
    while let Some(piece) = download.try_next().await.unwrap() {
        came.push(piece);
    }
    assert_eq!(came, ["a", "bc", "d"]);
    let seen = seen.lock().unwrap();
    let upload = |pieces: &[&'static str], length| {
        let pieces = pieces.iter().map(|piece| Bytes::from(*piece)).collect();
        ("upload", "POST".to_owned(), (pieces, length))
    };
    assert_eq!(seen[..3], [upload(&["abc"], Some(3)), upload(&["ab", "ab"], None), upload(&[], Some(0))]);
    assert_eq!(seen[3].0, "download");
}

/// A service that is ready at the third question only.
#[derive(Clone, Default)]
struct Hesitant {
    asked: usize,
    calls: Arc<AtomicUsize>,
}

impl Service<http::Request<OutgoingBody>> for Hesitant {
    type Response = http::Response<Frames>;
    type Error = Infallible;
    type Future = std::future::Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.asked += 1;
        if self.asked < 3 {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: http::Request<OutgoingBody>) -> Self::Future {
        assert_eq!(self.asked, 3);
        self.calls.fetch_add(1, Ordering::Relaxed);
        std::future::ready(Ok(http::Response::new(Frames::new(vec![Ok("1")]))))
    }
}

#[tokio::test]
async fn a_service_is_called_when_it_is_ready() {
    let service = Hesitant::default();
    let calls = Arc::clone(&service.calls);
    let core = client(TowerTransport::new(service, TokioClock::new()));
    for _ in 0..2 {
        send(Call::new(&core, &api::LIST_JOBS)).await.unwrap();
    }
    assert_eq!(calls.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn errors_of_a_service_are_what_it_says_they_are() {
    let refused = || std::io::Error::new(std::io::ErrorKind::ConnectionRefused, "refused");
    let service = service_fn(move |_: http::Request<OutgoingBody>| async move {
        Err::<http::Response<Frames>, _>(refused())
    });
    let transport = || TowerTransport::new(service, TokioClock::new());
    let error = send(Call::new(&client(transport()), &api::LIST_JOBS)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert_eq!(error.to_string(), "listJobs: the connection broke: refused");
    let classified = transport().classify(|error| {
        let kind = error.downcast_ref::<std::io::Error>()?.kind();
        (kind == std::io::ErrorKind::ConnectionRefused).then_some(TransportErrorKind::Connect)
    });
    let error = send(Call::new(&client(classified), &api::LIST_JOBS)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);

    let never = service_fn(|_: http::Request<OutgoingBody>| {
        std::future::pending::<Result<http::Response<Frames>, Infallible>>()
    });
    let limited = ServiceBuilder::new().layer(TimeoutLayer::new(Duration::from_millis(5))).service(never);
    let core = client(TowerTransport::new(limited, TokioClock::new()));
    let error = send(Call::new(&core, &api::LIST_JOBS)).await.unwrap_err();
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Transport, true));

    let broken = service_fn(|_: http::Request<OutgoingBody>| async {
        Ok::<_, Infallible>(http::Response::new(Frames::new(vec![Ok("[1"), Err("reset")])))
    });
    let core = client(TowerTransport::new(broken, TokioClock::new()));
    let error = send(Call::new(&core, &api::LIST_JOBS)).await.unwrap_err();
    assert_eq!(error.to_string(), "listJobs: the body ended too early: reset (status 200)");
    assert_eq!(error.raw_body(), b"[1");
}
