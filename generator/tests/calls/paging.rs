//! Paging: what a client asks for, page after page, and how it goes on from a token.

use fixture_paging::auth::Key;
use fixture_paging::{Client, ErrorKind};

use crate::server::Server;

fn client(server: &Server) -> Client {
    Client::builder().endpoint(server.url()).credentials(Key::new("fake-key")).build().unwrap()
}

#[tokio::test]
async fn a_cursor_is_sent_with_what_the_call_was_given() {
    let server = Server::answering(&[
        ("200 OK", "", r#"{"items": [{"id": 1}], "meta": {"next": 7, "more": true}}"#),
        ("200 OK", "", r#"{"items": [{"id": 2}], "meta": {"next": 8, "more": false}}"#),
    ]);
    let mut items = client(&server).places().list_by_cursor().limit(1).x_trace("t").items().prefetch();
    let mut ids = Vec::new();
    while let Some(item) = items.try_next().await.unwrap() {
        ids.extend(item.id);
    }
    assert_eq!(ids, [1, 2]);
    let [first, second] = [0, 1].map(|_| server.request());
    assert_eq!((first.target.as_str(), second.target.as_str()), ("/cursors?limit=1", "/cursors?after=7&limit=1"));
    assert_eq!((first.header("x-trace"), second.header("x-trace")), (Some("t"), Some("t")));
}

#[tokio::test]
async fn a_token_in_a_header_comes_back_in_a_header() {
    let server = Server::answering(&[("200 OK", "x-next-page: b\r\n", r#"["1"]"#), ("200 OK", "", r#"["2"]"#)]);
    let places = client(&server).places();
    let mut pages = places.list_by_token().pages();
    let first = pages.try_next().await.unwrap().unwrap();
    assert_eq!((first.items.as_slice(), first.status().as_u16()), (&["1".to_owned()][..], 200));
    let token = first.next().unwrap().to_string();
    let mut rest = places.list_by_token().items().resume(token);
    assert_eq!(rest.try_next().await.unwrap().as_deref(), Some("2"));
    assert_eq!(rest.try_next().await.unwrap(), None);
    let [first, second] = [0, 1].map(|_| server.request());
    assert_eq!((first.header("x-page"), second.header("x-page")), (None, Some("b")));
}

#[tokio::test]
async fn a_link_is_followed_with_the_headers_and_the_credentials_of_the_call() {
    // A server may give back the key that it was sent, and keys change.
    let next = r#"{"items": [1], "_links": {"next": {"href": "/links/a?at=2&key=fake-old-key&x"}}}"#;
    let server = Server::answering(&[("200 OK", "", next), ("200 OK", "", r#"{"items": [2], "_links": {}}"#)]);
    let mut items = client(&server).places().list_by_link("a").query("x y").x_trace("t").items();
    assert_eq!((items.try_next().await.unwrap(), items.try_next().await.unwrap()), (Some(1), Some(2)));
    assert_eq!(items.try_next().await.unwrap(), None);
    let [first, second] = [0, 1].map(|_| server.request());
    assert_eq!(first.target, "/links/a?query=x%20y&key=fake-key");
    assert_eq!(second.target, "/links/a?at=2&x&key=fake-key");
    assert_eq!(second.header("x-trace"), Some("t"));
}

#[tokio::test]
async fn a_link_to_another_server_is_not_followed() {
    let other = Server::start();
    let link = format!("link: <{}/relations>; rel=\"next\"\r\n", other.url());
    let server = Server::answering(&[("200 OK", &link, "[1]")]);
    let mut items = client(&server).places().list_by_link_header().items();
    assert_eq!(items.try_next().await.unwrap(), Some(1));
    let error = items.try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Paging);
    assert!(error.to_string().contains("is not followed"), "{error}");
}

#[tokio::test]
async fn an_offset_counts_from_where_the_description_says() {
    let server = Server::answering(&[
        ("200 OK", "", r#"{"data": {"deep/list": [{"id": 1}], "meta": {"count": 2}}}"#),
        ("200 OK", "", r#"{"data": {"deep/list": [{"id": 2}], "meta": {"count": 2}}}"#),
    ]);
    let mut items = client(&server).lists().nested().items();
    while items.try_next().await.unwrap().is_some() {}
    assert_eq!([0, 1].map(|_| server.request().target), ["/nested?skip=1", "/nested?skip=2"]);
}
