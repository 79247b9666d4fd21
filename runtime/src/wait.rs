//! Long-running calls: ask again and again until what was started is done, has failed, or takes too long.

mod polling;
mod updates;

use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use self::polling::{Pace, Polling, Verdict};
pub use self::updates::{WaitUpdate, WaitUpdates};
use crate::call::{Call, Decode, DecodeFailure, Refusal};
use crate::error::{Error, ErrorKind, Failure};
use crate::json::Json;
use crate::operation::WaitRule;
use crate::pointer;
use crate::response::{Answer, Response};
use crate::transport::BoxFuture;

/// Waits for the end of a long-running call, and starts it first where it has not been started.
///
/// Awaiting it sends the call and then polls; [`updates`](Self::updates) does the same and tells of each poll. Dropping either stops polling;
/// what was started goes on at the server, and its answer, where it was kept, can be waited on again.
///
/// The pause between polls begins with the interval, and each is half as long again as the one before, up to the longest. Near the deadline it is
/// the interval again where another poll fits in only so. There is no chance in it: waits begin when what they wait for does, which spreads them.
///
/// A poll that fails for a passing reason (the connection, a timeout, an overloaded server) is made again after the pause, or the longer one that the
/// server asks for (`Retry-After`), until the deadline; one that is refused ends the waiting, for later ones would be refused as well.
#[must_use = "nothing is sent until it is awaited"]
pub struct Wait<T, E> {
    start: Start<T>,
    rule: &'static WaitRule,
    decode: Decode<T>,
    decode_failure: DecodeFailure<E>,
    pace: Pace,
    /// What the caller has set.
    max_interval: Option<Duration>,
    on_progress: Option<OnProgress>,
}

/// What the caller wants to be told after a poll.
type OnProgress = Box<dyn FnMut(&Progress) + Send>;

/// What is waited for.
enum Start<T> {
    Call(Box<Call>),
    Answered(Box<Response<T>>),
}

/// What is known after a poll.
#[derive(Clone, Debug)]
pub struct Progress {
    polls: u32,
    elapsed: Duration,
    answer: Option<Answer>,
}

/// A long-running call that is done. Derefs to the answer that started it.
#[derive(Clone, Debug)]
pub struct Waited<T> {
    response: Response<T>,
    polls: u32,
    elapsed: Duration,
    message: Option<&'static str>,
}

impl<T, E> Wait<T, E>
where
    T: Send + 'static,
    E: Send + 'static,
{
    /// Sends the call, then waits.
    pub fn start(
        call: Call,
        rule: &'static WaitRule,
        decode: Decode<T>,
        decode_failure: DecodeFailure<E>,
    ) -> Self {
        Self::new(Start::Call(Box::new(call)), rule, decode, decode_failure)
    }

    /// Waits for what an answer has started.
    pub fn answered(
        response: Response<T>,
        rule: &'static WaitRule,
        decode: Decode<T>,
        decode_failure: DecodeFailure<E>,
    ) -> Self {
        Self::new(Start::Answered(Box::new(response)), rule, decode, decode_failure)
    }

    fn new(
        start: Start<T>,
        rule: &'static WaitRule,
        decode: Decode<T>,
        decode_failure: DecodeFailure<E>,
    ) -> Self {
        let WaitRule { interval, max_interval, deadline, .. } = *rule;
        let pace = Pace { interval, max_interval, deadline };
        Self { start, rule, decode, decode_failure, pace, max_interval: None, on_progress: None }
    }

    /// Sets the time between two polls, instead of the description's. It does not grow, unless [`max_interval`](Self::max_interval) is set too.
    pub fn interval(mut self, interval: Duration) -> Self {
        self.pace.interval = interval;
        self.pace.max_interval = self.max_interval.unwrap_or(interval);
        self
    }

    /// Sets what the time between two polls grows up to, instead of the description's. It is never shorter than the interval.
    pub fn max_interval(mut self, max_interval: Duration) -> Self {
        self.max_interval = Some(max_interval);
        self.pace.max_interval = max_interval;
        self
    }

    /// Sets the time after which waiting ends in an error, instead of the description's. It is counted from the first
    /// poll. A poll that is under way then is given up; where there is no time for another one, waiting ends at once.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.pace.deadline = deadline;
        self
    }

    /// Calls `progress` after each poll that does not end the waiting.
    pub fn on_progress(mut self, progress: impl FnMut(&Progress) + Send + 'static) -> Self {
        self.on_progress = Some(Box::new(progress));
        self
    }

    /// The updates of the wait, as a stream that ends when it is done.
    pub fn updates(self) -> WaitUpdates<T, E> {
        let Self { start, rule, decode, decode_failure, pace, on_progress, .. } = self;
        WaitUpdates::new(start.respond(decode, decode_failure), rule, pace, decode_failure, on_progress)
    }

    async fn run(mut self) -> Result<Waited<T>, Error<E>> {
        let response = self.start.respond(self.decode, self.decode_failure).await?;
        let mut polling = Polling::new(response.follow(self.rule.link), self.rule, self.pace);
        loop {
            match polling.poll().await {
                Ok(Verdict::Done(progress)) => return Ok(Waited::new(response, progress, self.rule)),
                Ok(Verdict::UnderWay(progress)) => {
                    if let Some(on_progress) = &mut self.on_progress {
                        on_progress(&progress);
                    }
                }
                Err(refusal) => return Err(refusal.into_error(self.decode_failure)),
            }
        }
    }
}

impl<T: Send + 'static> Start<T> {
    /// The answer that starts what is waited for.
    fn respond<E: Send + 'static>(
        self,
        decode: Decode<T>,
        decode_failure: DecodeFailure<E>,
    ) -> BoxFuture<'static, Result<Response<T>, Error<E>>> {
        match self {
            Self::Answered(response) => Box::pin(std::future::ready(Ok(*response))),
            Self::Call(call) => call.send(decode, decode_failure),
        }
    }
}

impl<T, E> IntoFuture for Wait<T, E>
where
    T: Send + 'static,
    E: Send + 'static,
{
    type Output = Result<Waited<T>, Error<E>>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl<T, E> fmt::Debug for Wait<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wait")
            .field("link", &self.rule.link.name)
            .field("pace", &self.pace)
            .finish_non_exhaustive()
    }
}

impl Progress {
    /// How many polls there were.
    #[must_use]
    pub fn polls(&self) -> u32 {
        self.polls
    }

    /// The time since the first poll.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// The answer to the last poll; `None` when there was none.
    #[must_use]
    pub fn answer(&self) -> Option<&Answer> {
        self.answer.as_ref()
    }

    /// The value at a JSON Pointer (RFC 6901) into the body of the last answer.
    #[must_use]
    pub fn value(&self, pointer: &str) -> Option<Json> {
        serde_json::from_str(pointer::find(self.answer.as_ref()?.body(), pointer)?).ok()
    }

    fn into_refusal(self, kind: ErrorKind, detail: String, poll: &Call) -> Box<Refusal> {
        let failure = match &self.answer {
            Some(answer) => poll.failure(kind, detail, answer),
            None => {
                let mut failure = Failure::new(kind, poll.operation().id, detail);
                failure.attempts = 1;
                Box::new(failure)
            }
        };
        Refusal::new(failure, self.answer)
    }
}

impl<T> Waited<T> {
    fn new(response: Response<T>, progress: Progress, rule: &WaitRule) -> Self {
        let Progress { polls, elapsed, .. } = progress;
        Self { response, polls, elapsed, message: rule.done_message }
    }

    /// The answer that started what was waited for.
    pub fn into_response(self) -> Response<T> {
        self.response
    }

    /// How many polls it took.
    #[must_use]
    pub fn polls(&self) -> u32 {
        self.polls
    }

    /// What the description says that a person should be told, as a sentence.
    #[must_use]
    pub fn message(&self) -> Option<&'static str> {
        self.message
    }

    /// The time from the first poll to the last.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }
}

impl<T> std::ops::Deref for Waited<T> {
    type Target = Response<T>;

    fn deref(&self) -> &Response<T> {
        &self.response
    }
}
