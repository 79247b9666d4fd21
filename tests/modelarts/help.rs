//! Help at each level.
#![cfg(feature = "simulate")]

use crate::service::{Program, assert_runs};

#[test]
fn help_tells_how_to_go_on() {
    let runs = ["--help", "training-jobs --help", "training-jobs delete --help"];
    let runs = runs.map(|arguments| Program::new().run(arguments));
    for run in &runs {
        assert!(run.code == Some(0) && run.stderr.is_empty(), "{run}");
    }
    assert_runs("help", &runs);
}

#[test]
fn what_is_not_there_is_told_from_what_is_similar() {
    let run = Program::new().run("training-jobs lst");
    assert!(run.code == Some(2) && run.stderr.contains("'list'"), "{run}");
    let run = Program::new().run("");
    assert!(run.code == Some(2) && run.stderr.contains("training-jobs"), "{run}");
}

#[test]
fn the_help_of_a_body_names_its_properties() {
    let run = Program::new().run("services create --help");
    assert!(run.code == Some(0), "{run}");
    for line in [
        "service_name (text, required): ",
        "infer_type (real-time | batch | edge, required)",
        "schedule (list)",
    ] {
        assert!(run.stdout.contains(line), "`{line}` is missing: {run}");
    }
}

#[test]
fn a_wrong_body_is_not_sent() {
    let create = |body: &str| Program::new().run(&format!("--simulate services create --body {body}"));
    create("{}").assert_usage_error(&["--body: missing field `service_name`"]);
    create(r#"{"service_name":1}"#).assert_usage_error(&["invalid type: integer `1`, expected a string"]);
    create("@missing.json").assert_usage_error(&["`missing.json` cannot be read"]);
    create("Cargo.toml").assert_usage_error(&["a file is named by an @ before it"]);
}
