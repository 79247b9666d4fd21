//! Requests and answers without an exchange.

use clientsmith_runtime::auth::{Bearer, Credential};
use clientsmith_runtime::http::Response;
use clientsmith_runtime::{Call, Error, ErrorKind, Json, Settings};

use crate::support::{FakeTransport, api, failure, json};

#[tokio::test]
async fn a_request_is_made_and_an_answer_read_and_nothing_is_sent() {
    let transport = FakeTransport::new([]);
    let mut settings = Settings::new(&api::API);
    settings.endpoint("https://api.example.com");
    settings.transport(transport.clone());
    settings.credential(Credential::new(api::TOKEN, Bearer::new("s3cret")));
    let core = settings.build().unwrap();
    let mut call = Call::new(&core, &api::BY_TOKEN);
    call.json(&[1]);
    let request = call.to_request::<Json>().await.unwrap();
    assert_eq!(request.uri(), "https://api.example.com/by-token");
    assert_eq!(request.headers()["authorization"], "Bearer s3cret");
    assert!(request.headers()["authorization"].is_sensitive());
    assert_eq!(request.body().as_bytes().unwrap(), "[1]");
    let bare = call.to_unauthenticated_request::<Json>().unwrap();
    assert!(!bare.headers().contains_key("authorization"));
    assert_eq!(bare.headers()["accept"], "application/json");

    let answer = |status: u16, body: &'static str| {
        Response::builder().status(status).header("x-request-id", "r-1").body(body.into()).unwrap()
    };
    let value = call.clone().read(answer(200, "[2]"), json, failure).unwrap();
    assert_eq!((value.to_string(), value.request_id()), ("[2]".to_owned(), Some("r-1")));
    let body = r#"{"error_code":"A.1","is_success":false}"#;
    for (status, kind) in [(200, ErrorKind::Api), (404, ErrorKind::Api), (503, ErrorKind::UndocumentedStatus)]
    {
        let error: Error = call.clone().read(answer(status, body), json, failure).unwrap_err();
        assert_eq!((error.kind(), error.code(), error.attempts()), (kind, Some("A.1"), 1));
        // A POST, which may have had its effect.
        assert_eq!((error.is_transient(), error.is_retryable()), (status == 503, false));
    }
    let error = Call::new(&core, &api::GET_JOB).to_unauthenticated_request::<Json>().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidCall);
    assert!(transport.requests().is_empty());
}
