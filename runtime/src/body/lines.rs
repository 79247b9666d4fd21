//! Lines of JSON as a body: each value in one line, written when it is sent.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use serde::Serialize;

use super::{PIECE, RequestBody};

impl RequestBody {
    /// Values as lines of JSON (`application/x-ndjson`, `application/jsonl`), all of them in memory, so that the length is known and the
    /// body can be sent again.
    ///
    /// # Errors
    ///
    /// When a value cannot be written as JSON.
    pub fn json_lines(values: impl IntoIterator<Item = impl Serialize>) -> serde_json::Result<Self> {
        let mut lines = Vec::new();
        for value in values {
            write(&mut lines, &value)?;
        }
        Ok(lines.into())
    }

    /// Values as lines of JSON, written one after the other as they come and are sent, in pieces of some 64 KiB. It can be sent
    /// once. A value that cannot be written as JSON makes the call fail.
    pub fn json_lines_stream<T: Serialize>(values: impl Stream<Item = T> + Send + 'static) -> Self {
        Self::stream(Lines { values: Some(Box::pin(values)), text: Vec::new() })
    }
}

/// JSON has no line breaks but those in texts, which are escaped.
fn write(lines: &mut Vec<u8>, value: &impl Serialize) -> serde_json::Result<()> {
    serde_json::to_writer(&mut *lines, value)?;
    lines.push(b'\n');
    Ok(())
}

/// The lines of values on their way.
struct Lines<S> {
    /// `None` when they are over.
    values: Option<Pin<Box<S>>>,
    text: Vec<u8>,
}

impl<S> Lines<S> {
    fn take(&mut self) -> Option<Bytes> {
        let text = std::mem::take(&mut self.text);
        (!text.is_empty()).then(|| text.into())
    }
}

impl<T: Serialize, S: Stream<Item = T>> Stream for Lines<S> {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        // What is there already goes out together.
        while let Some(values) = &mut self.values {
            match values.as_mut().poll_next(context) {
                Poll::Ready(Some(value)) => {
                    if let Err(error) = write(&mut self.text, &value) {
                        self.values = None;
                        self.text.clear();
                        return Poll::Ready(Some(Err(error.into())));
                    }
                    if self.text.len() >= PIECE {
                        break;
                    }
                }
                Poll::Ready(None) => self.values = None,
                Poll::Pending if self.text.is_empty() => return Poll::Pending,
                Poll::Pending => break,
            }
        }
        Poll::Ready(self.take().map(Ok))
    }
}
