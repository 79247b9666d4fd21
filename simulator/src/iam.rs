//! What stands beside the service and gives its callers what they need: the identity service (IAM), and the metadata service of an
//! instance (ECS).

use axum::{
    http::{HeaderValue, StatusCode},
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use crate::{canonical::WireRequest, credentials, failure::json_answer, gateway, query::QueryParameters};

/// The token of the metadata service, which its keys are not had without.
const METADATA_TOKEN: &str = "simulator-metadata-token";

const PROJECTS: (&str, &str) = ("GET", "/v3/projects");
const TOKENS: (&str, &str) = ("POST", "/v3/auth/tokens");
const METADATA_TOKENS: (&str, &str) = ("PUT", "/meta-data/latest/api/token");
const KEYS: (&str, &str) = ("GET", "/openstack/latest/securitykey");

/// Whether this module answers that method and path.
pub(crate) fn answers(method: &str, path: &str) -> bool {
    [PROJECTS, TOKENS, METADATA_TOKENS, KEYS].contains(&(method, path))
}

/// Answers a request that [`answers`] knows.
pub(crate) fn answer(request: &WireRequest<'_>, now: OffsetDateTime) -> Response {
    match (request.method, request.path) {
        PROJECTS => projects(request, now),
        TOKENS => token(request, now),
        METADATA_TOKENS if request.headers.contains_key("x-metadata-token-ttl-seconds") => {
            METADATA_TOKEN.into_response()
        }
        KEYS => keys(request, now),
        _ => StatusCode::BAD_REQUEST.into_response(),
    }
}

/// The projects by a name: that of the region has one.
fn projects(request: &WireRequest<'_>, now: OffsetDateTime) -> Response {
    if gateway::authenticate(request, now).is_err() {
        return refusal(StatusCode::UNAUTHORIZED, "The request you have made requires authentication.");
    }
    let query = QueryParameters::parse(request.query);
    let name = query.as_ref().ok().and_then(|query| query.text("name").ok().flatten());
    let project = json!({
        "id": credentials::PROJECT_ID, "name": credentials::REGION, "domain_id": credentials::PROJECT_ID, "enabled": true,
    });
    let found = if name.is_none_or(|name| name == credentials::REGION) { vec![project] } else { Vec::new() };
    json_answer(
        StatusCode::OK,
        &json!({"projects": found, "links": {"self": "", "next": null, "previous": null}}),
    )
}

/// A token for a user's name and password.
fn token(request: &WireRequest<'_>, now: OffsetDateTime) -> Response {
    let body: Value = serde_json::from_slice(request.body).unwrap_or_default();
    let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str);
    let user = "/auth/identity/password/user";
    let known = [
        (text(&format!("{user}/name")), credentials::USER),
        (text(&format!("{user}/password")), credentials::PASSWORD),
        (text(&format!("{user}/domain/name")), credentials::DOMAIN),
    ];
    if known.iter().any(|(given, expected)| *given != Some(*expected)) {
        return refusal(StatusCode::UNAUTHORIZED, "The username or password is wrong.");
    }
    let by_id = text("/auth/scope/project/id").is_some_and(|id| id == credentials::PROJECT_ID);
    let by_name = text("/auth/scope/project/name").is_some_and(|name| name == credentials::REGION);
    if !by_id && !by_name {
        return refusal(StatusCode::BAD_REQUEST, "The scope is no project of the user.");
    }
    let token = json!({"token": {
        "expires_at": moment(now + Duration::hours(24)),
        "issued_at": moment(now),
        "methods": ["password"],
        "project": {"id": credentials::PROJECT_ID, "name": credentials::REGION},
    }});
    let mut answer = json_answer(StatusCode::CREATED, &token);
    answer.headers_mut().insert("x-subject-token", HeaderValue::from_static(credentials::TOKEN));
    answer
}

/// The temporary keys of the instance.
fn keys(request: &WireRequest<'_>, now: OffsetDateTime) -> Response {
    if request.headers.get("x-metadata-token").is_none_or(|token| token != METADATA_TOKEN) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let keys = json!({"credential": {
        "access": credentials::TEMPORARY_ACCESS_KEY,
        "secret": credentials::TEMPORARY_SECRET_KEY,
        "securitytoken": credentials::SECURITY_TOKEN,
        "expires_at": moment(now + Duration::hours(24)),
    }});
    json_answer(StatusCode::OK, &keys)
}

fn refusal(status: StatusCode, message: &str) -> Response {
    let title = status.canonical_reason().unwrap_or_default();
    json_answer(status, &json!({"error": {"code": status.as_u16(), "message": message, "title": title}}))
}

/// As IAM writes it: `2026-01-31T23:59:59.000000Z`.
fn moment(at: OffsetDateTime) -> String {
    let (date, time) = (at.date(), at.time());
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z",
        date.year(),
        u8::from(date.month()),
        date.day(),
        time.hour(),
        time.minute(),
        time.second(),
        time.microsecond()
    )
}
