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
