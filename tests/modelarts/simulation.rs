//! `--simulate`: the command of the README, without an account.
#![cfg(feature = "simulate")]

use modelarts_simulator::credentials;

use crate::service::{Program, assert_runs};

#[test]
fn a_job_is_deleted_without_an_account() {
    let run = Program::new().run("--simulate training-jobs delete 10 --wait --interval 0.01");
    assert_runs("simulation", &[run]);
}

#[test]
fn a_simulator_starts_anew_with_each_command() {
    for _ in 0..2 {
        let jobs = Program::new().run("training-jobs list --all --output json --simulate").json();
        assert_eq!(jobs.as_array().unwrap().len(), modelarts_simulator::seed::JOBS_IN_DEFAULT_WORKSPACE);
    }
}

#[test]
fn the_environment_is_left_alone() {
    let run = Program::new()
        .variable("MODELARTS_ENDPOINT", "https://modelarts.example.com")
        .variable("HUAWEICLOUD_SDK_AK", "SOMEBODYSREALKEY0001")
        .variable("MODELARTS_TOKEN", "somebodys-real-token")
        .run("--simulate training-jobs list --output json");
    assert_eq!(run.json()["is_success"], true);
}

#[test]
fn options_for_the_real_service_contradict_it() {
    let run = Program::new()
        .run(&format!("--simulate training-jobs list --project-id {}", credentials::PROJECT_ID));
    run.assert_usage_error(&["--project-id", "--simulate"]);
    let run = Program::new().run("--simulate --endpoint https://modelarts.example.com training-jobs list");
    run.assert_usage_error(&["--endpoint", "--simulate"]);
}
