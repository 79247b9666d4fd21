//! Streams of events that break, or end, and are connected anew.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use clientsmith_runtime::auth::{Attempt, AuthError, Authenticate, Credential};
use clientsmith_runtime::http::HeaderValue;
use clientsmith_runtime::operation::Operation;
use clientsmith_runtime::transport::TransportErrorKind;
use clientsmith_runtime::{
    BoxFuture, Call, Core, Events, Incoming, Response, RetryPolicy, Settings, StreamError,
};

use crate::support::api::{API, EVENTS, TOKEN};
use crate::support::{FakeTransport, Reply, Server, Step, failure, retrying_client};

const LISTEN: &Operation = &EVENTS[0];
const CHAT: &Operation = &EVENTS[1];

fn head() -> Vec<(&'static str, String)> {
    vec![("content-type", "text/event-stream".to_owned())]
}

fn breaks(text: &str) -> Reply {
    Reply::Breaks(200, head(), text.to_owned())
}

fn ends(text: &str) -> Reply {
    Reply::With(200, head(), text.to_owned())
}

async fn open(core: &Core, operation: &'static Operation) -> Events<String> {
    let call = Call::new(core, operation);
    call.open(Incoming::text_events, failure).await.map(Response::into_inner).unwrap()
}

/// A stream by the standard policy.
async fn listen(replies: impl IntoIterator<Item = Reply>) -> (Events<String>, Arc<FakeTransport>) {
    let (core, transport) = retrying_client(RetryPolicy::standard(), replies);
    (open(&core, LISTEN).await, transport)
}

/// The events up to the end, or to an error.
async fn all(mut events: Events<String>) -> (String, Option<StreamError>) {
    let mut data = String::new();
    loop {
        match events.try_next().await {
            Ok(Some(event)) => data.push_str(&event.data),
            Ok(None) => return (data, None),
            Err(error) => {
                assert!(events.try_next().await.unwrap().is_none(), "it is over");
                return (data, Some(error));
            }
        }
    }
}

/// What each request said of the last event.
fn ids(transport: &FakeTransport) -> Vec<Option<String>> {
    let requests = transport.requests();
    let id = |name: &clientsmith_runtime::http::Request<_>| {
        name.headers().get("last-event-id").map(|id| String::from_utf8(id.as_bytes().to_vec()).unwrap())
    };
    requests.iter().map(id).collect()
}

fn id(id: &str) -> Option<String> {
    Some(id.to_owned())
}

#[tokio::test]
async fn a_stream_with_ids_goes_on_where_it_broke() {
    let (events, transport) = listen([
        breaks("retry: 1500\nid: 1\ndata: a\n\nid: 2\ndata: b\n\nid: 3\ndata: lost"),
        breaks("id: é\ndata: c\n\n"),
        ends("data: d\n\ndata: unfinished"),
    ])
    .await;
    let (data, error) = all(events).await;
    assert_eq!(data, "abcd");
    assert!(error.is_none(), "a stream that the server ends is over");
    assert_eq!(ids(&transport), [None, id("2"), id("é")], "what has not come whole has not come");
    assert_eq!(transport.elapsed(), Duration::from_secs(3), "the server said how long to wait");
}

#[tokio::test]
async fn without_ids_nothing_is_read_twice() {
    let (events, transport) = listen([breaks("data: a\n\n")]).await;
    let (data, error) = all(events).await;
    assert_eq!(data, "a");
    assert!(matches!(error, Some(StreamError::Broken(_))));
    assert_eq!(transport.requests().len(), 1);
}

#[tokio::test]
async fn what_is_not_repeated_is_not_connected_anew() {
    for policy in [None, Some(RetryPolicy::standard())] {
        let (core, transport) = retrying_client(RetryPolicy::standard(), [breaks("id: 1\ndata: a\n\n")]);
        let mut events = open(&core, CHAT).await;
        if let Some(policy) = policy {
            events = events.reconnect(policy);
        }
        assert!(matches!(all(events).await.1, Some(StreamError::Broken(_))));
        assert_eq!(transport.requests().len(), 1);
    }
    let replies = [breaks("id: 1\ndata: a\n\n"), ends("data: b\n\n"), Reply::answer(204, "")];
    let (core, transport) = retrying_client(RetryPolicy::standard(), replies);
    let events = open(&core, CHAT).await.reconnect(RetryPolicy::standard().idempotent(true));
    assert_eq!(all(events).await.0, "ab");
    assert_eq!(ids(&transport), [None, id("1"), id("1")]);
}

#[tokio::test]
async fn as_browsers_do_until_the_server_says_that_there_is_no_more() {
    let (events, transport) =
        listen([ends("data: a\n\n"), breaks("data: b\n\n"), ends(""), Reply::answer(204, "")]).await;
    let (data, error) = all(events.reconnect(RetryPolicy::standard())).await;
    assert_eq!((data.as_str(), error.is_none()), ("ab", true));
    assert_eq!(ids(&transport), [None, None, None, None]);
}

#[tokio::test]
async fn data_that_says_so_is_the_end() {
    let (core, transport) =
        retrying_client(RetryPolicy::standard(), [breaks("id: 1\ndata: 1\n\ndata: [DONE]\n\n")]);
    let call = Call::new(&core, LISTEN);
    let events = call.open(Incoming::events::<i64>, failure).await.unwrap().into_inner();
    let mut events = events.reconnect(RetryPolicy::standard());
    assert_eq!(events.try_next().await.unwrap().unwrap().data, 1);
    assert!(events.try_next().await.unwrap().is_none());
    assert!(events.try_next().await.unwrap().is_none());
    assert_eq!(transport.requests().len(), 1);
}

#[tokio::test]
async fn failures_in_a_row_come_to_an_end() {
    let fails = || Reply::Fails(TransportErrorKind::Connect);
    let (events, transport) =
        listen([breaks("id: 1\ndata: a\n\n"), fails(), ends("id: 2\ndata: b\n\n")]).await;
    assert_eq!(all(events).await.0, "ab", "one is outlasted");
    assert_eq!(transport.requests().len(), 3);
    let (events, transport) = listen([breaks("id: 1\ndata: a\n\n"), fails(), Reply::after(503, "5")]).await;
    let (_, error) = all(events).await;
    assert!(matches!(error, Some(StreamError::Refused(error)) if error.status().unwrap() == 503));
    assert_eq!(transport.requests().len(), 3, "three attempts since the last event");
    // Connections that bring nothing are failures too, and those that only end are no error.
    let (events, transport) = listen([ends("data: a\n\n"), ends(":\n\n"), ends("")]).await;
    let (data, error) = all(events.reconnect(RetryPolicy::standard())).await;
    assert_eq!((data.as_str(), error.is_none(), transport.requests().len()), ("a", true, 3));
    let (events, transport) = listen([breaks("id: 1\ndata: a\n\n")]).await;
    assert!(all(events.reconnect(RetryPolicy::off())).await.1.is_some());
    assert_eq!(transport.requests().len(), 1);
}

#[tokio::test]
async fn what_is_no_event_stream_is_an_error() {
    let page = || vec![("content-type", "text/html".to_owned())];
    for (reply, detail) in [
        (
            Reply::answer(404, "{}"),
            "it broke and could not go on: listen: refused; the body begins with `{}` (status 404)",
        ),
        (
            Reply::With(200, page(), "<p>".to_owned()),
            "it broke and could not go on: listen: `text/html` is not described for status 200; the body begins with `` (status 200)",
        ),
    ] {
        let (events, _) = listen([breaks("id: 1\ndata: a\n\n"), reply]).await;
        let error = all(events).await.1.unwrap();
        assert_eq!(error.to_string(), detail);
    }
}

#[tokio::test]
async fn the_budget_pays_for_breaks_and_events_give_back() {
    let one_by_one = || (1..30).map(|at| breaks(&format!("id: {at}\ndata: a\n\n")));
    let replies = one_by_one().chain([ends("")]);
    let (core, _) = retrying_client(RetryPolicy::standard().budget(5), replies);
    assert!(all(open(&core, LISTEN).await).await.1.is_none(), "each event gives back what it took");
    let (core, transport) = retrying_client(
        RetryPolicy::standard().budget(5).attempts(9),
        [breaks("id: 1\ndata: a\n\n"), breaks("")],
    );
    assert!(matches!(all(open(&core, LISTEN).await).await.1, Some(StreamError::Broken(_))));
    assert_eq!(transport.requests().len(), 2);
}

#[tokio::test]
async fn over_a_connection_that_is_lost() {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
    let chunk = |text: &str| format!("{:x}\r\n{text}\r\n", text.len());
    let first = format!("{head}{}", chunk("retry: 1\nid: 1\ndata: a\n\nid: 2\nda"));
    let second = format!("{head}{}0\r\n\r\n", chunk("data: b\n\n"));
    let server = Server::start([vec![Step::Send(first.into())], vec![Step::Send(second.into())]]).await;
    let mut settings = Settings::new(&API);
    settings.endpoint(server.url());
    let (data, error) = all(open(&settings.build().unwrap(), LISTEN).await).await;
    assert_eq!(data, "ab");
    assert!(error.is_none(), "{error:?}");
    let requests = server.requests();
    assert!(!requests[0].contains("last-event-id"));
    assert!(requests[1].contains("last-event-id: 1\r\n"), "{}", requests[1]);
}

/// Counts how often it is asked.
#[derive(Debug, Default)]
struct Counter(AtomicUsize);

impl Authenticate for Counter {
    fn authenticate<'a>(&'a self, attempt: Attempt<'a>) -> BoxFuture<'a, Result<(), AuthError>> {
        let count = HeaderValue::from(self.0.fetch_add(1, Ordering::SeqCst));
        attempt.request.headers.insert("x-count", count);
        Box::pin(async { Ok(()) })
    }
}

#[tokio::test]
async fn each_connection_is_authenticated_anew() {
    let transport = FakeTransport::new([breaks("id: 1\ndata: a\n\n"), ends("data: b\n\n")]);
    let mut settings = Settings::new(&API);
    settings.endpoint("https://api.example.com");
    settings.transport(transport.clone());
    settings.credential(Credential::new(TOKEN, Counter::default()));
    assert_eq!(all(open(&settings.build().unwrap(), LISTEN).await).await.0, "ab");
    let requests = transport.requests();
    let counts: Vec<_> = requests.iter().map(|request| &request.headers()["x-count"]).collect();
    assert_eq!(counts, ["0", "1"]);
}
