//! Spans and events of `tracing`, named as OpenTelemetry's conventions for HTTP clients want it.

use std::time::Duration;

use http::{Extensions, StatusCode, Uri};
use tracing::field::Empty;
use tracing::instrument::Instrumented;
use tracing::{Instrument as _, Level, Span};

use crate::call::{Call, Refusal};
use crate::error::Failure;
use crate::response::Incoming;
use crate::transport::SensitiveUri;

/// The target of all spans and events.
pub const TRACE_TARGET: &str = "clientsmith";

pub(super) struct AttemptSpan(Span);

impl AttemptSpan {
    pub(super) fn none() -> Self {
        Self(Span::none())
    }

    pub(super) fn begin(call: &Call, attempt: u32) -> Self {
        let (operation, base) = (call.operation(), call.base());
        let span = tracing::span!(
            target: TRACE_TARGET,
            Level::INFO,
            "http.request",
            otel.kind = "client",
            otel.name = %format_args!("{} {}", operation.method, operation.path),
            http.request.method = operation.method.as_str(),
            http.request.resend_count = Empty,
            http.request.headers = Empty,
            http.response.status_code = Empty,
            http.response.headers = Empty,
            server.address = base.host(),
            server.port = port(base),
            url.template = operation.path,
            url.full = Empty,
            otel.status_code = Empty,
            "error.type" = Empty,
        );
        if attempt > 1 {
            span.record("http.request.resend_count", attempt - 1);
        }
        Self(span)
    }

    pub(super) fn inside<F: Future>(&self, make: impl FnOnce() -> F) -> Instrumented<F> {
        self.0.in_scope(make).instrument(self.0.clone())
    }

    pub(super) fn enter(&self, run: impl FnOnce()) {
        self.0.in_scope(run);
    }

    pub(super) fn sending(&self, uri: &Uri, extensions: &Extensions) {
        if !self.0.is_disabled() {
            self.0.record("url.full", SensitiveUri::shown(uri, extensions));
        }
    }

    pub(super) fn answered(&self, status: StatusCode) {
        self.0.record("http.response.status_code", status.as_u16());
        if is_error(status) {
            self.0.record("error.type", status.as_str());
            self.0.record("otel.status_code", "ERROR");
        }
    }

    pub(super) fn failed(&self, failure: &Failure) {
        self.0.record("error.type", error_type(failure));
        self.0.record("otel.status_code", "ERROR");
    }
}

/// Makes a call in a span of its own, which says what came of it.
pub(crate) async fn call<F>(call: &Call, exchange: F) -> F::Output
where
    F: Future<Output = Result<Incoming, Box<Refusal>>>,
{
    let (operation, base) = (call.operation(), call.base());
    let span = tracing::span!(
        target: TRACE_TARGET,
        Level::INFO,
        "call",
        otel.kind = "client",
        otel.name = operation.id,
        operation.id = operation.id,
        http.request.method = operation.method.as_str(),
        http.response.status_code = Empty,
        server.address = base.host(),
        server.port = port(base),
        url.template = operation.path,
        request.id = Empty,
        attempts = Empty,
        otel.status_code = Empty,
        "error.type" = Empty,
    );
    let outcome = exchange.instrument(span.clone()).await;
    if !span.is_disabled() {
        record(&span, call, &outcome);
    }
    outcome
}

fn record(span: &Span, call: &Call, outcome: &Result<Incoming, Box<Refusal>>) {
    let failure = match outcome {
        Ok(answer) => {
            span.record("http.response.status_code", answer.status().as_u16());
            span.record("attempts", answer.attempts);
            if let Some(id) = call.request_id(answer) {
                span.record("request.id", id);
            }
            return;
        }
        Err(refusal) => &refusal.failure,
    };
    if let Some(status) = failure.status {
        span.record("http.response.status_code", status.as_u16());
    }
    if let Some(id) = &failure.request_id {
        span.record("request.id", id.as_str());
    }
    span.record("attempts", failure.attempts);
    span.record("otel.status_code", "ERROR");
    span.record("error.type", error_type(failure));
}

/// The call is made again after a pause.
pub(crate) fn retry(call: &Call, failure: &Failure, pause: Duration) {
    tracing::event!(
        target: TRACE_TARGET,
        Level::INFO,
        operation.id = call.operation().id,
        attempts = failure.attempts,
        pause_ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX),
        "error.type" = error_type(failure),
        http.response.status_code = failure.status.map(|status| status.as_u16()),
        code = failure.code.as_deref(),
        "the call is made again"
    );
}

/// The server has refused a proof, and another one is made.
pub(crate) fn renewal(call: &Call) {
    tracing::event!(
        target: TRACE_TARGET,
        Level::INFO,
        operation.id = call.operation().id,
        "the credentials were refused and are proven anew"
    );
}

/// The status where it tells of an error, else the kind of the error in the writing of OpenTelemetry (`undocumented_status`).
fn error_type(failure: &Failure) -> String {
    if let Some(status) = failure.status.filter(|status| is_error(*status)) {
        return status.as_str().to_owned();
    }
    let mut name = String::new();
    for (index, letter) in format!("{:?}", failure.kind).chars().enumerate() {
        if letter.is_uppercase() && index > 0 {
            name.push('_');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

fn port(base: &Uri) -> u16 {
    base.port_u16().unwrap_or(if base.scheme_str() == Some("http") { 80 } else { 443 })
}

/// OpenTelemetry counts 4xx and 5xx as errors of a client.
fn is_error(status: StatusCode) -> bool {
    status.is_client_error() || status.is_server_error()
}
