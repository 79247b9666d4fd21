//! The routes: from an HTTP request through the gateway's checks to the state of the project, and back.

use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::{
    Extension, Router,
    body::{Body, to_bytes},
    extract::{Path, RawQuery, Request, State, rejection::PathRejection},
    http::{HeaderValue, StatusCode, header},
    middleware::{Next, from_fn_with_state},
    response::Response,
    routing::{delete, get},
};
use tokio::sync::watch;

use crate::{
    answers,
    canonical::WireRequest,
    clock::{Clock, http_date},
    credentials,
    failure::{Failure, RequestId, json_answer},
    gateway,
    listing::{JobQuery, VersionQuery},
    requests::RecordedRequest,
    state::{DeletionAnswer, Project},
};

/// The oldest requests are forgotten beyond this number, so that a simulator can run for days.
const REMEMBERED_REQUESTS: usize = 10_000;

type PathParameters = Path<HashMap<String, String>>;
type SharedService = State<Arc<Service>>;

/// What all requests share.
pub(crate) struct Service {
    project: Mutex<Project>,
    requests: Mutex<VecDeque<RecordedRequest>>,
    last_request: AtomicU64,
    clock: Clock,
    stopped: watch::Receiver<bool>,
}

impl Service {
    pub(crate) fn new(project: Project, clock: Clock, stopped: watch::Receiver<bool>) -> Self {
        Self {
            project: Mutex::new(project),
            requests: Mutex::default(),
            last_request: AtomicU64::new(0),
            clock,
            stopped,
        }
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
        .route("/v1/{project_id}/training-jobs", get(list_jobs))
        .route("/v1/{project_id}/training-jobs/{job_id}", delete(delete_job))
        .route("/v1/{project_id}/training-jobs/{job_id}/versions", get(list_versions))
        .route("/v1/{project_id}/training-jobs/{job_id}/versions/{version_id}", get(get_version))
        .route_layer(from_fn_with_state(Arc::clone(&service), admit))
        // After the layer above: what is not published needs no credentials.
        .method_not_allowed_fallback(not_published)
        .fallback(not_published)
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

/// Lets a request through to the service when its credentials are good and the project is theirs.
async fn admit(
    State(service): SharedService,
    Extension(request_id): Extension<RequestId>,
    path: Result<PathParameters, PathRejection>,
    request: Request,
    next: Next,
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
    if let Err(failure) = gateway::authenticate(&wire, service.clock.now()) {
        return failure.into_answer(&request_id);
    }
    let Ok(Path(path)) = path else {
        return Failure::parameter("The path is not UTF-8.").into_answer(&request_id);
    };
    if path.get("project_id").map(String::as_str) != Some(credentials::PROJECT_ID) {
        let message = "The credentials do not belong to the project of the path.";
        return Failure::service(StatusCode::FORBIDDEN, "ModelArts.0112", message).into_answer(&request_id);
    }
    next.run(Request::from_parts(parts, Body::from(body))).await
}

async fn not_published(Extension(request_id): Extension<RequestId>) -> Response {
    gateway::not_published().into_answer(&request_id)
}

async fn list_jobs(
    State(service): SharedService,
    Extension(request_id): Extension<RequestId>,
    RawQuery(query): RawQuery,
) -> Response {
    match JobQuery::parse(query.as_deref()) {
        Ok(query) => {
            let project = locked(&service.project);
            let page = query.page_of(project.jobs());
            json_answer(StatusCode::OK, &answers::job_list(&page, project.jobs().count()))
        }
        Err(failure) => failure.into_answer(&request_id),
    }
}

async fn delete_job(
    State(service): SharedService,
    Extension(request_id): Extension<RequestId>,
    Path(path): PathParameters,
) -> Response {
    let job_id = match identifier(&path, "job_id") {
        Ok(job_id) => job_id,
        Err(failure) => return failure.into_answer(&request_id),
    };
    let failure = match locked(&service.project).delete(job_id) {
        DeletionAnswer::Accepted => return json_answer(StatusCode::OK, &answers::accepted()),
        DeletionAnswer::Unknown => Failure::job_not_found(job_id),
        DeletionAnswer::Refused => {
            Failure::service(StatusCode::OK, "ModelArts.0105", "The training job is protected.")
        }
        DeletionAnswer::Busy => {
            let message = "Another operation on the training job is under way.";
            Failure::service(StatusCode::CONFLICT, "ModelArts.2878", message)
        }
    };
    failure.into_answer(&request_id)
}

async fn list_versions(
    State(service): SharedService,
    Extension(request_id): Extension<RequestId>,
    Path(path): PathParameters,
    RawQuery(query): RawQuery,
) -> Response {
    let parameters = identifier(&path, "job_id")
        .and_then(|job_id| VersionQuery::parse(query.as_deref()).map(|query| (job_id, query)));
    let (job_id, query) = match parameters {
        Ok(parameters) => parameters,
        Err(failure) => return failure.into_answer(&request_id),
    };
    let (fault, answer) = {
        let mut project = locked(&service.project);
        let fault = project.fault(job_id);
        // A request that is refused does not move a deletion on.
        let job = if fault.is_some() { project.job(job_id) } else { project.poll(job_id) };
        let Some(job) = job else { return Failure::job_not_found(job_id).into_answer(&request_id) };
        (fault, answers::version_list(job, &query.page_of(job)))
    };
    match fault {
        Some(fault) => fault.answer(&answer, &request_id, service.stopped.clone()).await,
        None => json_answer(StatusCode::OK, &answer),
    }
}

async fn get_version(
    State(service): SharedService,
    Extension(request_id): Extension<RequestId>,
    Path(path): PathParameters,
) -> Response {
    let identifiers = identifier(&path, "job_id")
        .and_then(|job_id| identifier(&path, "version_id").map(|version_id| (job_id, version_id)));
    let (job_id, version_id) = match identifiers {
        Ok(identifiers) => identifiers,
        Err(failure) => return failure.into_answer(&request_id),
    };
    let project = locked(&service.project);
    let Some(job) = project.job(job_id) else {
        return Failure::job_not_found(job_id).into_answer(&request_id);
    };
    match job.versions.iter().find(|version| version.id == version_id) {
        Some(version) => json_answer(StatusCode::OK, &answers::version_details(job, version)),
        None => {
            let message = format!("The training job {job_id} has no version {version_id}.");
            Failure::service(StatusCode::NOT_FOUND, "ModelArts.0015", message).into_answer(&request_id)
        }
    }
}

/// A parameter of the path that is a 64-bit whole number.
fn identifier(path: &HashMap<String, String>, name: &str) -> Result<i64, Failure> {
    let text = path.get(name).map(String::as_str).unwrap_or_default();
    text.parse()
        .map_err(|_| Failure::parameter(format!("The parameter {name} is not a whole number: {text}.")))
}
