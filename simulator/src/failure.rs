//! Failures, and the spellings in which the service and the gateway in front of it report them.

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};

/// What `Content-Type` says on every answer.
pub(crate) const CONTENT_TYPE: HeaderValue = HeaderValue::from_static("application/json;charset=UTF-8");

/// The number that names one request in the answer's `X-Request-Id` and in a gateway's failure.
#[derive(Debug, Clone)]
pub(crate) struct RequestId(String);

impl RequestId {
    pub(crate) fn nth(number: u64) -> Self {
        Self(format!("{number:032x}"))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// The spelling of a failure's properties.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// `is_success`, `error_code`, `error_message`: the service itself.
    ModelArts,
    /// `error_code`, `error_msg`, `request_id`: the gateway.
    Gateway,
    /// `errorCode`, `errorMsg`.
    CamelCase,
    /// `code`, `message`.
    Short,
}

/// An answer that reports a failure.
#[derive(Debug)]
pub(crate) struct Failure {
    status: StatusCode,
    code: &'static str,
    message: String,
    spelling: Spelling,
    retry_after_seconds: Option<u32>,
}

impl Failure {
    /// A failure that the service reports.
    pub(crate) fn service(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            spelling: Spelling::ModelArts,
            retry_after_seconds: None,
        }
    }

    /// A failure that the gateway reports before the service sees the request.
    pub(crate) fn gateway(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self::service(status, code, message).spelt(Spelling::Gateway)
    }

    /// A parameter that is missing, malformed or out of its range.
    pub(crate) fn parameter(message: impl Into<String>) -> Self {
        Self::service(StatusCode::BAD_REQUEST, "ModelArts.0104", message)
    }

    /// No such training job. The service says so with either of two statuses: here, even ids get 404 and odd ids 400.
    pub(crate) fn job_not_found(job_id: i64) -> Self {
        let status = if job_id % 2 == 0 { StatusCode::NOT_FOUND } else { StatusCode::BAD_REQUEST };
        Self::service(status, "ModelArts.2775", format!("The training job {job_id} does not exist."))
    }

    pub(crate) fn spelt(self, spelling: Spelling) -> Self {
        Self { spelling, ..self }
    }

    pub(crate) fn retry_after(self, seconds: u32) -> Self {
        Self { retry_after_seconds: Some(seconds), ..self }
    }

    pub(crate) fn into_answer(self, request_id: &RequestId) -> Response {
        let Self { status, code, message, spelling, retry_after_seconds } = self;
        let body = match spelling {
            Spelling::ModelArts => json!({"is_success": false, "error_code": code, "error_message": message}),
            Spelling::Gateway => {
                json!({"error_code": code, "error_msg": message, "request_id": request_id.as_str()})
            }
            Spelling::CamelCase => json!({"errorCode": code, "errorMsg": message}),
            Spelling::Short => json!({"code": code, "message": message}),
        };
        let mut answer = json_answer(status, &body);
        if let Some(seconds) = retry_after_seconds {
            answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        answer
    }
}

/// An answer with a JSON body.
pub(crate) fn json_answer(status: StatusCode, body: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, CONTENT_TYPE)], Body::from(body.to_string())).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn body_of(failure: Failure) -> Value {
        let answer = failure.into_answer(&RequestId::nth(7));
        let bytes = axum::body::to_bytes(answer.into_body(), 4096).await.unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }

    #[tokio::test]
    async fn each_spelling_has_its_own_property_names() {
        let failure = || Failure::service(StatusCode::BAD_REQUEST, "ModelArts.0105", "no");
        assert_eq!(
            body_of(failure()).await,
            json!({"is_success": false, "error_code": "ModelArts.0105", "error_message": "no"})
        );
        assert_eq!(
            body_of(failure().spelt(Spelling::Gateway)).await,
            json!({
                "error_code": "ModelArts.0105", "error_msg": "no", "request_id": "00000000000000000000000000000007"
            })
        );
        assert_eq!(
            body_of(failure().spelt(Spelling::CamelCase)).await,
            json!({"errorCode": "ModelArts.0105", "errorMsg": "no"})
        );
        assert_eq!(
            body_of(failure().spelt(Spelling::Short)).await,
            json!({"code": "ModelArts.0105", "message": "no"})
        );
    }
}
