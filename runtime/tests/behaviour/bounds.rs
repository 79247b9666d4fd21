//! What can be moved between threads, as the compiler sees it, and how large it is.

use clientsmith_runtime::{
    Answer, BoxFuture, Call, Core, Download, Error, Events, Items, Json, Lines, Progress, Response, Settings,
    Wait, Waited,
};

use crate::support::api::{BY_PAGE, DELETE_JOB, LIST_JOBS, UNTIL_DELETED, filled};
use crate::support::{failure, fake_client, json};

fn is_send<T: Send + 'static>() {}

fn is_send_and_sync<T: Send + Sync + 'static>() {}

fn is_sent<T: Send + 'static>(_: &T) {}

#[test]
fn everything_can_be_moved_between_threads() {
    is_send::<Items<Json, Json>>();
    is_send::<Wait<Json, Json>>();
    is_send::<BoxFuture<'static, Result<Response<Json>, Error>>>();
    is_send_and_sync::<Settings>();
    is_send_and_sync::<Core>();
    is_send_and_sync::<Call>();
    is_send_and_sync::<Answer>();
    is_send_and_sync::<Progress>();
    is_send_and_sync::<Response<Json>>();
    is_send_and_sync::<Waited<Json>>();
    is_send_and_sync::<Error>();
}

#[test]
fn futures_can_be_spawned() {
    let (core, transport) = fake_client([]);
    let call = filled(&core, &DELETE_JOB);
    is_sent(&call.clone().send(json, failure));
    is_sent(&IntoFuture::into_future(Wait::start(call, &UNTIL_DELETED, json, failure)));
    is_sent(&async move {
        let mut items: Items<Json, Json> =
            Items::new(filled(&core, &LIST_JOBS), &BY_PAGE, |_| unreachable!("not sent"), failure);
        items.try_next().await
    });
    assert!(transport.requests().is_empty(), "nothing is sent before it is awaited");
}

#[test]
fn errors_are_small() {
    assert!(size_of::<Error<[u8; 1000]>>() <= 2 * size_of::<usize>());
}

/// clippy finds fault with an enum one of whose members is 200 bytes larger than the others, and generated outcomes have streams beside
/// values in boxes.
#[test]
fn streams_are_small() {
    for size in [size_of::<Download>(), size_of::<Events<Json>>(), size_of::<Lines<Json>>()] {
        assert!(size < 200, "{size}");
    }
}
