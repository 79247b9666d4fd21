//! Failures that pass: the client goes on as if they had not been.

use huaweicloud_modelarts::{Client, ClientBuilder, RetryPolicy, auth::AkSk};
use modelarts_simulator::{Settings, Simulator, credentials, seed};

use crate::service::Service;

fn client(simulator: &Simulator) -> ClientBuilder {
    let key = AkSk::new(credentials::ACCESS_KEY, credentials::SECRET_KEY).unwrap();
    Client::builder().endpoint(simulator.endpoint()).project_id(credentials::PROJECT_ID).credentials(key)
}

#[tokio::test]
async fn a_client_survives_503_and_429_with_a_new_signature_each_time() {
    let simulator = Simulator::start().await.unwrap();
    let jobs = client(&simulator).build().unwrap().training_jobs();
    for job in [seed::JOB_UNAVAILABLE_ONCE, seed::JOB_THROTTLED_ONCE] {
        let answer = jobs.list_versions(job).await.unwrap();
        assert_eq!(answer.status().as_u16(), 200);
    }
    assert_eq!(simulator.requests().len(), 4);
    let once = client(&simulator).retry(RetryPolicy::off()).build().unwrap().training_jobs();
    let error = once.list_versions(seed::JOB_GATEWAY_FAILURE).await.unwrap_err();
    assert_eq!((error.attempts(), error.status().unwrap().as_u16()), (1, 500));
}

#[tokio::test]
async fn a_clock_that_is_20_minutes_off_does_no_harm() {
    for clock_offset_seconds in [1_200, -1_200] {
        let simulator =
            Simulator::start_with(Settings { clock_offset_seconds, ..Settings::default() }).await.unwrap();
        let client = client(&simulator).build().unwrap();
        for _ in 0..2 {
            client.training_jobs().list().await.unwrap();
        }
        assert_eq!(simulator.requests().len(), 3, "one refusal, after which the clock is known");
    }
}

#[test]
fn the_command_goes_on_too() {
    let service = Service::start();
    for job in [seed::JOB_UNAVAILABLE_ONCE, seed::JOB_THROTTLED_ONCE] {
        let run = service.run(&format!("training-jobs list-versions {job} --output json"));
        assert!(run.json().get("versions").is_some(), "{run}");
    }
    assert_eq!(service.count("GET", "/versions"), 4);
    // 409, with a code that the description says is worth it.
    let run = service.run(&format!("training-jobs delete {} --output json", seed::JOB_BUSY_ONCE));
    assert_eq!(run.json().get("is_success"), Some(&true.into()), "{run}");
    assert_eq!(service.count("DELETE", &format!("/{}", seed::JOB_BUSY_ONCE)), 2);
}
