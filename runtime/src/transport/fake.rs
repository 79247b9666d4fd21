//! A transport for unit tests: it answers as the test says, keeps what was asked, and has a clock of its own.
//!
//! ```
//! # use clientsmith_runtime::transport::fake::{Fake, Reply};
//! # use std::time::Duration;
//! let fake = Fake::new();
//! fake.on("GET", "/v1/{project}/jobs").reply(Reply::json(200, r#"{"jobs": []}"#));
//! fake.on_operation("deleteJob")
//!     .reply(Reply::new(503).delay(Duration::from_secs(3)))
//!     .always(Reply::new(204));
//! // let client = Client::builder().transport(fake.transport())...
//! // client.jobs().list().await?;
//! // fake.assert_called("GET", "/v1/{project}/jobs");
//! ```

mod pattern;
mod reply;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{HeaderMap, Method, Uri};

use self::pattern::Pattern;
use super::virtual_clock::VirtualClock;
use super::{
    Body, BoxFuture, OperationId, SensitiveUri, Transport, TransportError, TransportErrorKind, body_bytes,
};
use crate::body::RequestBody;

pub use self::reply::Reply;

/// 2024-01-01T00:00:00Z, in seconds since 1970.
const START: u64 = 1_704_067_200;

/// The transport. Clones share all that it knows.
///
/// Who sleeps on it waits for no time at all: the clock jumps to where the sleeper wants to be, unless another one wants to be
/// woken before. Its wall clock starts at 2024-01-01T00:00:00Z.
///
/// A request that nothing was prepared for is answered with an error that names it.
#[derive(Clone)]
pub struct Fake {
    state: Arc<Mutex<State>>,
    clock: VirtualClock,
}

#[derive(Default)]
struct State {
    rules: Vec<Rule>,
    requests: Vec<Received>,
}

struct Rule {
    pattern: Pattern,
    replies: VecDeque<Reply>,
    always: Option<Reply>,
}

/// A request that came.
#[derive(Clone)]
pub struct Received {
    /// The operationId of the call; `None` for requests that credentials make.
    pub operation: Option<&'static str>,
    /// The method.
    pub method: Method,
    /// The whole URI. It may hold a secret; [`shown`](Self::shown) does not.
    pub uri: Uri,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, of a stream all of it.
    pub body: Bytes,
    shown: String,
}

impl Received {
    /// Method, path and query, with `[redacted]` for the values of secret parameters.
    #[must_use]
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// The body as text. Bytes that are not UTF-8 are replaced.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON; `None` when it is none.
    #[must_use]
    pub fn json(&self) -> Option<serde_json::Value> {
        serde_json::from_slice(&self.body).ok()
    }
}

/// Shows neither headers nor body, which may hold secrets.
impl std::fmt::Debug for Received {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Received")
            .field("operation", &self.operation)
            .field("request", &self.shown)
            .field("body_length", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// The replies to requests of one kind, which are being prepared.
pub struct Replies<'a> {
    fake: &'a Fake,
    rule: usize,
}

impl Replies<'_> {
    /// Answers the next of these requests.
    pub fn reply(self, reply: Reply) -> Self {
        if let Some(rule) = self.fake.lock().rules.get_mut(self.rule) {
            rule.replies.push_back(reply);
        }
        self
    }

    /// Answers all further ones.
    pub fn always(self, reply: Reply) {
        if let Some(rule) = self.fake.lock().rules.get_mut(self.rule) {
            rule.always = Some(reply);
        }
    }
}

impl Default for Fake {
    fn default() -> Self {
        Self::new()
    }
}

impl Fake {
    /// A transport that nothing is prepared for.
    #[must_use]
    pub fn new() -> Self {
        let start = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(START));
        let clock = VirtualClock::starting(start.unwrap_or(SystemTime::UNIX_EPOCH));
        Self { state: Arc::default(), clock }
    }

    /// It, as the builder of a client takes it.
    #[must_use]
    pub fn transport(&self) -> Arc<dyn Transport> {
        Arc::new(self.clone())
    }

    /// Prepares replies to requests with that method and path. In the path, `{name}` stands for any text without a slash; a
    /// query (`/jobs?page=2`) is one of pairs, as they are on the wire, that have to be there among others. What was prepared
    /// first counts first, as long as it has a reply left.
    pub fn on(&self, method: &str, path: &str) -> Replies<'_> {
        self.rule(Pattern::request(method, path))
    }

    /// Prepares replies to the calls of an operation.
    pub fn on_operation(&self, id: &str) -> Replies<'_> {
        self.rule(Pattern::operation(id))
    }

    /// Prepares replies to whatever is asked.
    pub fn on_any(&self) -> Replies<'_> {
        self.rule(Pattern::any())
    }

    fn rule(&self, pattern: Pattern) -> Replies<'_> {
        let mut state = self.lock();
        state.rules.push(Rule { pattern, replies: VecDeque::new(), always: None });
        Replies { fake: self, rule: state.rules.len().saturating_sub(1) }
    }

    /// The requests so far.
    #[must_use]
    pub fn requests(&self) -> Vec<Received> {
        self.lock().requests.clone()
    }

    /// How much time has passed on its clock.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.clock.elapsed()
    }

    /// Lets time pass.
    pub fn advance(&self, by: Duration) {
        self.clock.advance(by);
    }

    /// Sets the wall clock.
    pub fn set_now(&self, now: SystemTime) {
        self.clock.set_now(now);
    }

    /// The requests with that method and path, written as in [`on`](Self::on). There has to be one.
    ///
    /// # Panics
    ///
    /// When there is none; the message lists what came instead.
    #[track_caller]
    pub fn assert_called(&self, method: &str, path: &str) -> Vec<Received> {
        let found = self.matching(&Pattern::request(method, path));
        assert!(!found.is_empty(), "`{method} {path}` was not called; {}", self.came());
        found
    }

    /// The requests with that method and path, of which there have to be that many.
    ///
    /// # Panics
    ///
    /// When there are more or fewer; the message lists what came.
    #[track_caller]
    pub fn assert_called_times(&self, method: &str, path: &str, times: usize) -> Vec<Received> {
        let found = self.matching(&Pattern::request(method, path));
        let count = found.len();
        assert!(count == times, "`{method} {path}` was called {count} times, not {times}; {}", self.came());
        found
    }

    /// There must be no request with that method and path.
    ///
    /// # Panics
    ///
    /// When there is one; the message lists what came.
    #[track_caller]
    pub fn assert_not_called(&self, method: &str, path: &str) {
        let found = self.matching(&Pattern::request(method, path));
        assert!(found.is_empty(), "`{method} {path}` was called; {}", self.came());
    }

    /// The requests have to be of calls of these operations, in this order. Those that credentials make do not count.
    ///
    /// # Panics
    ///
    /// When they are not; the message lists what came.
    #[track_caller]
    pub fn assert_operations(&self, ids: &[&str]) {
        let came: Vec<&str> = self.lock().requests.iter().filter_map(|request| request.operation).collect();
        assert!(came == ids, "the calls are not `{}`; {}", ids.join("`, `"), self.came());
    }

    /// All replies that were prepared have to be used up, but for those that are given always.
    ///
    /// # Panics
    ///
    /// When some are not; the message lists them, and what came.
    #[track_caller]
    pub fn assert_used_up(&self) {
        let left: Vec<String> = self
            .lock()
            .rules
            .iter()
            .filter(|rule| !rule.replies.is_empty())
            .map(|rule| format!("{} for `{}`", rule.replies.len(), rule.pattern))
            .collect();
        assert!(left.is_empty(), "replies are left: {}; {}", left.join(", "), self.came());
    }

    fn matching(&self, pattern: &Pattern) -> Vec<Received> {
        self.lock().requests.iter().filter(|request| pattern.fits(request)).cloned().collect()
    }

    /// What came, for a message.
    fn came(&self) -> String {
        let state = self.lock();
        if state.requests.is_empty() {
            return "nothing was".to_owned();
        }
        let line = |(index, request): (usize, &Received)| {
            let operation = request.operation.map(|id| format!(" ({id})")).unwrap_or_default();
            format!("\n  {}. {}{operation}", index.saturating_add(1), request.shown)
        };
        let lines: String = state.requests.iter().enumerate().map(line).collect();
        format!("this came:{lines}")
    }

    /// Keeps a request and finds its reply.
    fn receive(&self, request: Received) -> Result<Reply, TransportError> {
        let mut state = self.lock();
        let mut fitting = state.rules.iter_mut().filter(|rule| rule.pattern.fits(&request));
        let reply = fitting.find_map(|rule| rule.replies.pop_front().or_else(|| rule.always.clone()));
        let outcome = reply.ok_or_else(|| {
            let known: Vec<String> = state.rules.iter().map(|rule| format!("`{}`", rule.pattern)).collect();
            let known = if known.is_empty() { "nothing".to_owned() } else { known.join(", ") };
            let operation = request.operation.map(|id| format!(" of `{id}`")).unwrap_or_default();
            let shown = &request.shown;
            let message =
                format!("no reply is left for `{shown}`{operation}; replies were prepared for {known}");
            TransportError::new(TransportErrorKind::Request, message, None)
        });
        state.requests.push(request);
        outcome
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Transport for Fake {
    fn send(
        &self,
        request: http::Request<RequestBody>,
    ) -> BoxFuture<'static, Result<http::Response<Body>, TransportError>> {
        let fake = self.clone();
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let body = body_bytes(body).await?;
            let shown = format!("{} {}", head.method, SensitiveUri::shown_path(&head.uri, &head.extensions));
            let operation = head.extensions.get::<OperationId>().map(|id| id.0);
            let (method, uri, headers) = (head.method, head.uri, head.headers);
            let reply = fake.receive(Received { operation, method, uri, headers, body, shown })?;
            reply.play(&fake.clock).await
        })
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(self.clock.sleep(duration))
    }

    fn now(&self) -> SystemTime {
        self.clock.now()
    }

    fn monotonic(&self) -> Duration {
        self.clock.elapsed()
    }

    fn needs_operation_id(&self) -> bool {
        true
    }
}
