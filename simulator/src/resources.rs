//! What the simulator keeps state of: each module has the operations of one kind of resource, its fields, its list and what
//! becomes of it.

pub(crate) mod datasets;
pub(crate) mod job_config;
pub(crate) mod models;
pub(crate) mod services;
mod status;
pub(crate) mod training_job_configs;
pub(crate) mod training_jobs;
pub(crate) mod visualization_jobs;
pub(crate) mod workspaces;

use axum::http::StatusCode;
use serde_json::{Value, json};

pub(crate) use self::status::Status;
use crate::{
    call::{Call, Entry, Object},
    credentials,
    failure::Failure,
};

/// Every operation that has state.
pub(crate) fn entries() -> impl Iterator<Item = &'static Entry> {
    [
        training_jobs::ENTRIES,
        training_job_configs::ENTRIES,
        visualization_jobs::ENTRIES,
        services::ENTRIES,
        models::ENTRIES,
        datasets::ENTRIES,
        workspaces::ENTRIES,
    ]
    .into_iter()
    .flatten()
}

/// Who is said to own what is created.
const OWNER: &str = "6c1f8e20d94b47a3b5e07d2c9a31f845";

/// The account that the project belongs to.
const TENANT: &str = "b83d5f0716ce4a92a4c9e1d7038f62b0";

/// There is no such resource, in the words that the service has for kinds without a code of their own.
fn not_found(kind: &str, name: &str) -> Failure {
    let message = format!("There is no {kind} {name}.");
    Failure::service(StatusCode::NOT_FOUND, "ModelArts.0015", message)
}

/// A job is in a state that does not allow what is asked.
fn refused(message: &str) -> Failure {
    Failure::service(StatusCode::BAD_REQUEST, "ModelArts.0105", message)
}

/// Whose a model or a service is.
fn ownership() -> [(&'static str, Value); 3] {
    [("tenant", TENANT.into()), ("project", credentials::PROJECT_ID.into()), ("owner", OWNER.into())]
}

/// Puts several properties into an object.
fn put(object: &mut Object, properties: impl IntoIterator<Item = (&'static str, Value)>) {
    object.extend(properties.into_iter().map(|(name, value)| (name.to_owned(), value)));
}

/// The milliseconds of a schedule that stops something, as in `[{"type": "stop", "time_unit": "HOURS", "duration": 1}]`. A single
/// object is taken as well: a page says it is one.
fn stop_after(call: &Call) -> Result<Option<i64>, Failure> {
    let schedule = match call.body.get("schedule") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Array(schedules)) => match schedules.first() {
            Some(schedule) => schedule,
            None => return Ok(None),
        },
        Some(schedule) => schedule,
    };
    let unit = match schedule.get("time_unit").and_then(Value::as_str) {
        Some("DAYS") => Some(86_400_000),
        Some("HOURS") => Some(3_600_000),
        Some("MINUTES") => Some(60_000),
        _ => None,
    };
    let duration = schedule.get("duration").and_then(Value::as_i64).filter(|duration| *duration >= 0);
    match (schedule.get("type") == Some(&json!("stop")), unit, duration) {
        (true, Some(unit), Some(duration)) => Ok(Some(duration.saturating_mul(unit))),
        _ => Err(Failure::parameter(
            "The property schedule has to say type stop, a time_unit of DAYS, HOURS or MINUTES, and a duration.",
        )),
    }
}
