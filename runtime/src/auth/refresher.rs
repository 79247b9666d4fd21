//! Renewing credentials in the background, ahead of the calls.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use crate::client::Core;
use crate::transport::BoxFuture;

/// How long the next try waits at the least, and after a failure.
const PAUSE: Duration = Duration::from_secs(10);

/// How long it sleeps at the most: what calls fetch in the meantime may expire earlier.
const LONGEST_SLEEP: Duration = Duration::from_secs(600);

/// Renews the credentials of a client before a call has to, as long as somebody polls it. Dropping it stops it.
///
/// It fetches what is not there yet, and ends when nothing that is there expires. A renewal that fails is tried again later: calls
/// go on with what they have as long as that holds.
#[must_use = "a refresher does nothing unless it is polled"]
pub struct Refresher(BoxFuture<'static, ()>);

impl Core {
    /// Renews the credentials ahead of the calls, as long as the future that this gives is polled.
    pub fn keep_credentials_fresh(&self) -> Refresher {
        Refresher(Box::pin(run(self.clone())))
    }
}

impl Future for Refresher {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        self.0.as_mut().poll(context)
    }
}

impl fmt::Debug for Refresher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Refresher")
    }
}

#[cfg(feature = "reqwest")]
impl Refresher {
    /// Lets the Tokio runtime that this is called in poll it, until the handle is dropped.
    ///
    /// # Panics
    ///
    /// Outside of a Tokio runtime, as `tokio::spawn` does.
    #[expect(clippy::disallowed_methods, reason = "the caller asks for a task, and holds what ends it")]
    pub fn spawn(self) -> RefresherTask {
        RefresherTask(tokio::spawn(self))
    }
}

/// A [`Refresher`] that runs. Dropping this stops it.
#[cfg(feature = "reqwest")]
#[derive(Debug)]
#[must_use = "the refresher stops when this is dropped"]
pub struct RefresherTask(tokio::task::JoinHandle<()>);

#[cfg(feature = "reqwest")]
impl Drop for RefresherTask {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn run(core: Core) {
    let inner = &core.0;
    loop {
        let mut next: Option<SystemTime> = None;
        let mut has_failed = false;
        for credential in inner.credentials.iter().flatten() {
            match credential.renew(core.context()).await {
                Ok(Some(due)) => next = Some(next.map_or(due, |next| next.min(due))),
                Ok(None) => {}
                Err(_) => has_failed = true,
            }
        }
        let now = core.context().now();
        let until = next.map(|next| next.duration_since(now).unwrap_or_default().clamp(PAUSE, LONGEST_SLEEP));
        match (until, has_failed) {
            (None, false) => return,
            (Some(until), false) => inner.transport.sleep(until).await,
            (until, true) => inner.transport.sleep(until.map_or(PAUSE, |until| until.min(PAUSE))).await,
        }
    }
}
