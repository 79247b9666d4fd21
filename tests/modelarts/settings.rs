//! Options and environment: what is missing or wrong is said in one line, with exit code 2.

use modelarts_simulator::credentials;

use crate::service::{Program, Service};

const LIST: &str = "training-jobs list";

/// An environment that is complete, for the real service.
fn complete() -> Program {
    Program::new()
        .variable("HUAWEICLOUD_SDK_AK", credentials::ACCESS_KEY)
        .variable("HUAWEICLOUD_SDK_SK", credentials::SECRET_KEY)
        .variable("HUAWEICLOUD_SDK_PROJECT_ID", credentials::PROJECT_ID)
}

#[test]
fn a_job_id_is_a_number() {
    for word in ["abc", "10x", "1.5", "", "0x10"] {
        let run = complete().run(&format!("training-jobs delete {word}"));
        if word.is_empty() {
            assert!(run.code == Some(2) && run.stderr.contains("<JOB_ID>"), "{run}");
        } else {
            run.assert_usage_error(&[&format!("'{word}'"), "<JOB_ID>", "whole number"]);
        }
    }
}

#[test]
fn credentials_are_missing() {
    // Nobody answers for the metadata service.
    let nothing = || {
        complete()
            .without("HUAWEICLOUD_SDK_AK")
            .without("HUAWEICLOUD_SDK_SK")
            .variable("HUAWEICLOUD_SDK_CREDENTIALS_FILE", "/nowhere/credentials")
            .variable("http_proxy", "http://127.0.0.1:9")
    };
    let looked_for = [
        "HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK are not set",
        "there is no file `/nowhere/credentials`",
        "the metadata service of ECS",
    ];
    nothing().run(LIST).assert_usage_error(&looked_for);
    nothing().without("HUAWEICLOUD_SDK_PROJECT_ID").run(LIST).assert_usage_error(&looked_for);
    complete().without("HUAWEICLOUD_SDK_SK").run(LIST).assert_usage_error(&["HUAWEICLOUD_SDK_SK is not set"]);
    complete()
        .variable("HUAWEICLOUD_SDK_AK", " ")
        .run(LIST)
        .assert_usage_error(&["HUAWEICLOUD_SDK_AK is not set"]);
}

#[test]
fn credentials_cannot_be_used() {
    let run = complete().variable("HUAWEICLOUD_SDK_SK", "with a blank").run(LIST);
    run.assert_usage_error(&["the secret key has a character that is not allowed there, as number 5"]);
    let service = Service::start();
    let run = service.program().variable("MODELARTS_TOKEN", "two\nlines").run(LIST);
    run.assert_usage_error(&["a character that cannot stand in a header"]);
}

#[test]
fn an_unknown_region_needs_an_endpoint() {
    let parts = ["`moon-1`", "--endpoint", "MODELARTS_ENDPOINT", "cn-north-4"];
    complete().run(&format!("--region moon-1 {LIST}")).assert_usage_error(&parts);
    complete().variable("MODELARTS_REGION", "moon-1").run(LIST).assert_usage_error(&parts);
    complete().variable("HUAWEICLOUD_SDK_REGION", "moon-1").run(LIST).assert_usage_error(&parts);
    let service = Service::start();
    let run = service.run(&format!("--region moon-1 {LIST} --output json"));
    assert_eq!(run.json()["is_success"], true);
}

#[test]
fn an_endpoint_has_to_be_safe() {
    let endpoint = |url: &str| complete().run(&format!("{LIST} --endpoint {url}"));
    endpoint("http://modelarts.example.com").assert_usage_error(&["plain http", "modelarts.example.com"]);
    endpoint("modelarts.example.com").assert_usage_error(&["https://"]);
    endpoint("https://me:hidden@modelarts.example.com").assert_usage_error(&["must not contain a user name"]);
    let shown = endpoint("https://me:hidden@modelarts.example.com").to_string();
    assert_eq!(shown.matches("hidden").count(), 1, "shown by the test itself, and nowhere else: {shown}");
}

#[test]
fn a_token_comes_before_access_keys() {
    let service = Service::start();
    let run = service
        .program()
        .variable("HUAWEICLOUD_SDK_SK", "the-secret-key-of-someone-else")
        .variable("MODELARTS_TOKEN", credentials::TOKEN)
        .run(&format!("{LIST} --output json"));
    assert_eq!(run.json()["is_success"], true);
}

#[test]
fn temporary_access_keys_go_with_their_token() {
    let service = Service::start();
    let program = service
        .program()
        .variable("HUAWEICLOUD_SDK_AK", credentials::TEMPORARY_ACCESS_KEY)
        .variable("HUAWEICLOUD_SDK_SK", credentials::TEMPORARY_SECRET_KEY)
        .variable("HUAWEICLOUD_SDK_SECURITY_TOKEN", credentials::SECURITY_TOKEN);
    assert_eq!(program.run(&format!("{LIST} --output json")).json()["is_success"], true);
    let refused = program.without("HUAWEICLOUD_SDK_SECURITY_TOKEN").run(LIST);
    assert!(refused.code == Some(1) && refused.stderr.contains("APIGW.0301"), "{refused}");
}

#[test]
fn options_come_before_the_environment() {
    let service = Service::start();
    let program =
        service.program().variable("HUAWEICLOUD_SDK_PROJECT_ID", "00000000000000000000000000000000");
    let run = program.run(&format!("{LIST} --project-id {} --output json", credentials::PROJECT_ID));
    assert_eq!(run.json()["is_success"], true);
}
