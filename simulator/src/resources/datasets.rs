//! Data sets: created, then normal; with labels that updates add, change and remove. A deletion takes some polls of the details.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{put, workspaces};
use crate::{
    call::{Call, Entry, Letters, Object, Reply, pick, text_of},
    failure::Failure,
    project::Project,
    seed::{self, DEFAULT_WORKSPACE},
    store::{Collection, Course, Filter, Item, Listing, Paging, Sort},
};

pub(crate) const ENTRIES: &[Entry] = &[
    ("POST", "/v2/{project_id}/datasets", create),
    ("GET", "/v2/{project_id}/datasets", list),
    ("GET", "/v2/{project_id}/datasets/{dataset_id}", get),
    ("PUT", "/v2/{project_id}/datasets/{dataset_id}", update),
    ("DELETE", "/v2/{project_id}/datasets/{dataset_id}", delete),
];

const CREATING: u8 = 0;
const NORMAL: u8 = 1;
const DELETING: u8 = 2;

/// The type of tables.
const TABLE: i64 = 400;

/// What a request may say of a data set.
const FIELDS: &[&str] = &[
    "dataset_name",
    "dataset_type",
    "data_format",
    "data_sources",
    "description",
    "import_data",
    "labels",
    "managed",
    "schema",
    "work_path",
    "work_path_type",
    "workspace_id",
];

const LISTING: Listing = Listing {
    filters: &[
        Filter::Is("dataset_type"),
        Filter::Contains { parameter: "search_content", fields: &["dataset_name"] },
        Filter::IsOr { parameter: "workspace_id", default: DEFAULT_WORKSPACE },
    ],
    sort: Sort { parameter: "sort_by", fields: &["create_time", "dataset_name"], is_descending: true },
    paging: Paging { page: "offset", first: 0, size: "limit", default_size: 10, largest_size: 100 },
};

pub(crate) type Datasets = Collection<u8>;

pub(crate) fn seeded() -> Datasets {
    let mut datasets = Collection::default();
    let rows = [
        (seed::DATASET, "herbarium", 0, &["rose", "tulip"][..], 240, "Pressed flowers"),
        ("1nv01c3sScans0000002", "invoices", 1, &["total", "address"], 1_180, "Scans of invoices"),
        ("ch4rnT4bl3s000000003", "churn", TABLE, &[], 50_000, "Customers of two years"),
    ];
    for (day, (id, name, kind, labels, samples, description)) in (0_i64..).zip(rows) {
        let labels = labels.iter().map(|label| json!({"name": label, "type": kind, "property": {}}));
        let request = json!({
            "dataset_name": name,
            "dataset_type": kind,
            "data_sources": [{"data_type": 0, "data_path": format!("/simulator/{name}/input/")}],
            "description": description,
            "work_path": format!("/simulator/{name}/work/"),
            "work_path_type": 0,
            "labels": labels.collect::<Vec<_>>(),
        });
        let created = seed::FIRST_CREATION + day * 86_400_000;
        let request = request.as_object().cloned().unwrap_or_default();
        let mut dataset = dataset(id.to_owned(), &request, created, Course::settled(created, NORMAL));
        put(
            &mut dataset.fields,
            [("total_sample_count", samples.into()), ("annotated_sample_count", samples.into())],
        );
        if id == seed::DATASET {
            put(
                &mut dataset.fields,
                [
                    ("current_version_id", seed::DATASET_VERSION.into()),
                    ("current_version_name", "V002".into()),
                    ("dataset_version_count", 2.into()),
                    ("next_version_num", 3.into()),
                ],
            );
        }
        datasets.insert(dataset);
    }
    datasets
}

fn create(project: &mut Project, call: &Call) -> Result<Reply, Failure> {
    let name = call.name("dataset_name", Letters::Any, 100)?;
    call.text("description", 256)?;
    if call.text("work_path", usize::MAX)?.is_none_or(str::is_empty) {
        return Err(Failure::parameter("The property work_path is missing."));
    }
    if !call.body.get("work_path_type").is_some_and(Value::is_number) {
        return Err(Failure::parameter("The property work_path_type is not a number."));
    }
    workspaces::check(project, call.text("workspace_id", 64)?.unwrap_or(DEFAULT_WORKSPACE))?;
    check_name(project, name, "")?;
    let id = project.identifiers.short();
    let imports = ["import_annotations", "import_data"];
    let mut answer = Object::new();
    put(&mut answer, [("dataset_id", id.as_str().into())]);
    if imports.iter().any(|name| call.body.get(*name) == Some(&json!(true))) {
        put(&mut answer, [("import_task_id", project.identifiers.short().into())]);
    }
    let course = Course::new(call.now, &[CREATING], NORMAL);
    let mut dataset = dataset(id, &call.body, call.now, course);
    dataset.fields.extend(pick(&answer, &["import_task_id"]));
    project.datasets.insert(dataset);
    Ok(Reply::Json(StatusCode::CREATED, answer.into()))
}

fn list(project: &mut Project, call: &Call) -> Result<Reply, Failure> {
    let with_labels = call.query.flag("with_labels")?;
    let mut page = LISTING.page_of(project.datasets.iter().map(shown), &call.query)?;
    if !with_labels {
        page.objects.iter_mut().for_each(|dataset| {
            dataset.remove("labels");
        });
    }
    Reply::ok(json!({"total_number": page.total, "datasets": page.objects}))
}

fn get(project: &mut Project, call: &Call) -> Result<Reply, Failure> {
    project.datasets.poll(call.path("dataset_id"));
    Reply::ok(shown(find(project, call)?))
}

fn update(project: &mut Project, call: &Call) -> Result<Reply, Failure> {
    let id = call.path("dataset_id").to_owned();
    let description = call.text("description", 256)?.map(Value::from);
    let has_name = call.body.contains_key("dataset_name");
    let name = if has_name { Some(call.name("dataset_name", Letters::Any, 100)?) } else { None };
    let version = call.text("current_version_id", 64)?;
    let dataset = find(project, call)?;
    if version.is_some_and(|version| dataset.field("current_version_id") != version) {
        let message = format!("The data set {id} has no such version.");
        return Err(Failure::service(StatusCode::BAD_REQUEST, "ModelArts.4353", message));
    }
    let labels = changed_labels(dataset, call)?;
    if let Some(name) = name {
        check_name(project, name, &id)?;
    }
    let changed = [("description", description), ("dataset_name", name.map(Value::from))];
    if let Some(dataset) = project.datasets.find_mut(&id) {
        put(&mut dataset.fields, changed.into_iter().filter_map(|(name, value)| Some((name, value?))));
        put(&mut dataset.fields, [("labels", labels), ("update_time", call.now.into())]);
    }
    Reply::ok(json!({"dataset_id": id}))
}

fn delete(project: &mut Project, call: &Call) -> Result<Reply, Failure> {
    find(project, call)?;
    let polls = project.polls_until_gone;
    if let Some(dataset) = project.datasets.find_mut(call.path("dataset_id")) {
        (dataset.status, dataset.polls_left) = (DELETING, dataset.polls_left.or(Some(polls)));
    }
    Ok(Reply::Empty)
}

fn find<'a>(project: &'a Project, call: &Call) -> Result<&'a Item<u8>, Failure> {
    let id = call.path("dataset_id");
    project.datasets.find(id).ok_or_else(|| {
        let message = format!("There is no data set {id}.");
        Failure::service(StatusCode::BAD_REQUEST, "ModelArts.4352", message)
    })
}

fn check_name(project: &Project, name: &str, except: &str) -> Result<(), Failure> {
    let mut fields = Object::new();
    put(&mut fields, [("dataset_name", name.into())]);
    if !project.datasets.is_taken(&["dataset_name"], &fields, except) {
        return Ok(());
    }
    let message = format!("There is a data set of the name {name}.");
    Err(Failure::service(StatusCode::BAD_REQUEST, "ModelArts.4351", message))
}

/// The labels after what a request adds, changes and removes. A change renames by the property `@modelarts:rename_to`.
fn changed_labels(dataset: &Item<u8>, call: &Call) -> Result<Value, Failure> {
    let mut labels = dataset.field("labels").as_array().cloned().unwrap_or_default();
    for label in listed_labels(call, "add_labels")? {
        let name = text_of(&label, "name");
        if position(&labels, name).is_ok() {
            let message = format!("The data set has a label {name}.");
            return Err(Failure::service(StatusCode::BAD_REQUEST, "ModelArts.4411", message));
        }
        labels.push(label.into());
    }
    for mut label in listed_labels(call, "update_labels")? {
        let index = position(&labels, text_of(&label, "name"))?;
        let properties = label.get_mut("property").and_then(Value::as_object_mut);
        if let Some(name) = properties.and_then(|properties| properties.remove("@modelarts:rename_to")) {
            put(&mut label, [("name", name)]);
        }
        if let Some(place) = labels.get_mut(index) {
            *place = label.into();
        }
    }
    for label in listed_labels(call, "delete_labels")? {
        let index = position(&labels, text_of(&label, "name"))?;
        labels.remove(index);
    }
    Ok(labels.into())
}

/// The labels that a request names, each an object.
fn listed_labels(call: &Call, name: &str) -> Result<Vec<Object>, Failure> {
    let labels = call.body.get(name).and_then(Value::as_array).into_iter().flatten();
    let no_label = || Failure::parameter(format!("The property {name} has something that is no label."));
    let labels = labels.map(|label| {
        let label = label.as_object().filter(|label| !text_of(label, "name").is_empty());
        label.cloned().ok_or_else(no_label)
    });
    labels.collect()
}

fn position(labels: &[Value], name: &str) -> Result<usize, Failure> {
    let is_named = |label: &Value| label.get("name").and_then(Value::as_str) == Some(name);
    labels.iter().position(is_named).ok_or_else(|| {
        let message = format!("The data set has no label {name}.");
        Failure::service(StatusCode::BAD_REQUEST, "ModelArts.4410", message)
    })
}

fn dataset(id: String, request: &Object, created: i64, course: Course<u8>) -> Item<u8> {
    let mut fields = pick(request, FIELDS);
    let kind = fields.get("dataset_type").and_then(Value::as_i64).unwrap_or_default();
    let defaults = [
        ("dataset_type", json!(0)),
        ("data_format", json!("Default")),
        ("data_sources", json!([])),
        ("description", json!("")),
        ("import_data", json!(false)),
        ("labels", json!([])),
        ("managed", json!(false)),
        ("workspace_id", json!(DEFAULT_WORKSPACE)),
    ];
    for (name, default) in defaults {
        fields.entry(name).or_insert(default);
    }
    let (work, name) = (text_of(&fields, "work_path"), text_of(&fields, "dataset_name"));
    let inner = format!("{}/{name}-{id}/", work.trim_end_matches('/'));
    let folder = |name: &str| Value::from(format!("{inner}{name}/"));
    let paths = [
        ("inner_annotation_path", folder("annotation")),
        ("inner_data_path", folder("data")),
        ("inner_log_path", folder("logs")),
        ("inner_temp_path", folder("temp")),
        ("inner_task_path", folder("task")),
        ("inner_work_path", inner.as_str().into()),
    ];
    put(&mut fields, paths);
    put(
        &mut fields,
        [
            ("dataset_id", id.as_str().into()),
            ("create_time", created.into()),
            ("update_time", created.into()),
            ("dataset_format", i64::from(kind == TABLE).into()),
            ("dataset_version_count", 0.into()),
            ("next_version_num", 1.into()),
            ("total_sample_count", 0.into()),
            ("annotated_sample_count", 0.into()),
            ("unconfirmed_sample_count", 0.into()),
            ("enterprise_project_id", "0".into()),
            ("exist_running_task", false.into()),
            ("exist_workforce_task", false.into()),
            ("running_tasks_id", json!([])),
            ("workforce_task_count", 0.into()),
            ("label_task_count", 0.into()),
            ("feature_supports", json!(["0"])),
            ("content_labeling", true.into()),
        ],
    );
    Item::new(id, fields, course)
}

fn shown(dataset: &Item<u8>) -> Object {
    let mut shown = dataset.fields.clone();
    put(&mut shown, [("status", dataset.status.into())]);
    shown
}
