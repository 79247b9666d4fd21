//! Calls that an answer leads to.

use clientsmith_runtime::ErrorKind;
use clientsmith_runtime::operation::{
    ErrorRule, Link, LinkArgument, LinkBody, LinkSource, Operation, Parameter, StatusRange,
};
use http::Method;
use serde_json::json;

use crate::support::api::{
    CREATE_JOB, CREATED_TO_VERSIONS, DELETE_JOB, DELETED_TO_VERSIONS, LIST_VERSIONS, filled,
};
use crate::support::{Reply, Server, Step, client, fake_client, json_answer, send};

#[tokio::test]
async fn a_link_takes_what_was_sent_and_what_came() {
    let created =
        json_answer("201 Created", &["X-Note: as sent"], r#"{"job": {"id": 9007199254740993, "x": 1}}"#);
    let versions = json_answer("200 OK", &[], "{}");
    let server = Server::start([vec![Step::Send(created)], vec![Step::Send(versions)]]).await;
    let mut call = filled(&client(&server), &CREATE_JOB);
    call.json(&json!({}));
    let response = send(call).await.unwrap();
    send(response.follow(&CREATED_TO_VERSIONS)).await.unwrap();
    let requests = server.requests();
    assert!(
        requests[1].starts_with("GET /v1/7/jobs/9007199254740993/versions?note=as%20sent HTTP/1.1\r\n"),
        "{}",
        requests[1]
    );
}

#[tokio::test]
async fn a_link_takes_constants_and_the_time_allowed() {
    let (core, transport) = fake_client([Reply::answer(200, ""), Reply::Hangs]);
    let mut call = filled(&core, &DELETE_JOB);
    call.timeout(std::time::Duration::from_secs(2));
    let response = send(call).await.unwrap();
    send(response.follow(&DELETED_TO_VERSIONS)).await.unwrap_err();
    assert_eq!(transport.paths()[1], "/v1/7/jobs/7/versions?note=polling");
    assert_eq!(transport.elapsed().as_secs(), 2);
}

#[tokio::test]
async fn a_value_that_did_not_come_is_missed_when_the_call_is_made() {
    for body in ["{}", r#"{"job": {"id": null}}"#, "{\"job\""] {
        let (core, _) = fake_client([Reply::answer(201, body)]);
        let response = filled(&core, &CREATE_JOB).send(|answer| answer.text(), |_| None::<()>).await.unwrap();
        let error = send(response.follow(&CREATED_TO_VERSIONS)).await.unwrap_err();
        assert_eq!(error.to_string(), "listVersions: `job_id` is required and not set", "{body}");
    }
}

#[tokio::test]
async fn a_body_that_no_link_needs_is_not_kept() {
    static LINK: Link = Link {
        name: "versions",
        from: &DELETE_JOB,
        operation: &LIST_VERSIONS,
        arguments: &[
            LinkArgument { parameter: 0, source: LinkSource::Parameter(0) },
            LinkArgument { parameter: 1, source: LinkSource::Body("/job/id") },
        ],
        body: None,
    };
    let (core, _) = fake_client([Reply::answer(200, r#"{"job": {"id": 9}}"#)]);
    let response = send(filled(&core, &DELETE_JOB)).await.unwrap();
    let error = send(response.follow(&LINK)).await.unwrap_err();
    assert_eq!(error.to_string(), "listVersions: `job_id` is required and not set");
}

#[tokio::test]
async fn a_link_of_another_operation_is_refused_when_the_call_is_made() {
    let (core, transport) = fake_client([Reply::answer(200, r#"{"job": {"id": 9}}"#)]);
    let response = send(filled(&core, &DELETE_JOB)).await.unwrap();
    let error = send(response.follow(&CREATED_TO_VERSIONS)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidCall);
    assert_eq!(
        error.to_string(),
        "listVersions: the link `createdVersions` is one of `createJob`, and the answer is one of `deleteJob`"
    );
    assert_eq!(transport.paths().len(), 1);
}

/// Parameters: in the path, a text, a list, JSON, JSON again.
static TARGET: Operation = Operation {
    id: "target",
    method: Method::PUT,
    path: "/target/{id}",
    parameters: &[
        Parameter::path("id"),
        Parameter::query("text"),
        Parameter::query("list"),
        Parameter::query("json").json(),
        Parameter::query("more").json(),
    ],
    servers: 0,
    security: &[],
    accept: "",
    content_type: "text/plain",
    success: &[StatusRange::new(200, 299)],
    failure: &[],
    errors: &ErrorRule::UNSTATED,
    streamed: &[],
    keeps_body: false,
};

/// Follows a link from the creation of a job: what was sent is `{"url": "https://a.example/?b", "tags": ["x", "y z"]}`, and
/// what came is `{"job": {"id": 9}}`, with a header.
async fn followed(link: &'static Link) -> Result<String, String> {
    let created = json_answer("201 Created", &["X-Note: a \"note\""], r#"{"job": {"id": 9}, "none": null}"#);
    let server =
        Server::start([vec![Step::Send(created)], vec![Step::Send(json_answer("200 OK", &[], "{}"))]]).await;
    let mut call = filled(&client(&server), &CREATE_JOB);
    call.json(&json!({"url": "https://a.example/?b", "tags": ["x", "y z"]}));
    let response = send(call).await.unwrap();
    send(response.follow(link)).await.map_err(|error| error.to_string())?;
    let request = server.requests().pop().unwrap();
    Ok(request.replace(&server.url().replace(':', "%3A").replace('/', "%2F"), "SERVER"))
}

#[tokio::test]
async fn a_link_takes_what_each_expression_says() {
    static LINK: Link = Link {
        name: "all",
        from: &CREATE_JOB,
        operation: &TARGET,
        arguments: &[
            LinkArgument { parameter: 0, source: LinkSource::StatusCode },
            LinkArgument {
                parameter: 1,
                source: LinkSource::Joined(&[
                    LinkSource::Method,
                    LinkSource::Constant(" "),
                    LinkSource::Url,
                    LinkSource::Constant("#"),
                    LinkSource::Body("/job/id"),
                ]),
            },
            LinkArgument { parameter: 2, source: LinkSource::RequestBody("/tags") },
            LinkArgument { parameter: 3, source: LinkSource::Header("x-note") },
            LinkArgument { parameter: 4, source: LinkSource::Json("[1, true]") },
        ],
        body: None,
    };
    let request = followed(&LINK).await.unwrap();
    assert_eq!(
        request.lines().next().unwrap(),
        "PUT /target/201?text=POST%20SERVER%2Fv1%2F7%2Fjobs%239&list=x&list=y%20z\
         &json=%22a%20%5C%22note%5C%22%22&more=%5B1%2Ctrue%5D HTTP/1.1"
    );
    assert!(!request.contains("content-type"), "{request}");
}

#[tokio::test]
async fn a_link_fills_a_body() {
    static VALUE: Link = Link {
        name: "value",
        from: &CREATE_JOB,
        operation: &TARGET,
        arguments: &[LinkArgument { parameter: 0, source: LinkSource::Constant("a") }],
        body: Some(LinkBody {
            media_type: "application/merge-patch+json",
            is_json: true,
            source: LinkSource::Body("/job"),
        }),
    };
    let request = followed(&VALUE).await.unwrap();
    assert!(request.contains("content-type: application/merge-patch+json\r\n"), "{request}");
    assert!(request.ends_with("\r\n\r\n{\"id\": 9}"), "{request}");

    static TEXT_AS_JSON: Link = Link {
        body: Some(LinkBody {
            media_type: "application/json",
            is_json: true,
            source: LinkSource::Header("x-note"),
        }),
        name: "text",
        from: &CREATE_JOB,
        operation: &TARGET,
        arguments: &[LinkArgument { parameter: 0, source: LinkSource::Constant("a") }],
    };
    let request = followed(&TEXT_AS_JSON).await.unwrap();
    assert!(request.ends_with(r#""a \"note\"""#), "{request}");

    static TEXT: Link = Link {
        body: Some(LinkBody {
            media_type: "text/plain",
            is_json: false,
            source: LinkSource::RequestBody("/url"),
        }),
        name: "text",
        from: &CREATE_JOB,
        operation: &TARGET,
        arguments: &[LinkArgument { parameter: 0, source: LinkSource::Constant("a") }],
    };
    let request = followed(&TEXT).await.unwrap();
    assert!(request.ends_with("\r\n\r\nhttps://a.example/?b"), "{request}");

    static MISSING: Link = Link {
        body: Some(LinkBody {
            media_type: "application/json",
            is_json: true,
            source: LinkSource::Body("/nothing"),
        }),
        name: "missing",
        from: &CREATE_JOB,
        operation: &TARGET,
        arguments: &[LinkArgument { parameter: 0, source: LinkSource::Constant("a") }],
    };
    assert_eq!(
        followed(&MISSING).await.unwrap_err(),
        "target: the body cannot be written: what the link `missing` takes it from did not come"
    );
}
