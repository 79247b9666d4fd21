//! Bodies as `http_body` has them, on their way out.

use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream as _;
use http_body::{Frame, SizeHint};

use crate::body::{RequestBody, RequestPieces};

/// The body of a request on its way out.
#[derive(Debug)]
pub struct OutgoingBody {
    /// The lock is for the compiler, which wants to share it; nobody does.
    pieces: Mutex<RequestPieces>,
    is_over: bool,
}

impl OutgoingBody {
    pub(super) fn new(body: RequestBody) -> Self {
        let is_over = body.as_bytes().is_some_and(Bytes::is_empty);
        Self { pieces: Mutex::new(body.into_pieces()), is_over }
    }
}

impl http_body::Body for OutgoingBody {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        let pieces = self.pieces.get_mut().unwrap_or_else(PoisonError::into_inner);
        let piece = Pin::new(pieces).poll_next(context);
        self.is_over |= matches!(piece, Poll::Ready(None));
        piece.map(|piece| piece.map(|piece| piece.map(Frame::data)))
    }

    fn size_hint(&self) -> SizeHint {
        let pieces = self.pieces.lock().unwrap_or_else(PoisonError::into_inner);
        pieces.left().map_or_else(SizeHint::default, SizeHint::with_exact)
    }

    fn is_end_stream(&self) -> bool {
        // The length does not say it: only at the end it turns out that a body is longer than its stated one.
        self.is_over
    }
}
