//! What is answered where the service never sees the request.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use time::OffsetDateTime;

use super::{Turn, kind::FaultKind};
use crate::{
    clock::http_date,
    failure::{CONTENT_TYPE, Failure, RequestId},
};

const PORTAL: &str = "<!DOCTYPE html><html><body><h1>Welcome to the network</h1></body></html>";
const BAD_GATEWAY: &str = "<html><body><h1>502 Bad Gateway</h1></body></html>";

/// The answer that comes instead of the service's; `None` where the service answers.
pub(super) fn instead(
    fault: FaultKind,
    turn: &Turn,
    now: OffsetDateTime,
    request_id: &RequestId,
) -> Option<Response> {
    let service =
        |status, code, message: &str| Failure::service(status, code, message).into_answer(request_id);
    Some(match fault {
        FaultKind::ThrottledSeconds => throttled().retry_after(1).into_answer(request_id),
        FaultKind::ThrottledDate => {
            let mut answer = throttled().into_answer(request_id);
            let moment = now.saturating_add(time::Duration::SECOND);
            if let Ok(value) = HeaderValue::from_str(&http_date(moment)) {
                answer.headers_mut().insert(header::RETRY_AFTER, value);
            }
            answer
        }
        FaultKind::InternalError => service(
            StatusCode::INTERNAL_SERVER_ERROR,
            "ModelArts.6102",
            "Something went wrong inside the service.",
        ),
        FaultKind::Unavailable => {
            service(StatusCode::SERVICE_UNAVAILABLE, "ModelArts.4700", "The service is not available.")
        }
        FaultKind::Conflict => {
            service(StatusCode::CONFLICT, "ModelArts.0105", "Another operation is under way.")
        }
        FaultKind::FailureWithSuccess => {
            service(StatusCode::OK, "ModelArts.0105", "The operation is not possible now.")
        }
        FaultKind::DeletionFailsFirst => service(
            StatusCode::INTERNAL_SERVER_ERROR,
            "ModelArts.6101",
            "The deletion has failed. Try again later.",
        ),
        FaultKind::ExpiredToken => {
            let message = "Incorrect IAM authentication information: the token has expired";
            Failure::gateway(StatusCode::UNAUTHORIZED, "APIGW.0301", message).into_answer(request_id)
        }
        FaultKind::Html => ([(header::CONTENT_TYPE, "text/html")], PORTAL).into_response(),
        // The gateway loses requests, and it loses answers.
        FaultKind::BadGateway if turn.random.is_multiple_of(2) => bad_gateway(),
        FaultKind::RepeatedPage => {
            ([(header::CONTENT_TYPE, CONTENT_TYPE)], turn.page.clone()?).into_response()
        }
        // The connection is reset, so that nobody sees what is answered.
        FaultKind::Refused | FaultKind::Reset => StatusCode::BAD_GATEWAY.into_response(),
        FaultKind::ClosedAtOnce
        | FaultKind::LostAnswer
        | FaultKind::HalfBody
        | FaultKind::LengthTooLong
        | FaultKind::LengthTooShort
        | FaultKind::SlowHead
        | FaultKind::SlowBody
        | FaultKind::StalledHead
        | FaultKind::StalledBody
        | FaultKind::BadGateway
        | FaultKind::WrongTypes
        | FaultKind::ClockSkew => return None,
    })
}

/// What the gateway says when it has lost an answer, or a request.
pub(super) fn bad_gateway() -> Response {
    (StatusCode::BAD_GATEWAY, [(header::CONTENT_TYPE, "text/html")], BAD_GATEWAY).into_response()
}

fn throttled() -> Failure {
    Failure::service(StatusCode::TOO_MANY_REQUESTS, "ModelArts.2799", "Too many requests.")
}
