//! What a call bears before it is given up, besides the time of the whole call: slow attempts, silence, size, redirects.

use std::time::Duration;

/// How long a body that is read whole, or downloaded, may be silent when nothing else is said.
pub const DEFAULT_STALL_TIMEOUT: Duration = Duration::from_secs(30);

/// How long a stream of events or lines may be silent when nothing else is said.
pub const DEFAULT_IDLE_TIMEOUT: Duration = Duration::from_secs(300);

/// How long a body that is read whole may be when nothing else is said, in bytes.
pub const DEFAULT_BODY_LIMIT: u64 = 256 * 1024 * 1024;

/// How many redirects an attempt follows when nothing else is said.
pub const DEFAULT_REDIRECTS: u32 = 5;

/// What a call bears before it is given up. Given to a client, it holds for all calls; what a call is given counts before that,
/// each limit by itself.
///
/// ```
/// use std::time::Duration;
/// use clientsmith_runtime::Limits;
///
/// let limits = Limits::new().attempt_timeout(Duration::from_secs(5)).body(1024 * 1024);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use = "limits have no effect until they are given to a client or a call"]
pub struct Limits {
    attempt_timeout: Option<Duration>,
    stall_timeout: Option<Duration>,
    idle_timeout: Option<Duration>,
    body: Option<u64>,
    redirects: Option<u32>,
}

impl Limits {
    /// Those of the client, or the defaults.
    pub const fn new() -> Self {
        Self { attempt_timeout: None, stall_timeout: None, idle_timeout: None, body: None, redirects: None }
    }

    /// Sets how long one attempt may take, from its credentials to the last byte of its answer, or to the end of the head where
    /// the rest is a stream. One that takes longer fails, and is made again like any other that failed for a passing reason; the
    /// time of the whole call (`timeout`) stays what it is.
    ///
    /// Default: none but the time of the whole call. How long an API takes for an answer is not known here, and an attempt that
    /// is cut off while the server works on it does harm: the work is done twice, and too late both times.
    pub const fn attempt_timeout(self, timeout: Duration) -> Self {
        Self { attempt_timeout: Some(timeout), ..self }
    }

    /// Sets how long nothing may come of a body that is read whole, or that is a [`Download`](crate::Download), while it is waited
    /// for. [`Duration::MAX`]: for ever. Default: [`DEFAULT_STALL_TIMEOUT`]. Who has begun to send a body of bytes has them at
    /// hand; whole seconds without one mean that something on the way is dead.
    pub const fn stall_timeout(self, timeout: Duration) -> Self {
        Self { stall_timeout: Some(timeout), ..self }
    }

    /// Sets how long nothing may come of [`Events`](crate::Events) or [`Lines`](crate::Lines) while they are waited for.
    /// [`Duration::MAX`]: for ever, for servers that send nothing as long as nothing happens. Default: [`DEFAULT_IDLE_TIMEOUT`].
    /// Servers that keep such a stream open send a comment or an empty line several times a minute, for proxies on the way close
    /// what is silent, most after a minute; a model that thinks before its first word may need longer than that.
    pub const fn idle_timeout(self, timeout: Duration) -> Self {
        Self { idle_timeout: Some(timeout), ..self }
    }

    /// Sets how many bytes a body may have that is read whole, counted after decompression. [`u64::MAX`]: any number. Default:
    /// [`DEFAULT_BODY_LIMIT`], above what an API sends in one answer, and below what a machine runs out of memory by. What is
    /// [streamed](crate::stream) has no limit, but its events and lines have.
    pub const fn body(self, bytes: u64) -> Self {
        Self { body: Some(bytes), ..self }
    }

    /// Sets how many redirects an attempt follows; 0: none. Default: [`DEFAULT_REDIRECTS`].
    ///
    /// Those of `GET` and `HEAD` are followed, if the description does not say itself what the status means. On the same origin,
    /// each request is authenticated anew. To another origin go the method, `User-Agent`, `Accept`, and what says which part is
    /// wanted (`Range`, `If-Range`, `Last-Event-ID`), and nothing else that the caller or the client was given: no credentials,
    /// cookies, parameters or idempotency key. From https to plain http only loopback is gone to.
    pub const fn redirects(self, hops: u32) -> Self {
        Self { redirects: Some(hops), ..self }
    }

    /// These limits, and `others` where these say nothing.
    pub(crate) fn or(self, others: Self) -> Self {
        Self {
            attempt_timeout: self.attempt_timeout.or(others.attempt_timeout),
            stall_timeout: self.stall_timeout.or(others.stall_timeout),
            idle_timeout: self.idle_timeout.or(others.idle_timeout),
            body: self.body.or(others.body),
            redirects: self.redirects.or(others.redirects),
        }
    }

    pub(crate) fn time_of_attempt(&self) -> Option<Duration> {
        self.attempt_timeout
    }

    pub(crate) fn silence_of_bytes(&self) -> Duration {
        self.stall_timeout.unwrap_or(DEFAULT_STALL_TIMEOUT)
    }

    pub(crate) fn silence_of_items(&self) -> Duration {
        self.idle_timeout.unwrap_or(DEFAULT_IDLE_TIMEOUT)
    }

    pub(crate) fn hops(&self) -> u32 {
        self.redirects.unwrap_or(DEFAULT_REDIRECTS)
    }

    pub(crate) fn size_of_body(&self) -> u64 {
        self.body.unwrap_or(DEFAULT_BODY_LIMIT)
    }
}
