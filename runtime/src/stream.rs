//! Bodies of answers that are read while they arrive: bytes, events, and lines of JSON.
//!
//! The time limit of a call covers the head of such an answer only: its body may go on for as long as the server likes, but not
//! be silent for longer than [`Limits::stall_timeout`](crate::Limits::stall_timeout) allows bytes, and
//! [`Limits::idle_timeout`](crate::Limits::idle_timeout) events and lines. Dropping a stream closes its connection.

pub(crate) mod decode;
mod download;
mod events;
mod lines;

use std::fmt;

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
            Self::Write(error) => write!(f, "what came cannot be written: {error}"),
        }
    }
}

impl std::error::Error for StreamError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Broken(error) | Self::Stalled(error) => Some(error),
            Self::TooLong { .. } => None,
            Self::Decode(error) => Some(error),
            Self::Write(error) => Some(error),
        }
    }
}
