//! Credentials of every kind.

use fixture_security::auth::{AkSk, Basic, Bearer, CookieKey, Credentials, HeaderKey, OAuth2, OddQuery, OpenId, Person, Proof, QueryKey};
use fixture_security::{Client, ErrorKind};

use crate::server::{Request, Server};

fn start(credentials: Vec<Credentials>) -> (Server, Client) {
    let server = Server::start();
    let client = credentials.into_iter().fold(Client::builder().endpoint(server.url()), |builder, credentials| {
        builder.credentials(credentials)
    });
    (server, client.build().unwrap())
}

fn authorization(request: &Request) -> Option<&str> {
    request.header("authorization")
}

#[tokio::test]
async fn keys_go_where_they_belong_one_or_both() {
    let (server, client) = start(vec![HeaderKey::new("h").into(), QueryKey::new("q&").into(), CookieKey::new("c").into()]);
    client.doors().key().await.unwrap();
    let request = server.request();
    assert_eq!((request.target.as_str(), request.header("x-api-key")), ("/key", Some("h")));
    client.doors().both().await.unwrap();
    let request = server.request();
    assert_eq!((request.target.as_str(), request.header("x-api-key")), ("/both?key=q%26", Some("h")));
    client.doors().either().await.unwrap();
    assert_eq!(server.request().header("cookie"), Some("session=c"));
    client.doors().open().await.unwrap();
    assert_eq!(server.request().header("x-api-key"), None);
}

#[tokio::test]
async fn the_header_has_the_scheme_and_its_proof() {
    let (server, client) = start(vec![Bearer::new("t").into(), Basic::new("me", "pass").into(), Proof::new("xyz").into()]);
    client.doors().either().await.unwrap();
    assert_eq!(authorization(&server.request()), Some("Bearer t"));
    client.doors().optional().await.unwrap();
    assert_eq!(authorization(&server.request()), Some("Bearer t"));
    client.doors().named().await.unwrap();
    assert_eq!(authorization(&server.request()), Some("Basic bWU6cGFzcw=="));
    client.doors().proven().await.unwrap();
    assert_eq!(authorization(&server.request()), Some("DPoP xyz"));
}

#[tokio::test]
async fn what_is_optional_is_called_without_and_what_is_not_is_refused() {
    let (server, client) = start(Vec::new());
    client.doors().optional().await.unwrap();
    assert_eq!(authorization(&server.request()), None);
    let error = client.doors().granted().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
}

#[tokio::test]
async fn a_token_from_any_flow_is_sent() {
    for credentials in [OAuth2::access_token("t").into(), Person::access_token("t").into(), OpenId::access_token("t").into()] {
        let (server, client) = start(vec![credentials]);
        client.doors().granted().await.unwrap();
        assert_eq!(authorization(&server.request()), Some("Bearer t"));
    }
}

#[tokio::test]
async fn the_token_url_of_the_description_is_relative_to_the_api() {
    // The server answers without a token, and that is what the call fails of.
    let access = OAuth2::client_credentials("id", "s3cret").with(|access| access.scopes([OAuth2::READ, OAuth2::WRITE_ALL]));
    let (server, client) = start(vec![access.into()]);
    let error = client.doors().granted().await.unwrap_err();
    assert_eq!(error.to_string(), "granted: the answer of the token endpoint has no access token");
    let request = server.request();
    assert_eq!(request.target, "/oauth/token");
    assert_eq!(authorization(&request), Some("Basic aWQ6czNjcmV0"));
    assert_eq!(OAuth2::ADMIN, "https://www.example.com/auth/admin");
}

#[tokio::test]
async fn other_urls_of_the_description_can_be_replaced() {
    let server = Server::start();
    let url = server.url();
    let refresh = OAuth2::refresh_token("id", "r").with(|access| access.token_url(format!("{url}/elsewhere")));
    let open = OpenId::client_credentials("id", "s3cret").with(|access| access.discovery_url(url.clone()));
    for (credentials, target) in
        [(refresh.into(), "/elsewhere"), (Credentials::from(open), "/.well-known/openid-configuration")]
    {
        let client = Client::builder().endpoint(&url).credentials(credentials).build().unwrap();
        client.doors().granted().await.unwrap_err();
        assert_eq!(server.request().target, target);
    }
}

#[tokio::test]
async fn of_two_proofs_for_one_header_either_is_enough() {
    for (credentials, sent) in
        [(Credentials::from(Bearer::new("t")), "Bearer t"), (Basic::new("me", "pass").into(), "Basic bWU6cGFzcw==")]
    {
        let (server, client) = start(vec![credentials, HeaderKey::new("h").into()]);
        client.doors().crowded().await.unwrap();
        let request = server.request();
        assert_eq!((authorization(&request), request.header("x-api-key")), (Some(sent), Some("h")));
    }
}

#[tokio::test]
async fn a_signer_that_is_described_twice_has_its_keys_once() {
    let keys = AkSk::new("AKFAKEEXAMPLE0000009", "s3cret").unwrap();
    let (server, client) = start(vec![keys.into(), OddQuery::new("q").into()]);
    client.doors().signed().await.unwrap();
    let request = server.request();
    assert_eq!(request.target, "/signed?a%3Db%26c=q");
    assert!(authorization(&request).unwrap().starts_with("SDK-HMAC-SHA256 Access=AKFAKEEXAMPLE0000009"));
    client.doors().either().await.unwrap();
    assert!(authorization(&server.request()).unwrap().starts_with("SDK-HMAC-SHA256"));
}
