use modelarts_simulator::seed;
use reqwest::Method;
use serde_json::{Value, json};

use crate::caller::Caller;

#[tokio::test]
async fn a_job_starts_runs_and_is_stopped_by_its_schedule() {
    let caller = Caller::start().await;
    let request = json!({
        "job_name": "created",
        "job_desc": "New",
        "train_url": "/bucket/output/",
        "job_type": "mindinsight",
        "schedule": [{"type": "stop", "time_unit": "HOURS", "duration": 2}],
    });
    let created = caller.post("visualization-jobs", request.clone()).await;
    assert_eq!((&created["is_success"], &created["status"]), (&json!(true), &json!(1)));
    caller.refused(Method::POST, "visualization-jobs", Some(request.clone()), 409, "ModelArts.0103").await;
    let path = format!("visualization-jobs/{}", created["job_id"]);
    for status in [1, 7, 8] {
        let details = caller.get(&path).await;
        assert_eq!(details["status"], status);
        assert_eq!(details["remaining_duration"].is_null(), status != 8);
        for name in ["job_name", "job_desc", "train_url"] {
            assert_eq!(details[name], request[name]);
        }
        caller.pass_stage();
    }
    caller.pass_hours(1);
    assert_eq!(caller.get(&path).await["status"], 12);
}

#[tokio::test]
async fn a_job_is_stopped_started_again_and_deleted() {
    let caller = Caller::start().await;
    let path = format!("visualization-jobs/{}", seed::VISUALIZATION_JOB_RUNNING);
    let status = async || caller.get(&path).await["status"].clone();
    caller.refused(Method::POST, &format!("{path}/restart"), None, 400, "ModelArts.0105").await;
    caller.post(&format!("{path}/stop"), Value::Null).await;
    assert_eq!(status().await, 9);
    caller.refused(Method::POST, &format!("{path}/stop"), None, 400, "ModelArts.0105").await;
    caller.pass_stage();
    assert_eq!(status().await, 12);
    caller.post(&format!("{path}/restart"), Value::Null).await;
    assert_eq!(status().await, 1);
    caller.pass_hours(2);
    assert_eq!(status().await, 8);

    caller.put(&path, json!({"job_desc": "Changed"})).await;
    assert_eq!(caller.get(&path).await["job_desc"], "Changed");
    caller.delete(&path).await;
    assert_eq!(caller.listed("visualization-jobs?status=9", "jobs", "job_id").await.len(), 1);
    assert_eq!(status().await, 9);
    caller.refused(Method::GET, &path, None, 404, "ModelArts.0015").await;
    caller.refused(Method::DELETE, &path, None, 404, "ModelArts.0015").await;
}

#[tokio::test]
async fn jobs_are_listed() {
    let caller = Caller::start().await;
    let list = async |rest: &str| caller.listed(&format!("visualization-jobs{rest}"), "jobs", "job_id").await;
    assert_eq!(list("").await, [501, 502, 503]);
    assert_eq!(list("?sortBy=job_name&per_page=1&page=2").await, [501]);
    assert_eq!(list("?order=desc&search_content=losses").await, [503, 501]);
    assert!(list("?workspace_id=faults").await.is_empty());
    let body = caller.get("visualization-jobs").await;
    assert_eq!((&body["job_total_count"], &body["job_count_limit"]), (&json!(3), &json!(97)));
}
