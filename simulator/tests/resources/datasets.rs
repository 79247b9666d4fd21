use modelarts_simulator::seed;
use reqwest::Method;
use serde_json::{Value, json};

use crate::caller::Caller;

#[tokio::test]
async fn a_data_set_is_created_and_deleted() {
    let caller = Caller::start_v2().await;
    let request = json!({
        "dataset_name": "created",
        "dataset_type": 0,
        "data_sources": [{"data_type": 0, "data_path": "/bucket/input/"}],
        "work_path": "/bucket/work/",
        "work_path_type": 0,
        "labels": [{"name": "cat", "type": 0}],
        "import_annotations": true,
    });
    let (status, created) = caller.send(Method::POST, "datasets", Some(request.clone())).await;
    assert_eq!(status, 201);
    assert!(created["import_task_id"].is_string());
    caller.refused(Method::POST, "datasets", Some(request.clone()), 400, "ModelArts.4351").await;
    let path = format!("datasets/{}", created["dataset_id"].as_str().unwrap());
    for status in [0, 1] {
        let details = caller.get(&path).await;
        assert_eq!(details["status"], status);
        for name in ["dataset_name", "dataset_type", "data_sources", "work_path", "labels"] {
            assert_eq!(details[name], request[name], "{name}");
        }
        assert!(details["inner_work_path"].as_str().unwrap().starts_with("/bucket/work/created-"));
        caller.pass_stage();
    }
    assert_eq!(caller.send(Method::DELETE, &path, None).await, (204, Value::Null));
    assert_eq!(caller.get(&path).await["status"], 2);
    for method in [Method::GET, Method::DELETE] {
        caller.refused(method, &path, None, 400, "ModelArts.4352").await;
    }
    for name in ["dataset_name", "work_path", "work_path_type"] {
        let mut request = request.clone();
        request.as_object_mut().unwrap().remove(name);
        caller.refused(Method::POST, "datasets", Some(request), 400, "ModelArts.0104").await;
    }
}

#[tokio::test]
async fn labels_are_added_renamed_and_removed() {
    let caller = Caller::start_v2().await;
    let path = format!("datasets/{}", seed::DATASET);
    let answer = caller
        .put(
            &path,
            json!({
                "description": "Changed",
                "dataset_name": "herbarium-2",
                "current_version_id": seed::DATASET_VERSION,
                "add_labels": [{"name": "daisy", "type": 0}],
                "update_labels": [{"name": "rose", "type": 0, "property": {"@modelarts:rename_to": "wild rose"}}],
                "delete_labels": [{"name": "tulip"}],
            }),
        )
        .await;
    assert_eq!(answer, json!({"dataset_id": seed::DATASET}));
    let details = caller.get(&path).await;
    assert_eq!(
        (&details["description"], &details["dataset_name"]),
        (&json!("Changed"), &json!("herbarium-2"))
    );
    let labels = details["labels"].as_array().unwrap();
    let names = labels.iter().map(|label| &label["name"]).collect::<Vec<_>>();
    assert_eq!(names, ["wild rose", "daisy"]);
    for (request, code) in [
        (json!({"delete_labels": [{"name": "tulip"}]}), "ModelArts.4410"),
        (json!({"add_labels": [{"name": "daisy"}]}), "ModelArts.4411"),
        (json!({"update_labels": ["daisy"]}), "ModelArts.0104"),
        (json!({"current_version_id": "none"}), "ModelArts.4353"),
        (json!({"dataset_name": "churn"}), "ModelArts.4351"),
    ] {
        caller.refused(Method::PUT, &path, Some(request), 400, code).await;
    }
}

#[tokio::test]
async fn data_sets_are_listed() {
    let caller = Caller::start_v2().await;
    let list = async |rest: &str| caller.listed(&format!("datasets{rest}"), "datasets", "dataset_name").await;
    assert_eq!(list("").await, ["churn", "invoices", "herbarium"]);
    assert_eq!(list("?sort_by=dataset_name&order=asc&limit=2&offset=1").await, ["invoices"]);
    assert_eq!(list("?dataset_type=400").await, ["churn"]);
    assert_eq!(list("?search_content=HERB").await, ["herbarium"]);
    assert_eq!(caller.get("datasets?limit=1").await["total_number"], 3);
    let with = async |rest: &str| caller.listed(&format!("datasets{rest}"), "datasets", "labels").await;
    assert!(with("").await.iter().all(Value::is_null));
    assert!(with("?with_labels=true").await.iter().all(Value::is_array));
    caller.refused(Method::GET, "datasets?limit=101", None, 400, "ModelArts.0104").await;
}
