use modelarts_simulator::seed;
use reqwest::Method;
use serde_json::{Value, json};

use crate::caller::Caller;

fn request(name: &str, kind: &str, model: &str) -> Value {
    json!({
        "service_name": name,
        "description": "New",
        "infer_type": kind,
        "config": [{
            "model_id": model,
            "weight": "100",
            "specification": "modelarts.vm.cpu.2u",
            "instance_count": 1,
        }],
    })
}

async fn created(caller: &Caller, request: Value) -> String {
    let created = caller.post("services", request).await;
    assert_eq!(created["resource_ids"].as_array().unwrap().len(), 1);
    format!("services/{}", created["service_id"].as_str().unwrap())
}

#[tokio::test]
async fn a_service_is_deployed_stopped_and_started() {
    let caller = Caller::start().await;
    let mut scheduled = request("created", "real-time", seed::MODEL);
    scheduled["schedule"] = json!([{"type": "stop", "time_unit": "HOURS", "duration": 1}]);
    let path = created(&caller, scheduled.clone()).await;
    caller.refused(Method::POST, "services", Some(scheduled), 409, "ModelArts.3503").await;
    let details = caller.get(&path).await;
    assert_eq!((&details["status"], &details["progress"]), (&json!("deploying"), &json!(50)));
    let config = json!({"config": details["config"]});
    caller.refused(Method::PUT, &path, Some(config.clone()), 400, "ModelArts.3519").await;
    caller.pass_stage();
    let details = caller.get(&path).await;
    assert_eq!((&details["status"], &details["progress"]), (&json!("running"), &json!(100)));
    assert_eq!(details["config"][0]["model_name"], "herbarium");
    assert_eq!(
        (&details["config"][0]["weight"], &details["config"][0]["status"]),
        (&json!(100), &json!("ready"))
    );
    assert!(details["access_address"].is_string() && details["due_time"].is_number());
    caller.pass_stage();
    assert_eq!(caller.get(&path).await["status"], "stopped");

    caller.put(&path, json!({"status": "running", "description": "Changed"})).await;
    let details = caller.get(&path).await;
    assert_eq!((&details["status"], &details["description"]), (&json!("deploying"), &json!("Changed")));
    caller.put(&path, json!({"status": "stopped"})).await;
    assert_eq!(caller.get(&path).await["status"], "stopped");
    assert!(caller.put(&path, config).await["update_time"].is_number());
    assert_eq!(caller.get(&path).await["status"], "stopped");
    assert_eq!(caller.delete(&path).await, json!({}));
    caller.refused(Method::GET, &path, None, 404, "ModelArts.3502").await;
}

#[tokio::test]
async fn a_batch_is_finished() {
    let caller = Caller::start().await;
    let path = created(&caller, request("created", "batch", seed::MODEL)).await;
    for status in ["deploying", "running", "finished"] {
        let details = caller.get(&path).await;
        assert_eq!(details["status"], status);
        assert_eq!(details["config"][0]["finished_time"].is_number(), status == "finished");
        assert!(details.get("access_address").is_none());
        caller.pass_stage();
    }
}

#[tokio::test]
async fn nodes_are_ids_and_then_objects() {
    let caller = Caller::start().await;
    let mut edge = request("created", "edge", seed::MODEL);
    edge["config"][0]["nodes"] = json!(["n1"]);
    let path = created(&caller, edge.clone()).await;
    let node = async || caller.get(&path).await["config"][0]["nodes"][0].clone();
    assert_eq!(node().await, json!({"id": "n1", "instance_status": "stopped", "state": "RUNNING"}));
    caller.pass_stage();
    edge["config"][0]["nodes"] = json!([{"id": "n2", "name": "gate"}]);
    caller.put(&path, json!({"config": edge["config"]})).await;
    caller.pass_stage();
    let expected = json!({"id": "n2", "name": "gate", "instance_status": "running", "state": "RUNNING"});
    assert_eq!(node().await, expected);
}

#[tokio::test]
async fn only_published_models_are_deployed() {
    let caller = Caller::start().await;
    for (model, status, code) in
        [("none", 404, "ModelArts.3507"), (seed::MODEL_FAILED, 400, "ModelArts.3515")]
    {
        let request = request("refused", "real-time", model);
        caller.refused(Method::POST, "services", Some(request), status, code).await;
    }
    let mut unbalanced = request("refused", "real-time", seed::MODEL);
    unbalanced["config"][0]["weight"] = json!(70);
    let mut empty = request("refused", "batch", seed::MODEL);
    empty["config"] = json!([]);
    for request in
        [unbalanced, empty, request("refused", "monthly", seed::MODEL), request("", "edge", seed::MODEL)]
    {
        caller.refused(Method::POST, "services", Some(request), 400, "ModelArts.0104").await;
    }
}

#[tokio::test]
async fn services_are_listed_and_several_are_deleted() {
    let caller = Caller::start().await;
    let list = async |rest: &str| caller.listed(&format!("services{rest}"), "services", "service_id").await;
    assert_eq!(list("").await, [seed::SERVICE_STOPPED, seed::SERVICE]);
    assert_eq!(list("?sort_by=service_name&order=asc&limit=1&offset=1").await, [seed::SERVICE]);
    assert_eq!(list("?status=running").await, [seed::SERVICE]);
    assert_eq!(list("?infer_type=batch").await, [seed::SERVICE_STOPPED]);
    assert_eq!(list(&format!("?model_id={}", seed::MODEL_IN_USE)).await, [seed::SERVICE]);
    let page = caller.get("services?limit=1").await;
    assert_eq!((&page["total_count"], &page["count"]), (&json!(2), &json!(1)));
    let both = format!("services/{},{}", seed::SERVICE, seed::SERVICE_STOPPED);
    caller.delete(&both).await;
    assert!(list("").await.is_empty());
    caller.refused(Method::DELETE, &both, None, 404, "ModelArts.3502").await;
}
