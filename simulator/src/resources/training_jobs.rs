//! Training jobs and their versions.
//!
//! A job is a name for its versions. A version that is created waits, runs and completes. Deletions of jobs and of versions are
//! accepted at once and take some polls: of the version list, or of the version's details.

mod answers;
mod listing;
pub(crate) mod state;

use axum::http::StatusCode;
use serde_json::Value;

use self::state::{Deletion, DeletionAnswer, Job, Version, WhenDeleted};
use super::{Status, job_config, refused, workspaces};
use crate::{
    call::{Call, Entry, Letters, Object, Reply},
    failure::Failure,
    project::Project,
    seed::DEFAULT_WORKSPACE,
    store::Course,
};

pub(crate) const ENTRIES: &[Entry] = &[
    ("POST", "/v1/{project_id}/training-jobs", create),
    ("GET", "/v1/{project_id}/training-jobs", list),
    ("PUT", "/v1/{project_id}/training-jobs/{job_id}", update),
    ("DELETE", "/v1/{project_id}/training-jobs/{job_id}", delete),
    ("POST", "/v1/{project_id}/training-jobs/{job_id}/versions", create_version),
    ("GET", "/v1/{project_id}/training-jobs/{job_id}/versions", list_versions),
    ("GET", "/v1/{project_id}/training-jobs/{job_id}/versions/{version_id}", get_version),
    ("DELETE", "/v1/{project_id}/training-jobs/{job_id}/versions/{version_id}", delete_version),
    ("POST", "/v1/{project_id}/training-jobs/{job_id}/versions/{version_id}/stop", stop_version),
];

/// What a new version passes before it completes.
const RUN: &[Status] = &[Status::INITIAL, Status::WAITING, Status::RUNNING, Status::RUNNING];

/// The ids of created jobs and versions are above those that were there at the start.
const FIRST_CREATED: i64 = 200_000;

const LONGEST_NAME: usize = 64;
const LONGEST_DESCRIPTION: usize = 256;

fn create(project: &mut Project, call: &Call) -> Result<Reply, Failure> {
    let name = call.name("job_name", Letters::Ascii, LONGEST_NAME)?;
    let description = call.text("job_desc", LONGEST_DESCRIPTION)?;
    let workspace = call.text("workspace_id", LONGEST_NAME)?.unwrap_or(DEFAULT_WORKSPACE);
    let config = job_config::checked(config(call)?)?;
    workspaces::check(project, workspace)?;
    if project.training_jobs.jobs().any(|job| job.name == name) {
        let message = format!("There is a training job of the name {name}.");
        return Err(Failure::service(StatusCode::CONFLICT, "ModelArts.0103", message));
    }
    let id = project.identifiers.number(FIRST_CREATED);
    let has_version = config.get("create_version").and_then(Value::as_bool).unwrap_or(true);
    let version = has_version.then(|| version(project, call.now, "V0001".to_owned(), None, config));
    let job = Job {
        id,
        name: name.to_owned(),
        description: description.map(str::to_owned),
        workspace: workspace.to_owned(),
        versions: version.into_iter().collect(),
        when_deleted: WhenDeleted::Goes,
        deletion: Deletion::NotAsked,
        fault: None,
    };
    let answer = answers::created(&job);
    project.training_jobs.insert(job);
    Reply::ok(answer)
}

fn list(project: &mut Project, call: &Call) -> Result<Reply, Failure> {
    let jobs = &project.training_jobs;
    Reply::ok(answers::job_list(listing::page_of(jobs.jobs(), &call.query)?, jobs.jobs().count()))
}

fn update(project: &mut Project, call: &Call) -> Result<Reply, Failure> {
    let description = call.text("job_desc", LONGEST_DESCRIPTION)?.map(str::to_owned);
    job_mut(project, call)?.description = description;
    Reply::done()
}

fn delete(project: &mut Project, call: &Call) -> Result<Reply, Failure> {
    let job_id = call.identifier("job_id")?;
    Err(match project.training_jobs.delete(job_id) {
        DeletionAnswer::Accepted => return Reply::done(),
        DeletionAnswer::Unknown => Failure::job_not_found(job_id),
        DeletionAnswer::Refused => {
            Failure::service(StatusCode::OK, "ModelArts.0105", "The training job is protected.")
        }
        DeletionAnswer::Busy => {
            let message = "Another operation on the training job is under way.";
            Failure::service(StatusCode::CONFLICT, "ModelArts.2878", message)
        }
    })
}

fn create_version(project: &mut Project, call: &Call) -> Result<Reply, Failure> {
    let description = call.text("job_desc", LONGEST_DESCRIPTION)?.map(str::to_owned);
    let config = job_config::checked(config(call)?)?;
    let job = job(project, call)?;
    let previous = match config.get("pre_version_id").filter(|value| !value.is_null()) {
        None => None,
        Some(value) => {
            let id = value.as_i64().or_else(|| value.as_str()?.parse().ok());
            let previous = id.filter(|id| job.versions.iter().any(|version| version.id == *id));
            Some(previous.ok_or_else(|| version_not_found(job, &value.to_string()))?)
        }
    };
    if job.is_going() {
        return Err(refused("The training job is being deleted."));
    }
    let newest = job.newest().and_then(|newest| newest.name.trim_start_matches('V').parse::<u32>().ok());
    let name = format!("V{:04}", newest.unwrap_or(0).saturating_add(1));
    let version = version(project, call.now, name, previous, config);
    let job = job_mut(project, call)?;
    job.description = description.or_else(|| job.description.take());
    job.versions.insert(0, version);
    Reply::ok(answers::created(job))
}

fn list_versions(project: &mut Project, call: &Call) -> Result<Reply, Failure> {
    let job_id = call.identifier("job_id")?;
    let jobs = &mut project.training_jobs;
    let fault = jobs.fault(job_id);
    // A request that is refused does not move a deletion on.
    let job = if fault.is_some() { jobs.job(job_id) } else { jobs.poll(job_id) };
    let job = job.ok_or_else(|| Failure::job_not_found(job_id))?;
    let answer = answers::version_list(job, &listing::versions_of(job, &call.query)?);
    match fault {
        Some(fault) => Ok(Reply::Faulty(fault, answer)),
        None => Reply::ok(answer),
    }
}

fn get_version(project: &mut Project, call: &Call) -> Result<Reply, Failure> {
    let version_id = call.identifier("version_id")?;
    let job = job_mut(project, call)?;
    job.poll_versions(|version| version.id == version_id);
    let version = job.versions.iter().find(|version| version.id == version_id);
    let version = version.ok_or_else(|| version_not_found(job, &version_id.to_string()))?;
    Reply::ok(answers::version_details(job, version))
}

fn delete_version(project: &mut Project, call: &Call) -> Result<Reply, Failure> {
    let polls = project.polls_until_gone;
    version_mut(project, call)?.polls_left.get_or_insert(polls);
    Reply::done()
}

fn stop_version(project: &mut Project, call: &Call) -> Result<Reply, Failure> {
    let is_going = job(project, call)?.is_going();
    let version = version_mut(project, call)?;
    if is_going || version.polls_left.is_some() || version.status.has_ended() {
        return Err(refused(&format!("A version in status {} cannot be stopped.", version.status.0)));
    }
    version.course = Course::new(call.now, &[Status::KILLING], Status::KILLED);
    Reply::done()
}

fn config(call: &Call) -> Result<&Object, Failure> {
    let config = call.body.get("config").and_then(Value::as_object);
    config.ok_or_else(|| Failure::parameter("The property config is not an object."))
}

fn version(project: &mut Project, now: i64, name: String, previous: Option<i64>, config: Object) -> Version {
    let course = Course::new(now, RUN, Status::COMPLETED);
    Version {
        id: project.identifiers.number(FIRST_CREATED),
        name,
        previous,
        status: course.first(),
        create_time: now,
        start_time: None,
        duration: None,
        config: Some(config),
        course,
        polls_left: None,
    }
}

fn job<'a>(project: &'a Project, call: &Call) -> Result<&'a Job, Failure> {
    let job_id = call.identifier("job_id")?;
    project.training_jobs.job(job_id).ok_or_else(|| Failure::job_not_found(job_id))
}

fn job_mut<'a>(project: &'a mut Project, call: &Call) -> Result<&'a mut Job, Failure> {
    let job_id = call.identifier("job_id")?;
    project.training_jobs.job_mut(job_id).ok_or_else(|| Failure::job_not_found(job_id))
}

fn version_mut<'a>(project: &'a mut Project, call: &Call) -> Result<&'a mut Version, Failure> {
    let version_id = call.identifier("version_id")?;
    let not_found = version_not_found(job(project, call)?, &version_id.to_string());
    let job = job_mut(project, call)?;
    job.versions.iter_mut().find(|version| version.id == version_id).ok_or(not_found)
}

fn version_not_found(job: &Job, version_id: &str) -> Failure {
    let message = format!("The training job {} has no version {version_id}.", job.id);
    Failure::service(StatusCode::NOT_FOUND, "ModelArts.0015", message)
}
