//! Going on with a list from a token, and its pages one by one.

use std::sync::Arc;

use clientsmith_runtime::operation::{Operation, Paging};
use clientsmith_runtime::{Call, ErrorKind, Items, Json, Page, Pages, Response, ResumeToken};

use super::page;
use crate::support::api::{
    BY_CURSOR, BY_LINK, BY_LINK_HEADER, BY_OFFSET, BY_PAGE, BY_PAGE_OF_UNKNOWN_SIZE, LIST_EVENTS, LIST_JOBS,
};
use crate::support::{FakeTransport, Reply, failure, fake_client};

/// What a server has: an operation, how it is paged, and three pages of it, which it gives whatever it is asked for.
type List = (&'static Operation, &'static Paging, [&'static str; 3]);

const LISTS: [List; 4] = [
    (&LIST_JOBS, &BY_PAGE, [r#"{"jobs": [1, 2]}"#, r#"{"jobs": [3, 4]}"#, r#"{"jobs": [5]}"#]),
    (&LIST_JOBS, &BY_OFFSET, [r#"{"jobs": [1, 2]}"#, r#"{"jobs": [3, 4]}"#, r#"{"jobs": [5]}"#]),
    (
        &LIST_EVENTS,
        &BY_CURSOR,
        [
            r#"{"jobs": [1, 2], "page": {"next": "b"}}"#,
            r#"{"jobs": [3, 4], "page": {"next": "c"}}"#,
            r#"{"jobs": [5], "page": {}}"#,
        ],
    ),
    (
        &LIST_EVENTS,
        &BY_LINK,
        [
            r#"{"jobs": [1, 2], "page": {"next": "/v1/events?after=b"}}"#,
            r#"{"jobs": [3, 4], "page": {"next": "/v1/events?after=c"}}"#,
            r#"{"jobs": [5], "page": {}}"#,
        ],
    ),
];

fn items((operation, paging, _): List, pages: &[&str]) -> (Items<i64, Json>, Arc<FakeTransport>) {
    let (core, transport) = fake_client(pages.iter().map(|page| Reply::answer(200, page)));
    (Items::new(Call::new(&core, operation), paging, page, failure), transport)
}

fn pages((operation, paging, _): List, pages: &[&str]) -> (Pages<i64, Json>, Arc<FakeTransport>) {
    let (core, transport) = fake_client(pages.iter().map(|page| Reply::answer(200, page)));
    (Pages::new(Call::new(&core, operation), paging, page, failure), transport)
}

async fn rest(mut items: Items<i64, Json>) -> Vec<i64> {
    let mut all = Vec::new();
    while let Some(item) = items.try_next().await.unwrap() {
        all.push(item);
    }
    all
}

#[tokio::test]
async fn items_go_on_after_any_of_them() {
    for list in LISTS {
        let all = list.2;
        let (_, whole) = items(list, &all);
        let (walked, transport) = items(list, &all);
        drop(whole);
        assert_eq!(rest(walked).await, [1, 2, 3, 4, 5]);
        let paths = transport.paths();
        for taken in 0..5 {
            let (mut items_before, _) = items(list, &all);
            for _ in 0..taken {
                items_before.try_next().await.unwrap().unwrap();
            }
            // As a text, through another process.
            let token = items_before.resume_token().unwrap().to_string();
            let text = serde_json::to_string(&ResumeToken::from(token.as_str())).unwrap();
            assert_eq!(text, format!("\"{token}\""));
            assert!(
                token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_=".contains(&byte)),
                "{token}"
            );
            let token: ResumeToken = serde_json::from_str(&text).unwrap();
            // The page of the item that was taken last is asked for again, if there is more of it.
            let page = taken / 2;
            let (again, transport) = items(list, &all[page..]);
            let expected: Vec<i64> = (taken as i64 + 1..=5).collect();
            assert_eq!(rest(again.resume(token)).await, expected, "after {taken} by {:?}", list.1.by);
            assert_eq!(transport.paths(), paths[page..]);
        }
        let (mut items_before, _) = items(list, &all);
        while items_before.try_next().await.unwrap().is_some() {}
        assert_eq!(items_before.resume_token(), None, "nothing comes after the end");
    }
}

#[tokio::test]
async fn pages_come_one_by_one_and_say_where_the_next_one_is() {
    for list in LISTS {
        let (mut stream, transport) = pages(list, &list.2);
        let first: Response<Page<i64>> = stream.try_next().await.unwrap().unwrap();
        assert_eq!((first.items.as_slice(), first.total, first.status().as_u16()), (&[1, 2][..], None, 200));
        assert_eq!(first.next(), stream.resume_token().as_ref());
        assert_eq!(transport.requests().len(), 1);
        let (again, _) = pages(list, &list.2[1..]);
        let mut again = again.resume(first.next().unwrap());
        for expected in [&[3, 4][..], &[5]] {
            let page = stream.try_next().await.unwrap().unwrap();
            assert_eq!(page.items, expected);
            assert_eq!(again.try_next().await.unwrap().unwrap().items, expected);
            assert_eq!(page.next().is_none(), expected.len() == 1, "the last page leads nowhere");
        }
        assert!(stream.try_next().await.unwrap().is_none() && again.try_next().await.unwrap().is_none());
    }
}

#[tokio::test]
async fn a_page_that_failed_is_where_the_list_goes_on() {
    for list in LISTS {
        let (core, _) = fake_client([Reply::answer(200, list.2[0]), Reply::answer(500, "")]);
        let mut failing: Items<i64, Json> = Items::new(Call::new(&core, list.0), list.1, page, failure);
        while failing.try_next().await.is_ok() {}
        let (again, _) = items(list, &list.2[1..]);
        assert_eq!(rest(again.resume(failing.resume_token().unwrap())).await, [3, 4, 5]);
    }
}

#[tokio::test]
async fn a_list_that_leads_elsewhere_can_be_tried_again() {
    let (core, _) =
        fake_client([Reply::answer(200, r#"{"jobs": [1], "page": {"next": "https://evil.example.com"}}"#)]);
    let mut failing: Items<i64, Json> = Items::new(Call::new(&core, &LIST_EVENTS), &BY_LINK, page, failure);
    while failing.try_next().await.is_ok() {}
    let list = LISTS[3];
    let repaired = [r#"{"jobs": [1], "page": {"next": "/b"}}"#, r#"{"jobs": [2]}"#];
    let (again, _) = items(list, &repaired);
    assert_eq!(
        rest(again.resume(failing.resume_token().unwrap())).await,
        [2],
        "what was taken does not come again"
    );
}

#[tokio::test]
async fn a_total_counts_what_was_before_the_place() {
    let total = [
        r#"{"jobs": [1, 2], "total": 5}"#,
        r#"{"jobs": [3, 4], "total": 5}"#,
        r#"{"jobs": [5], "total": 5}"#,
    ];
    let list = (LISTS[0].0, &BY_PAGE_OF_UNKNOWN_SIZE, total);
    let (mut before, _) = items(list, &total);
    for _ in 0..4 {
        before.try_next().await.unwrap();
    }
    let (again, transport) = items(list, &total[2..]);
    assert_eq!(rest(again.resume(before.resume_token().unwrap())).await, [5]);
    assert_eq!(transport.requests().len(), 1, "the last page is known by the total");
}

#[tokio::test]
async fn the_token_of_another_list_is_refused() {
    let token = |list: List| items(list, &[]).0.resume_token().unwrap();
    let refused = |list: List, token: ResumeToken| async move {
        let (items, transport) = items(list, &[]);
        let mut items = items.resume(token);
        let error = items.try_next().await.unwrap_err();
        assert_eq!((error.kind(), transport.requests().len()), (ErrorKind::InvalidCall, 0));
        assert_eq!(items.try_next().await.unwrap(), None);
        error.to_string()
    };
    assert_eq!(refused(LISTS[2], token(LISTS[0])).await, "listEvents: the resume token is one of `listJobs`");
    assert_eq!(
        refused(LISTS[1], token(LISTS[0])).await,
        "listJobs: the resume token is one of paging by page, and the list is paged by offset"
    );
    for text in ["", "x", "????", "WzFd", "bnVsbA=="] {
        assert_eq!(
            refused(LISTS[0], text.into()).await,
            "listJobs: the resume token is none, or not all of it",
            "{text}"
        );
    }
    let forged = clientsmith_runtime::Base64::encode(
        br#"["link", "listEvents", "@evil.example.com/", 0, null, null]"#,
    );
    assert_eq!(
        refused((&LIST_EVENTS, &BY_LINK_HEADER, [""; 3]), forged.to_string().into()).await,
        "listEvents: the resume token has a position that the list cannot have"
    );
}

#[tokio::test]
async fn a_token_counts_pages_of_one_size() {
    let (core, transport) = fake_client([Reply::answer(200, r#"{"jobs": [6]}"#)]);
    let sized = |size: i64| {
        let mut call = Call::new(&core, &LIST_JOBS);
        call.set(0, 2);
        call.set(1, size);
        Items::<i64, Json>::new(call, &BY_PAGE, page, failure)
    };
    let token = sized(5).resume_token().unwrap();
    let error = sized(10).resume(&token).try_next().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.to_string()),
        (
            ErrorKind::InvalidCall,
            "listJobs: the resume token counts pages of 5 items, and the call asks for 10".to_owned()
        )
    );
    assert_eq!(rest(sized(5).resume(token)).await, [6]);
    assert_eq!(transport.paths(), ["/v1/jobs?page=2&per_page=5"]);
}
