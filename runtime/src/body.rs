//! The body of a request: bytes, a stream, a file, or several of them one after the other.

#[cfg(feature = "files")]
mod file;
mod lines;

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;

/// The body of a request. What is not bytes is sent as it comes, and never held in memory as a whole.
///
/// Cloning it is cheap. All clones of a body that is a [`stream`](Self::stream) share it, so that only one of them can be
/// sent; a [`file`](Self::file) is opened anew each time.
///
/// `Debug` shows its length, and nothing of what it holds.
#[derive(Clone)]
pub struct RequestBody {
    source: Source,
    length: Option<u64>,
    content_type: Option<String>,
    progress: Option<Progress>,
}

/// Who is told how far a body has come.
type Progress = Arc<dyn Fn(u64, Option<u64>) + Send + Sync>;

/// How much of what is in memory goes out at once, in bytes, where it does not go as a whole.
const PIECE: usize = 64 * 1024;

/// The pieces of a stream.
type BoxStream = Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>;

#[derive(Clone)]
enum Source {
    Bytes(Bytes),
    Once(Arc<Mutex<Option<BoxStream>>>),
    #[cfg(feature = "files")]
    File(Arc<std::path::Path>),
    Chain(Arc<[RequestBody]>),
}

impl RequestBody {
    /// A body without a byte.
    #[must_use]
    pub fn empty() -> Self {
        Self::from(Bytes::new())
    }

    /// A body whose pieces come from a stream. It can be sent once: a call that is made again fails.
    ///
    /// Its length is not known, so that it is sent in chunks; [`with_length`](Self::with_length) tells it.
    pub fn stream(pieces: impl Stream<Item = io::Result<Bytes>> + Send + 'static) -> Self {
        let source = Source::Once(Arc::new(Mutex::new(Some(Box::pin(pieces)))));
        Self { source, length: None, content_type: None, progress: None }
    }

    /// Bodies one after the other. The length is known when all of theirs are.
    pub(crate) fn chain(parts: Vec<Self>) -> Self {
        let length = parts.iter().map(|part| part.length).try_fold(0_u64, |sum, part| sum.checked_add(part?));
        Self { source: Source::Chain(parts.into()), length, content_type: None, progress: None }
    }

    /// States how many bytes a stream has, which is sent as `Content-Length`. Sending fails when that is not so.
    #[must_use]
    pub fn with_length(self, length: u64) -> Self {
        Self { length: Some(length), ..self }
    }

    /// States the media type, where the description leaves it open (`image/*`), or says another one.
    #[must_use]
    pub fn with_content_type(self, media_type: impl Into<String>) -> Self {
        Self { content_type: Some(media_type.into()), ..self }
    }

    /// Calls `progress` after each piece that is sent, with the number of bytes so far and the length, where that is known.
    ///
    /// Each attempt of a call counts from the beginning, so that the number goes down when one follows another. Sent is what has been
    /// handed to the connection, whose buffers hold a little of it; when the answer comes, all has arrived. Of a part of a form, only
    /// its own bytes count.
    #[must_use]
    pub fn on_progress(self, progress: impl Fn(u64, Option<u64>) + Send + Sync + 'static) -> Self {
        Self { progress: Some(Arc::new(progress)), ..self }
    }

    /// Whether somebody is told how far it has come, so that it has to be sent by [`into_pieces`](Self::into_pieces).
    #[must_use]
    pub fn has_progress(&self) -> bool {
        self.progress.is_some()
    }

    /// How many bytes it has, where that is known before they are sent.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// The media type, where the caller has stated one.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// All of it, where it is held in memory; `None` for streams, files, and bodies of several parts.
    #[must_use]
    pub fn as_bytes(&self) -> Option<&Bytes> {
        match &self.source {
            Source::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// Whether it is a stream that has been sent, or contains one.
    pub(crate) fn is_spent(&self) -> bool {
        match &self.source {
            Source::Once(stream) => stream.lock().unwrap_or_else(PoisonError::into_inner).is_none(),
            Source::Chain(parts) => parts.iter().any(Self::is_spent),
            _ => false,
        }
    }

    /// Its pieces, for a transport. They end in an error when there are fewer or more bytes than its length says.
    #[must_use]
    pub fn into_pieces(self) -> RequestPieces {
        let state = match self.source {
            Source::Bytes(bytes) if self.progress.is_some() => State::Cut(bytes),
            Source::Bytes(bytes) => State::Bytes(Some(bytes).filter(|bytes| !bytes.is_empty())),
            Source::Once(stream) => {
                let taken = stream.lock().unwrap_or_else(PoisonError::into_inner).take();
                match taken {
                    Some(stream) => State::Stream(stream),
                    None => State::Failed(Some(io::Error::other("the stream has been sent already"))),
                }
            }
            #[cfg(feature = "files")]
            Source::File(path) => State::Stream(Box::pin(file::FilePieces::new(path))),
            Source::Chain(parts) => {
                let rest: Vec<Self> = parts.iter().cloned().collect();
                State::Chain { rest: rest.into_iter(), current: None }
            }
        };
        RequestPieces { state, left: self.length, sent: 0, length: self.length, progress: self.progress }
    }
}

impl<T> From<T> for RequestBody
where
    Bytes: From<T>,
{
    fn from(bytes: T) -> Self {
        let bytes = Bytes::from(bytes);
        let length = u64::try_from(bytes.len()).ok();
        Self { source: Source::Bytes(bytes), length, content_type: None, progress: None }
    }
}

impl fmt::Debug for RequestBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestBody")
            .field("length", &self.length)
            .field("content_type", &self.content_type)
            .finish_non_exhaustive()
    }
}

/// The pieces of a [`RequestBody`] on their way.
pub struct RequestPieces {
    state: State,
    /// How many bytes have to come yet, where that is known.
    left: Option<u64>,
    sent: u64,
    length: Option<u64>,
    progress: Option<Progress>,
}

enum State {
    Bytes(Option<Bytes>),
    /// What is in memory, in pieces.
    Cut(Bytes),
    Stream(BoxStream),
    Chain {
        rest: std::vec::IntoIter<RequestBody>,
        current: Option<Box<RequestPieces>>,
    },
    Failed(Option<io::Error>),
}

impl RequestPieces {
    /// How many bytes have to come yet, where that is known.
    #[must_use]
    pub fn left(&self) -> Option<u64> {
        self.left
    }

    fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        match &mut self.state {
            State::Bytes(bytes) => Poll::Ready(bytes.take().map(Ok)),
            State::Cut(rest) => {
                let piece = rest.split_to(rest.len().min(PIECE));
                Poll::Ready((!piece.is_empty()).then_some(Ok(piece)))
            }
            State::Stream(stream) => stream.as_mut().poll_next(context),
            State::Failed(error) => Poll::Ready(error.take().map(Err)),
            State::Chain { rest, current } => loop {
                let Some(pieces) = current else {
                    match rest.next() {
                        Some(next) => *current = Some(Box::new(next.into_pieces())),
                        None => return Poll::Ready(None),
                    }
                    continue;
                };
                match Pin::new(pieces.as_mut()).poll_next(context) {
                    Poll::Ready(None) => *current = None,
                    other => return other,
                }
            },
        }
    }

    /// Tells how far it has come.
    fn tell(&mut self, piece: Option<&io::Result<Bytes>>) {
        if let (Some(progress), Some(Ok(piece))) = (&self.progress, piece) {
            let count = u64::try_from(piece.len()).unwrap_or(u64::MAX);
            self.sent = self.sent.saturating_add(count);
            progress(self.sent, self.length);
        }
    }

    /// Holds a piece, or the end, to the length that was stated.
    fn check(&mut self, piece: Option<io::Result<Bytes>>) -> Option<io::Result<Bytes>> {
        let Some(left) = self.left else { return piece };
        let outcome = match piece {
            Some(Ok(bytes)) => {
                let count = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                match left.checked_sub(count) {
                    Some(left) => {
                        self.left = Some(left);
                        return Some(Ok(bytes));
                    }
                    None => Some(Err(io::Error::other("the body is longer than its stated length"))),
                }
            }
            None if left > 0 => {
                let message = format!("the body is {left} bytes shorter than its stated length");
                Some(Err(io::Error::new(io::ErrorKind::UnexpectedEof, message)))
            }
            other => other,
        };
        if matches!(outcome, Some(Err(_))) {
            self.state = State::Failed(None);
            self.left = None;
        }
        outcome
    }
}

impl Stream for RequestPieces {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_piece(context).map(|piece| {
            let piece = self.check(piece);
            self.tell(piece.as_ref());
            piece
        })
    }
}

impl fmt::Debug for RequestPieces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestPieces").field("left", &self.left).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use super::*;

    /// A stream of prepared pieces.
    struct Prepared(std::vec::IntoIter<Bytes>);

    impl Stream for Prepared {
        type Item = io::Result<Bytes>;

        fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            Poll::Ready(self.0.next().map(Ok))
        }
    }

    fn stream(pieces: &[&'static str]) -> RequestBody {
        let pieces: Vec<Bytes> = pieces.iter().map(|piece| Bytes::from(*piece)).collect();
        RequestBody::stream(Prepared(pieces.into_iter()))
    }

    fn all(body: RequestBody) -> Result<String, String> {
        let mut pieces = body.into_pieces();
        let mut context = Context::from_waker(Waker::noop());
        let mut text = String::new();
        loop {
            match Pin::new(&mut pieces).poll_next(&mut context) {
                Poll::Ready(Some(Ok(piece))) => text.push_str(std::str::from_utf8(&piece).unwrap()),
                Poll::Ready(Some(Err(error))) => return Err(error.to_string()),
                Poll::Ready(None) => return Ok(text),
                Poll::Pending => panic!("nothing to wait for"),
            }
        }
    }

    #[test]
    fn parts_follow_each_other_and_add_up() {
        let last = stream(&["c", "de"]).with_length(3);
        let chain = RequestBody::chain(vec!["ab".into(), RequestBody::empty(), last]);
        assert_eq!(chain.length(), Some(5));
        assert!(chain.as_bytes().is_none());
        assert_eq!(all(chain.clone()), Ok("abcde".to_owned()));
        assert!(chain.is_spent());
        assert_eq!(all(chain), Err("the stream has been sent already".to_owned()));
        assert_eq!(RequestBody::chain(vec!["ab".into(), stream(&["c"])]).length(), None);
    }

    #[test]
    fn a_stream_is_held_to_its_stated_length() {
        let stated = |length| all(stream(&["abc", "d"]).with_length(length));
        assert_eq!(stated(4), Ok("abcd".to_owned()));
        assert_eq!(stated(6), Err("the body is 2 bytes shorter than its stated length".to_owned()));
        assert_eq!(stated(3), Err("the body is longer than its stated length".to_owned()));
    }

    #[test]
    fn debug_shows_nothing_of_the_content() {
        let shown = format!("{:?}", RequestBody::from("secret"));
        assert_eq!(shown, "RequestBody { length: Some(6), content_type: None, .. }");
    }
}
