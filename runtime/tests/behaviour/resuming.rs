//! Parts of what a server has: asked for, gone on with after a break, and put into files.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use clientsmith_runtime::http::HeaderMap;
use clientsmith_runtime::{
    Call, Core, Download, Error, ErrorKind, Incoming, RetryPolicy, Settings, StreamError,
};

use crate::support::api::{API, FILE};
use crate::support::{FakeTransport, Reply, Server, Step, failure, retrying_client};

/// What the server has.
const WHOLE: &str = "0123456789";

/// A head as servers with parts write it.
fn head(length: usize, more: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    let mut headers = vec![
        ("content-type", "application/octet-stream".to_owned()),
        ("content-length", length.to_string()),
        ("accept-ranges", "bytes".to_owned()),
        ("etag", "\"v1\"".to_owned()),
    ];
    for (name, value) in more {
        headers.retain(|(known, _)| known != name);
        headers.push((name, (*value).to_owned()));
    }
    headers
}

/// The beginning of the whole, after which the connection breaks.
fn breaks_after(bytes: usize) -> Reply {
    Reply::Breaks(200, head(10, &[]), WHOLE[..bytes].to_owned())
}

fn part(first: usize, more: &[(&'static str, &str)]) -> Reply {
    let range = format!("bytes {first}-9/10");
    let headers = [&[("content-range", range.as_str())], more].concat();
    Reply::With(206, head(10 - first, &headers), WHOLE[first..].to_owned())
}

async fn open(core: &Core, change: impl FnOnce(&mut Call)) -> Result<Download, Error> {
    let mut call = Call::new(core, &FILE);
    change(&mut call);
    call.open(Incoming::download, failure).await.map(clientsmith_runtime::Response::into_inner)
}

/// A download by the standard policy.
async fn download(replies: impl IntoIterator<Item = Reply>) -> (Download, Arc<FakeTransport>) {
    let (core, transport) = retrying_client(RetryPolicy::standard(), replies);
    (open(&core, |_| ()).await.unwrap(), transport)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).map_or("", |value| value.to_str().unwrap())
}

/// What each request asked for: the range and its condition.
fn asked(transport: &FakeTransport) -> Vec<(String, String)> {
    let requests = transport.requests();
    let of = |request: &clientsmith_runtime::http::Request<_>| {
        (text(request.headers(), "range").to_owned(), text(request.headers(), "if-range").to_owned())
    };
    requests.iter().map(of).collect()
}

/// A path in a folder of the test's own.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("resuming").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn names(folder: &PathBuf) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_part_is_asked_for_and_told_from_the_whole() {
    let (core, transport) = retrying_client(
        RetryPolicy::off(),
        [
            part(4, &[]),
            Reply::With(200, head(10, &[]), WHOLE.to_owned()),
            Reply::With(416, vec![("content-range", "bytes */10".to_owned())], String::new()),
        ],
    );
    let partial = open(&core, |call| call.range(4..)).await.unwrap();
    assert!(partial.is_partial());
    assert_eq!((partial.offset(), partial.length(), partial.complete_length()), (4, Some(6), Some(10)));
    assert_eq!(partial.collect(10).await.unwrap(), "456789");
    let whole = open(&core, |call| call.range(4..6)).await.unwrap();
    assert!(!whole.is_partial(), "a server may pass over the range");
    assert_eq!((whole.offset(), whole.length(), whole.complete_length()), (0, Some(10), Some(10)));
    let error = open(&core, |call| call.range(10..)).await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 416);
    let ranges: Vec<String> = asked(&transport).into_iter().map(|(range, _)| range).collect();
    assert_eq!(ranges, ["bytes=4-", "bytes=4-5", "bytes=10-"]);
    assert_eq!(text(transport.requests()[0].headers(), "accept-encoding"), "identity");
}

#[tokio::test]
async fn another_part_than_the_one_asked_for_is_an_error() {
    let other = |range: Option<&str>| {
        let more: Vec<_> = range.map(|range| ("content-range", range)).into_iter().collect();
        Reply::With(206, head(3, &more), "456".to_owned())
    };
    for (range, detail) in [
        (Some("bytes 3-5/10"), "the server sent the bytes 3-5, where 4-6 were asked for"),
        (Some("bytes 4-7/10"), "the server sent the bytes 4-7, where 4-6 were asked for"),
        (Some("bytes 4-6/5"), "the server sent a part without saying which (`Content-Range`)"),
        (None, "the server sent a part without saying which (`Content-Range`)"),
    ] {
        let (core, _) = retrying_client(RetryPolicy::off(), [other(range)]);
        let error = open(&core, |call| call.range(4..=6)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert_eq!(error.to_string(), format!("getFile: {detail} (status 206)"));
    }
}

#[tokio::test]
async fn a_part_that_a_parameter_asks_for_goes_on_too() {
    let first = Reply::Breaks(206, head(6, &[("content-range", "bytes 4-9/10")]), "45".to_owned());
    let (core, transport) = retrying_client(RetryPolicy::standard(), [first, part(6, &[])]);
    let download = open(&core, |call| call.set_text(0, "bytes=4-")).await.unwrap();
    assert_eq!((download.offset(), download.length()), (4, Some(6)));
    assert_eq!(download.collect(10).await.unwrap(), "456789");
    let ranges: Vec<String> = asked(&transport).into_iter().map(|(range, _)| range).collect();
    assert_eq!(ranges, ["bytes=4-", "bytes=6-9"]);
}

#[tokio::test]
async fn a_part_that_nobody_asked_for_is_not_described() {
    let (core, _) = retrying_client(RetryPolicy::off(), [part(4, &[])]);
    assert_eq!(open(&core, |_| ()).await.unwrap_err().kind(), ErrorKind::UndocumentedStatus);
}

#[tokio::test]
async fn a_range_without_a_byte_is_not_sent() {
    let (core, transport) = retrying_client(RetryPolicy::off(), []);
    let error = open(&core, |call| call.range(4..4)).await.unwrap_err();
    assert_eq!(error.to_string(), "getFile: the range has no byte");
    assert!(transport.requests().is_empty());
}

#[tokio::test]
async fn a_download_that_breaks_goes_on_where_it_stopped() {
    let second = Reply::Breaks(206, head(7, &[("content-range", "bytes 3-9/10")]), "345".to_owned());
    let (download, transport) = download([breaks_after(3), second, part(6, &[])]).await;
    let told = Arc::new(Mutex::new(Vec::new()));
    let keep = Arc::clone(&told);
    let download =
        download.on_progress(move |received, length| keep.lock().unwrap().push((received, length)));
    assert_eq!(download.collect(10).await.unwrap(), WHOLE);
    let tag = || "\"v1\"".to_owned();
    let expected =
        [(String::new(), String::new()), ("bytes=3-9".to_owned(), tag()), ("bytes=6-9".to_owned(), tag())];
    assert_eq!(asked(&transport), expected);
    assert_eq!(*told.lock().unwrap(), [(3, Some(10)), (6, Some(10)), (10, Some(10))]);
    assert!(transport.elapsed() <= Duration::from_secs(2), "each piece starts the policy anew");
}

#[tokio::test]
async fn a_body_that_just_ends_has_broken_too() {
    let short = Reply::With(200, head(10, &[]), WHOLE[..3].to_owned());
    let (short, _) = download([short, part(3, &[])]).await;
    assert_eq!(short.collect(10).await.unwrap(), WHOLE);
    let long = Reply::With(200, head(9, &[]), WHOLE.to_owned());
    assert!(matches!(download([long]).await.0.collect(10).await, Err(StreamError::Broken(_))));
}

#[tokio::test]
async fn a_part_that_was_asked_for_goes_on_within_it() {
    let first = Reply::Breaks(206, head(4, &[("content-range", "bytes 2-5/10")]), "23".to_owned());
    let second = Reply::With(206, head(2, &[("content-range", "bytes 4-5/10")]), "45".to_owned());
    let (core, transport) = retrying_client(RetryPolicy::standard(), [first, second]);
    let download = open(&core, |call| call.range(2..6)).await.unwrap();
    assert_eq!(download.collect(10).await.unwrap(), "2345");
    assert_eq!(asked(&transport)[1], ("bytes=4-5".to_owned(), "\"v1\"".to_owned()));
}

#[tokio::test]
async fn a_server_that_sends_all_again_repeats_nothing() {
    let again = Reply::With(200, head(10, &[]), WHOLE.to_owned());
    let (download, _) = download([breaks_after(3), again]).await;
    assert_eq!(download.collect(10).await.unwrap(), WHOLE);
}

#[tokio::test]
async fn versions_are_never_mixed() {
    let changed = [("etag", "\"v2\"")];
    let longer = [("content-range", "bytes 3-9/11")];
    for reply in [
        Reply::With(200, head(10, &changed), "abcdefghij".to_owned()),
        part(3, &changed),
        Reply::With(206, head(7, &longer), WHOLE[3..].to_owned()),
        Reply::With(412, vec![], String::new()),
        Reply::With(416, vec![("content-range", "bytes */2".to_owned())], String::new()),
        // The same tag says nothing of a length that is not the same.
        Reply::With(200, head(3, &[]), "abc".to_owned()),
    ] {
        let (mut download, _) = download([breaks_after(3), reply]).await;
        assert_eq!(download.try_next().await.unwrap().unwrap(), "012");
        let error = download.try_next().await.unwrap_err();
        assert!(matches!(error, StreamError::Changed { received: 3 }), "{error}");
        assert_eq!(
            error.to_string(),
            "it broke after 3 bytes and has changed on the server since: start over"
        );
        assert!(download.try_next().await.unwrap().is_none());
    }
}

#[tokio::test]
async fn what_cannot_be_told_apart_is_not_gone_on_with() {
    let date = ("date", "Sun, 06 Nov 1994 08:50:00 GMT");
    for more in [
        vec![("etag", "W/\"v1\"")],
        vec![("etag", "v1")],
        vec![("accept-ranges", "none")],
        vec![("content-encoding", "gzip")],
        vec![("etag", ""), ("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT"), date],
    ] {
        let (mut download, transport) =
            download([Reply::Breaks(200, head(10, &more), WHOLE[..3].to_owned())]).await;
        assert_eq!(download.try_next().await.unwrap().unwrap(), "012");
        assert!(matches!(download.try_next().await, Err(StreamError::Broken(_))), "{more:?}");
        assert_eq!(transport.requests().len(), 1);
    }
}

#[tokio::test]
async fn passing_failures_are_outlasted_and_others_are_not() {
    let busy = || Reply::after(503, "7");
    let (outlasted, transport) = download([breaks_after(3), busy(), part(3, &[])]).await;
    assert_eq!(outlasted.collect(10).await.unwrap(), WHOLE);
    assert!(transport.elapsed() >= Duration::from_secs(7), "the server was left alone");
    let (mut given_up, transport) = download([breaks_after(3), busy(), busy()]).await;
    given_up.try_next().await.unwrap();
    let error = given_up.try_next().await.unwrap_err();
    assert!(matches!(&error, StreamError::Refused(error) if error.status().unwrap() == 503), "{error}");
    assert_eq!(transport.requests().len(), 3, "three attempts since the last piece");
    let (mut refused, _) = download([breaks_after(3), Reply::answer(404, "{}")]).await;
    refused.try_next().await.unwrap();
    let error = refused.try_next().await.unwrap_err();
    assert!(matches!(&error, StreamError::Refused(error) if error.status().unwrap() == 404), "{error}");
    assert!(error.to_string().starts_with("it broke and could not go on: getFile: "), "{error}");
}

#[tokio::test]
async fn the_policy_and_the_budget_are_kept() {
    let (core, transport) = retrying_client(RetryPolicy::off(), [breaks_after(3)]);
    let mut off = open(&core, |_| ()).await.unwrap();
    off.try_next().await.unwrap();
    assert!(matches!(off.try_next().await, Err(StreamError::Broken(_))));
    assert_eq!(transport.requests().len(), 1);
    // Each piece starts the policy anew; the budget is what ends a server that gives one byte at a time.
    let one_by_one = (0..9).map(|at| {
        if at == 0 {
            return breaks_after(1);
        }
        let range = format!("bytes {at}-9/10");
        Reply::Breaks(206, head(10 - at, &[("content-range", range.as_str())]), WHOLE[at..=at].to_owned())
    });
    let (core, transport) = retrying_client(RetryPolicy::standard().budget(20), one_by_one);
    let mut poor = open(&core, |_| ()).await.unwrap();
    for _ in 0..5 {
        poor.try_next().await.unwrap();
    }
    assert!(matches!(poor.try_next().await, Err(StreamError::Broken(_))));
    assert_eq!(transport.requests().len(), 5, "4 times 5 of 20");
}

/// What a server on loopback sends: a head, and as much of a body as it comes to.
fn sent(status: &str, first: usize, until: usize, whole: &[u8]) -> Vec<Step> {
    let last = whole.len() - 1;
    let mut bytes = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/octet-stream\r\naccept-ranges: bytes\r\netag: \"v1\"\r\n\
         content-length: {}\r\ncontent-range: bytes {first}-{last}/{}\r\n\r\n",
        whole.len() - first,
        whole.len(),
    )
    .into_bytes();
    bytes.extend_from_slice(&whole[first..until]);
    vec![Step::Send(bytes)]
}

#[tokio::test]
async fn a_file_is_whole_although_the_connection_broke_twice() {
    let whole: Vec<u8> = (0..3_000_000_u32).map(|at| (at % 251) as u8).collect();
    let (a, b) = (1_000_003, 2_000_017);
    let server = Server::start([
        sent("200 OK", 0, a, &whole),
        sent("206 Partial Content", a, b, &whole),
        sent("206 Partial Content", b, whole.len(), &whole),
    ])
    .await;
    let mut settings = Settings::new(&API);
    settings.endpoint(server.url());
    settings.retry(RetryPolicy::standard().base(Duration::from_millis(1)));
    let path = folder("twice").join("file");
    let download = open(&settings.build().unwrap(), |_| ()).await.unwrap();
    assert_eq!(download.save(&path).await.unwrap(), 3_000_000);
    assert!(std::fs::read(&path).unwrap() == whole);
    let requests = server.requests();
    assert_eq!(requests.len(), 3);
    assert!(requests[1].contains(&format!("range: bytes={a}-2999999\r\n")), "{}", requests[1]);
    assert!(requests[2].contains(&format!("range: bytes={b}-2999999\r\n")), "{}", requests[2]);
    assert!(requests[2].contains("if-range: \"v1\"\r\n"), "{}", requests[2]);
}

#[tokio::test]
async fn a_file_is_replaced_when_the_new_one_is_whole() {
    let folder = folder("replaced");
    let path = folder.join("file");
    std::fs::write(&path, "old").unwrap();
    let (broken, _) = download([Reply::Breaks(200, vec![], WHOLE[..3].to_owned())]).await;
    assert!(matches!(broken.save(&path).await, Err(StreamError::Broken(_))));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "old");
    assert_eq!(names(&folder), ["file"], "nothing is left behind");
    let (hangs, _) = download([Reply::BodyHangs(200, WHOLE[..3].to_owned())]).await;
    let dropped =
        tokio::time::timeout(Duration::from_millis(50), hangs.stall_timeout(Duration::MAX).save(&path)).await;
    assert!(dropped.is_err());
    assert_eq!(
        (std::fs::read_to_string(&path).unwrap(), names(&folder)),
        ("old".to_owned(), vec!["file".to_owned()])
    );
    let (whole, _) = download([Reply::With(200, vec![], WHOLE.to_owned())]).await;
    assert_eq!(whole.save(&path).await.unwrap(), 10);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), WHOLE);
    assert_eq!(names(&folder), ["file"]);
    let (nowhere, _) = download([Reply::With(200, vec![], WHOLE.to_owned())]).await;
    assert!(matches!(nowhere.save(&folder).await, Err(StreamError::Write(_))));
}

#[cfg(unix)]
#[tokio::test]
async fn links_permissions_and_devices_stay_what_they_are() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let folder = folder("kept");
    let (path, link) = (folder.join("file"), folder.join("link"));
    std::fs::write(&path, "old").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    symlink("file", &link).unwrap();
    let (whole, _) = download([Reply::With(200, vec![], WHOLE.to_owned())]).await;
    whole.save(&link).await.unwrap();
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(std::fs::read_to_string(&path).unwrap(), WHOLE);
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let (whole, _) = download([Reply::With(200, vec![], WHOLE.to_owned())]).await;
    let device = folder.join("device");
    symlink("/dev/null", &device).unwrap();
    assert_eq!(whole.save(&device).await.unwrap(), 10);
    assert!(std::fs::symlink_metadata(&device).unwrap().is_symlink());
    assert_eq!(std::fs::read_to_string(&device).unwrap(), "");
}

#[tokio::test]
async fn a_file_goes_on_the_next_time() {
    let folder = folder("resumed");
    let path = folder.join("file");
    let (core, transport) = retrying_client(
        RetryPolicy::off(),
        [
            breaks_after(3),
            Reply::With(200, head(10, &[]), WHOLE.to_owned()),
            Reply::Breaks(206, head(7, &[("content-range", "bytes 3-9/10")]), "345".to_owned()),
            breaks_after(1),
            part(6, &[]),
        ],
    );
    let first = open(&core, |_| ()).await.unwrap();
    assert!(matches!(first.save_resumable(&path).await, Err(StreamError::Broken(_))));
    assert!(!path.exists());
    assert_eq!(std::fs::read_to_string(folder.join(&names(&folder)[0])).unwrap(), "012");
    let second = open(&core, |_| ()).await.unwrap();
    assert!(matches!(second.save_resumable(&path).await, Err(StreamError::Broken(_))));
    let third = open(&core, |_| ()).await.unwrap();
    assert_eq!(third.save_resumable(&path).await.unwrap(), 10);
    assert_eq!(
        (std::fs::read_to_string(&path).unwrap(), names(&folder)),
        (WHOLE.to_owned(), vec!["file".to_owned()])
    );
    let ranges: Vec<String> = asked(&transport).into_iter().map(|(range, _)| range).collect();
    assert_eq!(ranges, ["", "", "bytes=3-9", "", "bytes=6-9"]);
}

#[tokio::test]
async fn a_file_of_another_version_is_not_gone_on_with() {
    let folder = folder("other-version");
    let path = folder.join("file");
    let (core, _) = retrying_client(
        RetryPolicy::off(),
        [breaks_after(3), Reply::With(200, head(10, &[("etag", "\"v2\"")]), "abcdefghij".to_owned())],
    );
    let first = open(&core, |_| ()).await.unwrap();
    assert!(first.save_resumable(&path).await.is_err());
    let second = open(&core, |_| ()).await.unwrap();
    assert_eq!(second.save_resumable(&path).await.unwrap(), 10);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "abcdefghij");
}
