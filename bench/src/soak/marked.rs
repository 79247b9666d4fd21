//! A transport that names, in a header, the call that each request belongs to.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use clientsmith_runtime::http::{HeaderValue, Request, Response};
use clientsmith_runtime::transport::{Body, ReqwestTransport, Transport, TransportError};
use clientsmith_runtime::{BoxFuture, RequestBody};

tokio::task_local! {
    /// The number of the call that the task is making.
    pub(super) static CALL: usize;
}

/// The transport that clients have by default, with the header.
pub(super) struct Marked(pub(super) Arc<ReqwestTransport>);

impl Transport for Marked {
    fn send(
        &self,
        mut request: Request<RequestBody>,
    ) -> BoxFuture<'static, Result<Response<Body>, TransportError>> {
        match CALL.try_with(|call| *call) {
            Ok(call) => request.headers_mut().insert("x-simulator-call", HeaderValue::from(call)),
            Err(_) => request.headers_mut().insert("x-simulator-faults", HeaderValue::from_static("off")),
        };
        self.0.send(request)
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.0.sleep(duration)
    }

    fn now(&self) -> SystemTime {
        self.0.now()
    }

    fn monotonic(&self) -> Duration {
        self.0.monotonic()
    }
}
