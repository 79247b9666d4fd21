//! Bytes that arrive piece by piece.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_core::Stream;

use super::StreamError;
use crate::transport::Body;

/// The body of an answer that is not held in memory: its pieces, as they arrive.
///
/// It has an inherent [`try_next`](Self::try_next), and is a `Stream`. An error ends it.
#[must_use = "nothing of the body is read until it is asked for"]
pub struct Download {
    body: Body,
    length: Option<u64>,
    content_type: Option<String>,
    is_over: bool,
}

impl Download {
    pub(crate) fn new(body: Body, length: Option<u64>, content_type: Option<String>) -> Self {
        Self { body, length, content_type, is_over: false }
    }

    /// How many bytes it has, where the server says so.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// What it holds, as the `Content-Type` of the answer says.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// Sets how long nothing may come while a piece is waited for, instead of what the call says
    /// ([`Limits::stall_timeout`](crate::Limits::stall_timeout)).
    pub fn stall_timeout(mut self, timeout: Duration) -> Self {
        self.body.set_silence(timeout, "stall_timeout");
        self
    }

    /// The next piece, of a size that the network decides; `None` at the end.
    ///
    /// # Errors
    ///
    /// When the connection breaks or is silent for too long, and when the body ends before its length.
    pub async fn try_next(&mut self) -> Result<Option<Bytes>, StreamError> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await.transpose()
    }

    /// All of it, in memory; `limit` is how many bytes that may be.
    ///
    /// # Errors
    ///
    /// When there are more than `limit` bytes, and those of [`try_next`](Self::try_next).
    pub async fn collect(mut self, limit: usize) -> Result<Bytes, StreamError> {
        let mut all = BytesMut::new();
        while let Some(piece) = self.try_next().await? {
            if all.len().saturating_add(piece.len()) > limit {
                return Err(StreamError::TooLong { limit });
            }
            all.extend_from_slice(&piece);
        }
        Ok(all.freeze())
    }

    /// Writes it to a file, which is made, or emptied if there is one, and says how many bytes that were. When that fails
    /// midway, the file keeps what has been written.
    ///
    /// # Errors
    ///
    /// When the file cannot be written, and those of [`try_next`](Self::try_next).
    #[cfg(feature = "files")]
    pub async fn save(mut self, path: impl AsRef<std::path::Path>) -> Result<u64, StreamError> {
        use tokio::io::AsyncWriteExt as _;
        let mut file = tokio::fs::File::create(path).await.map_err(StreamError::Write)?;
        let mut written = 0_u64;
        while let Some(piece) = self.try_next().await? {
            file.write_all(&piece).await.map_err(StreamError::Write)?;
            written = written.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
        }
        file.flush().await.map_err(StreamError::Write)?;
        Ok(written)
    }
}

impl Stream for Download {
    type Item = Result<Bytes, StreamError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.is_over {
            return Poll::Ready(None);
        }
        let next = self.body.poll_next(context);
        self.is_over = matches!(next, Poll::Ready(None | Some(Err(_))));
        next.map(|piece| piece.map(|piece| piece.map_err(StreamError::from)))
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("length", &self.length)
            .field("content_type", &self.content_type)
            .finish_non_exhaustive()
    }
}
