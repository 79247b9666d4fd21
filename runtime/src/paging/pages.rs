//! Paged lists, page by page.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;

use super::course::{Course, Outlook};
use super::next::Found;
use super::token::ResumeToken;
use crate::call::{Call, Decode, DecodeFailure};
use crate::error::{Error, ErrorKind, Failure};
use crate::operation::Paging;
use crate::response::Response;
use crate::transport::BoxFuture;

/// A page of a list.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// How many items all pages have together, where the server says so.
    pub total: Option<i64>,
    next: Option<ResumeToken>,
}

impl<T> Page<T> {
    /// A page as a generated operation takes it from an answer.
    #[doc(hidden)]
    #[must_use]
    pub fn new(items: Vec<T>, total: Option<i64>) -> Self {
        Self { items, total, next: None }
    }

    /// Where the next page begins; `None` on the last one.
    #[must_use]
    pub fn next(&self) -> Option<&ResumeToken> {
        self.next.as_ref()
    }
}

/// A page that came, and what its answer says of the next one.
struct Fetched<T> {
    response: Response<Page<T>>,
    found: Found,
}

/// What asking for a page comes to.
type Outcome<T, E> = Result<Response<Page<T>>, Error<E>>;

/// A page on its way.
type Fetch<T, E> = BoxFuture<'static, Result<Fetched<T>, Error<E>>>;

/// The pages of a list, as a stream. It has an inherent [`try_next`](Pages::try_next), so that no other crate is needed.
///
/// Each page is the [`Response`] of its call. An error ends the stream: what comes after it is `None`. One of the kind
/// [`Paging`](ErrorKind::Paging) says that the list cannot be read on: the server repeats itself, or leads to another origin.
///
/// Pages are read one after the other, from a list that may change meanwhile. By page number and by offset, what is added or removed
/// before the place that is being read moves items to another page: they come twice, or not at all. By cursor, token and link it is up to the
/// server what becomes of such changes; usually nothing is lost.
#[must_use = "nothing is sent until the first page is asked for"]
pub struct Pages<T, E> {
    course: Course,
    decode: Decode<Page<T>>,
    decode_failure: DecodeFailure<E>,
    prefetches: bool,
    fetch: Option<Fetch<T, E>>,
    /// Whether the page on its way is not needed yet.
    is_ahead: bool,
    /// What a page that was asked for ahead of its time has come to.
    arrived: Option<Result<Fetched<T>, Error<E>>>,
    /// Why there is no next page to ask for, though the list is not over.
    refusal: Option<Box<Failure>>,
    is_over: bool,
}

impl<T, E> Pages<T, E>
where
    T: Send + 'static,
    E: Send + 'static,
{
    /// The pages of a call. It begins with the page that the call is set to, else with the first.
    pub fn new(
        call: Call,
        paging: &'static Paging,
        decode: Decode<Page<T>>,
        decode_failure: DecodeFailure<E>,
    ) -> Self {
        Self {
            course: Course::new(call, paging),
            decode,
            decode_failure,
            prefetches: false,
            fetch: None,
            is_ahead: false,
            arrived: None,
            refusal: None,
            is_over: false,
        }
    }

    /// Asks for the page after each one when it comes, not when it is needed. It is on its way as long as the stream is polled; no task is
    /// spawned. If it fails for a passing reason before it is needed, it is asked for again.
    pub fn prefetch(mut self) -> Self {
        self.prefetches = true;
        self
    }

    /// Begins where `token` says, which comes from [`resume_token`](Self::resume_token) or [`Page::next`]. The call's other parameters have
    /// to be those of the list that the token is from. The token of another operation, of another kind of paging, or of pages of another
    /// size is an error of the kind [`InvalidCall`](ErrorKind::InvalidCall), instead of the first page.
    pub fn resume(mut self, token: impl Into<ResumeToken>) -> Self {
        if let Err(reason) = self.course.resume(&token.into()) {
            self.refusal = Some(self.course.call().refuse(reason));
        }
        self
    }

    /// The next page; `None` when there is none. Dropping the future loses nothing: the next one goes on with the same request.
    ///
    /// # Errors
    ///
    /// Those of the call, and the kind [`Paging`](ErrorKind::Paging).
    pub async fn try_next(&mut self) -> Result<Option<Response<Page<T>>>, Error<E>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await.transpose()
    }

    /// Where the next page begins, to go on from there later. After an error it is the page that failed; `None` when the list is over.
    #[must_use]
    pub fn resume_token(&self) -> Option<ResumeToken> {
        self.course.place().map(|place| self.course.token(&place))
    }

    pub(super) fn course(&self) -> &Course {
        &self.course
    }

    /// Goes on with the page that was asked for ahead of its time, if there is one, as far as that goes without waiting.
    pub(super) fn poll_ahead(&mut self, context: &mut Context<'_>) {
        let Some(mut fetch) = self.fetch.take_if(|_| self.is_ahead) else { return };
        match fetch.as_mut().poll(context) {
            Poll::Pending => self.fetch = Some(fetch),
            // It is not needed yet, and is asked for again when it is.
            Poll::Ready(Err(error)) if error.is_retryable() => {}
            Poll::Ready(outcome) => self.arrived = Some(outcome),
        }
    }

    /// The next page, without the token of the one after it.
    pub(super) fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Option<Outcome<T, E>>> {
        if self.is_over {
            return Poll::Ready(None);
        }
        if let Some(failure) = self.refusal.take() {
            self.is_over = true;
            return Poll::Ready(Some(Err(Error::new(failure, None))));
        }
        self.poll_ahead(context);
        let outcome = match self.arrived.take() {
            Some(outcome) => outcome,
            None => {
                let mut fetch = self.fetch.take().unwrap_or_else(|| self.ask());
                self.is_ahead = false;
                match fetch.as_mut().poll(context) {
                    Poll::Ready(outcome) => outcome,
                    Poll::Pending => {
                        self.fetch = Some(fetch);
                        return Poll::Pending;
                    }
                }
            }
        };
        let page = outcome.and_then(|fetched| self.take(fetched));
        self.is_over = page.is_err() || *self.course.outlook() == Outlook::End;
        if self.prefetches && !self.is_over && *self.course.outlook() == Outlook::More {
            self.fetch = Some(self.ask());
            self.is_ahead = true;
            self.poll_ahead(context);
        }
        Poll::Ready(Some(page))
    }

    fn take(&mut self, fetched: Fetched<T>) -> Result<Response<Page<T>>, Error<E>> {
        let Fetched { mut response, found } = fetched;
        let skipped = self.course.skipped();
        let (count, total) = (response.value.items.len(), response.value.total);
        if let Err(reason) = self.course.take(count, total, found) {
            return Err(Error::new(self.failure(&response, reason), None));
        }
        if let Outlook::Broken(reason) = self.course.outlook() {
            // The items of this page are good.
            self.refusal = Some(self.failure(&response, reason.clone()));
        }
        drop(response.value.items.drain(..skipped.min(count)));
        Ok(response)
    }

    /// Why the list cannot be read on, with what is known of the answer that says so.
    fn failure(&self, response: &Response<Page<T>>, reason: String) -> Box<Failure> {
        let mut failure = Failure::new(ErrorKind::Paging, self.course.call().operation().id, reason);
        failure.status = Some(response.status);
        failure.headers = response.headers.clone();
        failure.request_id = response.request_id.clone();
        failure.attempts = 1;
        Box::new(failure)
    }

    fn ask(&self) -> Fetch<T, E> {
        let (call, paging) = (self.course.next_call(), self.course.paging());
        let (decode, decode_failure) = (self.decode, self.decode_failure);
        Box::pin(async move {
            let outcome = call.exchange().await;
            let answer = outcome.map_err(|refusal| refusal.into_error(decode_failure))?;
            let found = Found::of(paging, &answer);
            let response = call.finish(Ok(answer), decode, decode_failure)?;
            Ok(Fetched { response, found })
        })
    }
}

impl<T, E> Stream for Pages<T, E>
where
    T: Send + 'static,
    E: Send + 'static,
{
    type Item = Outcome<T, E>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        let mut page = std::task::ready!(this.poll_page(context));
        if let (Some(Ok(page)), Outlook::More) = (&mut page, this.course.outlook()) {
            page.value.next = this.resume_token();
        }
        Poll::Ready(page)
    }
}

impl<T, E> Unpin for Pages<T, E> {}

impl<T, E> fmt::Debug for Pages<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("call", &self.course.call())
            .field("prefetches", &self.prefetches)
            .field("is_over", &self.is_over)
            .finish_non_exhaustive()
    }
}
