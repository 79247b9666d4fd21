//! Visualization jobs: TensorBoard or MindInsight on the output of a training.
//!
//! A job that is created is initialised, waits and runs, until its schedule or someone stops it; then it can be started again. All
//! of this, and deletions, are accepted at once and show in the status.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{Status, not_found, put, refused, stop_after, workspaces};
use crate::{
    call::{Call, Entry, Letters, Object, Reply, pick, text_of},
    failure::Failure,
    project::Project,
    seed::{self, DEFAULT_WORKSPACE},
    store::{Collection, Course, Filter, Item, Listing, Paging, Sort},
};

pub(crate) const ENTRIES: &[Entry] = &[
    ("POST", "/v1/{project_id}/visualization-jobs", create),
    ("GET", "/v1/{project_id}/visualization-jobs", list),
    ("GET", "/v1/{project_id}/visualization-jobs/{job_id}", get),
    ("PUT", "/v1/{project_id}/visualization-jobs/{job_id}", update),
    ("DELETE", "/v1/{project_id}/visualization-jobs/{job_id}", delete),
    ("POST", "/v1/{project_id}/visualization-jobs/{job_id}/stop", stop),
    ("POST", "/v1/{project_id}/visualization-jobs/{job_id}/restart", restart),
];

const QUOTA: usize = 100;

/// What a job passes before it runs.
const START: &[Status] = &[Status::INITIAL, Status::WAITING];

/// What a request may say of a job.
const FIELDS: &[&str] = &["job_name", "job_desc", "train_url", "job_type", "schedule", "workspace_id"];

const LISTING: Listing = Listing {
    filters: &[
        Filter::IsNumber { parameter: "status", highest: Status::HIGHEST.0 },
        Filter::Contains { parameter: "search_content", fields: &["job_name", "job_desc"] },
        Filter::IsOr { parameter: "workspace_id", default: DEFAULT_WORKSPACE },
    ],
    sort: Sort {
        parameter: "sortBy",
        fields: &["job_id", "job_name", "job_desc", "create_time", "status"],
        is_descending: false,
    },
    paging: Paging { page: "page", first: 1, size: "per_page", default_size: 10, largest_size: 1_000 },
};

/// What the list and the details show.
const SHOWN: &[&str] = &[
    "job_id",
    "job_name",
    "job_desc",
    "status",
    "create_time",
    "duration",
    "service_url",
    "train_url",
    "resource_id",
    "schedule",
    "remaining_duration",
];

pub(crate) type VisualizationJobs = Collection<Status>;

pub(crate) fn seeded() -> VisualizationJobs {
    let mut jobs = Collection::default();
    let rows = [
        (seed::VISUALIZATION_JOB_RUNNING, "digits-board", "Losses of the digit classifier", Status::RUNNING),
        (seed::VISUALIZATION_JOB_STOPPED, "bert-insight", "", Status::KILLED),
        (503, "yolo-board", "Anchors and losses", Status::FAILED),
    ];
    for (id, name, description, status) in rows {
        let created = seed::FIRST_CREATION + (id - 500) * 3_600_000;
        let request = json!({
            "job_name": name,
            "job_desc": description,
            "train_url": format!("/simulator/{name}/output/"),
            "job_type": if name.ends_with("insight") { "mindinsight" } else { "tensorboard" },
        });
        let request = request.as_object().cloned().unwrap_or_default();
        jobs.insert(job(id, &request, created, Course::settled(created, status)));
    }
    jobs
}

fn create(project: &mut Project, call: &Call) -> Result<Reply, Failure> {
    let name = call.name("job_name", Letters::Ascii, 20)?;
    call.text("job_desc", 256)?;
    if call.text("train_url", usize::MAX)?.is_none_or(str::is_empty) {
        return Err(Failure::parameter("The property train_url is missing."));
    }
    call.word("job_type", &["tensorboard", "mindinsight"])?;
    let stop_after = stop_after(call)?;
    workspaces::check(project, call.text("workspace_id", 64)?.unwrap_or(DEFAULT_WORKSPACE))?;
    if project.visualization_jobs.is_taken(&["job_name"], &call.body, "") {
        let message = format!("There is a visualization job of the name {name}.");
        return Err(Failure::service(StatusCode::CONFLICT, "ModelArts.0103", message));
    }
    let course = Course::new(call.now, START, Status::RUNNING).until(stop_after, Status::KILLED);
    let job = job(project.identifiers.number(1_000), &call.body, call.now, course);
    let mut answer =
        pick(&shown(project, call, &job), &["job_id", "job_name", "status", "create_time", "service_url"]);
    project.visualization_jobs.insert(job);
    answer.insert("is_success".to_owned(), true.into());
    Reply::ok(answer)
}

fn list(project: &mut Project, call: &Call) -> Result<Reply, Failure> {
    let jobs = project.visualization_jobs.iter().map(|job| shown(project, call, job));
    let page = LISTING.page_of(jobs, &call.query)?;
    Reply::ok(json!({
        "is_success": true,
        "job_total_count": page.total,
        "job_count_limit": QUOTA.saturating_sub(project.visualization_jobs.len()),
        "quotas": QUOTA,
        "jobs": page.objects.iter().map(|job| pick(job, SHOWN)).collect::<Vec<_>>(),
    }))
}

fn get(project: &mut Project, call: &Call) -> Result<Reply, Failure> {
    let id = call.path("job_id");
    if project.visualization_jobs.poll(id).is_none() {
        return Err(not_found("visualization job", id));
    }
    let job = project.visualization_jobs.find(id).ok_or_else(|| not_found("visualization job", id))?;
    let mut answer = pick(&shown(project, call, job), SHOWN);
    answer.insert("is_success".to_owned(), true.into());
    Reply::ok(answer)
}

fn update(project: &mut Project, call: &Call) -> Result<Reply, Failure> {
    let description = call.text("job_desc", 256)?.unwrap_or_default();
    put(&mut find(project, call)?.fields, [("job_desc", description.into())]);
    Reply::done()
}

fn delete(project: &mut Project, call: &Call) -> Result<Reply, Failure> {
    let polls = project.polls_until_gone;
    let job = find(project, call)?;
    if job.status == Status::KILLING {
        return Err(refused("A job that is being stopped or deleted cannot be deleted."));
    }
    (job.polls_left, job.status) = (Some(polls), Status::KILLING);
    Reply::done()
}

fn stop(project: &mut Project, call: &Call) -> Result<Reply, Failure> {
    let job = find(project, call)?;
    if job.status.has_ended() || job.status == Status::KILLING {
        return Err(refused(&format!("A job in status {} cannot be stopped.", job.status.0)));
    }
    job.turn(Course::new(call.now, &[Status::KILLING], Status::KILLED));
    Reply::done()
}

fn restart(project: &mut Project, call: &Call) -> Result<Reply, Failure> {
    let job = find(project, call)?;
    if !job.status.has_ended() {
        return Err(refused(&format!("A job in status {} cannot be started again.", job.status.0)));
    }
    job.turn(Course::new(call.now, START, Status::RUNNING));
    Reply::done()
}

fn find<'a>(project: &'a mut Project, call: &Call) -> Result<&'a mut Item<Status>, Failure> {
    let id = call.path("job_id");
    project.visualization_jobs.find_mut(id).ok_or_else(|| not_found("visualization job", id))
}

fn job(id: i64, request: &Object, created: i64, course: Course<Status>) -> Item<Status> {
    let mut fields = pick(request, FIELDS);
    for (name, default) in
        [("job_desc", ""), ("job_type", "tensorboard"), ("workspace_id", DEFAULT_WORKSPACE)]
    {
        fields.entry(name).or_insert_with(|| default.into());
    }
    let kind = text_of(&fields, "job_type").to_owned();
    put(
        &mut fields,
        [
            ("job_id", id.into()),
            ("create_time", created.into()),
            ("resource_id", format!("9e4b1d70-0000-4000-8000-{id:012}").into()),
            ("service_url", format!("https://console.simulator.invalid/modelarts/{kind}/{id}/").into()),
        ],
    );
    Item::new(id.to_string(), fields, course)
}

fn shown(project: &Project, call: &Call, job: &Item<Status>) -> Object {
    let mut shown = job.fields.clone();
    let end = if job.status == Status::RUNNING { call.now } else { job.changed_at };
    let created = job.field("create_time").as_i64().unwrap_or_default();
    let remaining = job.course.due_time(project.stage).map(|due| due.saturating_sub(call.now).max(0));
    let duration = if job.status.has_started() { end.saturating_sub(created) } else { 0 };
    let remaining = remaining.filter(|_| job.status == Status::RUNNING);
    put(
        &mut shown,
        [
            ("status", job.status.into()),
            ("duration", duration.into()),
            ("remaining_duration", remaining.map_or(Value::Null, Value::from)),
        ],
    );
    shown
}
