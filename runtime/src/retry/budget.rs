//! The retry budget of a client: a bucket of tokens.

use std::sync::atomic::{AtomicU32, Ordering};

/// What retries can take before successes have to come.
pub(crate) struct Budget {
    capacity: u32,
    left: AtomicU32,
}

/// What a retry takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cost {
    /// After a failure that came at once.
    Usual,
    /// After one that took its time: it holds connections and callers.
    Timeout,
}

impl Cost {
    const fn tokens(self) -> u32 {
        match self {
            Self::Usual => 5,
            Self::Timeout => 10,
        }
    }
}

impl Budget {
    pub(crate) const fn new(capacity: u32) -> Self {
        Self { capacity, left: AtomicU32::new(capacity) }
    }

    /// Pays for a retry, if there is enough left.
    pub(crate) fn take(&self, cost: Cost) -> bool {
        self.change(|left| left.checked_sub(cost.tokens()))
    }

    /// Takes in a success: what its last retry took, or a little where it needed none.
    pub(crate) fn give_back(&self, last: Option<Cost>) {
        let tokens = last.map_or(1, Cost::tokens);
        self.change(|left| (left < self.capacity).then(|| left.saturating_add(tokens).min(self.capacity)));
    }

    fn change(&self, change: impl Fn(u32) -> Option<u32>) -> bool {
        // It guards no other memory.
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, change).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_runs_dry_and_fills_up_to_its_capacity() {
        let budget = Budget::new(21);
        assert!(budget.take(Cost::Timeout) && budget.take(Cost::Usual) && budget.take(Cost::Usual));
        assert!(!budget.take(Cost::Usual), "1 is left");
        (0..4).for_each(|_| budget.give_back(None));
        assert!(budget.take(Cost::Usual) && !budget.take(Cost::Usual));
        budget.give_back(Some(Cost::Timeout));
        assert!(!budget.take(Cost::Timeout) || !budget.take(Cost::Usual));
        (0..100).for_each(|_| budget.give_back(Some(Cost::Timeout)));
        assert!(budget.take(Cost::Timeout) && budget.take(Cost::Timeout) && !budget.take(Cost::Usual));
        assert!(!Budget::new(0).take(Cost::Usual));
    }
}
