//! A transport without a network, whose clock moves only when something waits for it.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use clientsmith_runtime::transport::{Body, Transport, TransportError, TransportErrorKind};
use clientsmith_runtime::{BoxFuture, Bytes, RequestBody};
use futures_core::Stream;

/// What becomes of a request.
pub(crate) enum Reply {
    /// An answer, all there at once.
    Answer(u16, String),
    /// The same with headers.
    With(u16, Vec<(&'static str, String)>, String),
    /// The head of an answer and the beginning of its body, and then nothing.
    BodyHangs(u16, String),
    /// The same with a media type.
    StreamHangs(String, String),
    /// The head of an answer and the beginning of its body, and then the connection breaks.
    Breaks(u16, Vec<(&'static str, String)>, String),
    /// Nothing at all.
    Hangs,
    /// The connection cannot be made, or breaks.
    Fails(TransportErrorKind),
}

impl Reply {
    pub(crate) fn answer(status: u16, body: &str) -> Self {
        Self::Answer(status, body.to_owned())
    }

    /// A refusal that says when to come back.
    pub(crate) fn after(status: u16, retry_after: &str) -> Self {
        Self::With(status, vec![("retry-after", retry_after.to_owned())], String::new())
    }
}

/// The transport. Its wall clock starts at 2024-01-01T00:00:00Z and moves with its other clock.
pub(crate) struct FakeTransport(Arc<Mutex<State>>);

struct State {
    clock: Duration,
    replies: VecDeque<Reply>,
    requests: Vec<http::Request<RequestBody>>,
}

impl FakeTransport {
    pub(crate) fn new(replies: impl IntoIterator<Item = Reply>) -> Arc<Self> {
        let state =
            State { clock: Duration::ZERO, replies: replies.into_iter().collect(), requests: Vec::new() };
        Arc::new(Self(Arc::new(Mutex::new(state))))
    }

    /// The requests so far.
    pub(crate) fn requests(&self) -> Vec<http::Request<RequestBody>> {
        self.0.lock().unwrap().requests.clone()
    }

    /// Paths and queries of the requests so far.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.requests().iter().map(|request| request.uri().path_and_query().unwrap().to_string()).collect()
    }

    /// How long everything took.
    pub(crate) fn elapsed(&self) -> Duration {
        self.0.lock().unwrap().clock
    }
}

impl Transport for FakeTransport {
    fn send(
        &self,
        request: http::Request<RequestBody>,
    ) -> BoxFuture<'static, Result<http::Response<Body>, TransportError>> {
        let mut state = self.0.lock().unwrap();
        state.requests.push(request);
        let reply = state.replies.pop_front().expect("a reply for each request");
        Box::pin(async move {
            let mut headers = Vec::new();
            let (status, body) = match reply {
                Reply::Answer(status, body) => (status, Body::full(body)),
                Reply::With(status, given, body) => {
                    headers = given;
                    (status, Body::full(body))
                }
                Reply::BodyHangs(status, start) => (status, Body::new(Stalling(Some(start.into())))),
                Reply::StreamHangs(media_type, start) => {
                    headers = vec![("content-type", media_type)];
                    (200, Body::new(Stalling(Some(start.into()))))
                }
                Reply::Breaks(status, given, start) => {
                    headers = given;
                    (status, Body::new(Breaking(Some(start.into()), false)))
                }
                Reply::Hangs => std::future::pending().await,
                Reply::Fails(kind) => return Err(TransportError::new(kind, "as prepared", None)),
            };
            let response = http::Response::builder().status(status);
            let response =
                headers.into_iter().fold(response, |response, (name, value)| response.header(name, value));
            Ok(response.body(body).unwrap())
        })
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let until = self.elapsed().saturating_add(duration);
        let state = Arc::clone(&self.0);
        // Who polls this has nothing else to do: time passes at once.
        Box::pin(async move {
            let mut state = state.lock().unwrap();
            state.clock = state.clock.max(until);
        })
    }

    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_704_067_200) + self.elapsed()
    }

    fn monotonic(&self) -> Duration {
        self.elapsed()
    }
}

struct Stalling(Option<Bytes>);

impl Stream for Stalling {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.take().map_or(Poll::Pending, |start| Poll::Ready(Some(Ok(start))))
    }
}

struct Breaking(Option<Bytes>, bool);

impl Stream for Breaking {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(start) = self.0.take() {
            return Poll::Ready(Some(Ok(start)));
        }
        let is_first = !std::mem::replace(&mut self.1, true);
        let error = || Err(TransportError::new(TransportErrorKind::Broken, "as prepared", None));
        Poll::Ready(is_first.then(error))
    }
}
