//! A client of a simulator whose clock only moves when it is told to.

use std::time::Duration;

use modelarts_simulator::{Settings, Simulator, credentials};
use reqwest::{Client, Method};
use serde_json::Value;

/// How long a status on the way lasts: longer than a test.
const STAGE: Duration = Duration::from_secs(3_600);

pub(crate) struct Caller {
    simulator: Simulator,
    client: Client,
    version: &'static str,
}

impl Caller {
    /// One that calls version 1 of the API.
    pub(crate) async fn start() -> Self {
        let settings = Settings { stage: STAGE, polls_until_gone: 1, ..Settings::default() };
        Self {
            simulator: Simulator::start_with(settings).await.unwrap(),
            client: Client::new(),
            version: "v1",
        }
    }

    /// The same, of version 2.
    pub(crate) async fn start_v2() -> Self {
        Self { version: "v2", ..Self::start().await }
    }

    /// Lets one status on the way pass.
    pub(crate) fn pass_stage(&self) {
        self.simulator.advance(STAGE);
    }

    pub(crate) fn pass_hours(&self, hours: u64) {
        self.simulator.advance(Duration::from_secs(3_600 * hours));
    }

    /// Status and body of an answer; null when it has none.
    pub(crate) async fn send(&self, method: Method, rest: &str, body: Option<Value>) -> (u16, Value) {
        let (endpoint, version) = (self.simulator.endpoint(), self.version);
        let url = format!("{endpoint}/{version}/{}/{rest}", credentials::PROJECT_ID);
        let request = self.client.request(method, url).header("X-Auth-Token", credentials::TOKEN);
        let request = match body {
            Some(body) => request.header("Content-Type", "application/json").body(body.to_string()),
            None => request,
        };
        let answer = request.send().await.unwrap();
        assert_eq!(answer.headers()["x-request-id"].len(), 32);
        let status = answer.status().as_u16();
        let body = answer.bytes().await.unwrap();
        (status, if body.is_empty() { Value::Null } else { serde_json::from_slice(&body).unwrap() })
    }

    /// The body of an answer that has to be a success.
    async fn done(&self, method: Method, rest: &str, body: Option<Value>) -> Value {
        let (status, body) = self.send(method, rest, body).await;
        assert!((200..300).contains(&status), "{rest}: {status} {body}");
        body
    }

    pub(crate) async fn get(&self, rest: &str) -> Value {
        self.done(Method::GET, rest, None).await
    }

    pub(crate) async fn post(&self, rest: &str, body: Value) -> Value {
        self.done(Method::POST, rest, Some(body)).await
    }

    pub(crate) async fn put(&self, rest: &str, body: Value) -> Value {
        self.done(Method::PUT, rest, Some(body)).await
    }

    pub(crate) async fn delete(&self, rest: &str) -> Value {
        self.done(Method::DELETE, rest, None).await
    }

    /// A request that has to be refused with this status and this code.
    pub(crate) async fn refused(
        &self,
        method: Method,
        rest: &str,
        body: Option<Value>,
        status: u16,
        code: &str,
    ) {
        let (answered, body) = self.send(method, rest, body).await;
        assert_eq!((answered, &body["error_code"]), (status, &Value::from(code)), "{rest}: {body}");
        assert_eq!(body["is_success"], false);
        assert!(body["error_message"].is_string());
    }

    /// The values of a property of the objects of a list.
    pub(crate) async fn listed(&self, rest: &str, list: &str, name: &str) -> Vec<Value> {
        let body = self.get(rest).await;
        body[list].as_array().unwrap().iter().map(|object| object[name].clone()).collect()
    }
}
