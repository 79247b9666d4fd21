//! Keys of paths with a query or a fragment: what is sent is one URL.

use fixture_path_keys::Client;

use crate::server::Server;

#[tokio::test]
async fn a_query_of_the_key_comes_before_query_parameters() {
    let server = Server::start();
    let client = Client::builder().endpoint(server.url()).build().unwrap();
    client.searches().history("a?b", "c&d", "x").await.unwrap();
    assert_eq!(server.request().target, "/history/a%3Fb?fixed=1&q=c%26d&x=2");
    client.searches().history("a", "", "x").from_parameter(7).page(2).await.unwrap();
    assert_eq!(server.request().target, "/history/a?fixed=1&q=&x=2&from=7&page=2");
}

#[tokio::test]
async fn a_fragment_of_the_key_is_not_sent() {
    let server = Server::start();
    let client = Client::builder().endpoint(server.url()).build().unwrap();
    client.searches().list_jobs().page(2).await.unwrap();
    assert_eq!(server.request().target, "/?page=2");
}
