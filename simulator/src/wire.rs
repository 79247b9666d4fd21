//! The bytes below HTTP: a listener that can stop listening, and connections that write something else than the server asks.

use std::{
    collections::VecDeque,
    future::Future as _,
    io,
    net::SocketAddr,
    pin::{Pin, pin},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{extract::connect_info::Connected, serve::IncomingStream};
use bytes::{Buf as _, Bytes};
use socket2::SockRef;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::Notify,
    time::Sleep,
};

use crate::fault_mode::FaultPlan;

/// How many connections wait to be accepted.
const BACKLOG: i32 = 1024;

/// Accepts connections, and lets them down where the plan says so.
pub(crate) struct Listener {
    /// None while nobody listens.
    listener: Option<TcpListener>,
    address: SocketAddr,
    plan: Option<FaultPlan>,
    pause: Arc<Notify>,
    accepted: u64,
}

impl Listener {
    /// Listens as the plan says. A notification of `pause` makes it stop for a moment.
    pub(crate) fn new(
        listener: TcpListener,
        address: SocketAddr,
        plan: Option<FaultPlan>,
        pause: Arc<Notify>,
    ) -> Self {
        Self { listener: Some(listener), address, plan, pause, accepted: 0 }
    }

    /// Stops listening for a moment, and keeps the port.
    async fn refuse(&mut self, refusal: Duration) -> io::Result<()> {
        // To the runtime, a socket that was shut down once is closed for good: it has to learn of it as of a new one.
        let Some(listener) = self.listener.take() else { return Ok(()) };
        let listener = listener.into_std()?;
        let socket = SockRef::from(&listener);
        socket.shutdown(std::net::Shutdown::Read)?;
        tokio::time::sleep(refusal).await;
        socket.listen(BACKLOG)?;
        self.listener = Some(TcpListener::from_std(listener)?);
        Ok(())
    }

    /// The next connection. `None` when it was time to refuse some.
    async fn next(&mut self) -> io::Result<Option<(TcpStream, SocketAddr)>> {
        let Some(listener) = &self.listener else {
            // Nothing can be done about it, and the simulator can still be stopped.
            return std::future::pending().await;
        };
        let Some(plan) = &self.plan else { return listener.accept().await.map(Some) };
        let refusal = plan.refusal;
        tokio::select! {
            accepted = listener.accept() => accepted.map(Some),
            () = self.pause.notified() => {
                if let Err(error) = self.refuse(refusal).await {
                    eprintln!("modelarts-simulator: cannot stop listening for a moment: {error}");
                }
                Ok(None)
            }
        }
    }
}

impl axum::serve::Listener for Listener {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        loop {
            let (stream, address) = match self.next().await {
                Ok(Some(accepted)) => accepted,
                Ok(None) => continue,
                Err(_) => {
                    // The system has no room for another connection just now.
                    tokio::time::sleep(Duration::from_millis(10)).await;
                    continue;
                }
            };
            self.accepted = self.accepted.wrapping_add(1);
            if self.plan.as_ref().is_some_and(|plan| plan.closes(self.accepted)) {
                continue;
            }
            // Without it, an answer in several pieces waits for the client's acknowledgement of the first.
            let _ = stream.set_nodelay(true);
            return (Connection::new(stream), address);
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}

/// What is written instead of the server's answer.
#[derive(Debug)]
pub(crate) struct Script {
    /// Pieces, and how long to wait before each.
    pub(crate) pieces: VecDeque<(Duration, Bytes)>,
    /// How long to wait after the last.
    pub(crate) pause: Duration,
    pub(crate) end: End,
}

/// What becomes of the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// It stays open for the next request.
    Open,
    /// It is closed in order.
    Closed,
    /// It is reset.
    Reset,
}

/// The place where a handler leaves a script for the connection that its request came on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wire(Arc<Mutex<Option<Script>>>);

impl Wire {
    /// Has this written instead of the next answer.
    pub(crate) fn write(&self, script: Script) {
        *self.locked() = Some(script);
    }

    fn locked(&self) -> MutexGuard<'_, Option<Script>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connected<IncomingStream<'_, Listener>> for Wire {
    fn connect_info(stream: IncomingStream<'_, Listener>) -> Self {
        stream.io().wire.clone()
    }
}

/// A connection that writes what the server asks, until it has a script.
pub(crate) struct Connection {
    stream: TcpStream,
    wire: Wire,
    playing: Option<Script>,
    waiting: Option<Pin<Box<Sleep>>>,
}

impl Connection {
    fn new(stream: TcpStream) -> Self {
        Self { stream, wire: Wire::default(), playing: None, waiting: None }
    }

    fn poll_pause(&mut self, context: &mut Context<'_>, pause: Duration) -> Poll<()> {
        if pause.is_zero() {
            return Poll::Ready(());
        }
        let waiting = self.waiting.get_or_insert_with(|| Box::pin(tokio::time::sleep(pause)));
        ready!(waiting.as_mut().poll(context));
        self.waiting = None;
        Poll::Ready(())
    }

    /// Plays the script to its end.
    fn poll_script(&mut self, context: &mut Context<'_>, script: &mut Script) -> Poll<io::Result<()>> {
        while let Some((pause, piece)) = script.pieces.front_mut() {
            ready!(self.poll_pause(context, *pause));
            *pause = Duration::ZERO;
            while !piece.is_empty() {
                let written = ready!(pin!(&mut self.stream).poll_write(context, piece))?;
                piece.advance(written);
            }
            script.pieces.pop_front();
        }
        ready!(self.poll_pause(context, script.pause));
        script.pause = Duration::ZERO;
        match script.end {
            End::Open => Poll::Ready(Ok(())),
            End::Closed => Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into())),
            End::Reset => {
                // The connection is reset when it is dropped, which the server does after an error.
                let _ = self.stream.set_zero_linger();
                Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()))
            }
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        pin!(&mut self.get_mut().stream).poll_read(context, into)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let script = this.playing.take().or_else(|| this.wire.locked().take());
        let Some(mut script) = script else {
            return pin!(&mut this.stream).poll_write(context, bytes);
        };
        match this.poll_script(context, &mut script) {
            Poll::Pending => {
                this.playing = Some(script);
                Poll::Pending
            }
            // The server's own answer is empty and comes in one piece.
            Poll::Ready(outcome) => Poll::Ready(outcome.map(|()| bytes.len())),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        pin!(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        pin!(&mut self.get_mut().stream).poll_shutdown(context)
    }
}
