//! The client in a program without `async`, and in a unit test without a service.

use clientsmith_runtime::blocking::Blocking;
use clientsmith_runtime::transport::fake::{Fake, Reply};
use huaweicloud_modelarts::{Client, auth::AkSk};
use modelarts_simulator::{Simulator, credentials, seed};

fn keys() -> AkSk {
    AkSk::new(credentials::ACCESS_KEY, credentials::SECRET_KEY).unwrap()
}

#[test]
fn jobs_are_listed_and_deleted_without_async() {
    // The simulator runs on threads of its own, as the service does elsewhere.
    let service = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let simulator = service.block_on(Simulator::start()).unwrap();
    let client = Client::builder()
        .endpoint(simulator.endpoint())
        .project_id(credentials::PROJECT_ID)
        .credentials(keys())
        .build()
        .unwrap();
    let blocking = Blocking::new().unwrap();
    let jobs: Vec<_> =
        blocking.iter(client.training_jobs().list().per_page(2).items()).map(Result::unwrap).collect();
    assert!(jobs.len() > 2, "more than a page");
    let interval = std::time::Duration::from_millis(1);
    let deletion = client.training_jobs().delete(seed::JOB_DELETES).wait().interval(interval);
    assert_eq!(blocking.run(deletion).unwrap().is_success, Some(true));
    let error = blocking.run(client.training_jobs().list_versions(404_404)).unwrap_err();
    assert_eq!(error.operation(), "listTrainingJobVersions");
}

#[tokio::test]
async fn a_unit_test_needs_no_service() {
    let fake = Fake::new();
    fake.on("GET", "/v1/{project_id}/training-jobs").reply(Reply::new(503)).reply(Reply::json(
        200,
        r#"{"is_success": true, "job_total_count": 0, "job_count_limit": 9, "jobs": []}"#,
    ));
    let client = Client::builder()
        .project_id(credentials::PROJECT_ID)
        .credentials(keys())
        .transport(fake.transport())
        .build()
        .unwrap();
    assert_eq!(client.training_jobs().list().await.unwrap().is_success, Some(true));
    fake.assert_operations(&["listTrainingJobs", "listTrainingJobs"]);
    fake.assert_used_up();
}
