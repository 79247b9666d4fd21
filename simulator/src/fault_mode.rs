//! Faults in the middle of everything: requests that are let down by a plan, whatever they ask for.
//!
//! | module | has |
//! | --- | --- |
//! | [`kind`] | the kinds of faults |
//! | [`plan`] | which requests they befall |
//! | [`answers`] | what is answered instead of the service |
//! | [`spoil`] | what becomes of the service's own answer |
//! | [`journal`] | what was played |
//!
//! What happens below HTTP is done by [`wire`](crate::wire).

mod answers;
mod journal;
mod kind;
mod plan;
mod spoil;

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::{
    body::{Body, Bytes},
    extract::Request,
    http::{HeaderMap, Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::Response,
};
use time::{Duration, OffsetDateTime};
use tokio::sync::Notify;

use crate::{failure::RequestId, server::locked, wire::Wire};

pub(crate) use self::journal::Journal;
pub use self::{journal::JournalEntry, kind::FaultKind, plan::FaultPlan};

/// Names the call that a request belongs to.
const CALL_HEADER: &str = "x-simulator-call";

/// `off` keeps a request from all faults.
const FAULTS_HEADER: &str = "x-simulator-faults";

/// How far the clock of a skewed call is ahead.
const SKEW: Duration = Duration::minutes(20);

/// In a request: the clock is ahead for it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ClockSkew(pub(crate) Duration);

/// In an answer: the service has carried something out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HadEffect;

/// What a simulator with a plan remembers.
pub(crate) struct FaultMode {
    plan: FaultPlan,
    calls: Mutex<HashMap<String, Course>>,
    unnamed: AtomicU64,
    journal: Journal,
    /// Has the listener stop for a moment.
    pub(crate) pause: Arc<Notify>,
}

/// What has happened in a call so far.
#[derive(Default)]
struct Course {
    requests: u64,
    is_skewed: bool,
    repeats: bool,
    /// The page that came last: its path, its query, and the body.
    page: Option<(String, String, Bytes)>,
}

/// What befalls one request.
struct Turn {
    call: String,
    ordinal: u64,
    fault: Option<FaultKind>,
    /// For what the fault leaves open.
    random: u64,
    is_skewed: bool,
    page: Option<Bytes>,
}

impl FaultMode {
    pub(crate) fn new(plan: FaultPlan) -> Self {
        Self {
            plan,
            calls: Mutex::default(),
            unnamed: AtomicU64::new(0),
            journal: Journal::default(),
            pause: Arc::default(),
        }
    }

    pub(crate) fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Whether a request takes part.
    pub(crate) fn concerns(&self, headers: &HeaderMap) -> bool {
        headers.get(FAULTS_HEADER).is_none_or(|value| value != "off")
    }

    /// Answers a request, or has it answered, and spoils the answer. `finish` adds what all answers have, at a
    /// time that is `now` by the service's clock.
    pub(crate) async fn play(
        &self,
        request: Request,
        next: Next,
        request_id: &RequestId,
        wire: Option<Wire>,
        now: OffsetDateTime,
        finish: impl Fn(&mut Response, OffsetDateTime),
    ) -> Response {
        let (mut parts, body) = request.into_parts();
        let turn = self.turn(&parts);
        let (method, path) = (parts.method.clone(), parts.uri.path().to_owned());
        let query = parts.uri.query().unwrap_or_default().to_owned();
        let skew = if turn.is_skewed { SKEW } else { Duration::ZERO };
        let now = now.saturating_add(skew);
        parts.extensions.insert(ClockSkew(skew));

        let mut fault = turn.fault;
        let instead = fault.and_then(|fault| answers::instead(fault, &turn, now, request_id));
        let mut answer = match instead {
            Some(answer) => {
                // Who answers early still lets the client finish its request.
                let _ = axum::body::to_bytes(body, crate::gateway::LARGEST_BODY).await;
                answer
            }
            None => next.run(Request::from_parts(parts, body)).await,
        };
        let had_effect = answer.extensions_mut().remove::<HadEffect>().is_some();
        finish(&mut answer, now);
        let (head, body) = answer.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
        if method == Method::GET && head.status == StatusCode::OK && fault != Some(FaultKind::RepeatedPage) {
            self.keep_page(&turn.call, &path, &query, &body);
        }
        fault = fault.filter(|fault| spoil::is_possible(*fault, &head, &body, wire.is_some()));
        self.journal.add(JournalEntry {
            call: turn.call.clone(),
            ordinal: turn.ordinal,
            method: method.to_string(),
            path,
            fault,
            had_effect,
            status: head.status.as_u16(),
        });
        if fault == Some(FaultKind::Refused) {
            self.pause.notify_one();
        }
        match (fault, wire) {
            (Some(fault), Some(wire)) => {
                spoil::spoil(fault, &self.plan, turn.random, head, body, &wire).await
            }
            _ => Response::from_parts(head, Body::from(body)),
        }
    }

    /// Decides what befalls a request.
    fn turn(&self, parts: &Parts) -> Turn {
        let call = parts.headers.get(CALL_HEADER).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let is_signed = parts.headers.contains_key(header::AUTHORIZATION);
        let has_token = parts.headers.contains_key("x-auth-token");
        if call.is_empty() {
            let number = self.unnamed.fetch_add(1, Ordering::Relaxed);
            let (drawn, random) = self.plan.draw("", number);
            let fault = drawn.filter(|fault| match fault {
                FaultKind::RepeatedPage => false,
                FaultKind::ExpiredToken => has_token,
                FaultKind::ClockSkew => is_signed,
                FaultKind::DeletionFailsFirst => parts.method == Method::DELETE,
                _ => true,
            });
            let is_skewed = fault == Some(FaultKind::ClockSkew);
            return Turn { call: String::new(), ordinal: number, fault, random, is_skewed, page: None };
        }
        let mut calls = locked(&self.calls);
        let course = calls.entry(call.to_owned()).or_default();
        let ordinal = course.requests;
        course.requests = ordinal.saturating_add(1);
        let (drawn, random) = self.plan.draw(call, ordinal);
        let query = parts.uri.query().unwrap_or_default();
        let before = course.page.as_ref().filter(|(path, of, _)| path == parts.uri.path() && of != query);
        let is_further_page = parts.method == Method::GET && before.is_some();
        let fault = drawn.filter(|fault| match fault {
            FaultKind::RepeatedPage => is_further_page,
            FaultKind::ExpiredToken => has_token,
            FaultKind::ClockSkew => is_signed && !course.is_skewed,
            FaultKind::DeletionFailsFirst => parts.method == Method::DELETE && ordinal == 0,
            _ => true,
        });
        course.is_skewed |= fault == Some(FaultKind::ClockSkew);
        course.repeats |= fault == Some(FaultKind::RepeatedPage);
        let fault = fault.or((course.repeats && is_further_page).then_some(FaultKind::RepeatedPage));
        let page = before.map(|(_, _, page)| page.clone());
        Turn { call: call.to_owned(), ordinal, fault, random, is_skewed: course.is_skewed, page }
    }

    fn keep_page(&self, call: &str, path: &str, query: &str, body: &Bytes) {
        if let Some(course) = locked(&self.calls).get_mut(call) {
            course.page = Some((path.to_owned(), query.to_owned(), body.clone()));
        }
    }
}

#[cfg(test)]
mod tests;
