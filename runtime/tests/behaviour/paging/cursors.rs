//! Lists whose answers say where the next page is: cursors, tokens and links.

use clientsmith_runtime::auth::Credential;
use clientsmith_runtime::huawei::AkSk;
use clientsmith_runtime::operation::Paging;
use clientsmith_runtime::{ErrorKind, Items, Json, RetryPolicy, Settings};

use super::page;
use crate::support::api::{
    API, BY_CURSOR, BY_CURSOR_IN_HEADER, BY_CURSOR_WITH_FLAG, BY_LINK, BY_LINK_HEADER, LIST_EVENTS, SIGNATURE,
};
use crate::support::{FakeTransport, Reply, failure, fake_client};

/// The items up to the end or an error, the error, and the paths that brought them.
async fn read(
    paging: &'static Paging,
    replies: impl IntoIterator<Item = Reply>,
) -> (Vec<i64>, Option<clientsmith_runtime::Error>, Vec<String>) {
    let (core, transport) = fake_client(replies);
    let call = clientsmith_runtime::Call::new(&core, &LIST_EVENTS);
    let mut items: Items<i64, Json> = Items::new(call, paging, page, failure);
    let mut all = Vec::new();
    let error = loop {
        match items.try_next().await {
            Ok(Some(item)) => all.push(item),
            Ok(None) => break None,
            Err(error) => break Some(error),
        }
    };
    assert!(items.try_next().await.unwrap().is_none(), "the end stays the end");
    (all, error, transport.paths())
}

fn body(items: &str, next: &str) -> Reply {
    Reply::Answer(200, format!(r#"{{"jobs": [{items}], "page": {{"next": {next}}}}}"#))
}

fn linked(items: &str, link: &str) -> Reply {
    Reply::With(200, vec![("link", link.to_owned())], format!(r#"{{"jobs": [{items}]}}"#))
}

#[tokio::test]
async fn a_cursor_leads_on_until_there_is_none() {
    for end in ["null", "\"\"", "false"] {
        let replies = [body("1, 2", r#""a b&é""#), body("", "12345678901234567890"), body("3", end)];
        let (items, error, paths) = read(&BY_CURSOR, replies).await;
        assert!(error.is_none());
        assert_eq!(items, [1, 2, 3], "a page without items is not the end");
        let second = "/v1/events?after=a%20b%26%C3%A9";
        assert_eq!(paths, ["/v1/events", second, "/v1/events?after=12345678901234567890"]);
    }
    let (items, error, _) = read(&BY_CURSOR, [Reply::answer(200, r#"{"jobs": [1]}"#)]).await;
    assert!(items == [1] && error.is_none());
}

#[tokio::test]
async fn a_cursor_can_come_in_a_header() {
    let next = Reply::With(200, vec![("X-Next", "b".to_owned())], r#"{"jobs": [1]}"#.to_owned());
    let (items, error, paths) =
        read(&BY_CURSOR_IN_HEADER, [next, Reply::answer(200, r#"{"jobs": [2]}"#)]).await;
    assert!(items == [1, 2] && error.is_none());
    assert_eq!(paths, ["/v1/events", "/v1/events?after=b"]);
}

#[tokio::test]
async fn a_flag_goes_before_the_cursor() {
    let replies = [
        Reply::answer(200, r#"{"jobs": [1], "last": 1, "more": true}"#),
        Reply::answer(200, r#"{"jobs": [2], "last": 2, "more": false}"#),
    ];
    let (items, error, _) = read(&BY_CURSOR_WITH_FLAG, replies).await;
    assert!(items == [1, 2] && error.is_none());
    let (items, error, _) =
        read(&BY_CURSOR_WITH_FLAG, [Reply::answer(200, r#"{"jobs": [1], "more": true}"#)]).await;
    let error = error.unwrap();
    assert_eq!((items, error.kind()), (vec![1], ErrorKind::Paging), "{error}");
}

#[tokio::test]
async fn a_cursor_of_another_type_is_no_end() {
    for next in [r#"{"after": 1}"#, "[1]", "true"] {
        let (items, error, _) = read(&BY_CURSOR, [body("1", next)]).await;
        let error = error.unwrap();
        assert_eq!((items, error.kind()), (vec![1], ErrorKind::Paging));
        assert_eq!(error.to_string(), "listEvents: `/page/next` is neither a text nor a number (status 200)");
    }
}

#[tokio::test]
async fn a_cursor_that_came_before_ends_the_list() {
    // The parameter is ignored: nothing of the second answer is new.
    let (items, error, paths) = read(&BY_CURSOR, [body("1", "\"a\""), body("1", "\"a\"")]).await;
    assert_eq!((items, error.unwrap().kind(), paths.len()), (vec![1], ErrorKind::Paging, 2));
    // The items are new, and the way on is not.
    let (items, error, _) =
        read(&BY_CURSOR, [body("1", "\"a\""), body("2", "\"b\""), body("3", "\"a\"")]).await;
    let error = error.unwrap();
    assert_eq!((items, error.kind()), (vec![1, 2, 3], ErrorKind::Paging));
    assert_eq!(
        error.to_string(),
        "listEvents: the server repeats itself: the page leads to one that has been read before (status 200)"
    );
}

#[tokio::test]
async fn equal_pages_of_different_cursors_are_no_repetition() {
    let (items, error, _) =
        read(&BY_CURSOR, [body("0", "\"a\""), body("0", "\"b\""), body("0", "null")]).await;
    assert!(items == [0, 0, 0] && error.is_none());
}

#[tokio::test]
async fn links_are_followed_as_they_are() {
    let replies = [
        body("1", r#""https://API.example.com:443/v1/events/more?after=a%2Fb&x=1#top""#),
        body("2", r#""?after=c""#),
        body("3", r#""../other""#),
        body("4", "null"),
    ];
    let (items, error, paths) = read(&BY_LINK, replies).await;
    assert!(error.is_none());
    assert_eq!(items, [1, 2, 3, 4]);
    let expected = ["/v1/events", "/v1/events/more?after=a%2Fb&x=1", "/v1/events/more?after=c", "/v1/other"];
    assert_eq!(paths, expected);
}

#[tokio::test]
async fn the_link_header_leads_on() {
    let replies = [
        linked("1", r#"<https://api.example.com/v1/events>; rel="first", </v1/events?after=2>; rel="next""#),
        linked("2", r#"<https://api.example.com/v1/events>; rel="first""#),
    ];
    let (items, error, paths) = read(&BY_LINK_HEADER, replies).await;
    assert!(items == [1, 2] && error.is_none());
    assert_eq!(paths, ["/v1/events", "/v1/events?after=2"]);
}

#[tokio::test]
async fn a_link_to_another_origin_is_not_followed() {
    for (link, origin) in [
        ("https://evil.example.com/v1/events?after=2", "https://evil.example.com"),
        ("http://api.example.com/v1/events?after=2", "http://api.example.com"),
        ("https://api.example.com:8443/v1/events", "https://api.example.com:8443"),
        ("https://api.example.com@evil.example.com/", "https://evil.example.com"),
        ("//evil.example.com/v1", "https://evil.example.com"),
    ] {
        let (items, error, paths) =
            read(&BY_LINK_HEADER, [linked("1", &format!("<{link}>; rel=next"))]).await;
        let error = error.unwrap();
        assert_eq!((items, error.kind(), paths.len()), (vec![1], ErrorKind::Paging, 1), "{link}");
        let told = format!(
            "leads to `{origin}`, and is not followed: the call and its credentials are for `https://api.example.com`"
        );
        assert!(error.to_string().contains(&told), "{error}");
    }
}

#[tokio::test]
async fn a_link_that_is_none_is_told() {
    let (_, error, _) = read(&BY_LINK, [body("1", r#""https://a b/""#)]).await;
    assert!(error.unwrap().to_string().contains("is no URL"));
}

#[tokio::test]
async fn a_link_that_leads_back_ends_the_list() {
    let (items, error, _) =
        read(&BY_LINK, [body("1", r#""/v1/events?after=2""#), body("2", r#""/v1/events""#)]).await;
    assert_eq!((items, error.unwrap().kind()), (vec![1, 2], ErrorKind::Paging));
}

#[tokio::test]
async fn each_linked_page_is_authenticated_anew_and_has_the_headers_of_the_call() {
    let transport = FakeTransport::new([body("1", r#""/v1/events?after=2""#), body("2", "null")]);
    let mut settings = Settings::new(&API);
    settings.transport(transport.clone());
    settings.retry(RetryPolicy::off());
    settings
        .credential(Credential::new(SIGNATURE, AkSk::new("AKFAKEEXAMPLE0000009", "fake-secret").unwrap()));
    let mut call = clientsmith_runtime::Call::new(&settings.build().unwrap(), &LIST_EVENTS);
    call.set(1, 50);
    call.set(2, "trace-1");
    let mut items: Items<i64, Json> = Items::new(call, &BY_LINK, page, failure);
    while items.try_next().await.unwrap().is_some() {}
    assert_eq!(transport.paths(), ["/base/v1/events?limit=50", "/v1/events?after=2"]);
    let requests = transport.requests();
    assert!(requests.iter().all(|request| request.headers()["x-trace"] == "trace-1"));
    assert_ne!(requests[0].headers()["authorization"], requests[1].headers()["authorization"]);
}

#[tokio::test]
async fn what_the_server_gave_is_not_shown() {
    let (core, _) = fake_client([body("1", "\"fake-cursor\""), Reply::answer(400, "")]);
    let call = clientsmith_runtime::Call::new(&core, &LIST_EVENTS);
    let mut items: Items<i64, Json> = Items::new(call, &BY_CURSOR, page, failure);
    items.try_next().await.unwrap();
    let token = items.resume_token().unwrap();
    assert!(!format!("{items:?} {token:?}").contains("fake-cursor"));
    assert!(!items.try_next().await.unwrap_err().to_string().contains("fake-cursor"));
}
