//! What becomes of an answer on its way.

use std::{collections::VecDeque, time::Duration};

use axum::{
    body::{Body, Bytes},
    http::{StatusCode, header, response::Parts},
    response::{IntoResponse as _, Response},
};
use serde_json::{Map, Value, json};

use super::{answers, kind::FaultKind, plan::FaultPlan};
use crate::wire::{End, Script, Wire};

/// In how many pieces a body trickles.
const DROPS: usize = 5;

/// How much more is promised than comes, in bytes.
const MISSING: usize = 100;

/// Whether the answer can be let down in that way: there is no half of nothing.
pub(super) fn is_possible(fault: FaultKind, head: &Parts, body: &Bytes, has_wire: bool) -> bool {
    match fault {
        FaultKind::HalfBody | FaultKind::LengthTooShort | FaultKind::StalledBody | FaultKind::SlowBody => {
            has_wire && body.len() > 1
        }
        FaultKind::LengthTooLong => has_wire && head.status != StatusCode::NO_CONTENT,
        FaultKind::WrongTypes => {
            has_wire
                && head.status.is_success()
                && matches!(serde_json::from_slice(body), Ok(Value::Object(_)))
        }
        _ => has_wire || fault.spares_the_service(),
    }
}

/// Lets an answer down. What happens below HTTP is left to the connection, which is given an empty answer to replace.
pub(super) async fn spoil(
    fault: FaultKind,
    plan: &FaultPlan,
    random: u64,
    head: Parts,
    body: Bytes,
    wire: &Wire,
) -> Response {
    let half = body.len() / 2;
    let script = match fault {
        FaultKind::SlowHead => {
            tokio::time::sleep(plan.slow).await;
            return Response::from_parts(head, Body::from(body));
        }
        FaultKind::WrongTypes => return with_wrong_types(head, &body),
        // What was answered instead has come without.
        FaultKind::BadGateway if head.status == StatusCode::BAD_GATEWAY => {
            return Response::from_parts(head, Body::from(body));
        }
        FaultKind::BadGateway => return answers::bad_gateway(),
        FaultKind::StalledHead => {
            tokio::time::sleep(plan.stall).await;
            script([], Duration::ZERO, End::Reset)
        }
        FaultKind::Refused | FaultKind::Reset | FaultKind::LostAnswer => {
            script([], Duration::ZERO, End::Reset)
        }
        FaultKind::HalfBody => {
            let end = if random.is_multiple_of(2) { End::Closed } else { End::Reset };
            script([written(&head, body.len(), &body, half)], Duration::ZERO, end)
        }
        FaultKind::LengthTooLong => {
            let promised = body.len().saturating_add(MISSING);
            script([written(&head, promised, &body, body.len())], Duration::ZERO, End::Closed)
        }
        FaultKind::LengthTooShort => {
            script([written(&head, half, &body, body.len())], Duration::ZERO, End::Open)
        }
        FaultKind::StalledBody => script([written(&head, body.len(), &body, half)], plan.stall, End::Reset),
        FaultKind::SlowBody => {
            let drop = body.len().div_ceil(DROPS).max(1);
            let pause = plan.slow / u32::try_from(DROPS).unwrap_or(1);
            let first = (Duration::ZERO, written(&head, body.len(), &body, 0));
            let drops = body.chunks(drop).map(|piece| (pause, Bytes::copy_from_slice(piece)));
            let pieces = std::iter::once(first).chain(drops).collect();
            Script { pieces, pause: Duration::ZERO, end: End::Open }
        }
        FaultKind::ClosedAtOnce
        | FaultKind::ThrottledSeconds
        | FaultKind::ThrottledDate
        | FaultKind::InternalError
        | FaultKind::Unavailable
        | FaultKind::Conflict
        | FaultKind::Html
        | FaultKind::ExpiredToken
        | FaultKind::ClockSkew
        | FaultKind::FailureWithSuccess
        | FaultKind::RepeatedPage
        | FaultKind::DeletionFailsFirst => return Response::from_parts(head, Body::from(body)),
    };
    wire.write(script);
    StatusCode::OK.into_response()
}

fn script<const N: usize>(pieces: [Bytes; N], pause: Duration, end: End) -> Script {
    let pieces = pieces.into_iter().map(|piece| (Duration::ZERO, piece)).collect::<VecDeque<_>>();
    Script { pieces, pause, end }
}

/// The head with a length of choice, and the first bytes of the body, as they go over the wire.
fn written(head: &Parts, length: usize, body: &[u8], bytes: usize) -> Bytes {
    let mut text = format!("HTTP/1.1 {}\r\n", head.status).into_bytes();
    for (name, value) in head.headers.iter().filter(|(name, _)| *name != header::CONTENT_LENGTH) {
        text.extend_from_slice(name.as_str().as_bytes());
        text.extend_from_slice(b": ");
        text.extend_from_slice(value.as_bytes());
        text.extend_from_slice(b"\r\n");
    }
    text.extend_from_slice(format!("content-length: {length}\r\n\r\n").as_bytes());
    text.extend_from_slice(body.get(..bytes).unwrap_or(body));
    text.into()
}

/// The answer with every property of another type.
fn with_wrong_types(head: Parts, body: &Bytes) -> Response {
    let Ok(Value::Object(properties)) = serde_json::from_slice(body) else {
        return Response::from_parts(head, Body::from(body.clone()));
    };
    let wrong = properties.into_iter().map(|(name, value)| {
        let value = match value {
            Value::String(_) => json!({"unexpected": true}),
            Value::Array(_) | Value::Object(_) => json!(7),
            _ => json!(["unexpected"]),
        };
        (name, value)
    });
    let mut head = head;
    head.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(head, Body::from(Value::from(wrong.collect::<Map<_, _>>()).to_string()))
}
