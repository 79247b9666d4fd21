//! Pages that are asked for ahead of their time.

use std::time::Duration;

use clientsmith_runtime::transport::TransportErrorKind;
use clientsmith_runtime::{Call, ErrorKind, Items, Json, Pages};

use super::{items, page};
use crate::support::api::{BY_PAGE, LIST_JOBS};
use crate::support::{Reply, Server, Step, client, failure, fake_client, json_answer};

const PAGES: [&str; 3] = [r#"{"jobs": [1, 2]}"#, r#"{"jobs": [3, 4]}"#, r#"{"jobs": [5]}"#];

/// Lets the server and the connections go on until there were that many requests.
async fn until_requests(server: &Server, count: usize) {
    let reached = async {
        while server.requests().len() < count {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), reached).await.unwrap();
}

#[tokio::test]
async fn the_next_request_is_sent_before_the_last_item_is_taken() {
    let (answer, wait) = tokio::sync::oneshot::channel();
    let first = r#"{"jobs": [1, 2, 3, 4], "total": 5}"#;
    let server = Server::start([
        vec![Step::Send(json_answer("200 OK", &[], first))],
        vec![Step::Await(wait), Step::Send(json_answer("200 OK", &[], PAGES[2]))],
    ])
    .await;
    let call = Call::new(&client(&server), &LIST_JOBS);
    let mut items = Items::<i64, Json>::new(call, &BY_PAGE, page, failure).prefetch();
    for item in 1..=3 {
        assert_eq!(items.try_next().await.unwrap(), Some(item), "it does not wait for the next page");
        // A new connection is made meanwhile, with each item a step further.
        for _ in 0..1_000 {
            tokio::task::yield_now().await;
        }
    }
    until_requests(&server, 2).await;
    assert_eq!(items.try_next().await.unwrap(), Some(4));
    answer.send(()).unwrap();
    assert_eq!(items.try_next().await.unwrap(), Some(5));
    assert_eq!(items.try_next().await.unwrap(), None);
    assert_eq!(server.requests().len(), 2, "a page is asked for once");
}

#[tokio::test]
async fn one_page_is_asked_for_ahead_and_not_more() {
    let (items, transport) = items(&BY_PAGE, None, None, &PAGES);
    let mut items = items.prefetch();
    let mut asked = Vec::new();
    while items.try_next().await.unwrap().is_some() {
        asked.push(transport.requests().len());
    }
    assert_eq!(asked, [2, 2, 3, 3, 3]);
}

#[tokio::test]
async fn pages_are_asked_for_ahead_too() {
    let (core, transport) = fake_client(PAGES.map(|page| Reply::answer(200, page)));
    let mut pages = Pages::<i64, Json>::new(Call::new(&core, &LIST_JOBS), &BY_PAGE, page, failure).prefetch();
    let first = pages.try_next().await.unwrap().unwrap();
    assert_eq!((first.items.as_slice(), transport.requests().len()), (&[1, 2][..], 2));
    assert_eq!(pages.resume_token().as_ref(), first.next(), "the place is that of the page to come");
}

#[tokio::test]
async fn what_fails_for_a_passing_reason_is_asked_for_again_when_it_is_needed() {
    let (core, transport) = fake_client([
        Reply::answer(200, PAGES[0]),
        Reply::Fails(TransportErrorKind::Broken),
        Reply::answer(200, PAGES[2]),
    ]);
    let mut items = Items::<i64, Json>::new(Call::new(&core, &LIST_JOBS), &BY_PAGE, page, failure).prefetch();
    for expected in [Some(1), Some(2), Some(5), None] {
        assert_eq!(items.try_next().await.unwrap(), expected);
    }
    assert_eq!(transport.paths(), ["/v1/jobs?page=1", "/v1/jobs?page=2", "/v1/jobs?page=2"]);
}

#[tokio::test]
async fn an_error_comes_in_its_place() {
    let replies = || [Reply::answer(200, PAGES[0]), Reply::answer(403, ""), Reply::answer(403, "")];
    let (core, transport) = fake_client(replies());
    let mut items = Items::<i64, Json>::new(Call::new(&core, &LIST_JOBS), &BY_PAGE, page, failure).prefetch();
    assert_eq!((items.try_next().await.unwrap(), items.try_next().await.unwrap()), (Some(1), Some(2)));
    assert_eq!(items.try_next().await.unwrap_err().kind(), ErrorKind::Api);
    assert_eq!(items.try_next().await.unwrap(), None);
    assert_eq!(transport.requests().len(), 2);
    // One that may pass fails for good when it is needed.
    let (core, transport) =
        fake_client([Reply::answer(200, PAGES[0]), Reply::answer(503, ""), Reply::answer(503, "")]);
    let mut items = Items::<i64, Json>::new(Call::new(&core, &LIST_JOBS), &BY_PAGE, page, failure).prefetch();
    while let Ok(item) = items.try_next().await {
        assert!(item.is_some());
    }
    assert_eq!(transport.requests().len(), 3);
}

#[tokio::test]
async fn dropping_the_future_of_an_item_loses_nothing() {
    let (answer, wait) = tokio::sync::oneshot::channel();
    let server =
        Server::start([vec![Step::Await(wait), Step::Send(json_answer("200 OK", &[], PAGES[2]))]]).await;
    let call = Call::new(&client(&server), &LIST_JOBS);
    let mut items = Items::<i64, Json>::new(call, &BY_PAGE, page, failure);
    tokio::select! {
        biased;
        item = items.try_next() => panic!("{item:?}"),
        () = until_requests(&server, 1) => {}
    }
    answer.send(()).unwrap();
    assert_eq!(items.try_next().await.unwrap(), Some(5));
    assert_eq!(server.requests().len(), 1);
}
