//! Credentials: which of them a call is made with, and when it is not made at all.

use clientsmith_runtime::auth::{ApiKey, Bearer, Credential, KeyLocation};
use clientsmith_runtime::huawei::AkSk;
use clientsmith_runtime::transport::ReqwestTransport;
use clientsmith_runtime::{BuildError, Core, ErrorKind, Settings};

use crate::support::api::{API, GET_JOB, KEY, SECURED, SIGNATURE, TOKEN, filled, get_job};
use crate::support::{FakeTransport, Reply, Server, Step, json_answer, send};

fn token() -> Credential {
    Credential::new(TOKEN, Bearer::new("t0ken"))
}

fn key() -> Credential {
    Credential::new(KEY, ApiKey::new(KeyLocation::Query, "key", "k&y"))
}

fn signature() -> Credential {
    Credential::new(SIGNATURE, AkSk::new("AKFAKEEXAMPLE0000009", "fake-secret").unwrap())
}

fn build(endpoint: &str, credentials: Vec<Credential>) -> Result<Core, BuildError> {
    let mut settings = Settings::new(&API);
    settings.endpoint(endpoint);
    settings.transport(FakeTransport::new([Reply::answer(200, "{}")]));
    credentials.into_iter().for_each(|credential| settings.credential(credential));
    settings.build()
}

#[tokio::test]
async fn the_first_alternative_that_is_complete_is_taken() {
    for (credentials, bearer, signed, query) in [
        (vec![token(), key(), signature()], true, false, "/v1/secret?key=k%26y"),
        (vec![token(), signature()], false, true, "/v1/secret"),
        (vec![signature()], false, true, "/v1/secret"),
    ] {
        let server = Server::start([vec![Step::Send(json_answer("200 OK", &[], "{}"))]]).await;
        let mut settings = Settings::new(&API);
        settings.endpoint(server.url());
        credentials.into_iter().for_each(|credential| settings.credential(credential));
        send(filled(&settings.build().unwrap(), &SECURED)).await.unwrap();
        let request = server.request();
        assert!(request.starts_with(&format!("GET {query} HTTP/1.1\r\n")), "{request}");
        assert_eq!(request.contains("authorization: Bearer t0ken\r\n"), bearer, "{request}");
        assert_eq!(request.contains("authorization: SDK-HMAC-SHA256 Access=AKFAKE"), signed, "{request}");
    }
}

#[tokio::test]
async fn without_a_complete_alternative_all_of_them_are_named() {
    for credentials in [vec![], vec![token()], vec![key()]] {
        let core = build("https://api.example.com", credentials).unwrap();
        let error = send(filled(&core, &SECURED)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Credentials);
        assert_eq!(
            error.to_string(),
            "getSecret: the client has no credentials for `token` and `key`, or for `signature`"
        );
    }
}

#[tokio::test]
async fn credentials_that_cannot_be_sent_are_an_error_with_its_cause() {
    let broken = Credential::new(SIGNATURE, Bearer::new("a\nb"));
    let core = build("https://api.example.com", vec![broken]).unwrap();
    let error = send(filled(&core, &SECURED)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert!(std::error::Error::source(&error).unwrap().is::<clientsmith_runtime::auth::AuthError>());
}

#[test]
fn credentials_go_over_plain_http_to_this_machine_only() {
    for endpoint in ["http://api.example.com", "http://10.0.0.1:8080", "http://localhost.example.com"] {
        assert!(matches!(build(endpoint, vec![token()]), Err(BuildError::InsecureEndpoint { .. })));
        assert!(build(endpoint, vec![]).is_ok());
    }
    for endpoint in ["https://api.example.com", "http://localhost:1", "http://127.0.0.1:1", "http://[::1]:1"]
    {
        assert!(build(endpoint, vec![token()]).is_ok(), "{endpoint}");
    }
}

#[tokio::test]
async fn a_secret_parameter_does_not_go_over_plain_http_either() {
    let core = build("http://api.example.com", vec![]).unwrap();
    let mut call = filled(&core, &GET_JOB);
    call.set(get_job::PASSWORD, "s3cret");
    let error = send(call).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidCall);
    assert_eq!(error.to_string(), "getJob: `X-Password` is secret and is not sent over plain http");
    send(filled(&core, &GET_JOB)).await.unwrap();
}

/// Runs itself again in an environment with a proxy, which gets what goes elsewhere, and nothing else.
#[tokio::test]
async fn requests_to_this_machine_use_no_proxy() {
    const AGAIN: &str = "CLIENTSMITH_TEST_BEHIND_A_PROXY";
    let answer = || vec![Step::Send(json_answer("200 OK", &[], "{}"))];
    if std::env::var_os(AGAIN).is_none() {
        let proxy = Server::start([answer()]).await;
        let url = proxy.url();
        let again = tokio::task::spawn_blocking(move || {
            std::process::Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "security::requests_to_this_machine_use_no_proxy"])
                .env(AGAIN, "1")
                .env("http_proxy", url)
                .env_remove("NO_PROXY")
                .env_remove("no_proxy")
                .output()
                .unwrap()
        });
        let again = again.await.unwrap();
        assert!(again.status.success(), "{}", String::from_utf8_lossy(&again.stdout));
        assert!(proxy.request().starts_with("GET http://api.example.com/"), "{}", proxy.request());
        return;
    }
    let server = Server::start([answer(), answer()]).await;
    let mut settings = Settings::new(&API);
    settings.endpoint(server.url());
    settings.credential(signature());
    send(filled(&settings.build().unwrap(), &SECURED)).await.unwrap();
    // One transport serves both: a token may be had elsewhere than where the API is.
    let transport = std::sync::Arc::new(ReqwestTransport::new(std::time::Duration::from_secs(5)).unwrap());
    for endpoint in [server.url(), "http://api.example.com".to_owned()] {
        let mut settings = Settings::new(&API);
        settings.endpoint(endpoint);
        settings.transport(transport.clone());
        send(filled(&settings.build().unwrap(), &GET_JOB)).await.unwrap();
    }
}

#[tokio::test]
async fn no_value_of_a_path_leads_elsewhere() {
    for value in [
        "a/b",
        "../x",
        "/../../x",
        "%2e%2e",
        "%2E%2e/",
        "a?b=c",
        "a#b",
        "..\\x",
        "a\\b",
        "a;b",
        "x\t",
        "x\r\nHost: evil",
        " ",
        "...",
    ] {
        let server = Server::start([vec![Step::Send(json_answer("200 OK", &[], "{}"))]]).await;
        let mut settings = Settings::new(&API);
        settings.endpoint(server.url());
        let mut call = filled(&settings.build().unwrap(), &GET_JOB);
        call.set(get_job::JOB_ID, value);
        send(call).await.unwrap();
        let request = server.request();
        let target = request.strip_prefix("GET ").unwrap().split(' ').next().unwrap();
        let segment = target.strip_prefix("/v1/7/jobs/").unwrap().strip_suffix(":describe").unwrap();
        assert!(!segment.contains(['/', '?', '#', '\\']), "{target}");
        assert_eq!(percent_encoding::percent_decode_str(segment).decode_utf8().unwrap(), value);
        assert!(!request.to_lowercase().contains("host: evil"), "{request}");
    }
}

#[tokio::test]
async fn no_value_of_a_query_or_a_header_begins_another_one() {
    for value in ["a&admin=1", "a#b", "a=b;c", "x\r\nx-admin: 1", "x\ny", "x\0"] {
        let (core, transport) = crate::support::fake_client([Reply::answer(200, "{}")]);
        let mut call = filled(&core, &GET_JOB);
        call.set(get_job::SHARE_KEY, value);
        send(call).await.unwrap();
        let query = transport.requests()[0].uri().query().unwrap().to_owned();
        let (key, text) = query.split_once('=').unwrap();
        assert_eq!(key, "share_key");
        assert!(!text.contains(['&', '#', '\r', '\n', '\0']), "{query}");
        assert_eq!(percent_encoding::percent_decode_str(text).decode_utf8().unwrap(), value);
    }
    for value in ["a\r\nx-admin: 1", "a\nb", "a\rb", "a\0b"] {
        for parameter in [get_job::TRACE, get_job::LANGUAGE, get_job::PASSWORD] {
            let (core, transport) = crate::support::fake_client([]);
            let mut call = filled(&core, &GET_JOB);
            call.set(parameter, value);
            let error = send(call).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidCall);
            assert!(error.to_string().ends_with("has a character that cannot stand in a header"), "{error}");
            assert!(transport.requests().is_empty());
        }
    }
}
