//! Deleting jobs, and waiting for the end of it.

use modelarts_simulator::seed;

use crate::service::{Service, assert_runs};

/// Waits fast: the simulator counts polls, not seconds.
const WAIT: &str = "--wait --interval 0.01";

#[test]
fn a_job_is_deleted_and_waited_for() {
    let service = Service::start();
    let runs = [
        service.run(&format!("training-jobs delete {} {WAIT}", seed::JOB_DELETES)),
        service.run(&format!("training-jobs list-versions {}", seed::JOB_DELETES)),
        service.run(&format!("training-jobs delete {} {WAIT}", seed::JOB_DELETES_WITH_400)),
    ];
    assert_runs("deleted", &runs);
}

#[test]
fn without_waiting_it_is_only_accepted() {
    let service = Service::start();
    assert_runs("accepted", &[service.run(&format!("training-jobs delete {}", seed::JOB_DELETES))]);
    assert_eq!(service.count("GET", "/versions"), 0);
}

#[test]
fn a_deletion_that_fails_is_a_failure() {
    let service = Service::start();
    assert_runs("fails", &[service.run(&format!("training-jobs delete {} {WAIT}", seed::JOB_DELETE_FAILS))]);
}

#[test]
fn a_deletion_that_takes_too_long_is_given_up() {
    let service = Service::start();
    let run = service.run(&format!(
        "training-jobs delete {} --wait --interval 60 --deadline 1 --output json",
        seed::JOB_DELETES
    ));
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""), "{run}");
    assert!(run.stderr.contains("deletion was not over within 1s, at poll 1"), "{run}");
}

/// A wait that looked for the job in the list would miss both, and take them for gone at once.
#[test]
fn jobs_that_the_list_does_not_show_are_waited_for_too() {
    for job in [seed::JOB_OTHER_WORKSPACE, seed::JOB_SECOND_PAGE] {
        let service = Service::start();
        let run = service.run(&format!("training-jobs delete {job} {WAIT}"));
        assert_eq!(run.code, Some(0), "{run}");
        assert!(run.stderr.contains("deletion: under way, poll 3, "), "{run}");
        assert!(run.stderr.contains("The training job is gone (after 4 polls, "), "{run}");
        assert_eq!(service.count("GET", &format!("/training-jobs/{job}/versions")), 4);
        let left = service.run(&format!("training-jobs list-versions {job}"));
        assert!(left.code == Some(1) && left.stderr.contains("ModelArts.2775"), "{left}");
    }
}

#[test]
fn waiting_options_are_for_waiting() {
    let service = Service::start();
    let run = service.run("training-jobs delete 10 --interval 5");
    assert_eq!(run.code, Some(2), "{run}");
    assert!(run.stderr.contains("--wait"), "{run}");
    service
        .run("training-jobs delete 10 --wait --interval 0")
        .assert_usage_error(&["'0'", "seconds above 0"]);
    assert_eq!(service.count("DELETE", ""), 0);
}
