//! A server that keeps the requests it gets, and answers all of them with 204.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

/// A running server; it ends with the process.
pub(crate) struct Server {
    address: SocketAddr,
    requests: Receiver<Request>,
}

/// A request as it came.
pub(crate) struct Request {
    /// The path and the query.
    pub(crate) target: String,
    /// The names, in lower case, and the values of the headers.
    headers: Vec<(String, String)>,
}

impl Server {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, requests) = channel();
        thread::spawn(move || {
            for stream in listener.incoming() {
                answer(stream.unwrap(), &sender);
            }
        });
        Self { address, requests }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The next request.
    pub(crate) fn request(&self) -> Request {
        self.requests.recv().unwrap()
    }
}

impl Request {
    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

fn answer(mut stream: TcpStream, sender: &Sender<Request>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut line = || {
        let mut line = String::new();
        reader.by_ref().read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    };
    let target = line().split(' ').nth(1).unwrap().to_owned();
    let headers = std::iter::from_fn(|| {
        let line = line();
        let (name, value) = line.split_once(": ")?;
        Some((name.to_ascii_lowercase(), value.to_owned()))
    });
    let headers = headers.collect();
    stream.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n").unwrap();
    // Nobody may be interested any more, when a test has failed.
    let _ = sender.send(Request { target, headers });
}
