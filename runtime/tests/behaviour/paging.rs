//! Lists that come in pages.

mod cursors;
mod prefetching;
mod resuming;

use std::pin::Pin;
use std::sync::Arc;

use clientsmith_runtime::operation::Paging;
use clientsmith_runtime::{Answer, DecodeError, ErrorKind, Items, Json, Page};
use futures_core::Stream;

use crate::support::api::{
    BY_OFFSET, BY_OFFSET_FROM_1, BY_PAGE, BY_PAGE_OF_UNKNOWN_SIZE, BY_PAGE_WITH_FLAG, LIST_JOBS, filled,
};
use crate::support::{FakeTransport, Reply, failure, fake_client};

fn page(answer: &Answer) -> Result<Page<i64>, DecodeError> {
    let body: serde_json::Value = answer.json()?;
    let items = body["jobs"].as_array().unwrap().iter().map(|job| job.as_i64().unwrap()).collect();
    Ok(Page::new(items, body["total"].as_i64()))
}

fn items(
    paging: &'static Paging,
    position: Option<i64>,
    size: Option<i64>,
    pages: &[&str],
) -> (Items<i64, Json>, Arc<FakeTransport>) {
    let (core, transport) = fake_client(pages.iter().map(|page| Reply::answer(200, page)));
    let mut call = filled(&core, &LIST_JOBS);
    if let Some(position) = position {
        call.set(0, position);
    }
    if let Some(size) = size {
        call.set(1, size);
    }
    (Items::new(call, paging, page, failure), transport)
}

/// All items, and the queries that brought them.
async fn all(
    paging: &'static Paging,
    position: Option<i64>,
    size: Option<i64>,
    pages: &[&str],
) -> (Vec<i64>, Vec<String>) {
    let (mut items, transport) = items(paging, position, size, pages);
    let mut all = Vec::new();
    while let Some(item) = items.try_next().await.unwrap() {
        all.push(item);
    }
    assert!(items.try_next().await.unwrap().is_none(), "the end stays the end");
    let queries = transport.paths().iter().map(|path| path.replace("/v1/jobs?", "")).collect();
    (all, queries)
}

#[tokio::test]
async fn three_pages_by_number() {
    let pages = [r#"{"jobs": [1, 2]}"#, r#"{"jobs": [3, 4]}"#, r#"{"jobs": [5]}"#];
    let (all, queries) = all(&BY_PAGE, None, None, &pages).await;
    assert_eq!(all, [1, 2, 3, 4, 5]);
    assert_eq!(queries, ["page=1", "page=2", "page=3"]);
}

#[tokio::test]
async fn three_pages_by_offset() {
    let pages = [r#"{"jobs": [1, 2, 3]}"#, r#"{"jobs": [4, 5, 6]}"#, r#"{"jobs": [7]}"#];
    let (all, queries) = all(&BY_OFFSET, Some(10), Some(3), &pages).await;
    assert_eq!(all, [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(queries, ["page=10&per_page=3", "page=13&per_page=3", "page=16&per_page=3"]);
}

#[tokio::test]
async fn a_total_saves_the_last_request() {
    let pages = [r#"{"jobs": [1, 2], "total": 4}"#, r#"{"jobs": [3, 4], "total": 4}"#];
    assert_eq!(all(&BY_PAGE, None, None, &pages).await.1, ["page=1", "page=2"]);
    assert_eq!(all(&BY_OFFSET, None, None, &pages).await.1, ["page=0", "page=2"]);
    assert_eq!(all(&BY_PAGE_OF_UNKNOWN_SIZE, None, None, &pages).await.1, ["page=1", "page=2"]);
}

#[tokio::test]
async fn the_callers_page_is_the_first() {
    let pages = [r#"{"jobs": [5, 6], "total": 7}"#, r#"{"jobs": [7], "total": 7}"#];
    let (all_items, queries) = all(&BY_PAGE, Some(3), None, &pages).await;
    assert_eq!((all_items, queries), (vec![5, 6, 7], vec!["page=3".to_owned(), "page=4".to_owned()]));
    let pages = [r#"{"jobs": [5, 6], "total": 6}"#];
    assert_eq!(all(&BY_PAGE, Some(3), None, &pages).await.1, ["page=3"]);
    assert_eq!(all(&BY_OFFSET, Some(4), None, &pages).await.1, ["page=4"]);
}

#[tokio::test]
async fn a_total_that_promises_too_much_ends_with_an_empty_page() {
    let pages = [r#"{"jobs": [1], "total": 2}"#, r#"{"jobs": [], "total": 2}"#];
    assert_eq!(all(&BY_PAGE, None, None, &pages).await.0, [1]);
    assert_eq!(all(&BY_OFFSET, None, None, &pages).await.0, [1]);
}

#[tokio::test]
async fn a_server_that_gives_the_same_page_again_is_left() {
    let same = r#"{"jobs": [1, 2], "total": 9, "at": 1}"#;
    for paging in [&BY_PAGE, &BY_OFFSET, &BY_PAGE_OF_UNKNOWN_SIZE] {
        let again = r#"{"jobs": [1, 2], "total": 9, "at": 2}"#;
        let (mut items, transport) = items(paging, None, None, &[same, again]);
        assert_eq!((items.try_next().await.unwrap(), items.try_next().await.unwrap()), (Some(1), Some(2)));
        let error = items.try_next().await.unwrap_err();
        assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Paging, 200));
        assert!(error.to_string().starts_with("listJobs: the server repeats itself"), "{error}");
        assert!(!error.is_retryable());
        assert_eq!(items.try_next().await.unwrap(), None);
        assert_eq!(transport.requests().len(), 2);
    }
}

#[tokio::test]
async fn a_server_that_begins_anew_after_the_last_page_is_left() {
    let pages = [r#"{"jobs": [1, 2]}"#, r#"{"jobs": [3, 4]}"#, r#"{"jobs": [1, 2]}"#];
    let (mut items, _) = items(&BY_PAGE, None, None, &pages);
    for item in 1..=4 {
        assert_eq!(items.try_next().await.unwrap(), Some(item));
    }
    assert_eq!(items.try_next().await.unwrap_err().kind(), ErrorKind::Paging);
}

#[tokio::test]
async fn a_flag_says_whether_there_is_another_page() {
    let pages = [r#"{"jobs": [1], "total": 1, "more": true}"#, r#"{"jobs": [2, 3], "more": false}"#];
    assert_eq!(all(&BY_PAGE_WITH_FLAG, None, None, &pages).await.0, [1, 2, 3]);
    let pages = [r#"{"jobs": [1, 2], "more": 7}"#, r#"{"jobs": [3]}"#];
    assert_eq!(
        all(&BY_PAGE_WITH_FLAG, None, None, &pages).await.0,
        [1, 2, 3],
        "what is no flag says nothing"
    );
    let pages = [r#"{"jobs": [], "more": true}"#];
    assert_eq!(
        all(&BY_PAGE_WITH_FLAG, None, None, &pages).await.0,
        [0; 0],
        "an empty page is the end all the same"
    );
}

#[tokio::test]
async fn an_offset_may_begin_elsewhere() {
    let pages = [r#"{"jobs": [1, 2], "total": 3}"#, r#"{"jobs": [3], "total": 3}"#];
    let (all, queries) = all(&BY_OFFSET_FROM_1, None, None, &pages).await;
    assert_eq!((all, queries), (vec![1, 2, 3], vec!["page=1".to_owned(), "page=3".to_owned()]));
}

#[tokio::test]
async fn a_server_that_allows_fewer_on_a_page_than_asked_for_loses_nothing() {
    let pages = [
        r#"{"jobs": [1, 2], "total": 5}"#,
        r#"{"jobs": [3, 4], "total": 5}"#,
        r#"{"jobs": [5], "total": 5}"#,
    ];
    assert_eq!(all(&BY_PAGE, None, Some(100), &pages).await.0, [1, 2, 3, 4, 5]);
    assert_eq!(all(&BY_OFFSET, None, Some(100), &pages).await.0, [1, 2, 3, 4, 5]);
}

#[tokio::test]
async fn without_a_size_and_a_total_only_an_empty_page_is_the_end() {
    let pages = [r#"{"jobs": [1, 2, 3]}"#, r#"{"jobs": [4]}"#, r#"{"jobs": []}"#];
    let (all, queries) = all(&BY_PAGE_OF_UNKNOWN_SIZE, None, None, &pages).await;
    assert_eq!(all, [1, 2, 3, 4]);
    assert_eq!(queries.len(), 3);
}

#[tokio::test]
async fn an_empty_list_is_one_request() {
    assert_eq!(all(&BY_PAGE, None, None, &[r#"{"jobs": []}"#]).await.0, [0_i64; 0]);
}

#[tokio::test]
async fn an_error_comes_after_the_items_before_it_and_ends_the_list() {
    let (core, transport) = fake_client([
        Reply::answer(200, r#"{"jobs": [1, 2]}"#),
        Reply::answer(400, r#"{"error_code": "A"}"#),
    ]);
    let mut items: Items<i64, Json> = Items::new(filled(&core, &LIST_JOBS), &BY_PAGE, page, failure);
    assert_eq!(items.try_next().await.unwrap(), Some(1));
    assert_eq!(transport.requests().len(), 1, "the next page is asked for when it is needed");
    assert_eq!(items.try_next().await.unwrap(), Some(2));
    let error = items.try_next().await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Api, Some("A")));
    assert_eq!(items.try_next().await.unwrap(), None);
}

#[tokio::test]
async fn it_is_a_stream() {
    let (mut items, _) = items(&BY_PAGE, None, None, &[r#"{"jobs": [1, 2]}"#, r#"{"jobs": [3]}"#]);
    let mut all = Vec::new();
    while let Some(item) =
        std::future::poll_fn(|context| Stream::poll_next(Pin::new(&mut items), context)).await
    {
        all.push(item.unwrap());
    }
    assert_eq!(all, [1, 2, 3]);
}
