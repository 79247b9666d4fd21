use modelarts_simulator::seed;
use reqwest::Method;
use serde_json::{Value, json};

use crate::caller::Caller;

fn config() -> Value {
    json!({
        "worker_server_num": 1,
        "app_url": "/bucket/code/",
        "boot_file_url": "/bucket/code/train.py",
        "parameter": [{"label": "learning_rate", "value": "0.01"}],
        "data_url": "/bucket/data/",
        "spec_id": 1,
        "engine_id": 10,
        "train_url": "/bucket/output/",
    })
}

#[tokio::test]
async fn a_job_runs_and_completes() {
    let caller = Caller::start().await;
    let request = json!({"job_name": "created", "job_desc": "New", "config": config()});
    let created = caller.post("training-jobs", request.clone()).await;
    assert_eq!((&created["status"], &created["version_name"]), (&json!(1), &json!("V0001")));
    caller.refused(Method::POST, "training-jobs", Some(request), 409, "ModelArts.0103").await;
    let (job, version) = (&created["job_id"], &created["version_id"]);
    let listed = caller.listed("training-jobs?search_content=created", "jobs", "job_id").await;
    assert_eq!((listed.len(), &listed[0]), (1, job));

    let path = format!("training-jobs/{job}/versions/{version}");
    for status in [1, 7, 8, 8, 10] {
        let details = caller.get(&path).await;
        assert_eq!(details["status"], status);
        assert_eq!(details["start_time"].is_number(), status >= 8, "{details}");
        assert_eq!(details["duration"].is_number(), status == 10);
        for (name, value) in config().as_object().unwrap() {
            assert_eq!(&details[name], value, "{name}");
        }
        assert_eq!(details["engine_name"], "TensorFlow");
        caller.pass_stage();
    }
    assert_eq!(caller.get(&path).await["duration"], 7_200_000);
}

#[tokio::test]
async fn versions_come_and_go() {
    let caller = Caller::start().await;
    let path = format!("training-jobs/{}", seed::JOB_DELETES);
    let mut config = config();
    config["pre_version_id"] = json!(seed::VERSION_OF_JOB_DELETES);
    let created = caller.post(&format!("{path}/versions"), json!({"config": config.clone()})).await;
    assert_eq!(created["version_name"], "V0005");
    let versions = caller.listed(&format!("{path}/versions"), "versions", "pre_version_id").await;
    assert_eq!(versions[0], json!(seed::VERSION_OF_JOB_DELETES));
    config["pre_version_id"] = json!(4);
    let versions = format!("{path}/versions");
    let request = json!({"config": config});
    caller.refused(Method::POST, &versions, Some(request), 404, "ModelArts.0015").await;

    let version = format!("{path}/versions/{}", created["version_id"]);
    caller.post(&format!("{version}/stop"), Value::Null).await;
    assert_eq!(caller.get(&version).await["status"], 9);
    caller.pass_stage();
    assert_eq!(caller.get(&version).await["status"], 12);
    caller.refused(Method::POST, &format!("{version}/stop"), None, 400, "ModelArts.0105").await;

    caller.delete(&version).await;
    for count in [5, 4] {
        let left = caller.listed(&versions, "versions", "status").await;
        assert_eq!(left.len(), count);
        assert_eq!(left[0], if count == 5 { 9 } else { 10 });
    }
    caller.refused(Method::GET, &version, None, 404, "ModelArts.0015").await;

    let version = format!("{path}/versions/5");
    caller.delete(&version).await;
    assert_eq!(caller.get(&version).await["status"], 9);
    caller.refused(Method::GET, &version, None, 404, "ModelArts.0015").await;
    assert_eq!(caller.listed(&versions, "versions", "version_id").await, [10, 3, 2]);
}

#[tokio::test]
async fn a_description_is_changed() {
    let caller = Caller::start().await;
    caller.put("training-jobs/20", json!({"job_desc": "Changed"})).await;
    assert_eq!(caller.get("training-jobs/20/versions").await["job_desc"], "Changed");
    let missing = format!("training-jobs/{}", seed::NO_SUCH_JOB);
    caller.refused(Method::PUT, &missing, Some(json!({"job_desc": ""})), 404, "ModelArts.2775").await;
}

#[tokio::test]
async fn what_the_pages_do_not_allow_is_refused() {
    let caller = Caller::start().await;
    let with = |name: &str, value: Value| {
        let mut config = config();
        config[name] = value;
        json!({"job_name": "refused", "config": config})
    };
    for request in [
        json!({"config": config()}),
        json!({"job_name": "refused"}),
        json!({"job_name": "not a name", "config": config()}),
        json!({"job_name": 7, "config": config()}),
        json!({"job_name": "x".repeat(65), "config": config()}),
        with("worker_server_num", json!(0)),
        with("data_url", Value::Null),
        with("data_source", json!([{"type": "obs", "data_url": "/bucket/data/"}])),
        with("boot_file_url", json!("")),
    ] {
        caller.refused(Method::POST, "training-jobs", Some(request), 400, "ModelArts.0104").await;
    }
    let mut request = with("worker_server_num", json!(1));
    request["workspace_id"] = json!("nowhere");
    caller.refused(Method::POST, "training-jobs", Some(request), 400, "ModelArts.7005").await;
}

#[tokio::test]
async fn a_job_can_have_no_version() {
    let caller = Caller::start().await;
    let mut config = config();
    config["create_version"] = json!(false);
    let created = caller.post("training-jobs", json!({"job_name": "empty", "config": config})).await;
    let versions = caller.get(&format!("training-jobs/{}/versions", created["job_id"])).await;
    assert_eq!((&versions["version_count"], &versions["versions"]), (&json!(0), &json!([])));
}
