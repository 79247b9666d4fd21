//! Version lists that misbehave, for clients that have to survive them.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use futures_core::Stream;
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::failure::{CONTENT_TYPE, Failure, RequestId, Spelling, json_answer};

/// How the version list of a job misbehaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    GatewayFailure,
    CamelCaseFailure,
    ShortFailure,
    FailureWithSuccessStatus,
    HtmlFailure,
    NotJson,
    OtherShape,
    Truncated,
    Hangs,
    ThrottledOnce,
    UnavailableOnce,
}

impl Fault {
    /// Whether the next request finds the job well.
    pub(crate) fn passes(self) -> bool {
        matches!(self, Self::ThrottledOnce | Self::UnavailableOnce)
    }

    /// Answers in this way. `whole` is what a job without a fault would have answered; `stopped` becomes true when the
    /// simulator stops.
    pub(crate) async fn answer(
        self,
        whole: &Value,
        request_id: &RequestId,
        mut stopped: watch::Receiver<bool>,
    ) -> Response {
        let internal = |spelling| {
            let message = "Something went wrong inside the service.";
            Failure::service(StatusCode::INTERNAL_SERVER_ERROR, "ModelArts.6102", message)
                .spelt(spelling)
                .into_answer(request_id)
        };
        match self {
            Self::GatewayFailure => internal(Spelling::Gateway),
            Self::CamelCaseFailure => internal(Spelling::CamelCase),
            Self::ShortFailure => internal(Spelling::Short),
            Self::FailureWithSuccessStatus => {
                Failure::service(StatusCode::OK, "ModelArts.0105", "The versions cannot be read.")
                    .into_answer(request_id)
            }
            Self::HtmlFailure => {
                let page = "<html><body><h1>502 Bad Gateway</h1></body></html>";
                (StatusCode::BAD_GATEWAY, [(header::CONTENT_TYPE, "text/html")], page).into_response()
            }
            Self::NotJson => {
                let text = r#"{"is_success": true, "versions": [{"version_id": 1, "engine_type": ,}]}"#;
                ([(header::CONTENT_TYPE, CONTENT_TYPE)], text).into_response()
            }
            Self::OtherShape => json_answer(StatusCode::OK, &json!({"is_success": true, "versions": "none"})),
            Self::Truncated => truncated(whole),
            Self::Hangs => {
                // An error means that the simulator is gone, which ends the wait as well.
                let _ = stopped.wait_for(|stopped| *stopped).await;
                Failure::service(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "ModelArts.4700",
                    "The simulator has stopped.",
                )
                .into_answer(request_id)
            }
            Self::ThrottledOnce => {
                Failure::service(StatusCode::TOO_MANY_REQUESTS, "ModelArts.2799", "Too many requests.")
                    .retry_after(1)
                    .into_answer(request_id)
            }
            Self::UnavailableOnce => Failure::service(
                StatusCode::SERVICE_UNAVAILABLE,
                "ModelArts.4700",
                "The service is not available.",
            )
            .into_answer(request_id),
        }
    }
}

/// An answer of which only the first half comes.
fn truncated(whole: &Value) -> Response {
    let whole = Bytes::from(whole.to_string());
    let promised = HeaderValue::from(whole.len());
    let mut half = whole;
    half.truncate(half.len() / 2);
    let body = Body::from_stream(BreaksOff::Before(half));
    ([(header::CONTENT_TYPE, CONTENT_TYPE), (header::CONTENT_LENGTH, promised)], body).into_response()
}

/// A body that ends in an error, which closes the connection.
enum BreaksOff {
    Before(Bytes),
    /// Nothing comes for one turn, in which the server sends what it has: an error straight after the bytes would have it
    /// throw them away.
    Sending,
    After,
    Ended,
}

impl Stream for BreaksOff {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match std::mem::replace(&mut *self, Self::Ended) {
            Self::Before(bytes) => {
                *self = Self::Sending;
                Poll::Ready(Some(Ok(bytes)))
            }
            Self::Sending => {
                *self = Self::After;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Self::After => Poll::Ready(Some(Err(io::ErrorKind::ConnectionAborted.into()))),
            Self::Ended => Poll::Ready(None),
        }
    }
}
