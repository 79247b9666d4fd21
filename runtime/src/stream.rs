//! Bodies of answers that are read while they arrive: bytes, events, and lines of JSON.
//!
//! The time limit of a call covers the head of such an answer only: its body may go on for as long as the server likes. Who
//! wants to give up puts a time limit around the next piece. Dropping a stream closes its connection.

pub(crate) mod decode;
mod download;
mod events;
mod lines;

use std::fmt;

use crate::response::DecodeError;
use crate::transport::TransportError;

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

impl fmt::Display for StreamError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broken(error) => write!(f, "the body ended too early: {error}"),
            Self::TooLong { limit } => write!(f, "more than {limit} bytes came, which is the limit"),
            Self::Decode(error) => error.fmt(f),
            Self::Write(error) => write!(f, "what came cannot be written: {error}"),
        }
    }
}

impl std::error::Error for StreamError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Broken(error) => Some(error),
            Self::TooLong { .. } => None,
            Self::Decode(error) => Some(error),
            Self::Write(error) => Some(error),
        }
    }
}
