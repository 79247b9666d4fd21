//! Configurations of training jobs, kept under their names.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{job_config, not_found};
use crate::{
    call::{Call, Entry, Letters, Object, Reply, pick},
    failure::Failure,
    project::Project,
    seed,
    store::{Collection, Course, Filter, Item, Listing, Paging, Sort},
};

pub(crate) const ENTRIES: &[Entry] = &[
    ("POST", "/v1/{project_id}/training-job-configs", create),
    ("GET", "/v1/{project_id}/training-job-configs", list),
    ("GET", "/v1/{project_id}/training-job-configs/{config_name}", get),
    ("PUT", "/v1/{project_id}/training-job-configs/{config_name}", update),
    ("DELETE", "/v1/{project_id}/training-job-configs/{config_name}", delete),
];

/// What the list shows.
const LISTED: &[&str] = &[
    "config_name",
    "config_desc",
    "create_time",
    "engine_type",
    "engine_name",
    "engine_id",
    "engine_version",
    "user_image_url",
    "user_command",
];

const LISTING: Listing = Listing {
    filters: &[Filter::Contains { parameter: "search_content", fields: &["config_name", "config_desc"] }],
    sort: Sort {
        parameter: "sortBy",
        fields: &["config_name", "config_desc", "create_time"],
        is_descending: true,
    },
    paging: Paging { page: "page", first: 1, size: "per_page", default_size: 10, largest_size: 1_000 },
};

/// Configurations have no status.
pub(crate) type TrainingJobConfigs = Collection<()>;

pub(crate) fn seeded() -> TrainingJobConfigs {
    let mut configs = Collection::default();
    let rows = [
        (seed::JOB_CONFIG, "Every night, on the newest photographs", 10, 1),
        ("bert-large", "Two machines", 100, 2),
        ("tabular-small", "", 20, 1),
    ];
    for (number, (name, description, engine_id, workers)) in (0_i64..).zip(rows) {
        let fields = json!({
            "config_desc": description,
            "worker_server_num": workers,
            "app_url": format!("/simulator/{name}/code/"),
            "boot_file_url": format!("/simulator/{name}/code/train.py"),
            "parameter": [{"label": "learning_rate", "value": "0.01"}],
            "data_url": format!("/simulator/{name}/data/"),
            "spec_id": 1,
            "engine_id": engine_id,
            "train_url": format!("/simulator/{name}/output/"),
            "log_url": format!("/simulator/{name}/log/"),
        });
        let created = seed::FIRST_CREATION + number * 86_400_000;
        let fields = fields.as_object().cloned().unwrap_or_default();
        configs.insert(Item::new(name.to_owned(), fields, Course::settled(created, ())));
    }
    configs
}

fn create(project: &mut Project, call: &Call) -> Result<Reply, Failure> {
    let name = call.name("config_name", Letters::Ascii, 64)?;
    let fields = checked(call)?;
    if project.job_configs.find(name).is_some() {
        let message = format!("There is a configuration of the name {name}.");
        return Err(Failure::service(StatusCode::CONFLICT, "ModelArts.0103", message));
    }
    project.job_configs.insert(Item::new(name.to_owned(), fields, Course::settled(call.now, ())));
    Reply::done()
}

/// Samples, which the vendor provides, there are none of here.
fn list(project: &mut Project, call: &Call) -> Result<Reply, Failure> {
    let is_sample = wants_samples(call)?;
    let configs = project.job_configs.iter().filter(|_| !is_sample).map(shown);
    let page = LISTING.page_of(configs, &call.query)?;
    let configs = page.objects.iter().map(|config| pick(config, LISTED)).collect::<Vec<_>>();
    Reply::ok(json!({"is_success": true, "config_total_count": page.total, "configs": configs}))
}

fn get(project: &mut Project, call: &Call) -> Result<Reply, Failure> {
    let name = call.path("config_name");
    let is_sample = wants_samples(call)?;
    let config = project.job_configs.find(name).filter(|_| !is_sample);
    let mut shown = shown(config.ok_or_else(|| not_found("configuration", name))?);
    shown.insert("is_success".to_owned(), true.into());
    Reply::ok(shown)
}

/// Replaces all but the name and the time of creation, and the description where the request has none.
fn update(project: &mut Project, call: &Call) -> Result<Reply, Failure> {
    let name = call.path("config_name");
    let mut fields = checked(call)?;
    let config = project.job_configs.find_mut(name).ok_or_else(|| not_found("configuration", name))?;
    if let Some(description) = config.fields.remove("config_desc") {
        fields.entry("config_desc").or_insert(description);
    }
    config.fields = fields;
    Reply::done()
}

fn delete(project: &mut Project, call: &Call) -> Result<Reply, Failure> {
    let name = call.path("config_name");
    project.job_configs.remove(name).ok_or_else(|| not_found("configuration", name))?;
    Reply::done()
}

fn checked(call: &Call) -> Result<Object, Failure> {
    call.text("config_desc", 256)?;
    job_config::checked(&call.body)
}

fn wants_samples(call: &Call) -> Result<bool, Failure> {
    Ok(call.query.word("config_type", &[("custom", false), ("sample", true)])?.unwrap_or(false))
}

fn shown(config: &Item<()>) -> Object {
    let mut shown = job_config::resolved(&config.fields);
    shown.insert("config_name".to_owned(), config.id.as_str().into());
    shown.insert("create_time".to_owned(), config.changed_at.into());
    shown.insert(
        "config_desc".to_owned(),
        config.fields.get("config_desc").cloned().unwrap_or_else(|| Value::from("")),
    );
    shown
}
