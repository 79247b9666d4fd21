//! OAuth 2: how tokens are had, how long they are kept, and when they are renewed.

use std::time::Duration;

use clientsmith_runtime::auth::{AuthError, ClientAuthentication, Credential, OAuth2};
use clientsmith_runtime::transport::{Transport, TransportErrorKind};
use clientsmith_runtime::{Core, ErrorKind, RequestBody, RetryPolicy, Settings};
use futures_core::Stream;

use crate::support::api::{API, BY_TOKEN, RATHER_OPEN, TOKEN, filled};
use crate::support::{FakeTransport, Reply, Server, Step, json_answer, send};

const TOKEN_URL: &str = "https://login.example.com/token";

fn access() -> OAuth2 {
    OAuth2::client_credentials(TOKEN_URL, "my app", "s3c:ret")
}

fn settings(access: &OAuth2) -> Settings {
    let mut settings = Settings::new(&API);
    settings.endpoint("https://api.example.com/base");
    settings.retry(RetryPolicy::off());
    settings.credential(Credential::new(TOKEN, access.clone()));
    settings
}

fn client(
    access: &OAuth2,
    replies: impl IntoIterator<Item = Reply>,
) -> (Core, std::sync::Arc<FakeTransport>) {
    let transport = FakeTransport::new(replies);
    let mut settings = settings(access);
    settings.transport(transport.clone());
    (settings.build().unwrap(), transport)
}

fn gives(token: &str, rest: &str) -> Reply {
    Reply::answer(200, &format!(r#"{{"access_token": "{token}", "token_type": "bearer"{rest}}}"#))
}

fn ok() -> Reply {
    Reply::answer(200, "{}")
}

/// What the requests had as `Authorization`, and the bodies of those to the token endpoint.
fn sent(transport: &FakeTransport) -> Vec<String> {
    let requests = transport.requests();
    let shown = requests.iter().map(|request| {
        let authorization =
            request.headers().get("authorization").map_or("", |value| value.to_str().unwrap());
        let body = String::from_utf8(request.body().as_bytes().unwrap().to_vec()).unwrap();
        format!("{} {authorization} {body}", request.uri().host().unwrap()).trim_end().to_owned()
    });
    shown.collect()
}

#[tokio::test]
async fn client_credentials_are_exchanged_for_a_token_that_is_kept() {
    let server = Server::start([
        vec![Step::Send(json_answer(
            "200 OK",
            &[],
            r#"{"access_token": "a1", "token_type": "Bearer", "expires_in": 3600}"#,
        ))],
        vec![Step::Send(json_answer("200 OK", &[], "{}"))],
        vec![Step::Send(json_answer("200 OK", &[], "{}"))],
    ])
    .await;
    // Relative to the API, as a description may have it.
    let access = OAuth2::client_credentials("/oauth/token?tenant=1", "my app", "s3c:ret")
        .scopes(["read", "write:all"])
        .parameter("audience", "https://api");
    let mut settings = Settings::new(&API);
    settings.endpoint(server.url());
    settings.credential(Credential::new(TOKEN, access));
    let core = settings.build().unwrap();
    send(filled(&core, &BY_TOKEN)).await.unwrap();
    send(filled(&core.clone(), &BY_TOKEN)).await.unwrap();
    let [first, second, third] = <[String; 3]>::try_from(server.requests()).unwrap();
    assert!(first.starts_with("POST /oauth/token?tenant=1 HTTP/1.1\r\n"), "{first}");
    // `my+app` or `my%20app`, and the colon of the secret escaped (RFC 6749 §2.3.1).
    assert!(first.contains("authorization: Basic bXklMjBhcHA6czNjJTNBcmV0\r\n"), "{first}");
    assert!(first.contains("content-type: application/x-www-form-urlencoded\r\n"), "{first}");
    assert!(
        first.ends_with(
            "\r\n\r\ngrant_type=client_credentials&scope=read%20write%3Aall&audience=https%3A%2F%2Fapi"
        ),
        "{first}"
    );
    for request in [second, third] {
        assert!(
            request.starts_with("POST /by-token") && request.contains("authorization: Bearer a1\r\n"),
            "{request}"
        );
    }
}

#[tokio::test]
async fn a_client_can_prove_who_it_is_in_the_body() {
    let access = access().client_authentication(ClientAuthentication::Body);
    let (core, transport) = client(&access, [gives("a1", ""), ok()]);
    send(filled(&core, &BY_TOKEN)).await.unwrap();
    assert_eq!(
        sent(&transport),
        [
            "login.example.com  grant_type=client_credentials&client_id=my%20app&client_secret=s3c%3Aret",
            "api.example.com Bearer a1",
        ]
    );
}

#[tokio::test]
async fn a_token_is_renewed_before_it_expires() {
    let (core, transport) =
        client(&access(), [gives("a1", r#", "expires_in": "600""#), ok(), ok(), gives("a2", ""), ok(), ok()]);
    send(filled(&core, &BY_TOKEN)).await.unwrap();
    transport.sleep(Duration::from_secs(530)).await;
    send(filled(&core, &BY_TOKEN)).await.unwrap();
    transport.sleep(Duration::from_secs(20)).await;
    send(filled(&core, &BY_TOKEN)).await.unwrap();
    // Of this one the server has not said how long it holds.
    transport.sleep(Duration::from_secs(100_000)).await;
    send(filled(&core, &BY_TOKEN)).await.unwrap();
    let tokens: Vec<String> = sent(&transport).into_iter().filter(|sent| sent.starts_with("api")).collect();
    assert_eq!(tokens, ["a1", "a1", "a2", "a2"].map(|token| format!("api.example.com Bearer {token}")));
}

#[tokio::test]
async fn a_token_that_still_holds_is_used_when_it_cannot_be_renewed_just_now() {
    let unreachable = || Reply::Fails(TransportErrorKind::Connect);
    let (core, transport) = client(
        &access(),
        [gives("a1", r#", "expires_in": 600"#), ok(), Reply::answer(503, ""), ok(), unreachable()],
    );
    send(filled(&core, &BY_TOKEN)).await.unwrap();
    transport.sleep(Duration::from_secs(550)).await;
    send(filled(&core, &BY_TOKEN)).await.unwrap();
    transport.sleep(Duration::from_secs(60)).await;
    let error = send(filled(&core, &BY_TOKEN)).await.unwrap_err();
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Credentials, true));
    assert_eq!(error.to_string(), "byToken: the token endpoint cannot be reached: as prepared");
}

#[tokio::test]
async fn a_token_that_is_refused_is_renewed_once() {
    let refused = || Reply::answer(401, "{}");
    let (core, transport) = client(
        &access(),
        [gives("a1", ""), ok(), refused(), gives("a2", ""), ok(), refused(), gives("a3", ""), refused()],
    );
    send(filled(&core, &BY_TOKEN)).await.unwrap();
    send(filled(&core, &BY_TOKEN)).await.unwrap();
    let error = send(filled(&core, &BY_TOKEN)).await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(401));
    let hosts: Vec<String> =
        transport.requests().iter().map(|request| request.uri().host().unwrap()[..3].to_owned()).collect();
    assert_eq!(hosts, ["log", "api", "api", "log", "api", "api", "log", "api"]);
}

/// A stream without a piece.
struct Nothing;

impl Stream for Nothing {
    type Item = std::io::Result<clientsmith_runtime::Bytes>;

    fn poll_next(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        std::task::Poll::Ready(None)
    }
}

#[tokio::test]
async fn a_body_that_is_gone_is_not_sent_again_but_the_next_call_has_a_new_token() {
    let server = Server::start([
        vec![Step::Send(json_answer("200 OK", &[], r#"{"access_token": "a1"}"#))],
        vec![Step::Send(json_answer("401 Unauthorized", &[], "{}"))],
        vec![Step::Send(json_answer("200 OK", &[], r#"{"access_token": "a2"}"#))],
        vec![Step::Send(json_answer("200 OK", &[], "{}"))],
    ])
    .await;
    let mut settings = Settings::new(&API);
    settings.endpoint(server.url());
    settings.credential(Credential::new(TOKEN, access().token_url(format!("{}/token", server.url()))));
    let core = settings.build().unwrap();
    let mut call = filled(&core, &BY_TOKEN);
    call.body(RequestBody::stream(Nothing));
    assert_eq!(send(call).await.unwrap_err().status().map(|status| status.as_u16()), Some(401));
    send(filled(&core, &BY_TOKEN)).await.unwrap();
    assert_eq!(server.requests().len(), 4);
}

#[tokio::test]
async fn a_refresh_token_is_exchanged_and_a_newer_one_taken() {
    let access = OAuth2::refresh_token(TOKEN_URL, "app", "r1");
    let (core, transport) = client(
        &access,
        [gives("a1", r#", "expires_in": 60, "refresh_token": "r2""#), ok(), gives("a2", ""), ok()],
    );
    send(filled(&core, &BY_TOKEN)).await.unwrap();
    transport.sleep(Duration::from_secs(60)).await;
    send(filled(&core, &BY_TOKEN)).await.unwrap();
    assert_eq!(
        sent(&transport),
        [
            "login.example.com  grant_type=refresh_token&refresh_token=r1&client_id=app",
            "api.example.com Bearer a1",
            "login.example.com  grant_type=refresh_token&refresh_token=r2&client_id=app",
            "api.example.com Bearer a2",
        ]
    );
}

#[tokio::test]
async fn calls_at_the_same_time_and_clones_fetch_one_token() {
    let (release, wait) = tokio::sync::oneshot::channel();
    let api = Server::start((0..8).map(|_| vec![Step::Send(json_answer("200 OK", &[], "{}"))])).await;
    let login = Server::start([vec![
        Step::Await(wait),
        Step::Send(json_answer("200 OK", &[], r#"{"access_token": "a1"}"#)),
    ]])
    .await;
    let access = access().token_url(login.url());
    let calls = (0..8).map(|_| {
        let mut settings = settings(&access);
        settings.endpoint(api.url());
        tokio::spawn(send(filled(&settings.build().unwrap(), &BY_TOKEN)))
    });
    let calls: Vec<_> = calls.collect();
    while login.requests().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    release.send(()).unwrap();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!((login.requests().len(), api.requests().len()), (1, 8));
}

#[tokio::test]
async fn a_call_that_is_given_up_leaves_fetching_to_the_next_one() {
    let (core, transport) = client(&access(), [Reply::Hangs, gives("a1", ""), ok()]);
    let mut call = filled(&core, &BY_TOKEN);
    call.timeout(Duration::from_secs(3));
    let error = send(call).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "byToken: the credentials were not ready within 3s: raise `timeout` if it may take longer"
    );
    send(filled(&core, &BY_TOKEN)).await.unwrap();
    assert_eq!(transport.requests().len(), 3);
}

#[tokio::test]
async fn a_provider_says_where_tokens_are_had() {
    let metadata = |issuer: &str, token_url: &str| {
        Reply::answer(
            200,
            &format!(
                r#"{{"issuer": "{issuer}", "token_endpoint": "{token_url}", "token_endpoint_auth_methods_supported": ["client_secret_post"]}}"#
            ),
        )
    };
    for url in [
        "https://login.example.com/tenant",
        "https://login.example.com/tenant/.well-known/openid-configuration",
    ] {
        let (core, transport) = client(
            &access().discovery_url(url),
            [
                metadata("https://login.example.com/tenant", TOKEN_URL),
                gives("a1", r#", "expires_in": 10"#),
                ok(),
                gives("a2", ""),
                ok(),
            ],
        );
        send(filled(&core, &BY_TOKEN)).await.unwrap();
        transport.sleep(Duration::from_secs(10)).await;
        send(filled(&core, &BY_TOKEN)).await.unwrap();
        assert_eq!(
            transport.paths(),
            [
                "/tenant/.well-known/openid-configuration",
                "/token",
                "/base/by-token",
                "/token",
                "/base/by-token"
            ]
        );
        assert!(sent(&transport)[1].ends_with("client_secret=s3c%3Aret"));
    }
    let (core, _) = client(
        &access().discovery_url("https://login.example.com"),
        [metadata("https://login.example.com/", "http://login.example.com/token")],
    );
    let error = send(filled(&core, &BY_TOKEN)).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "byToken: the token endpoint is not asked over plain http at `login.example.com`: use https"
    );
}

#[tokio::test]
async fn a_provider_has_to_be_the_issuer_that_was_asked() {
    const REAL: &str = "https://login.example.com/tenant";
    let well_known = format!("{REAL}/.well-known/openid-configuration");
    let of_oauth = "https://login.example.com/.well-known/oauth-authorization-server/tenant";
    for (url, issuer, outcome) in [
        (REAL, r#""https://login.example.com/tenant""#, None),
        (&well_known, r#""https://login.example.com/tenant/""#, None),
        (of_oauth, r#""https://login.example.com/tenant""#, None),
        (
            &well_known,
            r#""https://login.example.com/other""#,
            Some(
                "the OpenID provider calls itself `https://login.example.com/other`, where \
                 `https://login.example.com/tenant` was asked: set its token URL",
            ),
        ),
        (REAL, "null", Some("the OpenID provider names no issuer")),
    ] {
        let metadata =
            format!(r#"{{"issuer": {issuer}, "token_endpoint": "https://elsewhere.example.com/token"}}"#);
        let (core, transport) =
            client(&access().discovery_url(url), [Reply::answer(200, &metadata), gives("a1", ""), ok()]);
        let sent = send(filled(&core, &BY_TOKEN)).await;
        match outcome {
            None => assert!(sent.is_ok(), "{url}"),
            Some(reason) => {
                assert_eq!(sent.unwrap_err().to_string(), format!("byToken: {reason}"));
                assert_eq!(transport.requests().len(), 1);
            }
        }
    }
}

#[tokio::test]
async fn a_provider_that_has_moved_its_endpoint_is_asked_again() {
    let metadata = |token_url: &str| {
        Reply::answer(
            200,
            &format!(r#"{{"issuer": "https://login.example.com", "token_endpoint": "{token_url}"}}"#),
        )
    };
    let (core, transport) = client(
        &access().discovery_url("https://login.example.com"),
        [
            metadata("https://login.example.com/old"),
            gives("a1", r#", "expires_in": 10"#),
            ok(),
            Reply::answer(404, ""),
            metadata("https://login.example.com/new"),
            gives("a2", ""),
            ok(),
        ],
    );
    send(filled(&core, &BY_TOKEN)).await.unwrap();
    transport.sleep(Duration::from_secs(10)).await;
    send(filled(&core, &BY_TOKEN)).await.unwrap_err();
    send(filled(&core, &BY_TOKEN)).await.unwrap();
    assert_eq!(transport.paths()[5], "/new");
}

#[tokio::test]
async fn a_token_that_holds_still_is_used_when_its_renewal_hangs() {
    let (core, transport) =
        client(&access(), [gives("a1", r#", "expires_in": 600"#), ok(), Reply::Hangs, ok(), ok()]);
    send(filled(&core, &BY_TOKEN)).await.unwrap();
    transport.sleep(Duration::from_secs(550)).await;
    send(filled(&core, &BY_TOKEN)).await.unwrap();
    assert_eq!(transport.elapsed(), Duration::from_secs(560));
    // It is not tried again at once.
    send(filled(&core, &BY_TOKEN)).await.unwrap();
    assert_eq!(transport.requests().len(), 5);
}

#[tokio::test]
async fn a_newer_refresh_token_is_handed_to_who_keeps_it() {
    let kept = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let keep = std::sync::Arc::clone(&kept);
    let access = OAuth2::refresh_token(TOKEN_URL, "app", "r1")
        .on_refresh_token(move |token| keep.lock().unwrap().push(token.expose().to_owned()));
    let (core, transport) = client(
        &access,
        [gives("a1", r#", "expires_in": 60, "refresh_token": "r2""#), ok(), gives("a2", ""), ok()],
    );
    send(filled(&core, &BY_TOKEN)).await.unwrap();
    assert_eq!(*kept.lock().unwrap(), ["r2"]);
    transport.sleep(Duration::from_secs(60)).await;
    send(filled(&core, &BY_TOKEN)).await.unwrap();
    assert_eq!(*kept.lock().unwrap(), ["r2"]);
    assert!(!format!("{access:?}").contains("r2"));
}

/// What a token endpoint may say of how long a token holds; nothing of it is worth a panic, or another token for each call.
#[tokio::test]
async fn odd_lifetimes_are_taken_as_none() {
    for odd in
        ["-5", "\"-5\"", "1e300", "18446744073709551615", "\"soon\"", "null", "[]", "\"NaN\"", "\"inf\""]
    {
        let (core, transport) =
            client(&access(), [gives("a1", &format!(r#", "expires_in": {odd}"#)), ok(), ok()]);
        send(filled(&core, &BY_TOKEN)).await.unwrap();
        transport.sleep(Duration::from_secs(100)).await;
        send(filled(&core, &BY_TOKEN)).await.unwrap();
        assert_eq!(transport.requests().len(), 3, "{odd}");
    }
}

#[tokio::test]
async fn the_code_of_a_refusal_can_be_told_from_others() {
    let access = OAuth2::refresh_token(TOKEN_URL, "app", "r1").client_secret("s3c:ret");
    let (core, _) = client(
        &access,
        [Reply::answer(400, r#"{"error": "invalid_grant", "error_description": "s3c%3Aret is not for r1"}"#)],
    );
    let error = send(filled(&core, &BY_TOKEN)).await.unwrap_err();
    // The secret as it was sent is not shown either.
    assert_eq!(error.to_string(), "byToken: the token endpoint refuses with status 400: invalid_grant");
    let cause = std::error::Error::source(&error).unwrap().downcast_ref::<AuthError>().unwrap();
    assert_eq!(cause.code(), Some("invalid_grant"));
}

#[tokio::test]
async fn an_answer_without_an_end_is_given_up() {
    let (core, _) = client(&access(), [Reply::answer(200, &" ".repeat(2 * 1024 * 1024))]);
    let error = send(filled(&core, &BY_TOKEN)).await.unwrap_err();
    assert_eq!(error.to_string(), "byToken: the answer of the token endpoint is too long");
}

#[tokio::test]
async fn what_the_token_endpoint_refuses_is_said_without_a_secret() {
    for (status, body, shown) in [
        (
            401,
            r#"{"error": "invalid_client", "error_description": "unknown\nclient"}"#,
            "refuses with status 401: invalid_client: unknown client",
        ),
        (
            400,
            r#"{"error": "invalid_client", "error_description": "no s3c:ret here"}"#,
            "refuses with status 400: invalid_client",
        ),
        (500, "s3c:ret", "refuses with status 500: no reason is given"),
    ] {
        let (core, transport) = client(&access(), [Reply::answer(status, body)]);
        let error = send(filled(&core, &BY_TOKEN)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Credentials);
        assert_eq!(error.to_string(), format!("byToken: the token endpoint {shown}"));
        assert_eq!(error.is_retryable(), status == 500);
        assert_eq!(transport.requests().len(), 1);
    }
    for (body, shown) in [
        (
            r#"{"access_token": "hidden", "token_type": "mac"}"#,
            "the token endpoint gives a token of the type `mac`, not a bearer token",
        ),
        (r#"{"token": "hidden"}"#, "the answer of the token endpoint has no access token"),
        (r#"{"access_token": ["hidden"]}"#, "the answer of the token endpoint has no access token"),
        ("hidden", "the answer of the token endpoint has no access token"),
    ] {
        let (core, _) = client(&access(), [Reply::answer(200, body)]);
        let error = send(filled(&core, &BY_TOKEN)).await.unwrap_err();
        assert_eq!(error.to_string(), format!("byToken: {shown}"));
        assert!(!format!("{error:?}").contains("hidden"));
    }
}

#[tokio::test]
async fn no_secret_goes_to_a_token_endpoint_over_plain_http() {
    for url in ["http://login.example.com/token", "//me@login.example.com/token", "ftp://login.example.com"] {
        let (core, transport) = client(&access().token_url(url), []);
        let error = send(filled(&core, &BY_TOKEN)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Credentials, "{error}");
        assert!(transport.requests().is_empty());
    }
}

#[tokio::test]
async fn a_given_token_is_used_as_it_is() {
    let (core, transport) = client(&OAuth2::access_token("a0"), [Reply::answer(401, "{}")]);
    send(filled(&core, &BY_TOKEN)).await.unwrap_err();
    assert_eq!(sent(&transport), ["api.example.com Bearer a0"]);
    assert!(transport.requests()[0].headers()["authorization"].is_sensitive());
}

#[tokio::test]
async fn who_has_credentials_is_known_where_that_is_optional() {
    let (core, transport) = client(&OAuth2::access_token("a0"), [ok()]);
    send(filled(&core, &RATHER_OPEN)).await.unwrap();
    assert_eq!(sent(&transport), ["api.example.com Bearer a0"]);
    let mut settings = Settings::new(&API);
    let transport = FakeTransport::new([ok()]);
    settings.transport(transport.clone());
    send(filled(&settings.build().unwrap(), &RATHER_OPEN)).await.unwrap();
    assert_eq!(sent(&transport), ["jobs.north-1.example.com"]);
}

#[test]
fn nothing_shows_a_secret() {
    let refresh =
        OAuth2::refresh_token(TOKEN_URL, "app", "hidden").client_secret("hidden").parameter("key", "hidden");
    let shown = format!("{refresh:?} {:?} {:?}", access(), OAuth2::access_token("hidden"));
    assert!(!shown.contains("hidden") && !shown.contains("s3c"), "{shown}");
    assert!(shown.contains("my app") && shown.contains("refresh token"), "{shown}");
}
