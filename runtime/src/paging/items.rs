//! Paged lists, item by item: the next page is asked for when the last one is used up, or ahead of that.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

use futures_core::Stream;

use super::pages::{Page, Pages};
use super::token::{Place, ResumeToken};
use crate::call::{Call, Decode, DecodeFailure};
use crate::error::Error;
use crate::operation::Paging;

/// The items of all pages, as a stream. It has an inherent [`try_next`](Items::try_next), so that no other crate is needed.
///
/// An error ends the stream, after the items before it: what comes after it is `None`. What is said of [`Pages`] holds here too: when
/// reading stops, and what becomes of a list that changes meanwhile.
#[must_use = "nothing is sent until the first item is asked for"]
pub struct Items<T, E> {
    pages: Pages<T, E>,
    ready: vec::IntoIter<T>,
    /// Where the page begins that the ready items are of; it counts those that have been taken.
    place: Option<Place>,
}

impl<T, E> Items<T, E>
where
    T: Send + 'static,
    E: Send + 'static,
{
    /// The items of a call. It begins with the page that the call is set to, else with the first.
    pub fn new(
        call: Call,
        paging: &'static Paging,
        decode: Decode<Page<T>>,
        decode_failure: DecodeFailure<E>,
    ) -> Self {
        let pages = Pages::new(call, paging, decode, decode_failure);
        Self { pages, ready: Vec::new().into_iter(), place: None }
    }

    /// Asks for the next page when the first item of a page is taken, not after its last: see [`Pages::prefetch`].
    pub fn prefetch(mut self) -> Self {
        self.pages = self.pages.prefetch();
        self
    }

    /// Begins with the item after the one that was taken last when the token was made: see [`Pages::resume`]. The page of that item is asked
    /// for again, unless it was the last of its page.
    pub fn resume(mut self, token: impl Into<ResumeToken>) -> Self {
        self.pages = self.pages.resume(token);
        self
    }

    /// The next item; `None` when there is none. Dropping the future loses nothing: the next one goes on with the same request.
    ///
    /// # Errors
    ///
    /// Those of the calls, and the kind [`Paging`](crate::ErrorKind::Paging).
    pub async fn try_next(&mut self) -> Result<Option<T>, Error<E>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await.transpose()
    }

    /// Where the next item is, to go on from there later; `None` when the list is over.
    #[must_use]
    pub fn resume_token(&self) -> Option<ResumeToken> {
        match &self.place {
            Some(place) if self.ready.len() > 0 => Some(self.pages.course().token(place)),
            _ => self.pages.resume_token(),
        }
    }
}

impl<T, E> Stream for Items<T, E>
where
    T: Send + 'static,
    E: Send + 'static,
{
    type Item = Result<T, Error<E>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            if let Some(item) = this.ready.next() {
                if let Some(place) = &mut this.place {
                    place.taken = place.taken.saturating_add(1);
                }
                this.pages.poll_ahead(context);
                return Poll::Ready(Some(Ok(item)));
            }
            let place = this.pages.course().place();
            match ready!(this.pages.poll_page(context)) {
                Some(Ok(page)) => {
                    this.ready = page.into_inner().items.into_iter();
                    this.place = place;
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<T, E> Unpin for Items<T, E> {}

impl<T, E> fmt::Debug for Items<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("pages", &self.pages)
            .field("ready", &self.ready.len())
            .finish_non_exhaustive()
    }
}
