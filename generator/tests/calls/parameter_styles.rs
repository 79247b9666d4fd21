//! Parameters of every style, in every location.

use std::collections::BTreeMap;

use fixture_parameter_styles::colors::PathsArguments;
use fixture_parameter_styles::runtime::serde_json::json;
use fixture_parameter_styles::{
    Client, Color, ErrorKind, Filter, Json, Optional, QueriesSize, Shade, UndefinedDeeper, UndefinedLogin,
    UndefinedPage,
};

use crate::server::Server;

fn start() -> (Server, Client) {
    let server = Server::start();
    let client = Client::builder().endpoint(server.url()).build().unwrap();
    (server, client)
}

fn color() -> Color {
    Color::new(100, 200)
}

#[tokio::test]
async fn paths() {
    let (server, client) = start();
    let arguments = PathsArguments {
        simple: color().b(150).name("a,b/c ü"),
        exploded: color(),
        label: vec!["blue".to_owned(), "a.b/c".to_owned()],
        matrix: BTreeMap::from([("a b".to_owned(), 1), ("c".to_owned(), -2)]),
        json: vec!["x y".to_owned(), "/".to_owned()],
    };
    client.colors().paths(arguments).await.unwrap();
    assert_eq!(
        server.request().target,
        "/paths/R,100,G,200,B,150,name,a%2Cb%2Fc%20%C3%BC/R=100,G=200/.blue.a.b%2Fc/;a%20b=1;c=-2/%5B%22x%20y%22%2C%22%2F%22%5D"
    );
    client.colors().scalar_paths("xml", 7, Shade::Dark).await.unwrap();
    assert_eq!(server.request().target, "/paths.xml/;matrix=7;more=dark");
}

#[tokio::test]
async fn a_path_that_would_be_another_one_is_not_sent() {
    let (_, client) = start();
    let arguments = PathsArguments {
        simple: color(),
        exploded: color(),
        label: vec![String::new(), String::new()],
        matrix: BTreeMap::from([("a".to_owned(), 1)]),
        json: Vec::new(),
    };
    let error = client.colors().paths(arguments.clone()).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.to_string()),
        (ErrorKind::InvalidCall, "paths: `label` must not be empty, `.` or `..`".to_owned())
    );
    let arguments = PathsArguments { label: vec!["a".to_owned()], matrix: BTreeMap::new(), ..arguments };
    let error = client.colors().paths(arguments).await.unwrap_err();
    assert_eq!(error.to_string(), "paths: `matrix` must not be empty, `.` or `..`");
}

#[tokio::test]
async fn queries() {
    let (server, client) = start();
    let queries = || client.colors().queries();
    let map = BTreeMap::from([("a,b".to_owned(), "c".to_owned()), ("d".to_owned(), String::new())]);
    for (call, query) in [
        (queries(), ""),
        (queries().color(color()), "?R=100&G=200"),
        (queries().color(color().b(Optional::Null)), "?R=100&G=200"),
        (queries().joined(color().b(1).name("x&y")), "?joined=R,100,G,200,B,1,name,x%26y"),
        (queries().map(map), "?map=a%2Cb,c,d,"),
        (queries().map(BTreeMap::new()), ""),
        (queries().spaced(vec![Shade::Dark, "a b".into()]), "?spaced=dark%20a%20b"),
        (queries().piped(vec![0.5, 1.0]), "?piped=0.5%7C1"),
        (
            queries().deep(Filter::new().shade(Shade::Light).text("[x]")),
            "?deep%5Bshade%5D=light&deep%5Btext%5D=%5Bx%5D",
        ),
        (queries().raw("a/b?c=d&e#f%20"), "?raw=a/b?c=d%26e%23f%20"),
        (queries().flag(true), "?flag=true"),
        (queries().empty_flag(), "?flag="),
        (queries().ids(vec![1, 2]), "?ids=1,2"),
        (queries().ids(Vec::new()), "?ids="),
        (queries().size(QueriesSize::Integer(5)), "?size=5"),
        (queries().size(QueriesSize::Text("5%".to_owned())), "?size=5%25"),
        (queries().anything(json!("text").into()), "?anything=text"),
        (queries().anything(json!(null).into()), ""),
        (queries().anything(json!([1, "a"]).into()), "?anything=1&anything=a"),
        (
            queries().anything(json!({"b": true, "a": [1, {"c": 2}]}).into()),
            "?a=1&a=%7B%22c%22%3A2%7D&b=true",
        ),
        (queries().gaps(vec![Some("a".to_owned()), None, Some(String::new())]), "?gaps=a&gaps="),
        (queries().json(Filter::new().text("a b")), "?json=%7B%22text%22%3A%22a%20b%22%7D"),
        (queries().json_text("a"), "?json_text=%22a%22"),
        (queries().csv("a,b\r\n"), "?csv=a%2Cb%0D%0A"),
        (queries().flag(false).raw("b").size(QueriesSize::Integer(1)), "?raw=b&flag=false&size=1"),
    ] {
        call.await.unwrap();
        assert_eq!(server.request().target, format!("/queries{query}"));
    }
}

#[tokio::test]
async fn headers_and_cookies() {
    let (server, client) = start();
    let call = client.colors().headers("a;b");
    call.clone().await.unwrap();
    let request = server.request();
    assert_eq!((request.header("cookie"), request.header("x-color")), (Some("session=a%3Bb"), None));
    call.clone()
        .x_color(color().name("a b/c"))
        .x_exploded(color())
        .x_json(Filter::new().text("ü"))
        .shades(vec![Shade::Dark, Shade::Light])
        .color(color())
        .token("s3cr=t")
        .plain("a=b c")
        .await
        .unwrap();
    let request = server.request();
    assert_eq!(request.header("x-color"), Some("R,100,G,200,name,a b/c"));
    assert_eq!(request.header("x-exploded"), Some("R=100,G=200"));
    assert_eq!(request.header("x-json"), Some(r#"{"text":"\u00fc"}"#));
    assert_eq!(
        request.header("cookie"),
        Some("session=a%3Bb; shades=dark; shades=light; color=R,100,G,200; token=s3cr%3Dt; plain=a=b c")
    );
    let error = call.plain("a; b=c").await.unwrap_err();
    assert_eq!(error.to_string(), "headers: `plain` has a character that cannot stand in a cookie");
}

#[tokio::test]
async fn one_name_in_several_locations() {
    let (server, client) = start();
    client
        .names()
        .names("1")
        .header_id("2")
        .query_id("3")
        .cookie_id("4")
        .query_id_parameter("5")
        .await
        .unwrap();
    let request = server.request();
    assert_eq!(request.target, "/names/1?id=3&query-id=5");
    assert_eq!((request.header("id"), request.header("cookie")), (Some("2"), Some("id=4")));
}

#[tokio::test]
async fn what_the_specification_leaves_open() {
    let (server, client) = start();
    let undefined = || client.colors().undefined();
    let sort = vec!["a".to_owned(), "b".to_owned()];
    for (call, query) in [
        (undefined().page(UndefinedPage::new().number(1).sort(sort.clone())), "?number=1&sort=a&sort=b"),
        (undefined().nested(vec![color()]), "?nested=%7B%22R%22%3A100%2C%22G%22%3A200%7D"),
        (undefined().expand(sort.clone()), "?expand%5B%5D=a&expand%5B%5D=b"),
        (
            undefined().deeper(UndefinedDeeper::new().range(color())),
            "?deeper%5Brange%5D%5BR%5D=100&deeper%5Brange%5D%5BG%5D=200",
        ),
        (undefined().exploded(sort), "?exploded=a&exploded=b"),
        (undefined().single("a b"), "?single=a%20b"),
    ] {
        call.await.unwrap();
        assert_eq!(server.request().target, format!("/undefined{query}"));
    }
    let call = undefined().login(UndefinedLogin::new("hidden"));
    assert!(!format!("{call:?}").contains("hidden"), "{call:?}");
    let deep = (0..200).fold(json!(0), |inner, _| json!([inner]));
    let error = client.colors().queries().anything(Json::from(deep)).await.unwrap_err();
    assert_eq!(error.to_string(), "queries: `anything` cannot be written: nested more than 127 levels deep");
}
