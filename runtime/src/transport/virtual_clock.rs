//! A clock that moves only when somebody waits for it: no test that uses it takes longer than its work.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, SystemTime};

/// How often a sleeper gives way to one who wants to be woken before it, and who may not be waiting at all any more.
const PATIENCE: u32 = 64;

/// Two clocks that move together. Clones are the same clock.
#[derive(Clone)]
pub(super) struct VirtualClock(Arc<Mutex<State>>);

struct State {
    elapsed: Duration,
    start: SystemTime,
    next: u64,
    /// When each sleeper wants to be woken, and how.
    sleepers: BTreeMap<(Duration, u64), Option<Waker>>,
}

impl VirtualClock {
    /// A clock whose wall clock starts at that time.
    pub(super) fn starting(start: SystemTime) -> Self {
        let sleepers = BTreeMap::new();
        Self(Arc::new(Mutex::new(State { elapsed: Duration::ZERO, start, next: 0, sleepers })))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn elapsed(&self) -> Duration {
        self.lock().elapsed
    }

    pub(super) fn now(&self) -> SystemTime {
        let state = self.lock();
        state.start.checked_add(state.elapsed).unwrap_or(state.start)
    }

    /// Sets what the wall clock shows now.
    pub(super) fn set_now(&self, now: SystemTime) {
        let mut state = self.lock();
        state.start = now.checked_sub(state.elapsed).unwrap_or(now);
    }

    pub(super) fn advance(&self, by: Duration) {
        let mut state = self.lock();
        let until = state.elapsed.saturating_add(by);
        state.pass(until);
    }

    /// Time counts from now, whenever the sleeper is polled first.
    pub(super) fn sleep(&self, duration: Duration) -> Sleep {
        let mut state = self.lock();
        let key = (state.elapsed.saturating_add(duration), state.next);
        state.next = state.next.wrapping_add(1);
        state.sleepers.insert(key, None);
        Sleep { clock: self.clone(), key, patience: PATIENCE }
    }
}

impl State {
    fn pass(&mut self, until: Duration) {
        self.elapsed = self.elapsed.max(until);
        for waker in self.sleepers.values_mut().filter_map(Option::take) {
            waker.wake();
        }
    }
}

/// Ends when its time has come, which is at once when nobody wants to be woken before it.
pub(super) struct Sleep {
    clock: VirtualClock,
    key: (Duration, u64),
    patience: u32,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let clock = self.clock.clone();
        let mut state = clock.lock();
        let (until, _) = self.key;
        let is_first = state.sleepers.keys().next().is_none_or(|first| *first >= self.key);
        if until <= state.elapsed || is_first || self.patience == 0 {
            state.sleepers.remove(&self.key);
            state.pass(until);
            return Poll::Ready(());
        }
        state.sleepers.insert(self.key, Some(context.waker().clone()));
        self.patience -= 1;
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        self.clock.lock().sleepers.remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use super::*;

    #[test]
    fn who_wants_to_be_woken_first_is() {
        let clock = VirtualClock::starting(SystemTime::UNIX_EPOCH);
        let mut context = Context::from_waker(Waker::noop());
        let (mut long, mut short) =
            (pin!(clock.sleep(Duration::from_secs(9))), clock.sleep(Duration::from_secs(2)));
        assert!(long.as_mut().poll(&mut context).is_pending());
        assert!(Pin::new(&mut short).poll(&mut context).is_ready());
        assert_eq!(clock.elapsed(), Duration::from_secs(2));
        assert!(long.as_mut().poll(&mut context).is_ready());
        assert_eq!(clock.now(), SystemTime::UNIX_EPOCH + Duration::from_secs(9));
    }

    #[test]
    fn who_is_not_waiting_any_more_holds_nobody_up() {
        let clock = VirtualClock::starting(SystemTime::UNIX_EPOCH);
        let mut context = Context::from_waker(Waker::noop());
        let forgotten = clock.sleep(Duration::from_secs(1));
        let mut long = pin!(clock.sleep(Duration::from_secs(9)));
        let polls = (1..).find(|_| long.as_mut().poll(&mut context).is_ready());
        assert_eq!(polls, Some(65));
        drop(forgotten);
        drop(clock.sleep(Duration::ZERO));
        assert!(clock.lock().sleepers.is_empty());
    }
}
