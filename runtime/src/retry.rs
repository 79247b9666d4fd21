//! Retries: how often a call that failed is made again, and after which pause.
//!
//! A failed call is made again when three things come together: the failure may pass by itself, repeating the call does no
//! harm, and the [`RetryPolicy`] still allows it.
//!
//! **What may pass**: a connection that cannot be made or breaks, an attempt that takes too long or a body that falls silent
//! ([`Limits`](crate::Limits)), credentials that could not be had just now, the statuses that the
//! description names (408, 429, 500, 502, 503 and 504 where it names none), and the API's codes that it names.
//!
//! **What does no harm**: anything, where nothing was sent, or where the server answers 429 with `Retry-After` (RFC 6585 §4): it has
//! not taken the call. All else only where the call is idempotent: by its method (RFC 9110 §9.2.2), by what the description says, by
//! an idempotency key that goes with it, or by the caller's word ([`RetryPolicy::idempotent`]). A 503 of a call that is not idempotent
//! is not followed by another attempt, `Retry-After` or not, for gateways send it too when they lose a request midway. A body that
//! is a stream is sent once.
//!
//! **The pause** is random between nothing and a bound that doubles with each attempt ("full jitter": clients that failed together do
//! not come back together). `Retry-After` (RFC 9110 §10.2.3) makes it longer, never shorter. A call whose server asks for more than
//! the cap ends at once, and so does one whose time would be over before the next attempt.
//!
//! **The budget** is shared by all clones of a client: a retry takes from it, a success gives back. When a service is down, its clients
//! soon ask once per call instead of three times.

mod after;
mod budget;
mod random;

use std::time::Duration;

pub(crate) use self::after::{date, retry_after};
pub(crate) use self::budget::{Budget, Cost};
pub(crate) use self::random::{random, unique_key};

/// How often a call is made, and how long the pauses are. See the [module](self) for what is made again at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "a policy has no effect until it is given to a client or a call"]
pub struct RetryPolicy {
    attempts: u32,
    base: Duration,
    cap: Duration,
    budget: u32,
    idempotent: Option<bool>,
}

impl RetryPolicy {
    /// Three attempts, a pause of up to 1 s before the second, of up to 2 s before the third, none longer than 20 s, and a budget of
    /// 500: what the SDKs of AWS do, whose bounds of 1 s that doubles are those of Google's as well. Shorter ones would not outlast
    /// what usually passes, an instance that restarts or a limit per second.
    pub const fn standard() -> Self {
        Self {
            attempts: 3,
            base: Duration::from_secs(1),
            cap: Duration::from_secs(20),
            budget: 500,
            idempotent: None,
        }
    }

    /// No retry. A request that is refused for its credentials is still made once more when they can be renewed, or when it was
    /// signed by a clock that turns out to be wrong.
    pub const fn off() -> Self {
        Self { attempts: 1, ..Self::standard() }
    }

    /// Sets how often a call is made at most, the first time included.
    pub const fn attempts(self, attempts: u32) -> Self {
        Self { attempts, ..self }
    }

    /// Sets the longest pause before the second attempt; before each further one it is twice as long.
    pub const fn base(self, base: Duration) -> Self {
        Self { base, ..self }
    }

    /// Sets the longest pause of all. A server that asks for a longer one is not asked again.
    pub const fn cap(self, cap: Duration) -> Self {
        Self { cap, ..self }
    }

    /// Sets how much retries can take before successes have to come: 5 each, 10 after a timeout. A success gives back what its last
    /// retry took, or 1. Counts on a client, whose calls share it, and not on a call.
    pub const fn budget(self, budget: u32) -> Self {
        Self { budget, ..self }
    }

    /// Says whether making a call twice does what making it once does, whatever its method and the description say. On a call, for
    /// a `POST` that may be repeated, for example; on a client it is said of all its calls.
    pub const fn idempotent(self, idempotent: bool) -> Self {
        Self { idempotent: Some(idempotent), ..self }
    }

    pub(crate) const fn capacity(&self) -> u32 {
        self.budget
    }

    pub(crate) const fn says_idempotent(&self) -> Option<bool> {
        self.idempotent
    }

    /// The pause after that many attempts, of which `random` takes its share; `None` where there is no further attempt.
    pub(crate) fn pause(&self, made: u32, retry_after: Option<Duration>, random: u64) -> Option<Duration> {
        if made >= self.attempts || retry_after.is_some_and(|asked| asked > self.cap) {
            return None;
        }
        let doubled = 2_u32.saturating_pow(made.saturating_sub(1));
        let bound = self.base.saturating_mul(doubled).min(self.cap);
        let nanos = (bound.as_nanos().saturating_mul(u128::from(random))) >> u64::BITS;
        let pause = Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX));
        Some(pause.max(retry_after.unwrap_or_default()))
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::standard()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn seconds(seconds: u64) -> Option<Duration> {
        Some(Duration::from_secs(seconds))
    }

    #[test]
    fn bounds_double_up_to_the_cap() {
        let policy = RetryPolicy::standard().attempts(100);
        let longest = |made| policy.pause(made, None, u64::MAX).unwrap().as_secs_f64().round();
        assert_eq!([1, 2, 3, 4, 5, 6, 7, 99].map(longest), [1.0, 2.0, 4.0, 8.0, 16.0, 20.0, 20.0, 20.0]);
        assert_eq!(policy.pause(3, None, u64::MAX / 2).unwrap().as_secs_f64().round(), 2.0);
        assert_eq!(policy.pause(3, None, 0), seconds(0));
        let endless = policy.base(Duration::MAX).cap(Duration::MAX);
        assert!(endless.pause(99, None, u64::MAX).unwrap() >= Duration::from_secs(1 << 33));
    }

    #[test]
    fn attempts_come_to_an_end() {
        let standard = RetryPolicy::standard();
        assert!(standard.pause(2, None, 0).is_some() && standard.pause(3, None, 0).is_none());
        assert_eq!(RetryPolicy::off().pause(1, None, 0), None);
        assert_eq!(standard.attempts(0).pause(1, None, 0), None);
    }

    #[test]
    fn a_server_makes_a_pause_longer_and_never_shorter() {
        let standard = RetryPolicy::standard();
        assert_eq!(standard.pause(1, seconds(7), u64::MAX), seconds(7));
        let longest = standard.pause(2, seconds(1), u64::MAX).unwrap();
        assert!(longest > Duration::from_millis(1999) && longest <= Duration::from_secs(2));
        assert_eq!(standard.pause(1, seconds(20), 0), seconds(20));
        assert_eq!(
            standard.pause(1, seconds(21), 0),
            None,
            "not earlier than asked, and not later than the cap"
        );
        assert_eq!(standard.cap(Duration::from_secs(30)).pause(1, seconds(21), 0), seconds(21));
    }
}
