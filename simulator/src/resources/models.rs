//! Models: imported, published after a while, and deployed by services.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{ownership, put, workspaces};
use crate::{
    call::{Call, Entry, Letters, Object, Reply, pick, text_of},
    failure::Failure,
    project::Project,
    seed::{self, DEFAULT_WORKSPACE},
    store::{Collection, Course, Filter, Item, Listing, Paging, Sort},
};

pub(crate) const ENTRIES: &[Entry] = &[
    ("POST", "/v1/{project_id}/models", create),
    ("GET", "/v1/{project_id}/models", list),
    ("GET", "/v1/{project_id}/models/{model_id}", get),
    ("DELETE", "/v1/{project_id}/models/{model_id}", delete),
];

pub(crate) const PUBLISHING: &str = "publishing";
pub(crate) const PUBLISHED: &str = "published";
const FAILED: &str = "failed";

const TYPES: &[&str] = &[
    "TensorFlow",
    "MXNet",
    "Caffe",
    "Spark_MLlib",
    "Scikit_Learn",
    "XGBoost",
    "MindSpore",
    "Image",
    "PyTorch",
    "Template",
];

/// What a request may say of a model, and the details show.
const FIELDS: &[&str] = &[
    "model_name",
    "model_version",
    "source_location",
    "source_job_id",
    "source_job_version",
    "source_type",
    "model_type",
    "runtime",
    "description",
    "model_algorithm",
    "execution_code",
    "input_params",
    "output_params",
    "dependencies",
    "model_metrics",
    "apis",
    "workspace_id",
    "model_docs",
    "install_type",
];

const LISTED: &[&str] = &[
    "model_id",
    "model_name",
    "model_version",
    "model_status",
    "model_type",
    "model_size",
    "tenant",
    "project",
    "owner",
    "create_at",
    "description",
    "source_type",
    "workspace_id",
    "model_source",
    "tunable",
    "market_flag",
    "publishable_flag",
    "install_type",
    "specification",
];

const LISTING: Listing = Listing {
    filters: &[
        Filter::Contains { parameter: "model_name", fields: &["model_name"] },
        Filter::Is("model_version"),
        Filter::Is("model_status"),
        Filter::Is("model_type"),
        Filter::IsNot { parameter: "not_model_type", field: "model_type" },
        Filter::Contains { parameter: "description", fields: &["description"] },
        Filter::IsOr { parameter: "workspace_id", default: DEFAULT_WORKSPACE },
    ],
    sort: Sort {
        parameter: "sort_by",
        fields: &["create_at", "model_version", "model_size"],
        is_descending: true,
    },
    paging: Paging { page: "offset", first: 0, size: "limit", default_size: 1_000, largest_size: 1_000 },
};

pub(crate) type Models = Collection<&'static str>;

pub(crate) fn seeded() -> Models {
    let mut models = Collection::default();
    let rows = [
        (seed::MODEL, "herbarium", "0.0.1", "TensorFlow", PUBLISHED, "Names pressed flowers"),
        (
            seed::MODEL_IN_USE,
            "herbarium",
            "0.0.2",
            "TensorFlow",
            PUBLISHED,
            "Names pressed flowers, and leaves",
        ),
        (seed::MODEL_FAILED, "invoices-ocr", "1.0.0", "PyTorch", FAILED, "Reads totals and addresses"),
        (
            "2f7c1b90-64de-4a35-8c17-9b0e5d2a4f04",
            "churn-boosted",
            "2.1.0",
            "XGBoost",
            PUBLISHED,
            "Customers who leave",
        ),
    ];
    for (day, (id, name, version, kind, status, description)) in (0_i64..).zip(rows) {
        let request = json!({
            "model_name": name,
            "model_version": version,
            "source_location": format!("https://simulator.obs.invalid/models/{name}/{version}"),
            "model_type": kind,
            "runtime": "python3.6",
            "description": description,
        });
        let created = seed::FIRST_CREATION + day * 86_400_000;
        let request = request.as_object().cloned().unwrap_or_default();
        models.insert(model(id.to_owned(), &request, created, Course::settled(created, status)));
    }
    models
}

fn create(project: &mut Project, call: &Call) -> Result<Reply, Failure> {
    let name = call.name("model_name", Letters::Any, 64)?;
    let version = call.text("model_version", 8)?.unwrap_or_default();
    if !is_version(version) {
        let message = format!("The property model_version is not of the form 1.0.12: {version}.");
        return Err(Failure::parameter(message));
    }
    if call.text("source_location", usize::MAX)?.is_none_or(str::is_empty) {
        return Err(Failure::parameter("The property source_location is missing."));
    }
    if call.word("model_type", TYPES)?.is_none() {
        return Err(Failure::parameter("The property model_type is missing."));
    }
    call.text("description", 100)?;
    workspaces::check(project, call.text("workspace_id", 64)?.unwrap_or(DEFAULT_WORKSPACE))?;
    if project.models.is_taken(&["model_name", "model_version"], &call.body, "") {
        let message = format!("There is a model {name} of version {version}.");
        return Err(Failure::service(StatusCode::CONFLICT, "ModelArts.3002", message));
    }
    let id = project.identifiers.uuid();
    let course = Course::new(call.now, &[PUBLISHING], PUBLISHED);
    project.models.insert(model(id.clone(), &call.body, call.now, course));
    Reply::ok(json!({"model_id": id}))
}

fn list(project: &mut Project, call: &Call) -> Result<Reply, Failure> {
    if call.query.has("model_type") && call.query.has("not_model_type") {
        return Err(Failure::parameter("The parameters model_type and not_model_type exclude each other."));
    }
    let is_exact = call.query.flag("exact_match")?;
    let name = call.query.text("model_name")?.filter(|_| is_exact);
    let models = project.models.iter().map(shown);
    let models = models.filter(|model| name.is_none_or(|name| text_of(model, "model_name") == name));
    let page = LISTING.page_of(models, &call.query)?;
    let models = page.objects.iter().map(|model| pick(model, LISTED)).collect::<Vec<_>>();
    Reply::ok(json!({"total_count": page.total, "count": models.len(), "models": models}))
}

fn get(project: &mut Project, call: &Call) -> Result<Reply, Failure> {
    let model = find(project, call)?;
    let mut answer = shown(model);
    // A list in requests, and its text in answers.
    if let Some(apis) = answer.get("apis").filter(|apis| !apis.is_string()).map(Value::to_string) {
        put(&mut answer, [("apis", apis.into())]);
    }
    Reply::ok(answer)
}

/// Says of each model whether it is gone: one that a service uses is not.
fn delete(project: &mut Project, call: &Call) -> Result<Reply, Failure> {
    let is_cascade = call.query.flag("cascade")?;
    let model = find(project, call)?;
    let (id, name) = (model.id.clone(), model.field("model_name").clone());
    let same = |other: &&Item<&str>| other.id == id || is_cascade && *other.field("model_name") == name;
    let ids = project.models.iter().filter(same).map(|model| model.id.clone()).collect::<Vec<_>>();
    let (mut deleted, mut kept) = (Vec::new(), Vec::new());
    for id in ids {
        if super::services::are_using(project, &id) {
            kept.push(json!({
                "model_id": id,
                "error_code": "ModelArts.3009",
                "error_message": format!("The model {id} is deployed by a service."),
            }));
        } else {
            project.models.remove(&id);
            deleted.push(id);
        }
    }
    Reply::ok(json!({"delete_success_list": deleted, "delete_failed_list": kept}))
}

fn find<'a>(project: &'a Project, call: &Call) -> Result<&'a Item<&'static str>, Failure> {
    let id = call.path("model_id");
    project.models.find(id).ok_or_else(|| {
        let message = format!("There is no model {id}.");
        Failure::service(StatusCode::NOT_FOUND, "ModelArts.3001", message)
    })
}

fn model(id: String, request: &Object, created: i64, course: Course<&'static str>) -> Item<&'static str> {
    let mut fields = pick(request, FIELDS);
    let defaults = [
        ("description", json!("")),
        ("workspace_id", json!(DEFAULT_WORKSPACE)),
        ("install_type", json!(["real-time", "edge", "batch"])),
        ("input_params", json!([])),
        ("output_params", json!([])),
        ("dependencies", json!([])),
        ("apis", json!([])),
    ];
    for (name, default) in defaults {
        fields.entry(name).or_insert(default);
    }
    let version = text_of(&fields, "model_version").to_owned();
    put(
        &mut fields,
        [
            ("model_id", id.as_str().into()),
            ("create_at", created.into()),
            ("model_size", (5_000_000 + version.len() * 1_024).into()),
            ("model_source", "custom".into()),
            ("tunable", false.into()),
            ("market_flag", false.into()),
            ("publishable_flag", true.into()),
            ("image_address", format!("198.51.100.7:20202/models/{id}:{version}").into()),
            ("model_labels", json!([])),
            ("labels_map", json!({"labels": []})),
            ("specification", json!({})),
        ],
    );
    put(&mut fields, ownership());
    Item::new(id, fields, course)
}

fn shown(model: &Item<&'static str>) -> Object {
    let mut shown = model.fields.clone();
    put(&mut shown, [("model_status", model.status.into())]);
    shown
}

/// Three numbers of one or two digits, without zeros in front.
fn is_version(text: &str) -> bool {
    let numbers = text.split('.').collect::<Vec<_>>();
    let is_number = |number: &str| {
        matches!(number.len(), 1 | 2)
            && number.bytes().all(|byte| byte.is_ascii_digit())
            && (number.len() == 1 || !number.starts_with('0'))
    };
    numbers.len() == 3 && numbers.into_iter().all(is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_three_small_numbers() {
        for version in ["1.0.0", "0.0.1", "99.10.9"] {
            assert!(is_version(version), "{version}");
        }
        for version in ["", "1.0", "1.0.0.0", "01.0.0", "1.0.100", "1.0.x", "1..0"] {
            assert!(!is_version(version), "{version}");
        }
    }
}
