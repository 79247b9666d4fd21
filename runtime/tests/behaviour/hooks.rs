//! Hooks: what they add is sent and signed, and what they see holds no credentials.

use std::sync::{Arc, Mutex};

use clientsmith_runtime::auth::{ApiKey, Attempt, AuthError, Authenticate, Bearer, Credential, KeyLocation};
use clientsmith_runtime::hook::{Arrived, Failed, Hook, Outgoing};
use clientsmith_runtime::http::HeaderValue;
use clientsmith_runtime::transport::TransportErrorKind;
use clientsmith_runtime::{BoxFuture, Call, ErrorKind, RetryPolicy, Settings};

use crate::support::{FakeTransport, Reply, api, send};

#[derive(Clone, Default)]
struct Diary(Arc<Mutex<Vec<String>>>);

impl Diary {
    fn write(&self, line: String) {
        self.0.lock().unwrap().push(line);
    }

    fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

impl Hook for Diary {
    fn request(&self, request: &mut Outgoing<'_>) {
        self.write(format!("{} {} {}", request.attempt(), request.method(), request.url()));
        let shown = format!("{request:?} {:?}", request.headers());
        assert!(!shown.contains("hidden"), "{shown}");
        request.headers_mut().insert("x-tenant", HeaderValue::from_static("blue"));
    }

    fn response(&self, response: &Arrived<'_>) {
        let (attempt, operation, status) = (response.attempt(), response.operation(), response.status());
        self.write(format!("{attempt} {operation} {} {:?}", status.as_u16(), response.headers().get("x-a")));
    }

    fn failure(&self, failure: &Failed<'_>) {
        self.write(format!("{} {:?}: {}", failure.attempt(), failure.kind(), failure.detail()));
    }
}

/// Settings of a client with a hook and a transport that answers with `replies`.
fn hooked(
    replies: impl IntoIterator<Item = Reply>,
    hook: impl Hook + 'static,
) -> (Settings, Arc<FakeTransport>) {
    let transport = FakeTransport::new(replies);
    let mut settings = Settings::new(&api::API);
    settings.endpoint("https://api.example.com");
    settings.transport(transport.clone());
    settings.hook(hook);
    settings.retry(RetryPolicy::standard());
    (settings, transport)
}

#[tokio::test]
async fn each_attempt_is_told_with_its_number_and_what_came_of_it() {
    let diary = Diary::default();
    let replies = [
        Reply::Fails(TransportErrorKind::Broken),
        Reply::With(503, vec![("x-a", "b".to_owned())], String::new()),
        Reply::answer(200, "{}"),
    ];
    let (settings, transport) = hooked(replies, diary.clone());
    let mut call = Call::new(&settings.build().unwrap(), &api::GET_JOB);
    call.set(api::get_job::PROJECT_ID, "p");
    call.set(api::get_job::JOB_ID, 7);
    call.set(api::get_job::SHARE_KEY, "hidden");
    send(call).await.unwrap();
    let url = "https://api.example.com/v1/p/jobs/7:describe?share_key=[redacted]";
    assert_eq!(
        diary.lines(),
        [
            format!("1 GET {url}"),
            "1 Transport: the connection broke: as prepared".to_owned(),
            format!("2 GET {url}"),
            "2 getJob 503 Some(\"b\")".to_owned(),
            format!("3 GET {url}"),
            "3 getJob 200 None".to_owned(),
        ]
    );
    for request in transport.requests() {
        assert_eq!(request.headers()["x-tenant"], "blue");
    }
}

#[tokio::test]
async fn what_a_hook_has_added_is_there_when_the_request_is_signed() {
    /// Signs the header of the hook.
    #[derive(Debug)]
    struct Signer;

    impl Authenticate for Signer {
        fn authenticate<'a>(&'a self, attempt: Attempt<'a>) -> BoxFuture<'a, Result<(), AuthError>> {
            let tenant = attempt.request.headers.get("x-tenant").cloned().unwrap();
            attempt.request.headers.insert("x-signed", tenant);
            Box::pin(std::future::ready(Ok(())))
        }
    }

    let (mut settings, transport) = hooked([Reply::answer(200, "{}")], Diary::default());
    settings.credential(Credential::new(api::SIGNATURE, Signer));
    send(Call::new(&settings.build().unwrap(), &api::SIGNED)).await.unwrap();
    assert_eq!(transport.requests()[0].headers()["x-signed"], "blue");
}

#[tokio::test]
async fn a_hook_sees_no_credentials_and_its_secrets_do_not_go_over_plain_http() {
    /// Adds a secret.
    struct Secretive;

    impl Hook for Secretive {
        fn request(&self, request: &mut Outgoing<'_>) {
            assert!(!request.headers().contains_key("authorization"));
            assert!(!request.url().contains("hidden"), "{}", request.url());
            let mut value = HeaderValue::from_static("hidden");
            value.set_sensitive(true);
            request.headers_mut().insert("x-secret", value);
        }
    }

    let (mut settings, transport) = hooked([Reply::answer(200, "{}")], Secretive);
    settings.credential(Credential::new(api::TOKEN, Bearer::new("hidden")));
    settings.credential(Credential::new(api::KEY, ApiKey::new(KeyLocation::Query, "key", "hidden")));
    send(Call::new(&settings.build().unwrap(), &api::SECURED)).await.unwrap();
    let request = transport.requests().remove(0);
    assert_eq!(request.headers()["x-secret"], "hidden");
    assert_eq!(request.uri().query(), Some("key=hidden"));

    let (mut settings, transport) = hooked([], Secretive);
    settings.endpoint("http://api.example.com");
    let error = send(Call::new(&settings.build().unwrap(), &api::LIST_JOBS)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidCall);
    assert_eq!(
        error.to_string(),
        "listJobs: a hook added a secret header, which is not sent over plain http"
    );
    assert!(transport.requests().is_empty());
}
