//! What the feature `tracing` tells of calls, and that no secret is in it.

use clientsmith_runtime::auth::{ApiKey, Bearer, Credential, KeyLocation};
use clientsmith_runtime::hook::{Hook, Outgoing, TraceHeaders};
use clientsmith_runtime::http::{HeaderName, HeaderValue};
use clientsmith_runtime::huawei::AkSk;
use clientsmith_runtime::transport::TransportErrorKind;
use clientsmith_runtime::{Call, RetryPolicy, Settings};
use tracing::subscriber::set_default;

use crate::support::collector::{Collector, Told};
use crate::support::{FakeTransport, Reply, api, send};

const SECRET: &str = "s3cret";

/// Settings of a client with all kinds of credentials, whose transport answers with `replies`.
fn settings(replies: impl IntoIterator<Item = Reply>) -> Settings {
    let mut settings = Settings::new(&api::API);
    settings.endpoint("https://api.example.com:8443");
    settings.transport(FakeTransport::new(replies));
    settings.retry(RetryPolicy::standard());
    let keys = AkSk::new("AKFAKEEXAMPLE0000009", SECRET).unwrap().security_token(SECRET).unwrap();
    settings.credential(Credential::new(api::SIGNATURE, keys));
    settings.credential(Credential::new(api::TOKEN, Bearer::new(SECRET)));
    settings.credential(Credential::new(api::KEY, ApiKey::new(KeyLocation::Query, "key", SECRET)));
    settings
}

fn fields(told: &Told, names: &[&str]) -> Vec<String> {
    names.iter().map(|name| told.field(name).to_owned()).collect()
}

fn assert_no_secret(collector: &Collector) {
    let told = format!("{:?} {:?}", collector.spans(), collector.events());
    assert!(!told.contains(SECRET), "{told}");
}

#[tokio::test]
async fn a_call_is_a_span_with_a_span_for_each_attempt() {
    let collector = Collector::default();
    let replies = [
        Reply::Fails(TransportErrorKind::Connect),
        Reply::answer(503, ""),
        Reply::With(200, vec![("x-request-id", "r-1".to_owned())], "{}".to_owned()),
    ];
    let mut call = Call::new(&settings(replies).build().unwrap(), &api::GET_JOB);
    call.set(api::get_job::PROJECT_ID, "p");
    call.set(api::get_job::JOB_ID, 7);
    call.set(api::get_job::SHARE_KEY, SECRET);
    call.set(api::get_job::PASSWORD, SECRET);
    {
        let _guard = set_default(collector.clone());
        send(call).await.unwrap();
    }
    let spans = collector.spans();
    let [call, first, second, third] = &spans[..] else { panic!("{spans:?}") };
    assert_eq!((call.name.as_str(), call.parent.as_deref()), ("call", None));
    let template = "/v1/{project_id}/jobs/{job_id}:describe";
    let of_call = ["operation.id", "otel.kind", "http.request.method", "url.template", "server.address"];
    assert_eq!(fields(call, &of_call), ["getJob", "client", "GET", template, "api.example.com"]);
    let of_end = ["server.port", "http.response.status_code", "request.id", "attempts", "error.type"];
    assert_eq!(fields(call, &of_end), ["8443", "200", "r-1", "3", ""]);

    let of_attempt =
        ["http.request.resend_count", "http.response.status_code", "error.type", "otel.status_code"];
    assert_eq!(fields(first, &of_attempt), ["", "", "connect", "ERROR"]);
    assert_eq!(fields(second, &of_attempt), ["1", "503", "503", "ERROR"]);
    assert_eq!(fields(third, &of_attempt), ["2", "200", "", ""]);
    for attempt in [first, second, third] {
        assert_eq!((attempt.name.as_str(), attempt.parent.as_deref()), ("http.request", Some("call")));
        let url = "https://api.example.com:8443/v1/p/jobs/7:describe?share_key=[redacted]";
        assert_eq!(fields(attempt, &["url.full", "url.template", "otel.kind"]), [url, template, "client"]);
        assert_eq!(attempt.field("otel.name"), format!("GET {template}"));
    }
    assert!(spans.iter().all(|span| span.is_closed), "{spans:?}");

    let events = collector.events();
    let retries: Vec<_> = events
        .iter()
        .map(|event| (event.name.as_str(), event.field("error.type"), event.field("attempts")))
        .collect();
    let again = "the call is made again";
    assert_eq!(retries, [(again, "connect", "1"), (again, "503", "2")]);
    assert!(events.iter().all(|event| event.parent.as_deref() == Some("call")));
    assert!(events.iter().all(|event| event.field("pause_ms").parse::<u64>().is_ok()));
    assert_no_secret(&collector);
}

#[tokio::test]
async fn a_failure_is_told_with_its_kind_or_its_status() {
    for (reply, error_type) in [
        (Reply::answer(404, "{}"), "404"),
        (Reply::answer(200, r#"{"is_success":false}"#), "api"),
        (Reply::Hangs, "timeout"),
        (Reply::answer(302, ""), "undocumented_status"),
    ] {
        let collector = Collector::default();
        let mut settings = settings([reply]);
        settings.retry(RetryPolicy::off());
        let call = Call::new(&settings.build().unwrap(), &api::LIST_JOBS);
        {
            let _guard = set_default(collector.clone());
            send(call).await.unwrap_err();
        }
        let spans = collector.spans();
        assert_eq!(spans[0].field("error.type"), error_type, "{spans:?}");
        assert_eq!(spans[0].field("otel.status_code"), "ERROR");
    }
}

#[tokio::test]
async fn no_credentials_are_told_and_their_renewal_is() {
    let collector = Collector::default();
    let far_off = || vec![("date", "Mon, 01 Jan 2024 03:00:00 GMT".to_owned())];
    let replies =
        [Reply::With(401, far_off(), String::new()), Reply::answer(200, "{}"), Reply::answer(200, "{}")];
    let core = settings(replies).build().unwrap();
    {
        let _guard = set_default(collector.clone());
        send(Call::new(&core, &api::SIGNED)).await.unwrap();
        send(Call::new(&core, &api::SECURED)).await.unwrap();
    }
    let spans = collector.spans();
    assert_eq!(spans.len(), 5, "{spans:?}");
    assert_eq!(spans[4].field("url.full"), "https://api.example.com:8443/v1/secret?key=[redacted]");
    let names: Vec<String> = collector.events().into_iter().map(|event| event.name).collect();
    assert_eq!(names, ["the credentials were refused and are proven anew"]);
    assert_no_secret(&collector);
}

#[tokio::test]
async fn headers_are_told_only_where_they_are_asked_for() {
    /// Adds a header that is marked, and others that are not.
    struct Adds;

    impl Hook for Adds {
        fn request(&self, request: &mut Outgoing<'_>) {
            let mut marked = HeaderValue::from_static(SECRET);
            marked.set_sensitive(true);
            request.headers_mut().insert("x-marked", marked);
            request.headers_mut().insert("x-auth-token", HeaderValue::from_static(SECRET));
            request.headers_mut().insert("x-mine", HeaderValue::from_static(SECRET));
            request.headers_mut().insert("x-shown", HeaderValue::from_static("a"));
        }
    }

    let collector = Collector::default();
    let headers = vec![("set-cookie", SECRET.to_owned()), ("x-shown", "b".to_owned())];
    let mut settings = settings([Reply::With(200, headers, "{}".to_owned())]);
    let name = HeaderName::from_static;
    let names = ["x-marked", "x-auth-token", "x-mine", "x-shown", "set-cookie", "authorization"].map(name);
    settings.hook(Adds);
    settings.hook(TraceHeaders::new(names).redact([name("x-mine")]));
    let call = Call::new(&settings.build().unwrap(), &api::BY_TOKEN);
    {
        let _guard = set_default(collector.clone());
        send(call).await.unwrap();
    }
    let attempt = collector.spans().remove(1);
    assert_eq!(
        attempt.field("http.request.headers"),
        "x-marked: [redacted]; x-auth-token: [redacted]; x-mine: [redacted]; x-shown: a"
    );
    assert_eq!(attempt.field("http.response.headers"), "x-shown: b; set-cookie: [redacted]");
    assert_no_secret(&collector);
}
