//! Clients without `async`.

use std::io::Read as _;

use clientsmith_runtime::blocking::Blocking;
use clientsmith_runtime::{
    Answer, Call, Core, DecodeError, Download, Error, Events, Items, Json, Page, Response, Wait,
};

use crate::support::{Reply, Server, Step, api, client, failure, fake_client, json, json_answer};

fn list_jobs(core: &Core) -> Items<Json, Json> {
    fn page(answer: &Answer) -> Result<Page<Json>, DecodeError> {
        Ok(Page::new(answer.json()?, None))
    }
    Items::new(Call::new(core, &api::LIST_JOBS), &api::BY_PAGE, page, failure)
}

/// A server and its client, on a thread with a runtime of its own, as they would be elsewhere.
fn served(scripts: Vec<Vec<u8>>) -> (Core, tokio::sync::oneshot::Sender<()>) {
    let (started, core) = std::sync::mpsc::channel();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async move {
            let server = Server::start(scripts.into_iter().map(|script| vec![Step::Send(script)])).await;
            started.send(client(&server)).unwrap();
            drop(stopped.await);
        });
    });
    (core.recv().unwrap(), stop)
}

#[test]
fn calls_waits_and_lists_are_made_on_the_callers_thread() {
    let replies = [
        Reply::answer(200, "[1,2]"),
        Reply::answer(200, "[3]"),
        Reply::answer(200, "{}"),
        Reply::answer(200, "{}"),
        Reply::answer(404, ""),
        Reply::answer(500, "{}"),
    ];
    let (core, _) = fake_client(replies);
    let blocking = Blocking::new().unwrap();
    let items: Vec<String> = blocking.iter(list_jobs(&core)).map(|item| item.unwrap().to_string()).collect();
    assert_eq!(items, ["1", "2", "3"]);
    let delete = api::filled(&core, &api::DELETE_JOB);
    let waited = blocking.run(Wait::start(delete, &api::UNTIL_DELETED, json, failure)).unwrap();
    assert_eq!(waited.polls(), 2);
    let mut failing = blocking.iter(list_jobs(&core));
    assert_eq!(failing.next().unwrap().unwrap_err().status().unwrap(), 500);
    assert!(failing.next().is_none());
}

#[test]
fn bodies_and_events_are_read_from_a_server() {
    let bytes = "HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\ncontent-length: 6\r\nconnection: close\r\n\r\nabcdef";
    let events = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\ndata: one\n\ndata: two\n\n";
    let (core, _stop) = served(vec![json_answer("200 OK", &[], "7"), bytes.into(), events.into()]);
    let blocking = Blocking::new().unwrap();
    let answer: Response<Json> = blocking.run(Call::new(&core, &api::LIST_JOBS).send(json, failure)).unwrap();
    assert_eq!(answer.to_string(), "7");
    // From another thread, with the same connections.
    let (blocking, core) = (blocking.clone(), core.clone());
    let other = std::thread::spawn(move || {
        let download: Result<Response<Download>, Error<Json>> =
            blocking.run(Call::new(&core, &api::DOWNLOAD).open(|incoming| incoming.download(), failure));
        let mut reader = blocking.read(download.unwrap().into_inner());
        let (mut start, mut rest) = ([0; 2], String::new());
        reader.read_exact(&mut start).unwrap();
        reader.read_to_string(&mut rest).unwrap();
        assert_eq!((&start, rest.as_str(), reader.get_ref().length()), (b"ab", "cdef", Some(6)));
        let events: Result<Response<Events<String>>, Error<Json>> =
            blocking.run(Call::new(&core, &api::DOWNLOAD).open(|incoming| incoming.text_events(), failure));
        blocking.iter(events.unwrap().into_inner()).map(|event| event.unwrap().data).collect::<Vec<_>>()
    });
    assert_eq!(other.join().unwrap(), ["one", "two"]);
}

#[tokio::test]
async fn inside_of_a_runtime_it_is_an_error_and_no_panic() {
    let (core, transport) = fake_client([]);
    let blocking = Blocking::new().unwrap();
    let error = blocking.run(Call::new(&core, &api::LIST_JOBS).send(json, failure)).unwrap_err();
    assert!(error.to_string().starts_with("blocking: a blocking call inside of a Tokio runtime"), "{error}");
    let error = blocking.iter(list_jobs(&core)).next().unwrap().unwrap_err();
    assert!(error.to_string().contains("`std::thread`"), "{error}");
    assert!(transport.requests().is_empty());
    drop(blocking);
}
