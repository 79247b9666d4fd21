//! Streams of bytes and of values, in both directions.

use fixture_streams::runtime::RequestBody;
use fixture_streams::runtime::serde_json::from_str;
use fixture_streams::{Chunk, Client};

use crate::server::Server;

const BYTES: &str = "content-type: application/octet-stream\r\n";

#[tokio::test]
async fn a_part_is_asked_for_where_the_answer_is_bytes() {
    let part = format!("{BYTES}content-range: bytes 2-4/9\r\n");
    let answers = [("206 Partial Content", part.as_str(), "234"), ("206 Partial Content", &part, "234")];
    let server = Server::answering(&answers);
    let client = Client::builder().endpoint(server.url()).build().unwrap();
    let response = client.answers().download().range(2..5).await.unwrap();
    assert_eq!(server.request().header("range"), Some("bytes=2-4"));
    let download = response.into_inner();
    assert_eq!((download.offset(), download.complete_length()), (2, Some(9)));
    assert_eq!(download.collect(3).await.unwrap(), "234");
    // Here the description has a parameter of that name, and says nothing of 206.
    let response = client.answers().part().range("bytes=2-4").await.unwrap();
    assert_eq!(server.request().header("range"), Some("bytes=2-4"));
    assert_eq!(response.status().as_u16(), 206);
    assert!(response.into_inner().is_partial());
}

#[tokio::test]
async fn values_go_up_as_lines() {
    let server = Server::start();
    let client = Client::builder().endpoint(server.url()).build().unwrap();
    let chunks: [Chunk; 2] = ["a", "b"].map(|text| from_str(&format!(r#"{{"text":"{text}"}}"#)).unwrap());
    client.answers().import_lines(RequestBody::json_lines(&chunks).unwrap()).await.unwrap();
    let sent = server.request();
    assert_eq!(sent.header("content-type"), Some("application/x-ndjson"));
    assert_eq!(sent.body, "{\"text\":\"a\"}\n{\"text\":\"b\"}\n");
}
