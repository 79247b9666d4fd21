//! Long-running calls: ask again and again until what was started is done, has failed, or takes too long.

use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use crate::call::{Call, Decode, DecodeFailure, Refusal};
use crate::condition;
use crate::error::{Error, ErrorKind, Failure};
use crate::json::Json;
use crate::operation::{Condition, WaitRule};
use crate::pointer;
use crate::response::{Answer, Response};
use crate::transport::BoxFuture;

/// Waits for the end of a long-running call, and starts it first where it has not been started.
///
/// Awaiting it sends the call and then polls. Dropping the future stops polling; what was started goes on at the server.
/// A poll that fails for a passing reason (the connection, a timeout, an overloaded server) is made again after the interval, until
/// the deadline; one that is refused ends the waiting, for later ones would be refused as well.
#[must_use = "nothing is sent until it is awaited"]
pub struct Wait<T, E> {
    start: Start<T>,
    rule: &'static WaitRule,
    decode: Decode<T>,
    decode_failure: DecodeFailure<E>,
    interval: Duration,
    deadline: Duration,
    progress: Option<OnProgress>,
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
        let (interval, deadline) = (rule.interval, rule.deadline);
        Self { start, rule, decode, decode_failure, interval, deadline, progress: None }
    }

    /// Sets the time between two polls, instead of the description's.
    pub fn interval(mut self, interval: Duration) -> Self {
        self.interval = interval;
        self
    }

    /// Sets the time after which waiting ends in an error, instead of the description's. It is counted from the first
    /// poll. A poll that is under way then is given up; where there is no time for another one, waiting ends at once.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Calls `progress` after each poll that does not end the waiting.
    pub fn on_progress(mut self, progress: impl FnMut(&Progress) + Send + 'static) -> Self {
        self.progress = Some(Box::new(progress));
        self
    }

    async fn run(mut self) -> Result<Waited<T>, Error<E>> {
        let response = match self.start {
            Start::Answered(response) => *response,
            Start::Call(call) => call.send(self.decode, self.decode_failure).await?,
        };
        let poll = response.follow(self.rule.link);
        let outcome =
            poll_until_over(&poll, self.rule, self.interval, self.deadline, &mut self.progress).await;
        match outcome {
            Ok(Progress { polls, elapsed, .. }) => {
                Ok(Waited { response, polls, elapsed, message: self.rule.done_message })
            }
            Err(refusal) => Err(refusal.into_error(self.decode_failure)),
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
            .field("interval", &self.interval)
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}

async fn poll_until_over(
    poll: &Call,
    rule: &WaitRule,
    interval: Duration,
    deadline: Duration,
    on_progress: &mut Option<OnProgress>,
) -> Result<Progress, Box<Refusal>> {
    let transport = &poll.core().0.transport;
    let start = transport.monotonic();
    let since_start = || transport.monotonic().saturating_sub(start);
    let mut polls: u32 = 0;
    loop {
        polls = polls.saturating_add(1);
        let left = deadline.saturating_sub(since_start());
        let outcome = poll.exchange_once(poll.time_allowed().min(left)).await;
        let elapsed = since_start();
        let (answer, refusal) = match outcome {
            Ok(answer) => (Some(answer), None),
            Err(mut refusal) => (refusal.answer.take(), Some(refusal)),
        };
        let one_holds = |conditions: &[Condition]| {
            let errors = poll.operation().errors;
            answer
                .as_ref()
                .is_some_and(|answer| conditions.iter().any(|one| condition::holds(one, errors, answer)))
        };
        let (is_done, has_failed) = (one_holds(rule.done), one_holds(rule.failed));
        let progress = Progress { polls, elapsed, answer };
        if is_done {
            return Ok(progress);
        }
        if has_failed {
            let detail = format!("{} has failed, as the answer to poll {polls} says", rule.link.name);
            return Err(progress.into_refusal(ErrorKind::WaitFailed, detail, poll));
        }
        let passing = match refusal {
            Some(refusal) if !is_passing(&refusal.failure) => {
                return Err(Refusal::new(refusal.failure, progress.answer));
            }
            refusal => refusal,
        };
        // A server that asks for a longer pause gets it.
        let asked = passing.as_ref().and_then(|refusal| refusal.failure.retry_after);
        let pause = interval.max(asked.unwrap_or_default());
        if elapsed.saturating_add(pause) >= deadline {
            let mut detail = format!("{} was not over within {deadline:?}, at poll {polls}", rule.link.name);
            if let Some(refusal) = &passing {
                detail.push_str(&format!(": {}", refusal.failure.detail));
            }
            return Err(progress.into_refusal(ErrorKind::WaitDeadline, detail, poll));
        }
        if let Some(on_progress) = on_progress {
            on_progress(&progress);
        }
        transport.sleep(pause).await;
    }
}

/// Whether the next poll may succeed where this one did not.
fn is_passing(failure: &Failure) -> bool {
    failure.transient || failure.status.is_some_and(|status| status.is_server_error())
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
