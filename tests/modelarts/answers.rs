//! Answers, down to their last digit.

use modelarts_simulator::seed;

use crate::service::{Program, Service, assert_runs};

#[test]
fn json_holds_all_that_the_server_said() {
    let service = Service::start();
    let run = service.run(&format!(
        "training-jobs get-version {} {} --output json",
        seed::JOB_DELETES,
        seed::VERSION_OF_JOB_DELETES
    ));
    assert_eq!(run.json()["job_id"], seed::JOB_DELETES, "{run}");
    assert_runs("version", &[run]);
}

/// Numbers beyond what a double holds, properties that are not documented, and `null` where the description allows it.
#[test]
fn nothing_is_rounded_or_dropped() {
    let service = Service::start();
    let json = |arguments: String| service.run(&format!("training-jobs {arguments} --output json"));
    let run = json(format!("get-version {0} {0}01", seed::JOB_WITH_NULLS));
    let version = run.json();
    assert!(version.as_object().unwrap().get("spec_code").is_some_and(serde_json::Value::is_null), "{run}");
    assert!(run.stdout.contains("9007199254740993"), "{run}");
    assert_eq!(version["scheduler"]["queue"], "default", "{run}");
    let run = json(format!("list-versions {}", seed::JOB_UNDOCUMENTED_STATUS));
    assert_eq!(run.json()["versions"][0]["status"], 99, "{run}");
}

#[test]
fn a_version_is_a_table_for_people() {
    let service = Service::start();
    let arguments =
        format!("training-jobs get-version {} {}", seed::JOB_DELETES, seed::VERSION_OF_JOB_DELETES);
    assert_runs("version_table", &[service.run(&arguments)]);
}

/// As with `modelarts ... | head -1`: no panic, and not a word.
#[test]
fn a_closed_standard_output_is_no_panic() {
    let service = Service::start();
    for arguments in ["training-jobs list --all --output json", "training-jobs list", "--help", "--version"] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = service.program().command(arguments).stdout(writer).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(
            stderr.is_empty() && output.status.code().is_some_and(|code| code < 2),
            "{arguments}: {stderr}"
        );
    }
}

#[test]
fn a_closed_standard_error_is_no_panic() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let status = Program::new().command("training-jobs list").stderr(writer).status().unwrap();
    assert_eq!(status.code(), Some(2));
}
