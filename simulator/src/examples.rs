//! Requests that a simulator which has just started answers with success: the examples of the description, with the ids of what is
//! there in place of ids of the description's own.

use serde_json::{Value, json};

use crate::{
    catalogue::{Operation, Parameter},
    credentials, seed,
};

/// A value of a parameter, as text; `None` where the description has no example.
///
/// ```
/// # use modelarts_simulator::{catalogue, examples, seed};
/// let get = catalogue::OPERATIONS.iter().find(|operation| operation.id == "getService").unwrap();
/// let id = get.parameters.iter().find(|parameter| parameter.name == "service_id").unwrap();
/// assert_eq!(examples::parameter(get, id).unwrap(), seed::SERVICE);
/// ```
#[must_use]
pub fn parameter(operation: &Operation, parameter: &Parameter) -> Option<String> {
    seeded(operation, parameter.name).or_else(|| parameter.example.map(str::to_owned))
}

/// A body of a request; `None` where an operation takes none, and where the description has no example.
#[must_use]
pub fn body(operation: &Operation) -> Option<Value> {
    let body = serde_json::from_str(operation.body?.example?).ok()?;
    Some(with_seeded(operation, body))
}

/// What a simulator has where the description names something of its own.
fn seeded(operation: &Operation, name: &str) -> Option<String> {
    let path = operation.path.split_once("/{project_id}/").map_or("", |(_, path)| path);
    let (kind, rest) = path.split_once('/').unwrap_or((path, ""));
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

/// A body with the ids of what is there, and of a data set's labels one that it has.
fn with_seeded(operation: &Operation, body: Value) -> Value {
    let replaced = |(name, value): (String, Value)| {
        let value = match (seeded(operation, &name), value) {
            (Some(id), Value::String(_)) => id.into(),
            (Some(id), Value::Number(_)) => id.parse::<i64>().map_or(id.into(), Value::from),
            (_, Value::Array(_)) if matches!(name.as_str(), "delete_labels" | "update_labels") => {
                json!([{"name": "rose"}])
            }
            (_, value) => with_seeded(operation, value),
        };
        (name, value)
    };
    match body {
        Value::Object(object) => object.into_iter().map(replaced).collect(),
        Value::Array(items) => items.into_iter().map(|item| with_seeded(operation, item)).collect(),
        value => value,
    }
}
