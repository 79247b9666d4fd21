//! Calls, lists and streams for programs without `async`.
//!
//! A [`Blocking`] has a Tokio runtime of its own and drives on the caller's thread what is awaited elsewhere: a call, a
//! [`Wait`](crate::Wait), the futures of a [`Download`]. What is a stream elsewhere is an iterator here.
//!
//! ```no_run
//! # use clientsmith_runtime::blocking::Blocking;
//! # use clientsmith_runtime::{Call, Error, Items, Json, Response};
//! # fn run(
//! #     get: impl IntoFuture<Output = Result<Response<Json>, Error>>,
//! #     list: Items<Json, Json>,
//! # ) -> Result<(), Box<dyn std::error::Error>> {
//! let blocking = Blocking::new()?;
//! let job = blocking.run(get)?; // client.jobs().get(7)
//! for job in blocking.iter(list) {
//!     // client.jobs().list().items()
//!     println!("{}", job?);
//! }
//! # Ok(())
//! # }
//! ```

use std::io::{self, Read};
use std::pin::Pin;
use std::sync::Arc;

use bytes::{Buf as _, Bytes};
use futures_core::Stream;
use tokio::runtime::{Builder, Handle, Runtime};

use crate::error::{Error, ErrorKind, Failure};
use crate::stream::{Download, StreamError};

/// What is said to who waits where others would have to wait too.
const INSIDE: &str = "a blocking call inside of a Tokio runtime would hold up all that runs on it: await it there, or make it on \
                      a thread of its own (`std::thread`)";

/// Waits for calls on the thread that makes them. Cloning it is cheap; clones and their threads share one runtime, which has no
/// threads of its own: nothing runs while nobody waits.
///
/// A client's connections belong to the runtime that its calls are made on, so that a client is used with one `Blocking` and its
/// clones, and is not awaited elsewhere at the same time.
#[derive(Clone, Debug)]
pub struct Blocking(Arc<Owned>);

#[derive(Debug)]
struct Owned(Option<Runtime>);

impl Drop for Owned {
    fn drop(&mut self) {
        // Inside of another runtime, where this may be dropped, it must not be waited for.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// An error that can say that somebody waited where that is not possible.
pub trait Misplaced: sealed::Sealed + Sized {
    #[doc(hidden)]
    fn misplaced() -> Self;
}

mod sealed {
    pub trait Sealed {}
    impl<E> Sealed for crate::error::Error<E> {}
    impl Sealed for crate::stream::StreamError {}
}

impl<E> Misplaced for Error<E> {
    fn misplaced() -> Self {
        Self::new(Box::new(Failure::new(ErrorKind::InvalidCall, "blocking", INSIDE)), None)
    }
}

impl Misplaced for StreamError {
    fn misplaced() -> Self {
        Self::Write(io::Error::other(INSIDE))
    }
}

impl Blocking {
    /// Sets a runtime up.
    ///
    /// # Errors
    ///
    /// When the operating system does not have what it needs.
    pub fn new() -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        Ok(Self(Arc::new(Owned(Some(runtime)))))
    }

    /// Waits for what comes of a call, or of anything else of a client that is awaited.
    ///
    /// # Errors
    ///
    /// Those of the call; inside of a Tokio runtime, an error that says so, and nothing is sent.
    pub fn run<T, X: Misplaced>(&self, call: impl IntoFuture<Output = Result<T, X>>) -> Result<T, X> {
        self.wait(call.into_future()).unwrap_or_else(|| Err(X::misplaced()))
    }

    /// The items of a list, or of another stream of a client: its pages, events, lines, or the pieces of a body.
    pub fn iter<S>(&self, stream: S) -> Iter<S>
    where
        S: Stream + Unpin,
    {
        Iter { blocking: self.clone(), stream, is_over: false }
    }

    /// A body as what [`std::io`] reads.
    pub fn read(&self, download: Download) -> Reader {
        Reader { blocking: self.clone(), download, piece: Bytes::new() }
    }

    /// `None` where it is not possible to wait.
    fn wait<F: Future>(&self, future: F) -> Option<F::Output> {
        if Handle::try_current().is_ok() {
            return None;
        }
        self.0.0.as_ref().map(|runtime| runtime.block_on(future))
    }
}

async fn next<S: Stream + Unpin>(stream: &mut S) -> Option<S::Item> {
    std::future::poll_fn(|context| Pin::new(&mut *stream).poll_next(context)).await
}

/// What comes of a stream, one item after the other. An error of a list ends it; what else it does is as the stream itself says.
#[derive(Debug)]
#[must_use = "nothing is asked for before the first item is"]
pub struct Iter<S> {
    blocking: Blocking,
    stream: S,
    is_over: bool,
}

impl<S> Iter<S> {
    /// The stream, for what else it can tell.
    pub fn get_ref(&self) -> &S {
        &self.stream
    }

    /// The stream, to go on with it elsewhere.
    pub fn into_inner(self) -> S {
        self.stream
    }
}

impl<S, T, X> Iterator for Iter<S>
where
    S: Stream<Item = Result<T, X>> + Unpin,
    X: Misplaced,
{
    type Item = Result<T, X>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let Some(item) = self.blocking.wait(next(&mut self.stream)) else {
            self.is_over = true;
            return Some(Err(X::misplaced()));
        };
        self.is_over = item.is_none();
        item
    }
}

/// A body that is read piece by piece.
#[derive(Debug)]
pub struct Reader {
    blocking: Blocking,
    download: Download,
    piece: Bytes,
}

impl Reader {
    /// The body itself, for its length and media type.
    pub fn get_ref(&self) -> &Download {
        &self.download
    }
}

impl Read for Reader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.piece.is_empty() && !buffer.is_empty() {
            let piece = self.blocking.wait(next(&mut self.download));
            match piece.unwrap_or_else(|| Some(Err(StreamError::misplaced()))) {
                None => return Ok(0),
                Some(Ok(piece)) => self.piece = piece,
                Some(Err(StreamError::Write(error))) => return Err(error),
                Some(Err(error)) => return Err(io::Error::other(error)),
            }
        }
        let count = self.piece.len().min(buffer.len());
        self.piece.split_to(count).copy_to_slice(buffer.get_mut(..count).unwrap_or_default());
        Ok(count)
    }
}
