use modelarts_simulator::seed;
use reqwest::Method;
use serde_json::json;

use crate::caller::Caller;

#[tokio::test]
async fn a_configuration_is_kept_under_its_name() {
    let caller = Caller::start().await;
    let mut request = json!({
        "config_name": "created",
        "config_desc": "New",
        "worker_server_num": 2,
        "model_id": 3,
        "dataset_id": "d",
        "dataset_version_id": "v",
        "spec_id": 1,
        "engine_id": 20,
    });
    caller.post("training-job-configs", request.clone()).await;
    caller.refused(Method::POST, "training-job-configs", Some(request.clone()), 409, "ModelArts.0103").await;
    let details = caller.get("training-job-configs/created").await;
    for (name, value) in request.as_object().unwrap() {
        assert_eq!(&details[name], value, "{name}");
    }
    assert_eq!((&details["is_success"], &details["engine_name"]), (&json!(true), &json!("MXNet")));

    let fields = request.as_object_mut().unwrap();
    fields.remove("config_name");
    fields.remove("config_desc");
    fields.remove("engine_id");
    fields.insert("worker_server_num".to_owned(), json!(4));
    caller.put("training-job-configs/created", request).await;
    let changed = caller.get("training-job-configs/created").await;
    assert_eq!((&changed["worker_server_num"], &changed["config_desc"]), (&json!(4), &json!("New")));
    assert!(changed.get("engine_id").is_none());
    assert_eq!(changed["create_time"], details["create_time"]);

    caller.delete("training-job-configs/created").await;
    for method in [Method::GET, Method::DELETE] {
        caller.refused(method, "training-job-configs/created", None, 404, "ModelArts.0015").await;
    }
}

#[tokio::test]
async fn configurations_are_listed() {
    let caller = Caller::start().await;
    let list = async |rest: &str| {
        caller.listed(&format!("training-job-configs{rest}"), "configs", "config_name").await
    };
    assert_eq!(list("").await, ["tabular-small", seed::JOB_CONFIG, "bert-large"]);
    assert_eq!(list("?order=asc&per_page=2&page=2").await, ["tabular-small"]);
    assert_eq!(list("?sortBy=create_time").await[0], "tabular-small");
    assert_eq!(list("?search_content=PHOTOGRAPHS").await, [seed::JOB_CONFIG]);
    assert!(list("?config_type=sample").await.is_empty());
    for rest in ["?sortBy=spec_id", "?page=0", "?config_type=none"] {
        let rest = format!("training-job-configs{rest}");
        caller.refused(Method::GET, &rest, None, 400, "ModelArts.0104").await;
    }
}
