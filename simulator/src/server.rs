//! The way of a request: through the gateway's checks to what answers it, and back.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::{
    Extension, Router,
    body::{Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header, request::Parts},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse as _, Response},
};
use percent_encoding::percent_decode_str;
use tokio::sync::watch;

use crate::{
    call::{Call, Reply},
    canonical::WireRequest,
    catalogue::Operation,
    clock::{self, Clock, http_date},
    credentials,
    failure::{CONTENT_TYPE, Failure, RequestId, json_answer},
    gateway, iam,
    project::Project,
    query::QueryParameters,
    requests::RecordedRequest,
    requirements, resources,
    routes::{Match, Routes},
};

/// The oldest requests are forgotten beyond this number, so that a simulator can run for days.
const REMEMBERED_REQUESTS: usize = 10_000;

type SharedService = State<Arc<Service>>;

/// What all requests share.
pub(crate) struct Service {
    routes: Routes,
    project: Mutex<Project>,
    requests: Mutex<VecDeque<RecordedRequest>>,
    last_request: AtomicU64,
    clock: Clock,
    stopped: watch::Receiver<bool>,
}

impl Service {
    /// Answers the given operations and those that have state.
    pub(crate) fn new(
        operations: &'static [Operation],
        project: Project,
        clock: Clock,
        stopped: watch::Receiver<bool>,
    ) -> Self {
        Self {
            routes: Routes::new(operations, resources::entries()),
            project: Mutex::new(project),
            requests: Mutex::default(),
            last_request: AtomicU64::new(0),
            clock,
            stopped,
        }
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The requests that came in, oldest first.
    pub(crate) fn requests(&self) -> Vec<RecordedRequest> {
        locked(&self.requests).iter().cloned().collect()
    }

    fn record(&self, request: RecordedRequest) {
        let mut requests = locked(&self.requests);
        if requests.len() == REMEMBERED_REQUESTS {
            requests.pop_front();
        }
        requests.push_back(request);
    }
}

/// No code that holds a lock can leave the value half changed, so a panic elsewhere does not spoil it.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The application: records, then knows the path, then checks credentials and project, then answers.
pub(crate) fn application(service: Arc<Service>) -> Router {
    Router::new()
        .fallback(answer)
        .layer(from_fn_with_state(Arc::clone(&service), identify))
        .with_state(service)
}

/// Gives each request its id, and each answer the headers that all answers have.
async fn identify(State(service): SharedService, mut request: Request, next: Next) -> Response {
    let number = service.last_request.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
    let request_id = RequestId::nth(number);
    request.extensions_mut().insert(request_id.clone());
    let (parts, body) = request.into_parts();
    service.record(RecordedRequest::new(&parts));

    let mut answer = next.run(Request::from_parts(parts, body)).await;
    let headers = answer.headers_mut();
    if let Ok(value) = HeaderValue::from_str(request_id.as_str()) {
        headers.insert("x-request-id", value);
    }
    if let Ok(value) = HeaderValue::from_str(&http_date(service.clock.now())) {
        headers.insert(header::DATE, value);
    }
    answer
}

/// Answers a request. What is not published needs no credentials to be told so.
async fn answer(
    State(service): SharedService,
    Extension(request_id): Extension<RequestId>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, gateway::LARGEST_BODY).await else {
        return gateway::body_not_read().into_answer(&request_id);
    };
    let wire = WireRequest {
        method: parts.method.as_str(),
        path: parts.uri.path(),
        query: parts.uri.query(),
        headers: &parts.headers,
        body: &body,
    };
    if let Some(answer) = iam::answer(&wire, service.clock.now()) {
        return answer;
    }
    let Some(found) = service.routes.find(parts.method.as_str(), parts.uri.path()) else {
        return gateway::not_published().into_answer(&request_id);
    };
    match reply(&service, &found, &wire, &parts, &body) {
        Ok(Reply::Json(status, body)) => json_answer(status, &body),
        Ok(Reply::Text(status, body)) => {
            (status, [(header::CONTENT_TYPE, CONTENT_TYPE)], body).into_response()
        }
        Ok(Reply::Empty) => StatusCode::NO_CONTENT.into_response(),
        Ok(Reply::Faulty(fault, whole)) => fault.answer(&whole, &request_id, service.stopped.clone()).await,
        Err(failure) => failure.into_answer(&request_id),
    }
}

/// Lets a request through when its credentials are good, the project is theirs and nothing is missing, and then asks what has
/// state, or else takes the example of the description.
fn reply(
    service: &Service,
    found: &Match<'_>,
    wire: &WireRequest<'_>,
    parts: &Parts,
    body: &Bytes,
) -> Result<Reply, Failure> {
    let now = service.clock.now();
    gateway::authenticate(wire, now)?;
    let path = decoded(&found.path)?;
    if path.iter().any(|(name, value)| *name == "project_id" && value != credentials::PROJECT_ID) {
        let message = "The credentials do not belong to the project of the path.";
        return Err(Failure::service(StatusCode::FORBIDDEN, "ModelArts.0112", message));
    }
    let query = QueryParameters::parse(parts.uri.query())?;
    let operation = found.route.operation;
    if let Some(operation) = operation {
        requirements::parameters(operation, &query, &parts.headers)?;
    }
    let call =
        Call { path, query, body: requirements::body(operation, body)?, now: clock::milliseconds(now) };
    if let Some(handler) = found.route.handler {
        let mut project = locked(&service.project);
        project.pass_time(call.now);
        return handler(&mut project, &call);
    }
    let operation = operation.ok_or_else(gateway::not_published)?;
    let status = StatusCode::from_u16(operation.status).unwrap_or(StatusCode::OK);
    match operation.answer {
        Some(answer) => Ok(Reply::Text(status, answer)),
        None if status == StatusCode::NO_CONTENT => Ok(Reply::Empty),
        None => Ok(Reply::Text(status, "{}")),
    }
}

fn decoded(path: &[(&'static str, String)]) -> Result<Vec<(&'static str, String)>, Failure> {
    path.iter()
        .map(|(name, text)| {
            let text = percent_decode_str(text).decode_utf8();
            let text = text.map_err(|_| Failure::parameter("The path is not UTF-8."))?;
            Ok((*name, text.into_owned()))
        })
        .collect()
}

#[cfg(test)]
mod tests;
