//! Calls that fail: what the API said, its code, its message and the request id, with exit code 1.

use modelarts_simulator::{credentials, seed};

use crate::service::{Service, assert_runs};

#[test]
fn the_api_refuses() {
    let service = Service::start();
    let delete = |job: i64| service.run(&format!("training-jobs delete {job}"));
    let runs = [
        delete(seed::NO_SUCH_JOB),
        delete(seed::NO_SUCH_JOB_WITH_400),
        // With status 200.
        delete(seed::JOB_REFUSED_WITH_200),
    ];
    assert_runs("refused", &runs);
}

#[test]
fn credentials_are_refused() {
    let service = Service::start();
    let list = "training-jobs list";
    let runs = [
        service.program().variable("HUAWEICLOUD_SDK_SK", "the-secret-key-of-someone-else").run(list),
        service.program().variable("MODELARTS_TOKEN", credentials::EXPIRED_TOKEN).run(list),
        service
            .program()
            .variable("HUAWEICLOUD_SDK_PROJECT_ID", "00000000000000000000000000000000")
            .run(list),
    ];
    assert!(runs.iter().all(|run| run.code == Some(1)));
    assert_runs("credentials_refused", &runs);
}

#[test]
fn answers_are_not_what_they_should_be() {
    let service = Service::start();
    let versions = |job: i64| service.run(&format!("training-jobs list-versions {job}"));
    let jobs = [
        seed::JOB_GATEWAY_FAILURE,
        seed::JOB_CAMEL_CASE_FAILURE,
        seed::JOB_SHORT_FAILURE,
        seed::JOB_FAILURE_WITH_200,
        seed::JOB_HTML_FAILURE,
        seed::JOB_NOT_JSON,
        seed::JOB_OTHER_SHAPE,
        seed::JOB_TRUNCATED,
    ];
    let runs = jobs.map(versions);
    for run in &runs {
        assert!(run.code == Some(1) && run.stdout.is_empty() && run.stderr.lines().count() == 1, "{run}");
    }
    assert_runs("odd_answers", &runs);
}

#[test]
fn an_answer_that_never_comes_is_given_up() {
    let service = Service::start();
    let run = service.run(&format!("training-jobs list-versions {} --timeout 0.3", seed::JOB_HANGS));
    assert_eq!(run.code, Some(1), "{run}");
    assert_eq!(
        run.stderr,
        "error: listTrainingJobVersions: no answer within 300ms: raise `timeout` if it may take longer\n"
    );
}

#[test]
fn nobody_listens() {
    let service = Service::start();
    // Port 1 is one that only the system itself may listen on.
    let run =
        service.program().variable("MODELARTS_ENDPOINT", "http://127.0.0.1:1").run("training-jobs list");
    assert_eq!(run.code, Some(1), "{run}");
    assert!(run.stderr.starts_with("error: listTrainingJobs: cannot connect to `"), "{run}");
    assert_eq!(run.stderr.lines().count(), 1, "{run}");
}
