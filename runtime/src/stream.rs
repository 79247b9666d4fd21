//! Bodies of answers that are read while they arrive: bytes, events, and lines of JSON.
//!
//! The time limit of a call covers the head of such an answer only: its body may go on for as long as the server likes, but not
//! be silent for longer than [`Limits::stall_timeout`](crate::Limits::stall_timeout) allows bytes, and
//! [`Limits::idle_timeout`](crate::Limits::idle_timeout) events and lines. Dropping a stream closes its connection.
//!
//! A [`Download`] that breaks or falls silent goes on where it stopped, and so do [`Events`] with ids, where that is safe: see there. What
//! they ask for anew is authenticated anew, follows the call's [`RetryPolicy`](crate::RetryPolicy) and is paid from the budget of retries;
//! `RetryPolicy::off()` switches it off.

pub(crate) mod decode;
mod download;
mod events;
mod lines;
#[cfg(feature = "files")]
mod save;

use std::fmt;

use crate::error::Error;
use crate::response::DecodeError;
use crate::transport::{TransportError, TransportErrorKind};

pub use self::download::Download;
pub use self::events::{Event, Events};
pub use self::lines::Lines;

/// How long an event or a line may be when nothing else is said, in bytes.
pub const DEFAULT_ITEM_LIMIT: usize = 16 * 1024 * 1024;

/// What can come of reading a stream other than its next piece.
#[derive(Debug)]
#[non_exhaustive]
pub enum StreamError {
    /// The connection broke, or the body ended too early. The stream is over.
    Broken(TransportError),
    /// Nothing came for longer than allowed. The stream is over.
    Stalled(TransportError),
    /// More came than the limit allows. The stream is over.
    TooLong {
        /// The limit, in bytes.
        limit: usize,
    },
    /// An event or a line does not have the shape that the description gives it. The stream goes on with the next one.
    Decode(DecodeError),
    /// It broke, and what was asked for to go on is another version of it. What has come belongs to the old one. The stream is over.
    Changed {
        /// How many bytes have come of the old one.
        received: u64,
    },
    /// It broke, and the server refused to go on. The stream is over.
    Refused(Box<Error>),
    /// What came cannot be written to where it should go.
    Write(std::io::Error),
}

impl From<TransportError> for StreamError {
    fn from(error: TransportError) -> Self {
        if error.kind == TransportErrorKind::Stalled { Self::Stalled(error) } else { Self::Broken(error) }
    }
}

impl fmt::Display for StreamError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broken(error) => write!(f, "the body ended too early: {error}"),
            Self::Stalled(error) => error.fmt(f),
            Self::TooLong { limit } => write!(f, "more than {limit} bytes came, which is the limit"),
            Self::Decode(error) => error.fmt(f),
            Self::Changed { received } => {
                write!(f, "it broke after {received} bytes and has changed on the server since: start over")
            }
            Self::Refused(error) => write!(f, "it broke and could not go on: {error}"),
            Self::Write(error) => write!(f, "what came cannot be written: {error}"),
        }
    }
}

impl std::error::Error for StreamError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Broken(error) | Self::Stalled(error) => Some(error),
            Self::TooLong { .. } | Self::Changed { .. } => None,
            Self::Decode(error) => Some(error),
            Self::Refused(error) => Some(error.as_ref()),
            Self::Write(error) => Some(error),
        }
    }
}

/// The next item of a stream.
#[cfg(feature = "test-util")]
pub(crate) async fn next<S: futures_core::Stream + Unpin>(stream: &mut S) -> Option<S::Item> {
    std::future::poll_fn(|context| std::pin::Pin::new(&mut *stream).poll_next(context)).await
}
