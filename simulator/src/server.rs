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
    extract::{ConnectInfo, Request, State},
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse as _, Response},
    routing::get,
};
use percent_encoding::percent_decode_str;
use time::{Duration, OffsetDateTime};
use tokio::sync::watch;

use crate::{
    call::{Call, Reply},
    canonical::WireRequest,
    catalogue::Operation,
    clock::{self, Clock, http_date},
    credentials,
    failure::{CONTENT_TYPE, Failure, RequestId, json_answer},
    fault_mode::{ClockSkew, FaultMode, HadEffect},
    gateway, iam,
    project::Project,
    query::QueryParameters,
    requests::RecordedRequest,
    requirements, resources,
    routes::{Match, Routes},
    wire::Wire,
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
    fault_mode: Option<FaultMode>,
    stopped: watch::Receiver<bool>,
}

impl Service {
    /// Answers the given operations and those that have state.
    pub(crate) fn new(
        operations: &'static [Operation],
        project: Project,
        clock: Clock,
        fault_mode: Option<FaultMode>,
        stopped: watch::Receiver<bool>,
    ) -> Self {
        Self {
            routes: Routes::new(operations, resources::entries()),
            project: Mutex::new(project),
            requests: Mutex::default(),
            last_request: AtomicU64::new(0),
            clock,
            fault_mode,
            stopped,
        }
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }

    pub(crate) fn fault_mode(&self) -> Option<&FaultMode> {
        self.fault_mode.as_ref()
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
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The application: records, then knows the path, then checks credentials and project, then answers.
pub(crate) fn application(service: Arc<Service>) -> Router {
    Router::new()
        .fallback(answer)
        .layer(from_fn_with_state(Arc::clone(&service), identify))
        // Added after the layer, which it does not go through.
        .route("/simulator/journal", get(journal))
        .with_state(service)
}

/// What was played, for a program in another process.
async fn journal(State(service): SharedService) -> Response {
    match service.fault_mode() {
        Some(mode) => mode.journal().to_lines().into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Gives each request its id, and each answer the headers that all answers have.
async fn identify(State(service): SharedService, mut request: Request, next: Next) -> Response {
    let number = service.last_request.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
    let request_id = RequestId::nth(number);
    request.extensions_mut().insert(request_id.clone());
    let (parts, body) = request.into_parts();
    service.record(RecordedRequest::new(&parts));

    let wire = parts.extensions.get::<ConnectInfo<Wire>>().map(|ConnectInfo(wire)| wire.clone());
    let finish = |answer: &mut Response, now: OffsetDateTime| {
        let headers = answer.headers_mut();
        if let Ok(value) = HeaderValue::from_str(request_id.as_str()) {
            headers.insert("x-request-id", value);
        }
        if let Ok(value) = HeaderValue::from_str(&http_date(now)) {
            headers.insert(header::DATE, value);
        }
    };
    let mode = service.fault_mode().filter(|mode| mode.concerns(&parts.headers));
    let request = Request::from_parts(parts, body);
    if let Some(mode) = mode {
        return mode.play(request, next, &request_id, wire, service.clock.now(), finish).await;
    }
    let mut answer = next.run(request).await;
    answer.extensions_mut().remove::<HadEffect>();
    finish(&mut answer, service.clock.now());
    answer
}

/// Answers a request. What is not published needs no credentials to be told so.
async fn answer(
    State(service): SharedService,
    Extension(request_id): Extension<RequestId>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    if iam::answers(parts.method.as_str(), parts.uri.path()) {
        let body = to_bytes(body, gateway::LARGEST_BODY).await.unwrap_or_default();
        return iam::answer(&wire(&parts, &body), service.clock.now());
    }
    let Some(found) = service.routes.find(parts.method.as_str(), parts.uri.path()) else {
        return gateway::not_published().into_answer(&request_id);
    };
    let Ok(body) = to_bytes(body, gateway::LARGEST_BODY).await else {
        return gateway::body_not_read().into_answer(&request_id);
    };
    let outcome = reply(&service, &found, &parts, &body);
    let has_effect = outcome.is_ok() && !matches!(parts.method, Method::GET | Method::HEAD);
    let mut answer = match outcome {
        Ok(Reply::Json(status, body)) => json_answer(status, &body),
        Ok(Reply::Text(status, body)) => {
            (status, [(header::CONTENT_TYPE, CONTENT_TYPE)], body).into_response()
        }
        Ok(Reply::Empty) => StatusCode::NO_CONTENT.into_response(),
        Ok(Reply::Faulty(fault, whole)) => fault.answer(&whole, &request_id, service.stopped.clone()).await,
        Err(failure) => failure.into_answer(&request_id),
    };
    if has_effect {
        answer.extensions_mut().insert(HadEffect);
    }
    answer
}

/// Lets a request through when its credentials are good, the project is theirs and nothing is missing, and then asks what has
/// state, or else takes the example of the description.
fn reply(service: &Service, found: &Match<'_>, parts: &Parts, body: &Bytes) -> Result<Reply, Failure> {
    let skew = parts.extensions.get::<ClockSkew>().map_or(Duration::ZERO, |skew| skew.0);
    let now = service.clock.now();
    let wire = WireRequest {
        method: parts.method.as_str(),
        path: parts.uri.path(),
        query: parts.uri.query(),
        headers: &parts.headers,
        body,
    };
    gateway::authenticate(&wire, now.saturating_add(skew))?;
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

/// What a signature covers of a request.
fn wire<'a>(parts: &'a Parts, body: &'a Bytes) -> WireRequest<'a> {
    WireRequest {
        method: parts.method.as_str(),
        path: parts.uri.path(),
        query: parts.uri.query(),
        headers: &parts.headers,
        body,
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
