//! Servers: where a client sends to.

use fixture_servers::{ApiServer, Client, PutFileServer};

use crate::server::Server;

fn endpoint(builder: fixture_servers::ClientBuilder) -> String {
    match builder.build() {
        Ok(client) => client.endpoint().to_string(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_server_is_chosen_and_its_variables_are_set() {
    assert_eq!(endpoint(Client::builder()), "https://north.example.com:8443/v1");
    assert_eq!(endpoint(Client::builder().region("south").port("1")), "https://south.example.com:1/v1");
    assert_eq!(
        endpoint(Client::builder().region("west")),
        "`west` is no value for `region`: one of `north`, `south` is expected"
    );
    let sandbox = || Client::builder().server(ApiServer::Sandbox);
    assert_eq!(endpoint(sandbox()), "https://east.sandbox.example.com/v1");
    assert_eq!(endpoint(sandbox().region("west").base("")), "https://west.sandbox.example.com/");
    let of_tenant = || Client::builder().server(ApiServer::TenantExampleCom);
    assert!(endpoint(of_tenant()).starts_with("`` is no value for `tenant`"));
    assert!(endpoint(Client::builder().server(ApiServer::ByAccount)).starts_with("`` is no value for `account`"));
    assert_eq!(endpoint(of_tenant().tenant("me")), "https://me.example.com/");
}

#[test]
fn a_relative_server_needs_what_it_refers_to() {
    let old = || Client::builder().server(ApiServer::V0);
    assert!(endpoint(old()).contains("call `.base_url(...)` on the builder"));
    assert_eq!(endpoint(old().base_url("https://example.com/openapi.yaml")), "https://example.com/v0/");
}

#[tokio::test]
async fn the_endpoint_stands_for_all_servers() {
    let server = Server::start();
    let client = Client::builder()
        .put_file_server(PutFileServer::ZoneExampleComUpload)
        .endpoint(format!("{}/test/", server.url()))
        .build()
        .unwrap();
    client.ping().ping().await.unwrap();
    assert_eq!(server.request().target, "/test/ping");
    client.files().put().await.unwrap();
    assert_eq!(server.request().target, "/test/files");
}
