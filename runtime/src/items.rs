//! Paged lists, item by item: the next page is asked for when the last one is used up.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;

use crate::call::{Call, Decode, DecodeFailure};
use crate::error::Error;
use crate::operation::Paging;
use crate::response::Response;
use crate::transport::BoxFuture;

/// What a generated operation takes from the answer with one page.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// How many items all pages have together, where the server says so.
    pub total: Option<i64>,
}

/// A page on its way.
type Fetch<T, E> = BoxFuture<'static, Result<Response<Page<T>>, Error<E>>>;

/// The items of all pages, as a stream. It has an inherent [`try_next`](Items::try_next), so that no other crate is needed.
///
/// An error ends the stream: what comes after it is `None`.
#[must_use = "nothing is sent until the first item is asked for"]
pub struct Items<T, E> {
    call: Call,
    paging: &'static Paging,
    decode: Decode<Page<T>>,
    decode_failure: DecodeFailure<E>,
    /// The number of the next page, or the number of items to skip.
    position: i64,
    /// How many items there were up to here, those before the first page that was asked for included.
    seen: Option<i64>,
    ready: VecDeque<T>,
    fetch: Option<Fetch<T, E>>,
    is_over: bool,
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
        let (parameter, first) = match paging {
            Paging::Page { page, first, .. } => (*page, *first),
            Paging::Offset { offset, .. } => (*offset, 0),
        };
        let position = call.integer(parameter).filter(|given| *given >= first).unwrap_or(first);
        Self {
            call,
            paging,
            decode,
            decode_failure,
            position,
            seen: None,
            ready: VecDeque::new(),
            fetch: None,
            is_over: false,
        }
    }

    /// The next item; `None` when there is none.
    ///
    /// # Errors
    ///
    /// Those of asking for a page.
    pub async fn try_next(&mut self) -> Result<Option<T>, Error<E>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await.transpose()
    }

    fn ask(&self) -> Fetch<T, E> {
        let mut call = self.call.clone();
        let (Paging::Page { page: parameter, .. } | Paging::Offset { offset: parameter, .. }) = self.paging;
        call.set(*parameter, self.position);
        call.send(self.decode, self.decode_failure)
    }

    /// Takes a page in, and decides whether there is another.
    ///
    /// An empty page is the last one. Where the server tells a total, that many items have to be seen, those on pages
    /// before the first one asked for included: a page can be short of items that the caller may not see, or because the
    /// server allows fewer on a page than were asked for. Without a total, a page that is not full is the last one.
    fn take(&mut self, page: Page<T>) {
        let count = i64::try_from(page.items.len()).unwrap_or(i64::MAX);
        let size = match self.paging {
            Paging::Page { size, first, default_size, .. } => {
                let before = self.position.saturating_sub(*first);
                self.seen.get_or_insert(before.saturating_mul(count));
                self.position = self.position.saturating_add(1);
                size.and_then(|index| self.call.integer(index)).or(*default_size)
            }
            Paging::Offset { limit, default_limit, .. } => {
                self.seen.get_or_insert(self.position);
                self.position = self.position.saturating_add(count);
                limit.and_then(|index| self.call.integer(index)).or(*default_limit)
            }
        };
        let seen = self.seen.unwrap_or_default().saturating_add(count);
        self.seen = Some(seen);
        let is_last = match page.total {
            Some(total) => seen >= total,
            None => size.is_some_and(|size| count < size),
        };
        self.is_over = count == 0 || is_last;
        self.ready.extend(page.items);
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
            if let Some(item) = this.ready.pop_front() {
                return Poll::Ready(Some(Ok(item)));
            }
            if this.is_over {
                return Poll::Ready(None);
            }
            let mut fetch = this.fetch.take().unwrap_or_else(|| this.ask());
            match fetch.as_mut().poll(context) {
                Poll::Pending => {
                    this.fetch = Some(fetch);
                    return Poll::Pending;
                }
                Poll::Ready(Ok(response)) => this.take(response.into_inner()),
                Poll::Ready(Err(error)) => {
                    this.is_over = true;
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
    }
}

impl<T, E> Unpin for Items<T, E> {}

impl<T, E> fmt::Debug for Items<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("call", &self.call)
            .field("position", &self.position)
            .field("ready", &self.ready.len())
            .finish_non_exhaustive()
    }
}
