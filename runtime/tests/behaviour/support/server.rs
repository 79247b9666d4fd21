//! A server that takes one request per connection, keeps its bytes, and plays what was prepared for it.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

/// What the server does next on a connection. After the last step it closes the connection.
pub(crate) enum Step {
    /// Sends bytes as they are.
    Send(Vec<u8>),
    /// Goes on after a while.
    Wait(Duration),
    /// Goes on when the test says so.
    Await(oneshot::Receiver<()>),
    /// Keeps the connection open and says nothing more.
    Hang,
}

/// A running server. It stops when the test's runtime does.
pub(crate) struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Starts a server on loopback that answers the first request with the first script, and so on.
    pub(crate) async fn start(scripts: impl IntoIterator<Item = Vec<Step>>) -> Self {
        Self::on(std::net::TcpListener::bind("127.0.0.1:0").unwrap(), scripts)
    }

    /// The same at an address that is known already.
    pub(crate) fn on(listener: std::net::TcpListener, scripts: impl IntoIterator<Item = Vec<Step>>) -> Self {
        listener.set_nonblocking(true).unwrap();
        let listener = TcpListener::from_std(listener).unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (kept, scripts) = (Arc::clone(&requests), scripts.into_iter().collect::<Vec<_>>());
        tokio::spawn(async move {
            for script in scripts {
                let (mut stream, _) = listener.accept().await.unwrap();
                let request = read_request(&mut stream).await;
                kept.lock().unwrap().push(request);
                tokio::spawn(play(stream, script));
            }
        });
        Self { address, requests }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests so far, byte for byte.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// The only request so far.
    pub(crate) fn request(&self) -> String {
        let [request] = <[String; 1]>::try_from(self.requests()).unwrap();
        request
    }
}

async fn read_request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let end_of_head = loop {
        read_more(stream, &mut bytes).await;
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end_of_head]).into_owned();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let length = end_of_head + length.map_or(0, |length| length.parse::<usize>().unwrap());
    let is_chunked = head.contains("transfer-encoding: chunked");
    while bytes.len() < length || (is_chunked && !bytes.ends_with(b"\r\n0\r\n\r\n")) {
        read_more(stream, &mut bytes).await;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

async fn read_more(stream: &mut TcpStream, bytes: &mut Vec<u8>) {
    let read = stream.read_buf(bytes).await.unwrap();
    assert!(read > 0, "the request ended early: {}", String::from_utf8_lossy(bytes));
}

async fn play(mut stream: TcpStream, script: Vec<Step>) {
    for step in script {
        match step {
            Step::Send(bytes) => {
                // The client may have gone already, which is its right.
                if stream.write_all(&bytes).await.is_err() {
                    return;
                }
            }
            Step::Wait(pause) => tokio::time::sleep(pause).await,
            Step::Await(signal) => signal.await.unwrap(),
            Step::Hang => std::future::pending::<()>().await,
        }
    }
}

/// An answer with a JSON body and further header lines.
pub(crate) fn json_answer(status: &str, headers: &[&str], body: &str) -> Vec<u8> {
    let mut answer = format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\nconnection: close\r\n");
    for header in headers {
        answer.push_str(header);
        answer.push_str("\r\n");
    }
    answer.push_str(&format!("content-length: {}\r\n\r\n{body}", body.len()));
    answer.into_bytes()
}
