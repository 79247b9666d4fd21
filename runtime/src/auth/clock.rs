//! The clock that proofs are made by: ours, or the server's where ours is wrong.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

/// How much two clocks may differ before one of them counts as wrong, in seconds. Signatures usually hold for 5 to 15 minutes.
const TOLERANCE: u64 = 300;

/// By how many seconds the server's clock is ahead of ours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ClockOffset(i64);

impl ClockOffset {
    pub(crate) fn between(ours: SystemTime, theirs: SystemTime) -> Self {
        let whole = |difference: Duration| i64::try_from(difference.as_secs()).unwrap_or(i64::MAX);
        Self(match theirs.duration_since(ours) {
            Ok(ahead) => whole(ahead),
            Err(error) => whole(error.duration()).saturating_neg(),
        })
    }

    /// Whether clocks that differ so much are wrong by what is assumed so far.
    pub(crate) fn contradicts(self, assumed: Self) -> bool {
        self.0.abs_diff(assumed.0) > TOLERANCE
    }

    /// The server's time when it is `ours` here.
    pub(crate) fn apply(self, ours: SystemTime) -> SystemTime {
        let distance = Duration::from_secs(self.0.unsigned_abs());
        let theirs = if self.0 < 0 { ours.checked_sub(distance) } else { ours.checked_add(distance) };
        theirs.unwrap_or(ours)
    }
}

/// What a client remembers of it.
#[derive(Default)]
pub(crate) struct SharedClockOffset(AtomicI64);

impl SharedClockOffset {
    pub(crate) fn get(&self) -> ClockOffset {
        ClockOffset(self.0.load(Ordering::Relaxed))
    }

    pub(crate) fn set(&self, offset: ClockOffset) {
        self.0.store(offset.0, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_leads_from_one_clock_to_the_other() {
        let ours = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        for theirs in [ours + Duration::from_secs(1200), ours - Duration::from_secs(1200), ours] {
            assert_eq!(ClockOffset::between(ours, theirs).apply(ours), theirs);
        }
    }

    #[test]
    fn five_minutes_are_tolerated() {
        let is_wrong = |seconds, assumed| ClockOffset(seconds).contradicts(ClockOffset(assumed));
        assert!(!is_wrong(300, 0) && !is_wrong(-300, 0) && is_wrong(301, 0) && is_wrong(-301, 0));
        assert!(!is_wrong(1200, 1000) && is_wrong(0, 1200) && is_wrong(i64::MIN, i64::MAX));
    }
}
