use std::pin::pin;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::task::{Poll, Waker};

use http::Uri;
use tokio::sync::oneshot;

use super::*;
use crate::body::RequestBody;
use crate::transport::{Body, BoxFuture, Transport, TransportError};

/// A clock that the test sets, in seconds. Sleeping until it is that late takes no time.
#[derive(Default)]
struct Clock(AtomicU64);

impl Clock {
    fn set(&self, seconds: u64) {
        self.0.store(seconds, Ordering::Relaxed);
    }
}

impl Transport for Clock {
    fn send(
        &self,
        _: http::Request<RequestBody>,
    ) -> BoxFuture<'static, Result<http::Response<Body>, TransportError>> {
        Box::pin(std::future::pending())
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        // The time that the tests allow is over at once for who can do nothing but wait for it.
        if duration == PATIENCE && self.0.load(Ordering::Relaxed) < 1_000_000 {
            return Box::pin(std::future::pending());
        }
        Box::pin(std::future::ready(()))
    }

    fn now(&self) -> SystemTime {
        at(self.0.load(Ordering::Relaxed))
    }

    fn monotonic(&self) -> Duration {
        Duration::from_secs(self.0.load(Ordering::Relaxed))
    }
}

fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

/// What a test has: values that are renewed a minute before their end, and how often they were fetched.
struct Bench {
    renewal: Renewal<u32>,
    clock: Arc<Clock>,
    transport: Arc<dyn Transport>,
    base: Uri,
    fetches: AtomicUsize,
}

impl Bench {
    fn new() -> Self {
        let clock = Arc::new(Clock::default());
        let transport = Arc::clone(&clock) as Arc<dyn Transport>;
        let (renewal, base) = (Renewal::new(Duration::from_secs(60)), Uri::default());
        Self { renewal, clock, transport, base, fetches: AtomicUsize::new(0) }
    }

    fn context(&self) -> Context<'_> {
        Context::new(&self.base, &self.transport)
    }

    /// Asks for the value at a time; who has to fetch it gets this one.
    async fn get(&self, now: u64, outcome: Result<(u32, u64), AuthError>) -> Result<u32, String> {
        self.clock.set(now);
        self.fetch(std::future::ready(outcome)).await
    }

    async fn fetch(
        &self,
        outcome: impl Future<Output = Result<(u32, u64), AuthError>>,
    ) -> Result<u32, String> {
        let fetch = || {
            self.fetches.fetch_add(1, Ordering::Relaxed);
            async { outcome.await.map(|(value, end)| Fetched { value, expires_at: Some(at(end)) }) }
        };
        let got = self.renewal.get(self.context(), fetch).await;
        got.map(|value| *value).map_err(|error| error.to_string())
    }

    fn fetches(&self) -> usize {
        self.fetches.load(Ordering::Relaxed)
    }
}

fn broken() -> Result<(u32, u64), AuthError> {
    Err(AuthError::new("broken", None))
}

fn unasked() -> Result<(u32, u64), AuthError> {
    Err(AuthError::new("nobody should have asked", None))
}

/// What a fetch gives when the test sends it.
async fn sent(answer: oneshot::Receiver<(u32, u64)>) -> Result<(u32, u64), AuthError> {
    answer.await.map_err(|_| AuthError::new("the test sent nothing", None))
}

fn poll<F: Future>(future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut std::task::Context::from_waker(Waker::noop()))
}

#[tokio::test]
async fn a_value_is_kept_while_it_is_fresh_and_renewed_before_its_end() {
    let bench = Bench::new();
    assert_eq!(bench.get(0, Ok((1, 1000))).await, Ok(1));
    assert_eq!(bench.get(939, unasked()).await, Ok(1));
    assert_eq!(bench.get(940, Ok((2, 2000))).await, Ok(2));
    assert_eq!((bench.get(1500, unasked()).await, bench.fetches()), (Ok(2), 2));
}

#[tokio::test]
async fn while_a_value_holds_one_caller_renews_it_and_the_others_go_on_with_it() {
    let bench = Bench::new();
    bench.get(0, Ok((1, 1000))).await.unwrap();
    bench.clock.set(950);
    let (answer, receiver) = oneshot::channel();
    let mut renews = pin!(bench.fetch(sent(receiver)));
    assert!(poll(renews.as_mut()).is_pending());
    assert_eq!(bench.get(960, unasked()).await, Ok(1));
    answer.send((2, 2000)).unwrap();
    assert_eq!(renews.await, Ok(2));
    assert_eq!((bench.get(970, unasked()).await, bench.fetches()), (Ok(2), 2));
}

#[tokio::test]
async fn without_a_value_all_wait_for_one_fetch() {
    let bench = Bench::new();
    let (answer, receiver) = oneshot::channel();
    let mut first = pin!(bench.fetch(sent(receiver)));
    let mut second = pin!(bench.fetch(std::future::ready(unasked())));
    let mut third = pin!(bench.fetch(std::future::ready(unasked())));
    assert!(poll(first.as_mut()).is_pending() && poll(second.as_mut()).is_pending());
    assert!(poll(third.as_mut()).is_pending());
    answer.send((1, 1000)).unwrap();
    assert_eq!((first.await, second.await, third.await), (Ok(1), Ok(1), Ok(1)));
    assert_eq!(bench.fetches(), 1);
}

#[tokio::test]
async fn when_who_fetches_is_dropped_the_next_one_that_waits_takes_over() {
    let bench = Bench::new();
    let mut second = pin!(bench.fetch(std::future::ready(Ok((2, 1000)))));
    let mut third = pin!(bench.fetch(std::future::ready(unasked())));
    {
        let mut first = pin!(bench.fetch(std::future::pending()));
        assert!(poll(first.as_mut()).is_pending());
        assert!(poll(second.as_mut()).is_pending() && poll(third.as_mut()).is_pending());
    }
    assert_eq!((second.await, third.await, bench.fetches()), (Ok(2), Ok(2), 2));
}

#[tokio::test]
async fn those_who_wait_share_the_failure_and_who_comes_later_tries_again() {
    let bench = Bench::new();
    let (answer, receiver) = oneshot::channel();
    let mut first = pin!(bench.fetch(sent(receiver)));
    let mut second = pin!(bench.fetch(std::future::ready(unasked())));
    assert!(poll(first.as_mut()).is_pending() && poll(second.as_mut()).is_pending());
    drop(answer);
    let failure = Err("the test sent nothing".to_owned());
    assert_eq!((first.await, second.await), (failure.clone(), failure));
    assert_eq!((bench.get(1, Ok((1, 1000))).await, bench.fetches()), (Ok(1), 2));
}

#[tokio::test]
async fn a_renewal_that_fails_harms_nobody_while_the_value_holds_and_is_not_tried_by_every_call() {
    let bench = Bench::new();
    bench.get(0, Ok((1, 1000))).await.unwrap();
    assert_eq!(bench.get(940, broken()).await, Ok(1));
    for now in 941..950 {
        assert_eq!(bench.get(now, unasked()).await, Ok(1));
    }
    assert_eq!((bench.get(950, broken()).await, bench.fetches()), (Ok(1), 3));
    assert_eq!(bench.get(1000, broken()).await, Err("broken".to_owned()));
    assert_eq!(bench.get(1000, Ok((2, 2000))).await, Ok(2));
}

#[tokio::test]
async fn a_renewal_that_hangs_is_given_up_while_the_value_holds() {
    let bench = Bench::new();
    bench.get(1_000_000, Ok((1, 1_001_000))).await.unwrap();
    bench.clock.set(1_000_950);
    assert_eq!(bench.fetch(std::future::pending()).await, Ok(1));
    assert_eq!((bench.get(1_000_955, unasked()).await, bench.fetches()), (Ok(1), 2));
}

#[tokio::test]
async fn a_life_shorter_than_the_margin_does_not_mean_a_fetch_for_every_call() {
    let bench = Bench::new();
    for (now, value) in [(0, 1), (10, 1), (26, 1), (27, 2), (53, 2), (54, 3)] {
        assert_eq!(bench.get(now, Ok((value, now + 30))).await, Ok(value), "{now}");
    }
    assert_eq!(bench.fetches(), 3);
}

#[tokio::test]
async fn what_has_expired_when_it_comes_is_used_for_a_moment() {
    let bench = Bench::new();
    assert_eq!(bench.get(1000, Ok((1, 500))).await, Ok(1));
    assert_eq!(bench.get(1009, unasked()).await, Ok(1));
    assert_eq!((bench.get(1010, Ok((2, 600))).await, bench.fetches()), (Ok(2), 2));
}

#[tokio::test]
async fn only_the_value_that_was_refused_is_forgotten() {
    let bench = Bench::new();
    bench.get(0, Ok((1, 1000))).await.unwrap();
    bench.renewal.forget(|value| *value == 7);
    assert_eq!(bench.get(1, unasked()).await, Ok(1));
    bench.renewal.forget(|value| *value == 1);
    assert_eq!(bench.get(1, Ok((2, 1000))).await, Ok(2));
}

#[tokio::test]
async fn who_renews_ahead_comes_before_the_calls() {
    let bench = Bench::new();
    let ahead = async |now, value| {
        bench.clock.set(now);
        let fetched = Fetched { value, expires_at: Some(at(now + 1000)) };
        bench.renewal.get_ahead(bench.context(), || std::future::ready(Ok(fetched))).await.unwrap().unwrap()
    };
    assert_eq!(ahead(0, 1).await, at(880));
    assert_eq!(ahead(879, 2).await, at(880));
    assert_eq!(ahead(880, 3).await, at(1760));
    assert_eq!(bench.get(1000, unasked()).await, Ok(3));
}
