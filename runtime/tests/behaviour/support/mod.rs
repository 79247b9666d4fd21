//! What the tests share.

pub(crate) mod api;
#[cfg(feature = "tracing")]
pub(crate) mod collector;
mod fake;
mod server;

use std::sync::Arc;

use clientsmith_runtime::operation::Operation;
use clientsmith_runtime::{Answer, Call, Core, DecodeError, Error, Json, Response, RetryPolicy, Settings};

pub(crate) use self::fake::{FakeTransport, Reply};
pub(crate) use self::server::{Server, Step, json_answer};

/// What most calls of the tests come to.
pub(crate) type Outcome = Result<Response<Json>, Error>;

/// A client that sends to `server`, without credentials and without retries.
pub(crate) fn client(server: &Server) -> Core {
    let mut settings = Settings::new(&api::API);
    settings.endpoint(server.url());
    settings.retry(RetryPolicy::off());
    settings.build().unwrap()
}

/// A client of a transport that answers with `replies`, and the transport. It makes no retries.
pub(crate) fn fake_client(replies: impl IntoIterator<Item = Reply>) -> (Core, Arc<FakeTransport>) {
    retrying_client(RetryPolicy::off(), replies)
}

/// As [`fake_client`], with retries.
pub(crate) fn retrying_client(
    policy: RetryPolicy,
    replies: impl IntoIterator<Item = Reply>,
) -> (Core, Arc<FakeTransport>) {
    let transport = FakeTransport::new(replies);
    let mut settings = Settings::new(&api::API);
    settings.endpoint("https://api.example.com");
    settings.transport(transport.clone());
    settings.retry(policy);
    (settings.build().unwrap(), transport)
}

pub(crate) fn json(answer: &Answer) -> Result<Json, DecodeError> {
    if answer.body().is_empty() { Ok(Json::from(serde_json::Value::Null)) } else { answer.json() }
}

pub(crate) fn failure(answer: &Answer) -> Option<Json> {
    answer.json().ok()
}

pub(crate) async fn send(call: Call) -> Outcome {
    call.send(json, failure).await
}

/// Makes a call of `operation` that the server answers with `answer`.
pub(crate) async fn answered(operation: &'static Operation, answer: impl Into<Vec<u8>>) -> Outcome {
    let server = Server::start([vec![Step::Send(answer.into())]]).await;
    send(api::filled(&client(&server), operation)).await
}
