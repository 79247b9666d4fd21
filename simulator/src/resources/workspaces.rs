//! Workspaces: the default one, and those that are created beside it.
//!
//! A deletion is accepted and takes some polls. One of a workspace that still has something in it fails after them, and
//! `status_info` says so.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::put;
use crate::{
    call::{Call, Entry, Letters, Object, Reply, pick},
    failure::Failure,
    project::Project,
    seed::{self, DEFAULT_WORKSPACE, FAULTS_WORKSPACE, OTHER_WORKSPACE},
    store::{Collection, Course, Filter, Item, Listing, Paging, Sort},
};

pub(crate) const ENTRIES: &[Entry] = &[
    ("POST", "/v1/{project_id}/workspaces", create),
    ("GET", "/v1/{project_id}/workspaces", list),
    ("GET", "/v1/{project_id}/workspaces/{workspace_id}", get),
    ("PUT", "/v1/{project_id}/workspaces/{workspace_id}", update),
    ("DELETE", "/v1/{project_id}/workspaces/{workspace_id}", delete),
];

const NORMAL: &str = "NORMAL";
const DELETING: &str = "DELETING";
const DELETE_FAILED: &str = "DELETE_FAILED";

/// The name of the default workspace, which no other can have.
const RESERVED: &str = "default";

const ACCESS: &[&str] = &["PUBLIC", "PRIVATE", "INTERNAL"];

/// What a request may say of a workspace.
const FIELDS: &[&str] = &["name", "description", "enterprise_project_id", "auth_type", "grants"];

const LISTED: &[&str] = &[
    "id",
    "name",
    "description",
    "owner",
    "create_time",
    "update_time",
    "auth_type",
    "enterprise_project_id",
    "enterprise_project_name",
    "status",
    "status_info",
];

const LISTING: Listing = Listing {
    filters: &[
        Filter::Is("enterprise_project_id"),
        Filter::Contains { parameter: "name", fields: &["name"] },
    ],
    sort: Sort { parameter: "sort_by", fields: &["name", "update_time", "status"], is_descending: true },
    paging: Paging { page: "offset", first: 0, size: "limit", default_size: 1_000, largest_size: 1_000 },
};

pub(crate) type Workspaces = Collection<&'static str>;

pub(crate) fn seeded() -> Workspaces {
    let mut workspaces = Collection::default();
    let rows = [
        (DEFAULT_WORKSPACE, RESERVED, ""),
        (OTHER_WORKSPACE, "research", "What is tried before it is used"),
        (FAULTS_WORKSPACE, "faults", "Training jobs that misbehave"),
    ];
    for (id, name, description) in rows {
        let mut request = Object::new();
        put(&mut request, [("name", name.into()), ("description", description.into())]);
        workspaces.insert(workspace(id.to_owned(), &request, seed::FIRST_CREATION));
    }
    workspaces
}

/// Checks that something can be created in a workspace.
pub(super) fn check(project: &Project, id: &str) -> Result<(), Failure> {
    let workspace = project.workspaces.find(id).ok_or_else(|| not_found(id))?;
    if workspace.status == NORMAL {
        return Ok(());
    }
    let message = format!("The workspace {id} is in status {}.", workspace.status);
    Err(Failure::service(StatusCode::BAD_REQUEST, "ModelArts.7004", message))
}

fn create(project: &mut Project, call: &Call) -> Result<Reply, Failure> {
    let name = checked_name(project, call, "")?
        .ok_or_else(|| Failure::parameter("The property name is missing."))?;
    call.text("description", 256)?;
    call.text("enterprise_project_id", 64)?;
    let access = call.word("auth_type", ACCESS)?;
    let mut request = call.body.clone();
    put(&mut request, access.map(|access| ("auth_type", access.into())));
    put(&mut request, [("name", name.into())]);
    let workspace = workspace(project.identifiers.hexadecimal(), &request, call.now);
    let answer = shown(&workspace);
    project.workspaces.insert(workspace);
    Reply::ok(answer)
}

fn list(project: &mut Project, call: &Call) -> Result<Reply, Failure> {
    let page = LISTING.page_of(project.workspaces.iter().map(shown), &call.query)?;
    let workspaces = page.objects.iter().map(|workspace| pick(workspace, LISTED)).collect::<Vec<_>>();
    Reply::ok(json!({"total_count": page.total, "count": workspaces.len(), "workspaces": workspaces}))
}

/// Looks at a workspace, which is what moves its deletion on.
fn get(project: &mut Project, call: &Call) -> Result<Reply, Failure> {
    let id = call.path("workspace_id");
    let is_used = is_used(project, id);
    if let Some(workspace) = project.workspaces.find_mut(id)
        && workspace.polls_left == Some(0)
        && is_used
    {
        workspace.polls_left = None;
        workspace.turn(Course::settled(call.now, DELETE_FAILED));
        put(&mut workspace.fields, [("status_info", "The workspace is not empty.".into())]);
    }
    Reply::ok(shown(project.workspaces.poll(id).ok_or_else(|| not_found(id))?))
}

fn update(project: &mut Project, call: &Call) -> Result<Reply, Failure> {
    let id = call.path("workspace_id");
    let old = find(project, id)?.field("name").clone();
    let name = checked_name(project, call, id)?.filter(|name| old != *name);
    if name.is_some() && id == DEFAULT_WORKSPACE {
        return Err(is_default());
    }
    let description = call.text("description", 256)?;
    let access = call.word("auth_type", ACCESS)?;
    let changed = [
        ("name", name.map(Value::from)),
        ("description", description.map(Value::from)),
        ("auth_type", access.map(Value::from)),
        ("grants", call.body.get("grants").cloned()),
        ("update_time", Some(call.now.into())),
    ];
    if let Some(workspace) = project.workspaces.find_mut(id) {
        put(&mut workspace.fields, changed.into_iter().filter_map(|(name, value)| Some((name, value?))));
    }
    Reply::ok(json!({"workspace_id": id}))
}

fn delete(project: &mut Project, call: &Call) -> Result<Reply, Failure> {
    let (id, polls) = (call.path("workspace_id"), project.polls_until_gone);
    find(project, id)?;
    if id == DEFAULT_WORKSPACE {
        return Err(is_default());
    }
    if let Some(workspace) =
        project.workspaces.find_mut(id).filter(|workspace| workspace.polls_left.is_none())
    {
        (workspace.status, workspace.polls_left) = (DELETING, Some(polls));
    }
    Reply::ok(json!({"workspace_id": id}))
}

fn find<'a>(project: &'a Project, id: &str) -> Result<&'a Item<&'static str>, Failure> {
    project.workspaces.find(id).ok_or_else(|| not_found(id))
}

fn not_found(id: &str) -> Failure {
    let message = format!("There is no workspace {id}.");
    Failure::service(StatusCode::BAD_REQUEST, "ModelArts.7005", message)
}

fn is_default() -> Failure {
    let message = "The default workspace cannot be renamed or deleted.";
    Failure::service(StatusCode::BAD_REQUEST, "ModelArts.3566", message)
}

/// The name of a request, if it has one that no other workspace has.
fn checked_name<'a>(project: &Project, call: &'a Call, id: &str) -> Result<Option<&'a str>, Failure> {
    if !call.body.contains_key("name") {
        return Ok(None);
    }
    let name = call.name("name", Letters::Any, 64)?;
    if name.chars().count() < 4 {
        return Err(Failure::parameter("The property name is shorter than 4 characters."));
    }
    if name == RESERVED && id != DEFAULT_WORKSPACE {
        return Err(Failure::parameter("The name default is that of the default workspace."));
    }
    if project.workspaces.is_taken(&["name"], &call.body, id) {
        let message = format!("There is a workspace of the name {name}.");
        return Err(Failure::service(StatusCode::CONFLICT, "ModelArts.0103", message));
    }
    Ok(Some(name))
}

fn is_used(project: &Project, id: &str) -> bool {
    fn holds<S: Copy + PartialEq>(collection: &Collection<S>, id: &str) -> bool {
        collection.iter().any(|item| item.field("workspace_id") == id)
    }
    project.training_jobs.jobs().any(|job| job.workspace == id)
        || holds(&project.visualization_jobs, id)
        || holds(&project.services, id)
        || holds(&project.models, id)
        || holds(&project.datasets, id)
}

fn workspace(id: String, request: &Object, created: i64) -> Item<&'static str> {
    let mut fields = pick(request, FIELDS);
    let defaults = [
        ("description", json!("")),
        ("enterprise_project_id", json!("0")),
        ("auth_type", json!("PUBLIC")),
        ("grants", json!([])),
    ];
    for (name, default) in defaults {
        fields.entry(name).or_insert(default);
    }
    put(
        &mut fields,
        [
            ("id", id.as_str().into()),
            ("owner", "simulator".into()),
            ("create_time", created.into()),
            ("update_time", created.into()),
            ("enterprise_project_name", "default".into()),
            ("status_info", "".into()),
        ],
    );
    Item::new(id, fields, Course::settled(created, NORMAL))
}

fn shown(workspace: &Item<&'static str>) -> Object {
    let mut shown = workspace.fields.clone();
    put(&mut shown, [("status", workspace.status.into())]);
    shown
}
