//! The polls of one wait: what an answer means, and when the next one comes.

use std::time::Duration;

use super::Progress;
use crate::call::{Call, Refusal};
use crate::condition;
use crate::error::{ErrorKind, Failure};
use crate::operation::{Condition, WaitRule};

/// How often to ask, and for how long.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// The first pause.
    pub(super) interval: Duration,
    /// What pauses grow up to.
    pub(super) max_interval: Duration,
    pub(super) deadline: Duration,
}

/// The polls up to here.
pub(super) struct Polling {
    call: Call,
    rule: &'static WaitRule,
    pace: Pace,
    /// The time of the first poll, by the transport's clock.
    start: Option<Duration>,
    polls: u32,
    /// The pause before the next poll.
    pause: Duration,
    /// The pause after it, unless the server asks for a longer one.
    next_pause: Duration,
}

/// What a poll says.
pub(super) enum Verdict {
    UnderWay(Progress),
    Done(Progress),
}

impl Polling {
    pub(super) fn new(call: Call, rule: &'static WaitRule, pace: Pace) -> Self {
        let (pause, next_pause) = (Duration::ZERO, pace.interval);
        Self { call, rule, pace, start: None, polls: 0, pause, next_pause }
    }

    /// Pauses, where this is not the first poll, and asks.
    pub(super) async fn poll(&mut self) -> Result<Verdict, Box<Refusal>> {
        let Self { call, rule, pace, .. } = self;
        let transport = &call.core().0.transport;
        if !self.pause.is_zero() {
            transport.sleep(self.pause).await;
        }
        let start = *self.start.get_or_insert_with(|| transport.monotonic());
        let since_start = || transport.monotonic().saturating_sub(start);
        self.polls = self.polls.saturating_add(1);
        let polls = self.polls;
        let left = pace.deadline.saturating_sub(since_start());
        let outcome = call.exchange_once(call.time_allowed().min(left)).await;
        let elapsed = since_start();
        let (answer, refusal) = match outcome {
            Ok(answer) => (Some(answer), None),
            Err(mut refusal) => (refusal.answer.take(), Some(refusal)),
        };
        let one_holds = |conditions: &[Condition]| {
            let errors = call.operation().errors;
            answer
                .as_ref()
                .is_some_and(|answer| conditions.iter().any(|one| condition::holds(one, errors, answer)))
        };
        let (is_done, has_failed) = (one_holds(rule.done), one_holds(rule.failed));
        let progress = Progress { polls, elapsed, answer };
        if is_done {
            return Ok(Verdict::Done(progress));
        }
        if has_failed {
            let detail = format!("{} has failed, as the answer to poll {polls} says", rule.link.name);
            return Err(progress.into_refusal(ErrorKind::WaitFailed, detail, call));
        }
        let passing = match refusal {
            Some(refusal) if !is_passing(&refusal.failure) => {
                return Err(Refusal::new(refusal.failure, progress.answer));
            }
            refusal => refusal,
        };
        // A server that asks for a longer pause gets it.
        let asked = passing.as_ref().and_then(|refusal| refusal.failure.retry_after).unwrap_or_default();
        let fits = |pause: &Duration| elapsed.saturating_add(*pause) < pace.deadline;
        // Towards the deadline, pauses that have grown too long for another poll are as at first.
        let pauses = [self.next_pause, pace.interval].map(|pause| pause.max(asked));
        let Some(pause) = pauses.into_iter().find(fits) else {
            let deadline = pace.deadline;
            let mut detail = format!("{} was not over within {deadline:?}, at poll {polls}", rule.link.name);
            if let Some(refusal) = &passing {
                detail.push_str(&format!(": {}", refusal.failure.detail));
            }
            return Err(progress.into_refusal(ErrorKind::WaitDeadline, detail, call));
        };
        self.pause = pause;
        let grown = self.next_pause.saturating_add(self.next_pause / 2);
        self.next_pause = grown.min(pace.max_interval).max(pace.interval);
        Ok(Verdict::UnderWay(progress))
    }
}

/// Whether the next poll may succeed where this one did not.
fn is_passing(failure: &Failure) -> bool {
    failure.transient || failure.status.is_some_and(|status| status.is_server_error())
}
