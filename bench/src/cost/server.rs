//! A server of fixed answers on loopback: HTTP/1.1 with connections that stay open, and as little work as can be.

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::{env, thread};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A page of training jobs, about 1 kB.
const LIST: &str = include_str!("list.json");

/// A workspace, about 1 kB.
const CREATED: &str = include_str!("created.json");

/// The server in a process of its own, which ends with this value.
#[derive(Debug)]
pub(crate) struct Server {
    process: Child,
    address: SocketAddr,
}

impl Server {
    /// Starts the process.
    pub(crate) fn start() -> io::Result<Self> {
        let mut process = Command::new(env::current_exe()?)
            .args(["cost", "serve"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        if let Some(stdout) = process.stdout.as_mut() {
            io::BufRead::read_line(&mut io::BufReader::new(stdout), &mut line)?;
        }
        let address = line.trim().parse().map_err(io::Error::other)?;
        Ok(Self { process, address })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The end of its standard input is the end of the process.
        drop(self.process.stdin.take());
        // Nothing is left to be done about a process that cannot be waited for.
        let _ = self.process.wait();
    }
}

/// Serves until the standard input ends. The first line of the standard output is the address.
pub(crate) fn run() -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        println!("{}", listener.local_addr()?);
        let (end, mut ended) = tokio::sync::oneshot::channel();
        thread::spawn(move || {
            let input = io::stdin().read_to_end(&mut Vec::new());
            // When the other side is gone, so is the server.
            let _ = end.send(input.map(drop));
        });
        loop {
            tokio::select! {
                accepted = listener.accept() => {
                    let (stream, _) = accepted?;
                    stream.set_nodelay(true)?;
                    tokio::spawn(serve(stream));
                }
                _ = &mut ended => return Ok(()),
            }
        }
    })
}

/// Answers the requests of one connection, until it breaks or ends.
async fn serve(mut stream: TcpStream) -> io::Result<()> {
    let (list, created) = (answer(LIST), answer(CREATED));
    let mut received = Vec::with_capacity(16 * 1024);
    loop {
        while let Some(length) = request_length(&received) {
            let answer = if received.starts_with(b"GET") { &list } else { &created };
            received.drain(..length);
            stream.write_all(answer).await?;
        }
        if stream.read_buf(&mut received).await? == 0 {
            return Ok(());
        }
    }
}

/// Takes one request of one connection, answers it, and hands the request back.
pub(crate) fn take_one(listener: &TcpListener) -> io::Result<Vec<u8>> {
    let (mut stream, _) = listener.accept()?;
    let mut received = Vec::new();
    let mut piece = [0; 4096];
    loop {
        if let Some(length) = request_length(&received) {
            received.truncate(length);
            let body = if received.starts_with(b"GET") { LIST } else { CREATED };
            stream.write_all(&answer(body))?;
            return Ok(received);
        }
        let count = stream.read(&mut piece)?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        received.extend(piece.iter().take(count));
    }
}

/// How long the request is that these bytes begin with, once all of it is there.
fn request_length(received: &[u8]) -> Option<usize> {
    const END: &[u8] = b"\r\n\r\n";
    let head = received.windows(END.len()).position(|window| window == END)? + END.len();
    let text = str::from_utf8(received.get(..head)?).ok()?;
    let length = text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    let whole = head + length.unwrap_or(0);
    (received.len() >= whole).then_some(whole)
}

fn answer(body: &str) -> Vec<u8> {
    let body = body.trim_end();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Request-Id: 5b8f5c3e6ad74d0f9e0a0a9b6c1d2e3f\r\n\
         Date: Tue, 24 Nov 2026 08:00:00 GMT\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_complete_with_its_body() {
        assert_eq!(request_length(b"GET / HTTP/1.1\r\nHost: a\r\n"), None);
        assert_eq!(request_length(b"GET / HTTP/1.1\r\nHost: a\r\n\r\nGET"), Some(27));
        assert_eq!(request_length(b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{"), None);
        assert_eq!(request_length(b"POST / HTTP/1.1\r\ncontent-length: 2\r\n\r\n{}"), Some(40));
    }

    #[test]
    fn answers_are_small() {
        for body in [LIST, CREATED] {
            assert!((700..1200).contains(&body.len()), "{}", body.len());
        }
    }
}
