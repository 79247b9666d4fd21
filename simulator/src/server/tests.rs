//! Operations without state, of a description that is made for it.

use axum::http;

use super::*;
use crate::catalogue::{Body, Parameter};

const LIST: Operation = Operation {
    method: "GET",
    path: "/v1/{project_id}/things",
    id: "listThings",
    parameters: &[Parameter { name: "kind", location: "query", is_required: true, example: Some("stone") }],
    body: None,
    status: 202,
    answer: Some(r#"{"things":[0.10]}"#),
};

const OPERATIONS: &[Operation] = &[
    LIST,
    Operation {
        method: "POST",
        id: "createThing",
        parameters: &[],
        body: Some(Body { is_required: true, required_fields: &["name"], example: None }),
        ..LIST
    },
    Operation {
        method: "DELETE",
        path: "/v1/{project_id}/things/{thing_id}",
        id: "deleteThing",
        parameters: &[],
        status: 204,
        answer: None,
        ..LIST
    },
];

/// What is answered to a request with the good token.
fn ask(method: &str, rest: &str, body: &'static str) -> Option<Result<Reply, Failure>> {
    let (_, stopped) = watch::channel(false);
    let service = Service::new(OPERATIONS, Project::new(0, 0), Clock::new(0), None, stopped);
    let request = http::Request::builder()
        .method(method)
        .uri(format!("/v1/{}/things{rest}", credentials::PROJECT_ID))
        .header("X-Auth-Token", credentials::TOKEN);
    let (parts, ()) = request.body(()).unwrap().into_parts();
    let found = service.routes.find(method, parts.uri.path())?;
    Some(reply(&service, &found, &parts, &Bytes::from_static(body.as_bytes())))
}

#[test]
fn the_example_is_answered_to_the_letter() {
    for (method, rest, body) in [("GET", "?kind=stone", ""), ("POST", "", r#"{"name": "pebble"}"#)] {
        let reply = ask(method, rest, body).unwrap().unwrap();
        assert!(
            matches!(reply, Reply::Text(StatusCode::ACCEPTED, r#"{"things":[0.10]}"#)),
            "{method}: {reply:?}"
        );
    }
    assert!(matches!(ask("DELETE", "/1", "").unwrap().unwrap(), Reply::Empty));
}

#[tokio::test]
async fn what_is_required_is_missed() {
    for (method, rest, body) in
        [("GET", "", ""), ("POST", "", ""), ("POST", "", "{}"), ("POST", "", "{"), ("POST", "", "[]")]
    {
        let failure = ask(method, rest, body).unwrap().unwrap_err().into_answer(&RequestId::nth(1));
        assert_eq!(failure.status(), StatusCode::BAD_REQUEST, "{method} {body}");
        let body = to_bytes(failure.into_body(), 4096).await.unwrap();
        let body = serde_json::from_slice::<serde_json::Value>(&body).unwrap();
        assert_eq!((&body["is_success"], &body["error_code"]), (&false.into(), &"ModelArts.0104".into()));
    }
}

#[test]
fn other_methods_are_not_published() {
    for (method, rest) in [("PUT", ""), ("GET", "/1"), ("DELETE", "")] {
        assert!(ask(method, rest, "").is_none(), "{method} {rest}");
    }
}
