//! The causes of errors, down to what the system said, and what can be done about them.

use std::error::Error as _;
use std::io;

use clientsmith_runtime::auth::{Bearer, Credential};
use clientsmith_runtime::transport::ReqwestTransport;
use clientsmith_runtime::{DecodeError, Error, ErrorKind, Json, RetryPolicy, Settings};

use crate::support::api::{API, BY_METHOD, BY_TOKEN, TOKEN, filled};
use crate::support::{Server, Step, client, json_answer, send};

/// All causes, from the outermost on.
fn causes(error: &Error<Json>) -> Vec<&(dyn std::error::Error + 'static)> {
    let (mut all, mut next) = (Vec::new(), error.source());
    while let Some(cause) = next {
        all.push(cause);
        next = cause.source();
    }
    all
}

/// The first cause of that type.
fn cause<T: std::error::Error + 'static>(error: &Error<Json>) -> Option<&T> {
    causes(error).into_iter().find_map(|cause| cause.downcast_ref())
}

/// Without the system's proxy, so that names are looked up here.
async fn failed(endpoint: &str) -> Error<Json> {
    let mut settings = Settings::new(&API);
    settings.endpoint(endpoint);
    settings.retry(RetryPolicy::off());
    settings.transport(std::sync::Arc::new(ReqwestTransport::builder().no_proxy().build().unwrap()));
    let [get, ..] = &BY_METHOD;
    send(filled(&settings.build().unwrap(), get)).await.unwrap_err()
}

#[tokio::test]
async fn a_refused_connection_and_an_unknown_host_are_told_by_the_system() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = failed(&format!("http://{closed}")).await;
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert_eq!(cause::<io::Error>(&error).unwrap().kind(), io::ErrorKind::ConnectionRefused);
    let text = error.to_string();
    assert!(text.starts_with(&format!("get: cannot connect to `http://{closed}`: ")), "{text}");
    assert!(text.ends_with("; check the endpoint, and the proxy if there is one"), "{text}");

    let error = failed("https://nowhere.invalid").await;
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(cause::<io::Error>(&error).is_some(), "{error:?}");
    assert!(error.to_string().contains("`https://nowhere.invalid`") && error.is_retryable(), "{error}");
}

#[tokio::test]
async fn a_certificate_that_is_not_trusted_is_told_by_the_tls_library() {
    let url = crate::mutual_tls::start_for_anyone().await;
    let error = failed(&url).await;
    assert_eq!(error.kind(), ErrorKind::Connect, "{error:?}");
    assert!(cause::<io::Error>(&error).is_some());
    assert!(
        cause::<tokio_rustls::rustls::Error>(&error).is_some() || error.to_string().contains("certificate")
    );
    assert!(error.to_string().ends_with("has to be given (`root_certificate`)"), "{error}");
}

#[tokio::test]
async fn a_connection_that_breaks_is_told_by_the_system() {
    let [get, ..] = &BY_METHOD;
    let cut = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{".to_vec();
    for script in [vec![], vec![Step::Send(cut)]] {
        let server = Server::start([script]).await;
        let error = send(filled(&client(&server), get)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Transport);
        let last = causes(&error).pop().unwrap().to_string();
        assert!(error.to_string().contains(&last), "{error}, {last}");
        assert!(causes(&error).len() > 2, "{error:?}");
    }
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_is_told_by_the_reader() {
    let [get, ..] = &BY_METHOD;
    let server = Server::start([vec![Step::Send(json_answer("200 OK", &[], "{\"a\": }"))]]).await;
    let error = send(filled(&client(&server), get)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(cause::<DecodeError>(&error).is_some());
    assert_eq!(cause::<serde_json::Error>(&error).unwrap().line(), 1);
}

#[tokio::test]
async fn who_is_not_known_is_told_to_look_at_the_credentials() {
    let [get, ..] = &BY_METHOD;
    let refused = || vec![Step::Send(json_answer("401 Unauthorized", &[], r#"{"error_msg": "who?"}"#))];
    let server = Server::start([refused(), refused()]).await;
    let mut settings = Settings::new(&API);
    settings.endpoint(server.url());
    settings.credential(Credential::new(TOKEN, Bearer::new("x")));
    let core = settings.build().unwrap();
    let error = send(filled(&core, &BY_TOKEN)).await.unwrap_err();
    assert_eq!(error.to_string(), "byToken: who? (status 401); check the credentials");
    let error = send(filled(&core, get)).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "get: who? (status 401); the description says that this call needs no credentials"
    );
}
