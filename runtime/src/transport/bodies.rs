//! Bodies as `http_body` has them, on their way out and in.

use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, Bytes};
use futures_core::Stream;
use http_body::{Frame, SizeHint};

use super::TransportError;
use crate::body::{RequestBody, RequestPieces};

/// The body of a request on its way out.
#[derive(Debug)]
pub struct OutgoingBody(
    /// The lock is for the compiler, which wants to share it; nobody does.
    Mutex<RequestPieces>,
);

impl OutgoingBody {
    pub(super) fn new(body: RequestBody) -> Self {
        Self(Mutex::new(body.into_pieces()))
    }
}

impl http_body::Body for OutgoingBody {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        let pieces = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        let piece = Pin::new(pieces).poll_next(context);
        piece.map(|piece| piece.map(|piece| piece.map(Frame::data)))
    }

    fn size_hint(&self) -> SizeHint {
        let pieces = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        pieces.left().map_or_else(SizeHint::default, SizeHint::with_exact)
    }

    fn is_end_stream(&self) -> bool {
        let pieces = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        pieces.left() == Some(0)
    }
}

/// The data frames of a body; trailers are passed over.
pub(super) struct DataPieces<B: http_body::Body> {
    body: Pin<Box<B>>,
    convert: fn(B::Error) -> TransportError,
}

impl<B: http_body::Body> DataPieces<B> {
    pub(super) fn new(body: B, convert: fn(B::Error) -> TransportError) -> Self {
        Self { body: Box::pin(body), convert }
    }
}

impl<B: http_body::Body> Stream for DataPieces<B> {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let convert = self.convert;
        loop {
            return Poll::Ready(match ready!(self.body.as_mut().poll_frame(context)) {
                None => None,
                Some(Err(error)) => Some(Err(convert(error))),
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(mut data) => Some(Ok(data.copy_to_bytes(data.remaining()))),
                    Err(_) => continue,
                },
            });
        }
    }
}
