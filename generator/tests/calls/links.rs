//! Calls that answers lead to.

use fixture_links::machines::{ListLinks as _, ReplaceLinks as _, StartLinks as _, StopLinks as _};
use fixture_links::notes::SendFormLinks as _;
use fixture_links::{Client, ErrorKind, Machine, WaitUpdate};

use crate::server::Server;

const JSON: &str = "content-type: application/json\r\n";
const MACHINE: &str = r#"{"id": 8, "state": "old", "undeclared": [1]}"#;

fn start(answers: &[(&str, &str, &str)]) -> (Server, Client) {
    let server = Server::answering(answers);
    let client = Client::builder().endpoint(server.url()).build().unwrap();
    (server, client)
}

#[tokio::test]
async fn values_come_from_parameters_bodies_headers_and_constants() {
    let headers = format!("{JSON}x-trace: a b\r\n");
    let started = r#"{"machine": {"id": 9007199254740993}}"#;
    let (server, client) = start(&[("202 Accepted", &headers, started), ("200 OK", JSON, MACHINE)]);
    let response = client.machines().start("a/b").await.unwrap();
    server.request();
    response.started().await.unwrap();
    assert_eq!(server.request().target, "/machines/a%2Fb/9007199254740993?trace=a%20b&verbose=true");
    let _ = response.again(3).await;
    assert_eq!(server.request().target, "/machines/north/3");
}

#[tokio::test]
async fn a_link_fills_the_body() {
    let (server, client) = start(&[("200 OK", JSON, MACHINE), ("200 OK", JSON, MACHINE)]);
    let response = client.machines().replace("north", 8, Machine::new(8).state("new")).await.unwrap();
    assert_eq!(server.request().body, r#"{"id":8,"state":"new"}"#);
    response.undo().await.unwrap();
    let undo = server.request();
    assert_eq!((undo.method.as_str(), undo.target.as_str()), ("PUT", "/machines/north/8"));
    assert_eq!((undo.body.as_str(), undo.header("content-type")), (MACHINE, Some("application/json")));
}

#[tokio::test]
async fn expressions_stand_inside_of_texts_and_json_parameters_are_quoted() {
    let (server, client) = start(&[("200 OK", JSON, MACHINE)]);
    let response = client.machines().replace("north", 8, Machine::new(8).state("n\"w")).await.unwrap();
    server.request();
    response.rename().await.unwrap();
    let rename = server.request();
    assert_eq!(rename.target, "/machines/north-200/8/name?filter=%22n%5C%22w%22");
    assert_eq!(rename.body, format!("was PUT {}/machines/north/8", server.url()));
    assert_eq!(rename.header("content-type"), Some("text/plain"));
}

#[tokio::test]
async fn answers_without_a_named_type_have_links() {
    let (server, client) = start(&[
        ("204 No Content", "", ""),
        ("200 OK", JSON, r#"[{"id": 5}]"#),
        ("200 OK", JSON, MACHINE),
        ("200 OK", JSON, MACHINE),
        ("200 OK", "content-type: text/plain\r\n", "noted"),
        ("200 OK", "content-type: text/plain\r\n", "noted"),
    ]);
    let stopped = client.machines().stop("north", 8).await.unwrap();
    server.request();
    let list = stopped.all().await.unwrap();
    assert_eq!(server.request().target, "/machines?ids=1&ids=2&filter%5Ba%5D=b%20c");
    list.first().await.unwrap();
    assert_eq!(server.request().target, "/machines/north/5");
    list.creation("south".to_owned(), 7).await.unwrap();
    let created = server.request();
    assert_eq!((created.target.as_str(), created.body.as_str()), ("/machines/south/7", r#"{"id":7,"state":"new"}"#));
    client.notes().send_form().await.unwrap().next().await.unwrap();
    server.request();
    assert_eq!(server.request().method, "GET");
}

#[tokio::test]
async fn the_answer_of_another_operation_leads_nowhere() {
    let (_server, client) = start(&[("200 OK", JSON, MACHINE)]);
    let machine = client.machines().get("north", 8).await.unwrap();
    let error = machine.undo().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidCall);
    assert_eq!(
        error.to_string(),
        "replaceMachine: the link `undo` is one of `replaceMachine`, and the answer is one of `getMachine`"
    );
}

#[tokio::test]
async fn an_answer_can_be_waited_on_and_again_when_that_was_given_up() {
    let started = r#"{"machine": {"id": 8}}"#;
    let running = r#"{"id": 8, "state": "running"}"#;
    let (server, client) =
        start(&[("202 Accepted", JSON, started), ("200 OK", JSON, running), ("200 OK", JSON, running)]);
    let response = client.machines().start("north").await.unwrap();
    server.request();
    drop(response.wait());
    let mut updates = response.wait().updates();
    assert!(matches!(updates.try_next().await.unwrap(), Some(WaitUpdate::Done(_))));
    assert_eq!(response.wait().await.unwrap().polls(), 1);
    assert_eq!([0, 1].map(|_| server.request().target), ["/machines/north/8?verbose=true"; 2]);
}
