//! Jobs and versions as JSON, typed as loosely as the service types them.
//!
//! Which version shows which looseness depends on its id alone. Of an even id, `core` and `cpu` are numbers, of an odd one
//! strings; some have properties that no page declares, and some lack properties that the pages declare.

use serde_json::{Map, Value, json};

use super::state::{Job, Version};
use crate::{call, resources::job_config, seed, store::Page};

/// How many jobs the project may have.
const QUOTA: usize = 100;

/// The answer to the creation of a job or of a version: the job as its list shows it, and its newest version.
pub(crate) fn created(job: &Job) -> Value {
    let mut answer =
        Object(call::pick(&job_entry(job).0, &["job_id", "job_name", "status", "version_id", "create_time"]));
    answer.put("is_success", true);
    if let Some(newest) = job.newest() {
        answer.put("version_name", newest.name.as_str());
        answer.put("resource_id", resource_id(newest));
    }
    answer.into_value()
}

/// A page of the job list. `job_count` is the number of jobs of the whole project.
pub(crate) fn job_list(page: Page, job_count: usize) -> Value {
    json!({
        "is_success": true,
        "job_total_count": page.total,
        "job_count_limit": QUOTA.saturating_sub(job_count),
        "quotas": QUOTA,
        "jobs": page.objects,
    })
}

/// A page of the version list.
pub(crate) fn version_list(job: &Job, versions: &[&Version]) -> Value {
    let mut answer = Object::default();
    answer.put("is_success", true);
    answer.put_job(job);
    answer.put("version_count", job.versions.len());
    let entries = versions.iter().map(|version| {
        let mut entry = version_properties(job, version);
        entry.put("system_metric_list", system_metrics(version).to_string());
        entry.into_value()
    });
    answer.put("versions", entries.collect::<Vec<_>>());
    answer.into_value()
}

/// The details of a version.
pub(crate) fn version_details(job: &Job, version: &Version) -> Value {
    let mut answer = version_properties(job, version);
    answer.put("is_success", true);
    answer.put_job(job);
    answer.put("system_metric_list", system_metrics(version));
    if version.config.is_none() && version.id % 4 != 2 {
        answer.put("spec_code", "modelarts.vm.gpu.p100");
    }
    if job.id == seed::JOB_WITH_NULLS {
        answer.put("spec_code", Value::Null);
    }
    answer.into_value()
}

pub(super) fn job_entry(job: &Job) -> Object {
    let mut entry = Object::default();
    entry.put_job(job);
    entry.put("status", job.status().0);
    entry.put("version_count", job.versions.len());
    if let Some(newest) = job.newest() {
        entry.put("version_id", newest.id);
        entry.put("create_time", newest.create_time);
        entry.put_known("duration", newest.duration);
    }
    if job.id % 5 == 0 {
        entry.put("labels", json!({"team": "vision", "cost_center": 4_200 + job.id}));
    }
    entry
}

/// What the version list and the version details have in common.
fn version_properties(job: &Job, version: &Version) -> Object {
    let mut object = Object::default();
    object.put("version_id", version.id);
    object.put("version_name", version.name.as_str());
    object.put_known("pre_version_id", version.previous);
    object.put("status", job.status_of(version).0);
    object.put("create_time", version.create_time);
    object.put_known("duration", version.duration);
    object.put_known("start_time", version.start_time);
    if let Some(config) = &version.config {
        object.0.extend(job_config::resolved(config));
        object.put("resource_id", resource_id(version));
        return object;
    }
    put_code(&mut object, job);
    put_resources(&mut object, version);
    put_data(&mut object, job, version);
    if version.id % 3 != 0 {
        object.put("model_id", job.id);
        object.put("model_metric_list", model_metrics(version).to_string());
    }
    if version.id % 3 == 2 {
        // In no page's table.
        object.put("retry_count", 0);
        object.put("scheduler", json!({"queue": "default", "priority": 5}));
    }
    if job.id == seed::JOB_WITH_NULLS {
        for name in ["log_url", "dataset_name", "gpu_type", "volumes", "duration"] {
            object.put(name, Value::Null);
        }
    }
    object
}

/// Engine and code of the job; every seventh job runs an image of its own instead.
fn put_code(object: &mut Object, job: &Job) {
    if job.id % 7 == 0 {
        object.put("user_image_url", format!("198.51.100.7:20202/jobs/{}:1.0", job.name));
        object.put("user_command", "python /home/work/train.py --epochs 3");
        return;
    }
    let index = usize::try_from(job.id).unwrap_or_default() % job_config::ENGINES.len();
    if let Some(engine) = job_config::ENGINES.get(index) {
        object.0.extend(engine.properties());
    }
    object.put("app_url", format!("/simulator/{}/code/", job.name));
    object.put("boot_file_url", format!("/simulator/{}/code/train.py", job.name));
}

fn put_resources(object: &mut Object, version: &Version) {
    object.put("spec_id", 1 + version.id % 4);
    if version.id % 2 == 0 {
        object.put("core", 8);
        object.put("cpu", 64);
    } else {
        object.put("core", "8");
        object.put("cpu", "64 GiB");
    }
    if version.id % 5 != 1 {
        object.put("gpu_num", 1 + version.id % 2);
        object.put("gpu_type", "P100");
    }
    object.put("worker_server_num", 1);
    if version.id % 4 == 0 {
        object.put("resource_id", resource_id(version));
    }
    if version.id % 2 == 0 {
        object.put("pool_id", "pool0a1b2c3d");
        object.put("pool_name", "simulator-pool");
        object.put("nas_mount_path", "/home/work/nas");
        object.put("nas_share_addr", "192.0.2.17:/");
        object.put("nas_type", "nfs");
        object.put(
            "volumes",
            json!([
                {"nfs": {
                    "id": "7d1f42ab-0000-4000-8000-00000000a001",
                    "src_path": "192.0.2.17:/",
                    "dest_path": "/home/work/nas",
                    "read_only": false,
                }},
                {"host_path": {"src_path": "/mnt/scratch", "dest_path": "/home/work/scratch"}},
            ]),
        );
    }
}

/// What the version is billed as.
fn resource_id(version: &Version) -> String {
    format!("5b6c7d8e-0000-4000-8000-{:012}", version.id)
}

fn put_data(object: &mut Object, job: &Job, version: &Version) {
    object.put(
        "parameter",
        json!([
            {"label": "learning_rate", "value": 0.01},
            {"label": "batch_size", "value": "128"},
            {"label": "seed", "value": 9_007_199_254_740_993_i64},
        ]),
    );
    object.put("data_url", format!("/simulator/{}/data/", job.name));
    object.put("train_url", format!("/simulator/{}/output/{}/", job.name, version.name));
    object.put("log_url", format!("/simulator/{}/log/", job.name));
    let mut sources = vec![json!({"type": "obs", "data_url": format!("/simulator/{}/data/", job.name)})];
    if version.id % 2 == 0 {
        let dataset_id = "c0a8d5e1-0000-4000-8000-00000000b002";
        let dataset_version = "91e6f07c-0000-4000-8000-00000000c003";
        sources
            .push(json!({"type": "dataset", "dataset_id": dataset_id, "dataset_version": dataset_version}));
        object.put("dataset_id", dataset_id);
        object.put("dataset_version_id", dataset_version);
        object.put("dataset_name", format!("{}-data", job.name));
        object.put("dataset_version_name", "V002");
    }
    object.put("data_source", sources);
}

fn model_metrics(version: &Version) -> Value {
    let metrics = json!({"recall": 0.91, "precision": 0.88, "accuracy": 0.9 + share(version)});
    json!({
        "metric": [{
            "metric_values": metrics,
            "reserved_data": {},
            "metric_meta": {"class_name": 0, "class_id": 0},
        }],
        "total_metric": {"total_metric_meta": {}, "total_reserved_data": {}, "total_metric_values": metrics},
    })
}

fn system_metrics(version: &Version) -> Value {
    let series = |scale: f64| {
        let value = |step: f64| format!("{:.2}", scale * (step + share(version)));
        json!(["0", value(1.0), value(2.0), value(1.5), "0"])
    };
    json!({
        "cpuUsage": series(21.0),
        "memUsage": series(30.0),
        "gpuUtil": series(44.0),
        "gpuMemUsage": series(40.0),
        "diskReadRate": series(90_000.0),
        "interval": 1,
    })
}

/// A number from 0 to 0.06 that differs between neighbouring versions.
fn share(version: &Version) -> f64 {
    u8::try_from(version.id % 7).map_or(0.0, |number| f64::from(number) / 100.0)
}

/// A JSON object under construction.
#[derive(Default)]
pub(super) struct Object(Map<String, Value>);

impl Object {
    fn put(&mut self, name: &str, value: impl Into<Value>) {
        self.0.insert(name.to_owned(), value.into());
    }

    /// Leaves the property out when its value is not known.
    fn put_known(&mut self, name: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.put(name, value);
        }
    }

    fn put_job(&mut self, job: &Job) {
        self.put("job_id", job.id);
        self.put("job_name", job.name.as_str());
        self.put_known("job_desc", job.description.as_deref());
    }

    /// The properties, as a list filters and sorts them.
    pub(super) fn into_properties(self) -> Map<String, Value> {
        self.0
    }

    fn into_value(self) -> Value {
        Value::Object(self.0)
    }
}
