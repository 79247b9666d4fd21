//! Every operation of the description, called as its own examples say.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test ends where something is not as it should be")]

use modelarts_simulator::{
    Simulator,
    catalogue::{OPERATIONS, Operation, Parameter},
    credentials, seed,
};
use reqwest::{Client, Method, Response};
use serde_json::Value;

/// What the simulator has where the description has an example that is not there.
fn seeded(operation: &Operation, name: &str) -> Option<String> {
    let path =
        operation.path.strip_prefix("/v1/{project_id}/").or(operation.path.strip_prefix("/v2/{project_id}/"));
    let (kind, rest) = path.unwrap().split_once('/').unwrap_or((path.unwrap(), ""));
    let id = match (kind, name) {
        (_, "project_id") => credentials::PROJECT_ID.to_owned(),
        (_, "workspace_id") if kind != "workspaces" => seed::DEFAULT_WORKSPACE.to_owned(),
        ("workspaces", "workspace_id") => seed::OTHER_WORKSPACE.to_owned(),
        ("training-jobs", "job_id") => seed::JOB_RUNNING.to_string(),
        ("training-jobs", "version_id" | "pre_version_id") => format!("{}02", seed::JOB_RUNNING),
        ("training-job-configs", "config_name") if !rest.is_empty() => seed::JOB_CONFIG.to_owned(),
        ("visualization-jobs", "job_id") if rest.ends_with("restart") => {
            seed::VISUALIZATION_JOB_STOPPED.to_string()
        }
        ("visualization-jobs", "job_id") => seed::VISUALIZATION_JOB_RUNNING.to_string(),
        ("services", "service_id") => seed::SERVICE.to_owned(),
        ("models" | "services", "model_id") => seed::MODEL.to_owned(),
        ("datasets", "dataset_id") if !rest.contains('/') => seed::DATASET.to_owned(),
        ("datasets", "current_version_id") => seed::DATASET_VERSION.to_owned(),
        _ => return None,
    };
    Some(id)
}

/// An example body, with the ids of what the simulator has, and of a data set's labels one that it has.
fn with_seeded(operation: &Operation, body: Value) -> Value {
    match body {
        Value::Object(object) => object
            .into_iter()
            .map(|(name, value)| {
                let value = match (seeded(operation, &name), value) {
                    (Some(id), Value::String(_)) => id.into(),
                    (Some(id), Value::Number(_)) => id.parse::<i64>().map_or(id.into(), Value::from),
                    (_, Value::Array(_)) if matches!(name.as_str(), "delete_labels" | "update_labels") => {
                        serde_json::json!([{"name": "rose"}])
                    }
                    (_, value) => with_seeded(operation, value),
                };
                (name, value)
            })
            .collect(),
        Value::Array(items) => items.into_iter().map(|item| with_seeded(operation, item)).collect(),
        value => value,
    }
}

fn example(operation: &Operation, parameter: &Parameter) -> String {
    let example = parameter.example.map(str::to_owned);
    seeded(operation, parameter.name)
        .or(example)
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
    if let Some(body) = operation.body {
        let body = body.example.unwrap_or_else(|| panic!("{}: the body has no example", operation.id));
        let body = with_seeded(operation, serde_json::from_str(body).unwrap());
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
