//! JSON values one after the other: JSON lines, newline-delimited JSON, and JSON text sequences (RFC 7464).

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::Stream;

use super::StreamError;
use super::decode::{Cut, Cutter, Read};
use crate::transport::Body;

/// The values of an answer, as they arrive.
///
/// It has an inherent [`try_next`](Self::try_next), and is a `Stream`. A value that cannot be read is an error after which
/// the next one can be asked for; every other error ends the stream.
#[must_use = "no line is read until it is asked for"]
pub struct Lines<T> {
    cutter: Cutter<LineCut>,
    read: Read<T>,
}

impl<T> Lines<T> {
    /// Values that each begin with a record separator, or else end with a line.
    pub(crate) fn new(body: Body, is_sequence: bool, read: Read<T>) -> Self {
        let separator = if is_sequence { RECORD_SEPARATOR } else { b'\n' };
        Self { cutter: Cutter::new(body, LineCut { separator, text: Vec::new() }), read }
    }

    /// Sets how long a line may be, in bytes; [`DEFAULT_ITEM_LIMIT`](super::DEFAULT_ITEM_LIMIT) where nothing is said.
    pub fn limit(mut self, bytes: usize) -> Self {
        self.cutter.limit(bytes);
        self
    }

    /// Sets how long nothing may come while the next one is waited for, instead of what the call says
    /// ([`Limits::idle_timeout`](crate::Limits::idle_timeout)). Comments and empty lines count as something.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.cutter.idle_timeout(timeout);
        self
    }

    /// The next value; `None` when there is none.
    ///
    /// # Errors
    ///
    /// When the connection breaks or is silent for too long, when a line is longer than the limit, and when it has another shape than described.
    pub async fn try_next(&mut self) -> Result<Option<T>, StreamError> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await.transpose()
    }
}

impl<T> Stream for Lines<T> {
    type Item = Result<T, StreamError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(next) = ready!(self.cutter.poll_next(context)) else { return Poll::Ready(None) };
        let text = match next {
            Ok(text) => text,
            Err(error) => return Poll::Ready(Some(Err(error))),
        };
        Poll::Ready(match (self.read)(&text) {
            Ok(Some(value)) => Some(Ok(value)),
            Ok(None) => {
                self.cutter.end();
                None
            }
            Err(error) => Some(Err(StreamError::Decode(error))),
        })
    }
}

impl<T> fmt::Debug for Lines<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lines").finish_non_exhaustive()
    }
}

/// What stands before each text of a sequence (RFC 7464 §2.2).
const RECORD_SEPARATOR: u8 = 0x1e;

/// Cuts at a byte; what is nothing but white space is no line.
struct LineCut {
    separator: u8,
    text: Vec<u8>,
}

impl LineCut {
    fn end_line(&mut self, out: &mut VecDeque<String>) {
        let bytes = std::mem::take(&mut self.text);
        let text = String::from_utf8_lossy(&bytes);
        let text = text.trim_matches(|c: char| c.is_ascii_whitespace() || matches!(c, '\u{feff}' | '\u{1e}'));
        if !text.is_empty() {
            out.push_back(text.to_owned());
        }
    }
}

impl Cut for LineCut {
    type Item = String;

    fn push(&mut self, piece: &[u8], out: &mut VecDeque<String>) {
        let separator = self.separator;
        let mut lines = piece.split(|byte| *byte == separator);
        if let Some(first) = lines.next() {
            self.text.extend_from_slice(first);
        }
        for next in lines {
            self.end_line(out);
            self.text.extend_from_slice(next);
        }
    }

    fn finish(&mut self, out: &mut VecDeque<String>) {
        self.end_line(out);
    }

    fn pending(&self) -> usize {
        self.text.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(separator: u8, pieces: &[&[u8]]) -> Vec<String> {
        let (mut cut, mut out) = (LineCut { separator, text: Vec::new() }, VecDeque::new());
        for piece in pieces {
            cut.push(piece, &mut out);
        }
        cut.finish(&mut out);
        out.into()
    }

    #[test]
    fn each_line_is_a_value() {
        for (separator, stream, lines) in [
            (b'\n', "1\n2\n", vec!["1", "2"]),
            (b'\n', "{\"a\":1}\r\n\r\n \n[2]", vec!["{\"a\":1}", "[2]"]),
            (b'\n', "\u{feff}1\n", vec!["1"]),
            (b'\n', "\u{1e}1\n\u{1e}2\n", vec!["1", "2"]),
            (b'\n', "", vec![]),
            (RECORD_SEPARATOR, "\u{1e}{\n\"a\": 1}\n\u{1e}2\n", vec!["{\n\"a\": 1}", "2"]),
            (RECORD_SEPARATOR, "\u{1e}\u{1e}\u{1e}3", vec!["3"]),
        ] {
            assert_eq!(cut(separator, &[stream.as_bytes()]), lines, "{stream:?}");
            let bytes: Vec<&[u8]> = stream.as_bytes().chunks(1).collect();
            assert_eq!(cut(separator, &bytes), lines, "{stream:?}, byte by byte");
        }
    }
}
