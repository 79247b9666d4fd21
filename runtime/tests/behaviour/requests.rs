//! The bytes of requests.

use clientsmith_runtime::operation::{ErrorRule, Operation, Parameter, StatusRange};
use clientsmith_runtime::{BuildError, Call, ErrorKind, Settings};
use serde_json::json;

use crate::support::api::{API, CREATE_JOB, DELETE_JOB, GET_JOB, filled, get_job};
use crate::support::{Reply, Server, Step, client, fake_client, json_answer, send};

async fn server() -> Server {
    Server::start([vec![Step::Send(json_answer("200 OK", &[], "{}"))]]).await
}

/// The request, its header lines in order of their names: the order on the wire says nothing.
fn sorted(request: &str) -> String {
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let mut lines: Vec<&str> = head.split("\r\n").collect();
    // Which is there with the feature `gzip`.
    lines.retain(|line| !line.starts_with("accept-encoding: "));
    lines[1..].sort_unstable();
    format!("{}\n\n{body}", lines.join("\n"))
}

#[tokio::test]
async fn a_request_is_exactly_what_its_descriptor_and_values_say() {
    let server = server().await;
    let mut call = Call::new(&client(&server), &GET_JOB);
    call.set(get_job::PROJECT_ID, "p/1 ü");
    call.set(get_job::JOB_ID, 42_i64);
    call.set(get_job::TAGS, vec!["a&b", "c=d", ""]);
    call.set(get_job::FIELDS, vec!["id,x", "na me"]);
    call.set(get_job::TRACE, vec!["1", "2"]);
    call.set(get_job::LANGUAGE, "en-us");
    send(call).await.unwrap();
    let host = server.url().replace("http://", "");
    assert_eq!(
        sorted(&server.request()),
        format!(
            "GET /v1/p%2F1%20%C3%BC/jobs/42:describe?tag%5B%5D=a%26b&tag%5B%5D=c%3Dd&tag%5B%5D=&fields=id%2Cx,na%20me HTTP/1.1\n\
             accept-language: en-us\n\
             accept: application/json\n\
             host: {host}\n\
             user-agent: example-jobs/1.2.3\n\
             x-trace: 1,2\n\n"
        )
    );
}

/// An operation that a description tells apart by a query in its path.
static BY_ACTION: Operation = by_action("/?Action={action}");

const SUCCESS: &[StatusRange] = &[StatusRange::new(200, 299)];
const ACTION: &[Parameter] = &[Parameter::path("action"), Parameter::query("size")];

const fn by_action(path: &'static str) -> Operation {
    Operation {
        id: "byAction",
        method: http::Method::GET,
        servers: 0,
        path,
        parameters: ACTION,
        security: &[],
        accept: "",
        content_type: "",
        success: SUCCESS,
        failure: &[],
        errors: &ErrorRule::UNSTATED,
        streamed: &[],
        keeps_body: false,
    }
}

#[tokio::test]
async fn a_path_with_a_query_takes_more() {
    let (core, transport) = fake_client([(); 2].map(|()| Reply::answer(200, "{}")));
    for size in [true, false] {
        let mut call = Call::new(&core, &BY_ACTION);
        call.set(0, "List&x");
        if size {
            call.set(1, 5_i64);
        }
        send(call).await.unwrap();
    }
    assert_eq!(transport.paths(), ["/?Action=List%26x&size=5", "/?Action=List%26x"]);
}

#[tokio::test]
async fn a_body_goes_with_its_media_type() {
    let server = server().await;
    let mut call = filled(&client(&server), &CREATE_JOB);
    call.json(&json!({"name": "ü"}));
    send(call).await.unwrap();
    let host = server.url().replace("http://", "");
    assert_eq!(
        sorted(&server.request()),
        format!(
            "POST /v1/7/jobs HTTP/1.1\n\
             accept: application/json\n\
             content-length: 13\n\
             content-type: application/json\n\
             host: {host}\n\
             user-agent: example-jobs/1.2.3\n\n\
             {{\"name\":\"ü\"}}"
        )
    );
}

#[tokio::test]
async fn without_a_body_there_is_no_media_type() {
    let server = server().await;
    send(filled(&client(&server), &CREATE_JOB)).await.unwrap();
    let request = server.request();
    assert!(request.contains("content-length: 0\r\n") && !request.contains("content-type"), "{request}");
}

#[tokio::test]
async fn a_value_of_the_client_stands_in_and_that_of_the_call_goes_first() {
    let (_, transport) = fake_client([Reply::answer(200, "{}"), Reply::answer(200, "{}")]);
    let mut settings = Settings::new(&API);
    settings.transport(transport.clone());
    settings.value(0, "from-client");
    settings.variable(0, "south-2");
    let core = settings.build().unwrap();
    for project_id in [None, Some("from-call")] {
        let mut call = Call::new(&core, &DELETE_JOB);
        call.set(1, "7");
        if let Some(project_id) = project_id {
            call.set(0, project_id);
        }
        send(call).await.unwrap();
    }
    let uris: Vec<String> = transport.requests().iter().map(|request| request.uri().to_string()).collect();
    assert_eq!(
        uris,
        [
            "https://jobs.south-2.example.com/base/v1/from-client/jobs/7",
            "https://jobs.south-2.example.com/base/v1/from-call/jobs/7"
        ]
    );
}

#[tokio::test]
async fn a_call_that_cannot_be_made_is_not_sent() {
    let (core, transport) = fake_client([]);
    let with = |change: fn(&mut Call)| {
        let mut call = filled(&core, &GET_JOB);
        change(&mut call);
        call
    };
    for (call, detail) in [
        (Call::new(&core, &GET_JOB), "getJob: `project_id` is required and not set"),
        (with(|call| call.set(1, "..")), "getJob: `job_id` must not be empty, `.` or `..`"),
        (with(|call| call.set(1, Vec::<String>::new())), "getJob: `job_id` must not be empty, `.` or `..`"),
        (
            with(|call| call.set(4, "a\r\nHost: evil")),
            "getJob: `X-Trace` has a character that cannot stand in a header",
        ),
        (
            with(|call| call.json(&std::collections::BTreeMap::from([(vec![1], 2)]))),
            "getJob: the body cannot be written: key must be a string",
        ),
    ] {
        let error = send(call).await.unwrap_err();
        assert_eq!(error.to_string(), detail);
        assert_eq!(error.kind(), ErrorKind::InvalidCall);
        assert!(!error.is_retryable());
    }
    assert!(transport.requests().is_empty());
}

#[tokio::test]
async fn a_url_too_long_is_refused_without_being_shown() {
    let (core, _) = fake_client([]);
    let mut call = filled(&core, &GET_JOB);
    call.set(get_job::SHARE_KEY, "s3cret".repeat(20_000));
    let error = send(call).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidCall);
    assert!(!format!("{error} {error:?}").contains("s3cret"));
}

#[test]
fn settings_that_cannot_work_are_refused() {
    let build = |endpoint: &str| {
        let mut settings = Settings::new(&API);
        settings.endpoint(endpoint);
        settings.build().unwrap_err()
    };
    for endpoint in
        ["example.com", "ftp://example.com", "https://", "https://a:s3cret@b.com", "https://b.com/?k=s3cret"]
    {
        let error = build(endpoint);
        assert!(matches!(error, BuildError::InvalidEndpoint { .. }), "{endpoint}: {error}");
        assert!(!format!("{error} {error:?}").contains("s3cret"), "{error}");
    }
    let mut settings = Settings::new(&API);
    settings.variable(0, "evil.com/");
    assert!(matches!(settings.build(), Err(BuildError::InvalidVariable { name: "region", .. })));
}

/// Parameters: a part of the path, a cookie, a cookie that is secret, a document, a header with cookies.
static GET_PART: Operation = Operation {
    id: "getPart",
    method: http::Method::GET,
    servers: 0,
    path: "/parts/.{part}",
    parameters: &[
        Parameter::path("part"),
        Parameter::cookie("session"),
        Parameter::cookie("token").secret(),
        Parameter::query("document").json().client_value(0),
        Parameter::header("Cookie"),
    ],
    security: &[],
    accept: "",
    content_type: "",
    success: &[StatusRange::one(200)],
    failure: &[],
    errors: &ErrorRule::UNSTATED,
    streamed: &[],
    keeps_body: false,
};

#[tokio::test]
async fn all_cookies_are_in_one_header() {
    let (core, transport) = fake_client([Reply::answer(200, "{}"), Reply::answer(200, "{}")]);
    let mut call = Call::new(&core, &GET_PART);
    call.set(0, "a");
    call.set_value(1, &["x", "y"]);
    send(call.clone()).await.unwrap();
    call.set(2, "hidden");
    call.set(4, "first=1");
    send(call).await.unwrap();
    let cookies = transport.requests().into_iter().map(|request| request.headers()["cookie"].clone());
    let cookies: Vec<_> = cookies.map(|value| (value.is_sensitive(), value)).collect();
    assert_eq!(cookies[0], (false, "session=x; session=y".parse().unwrap()));
    assert!(cookies[1].0);
    assert_eq!(cookies[1].1, "first=1; session=x; session=y; token=hidden");
}

#[tokio::test]
async fn a_text_of_the_client_is_a_document_where_one_is_sent() {
    let (_, transport) = fake_client([Reply::answer(200, "{}")]);
    let mut settings = Settings::new(&API);
    settings.transport(transport.clone());
    settings.value(0, "a\"b");
    let mut call = Call::new(&settings.build().unwrap(), &GET_PART);
    call.set(0, "a");
    send(call).await.unwrap();
    assert_eq!(transport.paths(), ["/base/parts/.a?document=%22a%5C%22b%22"]);
}

#[tokio::test]
async fn a_value_that_cannot_be_written_is_not_sent() {
    let (core, transport) = fake_client([Reply::answer(200, "{}")]);
    let mut call = Call::new(&core, &GET_PART);
    call.set(0, ".");
    let error = send(call.clone()).await.unwrap_err();
    assert_eq!(error.to_string(), "getPart: `part` must not be empty, `.` or `..`");
    call.set_value(0, &[""; 0]);
    let error = send(call.clone()).await.unwrap_err();
    assert_eq!(error.to_string(), "getPart: `part` must not be empty, `.` or `..`");
    call.set_value(0, &std::collections::BTreeMap::from([(vec![1], 2)]));
    let error = send(call.clone()).await.unwrap_err();
    assert_eq!(error.to_string(), "getPart: `part` cannot be written: key must be a string");
    call.set_value(0, &"a");
    call.set(1, "x\r\ny");
    call.set_value(3, &json!({"a": null}));
    send(call.clone()).await.unwrap();
    assert_eq!(transport.paths(), ["/parts/.a?document=%7B%22a%22%3Anull%7D"]);
    assert_eq!(transport.requests()[0].headers()["cookie"], "session=x%0D%0Ay");
    call.set_value(0, &json!(null));
    let error = send(call).await.unwrap_err();
    assert_eq!(error.to_string(), "getPart: `part` is required and not set");
}
