//! One attempt of a call: authenticated, sent, and read.

use std::pin::pin;

use bytes::{Bytes, BytesMut};
use http::header::{CONTENT_LENGTH, HeaderName, HeaderValue};
use http::{HeaderMap, Method, StatusCode};

use super::Call;
use super::redirect::{Route, presentable};
use super::request::Proofs;
use super::time::{Over, Time};
use crate::auth::ClockOffset;
use crate::error::{ErrorKind, Failure};
use crate::limits::Limits;
use crate::media_type;
use crate::observe::{self, Watch};
use crate::response::{Answer, Incoming};
use crate::retry::{date, unique_key};
use crate::transport::{Body, Silence, TransportError, TransportErrorKind};

/// What the attempts of one call have in common, and what one leaves for the next.
pub(super) struct Course<'a> {
    credentials: Proofs<'a>,
    idempotency_key: Option<(HeaderName, HeaderValue)>,
    clock_offset: ClockOffset,
    has_renewed: bool,
    has_set_clock: bool,
    requests: u32,
    watch: Watch,
}

impl Course<'_> {
    pub(super) fn credentials(&self) -> Proofs<'_> {
        self.credentials
    }

    /// The header by which the API knows a repeated request.
    pub(super) fn idempotency_key(&self) -> Option<(&HeaderName, &HeaderValue)> {
        self.idempotency_key.as_ref().map(|(name, key)| (name, key))
    }

    pub(super) fn clock_offset(&self) -> ClockOffset {
        self.clock_offset
    }

    /// What is told of the attempt that is under way.
    pub(super) fn watch(&self) -> &Watch {
        &self.watch
    }

    /// Tells of the only attempt of a call that others send.
    pub(super) fn watch_first(&mut self, call: &Call) {
        self.watch = Watch::begin(call, 1);
    }

    /// How many requests there were.
    pub(super) fn requests(&self) -> u32 {
        self.requests
    }
}

impl Call {
    /// The beginning of a call.
    pub(super) fn course(&self) -> Result<Course<'_>, Box<Failure>> {
        let inner = &self.core.0;
        let credentials = self.credentials()?;
        let idempotency_key = match self.operation.errors.retry.idempotency_key {
            None => None,
            Some(name) => {
                let unusable = || self.refuse(format!("`{name}` is no name of a header"));
                let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unusable())?;
                let key = HeaderValue::try_from(unique_key(inner.transport.now())).map_err(|_| unusable())?;
                Some((name, key))
            }
        };
        Ok(Course {
            credentials,
            idempotency_key,
            clock_offset: inner.clock_offset.get(),
            has_renewed: false,
            has_set_clock: false,
            requests: 0,
            watch: Watch::idle(),
        })
    }

    /// Authenticates, sends and reads to the last byte, or to the end of the head where the rest is a stream, while there is time.
    pub(super) async fn attempt(
        &self,
        course: &mut Course<'_>,
        time: &mut Time<'_>,
        limits: Limits,
        streams: bool,
    ) -> Result<Incoming, Box<Failure>> {
        let transport = &self.core.0.transport;
        let response = self.answer(course, time, limits).await?;
        let (head, mut pieces) = response.into_parts();
        if streams && self.is_streamed(&head) {
            pieces.limit_silence(Silence::new(transport, limits.silence_of_bytes(), None));
            return Ok(Incoming::streamed(head, pieces, course.requests, limits));
        }
        pieces.limit_silence(Silence::new(transport, limits.silence_of_bytes(), Some(time.end())));
        let limit = limits.size_of_body();
        let mut received = Received::default();
        let end = if self.states_more_than(limit, &head) {
            End::TooLarge
        } else {
            loop {
                match time.race(pieces.next()).await {
                    Ok(Some(Ok(piece))) if size(received.len()).saturating_add(size(piece.len())) > limit => {
                        break End::TooLarge;
                    }
                    Ok(Some(Ok(piece))) => received.add(piece),
                    Ok(Some(Err(error))) => break End::Broken(error),
                    Ok(None) => break End::Complete,
                    Err(over) => break End::TimedOut(over),
                }
            }
        };
        let (status, headers, body) = (head.status, head.headers, received.into_bytes());
        let answer = Answer { status, headers, body, attempts: course.requests };
        let mut failure = match end {
            End::Complete => return Ok(Incoming::read(answer)),
            End::TimedOut(over) => {
                self.failure(ErrorKind::Timeout, format!("the body did not end {over}"), &answer)
            }
            End::TooLarge => {
                let detail = format!(
                    "the body has more than {limit} bytes, which is the limit: raise `Limits::body` if it may be larger"
                );
                return Err(self.failure(ErrorKind::TooLarge, detail, &answer));
            }
            End::Broken(error) if error.kind == TransportErrorKind::Stalled => {
                let mut failure = self.failure(ErrorKind::Timeout, error.to_string(), &answer);
                failure.source = Some(Box::new(error));
                failure
            }
            End::Broken(error) => {
                let detail = format!("the body ended too early: {error}");
                let mut failure = self.failure(ErrorKind::Transport, detail, &answer);
                failure.source = Some(Box::new(error));
                failure
            }
        };
        failure.transient = true;
        Err(failure)
    }

    /// Authenticates and sends, once more where the credentials can do something about a refusal, and on to where redirects lead.
    async fn answer(
        &self,
        course: &mut Course<'_>,
        time: &mut Time<'_>,
        limits: Limits,
    ) -> Result<http::Response<Body>, Box<Failure>> {
        let mut route = Route::default();
        loop {
            course.watch = Watch::begin(self, course.requests.saturating_add(1));
            // Pinned where they are, for they are large, and the race would be handed a copy.
            let prepared = {
                let preparing = pin!(course.watch.inside(|| self.prepare(course, &route)));
                time.race(preparing).await
            };
            if route.target().is_none()
                && !matches!(&prepared, Ok(Err(failure)) if failure.kind == ErrorKind::InvalidCall)
            {
                course.requests = course.requests.saturating_add(1);
            }
            let request = prepared.map_err(|over| {
                let mut failure = self.timed_out(format!("the credentials were not ready {over}"));
                failure.unsent = true;
                failure
            })??;
            let is_proven = course.credentials.iter().any(|one| one.is_renewable()) && !route.is_foreign();
            let sent = if is_proven { request.headers().clone() } else { HeaderMap::new() };
            course.watch.sending(&request);
            let sending = course.watch.inside(|| self.core.0.transport.send(request));
            let response = match time.race(sending).await {
                Ok(Ok(response)) => response,
                Ok(Err(error)) => {
                    let place = presentable(route.target().unwrap_or(self.base()));
                    return Err(Box::new(Failure::from_transport(self.operation.id, &place, error)));
                }
                Err(over) => return Err(self.timed_out(format!("no answer {over}"))),
            };
            course.watch.response(self, &response);
            if self.follow_redirect(&mut route, response.status(), response.headers(), limits.hops())? {
                continue;
            }
            // What another origin says of credentials is not about those of this call, which it did not get.
            if route.is_foreign() || !self.proves_anew(course, &sent, &response) {
                return Ok(response);
            }
            observe::renewal(self);
        }
    }

    /// Whether another proof of who calls may help against this answer. Each kind of it is tried once in a call.
    fn proves_anew(
        &self,
        course: &mut Course<'_>,
        sent: &HeaderMap,
        response: &http::Response<Body>,
    ) -> bool {
        let status = response.status();
        if !matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
            // Only a time by which a server has let a request in is trusted from then on: its `Date` may be what is wrong.
            if course.has_set_clock && !status.is_server_error() {
                self.core.0.clock_offset.set(course.clock_offset);
            }
            return false;
        }
        let mut has_changed = false;
        if status == StatusCode::UNAUTHORIZED && !course.has_renewed {
            // All of them have to hear of it, whoever can do something about it.
            let renewable = course.credentials.iter().filter(|credential| credential.refused(sent)).count();
            course.has_renewed = renewable > 0;
            has_changed |= course.has_renewed;
        }
        let depends_on_clock = course.credentials.iter().any(|credential| credential.depends_on_clock());
        if depends_on_clock && !course.has_set_clock {
            let ours = self.core.0.transport.now();
            let offset = date(response.headers()).map(|theirs| ClockOffset::between(ours, theirs));
            if let Some(offset) = offset.filter(|offset| offset.contradicts(course.clock_offset)) {
                course.clock_offset = offset;
                course.has_set_clock = true;
                has_changed = true;
            }
        }
        has_changed && self.can_send_again()
    }

    /// Whether the description streams what comes with this head.
    fn is_streamed(&self, head: &http::response::Parts) -> bool {
        let status = self.described(head.status).as_u16();
        let Some(rule) = self.operation.streamed.iter().find(|rule| rule.statuses.contains(status)) else {
            return false;
        };
        let chosen = match rule.media_types {
            [_] => Some(0),
            several => media_type::of(&head.headers, several),
        };
        chosen.is_some_and(|index| rule.streams.contains(&index))
    }

    /// Whether the body that follows this head has more than `limit` bytes, as far as the head says.
    fn states_more_than(&self, limit: u64, head: &http::response::Parts) -> bool {
        // RFC 9110 §8.6: after `HEAD` and with 304, it is the length of a body that does not come.
        if self.operation.method == Method::HEAD || head.status == StatusCode::NOT_MODIFIED {
            return false;
        }
        let text = head.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok());
        text.and_then(|length| length.parse::<u64>().ok()).is_some_and(|length| length > limit)
    }

    fn timed_out(&self, detail: String) -> Box<Failure> {
        let mut failure = Failure::new(ErrorKind::Timeout, self.operation.id, detail);
        failure.transient = true;
        Box::new(failure)
    }
}

/// How the body of an answer ended.
enum End {
    Complete,
    TimedOut(Over),
    TooLarge,
    Broken(TransportError),
}

/// What has come of a body. Most come in one piece, which is kept as it is.
#[derive(Default)]
struct Received {
    first: Bytes,
    all: BytesMut,
}

impl Received {
    fn len(&self) -> usize {
        self.first.len().saturating_add(self.all.len())
    }

    fn add(&mut self, piece: Bytes) {
        if self.len() == 0 {
            self.first = piece;
            return;
        }
        if self.all.is_empty() {
            self.all.extend_from_slice(&std::mem::take(&mut self.first));
        }
        self.all.extend_from_slice(&piece);
    }

    fn into_bytes(self) -> Bytes {
        if self.all.is_empty() { self.first } else { self.all.freeze() }
    }
}

fn size(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
