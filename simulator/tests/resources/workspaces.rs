use modelarts_simulator::seed;
use reqwest::Method;
use serde_json::json;

use crate::caller::Caller;

#[tokio::test]
async fn a_workspace_is_created_used_and_deleted() {
    let caller = Caller::start().await;
    let request = json!({"name": "created", "auth_type": "internal", "grants": [{"user_name": "someone"}]});
    let created = caller.post("workspaces", request.clone()).await;
    assert_eq!((&created["status"], &created["auth_type"]), (&json!("NORMAL"), &json!("INTERNAL")));
    caller.refused(Method::POST, "workspaces", Some(request), 409, "ModelArts.0103").await;
    let id = created["id"].as_str().unwrap();
    let path = format!("workspaces/{id}");
    assert_eq!(caller.get(&path).await["grants"], json!([{"user_name": "someone"}]));
    assert_eq!(caller.put(&path, json!({"name": "renamed"})).await, json!({"workspace_id": id}));
    assert_eq!(caller.get(&path).await["name"], "renamed");

    let job = json!({"job_name": "board", "train_url": "/bucket/output/", "workspace_id": id});
    let job = caller.post("visualization-jobs", job).await;
    caller.delete(&path).await;
    for status in ["DELETING", "DELETE_FAILED"] {
        assert_eq!(caller.get(&path).await["status"], status);
    }
    assert_ne!(caller.get(&path).await["status_info"], "");
    let another = json!({"job_name": "board2", "train_url": "/bucket/output/", "workspace_id": id});
    caller.refused(Method::POST, "visualization-jobs", Some(another), 400, "ModelArts.7004").await;

    let job = format!("visualization-jobs/{}", job["job_id"]);
    caller.delete(&job).await;
    caller.get(&job).await;
    caller.refused(Method::GET, &job, None, 404, "ModelArts.0015").await;
    caller.delete(&path).await;
    assert_eq!(caller.get(&path).await["status"], "DELETING");
    caller.refused(Method::GET, &path, None, 400, "ModelArts.7005").await;
}

#[tokio::test]
async fn the_default_workspace_stays() {
    let caller = Caller::start().await;
    caller.refused(Method::DELETE, "workspaces/0", None, 400, "ModelArts.3566").await;
    let renamed = Some(json!({"name": "renamed"}));
    caller.refused(Method::PUT, "workspaces/0", renamed, 400, "ModelArts.3566").await;
    caller.put("workspaces/0", json!({"name": "default", "description": "Changed"})).await;
    assert_eq!(caller.get("workspaces/0").await["description"], "Changed");
    for name in ["default", "abc", "not a name"] {
        caller.refused(Method::POST, "workspaces", Some(json!({"name": name})), 400, "ModelArts.0104").await;
    }
}

#[tokio::test]
async fn workspaces_are_listed() {
    let caller = Caller::start().await;
    let list = async |rest: &str| caller.listed(&format!("workspaces{rest}"), "workspaces", "id").await;
    assert_eq!(list("").await, [seed::OTHER_WORKSPACE, "faults", "0"]);
    assert_eq!(list("?order=asc&limit=2&offset=1").await, [seed::OTHER_WORKSPACE]);
    assert_eq!(list("?name=RES").await, [seed::OTHER_WORKSPACE]);
    assert!(list("?enterprise_project_id=1").await.is_empty());
    let body = caller.get("workspaces?limit=1").await;
    assert_eq!((&body["total_count"], &body["count"]), (&json!(3), &json!(1)));
    assert!(body["workspaces"][0].get("grants").is_none());
}
