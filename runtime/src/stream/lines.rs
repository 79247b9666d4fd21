//! JSON values one after the other: JSON lines, newline-delimited JSON, and JSON text sequences (RFC 7464).

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::Stream;

use super::StreamError;
use super::decode::{Cut, Cutter, Read};
use crate::error::excerpt;
use crate::response::DecodeError;
use crate::transport::Body;

/// The values of an answer, as they arrive.
///
/// It has an inherent [`try_next`](Self::try_next), and is a `Stream`. A value that cannot be read is an error after which
/// the next one can be asked for; every other error ends the stream.
#[must_use = "no line is read until it is asked for"]
pub struct Lines<T> {
    // In a box, for a stream is a member of generated enums, whose other members are small.
    cutter: Box<Cutter<LineCut>>,
    read: Read<T>,
}

impl<T> Lines<T> {
    /// Values that each begin with a record separator, or else end with a line.
    pub(crate) fn new(body: Body, is_sequence: bool, read: Read<T>) -> Self {
        let separator = if is_sequence { RECORD_SEPARATOR } else { b'\n' };
        Self { cutter: Box::new(Cutter::new(body, LineCut::new(separator))), read }
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
            Ok(Ok(text)) => text,
            Ok(Err(error)) => return Poll::Ready(Some(Err(StreamError::Decode(error)))),
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
    /// Whether a line has ended: only the first one can begin with a byte order mark (RFC 8259 §8.1).
    has_begun: bool,
}

impl LineCut {
    fn new(separator: u8) -> Self {
        Self { separator, text: Vec::new(), has_begun: false }
    }

    fn end_line(&mut self, out: &mut VecDeque<Line>) {
        let bytes = std::mem::take(&mut self.text);
        let mut line = bytes.as_slice();
        if !std::mem::replace(&mut self.has_begun, true) {
            line = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line);
        }
        let is_space = |byte: &u8| byte.is_ascii_whitespace() || *byte == RECORD_SEPARATOR;
        let ends_in_space = line.last().is_some_and(is_space);
        let start = line.iter().position(|byte| !is_space(byte)).unwrap_or(line.len());
        let end = line.iter().rposition(|byte| !is_space(byte)).map_or(start, |last| last.saturating_add(1));
        let Some(line) = line.get(start..end).filter(|line| !line.is_empty()) else { return };
        // RFC 7464 §2.4: nothing else tells that a number has come whole.
        let shows_its_end = matches!(line.first(), Some(b'{' | b'[' | b'"'));
        if self.separator == RECORD_SEPARATOR && !shows_its_end && !ends_in_space {
            return out.push_back(unreadable("an item may have been cut off: no white space follows", line));
        }
        out.push_back(match std::str::from_utf8(line) {
            Ok(text) => Ok(text.to_owned()),
            Err(error) => unreadable(&format!("an item is not text: {error}"), line),
        });
    }
}

/// The text of a value, or why there is none.
type Line = Result<String, DecodeError>;

fn unreadable(what: &str, line: &[u8]) -> Line {
    Err(DecodeError::new(format!("{what}; it begins with `{}`", excerpt(line))))
}

impl Cut for LineCut {
    type Item = Line;

    fn push(&mut self, piece: &[u8], out: &mut VecDeque<Line>) {
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

    fn finish(&mut self, out: &mut VecDeque<Line>) {
        self.end_line(out);
    }

    fn pending(&self) -> usize {
        self.text.len()
    }

    fn size(line: &Line) -> usize {
        line.as_ref().map_or(0, String::len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines; what could not be read is the reason.
    fn cut(separator: u8, pieces: &[&[u8]]) -> Vec<String> {
        let (mut cut, mut out) = (LineCut::new(separator), VecDeque::new());
        for piece in pieces {
            cut.push(piece, &mut out);
        }
        cut.finish(&mut out);
        out.into_iter().map(|line| line.unwrap_or_else(|error| error.to_string())).collect()
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
            (RECORD_SEPARATOR, "\u{1e}\u{1e}\u{1e}3\n", vec!["3"]),
            (b'\n', "\u{feff}", vec![]),
            // A mark that is not at the beginning is a sign like any other, which no JSON begins with.
            (b'\n', "1\n\u{feff}2\n", vec!["1", "\u{feff}2"]),
            (b'\n', "\n\u{feff}1", vec!["\u{feff}1"]),
            (b'\n', "1\rx\r\n2\r\n\r\n", vec!["1\rx", "2"]),
            (b'\n', "{\"a\":1} trailing\n", vec!["{\"a\":1} trailing"]),
            (RECORD_SEPARATOR, "\u{feff}\u{1e}{}", vec!["{}"]),
            (
                RECORD_SEPARATOR,
                "\u{1e}12\n\u{1e}13\u{1e}tru",
                vec![
                    "12",
                    "an item may have been cut off: no white space follows; it begins with `13`",
                    "an item may have been cut off: no white space follows; it begins with `tru`",
                ],
            ),
        ] {
            assert_eq!(cut(separator, &[stream.as_bytes()]), lines, "{stream:?}");
            let bytes: Vec<&[u8]> = stream.as_bytes().chunks(1).collect();
            assert_eq!(cut(separator, &bytes), lines, "{stream:?}, byte by byte");
        }
    }

    #[test]
    fn what_is_not_utf_8_is_an_error_and_the_next_line_is_not() {
        let lines = cut(b'\n', &[b"\"\xc3", b"\xa9\"\n\"\xff\"\n2\n"]);
        let error = "an item is not text: invalid utf-8 sequence of 1 bytes from index 1; it begins with `\"\u{fffd}\"`";
        assert_eq!(lines, ["\"é\"", error, "2"]);
    }
}
