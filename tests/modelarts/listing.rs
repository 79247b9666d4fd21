//! Lists: one page, all pages, filters, and the two formats.

use std::collections::BTreeSet;

use modelarts_simulator::seed;

use crate::service::{Service, assert_runs};

#[test]
fn all_three_pages_are_listed() {
    let service = Service::start();
    let jobs = service.run("training-jobs list --all --output json").json();
    let ids: BTreeSet<i64> =
        jobs.as_array().unwrap().iter().map(|job| job["job_id"].as_i64().unwrap()).collect();
    assert_eq!(ids.len(), seed::JOBS_IN_DEFAULT_WORKSPACE);
    assert!(ids.contains(&seed::JOB_SECOND_PAGE) && ids.contains(&seed::JOB_THIRD_PAGE));
    assert_eq!(service.count("GET", "/training-jobs"), 3);
}

#[test]
fn one_page_is_a_table_for_people() {
    let service = Service::start();
    let runs = [
        service.run("training-jobs list --per-page 2 --page 3"),
        service.run("training-jobs list --status failed --sort-by create_time --order desc --all"),
        service.run("training-jobs list --status 99 --all"),
        service.run(&format!("training-jobs list --workspace-id {} --all", seed::OTHER_WORKSPACE)),
    ];
    assert_runs("tables", &runs);
}

#[test]
fn a_status_has_a_name_and_a_number() {
    let service = Service::start();
    let by_name = service.run("training-jobs list --status failed --output json").json();
    let by_number = service.run("training-jobs list --status 11 --output json").json();
    assert_eq!(by_name, by_number);
    let jobs = by_name["jobs"].as_array().unwrap();
    assert!(!jobs.is_empty() && jobs.iter().all(|job| job["status"] == 11), "{by_name}");
}

#[test]
fn values_out_of_range_are_refused_before_anything_is_sent() {
    let service = Service::start();
    let run = |arguments: &str| service.run(&format!("training-jobs list {arguments}"));
    run("--per-page 0").assert_usage_error(&["'0'", "--per-page", "from 1 to 1000"]);
    run("--per-page 1001").assert_usage_error(&["'1001'", "from 1 to 1000"]);
    run("--page -1").assert_usage_error(&["'-1'", "from 1 to 65535"]);
    run("--page 99999999999999999999").assert_usage_error(&["from 1 to 65535"]);
    run("--status banana").assert_usage_error(&["'banana'", "--status", "running, ", "NUMBER"]);
    run("--output yaml").assert_usage_error(&["'yaml'", "table, json"]);
    assert_eq!(service.count("GET", ""), 0);
}
