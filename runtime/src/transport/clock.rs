//! Time, for transports that do not bring their own.

use std::time::{Duration, SystemTime};

use super::BoxFuture;

/// Sleeps and tells the time: half of a [`Transport`](super::Transport).
pub trait Clock: Send + Sync {
    /// Waits.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;

    /// The wall clock.
    fn now(&self) -> SystemTime;

    /// A clock that never goes back, counted from a point of its choice.
    fn monotonic(&self) -> Duration;
}

/// The clock of the machine, with the timers of Tokio. It has to be used inside a Tokio runtime.
#[cfg(any(feature = "reqwest", feature = "tower"))]
#[derive(Clone, Copy, Debug)]
pub struct TokioClock {
    start: std::time::Instant,
}

#[cfg(any(feature = "reqwest", feature = "tower"))]
#[expect(clippy::disallowed_methods, reason = "this is where time comes from")]
mod tokio_clock {
    use std::time::{Duration, Instant, SystemTime};

    use super::{BoxFuture, Clock, TokioClock};

    impl TokioClock {
        /// A clock that counts from now.
        #[must_use]
        pub fn new() -> Self {
            Self { start: Instant::now() }
        }
    }

    impl Default for TokioClock {
        fn default() -> Self {
            Self::new()
        }
    }

    impl Clock for TokioClock {
        fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
            Box::pin(tokio::time::sleep(duration))
        }

        fn now(&self) -> SystemTime {
            SystemTime::now()
        }

        fn monotonic(&self) -> Duration {
            self.start.elapsed()
        }
    }
}
