//! The API over HTTP: lists, deletions, failures and faults, as a client sees them.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test ends where something is not as it should be"
)]

use std::{collections::BTreeSet, time::Duration};

use modelarts_simulator::{Settings, Simulator, credentials, seed};
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};

/// A client that sends the good token.
struct Caller {
    simulator: Simulator,
    client: Client,
}

impl Caller {
    async fn start() -> Self {
        Self::of(Simulator::start().await.unwrap())
    }

    fn of(simulator: Simulator) -> Self {
        Self { simulator, client: Client::new() }
    }

    async fn send(&self, method: Method, rest: &str) -> Response {
        let url = format!("{}/v1/{}/training-jobs{rest}", self.simulator.endpoint(), credentials::PROJECT_ID);
        self.client.request(method, url).header("X-Auth-Token", credentials::TOKEN).send().await.unwrap()
    }

    async fn get(&self, rest: &str) -> (StatusCode, Value) {
        read(self.send(Method::GET, rest).await).await
    }

    async fn delete(&self, job_id: i64) -> (StatusCode, Value) {
        read(self.send(Method::DELETE, &format!("/{job_id}")).await).await
    }

    async fn versions(&self, job_id: i64) -> (StatusCode, Value) {
        self.get(&format!("/{job_id}/versions")).await
    }

    async fn ids(&self, query: &str) -> Vec<i64> {
        let (status, body) = self.get(query).await;
        assert_eq!(status, 200, "{body}");
        body["jobs"].as_array().unwrap().iter().map(|job| job["job_id"].as_i64().unwrap()).collect()
    }
}

/// Status and body of an answer that has the headers which all answers have.
async fn read(answer: Response) -> (StatusCode, Value) {
    let status = answer.status();
    assert_eq!(answer.headers()["content-type"], "application/json;charset=UTF-8");
    assert_eq!(answer.headers()["x-request-id"].len(), 32);
    let body = answer.bytes().await.unwrap();
    (status, serde_json::from_slice(&body).unwrap())
}

fn statuses(body: &Value) -> Vec<i64> {
    let versions = body["versions"].as_array().unwrap();
    versions.iter().map(|version| version["status"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn the_default_list_has_three_pages() {
    let caller = Caller::start().await;
    let (_, first) = caller.get("").await;
    assert_eq!(first["is_success"], true);
    assert_eq!(first["job_total_count"], seed::JOBS_IN_DEFAULT_WORKSPACE);
    let mut seen = BTreeSet::new();
    for (page, count) in [("", 10), ("?page=2", 10), ("?page=3", 9), ("?page=4", 0)] {
        let ids = caller.ids(page).await;
        assert_eq!(ids.len(), count, "{page}");
        seen.extend(ids);
    }
    assert_eq!(seen.len(), seed::JOBS_IN_DEFAULT_WORKSPACE);
    assert!(!seen.contains(&seed::JOB_OTHER_WORKSPACE));
    assert!(seen.iter().all(|id| *id < 900));
    assert_eq!(caller.ids(&format!("?workspace_id={}", seed::OTHER_WORKSPACE)).await.len(), 2);
    assert!(caller.ids("?workspace_id=faults").await.contains(&seed::JOB_TRUNCATED));
}

#[tokio::test]
async fn the_list_is_sorted_and_filtered() {
    let caller = Caller::start().await;
    for key in ["job_name", "status", "version_count", "create_time"] {
        let (_, body) = caller.get(&format!("?sortBy={key}&order=desc&per_page=1000")).await;
        let jobs = body["jobs"].as_array().unwrap();
        assert!(
            jobs.is_sorted_by(|left, right| match key {
                "job_name" => left[key].as_str() >= right[key].as_str(),
                _ => left[key].as_i64().unwrap() >= right[key].as_i64().unwrap(),
            }),
            "{key}"
        );
    }
    let (_, running) = caller.get("?status=8").await;
    let jobs = running["jobs"].as_array().unwrap();
    assert_eq!(running["job_total_count"], 3);
    assert!(jobs.iter().all(|job| job["status"] == 8 && job.get("duration").is_none()));
    assert_eq!(
        caller.ids("?status=7&per_page=10&page=1&sortBy=job_name&order=asc&search_content=plants").await,
        [39]
    );
}

#[tokio::test]
async fn parameters_out_of_range_are_refused() {
    let caller = Caller::start().await;
    for rest in [
        "?per_page=0",
        "?page=65536",
        "?sortBy=id",
        "?order=up",
        "?status=22",
        "/10/versions?page=-1",
        "/ten/versions",
        "/10/versions/ten",
        "/9223372036854775808/versions",
        "/%FF/versions",
    ] {
        let (status, body) = caller.get(rest).await;
        assert_eq!(
            (status.as_u16(), &body["is_success"], &body["error_code"]),
            (400, &json!(false), &json!("ModelArts.0104")),
            "{rest}"
        );
    }
}

#[tokio::test]
async fn versions_are_typed_loosely() {
    let caller = Caller::start().await;
    let (_, list) = caller.versions(seed::JOB_DELETES).await;
    assert_eq!(list["version_count"], 4);
    let versions = list["versions"].as_array().unwrap();
    assert_eq!(versions[0]["version_id"], seed::VERSION_OF_JOB_DELETES);
    assert_eq!(versions[0]["pre_version_id"], 5);
    assert!(versions[3].get("pre_version_id").is_none());
    assert!(versions[0]["core"].is_number() && versions[1]["core"].is_string());
    let values = versions[0]["parameter"].as_array().unwrap();
    assert!(values.iter().any(|value| value["value"].is_number()));
    assert!(values.iter().any(|value| value["value"].is_string()));
    let metrics = serde_json::from_str::<Value>(versions[0]["model_metric_list"].as_str().unwrap()).unwrap();
    assert!(metrics["total_metric"]["total_metric_values"]["recall"].is_number());
    let system = serde_json::from_str::<Value>(versions[0]["system_metric_list"].as_str().unwrap()).unwrap();

    let (_, details) = caller.get("/10/versions/10").await;
    assert_eq!(details["is_success"], true);
    assert_eq!(details["job_name"], list["job_name"]);
    assert_eq!(details["system_metric_list"], system);
    let (status, body) = caller.get("/10/versions/4").await;
    assert_eq!((status.as_u16(), &body["error_code"]), (404, &json!("ModelArts.0015")));

    let (_, page) = caller.get(&format!("/{}/versions?page=3&per_page=10", seed::JOB_MANY_VERSIONS)).await;
    assert_eq!((page["versions"].as_array().unwrap().len(), &page["version_count"]), (3, &json!(23)));
    let (_, nulls) = caller.get(&format!("/{0}/versions/{0}01", seed::JOB_WITH_NULLS)).await;
    assert!(nulls["spec_code"].is_null() && nulls.get("spec_code").is_some());
    let (_, undocumented) = caller.versions(seed::JOB_UNDOCUMENTED_STATUS).await;
    assert_eq!(statuses(&undocumented), [99]);
}

#[tokio::test]
async fn a_deletion_takes_polls_and_then_the_job_is_gone() {
    let caller = Caller::start().await;
    for (job_id, gone) in [(seed::JOB_DELETES, 404), (seed::JOB_DELETES_WITH_400, 400)] {
        assert_eq!(caller.delete(job_id).await, (StatusCode::OK, json!({"is_success": true})));
        for _ in 0..3 {
            let (status, body) = caller.versions(job_id).await;
            assert_eq!(status, 200);
            assert!(statuses(&body).iter().all(|status| *status == 9), "{body}");
        }
        assert!(caller.ids("?status=9").await.contains(&job_id));
        let (status, body) = caller.versions(job_id).await;
        assert_eq!(
            (status.as_u16(), &body["is_success"], &body["error_code"]),
            (gone, &json!(false), &json!("ModelArts.2775"))
        );
        assert_eq!(caller.delete(job_id).await.0.as_u16(), gone);
        assert!(!caller.ids("?per_page=1000").await.contains(&job_id));
    }
    for (job_id, status) in [(seed::NO_SUCH_JOB, 404), (seed::NO_SUCH_JOB_WITH_400, 400)] {
        let (answered, body) = caller.delete(job_id).await;
        assert_eq!((answered.as_u16(), &body["error_code"]), (status, &json!("ModelArts.2775")));
    }
}

#[tokio::test]
async fn deletions_fail_in_their_several_ways() {
    let settings = Settings { polls_until_gone: 1, ..Settings::default() };
    let caller = Caller::of(Simulator::start_with(settings).await.unwrap());
    assert_eq!(caller.delete(seed::JOB_DELETE_FAILS).await.0, 200);
    assert_eq!(statuses(&caller.versions(seed::JOB_DELETE_FAILS).await.1), [9, 9]);
    assert_eq!(statuses(&caller.versions(seed::JOB_DELETE_FAILS).await.1), [6, 10]);

    let (status, body) = caller.delete(seed::JOB_REFUSED_WITH_200).await;
    assert_eq!(status, 200);
    assert_eq!((&body["is_success"], &body["error_code"]), (&json!(false), &json!("ModelArts.0105")));
    assert_eq!(statuses(&caller.versions(seed::JOB_REFUSED_WITH_200).await.1)[0], 10);

    let (status, body) = caller.delete(seed::JOB_BUSY_ONCE).await;
    assert_eq!((status.as_u16(), &body["error_code"]), (409, &json!("ModelArts.2878")));
    assert_eq!(caller.delete(seed::JOB_BUSY_ONCE).await.0, 200);
}

#[tokio::test]
async fn failures_have_several_spellings() {
    let caller = Caller::start().await;
    for (job_id, status, names) in [
        (seed::JOB_GATEWAY_FAILURE, 500, &["error_code", "error_msg", "request_id"][..]),
        (seed::JOB_CAMEL_CASE_FAILURE, 500, &["errorCode", "errorMsg"]),
        (seed::JOB_SHORT_FAILURE, 500, &["code", "message"]),
        (seed::JOB_FAILURE_WITH_200, 200, &["error_code", "error_message", "is_success"]),
    ] {
        let (answered, body) = caller.versions(job_id).await;
        let present = body.as_object().unwrap().keys().map(String::as_str).collect::<Vec<_>>();
        assert_eq!((answered.as_u16(), present.as_slice()), (status, names));
    }
    let answer = caller.send(Method::GET, &format!("/{}/versions", seed::JOB_GATEWAY_FAILURE)).await;
    let request_id = answer.headers()["x-request-id"].to_str().unwrap().to_owned();
    assert_eq!(read(answer).await.1["request_id"], request_id);
}

#[tokio::test]
async fn faults_that_pass_pass() {
    let caller = Caller::start().await;
    let throttled = format!("/{}/versions", seed::JOB_THROTTLED_ONCE);
    let answer = caller.send(Method::GET, &throttled).await;
    assert_eq!((answer.status().as_u16(), &answer.headers()["retry-after"]), (429, &"1".parse().unwrap()));
    assert_eq!(read(answer).await.1["error_code"], "ModelArts.2799");
    assert_eq!(caller.get(&throttled).await.0, 200);
    assert_eq!(caller.versions(seed::JOB_UNAVAILABLE_ONCE).await.0, 503);
    assert_eq!(caller.versions(seed::JOB_UNAVAILABLE_ONCE).await.0, 200);
}

#[tokio::test]
async fn bodies_can_be_unreadable() {
    let caller = Caller::start().await;
    let versions = |job_id: i64| format!("/{job_id}/versions");
    let answer = caller.send(Method::GET, &versions(seed::JOB_NOT_JSON)).await;
    assert_eq!(answer.status(), 200);
    assert!(serde_json::from_slice::<Value>(&answer.bytes().await.unwrap()).is_err());
    assert!(caller.versions(seed::JOB_OTHER_SHAPE).await.1["versions"].is_string());

    let answer = caller.send(Method::GET, &versions(seed::JOB_HTML_FAILURE)).await;
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["content-type"]),
        (502, &"text/html".parse().unwrap())
    );

    let mut answer = caller.send(Method::GET, &versions(seed::JOB_TRUNCATED)).await;
    assert_eq!(answer.status(), 200);
    let promised = answer.content_length().unwrap();
    let mut received = 0;
    let broke_off = loop {
        match answer.chunk().await {
            Ok(Some(bytes)) => received += u64::try_from(bytes.len()).unwrap(),
            Ok(None) => break false,
            Err(_) => break true,
        }
    };
    assert!(broke_off);
    assert!(0 < received && received < promised, "{received} of {promised}");
}

#[tokio::test]
async fn a_hanging_answer_ends_with_the_simulator() {
    let Caller { simulator, client } = Caller::start().await;
    let project = format!("{}/v1/{}/training-jobs", simulator.endpoint(), credentials::PROJECT_ID);
    let request = client
        .get(format!("{project}/{}/versions", seed::JOB_HANGS))
        .header("X-Auth-Token", credentials::TOKEN)
        .send();
    let mut hanging = tokio::spawn(request);
    while simulator.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    assert!(tokio::time::timeout(Duration::from_millis(100), &mut hanging).await.is_err());
    drop(simulator);
    assert_eq!(hanging.await.unwrap().unwrap().status(), 503);
    let refused = async {
        while client.get(&project).send().await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), refused).await.unwrap();
}

#[tokio::test]
async fn what_came_in_is_remembered() {
    let caller = Caller::start().await;
    caller.get("?page=2").await;
    caller.delete(seed::NO_SUCH_JOB).await;
    let requests = caller.simulator.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].method, "GET");
    assert!(requests[0].path_and_query.ends_with("/training-jobs?page=2"));
    assert_eq!(requests[1].method, "DELETE");
    assert_eq!(requests[1].header("X-Auth-Token"), Some(credentials::TOKEN));
    assert!(!format!("{requests:?}").contains(credentials::TOKEN));
}
