//! Any service of `tower` as a transport.

use std::error::Error;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::{Duration, SystemTime};

use bytes::{Buf, Bytes};
use futures_core::Stream;
use tower_service::Service;

use super::bodies::OutgoingBody;
use super::{Body, BoxFuture, Clock, Transport, TransportError, TransportErrorKind};
use crate::body::RequestBody;

/// How an error of a service is understood.
type Classify = fn(&(dyn Error + 'static)) -> Option<TransportErrorKind>;

/// Sends requests by a [`Service`], such as a client of `hyper-util` in layers of `tower` and `tower-http`. Each request gets a clone
/// of the service, which is asked whether it is ready before it is called. Bodies stream both ways.
///
/// The service must not follow redirects, for credentials would go where they do not belong; the runtime does that itself. The
/// requests carry an [`OperationId`](super::OperationId) and what is [secret in their URI](super::SensitiveUri) as extensions.
///
/// ```
/// # use clientsmith_runtime::transport::{TokioClock, TowerTransport, OutgoingBody, TransportErrorKind};
/// # fn transport<S, B>(service: S) -> impl clientsmith_runtime::transport::Transport
/// # where
/// #     S: tower_service::Service<http::Request<OutgoingBody>, Response = http::Response<B>> + Clone + Send + 'static,
/// #     S::Future: Send,
/// #     S::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
/// #     B: http_body::Body + Send + 'static,
/// #     B::Data: Send,
/// #     B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
/// # {
/// // let service = ServiceBuilder::new().concurrency_limit(8).service(hyper_client);
/// TowerTransport::new(service, TokioClock::new()).classify(|error| {
///     error.downcast_ref::<std::io::Error>().map(|_| TransportErrorKind::Broken)
/// })
/// # }
/// ```
pub struct TowerTransport<S> {
    /// The lock is for services that cannot be shared, only cloned.
    service: Mutex<S>,
    clock: Arc<dyn Clock>,
    classify: Classify,
}

impl<S> TowerTransport<S> {
    /// A transport that sends by `service` and has its time from `clock`.
    pub fn new(service: S, clock: impl Clock + 'static) -> Self {
        Self { service: Mutex::new(service), clock: Arc::new(clock), classify: |_| None }
    }

    /// Says what an error of the service means. It is asked about each error of the chain, the outermost first; where it says
    /// nothing about any, the connection counts as [broken](TransportErrorKind::Broken), so that only what is idempotent is made again.
    /// A [`TransportError`] in the chain speaks for itself.
    #[must_use]
    pub fn classify(mut self, classify: fn(&(dyn Error + 'static)) -> Option<TransportErrorKind>) -> Self {
        self.classify = classify;
        self
    }
}

impl<S> std::fmt::Debug for TowerTransport<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TowerTransport").finish_non_exhaustive()
    }
}

impl<S, B> Transport for TowerTransport<S>
where
    S: Service<http::Request<OutgoingBody>, Response = http::Response<B>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Into<Box<dyn Error + Send + Sync>>,
    B: http_body::Body + Send + 'static,
    B::Data: Buf + Send,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    fn send(
        &self,
        request: http::Request<RequestBody>,
    ) -> BoxFuture<'static, Result<http::Response<Body>, TransportError>> {
        let mut service = self.service.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let classify = self.classify;
        Box::pin(async move {
            let fail = |error: S::Error| convert(error.into(), classify);
            poll_fn(|context| service.poll_ready(context)).await.map_err(fail)?;
            let sending = service.call(request.map(OutgoingBody::new));
            let response = sending.await.map_err(fail)?;
            Ok(response.map(|body| Body::new(DataPieces::new(body, |error| convert(error.into(), |_| None)))))
        })
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.clock.sleep(duration)
    }

    fn now(&self) -> SystemTime {
        self.clock.now()
    }

    fn monotonic(&self) -> Duration {
        self.clock.monotonic()
    }

    fn needs_operation_id(&self) -> bool {
        true
    }
}

/// The innermost cause says what happened; the layers above may repeat the address, which may hold a secret.
fn convert(error: Box<dyn Error + Send + Sync>, classify: Classify) -> TransportError {
    let error = match error.downcast::<TransportError>() {
        Ok(error) => return *error,
        Err(error) => error,
    };
    let first: &(dyn Error + 'static) = error.as_ref();
    let chain = || std::iter::successors(Some(first), cause);
    let own = |error: &(dyn Error + 'static)| error.downcast_ref::<TransportError>().map(|error| error.kind);
    let kind = chain().find_map(|error| own(error).or_else(|| classify(error)));
    let message = chain().last().map(ToString::to_string).unwrap_or_default();
    TransportError::new(kind.unwrap_or(TransportErrorKind::Broken), message, Some(error))
}

fn cause<'a>(error: &&'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    (**error).source()
}

/// The data frames of an answer's body; trailers are passed over.
struct DataPieces<B: http_body::Body> {
    body: Pin<Box<B>>,
    convert: fn(B::Error) -> TransportError,
}

impl<B: http_body::Body> DataPieces<B> {
    fn new(body: B, convert: fn(B::Error) -> TransportError) -> Self {
        Self { body: Box::pin(body), convert }
    }
}

impl<B: http_body::Body> Stream for DataPieces<B> {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let convert = self.convert;
        loop {
            return Poll::Ready(match ready!(self.body.as_mut().poll_frame(context)) {
                None => None,
                Some(Err(error)) => Some(Err(convert(error))),
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(mut data) => Some(Ok(data.copy_to_bytes(data.remaining()))),
                    Err(_) => continue,
                },
            });
        }
    }
}
