//! What credentials do besides proving: they supply values of the client, and are renewed in the background.

use std::sync::Arc;
use std::time::Duration;

use clientsmith_runtime::auth::{Attempt, AuthError, Authenticate, Context, Credential, OAuth2};
use clientsmith_runtime::{BoxFuture, Call, Core, Error, ErrorKind, RequestBody, RetryPolicy, Settings};

use crate::support::api::{API, GET_JOB, SIGNATURE, TOKEN};
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
