//! Services: models, deployed in real time, in a batch or on edge nodes.
//!
//! A service that is created is deployed and then runs, a batch until it is finished, another until its schedule or an update stops
//! it.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{models, ownership, put, stop_after, workspaces};
use crate::{
    call::{Call, Entry, Letters, Object, Reply, pick, text_of},
    failure::Failure,
    project::Project,
    seed::{self, DEFAULT_WORKSPACE},
    store::{Collection, Course, Filter, Item, Listing, Paging, Sort},
};

pub(crate) const ENTRIES: &[Entry] = &[
    ("POST", "/v1/{project_id}/services", create),
    ("GET", "/v1/{project_id}/services", list),
    ("GET", "/v1/{project_id}/services/{service_id}", get),
    ("PUT", "/v1/{project_id}/services/{service_id}", update),
    ("DELETE", "/v1/{project_id}/services/{service_id}", delete),
];

const DEPLOYING: &str = "deploying";
const RUNNING: &str = "running";
const STOPPED: &str = "stopped";
const FINISHED: &str = "finished";

const REAL_TIME: &str = "real-time";
const BATCH: &str = "batch";
const EDGE: &str = "edge";

/// What a request may say of a service.
const FIELDS: &[&str] = &[
    "service_name",
    "description",
    "infer_type",
    "workspace_id",
    "vpc_id",
    "subnet_network_id",
    "security_group_id",
    "cluster_id",
    "config",
    "schedule",
    "additional_properties",
];

const LISTED: &[&str] = &[
    "service_id",
    "service_name",
    "description",
    "tenant",
    "project",
    "owner",
    "publish_at",
    "infer_type",
    "workspace_id",
    "status",
    "start_time",
    "finished_time",
    "progress",
    "invocation_times",
    "failed_times",
    "is_shared",
    "shared_count",
    "schedule",
    "due_time",
    "operation_time",
    "is_opened_sample_collection",
    "transition_at",
    "is_free",
    "additional_properties",
];

const LISTING: Listing = Listing {
    filters: &[
        Filter::Is("service_id"),
        Filter::Contains { parameter: "service_name", fields: &["service_name"] },
        Filter::IsOr { parameter: "workspace_id", default: DEFAULT_WORKSPACE },
        Filter::Is("infer_type"),
        Filter::Is("status"),
    ],
    sort: Sort { parameter: "sort_by", fields: &["publish_at", "service_name"], is_descending: true },
    paging: Paging { page: "offset", first: 0, size: "limit", default_size: 1_000, largest_size: 1_000 },
};

pub(crate) type Services = Collection<&'static str>;

pub(crate) fn seeded() -> Services {
    let mut services = Collection::default();
    let rows = [
        (seed::SERVICE, "herbarium-online", REAL_TIME, seed::MODEL_IN_USE, RUNNING, "For the visitors' app"),
        (
            seed::SERVICE_STOPPED,
            "churn-nightly",
            BATCH,
            "2f7c1b90-64de-4a35-8c17-9b0e5d2a4f04",
            STOPPED,
            "All customers, every night",
        ),
    ];
    for (day, (id, name, kind, model, status, description)) in (10_i64..).zip(rows) {
        let request = json!({
            "service_name": name,
            "description": description,
            "infer_type": kind,
            "config": [{
                "model_id": model,
                "specification": "modelarts.vm.cpu.2u",
                "instance_count": 1,
                "weight": 100,
                "envs": {},
            }],
        });
        let created = seed::FIRST_CREATION + day * 86_400_000;
        let request = request.as_object().cloned().unwrap_or_default();
        services.insert(service(id.to_owned(), &request, created, Course::settled(created, status)));
    }
    services
}

/// Whether a service deploys the model.
pub(crate) fn are_using(project: &Project, model_id: &str) -> bool {
    let uses = |service: &Item<_>| configs(&service.fields).any(|config| config["model_id"] == model_id);
    project.services.iter().any(uses)
}

fn create(project: &mut Project, call: &Call) -> Result<Reply, Failure> {
    let name = call.name("service_name", Letters::Any, 64)?;
    call.text("description", 100)?;
    let Some(kind) = call.word("infer_type", &[REAL_TIME, BATCH, EDGE])? else {
        return Err(Failure::parameter("The property infer_type is missing."));
    };
    workspaces::check(project, call.text("workspace_id", 64)?.unwrap_or(DEFAULT_WORKSPACE))?;
    check_config(project, call, kind)?;
    let course = course(call, kind)?;
    if project.services.is_taken(&["service_name"], &call.body, "") {
        let message = format!("There is a service of the name {name}.");
        return Err(Failure::service(StatusCode::CONFLICT, "ModelArts.3503", message));
    }
    let id = project.identifiers.uuid();
    project.services.insert(service(id.clone(), &call.body, call.now, course));
    let resources = configs(&call.body).enumerate().map(|(index, _)| format!("INF-{index}@{id}"));
    Reply::ok(json!({"service_id": id, "resource_ids": resources.collect::<Vec<_>>()}))
}

fn list(project: &mut Project, call: &Call) -> Result<Reply, Failure> {
    let model = call.query.text("model_id")?;
    let uses = |service: &&Item<_>| {
        model.is_none_or(|model| configs(&service.fields).any(|config| config["model_id"] == model))
    };
    let services = project.services.iter().filter(uses).map(|service| shown(project, call, service));
    let page = LISTING.page_of(services, &call.query)?;
    let services = page.objects.iter().map(|service| pick(service, LISTED)).collect::<Vec<_>>();
    Reply::ok(json!({"total_count": page.total, "count": services.len(), "services": services}))
}

fn get(project: &mut Project, call: &Call) -> Result<Reply, Failure> {
    let id = call.path("service_id");
    let service = project.services.find(id).ok_or_else(|| not_found(id))?;
    let mut answer = shown(project, call, service);
    // What the list has of these, the details have elsewhere or not at all.
    for name in ["is_opened_sample_collection", "start_time", "finished_time"] {
        answer.remove(name);
    }
    Reply::ok(answer)
}

/// Starts or stops the service, or else changes how it is run. A description can come with either.
fn update(project: &mut Project, call: &Call) -> Result<Reply, Failure> {
    let id = call.path("service_id");
    let description = call.text("description", 100)?.map(Value::from);
    let status = call.word("status", &[RUNNING, STOPPED])?;
    let service = project.services.find(id).ok_or_else(|| not_found(id))?;
    let (now, kind) = (service.status, text_of(&service.fields, "infer_type").to_owned());
    let has_config = status.is_none() && call.body.contains_key("config");
    if has_config {
        check_config(project, call, &kind)?;
    }
    if now == DEPLOYING && (has_config || status == Some(RUNNING)) {
        let message = format!("The service {id} is being deployed.");
        return Err(Failure::service(StatusCode::BAD_REQUEST, "ModelArts.3519", message));
    }
    let course = match (status, has_config) {
        (Some(STOPPED), _) => Some(Course::settled(call.now, STOPPED)),
        (Some(_), _) if now != RUNNING => Some(course(call, &kind)?),
        (None, true) if now == RUNNING => Some(course(call, &kind)?),
        _ => None,
    };
    let service = project.services.find_mut(id).ok_or_else(|| not_found(id))?;
    let changed = ["schedule", "additional_properties"].map(|name| (name, call.body.get(name).cloned()));
    let config = call.body.get("config").filter(|_| has_config).cloned();
    let changed = changed.into_iter().chain([("description", description), ("config", config)]);
    put(&mut service.fields, changed.filter_map(|(name, value)| Some((name, value?))));
    if has_config {
        put(&mut service.fields, [("update_time", call.now.into())]);
    }
    if let Some(course) = course {
        put(&mut service.fields, [("publish_at", call.now.into())]);
        service.turn(course);
    }
    Reply::ok(if has_config { json!({"update_time": call.now}) } else { json!({}) })
}

/// Deletes one service, or several whose ids stand with commas between.
fn delete(project: &mut Project, call: &Call) -> Result<Reply, Failure> {
    let ids = call.path("service_id").split(',').collect::<Vec<_>>();
    if let Some(unknown) = ids.iter().find(|id| project.services.find(id).is_none()) {
        return Err(not_found(unknown));
    }
    for id in ids {
        project.services.remove(id);
    }
    Reply::ok(json!({}))
}

fn not_found(id: &str) -> Failure {
    let message = format!("There is no service {id}.");
    Failure::service(StatusCode::NOT_FOUND, "ModelArts.3502", message)
}

fn configs(fields: &Object) -> impl Iterator<Item = &Value> {
    fields.get("config").and_then(Value::as_array).into_iter().flatten()
}

/// Every model is there and published; in real time the weights come to 100, elsewhere there is one model.
fn check_config(project: &Project, call: &Call, kind: &str) -> Result<(), Failure> {
    let mut weights = 0;
    for config in configs(&call.body) {
        let id = config["model_id"].as_str().unwrap_or_default();
        let model = project.models.find(id).ok_or_else(|| {
            let message = format!("There is no model {id}.");
            Failure::service(StatusCode::NOT_FOUND, "ModelArts.3507", message)
        })?;
        if model.status != models::PUBLISHED {
            let message = format!("The model {id} is not published.");
            return Err(Failure::service(StatusCode::BAD_REQUEST, "ModelArts.3515", message));
        }
        weights += number(&config["weight"]).unwrap_or_default();
    }
    match (kind, configs(&call.body).count()) {
        (_, 0) => Err(Failure::parameter("The property config has no model.")),
        (REAL_TIME, _) if weights != 100 => {
            Err(Failure::parameter(format!("The weights come to {weights}, not to 100.")))
        }
        (BATCH | EDGE, 2..) => Err(Failure::parameter(format!("A service of type {kind} has one model."))),
        _ => Ok(()),
    }
}

/// A whole number, or the digits of one: the pages say the former and show the latter.
fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

fn course(call: &Call, kind: &str) -> Result<Course<&'static str>, Failure> {
    if kind == BATCH {
        return Ok(Course::new(call.now, &[DEPLOYING, RUNNING], FINISHED));
    }
    Ok(Course::new(call.now, &[DEPLOYING], RUNNING).until(stop_after(call)?, STOPPED))
}

fn service(id: String, request: &Object, created: i64, course: Course<&'static str>) -> Item<&'static str> {
    let mut fields = pick(request, FIELDS);
    let defaults = [
        ("description", json!("")),
        ("workspace_id", json!(DEFAULT_WORKSPACE)),
        ("additional_properties", json!({})),
    ];
    for (name, default) in defaults {
        fields.entry(name).or_insert(default);
    }
    put(
        &mut fields,
        [
            ("service_id", id.as_str().into()),
            ("publish_at", created.into()),
            ("update_time", created.into()),
            ("invocation_times", 0.into()),
            ("failed_times", 0.into()),
            ("is_shared", false.into()),
            ("shared_count", 0.into()),
            ("is_opened_sample_collection", false.into()),
            ("is_free", false.into()),
        ],
    );
    put(&mut fields, ownership());
    if fields.get("infer_type") == Some(&json!(REAL_TIME)) {
        let address = format!("https://infer.simulator.invalid/v1/infers/{id}");
        put(&mut fields, [("access_address", address.into())]);
    }
    Item::new(id, fields, course)
}

fn shown(project: &Project, call: &Call, service: &Item<&'static str>) -> Object {
    let mut shown = service.fields.clone();
    put(
        &mut shown,
        [
            ("status", service.status.into()),
            ("progress", if service.status == DEPLOYING { 50 } else { 100 }.into()),
            ("transition_at", service.changed_at.into()),
            ("operation_time", call.now.into()),
        ],
    );
    if let Some(due) = service.course.due_time(project.stage) {
        put(&mut shown, [("due_time", due.into())]);
    }
    put(&mut shown, batch_times(service));
    let configs = configs(&service.fields).map(|config| shown_config(project, service, config));
    let configs = configs.collect::<Vec<_>>();
    put(&mut shown, [("config", configs.into())]);
    shown
}

/// When a batch was started, and when it was finished. The list has them of the service, the details of its one model.
fn batch_times(service: &Item<&'static str>) -> Vec<(&'static str, Value)> {
    let mut times = Vec::new();
    if service.fields.get("infer_type") == Some(&json!(BATCH)) && service.status != DEPLOYING {
        times.push(("start_time", service.field("publish_at").clone()));
    }
    if service.status == FINISHED {
        times.push(("finished_time", service.changed_at.into()));
    }
    times
}

/// A part of the configuration, with what is known of its model.
fn shown_config(project: &Project, service: &Item<&'static str>, config: &Value) -> Value {
    let mut shown = config.as_object().cloned().unwrap_or_default();
    let model = project.models.find(text_of(&shown, "model_id"));
    for name in ["model_name", "model_version"] {
        if let Some(value) = model.map(|model| model.field(name).clone()) {
            put(&mut shown, [(name, value)]);
        }
    }
    shown.entry("envs").or_insert_with(|| json!({}));
    match text_of(&service.fields, "infer_type") {
        REAL_TIME => {
            if let Some(weight) = number(&config["weight"]) {
                put(&mut shown, [("weight", weight.into())]);
            }
            shown.entry("additional_properties").or_insert_with(|| json!({}));
            let status = if service.status == RUNNING { "ready" } else { "notReady" };
            put(
                &mut shown,
                [("status", status.into()), ("scaling", false.into()), ("support_debug", false.into())],
            );
        }
        EDGE => {
            let state = if service.status == RUNNING { "running" } else { "stopped" };
            let ids = config["nodes"].as_array().into_iter().flatten();
            let nodes = ids.map(|node| {
                // An id when the service is deployed, an object when it is updated.
                let mut shown = node.as_object().cloned().unwrap_or_default();
                shown.entry("id").or_insert_with(|| node.clone());
                put(&mut shown, [("instance_status", state.into()), ("state", "RUNNING".into())]);
                shown
            });
            let nodes = nodes.map(Value::from).collect::<Vec<_>>();
            put(&mut shown, [("nodes", nodes.into())]);
        }
        _ => {
            shown.remove("weight");
            put(&mut shown, batch_times(service));
        }
    }
    shown.into()
}
