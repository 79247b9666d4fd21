//! What all streams of items share: pieces come in, items go out.

use std::collections::VecDeque;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use serde::de::DeserializeOwned;

use super::StreamError;
use crate::error::{excerpt, one_line};
use crate::response::DecodeError;
use crate::transport::Body;

/// How the text of an item is read; `None` for a text that is no item, but the end of the items.
pub(crate) type Read<T> = fn(&str) -> Result<Option<T>, DecodeError>;

/// The text as it came.
pub(crate) fn text(text: &str) -> Result<Option<String>, DecodeError> {
    Ok(Some(text.to_owned()))
}

/// A value from JSON.
pub(crate) fn json<T: DeserializeOwned>(text: &str) -> Result<Option<T>, DecodeError> {
    // Several vendors end a stream of JSON with this text, which is none.
    if text.trim() == "[DONE]" {
        return Ok(None);
    }
    serde_json::from_str(text).map(Some).map_err(|cause| {
        let (error, start) = (one_line(&cause.to_string(), 300), excerpt(text.as_bytes()));
        let detail = format!("an item has another shape than described: {error}; it begins with `{start}`");
        DecodeError::new(detail).because(cause)
    })
}

/// How a stream is cut into items.
pub(super) trait Cut {
    /// What is cut out.
    type Item;

    /// Takes a piece in.
    fn push(&mut self, piece: &[u8], out: &mut VecDeque<Self::Item>);

    /// Takes the end in.
    fn finish(&mut self, out: &mut VecDeque<Self::Item>);

    /// How long an item is, in bytes.
    fn size(item: &Self::Item) -> usize;

    /// How many bytes wait for the end of their item.
    fn pending(&self) -> usize;
}

/// The pieces of a body, cut into items.
pub(super) struct Cutter<C: Cut> {
    body: Body,
    cut: C,
    ready: VecDeque<C::Item>,
    limit: usize,
    /// What was said to this stream itself.
    idle_timeout: Option<Duration>,
    is_over: bool,
}

impl<C: Cut> Cutter<C> {
    pub(super) fn new(body: Body, cut: C) -> Self {
        Self {
            body,
            cut,
            ready: VecDeque::new(),
            limit: super::DEFAULT_ITEM_LIMIT,
            idle_timeout: None,
            is_over: false,
        }
    }

    pub(super) fn idle_timeout(&mut self, timeout: Duration) {
        self.idle_timeout = Some(timeout);
        self.body.set_silence(timeout, "idle_timeout");
    }

    pub(super) fn limit(&mut self, bytes: usize) {
        self.limit = bytes;
    }

    /// Nothing comes after this.
    pub(super) fn end(&mut self) {
        self.is_over = true;
        self.ready.clear();
    }

    /// Goes on with another body.
    pub(super) fn restart(&mut self, body: Body, restart: impl FnOnce(&mut C)) {
        restart(&mut self.cut);
        self.body = body;
        if let Some(timeout) = self.idle_timeout {
            self.body.set_silence(timeout, "idle_timeout");
        }
        self.is_over = false;
    }

    pub(super) fn cut(&self) -> &C {
        &self.cut
    }

    pub(super) fn poll_next(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<C::Item, StreamError>>> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                if C::size(&item) > self.limit {
                    self.end();
                    return Poll::Ready(Some(Err(StreamError::TooLong { limit: self.limit })));
                }
                return Poll::Ready(Some(Ok(item)));
            }
            if self.is_over {
                return Poll::Ready(None);
            }
            // What has come before it is handed out first.
            if self.cut.pending() > self.limit {
                self.end();
                return Poll::Ready(Some(Err(StreamError::TooLong { limit: self.limit })));
            }
            match ready!(self.body.poll_next(context)) {
                Some(Ok(piece)) => {
                    self.cut.push(&piece, &mut self.ready);
                }
                Some(Err(error)) => {
                    self.is_over = true;
                    return Poll::Ready(Some(Err(error.into())));
                }
                None => {
                    self.is_over = true;
                    self.cut.finish(&mut self.ready);
                }
            }
        }
    }
}
