//! What the default transport asks of a connection: its heads, TLS, proxies, and its end when nobody waits any more.

use std::sync::Arc;
use std::time::Duration;

use clientsmith_runtime::auth::{Attempt, AuthError, Authenticate, Bearer, Credential};
use clientsmith_runtime::transport::{ReqwestTransport, ReqwestTransportBuilder};
use clientsmith_runtime::{BoxFuture, Core, Error, ErrorKind, Incoming, Json, RetryPolicy, Settings};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::support::api::{API, BY_METHOD, BY_TOKEN, DELETE_JOB, DOWNLOAD, TOKEN, filled};
use crate::support::{Outcome, Server, Step, client, failure, json_answer, send};

/// A client of that endpoint with a transport of its own settings.
fn over(endpoint: &str, transport: ReqwestTransportBuilder) -> Settings {
    let mut settings = Settings::new(&API);
    settings.endpoint(endpoint);
    settings.retry(RetryPolicy::off());
    settings.transport(Arc::new(transport.build().unwrap()));
    settings
}

async fn get(core: &Core) -> Outcome {
    let [get, ..] = &BY_METHOD;
    send(filled(core, get)).await
}

#[tokio::test]
async fn a_head_without_an_end_is_given_up() {
    // They are 600 KB and 2 MB.
    let endless = |line: fn(usize) -> String| {
        let mut script = vec![Step::Send(b"HTTP/1.1 200 OK\r\n".to_vec())];
        script.extend((0..2_000).map(|at| Step::Send(line(at).into_bytes())));
        script.push(Step::Hang);
        script
    };
    let many = |at| format!("x-{at}: {}\r\n", "y".repeat(300));
    let long = |at| if at == 0 { format!("x: {}", "y".repeat(1024)) } else { "y".repeat(1024) };
    for script in [endless(many), endless(long)] {
        let server = Server::start([script]).await;
        let error = get(&client(&server)).await.unwrap_err();
        assert_eq!((error.kind(), error.status()), (ErrorKind::Transport, None), "{error}");
        assert!(error.to_string().contains("too large") || error.to_string().contains("headers"), "{error}");
    }
}

#[tokio::test]
async fn what_goes_to_other_machines_goes_by_way_of_a_given_proxy() {
    let proxy = Server::start([vec![Step::Send(json_answer("200 OK", &[], "{}"))]]).await;
    let builder = || ReqwestTransport::builder().proxy(proxy.url());
    get(&over("http://api.example.com", builder()).build().unwrap()).await.unwrap();
    assert!(proxy.request().starts_with("GET http://api.example.com/x HTTP/1.1\r\n"), "{}", proxy.request());
    // What stays here is not shown to it.
    let here = Server::start([vec![Step::Send(json_answer("200 OK", &[], "{}"))]]).await;
    get(&over(&here.url(), builder()).build().unwrap()).await.unwrap();
    assert_eq!((proxy.requests().len(), here.requests().len()), (1, 1));
}

#[tokio::test]
async fn a_proxy_sees_nothing_of_what_is_encrypted() {
    let proxy =
        Server::start([vec![Step::Send(b"HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n".to_vec())]]).await;
    let url = proxy.url().replace("http://", "http://me:pass@");
    let mut settings = over("https://api.example.com", ReqwestTransport::builder().proxy(url));
    settings.credential(Credential::new(TOKEN, Bearer::new("hidden-token")));
    let error = send(filled(&settings.build().unwrap(), &BY_TOKEN)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
    let request = proxy.request();
    assert!(request.starts_with("CONNECT api.example.com:443 HTTP/1.1\r\n"), "{request}");
    assert!(request.to_lowercase().contains("proxy-authorization: basic bwu6cgfzcw==\r\n"), "{request}");
    assert!(!request.contains("hidden") && !request.contains("by-token"), "{request}");
    let shown = format!("{:?} {error} {error:?}", ReqwestTransport::builder().proxy("http://me:pass@x"));
    assert!(!shown.contains("pass"), "{shown}");
    let error = ReqwestTransport::builder().proxy("http://me:pass@").build().unwrap_err();
    assert!(!format!("{error} {error:?}").contains("pass"), "{error:?}");
}

/// The versions of TLS that a client offers first (RFC 8446 §4.2.1).
fn offered(hello: &[u8]) -> Vec<u16> {
    let at = hello.windows(2).enumerate().find_map(|(at, kind)| {
        let length = *hello.get(at + 4)?;
        let fits = kind == [0, 0x2b] && hello.get(at + 2..at + 4)? == [0, length + 1] && length % 2 == 0;
        fits.then_some((at + 5, usize::from(length)))
    });
    let (at, length) = at.unwrap();
    hello[at..at + length].chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect()
}

#[tokio::test]
async fn tls_is_offered_from_version_1_2_on() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let hello = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut hello = vec![0; 16 * 1024];
        let read = stream.read(&mut hello).await.unwrap();
        hello.truncate(read);
        hello
    });
    let error = get(&over(&url, ReqwestTransport::builder()).build().unwrap()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    let mut versions = offered(&hello.await.unwrap());
    versions.sort_unstable();
    assert_eq!(versions, [0x0303, 0x0304]);
}

/// Never proves anything.
#[derive(Debug)]
struct Stuck;

impl Authenticate for Stuck {
    fn authenticate<'a>(&'a self, _: Attempt<'a>) -> BoxFuture<'a, Result<(), AuthError>> {
        Box::pin(std::future::pending())
    }
}

/// A server that answers what it reads with a beginning, and then says nothing.
struct Silent {
    url: String,
    /// It has read something, and said the beginning.
    asked: Arc<Notify>,
    /// The client has gone.
    gone: JoinHandle<()>,
}

impl Silent {
    async fn start(beginning: &'static [u8]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Notify::new());
        let tell = Arc::clone(&asked);
        let gone = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = vec![0; 4096];
            while stream.read(&mut request).await.is_ok_and(|read| read > 0) {
                stream.write_all(beginning).await.unwrap();
                tell.notify_one();
            }
        });
        Self { url, asked, gone }
    }

    async fn has_been_left(self) {
        tokio::time::timeout(Duration::from_secs(20), self.gone)
            .await
            .expect("the connection is closed")
            .unwrap();
    }
}

async fn all_ended(at_first: usize) {
    let alive = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
    for _ in 0..2_000 {
        if alive() <= at_first {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{} tasks are left of {at_first}", alive());
}

/// Begins `call`, and drops it a moment after `when`.
async fn dropped<T>(call: impl Future<Output = T>, when: impl Future<Output = ()>) {
    let when = async {
        when.await;
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    tokio::select! {
        _ = call => panic!("it is over"),
        () = when => {}
    }
}

#[tokio::test]
async fn dropping_a_call_leaves_nothing_running_whatever_it_waited_for() {
    let alive = tokio::runtime::Handle::current().metrics().num_alive_tasks();
    let core = |url: &str| over(url, ReqwestTransport::builder()).build().unwrap();
    // Its credentials.
    let mut settings = over("http://127.0.0.1:9", ReqwestTransport::builder());
    settings.credential(Credential::new(TOKEN, Stuck));
    dropped(send(filled(&settings.build().unwrap(), &BY_TOKEN)), async {}).await;
    all_ended(alive).await;
    // The handshake, the head, and the body.
    for (scheme, start) in [
        ("https", &b""[..]),
        ("http", b""),
        ("http", b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"),
    ] {
        let server = Silent::start(start).await;
        let core = core(&server.url.replace("http", scheme));
        dropped(send(filled(&core, &DELETE_JOB)), server.asked.notified()).await;
        server.has_been_left().await;
        all_ended(alive).await;
    }
    // A stream that is read no further.
    let head = b"HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\n\r\nab";
    let server = Silent::start(head).await;
    let outcome: Result<_, Error<Json>> =
        filled(&core(&server.url), &DOWNLOAD).open(Incoming::download, failure).await;
    let mut download = outcome.unwrap().into_inner();
    assert_eq!(download.try_next().await.unwrap().unwrap(), "ab");
    drop(download);
    server.has_been_left().await;
    all_ended(alive).await;
    // A pause between attempts.
    let busy = || vec![Step::Send(json_answer("503 Busy", &[], "{}"))];
    let server = Server::start([busy()]).await;
    let mut call = filled(&core(&server.url()), &DELETE_JOB);
    call.retry(RetryPolicy::standard().base(Duration::from_secs(3600)).cap(Duration::from_secs(3600)));
    call.timeout(Duration::from_secs(7200));
    let asked = async {
        while server.requests().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    dropped(send(call), asked).await;
    assert_eq!(server.requests().len(), 1);
    all_ended(alive).await;
}
