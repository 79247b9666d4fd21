//! A file as a body: read piece by piece while it is sent.

use std::io;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use tokio::fs::File;
use tokio::io::{AsyncRead as _, ReadBuf};

use super::{RequestBody, Source};
use crate::transport::BoxFuture;

/// How much is read at once, in bytes.
const PIECE: usize = 64 * 1024;

impl RequestBody {
    /// The file at `path`, of the length that it has now. It is opened when it is sent, and read piece by piece.
    ///
    /// # Errors
    ///
    /// When there is no such file, or it cannot be looked at.
    pub async fn file(path: impl AsRef<Path>) -> io::Result<Self> {
        let path: Arc<Path> = path.as_ref().into();
        let metadata = tokio::fs::metadata(&path).await?;
        if metadata.is_dir() {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder, not a file"));
        }
        let length = Some(metadata.len());
        Ok(Self { source: Source::File(path), length, content_type: None, progress: None })
    }

    /// An open file from where it stands, of a length that is not known. It can be sent once.
    #[must_use]
    pub fn open_file(file: File) -> Self {
        Self::stream(FilePieces { state: State::Reading(file), buffer: Vec::new() })
    }
}

/// The pieces of a file.
pub(super) struct FilePieces {
    state: State,
    buffer: Vec<u8>,
}

enum State {
    Opening(BoxFuture<'static, io::Result<File>>),
    Reading(File),
    Over,
}

impl FilePieces {
    pub(super) fn new(path: Arc<Path>) -> Self {
        Self { state: State::Opening(Box::pin(async move { File::open(&path).await })), buffer: Vec::new() }
    }
}

impl Stream for FilePieces {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            let outcome = match &mut this.state {
                State::Over => return Poll::Ready(None),
                State::Opening(file) => match ready!(file.as_mut().poll(context)) {
                    Ok(file) => {
                        this.state = State::Reading(file);
                        continue;
                    }
                    Err(error) => Err(error),
                },
                State::Reading(file) => {
                    this.buffer.resize(PIECE, 0);
                    let mut buffer = ReadBuf::new(&mut this.buffer);
                    let read = ready!(Pin::new(file).poll_read(context, &mut buffer));
                    read.map(|()| Bytes::copy_from_slice(buffer.filled()))
                }
            };
            return Poll::Ready(match outcome {
                Ok(piece) if piece.is_empty() => {
                    this.state = State::Over;
                    None
                }
                Ok(piece) => Some(Ok(piece)),
                Err(error) => {
                    this.state = State::Over;
                    Some(Err(error))
                }
            });
        }
    }
}
