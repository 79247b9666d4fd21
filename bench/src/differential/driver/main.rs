//! Makes planned calls with two clients of one description, and prints what a server on loopback got of each.
//!
//! The bench writes this file as it is beside `calls.rs`, which is generated, and `plan.json`.

mod calls;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
struct Plan {
    operations: Vec<PlannedOperation>,
}

#[derive(Deserialize)]
struct PlannedOperation {
    /// The headers that the peer's user has to add: credentials.
    headers: Vec<(String, String)>,
    calls: Vec<Call>,
}

/// The arguments of a call by slot, each as JSON.
#[derive(Deserialize)]
#[serde(transparent)]
pub struct Call {
    arguments: Vec<Option<serde_json::Value>>,
}

/// Why a call was not made.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unmade {
    /// The client's type cannot hold the argument.
    Unreadable(String),
    /// The client sent nothing.
    Unsent(String),
}

impl Call {
    pub fn required<T: DeserializeOwned>(&self, slot: usize) -> Result<T, Unmade> {
        self.optional(slot)?.ok_or_else(|| Unmade::Unreadable(format!("argument {slot} is missing")))
    }

    pub fn optional<T: DeserializeOwned>(&self, slot: usize) -> Result<Option<T>, Unmade> {
        let Some(value) = self.arguments.get(slot).and_then(Option::as_ref) else { return Ok(None) };
        let read = serde_json::from_str(&value.to_string());
        read.map(Some).map_err(|error| Unmade::Unreadable(format!("argument {slot}: {error}")))
    }
}

/// What a client said in the end.
pub fn said<T, E: std::fmt::Debug>(result: Result<T, E>) -> Result<String, Unmade> {
    Ok(result.err().map(|error| format!("{error:?}")).unwrap_or_default())
}

/// A request as it came.
#[derive(Serialize)]
struct Request {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: String,
}

#[derive(Serialize)]
struct Pair {
    operation: usize,
    call: usize,
    ours: Result<Request, Unmade>,
    theirs: Result<Request, Unmade>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let plan: Plan = serde_json::from_str(&std::fs::read_to_string("plan.json").unwrap()).unwrap();
    let (address, requests) = start();
    let base = format!("http://{address}/base");
    let ours = calls::our_client(&base);
    let mut peers = BTreeMap::new();
    for (operation, planned) in plan.operations.iter().enumerate() {
        let peer = peers.entry(planned.headers.clone()).or_insert_with(|| peer(&base, &planned.headers));
        for (call, arguments) in planned.calls.iter().enumerate() {
            let theirs = outcome(calls::theirs(operation, peer, arguments).await, &requests);
            let ours = outcome(calls::ours(operation, &ours, arguments).await, &requests);
            println!("{}", serde_json::to_string(&Pair { operation, call, ours, theirs }).unwrap());
        }
    }
}

fn peer(base: &str, headers: &[(String, String)]) -> theirs::Client {
    let headers = headers.iter().map(|(name, value)| {
        let name: reqwest::header::HeaderName = name.parse().unwrap();
        (name, value.parse().unwrap())
    });
    let client = reqwest::Client::builder().default_headers(headers.collect()).build().unwrap();
    theirs::Client::new_with_client(base, client)
}

/// The first request since the last call. There is one at most: the answer is none that is worth a retry.
fn outcome(said: Result<String, Unmade>, requests: &Receiver<Request>) -> Result<Request, Unmade> {
    let request = requests.try_iter().next();
    let said = said?;
    request.ok_or(Unmade::Unsent(said))
}

fn start() -> (SocketAddr, Receiver<Request>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, requests) = channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            answer(stream.unwrap(), &sender);
        }
    });
    (address, requests)
}

fn answer(mut stream: TcpStream, sender: &Sender<Request>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let mut words = line.split(' ').map(str::to_owned);
    let (Some(method), Some(target)) = (words.next(), words.next()) else { return };
    let mut headers: Vec<(String, String)> = Vec::new();
    loop {
        // A value may have bytes beyond ASCII.
        let mut line = Vec::new();
        reader.read_until(b'\n', &mut line).unwrap();
        let line = String::from_utf8_lossy(&line).trim_end().to_owned();
        let Some((name, value)) = line.split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let header = |name: &str| headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let mut body = Vec::new();
    if header("transfer-encoding").is_some_and(|value| value.eq_ignore_ascii_case("chunked")) {
        loop {
            let mut size = String::new();
            reader.read_line(&mut size).unwrap();
            let size = usize::from_str_radix(size.trim(), 16).unwrap();
            let mut chunk = vec![0; size + 2];
            reader.read_exact(&mut chunk).unwrap();
            if size == 0 {
                break;
            }
            body.extend_from_slice(&chunk[..size]);
        }
    } else if let Some(length) = header("content-length").and_then(|length| length.parse().ok()) {
        body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
    }
    let body = String::from_utf8_lossy(&body).into_owned();
    // Sent first: when the client has the answer, the request is there.
    let _ = sender.send(Request { method, target, headers, body });
    let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
}
