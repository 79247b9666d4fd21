//! Compressed answers: read as what they are, and limited by what they become.

use std::io::Write as _;

use clientsmith_runtime::{Error, ErrorKind, Incoming, Json, Limits};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::support::api::{DELETE_JOB, DOWNLOAD, filled};
use crate::support::{Server, Step, client, failure, send};

fn compressed(pieces: impl IntoIterator<Item = Vec<u8>>) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    for piece in pieces {
        encoder.write_all(&piece).unwrap();
    }
    encoder.finish().unwrap()
}

fn answer(media_type: &str, body: &[u8]) -> Vec<Step> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: {media_type}\r\ncontent-encoding: gzip\r\ncontent-length: {length}\r\nconnection: \
         close\r\n\r\n"
    );
    vec![Step::Send(head.into_bytes()), Step::Send(body.to_vec())]
}

#[tokio::test]
async fn a_compressed_answer_is_asked_for_and_read() {
    let body = compressed([b"[1, 2]".to_vec()]);
    let server =
        Server::start([answer("application/json", &body), answer("application/octet-stream", &body)]).await;
    let response = send(filled(&client(&server), &DELETE_JOB)).await.unwrap();
    assert_eq!(response.into_inner().text(), "[1, 2]");
    assert!(server.request().contains("accept-encoding: gzip\r\n"), "{}", server.request());

    let outcome: Result<_, Error<Json>> =
        filled(&client(&server), &DOWNLOAD).open(Incoming::download, failure).await;
    let download = outcome.unwrap().into_inner();
    assert_eq!(download.length(), None, "that of the compressed bytes means nothing");
    assert_eq!(download.collect(100).await.unwrap(), "[1, 2]");
}

#[tokio::test]
async fn a_compressed_answer_that_is_cut_off_is_an_error() {
    let body = compressed([(0..50_000_u32).flat_map(u32::to_le_bytes).collect()]);
    let mut cut = answer("application/json", &body);
    cut.pop();
    cut.push(Step::Send(body[..body.len() / 2].to_vec()));
    let server = Server::start([cut]).await;
    assert_eq!(send(filled(&client(&server), &DELETE_JOB)).await.unwrap_err().kind(), ErrorKind::Transport);
}

/// Runs itself again, so that no other test takes memory.
#[tokio::test]
async fn a_bomb_ends_at_the_limit_and_takes_little_memory() {
    const AGAIN: &str = "CLIENTSMITH_TEST_BOMB";
    if std::env::var_os(AGAIN).is_none() {
        let again = tokio::task::spawn_blocking(|| {
            std::process::Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "gzip::a_bomb_ends_at_the_limit_and_takes_little_memory"])
                .env(AGAIN, "1")
                .output()
                .unwrap()
        });
        let again = again.await.unwrap();
        assert!(again.status.success(), "{}", String::from_utf8_lossy(&again.stdout));
        return;
    }
    // A thousand times as large as it looks.
    let bomb = compressed((0..512).map(|_| vec![b' '; 1 << 20]));
    assert!(bomb.len() < 1 << 20);
    let server = Server::start([answer("application/json", &bomb)]).await;
    let mut call = filled(&client(&server), &DELETE_JOB);
    call.limits(Limits::new().body(1 << 20));
    let error = send(call).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    if let Some(peak) = peak {
        let kilobytes: u64 = peak.trim().trim_end_matches(" kB").parse().unwrap();
        assert!(kilobytes < 100 * 1024, "{kilobytes} kB, of a body of 512 MB");
    }
}
