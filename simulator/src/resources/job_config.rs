//! What a version of a training job is run with: given when it is created, or kept under a name.

use serde_json::{Value, json};

use crate::{
    call::{Object, pick},
    failure::Failure,
};

/// What a request may say of a run, and what is shown of it.
const FIELDS: &[&str] = &[
    "worker_server_num",
    "app_url",
    "boot_file_url",
    "model_id",
    "parameter",
    "data_url",
    "dataset_id",
    "dataset_version_id",
    "data_source",
    "spec_id",
    "engine_id",
    "train_url",
    "log_url",
    "user_image_url",
    "user_command",
    "volumes",
];

/// Exactly one of these says what the run learns from.
const DATA: [&str; 3] = ["data_url", "dataset_id", "data_source"];

/// An engine that runs can have.
pub(crate) struct Engine {
    kind: i64,
    name: &'static str,
    version: &'static str,
}

pub(crate) const ENGINES: [Engine; 4] = [
    Engine { kind: 1, name: "TensorFlow", version: "TF-1.13.1-python3.6" },
    Engine { kind: 10, name: "PyTorch", version: "PyTorch-1.4.0-python3.6" },
    Engine { kind: 2, name: "MXNet", version: "MXNet-1.2.1-python3.6" },
    Engine { kind: 12, name: "Horovod", version: "Horovod_0.16.2-TF_1.13.1-python3.6" },
];

impl Engine {
    fn id(&self) -> i64 {
        self.kind.saturating_mul(10)
    }

    /// What versions and configurations show of their engine.
    pub(crate) fn properties(&self) -> Object {
        let properties = [
            ("engine_type", Value::from(self.kind)),
            ("engine_name", self.name.into()),
            ("engine_id", self.id().into()),
            ("engine_version", self.version.into()),
        ];
        properties.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// The object again, when the pages allow what it says: workers, data of one kind, and code of one kind.
pub(crate) fn checked(config: &Object) -> Result<Object, Failure> {
    let has = |name: &str| {
        config.get(name).is_some_and(|value| !value.is_null() && *value != json!("") && *value != json!([]))
    };
    let workers = config.get("worker_server_num").and_then(Value::as_i64).unwrap_or_default();
    if workers <= 0 {
        return Err(Failure::parameter("The property worker_server_num is not a whole number above 0."));
    }
    if DATA.iter().filter(|name| has(name)).count() != 1 {
        let message = "One of the properties data_url, dataset_id and data_source is needed, and no two.";
        return Err(Failure::parameter(message));
    }
    if has("dataset_id") != has("dataset_version_id") {
        return Err(Failure::parameter("The properties dataset_id and dataset_version_id go together."));
    }
    let has_code = has("app_url") && has("boot_file_url");
    if !has_code && !has("model_id") && !has("user_image_url") {
        let message = "The code is missing: app_url with boot_file_url, model_id, or user_image_url.";
        return Err(Failure::parameter(message));
    }
    Ok(config.clone())
}

/// What is shown of a run: what the request said, and what its ids stand for.
pub(crate) fn resolved(config: &Object) -> Object {
    let mut shown = pick(config, FIELDS);
    let engine_id = config.get("engine_id").and_then(Value::as_i64);
    if let Some(engine) = ENGINES.iter().find(|engine| Some(engine.id()) == engine_id) {
        shown.extend(engine.properties());
    }
    if config.contains_key("spec_id") {
        shown.insert("spec_code".to_owned(), "modelarts.vm.gpu.v100".into());
        shown.insert("gpu_type".to_owned(), "nvidia-v100".into());
        shown.insert("gpu_num".to_owned(), 1.into());
        shown.insert("core".to_owned(), "8".into());
        shown.insert("cpu".to_owned(), "64".into());
    }
    shown
}
