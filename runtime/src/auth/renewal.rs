//! Values that are fetched, kept while they hold, and renewed before they expire, by one caller at a time.
//!
//! Nothing runs by itself: a fetch is driven by the call that began it. Where that is dropped, the next one that waits begins anew.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use super::{AuthError, Context};

/// How long nobody tries again after a renewal has failed, and how long a value is used that was out of date when it came.
const PAUSE: Duration = Duration::from_secs(10);

/// How long a renewal may take while there is a value that holds still.
const PATIENCE: Duration = Duration::from_secs(10);

/// A value that is fetched when it is needed.
pub(crate) struct Renewal<T> {
    margin: Duration,
    state: Mutex<State<T>>,
    /// Held by the one caller that fetches.
    turn: tokio::sync::Mutex<()>,
}

/// A value, and when it ends; `None` where nobody knows, and it is kept until it is refused.
pub(crate) struct Fetched<T> {
    pub(crate) value: T,
    pub(crate) expires_at: Option<SystemTime>,
}

struct State<T> {
    value: Option<Arc<T>>,
    life: Option<Life>,
    /// How many fetches have ended, and what the last one failed for.
    fetches: usize,
    failure: Option<AuthError>,
}

#[derive(Clone, Copy)]
struct Life {
    /// When who renews ahead of the calls begins.
    ahead: SystemTime,
    /// When a call renews.
    renewal: SystemTime,
    end: SystemTime,
}

/// Who asks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asker {
    Call,
    Ahead,
}

enum Found<T> {
    Fresh(Arc<T>),
    /// It holds still, and it is time to renew it.
    Due(Arc<T>),
    /// Nothing that holds. So many fetches have ended by now.
    Nothing(usize),
}

impl<T> Renewal<T> {
    /// Nothing yet. What comes is renewed `margin` before its end, or a tenth of its life before where that is shorter: a value
    /// that lives for less than the margin would else be fetched for every call.
    pub(crate) fn new(margin: Duration) -> Self {
        let state = State { value: None, life: None, fetches: 0, failure: None };
        Self { margin, state: Mutex::new(state), turn: tokio::sync::Mutex::default() }
    }

    /// The value, fetched where there is none that holds, and renewed where it is time.
    ///
    /// While a value holds, one caller renews it and the others go on with it, also when renewing fails. Without one, all wait
    /// for the one fetch, and share its failure.
    pub(crate) async fn get<F, R>(&self, context: Context<'_>, fetch: F) -> Result<Arc<T>, AuthError>
    where
        F: FnOnce() -> R,
        R: Future<Output = Result<Fetched<T>, AuthError>>,
    {
        self.get_as(Asker::Call, context, fetch).await
    }

    /// Renews the value before any call has to. Says when it is time again, `None` where that is not known.
    pub(crate) async fn get_ahead<F, R>(
        &self,
        context: Context<'_>,
        fetch: F,
    ) -> Result<Option<SystemTime>, AuthError>
    where
        F: FnOnce() -> R,
        R: Future<Output = Result<Fetched<T>, AuthError>>,
    {
        self.get_as(Asker::Ahead, context, fetch).await?;
        Ok(self.state().life.map(|life| life.ahead))
    }

    /// Forgets the value that is there, if it is the one that was refused: another call may have renewed it since.
    pub(crate) fn forget(&self, was_refused: impl FnOnce(&T) -> bool) {
        let mut state = self.state();
        if state.value.as_deref().is_some_and(was_refused) {
            state.value = None;
        }
    }

    async fn get_as<F, R>(&self, asker: Asker, context: Context<'_>, fetch: F) -> Result<Arc<T>, AuthError>
    where
        F: FnOnce() -> R,
        R: Future<Output = Result<Fetched<T>, AuthError>>,
    {
        let before = match self.find(asker, context.now()) {
            Found::Fresh(value) => return Ok(value),
            Found::Due(value) => {
                let Ok(_turn) = self.turn.try_lock() else { return Ok(value) };
                // Another caller may have ended between our look and our turn.
                return match self.find(asker, context.now()) {
                    Found::Fresh(value) => Ok(value),
                    Found::Due(_) | Found::Nothing(_) => self.fetch(context, fetch).await,
                };
            }
            Found::Nothing(before) => before,
        };
        let _turn = self.turn.lock().await;
        match self.find(asker, context.now()) {
            Found::Fresh(value) | Found::Due(value) => return Ok(value),
            Found::Nothing(now) if now == before => {}
            // Those who wait do not ask a server one after the other that has just failed.
            Found::Nothing(_) => {
                if let Some(failure) = self.state().failure.clone() {
                    return Err(failure);
                }
            }
        }
        self.fetch(context, fetch).await
    }

    async fn fetch<F, R>(&self, context: Context<'_>, fetch: F) -> Result<Arc<T>, AuthError>
    where
        F: FnOnce() -> R,
        R: Future<Output = Result<Fetched<T>, AuthError>>,
    {
        let asked_at = context.now();
        let holds_still = self.state().unexpired(asked_at).is_some();
        let fetched = if holds_still {
            let slow = || AuthError::new("the credentials are not renewed in time", None).retryable();
            context.within(PATIENCE, fetch()).await.unwrap_or_else(|| Err(slow()))
        } else {
            fetch().await
        };
        let now = context.now();
        let mut state = self.state();
        state.fetches = state.fetches.wrapping_add(1);
        match fetched {
            Ok(Fetched { value, expires_at }) => {
                let value = Arc::new(value);
                state.value = Some(Arc::clone(&value));
                state.life = expires_at.map(|end| Life::new(asked_at, end, self.margin));
                state.failure = None;
                Ok(value)
            }
            Err(failure) => match (state.unexpired(now), &mut state.life) {
                (Some(value), life) => {
                    if let Some(life) = life {
                        life.renewal = now.checked_add(PAUSE).unwrap_or(life.end);
                        life.ahead = life.renewal;
                    }
                    Ok(value)
                }
                (None, _) => {
                    state.failure = Some(failure.clone());
                    Err(failure)
                }
            },
        }
    }

    fn find(&self, asker: Asker, now: SystemTime) -> Found<T> {
        let state = self.state();
        let Some(value) = state.unexpired(now) else { return Found::Nothing(state.fetches) };
        let is_due = state.life.is_some_and(|life| {
            now >= match asker {
                Asker::Call => life.renewal,
                Asker::Ahead => life.ahead,
            }
        });
        if is_due { Found::Due(value) } else { Found::Fresh(value) }
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> State<T> {
    fn unexpired(&self, now: SystemTime) -> Option<Arc<T>> {
        self.value.clone().filter(|_| self.life.is_none_or(|life| now < life.end))
    }
}

impl Life {
    fn new(asked_at: SystemTime, end: SystemTime, margin: Duration) -> Self {
        let span = end.duration_since(asked_at).unwrap_or_default();
        if span.is_zero() {
            // Our clock is wrong, or the server's: whether the value holds is for the API to say.
            let end = asked_at.checked_add(PAUSE).unwrap_or(asked_at);
            return Self { ahead: end, renewal: end, end };
        }
        let margin = margin.min(span / 10);
        let before = |span| end.checked_sub(span).unwrap_or(asked_at);
        Self { ahead: before(margin * 2), renewal: before(margin), end }
    }
}

#[cfg(test)]
mod tests;
