//! Waiting as a stream: what is known after each poll, and then the end.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::polling::{Pace, Polling, Verdict};
use super::{OnProgress, Progress, Waited};
use crate::call::{DecodeFailure, Refusal};
use crate::error::Error;
use crate::operation::WaitRule;
use crate::response::Response;
use crate::transport::BoxFuture;

/// What a wait has come to.
#[derive(Clone, Debug)]
pub enum WaitUpdate<T> {
    /// It goes on.
    UnderWay(Progress),
    /// It is over, and what was started is done. This is the last update.
    Done(Box<Waited<T>>),
}

/// The updates of a wait, as a stream: one after each poll, the last one when it is done. It has an inherent
/// [`try_next`](WaitUpdates::try_next), so that no other crate is needed.
///
/// An error ends the stream: what comes after it is `None`. Time counts from the first poll and does not stop while nothing asks for
/// an update; no more than one poll is made meanwhile.
#[must_use = "nothing is sent until the first update is asked for"]
pub struct WaitUpdates<T, E> {
    start: Option<BoxFuture<'static, Result<Response<T>, Error<E>>>>,
    response: Option<Response<T>>,
    step: Option<Step>,
    rule: &'static WaitRule,
    pace: Pace,
    decode_failure: DecodeFailure<E>,
    on_progress: Option<OnProgress>,
}

/// A pause and a poll, under way.
type Step = BoxFuture<'static, (Polling, Result<Verdict, Box<Refusal>>)>;

impl<T, E> WaitUpdates<T, E>
where
    T: Send + 'static,
    E: Send + 'static,
{
    pub(super) fn new(
        start: BoxFuture<'static, Result<Response<T>, Error<E>>>,
        rule: &'static WaitRule,
        pace: Pace,
        decode_failure: DecodeFailure<E>,
        on_progress: Option<OnProgress>,
    ) -> Self {
        Self { start: Some(start), response: None, step: None, rule, pace, decode_failure, on_progress }
    }

    /// The next update; `None` after the last one. Dropping the future loses nothing: the next one goes on with the same pause or poll.
    ///
    /// # Errors
    ///
    /// Those of awaiting the wait.
    pub async fn try_next(&mut self) -> Result<Option<WaitUpdate<T>>, Error<E>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await.transpose()
    }

    /// The answer that started what is waited for, from its coming until it is part of the last update. After an error it is there still, to be
    /// waited on again.
    #[must_use]
    pub fn response(&self) -> Option<&Response<T>> {
        self.response.as_ref()
    }
}

fn step(mut polling: Polling) -> Step {
    Box::pin(async move {
        let verdict = polling.poll().await;
        (polling, verdict)
    })
}

impl<T, E> Stream for WaitUpdates<T, E>
where
    T: Send + 'static,
    E: Send + 'static,
{
    type Item = Result<WaitUpdate<T>, Error<E>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if let Some(start) = &mut this.start {
            let started = ready!(start.as_mut().poll(context));
            this.start = None;
            match started {
                Ok(response) => {
                    let poll = response.follow(this.rule.link);
                    this.step = Some(step(Polling::new(poll, this.rule, this.pace)));
                    this.response = Some(response);
                }
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
        }
        let Some(under_way) = &mut this.step else { return Poll::Ready(None) };
        let (polling, verdict) = ready!(under_way.as_mut().poll(context));
        this.step = None;
        Poll::Ready(match verdict {
            Ok(Verdict::UnderWay(progress)) => {
                this.step = Some(step(polling));
                if let Some(on_progress) = &mut this.on_progress {
                    on_progress(&progress);
                }
                Some(Ok(WaitUpdate::UnderWay(progress)))
            }
            Ok(Verdict::Done(progress)) => {
                let response = this.response.take();
                response.map(|response| {
                    Ok(WaitUpdate::Done(Box::new(Waited::new(response, progress, this.rule))))
                })
            }
            Err(refusal) => Some(Err(refusal.into_error(this.decode_failure))),
        })
    }
}

impl<T, E> Unpin for WaitUpdates<T, E> {}

impl<T, E> fmt::Debug for WaitUpdates<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitUpdates")
            .field("link", &self.rule.link.name)
            .field("pace", &self.pace)
            .field("has_started", &self.response.is_some())
            .finish_non_exhaustive()
    }
}
