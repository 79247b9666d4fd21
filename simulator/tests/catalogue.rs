//! Every operation of the description, called as its own examples say.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test ends where something is not as it should be")]

use modelarts_simulator::{
    Simulator,
    catalogue::{OPERATIONS, Operation, Parameter},
    credentials, examples,
};
use reqwest::{Client, Method, Response};
use serde_json::Value;

fn example(operation: &Operation, parameter: &Parameter) -> String {
    examples::parameter(operation, parameter)
        .unwrap_or_else(|| panic!("{}: the parameter {} has no example", operation.id, parameter.name))
}

/// Calls an operation of a simulator that has just started.
async fn call(operation: &Operation) -> Response {
    let simulator = Simulator::start().await.unwrap();
    let mut url = reqwest::Url::parse(&simulator.endpoint()).unwrap();
    {
        let mut segments = url.path_segments_mut().unwrap();
        segments.clear();
        for segment in operation.path.split('/').skip(1) {
            let name = segment.strip_prefix('{').and_then(|name| name.strip_suffix('}'));
            let parameter = operation.parameters.iter().find(|parameter| Some(parameter.name) == name);
            match parameter {
                Some(parameter) => segments.push(&example(operation, parameter)),
                None => segments.push(segment),
            };
        }
    }
    let required = operation.parameters.iter().filter(|parameter| parameter.is_required);
    for parameter in required.clone().filter(|parameter| parameter.location == "query") {
        url.query_pairs_mut().append_pair(parameter.name, &example(operation, parameter));
    }
    let method = Method::from_bytes(operation.method.as_bytes()).unwrap();
    let mut request = Client::new().request(method, url).header("X-Auth-Token", credentials::TOKEN);
    for parameter in required.filter(|parameter| parameter.location == "header") {
        request = request.header(parameter.name, example(operation, parameter));
    }
    if operation.body.is_some() {
        let body = examples::body(operation);
        let body = body.unwrap_or_else(|| panic!("{}: the body has no example", operation.id));
        request = request.header("Content-Type", "application/json").body(body.to_string());
    }
    request.send().await.unwrap()
}

#[tokio::test]
async fn every_operation_is_answered_as_documented() {
    let mut wrong = Vec::new();
    for operation in OPERATIONS {
        let answer = call(operation).await;
        let status = answer.status().as_u16();
        let body = answer.text().await.unwrap();
        let is_json = serde_json::from_str::<Value>(&body).is_ok();
        if status != operation.status || is_json == (status == 204) {
            wrong
                .push(format!("{} {} ({}): {status} {body}", operation.method, operation.path, operation.id));
        }
    }
    assert!(!OPERATIONS.is_empty());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
