//! A server that keeps the requests it gets, and answers them with what it was given, then with 204.

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
    pub(crate) method: String,
    /// The path and the query.
    pub(crate) target: String,
    pub(crate) body: String,
    /// The names, in lower case, and the values of the headers.
    headers: Vec<(String, String)>,
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::answering(&[])
    }

    /// A server whose first answers have these status lines, headers and bodies.
    pub(crate) fn answering(answers: &[(&str, &str, &str)]) -> Self {
        let answers = answers.iter().map(|(status, headers, body)| {
            let length = body.len();
            format!("HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}")
        });
        let mut answers = answers.collect::<Vec<_>>().into_iter();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, requests) = channel();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let with = answers.next().unwrap_or_else(|| NOTHING.to_owned());
                answer(stream.unwrap(), &with, &sender);
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

const NOTHING: &str = "HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";

fn answer(mut stream: TcpStream, with: &str, sender: &Sender<Request>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut line = || {
        let mut line = String::new();
        reader.by_ref().read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    };
    let first = line();
    let mut words = first.split(' ').map(str::to_owned);
    let (method, target) = (words.next().unwrap(), words.next().unwrap());
    let headers = std::iter::from_fn(|| {
        let line = line();
        let (name, value) = line.split_once(": ")?;
        Some((name.to_ascii_lowercase(), value.to_owned()))
    });
    let mut request = Request { method, target, body: String::new(), headers: headers.collect() };
    let length = request.header("content-length").map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    request.body = String::from_utf8(body).unwrap();
    stream.write_all(with.as_bytes()).unwrap();
    // Nobody may be interested any more, when a test has failed.
    let _ = sender.send(request);
}
