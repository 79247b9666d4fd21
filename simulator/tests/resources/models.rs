use modelarts_simulator::seed;
use reqwest::Method;
use serde_json::{Value, json};

use crate::caller::Caller;

fn request(name: &str, version: &str) -> Value {
    json!({
        "model_name": name,
        "model_version": version,
        "source_location": "https://bucket.obs.example.com/model",
        "model_type": "PyTorch",
        "apis": [{"url": "/", "method": "post"}],
    })
}

#[tokio::test]
async fn a_model_is_published() {
    let caller = Caller::start().await;
    let created = caller.post("models", request("created", "1.0.0")).await;
    caller.refused(Method::POST, "models", Some(request("created", "1.0.0")), 409, "ModelArts.3002").await;
    caller.post("models", request("created", "1.0.1")).await;
    let path = format!("models/{}", created["model_id"].as_str().unwrap());
    for status in ["publishing", "published"] {
        let details = caller.get(&path).await;
        assert_eq!(details["model_status"], status);
        for name in ["model_name", "model_version", "source_location", "model_type"] {
            assert_eq!(details[name], request("created", "1.0.0")[name]);
        }
        assert_eq!(details["apis"], r#"[{"method":"post","url":"/"}]"#);
        caller.pass_stage();
    }
    for refused in [request("created", "01.0.0"), request("not a name", "1.0.0"), json!({"model_name": "m"})]
    {
        caller.refused(Method::POST, "models", Some(refused), 400, "ModelArts.0104").await;
    }
}

#[tokio::test]
async fn a_model_in_use_stays() {
    let caller = Caller::start().await;
    let deleted = caller.delete(&format!("models/{}?cascade=true", seed::MODEL)).await;
    assert_eq!(deleted["delete_success_list"], json!([seed::MODEL]));
    let kept = &deleted["delete_failed_list"];
    assert_eq!(kept[0]["model_id"], seed::MODEL_IN_USE);
    assert_eq!(kept[0]["error_code"], "ModelArts.3009");
    caller.refused(Method::GET, &format!("models/{}", seed::MODEL), None, 404, "ModelArts.3001").await;
    caller.delete(&format!("services/{}", seed::SERVICE)).await;
    let deleted = caller.delete(&format!("models/{}", seed::MODEL_IN_USE)).await;
    assert_eq!(deleted["delete_failed_list"], json!([]));
}

#[tokio::test]
async fn models_are_listed() {
    let caller = Caller::start().await;
    let list = async |rest: &str| caller.listed(&format!("models{rest}"), "models", "model_version").await;
    assert_eq!(list("").await, ["2.1.0", "1.0.0", "0.0.2", "0.0.1"]);
    assert_eq!(list("?limit=3&offset=1").await, ["0.0.1"]);
    assert_eq!(list("?model_name=herb&order=asc").await, ["0.0.1", "0.0.2"]);
    assert!(list("?model_name=herb&exact_match=true").await.is_empty());
    assert_eq!(list("?model_type=pytorch").await, ["1.0.0"]);
    assert_eq!(list("?not_model_type=TensorFlow&model_status=published").await, ["2.1.0"]);
    let both = "models?model_type=Image&not_model_type=Image";
    caller.refused(Method::GET, both, None, 400, "ModelArts.0104").await;
}
