//! Retries: what a description says of an operation, a client and a call.

use std::time::Duration;

use fixture_retries::{Client, RetryPolicy};

use crate::server::Server;

const UNAVAILABLE: (&str, &str, &str) = ("503 Service Unavailable", "", "");

fn client(server: &Server) -> Client {
    let at_once = RetryPolicy::standard().base(Duration::ZERO);
    Client::builder().endpoint(server.url()).retry(at_once).build().unwrap()
}

#[tokio::test]
async fn a_post_goes_with_a_key_and_is_made_again() {
    let server = Server::answering(&[UNAVAILABLE, ("429 Too Many Requests", "", "")]);
    client(&server).jobs().create().await.unwrap();
    let keys = [0, 1, 2].map(|_| server.request().header("idempotency-key").unwrap().to_owned());
    assert!(keys[0] == keys[1] && keys[1] == keys[2] && keys[0].len() == 36, "{keys:?}");
}

#[tokio::test]
async fn a_key_for_all_is_for_those_that_need_it() {
    let server = Server::start();
    let jobs = client(&server).jobs();
    jobs.list().await.unwrap();
    jobs.replace().await.unwrap();
    jobs.search().await.unwrap();
    let [list, replace, search] = [0, 1, 2].map(|_| server.request());
    assert_eq!((list.header("idempotency-key"), list.header("x-token")), (None, None));
    assert!(replace.header("x-token").is_some() && replace.header("idempotency-key").is_none());
    assert!(search.header("idempotency-key").is_some());
}

#[tokio::test]
async fn an_operation_says_what_is_different_about_it() {
    let server = Server::answering(&[UNAVAILABLE, UNAVAILABLE, UNAVAILABLE]);
    let jobs = client(&server).jobs();
    let error = jobs.delete().await.unwrap_err();
    assert_eq!((error.attempts(), error.is_transient(), error.is_retryable()), (1, true, false));
    // It names no status that is worth a retry.
    let error = jobs.search().await.unwrap_err();
    assert_eq!((error.attempts(), error.is_transient()), (1, false));
    let error = jobs.list().retry(RetryPolicy::off()).await.unwrap_err();
    assert_eq!((error.attempts(), error.is_retryable()), (1, true));
    assert_eq!(jobs.list().await.unwrap().status().as_u16(), 204);
}
