//! What credentials do besides proving: they supply values of the client, and are renewed in the background.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use clientsmith_runtime::auth::{
    ApiKey, Attempt, AuthError, Authenticate, Basic, Bearer, Context, Credential, HttpToken, KeyLocation,
    NewSecret, OAuth2, SecretSource, callback, from_env,
};
use clientsmith_runtime::transport::Transport;
use clientsmith_runtime::{BoxFuture, Call, Core, Error, ErrorKind, RequestBody, RetryPolicy, Settings};

use crate::support::api::{API, BY_TOKEN, GET_JOB, SIGNATURE, TOKEN, filled};
use crate::support::{FakeTransport, Reply, Server, Step, json_answer, send};

/// Credentials that ask the service for the project.
#[derive(Debug)]
struct Asking;

impl Authenticate for Asking {
    fn authenticate<'a>(&'a self, _: Attempt<'a>) -> BoxFuture<'a, Result<(), AuthError>> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn supplies(&self, name: &str) -> bool {
        name == "project_id"
    }

    fn value<'a>(
        &'a self,
        name: &'a str,
        context: Context<'a>,
    ) -> BoxFuture<'a, Result<Option<String>, AuthError>> {
        let request = http::Request::get(format!("{}{name}", context.base)).body(RequestBody::empty());
        Box::pin(async move {
            let mut answer = context.transport.send(request.unwrap()).await.unwrap();
            if !answer.status().is_success() {
                return Err(AuthError::new("there is no project", None));
            }
            let body = answer.body_mut().next().await.unwrap().unwrap();
            Ok(Some(String::from_utf8(body.to_vec()).unwrap()).filter(|id| !id.is_empty()))
        })
    }
}

fn client(replies: impl IntoIterator<Item = Reply>, value: Option<&str>) -> (Core, Arc<FakeTransport>) {
    let transport = FakeTransport::new(replies);
    let mut settings = Settings::new(&API);
    settings.endpoint("https://api.example.com");
    settings.retry(RetryPolicy::off());
    settings.transport(transport.clone());
    settings.credential(Credential::new(SIGNATURE, Asking));
    if let Some(value) = value {
        settings.value(0, value);
    }
    (settings.build().unwrap(), transport)
}

fn job(core: &Core) -> Call {
    let mut call = Call::new(core, &GET_JOB);
    call.set(1, "7");
    call
}

fn ok() -> Reply {
    Reply::answer(200, "{}")
}

#[tokio::test]
async fn a_value_that_nobody_gave_is_found_out_by_the_first_call_and_kept() {
    let (core, transport) = client([Reply::answer(200, "p-1"), ok(), ok()], None);
    send(job(&core)).await.unwrap();
    send(job(&core.clone())).await.unwrap();
    let paths = transport.paths();
    assert_eq!(paths[0], "/project_id");
    assert!(paths[1].contains("/p-1/") && paths[2].contains("/p-1/"), "{paths:?}");
}

#[tokio::test]
async fn calls_at_the_same_time_make_one_inquiry() {
    let (release, wait) = tokio::sync::oneshot::channel();
    let answers = (0..8).map(|_| vec![Step::Send(json_answer("200 OK", &[], "{}"))]);
    let inquiry = vec![Step::Await(wait), Step::Send(json_answer("200 OK", &[], "p-1"))];
    let server = Server::start(std::iter::once(inquiry).chain(answers)).await;
    let mut settings = Settings::new(&API);
    settings.endpoint(server.url());
    settings.credential(Credential::new(SIGNATURE, Asking));
    let core = settings.build().unwrap();
    let calls: Vec<_> = (0..8).map(|_| tokio::spawn(send(job(&core)))).collect();
    while server.requests().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    release.send(()).unwrap();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    let requests = server.requests();
    assert_eq!(requests.iter().filter(|request| request.contains("/project_id ")).count(), 1, "{requests:?}");
}

#[tokio::test]
async fn a_value_that_is_given_is_not_asked_for() {
    let (core, transport) = client([ok()], Some("given"));
    send(job(&core)).await.unwrap();
    assert!(transport.paths()[0].contains("/given/"));
    let (core, transport) = client([ok()], None);
    let mut call = job(&core);
    call.set(0, "of-the-call");
    send(call).await.unwrap();
    assert!(transport.paths()[0].contains("/of-the-call/"));
}

#[tokio::test]
async fn what_cannot_be_found_out_fails_the_call_and_is_asked_for_again_by_the_next() {
    let (core, transport) =
        client([Reply::answer(404, ""), Reply::answer(200, ""), Reply::answer(200, "p-1"), ok()], None);
    let shown = |error: Error| (error.kind(), error.to_string());
    let error = send(job(&core)).await.unwrap_err();
    assert_eq!(shown(error), (ErrorKind::Credentials, "getJob: there is no project".to_owned()));
    let error = send(job(&core)).await.unwrap_err();
    let message = "getJob: `project_id` is not set, and the credentials do not know it";
    assert_eq!(shown(error), (ErrorKind::Credentials, message.to_owned()));
    send(job(&core)).await.unwrap();
    assert_eq!(transport.requests().len(), 4);
}

/// A client of tokens that live for ten minutes.
fn token_client(replies: impl IntoIterator<Item = Reply>) -> (Core, Arc<FakeTransport>) {
    let transport = FakeTransport::new(replies);
    let mut settings = Settings::new(&API);
    settings.endpoint("https://api.example.com");
    settings.transport(transport.clone());
    let access = OAuth2::client_credentials("https://login.example.com/token", "app", "s3cret");
    settings.credential(Credential::new(TOKEN, access));
    (settings.build().unwrap(), transport)
}

fn token() -> Reply {
    Reply::answer(200, r#"{"access_token": "a", "expires_in": 600}"#)
}

#[tokio::test]
async fn a_refresher_renews_ahead_of_the_calls_and_tries_again_after_a_failure() {
    let lasting = Reply::answer(200, r#"{"access_token": "b"}"#);
    let (core, transport) = token_client([token(), token(), Reply::answer(503, ""), lasting]);
    core.keep_credentials_fresh().await;
    // Two minutes before the end of each, and once ten seconds later. The last one needs no renewal.
    assert_eq!(transport.requests().len(), 4);
    assert_eq!(transport.elapsed(), Duration::from_secs(480 + 480 + 10));
}

#[tokio::test]
async fn a_refresher_without_anything_that_expires_ends() {
    let (core, _) = client([], None);
    core.keep_credentials_fresh().await;
}

#[tokio::test]
async fn dropping_the_handle_stops_the_refresher() {
    let (core, transport) = token_client([Reply::Hangs]);
    let task = core.keep_credentials_fresh().spawn();
    drop(core);
    while transport.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(Arc::strong_count(&transport), 2);
    drop(task);
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    // Nothing of the client is left.
    assert_eq!(Arc::strong_count(&transport), 1);
}

/// A callback that gives `s1`, `s2` and so on, each for ten minutes, and how often it was asked.
fn counting() -> (SecretSource, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let source = callback(move || {
        let number = counter.fetch_add(1, Ordering::Relaxed) + 1;
        async move { Ok(NewSecret::new(format!("s{number}")).lifetime(Duration::from_secs(600))) }
    });
    (source, asked)
}

#[tokio::test]
async fn a_callback_gives_the_secret_of_any_kind_which_is_kept_renewed_and_asked_for_again_when_it_is_refused()
 {
    type Make = fn(SecretSource) -> Credential;
    let basic = ["Basic bWU6czE=", "Basic bWU6czI=", "Basic bWU6czM="];
    let kinds: [(Make, &str, [&str; 3]); 5] = [
        (
            |source| Credential::new(TOKEN, Bearer::new(source)),
            "authorization",
            ["Bearer s1", "Bearer s2", "Bearer s3"],
        ),
        (
            |source| Credential::new(TOKEN, HttpToken::new("DPoP", source)),
            "authorization",
            ["DPoP s1", "DPoP s2", "DPoP s3"],
        ),
        (|source| Credential::new(TOKEN, Basic::new("me", source)), "authorization", basic),
        (
            |source| Credential::new(TOKEN, ApiKey::new(KeyLocation::Header, "x-key", source)),
            "x-key",
            ["s1", "s2", "s3"],
        ),
        (
            |source| Credential::new(TOKEN, ApiKey::new(KeyLocation::Cookie, "session", source)),
            "cookie",
            ["session=s1", "session=s2", "session=s3"],
        ),
    ];
    for (make, name, [first, second, third]) in kinds {
        let (source, asked) = counting();
        let credential = make(source);
        assert!(!format!("{credential:?}").contains("s1"));
        let transport = FakeTransport::new([ok(), ok(), ok(), Reply::answer(401, "{}"), ok()]);
        let mut settings = Settings::new(&API);
        settings.endpoint("https://api.example.com");
        settings.transport(transport.clone());
        settings.credential(credential);
        let core = settings.build().unwrap();
        send(filled(&core, &BY_TOKEN)).await.unwrap();
        send(filled(&core, &BY_TOKEN)).await.unwrap();
        transport.sleep(Duration::from_secs(540)).await;
        send(filled(&core, &BY_TOKEN)).await.unwrap();
        send(filled(&core, &BY_TOKEN)).await.unwrap();
        let requests = transport.requests();
        let sent: Vec<&str> =
            requests.iter().map(|request| request.headers()[name].to_str().unwrap()).collect();
        assert_eq!(sent, [first, first, second, second, third]);
        assert_eq!(asked.load(Ordering::Relaxed), 3);
    }
}

#[tokio::test]
async fn a_callback_that_fails_fails_the_call() {
    let source = callback(|| async { Err("the vault is sealed".into()) });
    let mut settings = Settings::new(&API);
    settings.endpoint("https://api.example.com");
    settings.transport(FakeTransport::new([]));
    settings.credential(Credential::new(TOKEN, Bearer::new(source)));
    let error = send(filled(&settings.build().unwrap(), &BY_TOKEN)).await.unwrap_err();
    assert_eq!(error.to_string(), "byToken: the callback gives no credentials: the vault is sealed");
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Credentials, false));
    let cause = std::error::Error::source(&error).and_then(|source| source.source()).unwrap();
    assert_eq!(cause.to_string(), "the vault is sealed");
}

#[test]
fn a_variable_that_is_not_set_gives_no_secret() {
    let error = from_env("CLIENTSMITH_NOBODY_SETS_THIS").unwrap_err();
    assert_eq!(error.to_string(), "the environment variable CLIENTSMITH_NOBODY_SETS_THIS is not set");
    assert_eq!(from_env("CARGO_PKG_NAME").unwrap().expose(), "clientsmith-runtime");
}
