//! The training jobs that every simulator starts with, and the names of what else is there.
//!
//! The constants name the ones that are there for a reason. Workspace `"0"`, the default of the job list, holds enough of
//! them for three pages of ten. The jobs of workspace [`FAULTS_WORKSPACE`] misbehave when their versions are listed.

use crate::{
    faults::Fault,
    resources::{
        Status,
        training_jobs::state::{Deletion, Job, Version, WhenDeleted},
    },
    store::Course,
};

/// Four versions, the newest of id [`VERSION_OF_JOB_DELETES`]; its deletion succeeds, and then its id gives 404.
pub const JOB_DELETES: i64 = 10;

/// The newest version of [`JOB_DELETES`].
pub const VERSION_OF_JOB_DELETES: i64 = 10;

/// Its deletion succeeds, and then its id gives 400 with `ModelArts.2775`.
pub const JOB_DELETES_WITH_400: i64 = 11;

/// Its deletion is accepted, and after some polls its newest version has status 6, deletion failed.
pub const JOB_DELETE_FAILS: i64 = 12;

/// Its deletion is refused with HTTP status 200, `is_success: false` and `ModelArts.0105`.
pub const JOB_REFUSED_WITH_200: i64 = 13;

/// Its deletion is refused once, with 409 and `ModelArts.2878`, and accepted after that.
pub const JOB_BUSY_ONCE: i64 = 14;

/// Running: the newest version has no duration.
pub const JOB_RUNNING: i64 = 15;

/// Twenty-three versions, so that the list of versions has pages.
pub const JOB_MANY_VERSIONS: i64 = 16;

/// On the second page of the job list when the page size and the order are the default ones.
pub const JOB_SECOND_PAGE: i64 = 17;

/// On the third page of the job list when the page size and the order are the default ones.
pub const JOB_THIRD_PAGE: i64 = 18;

/// Its status, 99, is not documented. In workspace [`FAULTS_WORKSPACE`].
pub const JOB_UNDOCUMENTED_STATUS: i64 = 900;

/// Some properties of its versions are null. In workspace [`FAULTS_WORKSPACE`].
pub const JOB_WITH_NULLS: i64 = 901;

/// Its version list fails with 500 in the gateway's spelling: `error_code`, `error_msg`, `request_id`.
pub const JOB_GATEWAY_FAILURE: i64 = 902;

/// Its version list fails with 500 as `errorCode`, `errorMsg`.
pub const JOB_CAMEL_CASE_FAILURE: i64 = 903;

/// Its version list fails with 500 as `code`, `message`.
pub const JOB_SHORT_FAILURE: i64 = 904;

/// Its version list fails with HTTP status 200, `is_success: false` and `ModelArts.0105`.
pub const JOB_FAILURE_WITH_200: i64 = 905;

/// Its version list fails with 502 and a page of HTML, as proxies do.
pub const JOB_HTML_FAILURE: i64 = 906;

/// Its version list has status 200 and a body that is not JSON, though the content type says so.
pub const JOB_NOT_JSON: i64 = 907;

/// Its version list has status 200 and JSON of another shape than documented.
pub const JOB_OTHER_SHAPE: i64 = 908;

/// Its version list breaks off: `Content-Length` promises more than comes before the connection closes.
pub const JOB_TRUNCATED: i64 = 909;

/// Its version list never comes; the connection stays open.
pub const JOB_HANGS: i64 = 910;

/// Its version list fails once, with 429, `ModelArts.2799` and `Retry-After: 1`, and is right after that.
pub const JOB_THROTTLED_ONCE: i64 = 911;

/// Its version list fails once, with 503, `ModelArts.4700` and no `Retry-After`, and is right after that.
pub const JOB_UNAVAILABLE_ONCE: i64 = 912;

/// In workspace [`OTHER_WORKSPACE`]: the job list shows it only when asked for that workspace.
pub const JOB_OTHER_WORKSPACE: i64 = 200;

/// An id that no job has: requests for it give 404 and `ModelArts.2775`, as for every even id without a job.
pub const NO_SUCH_JOB: i64 = 4_000_000;

/// An id that no job has: requests for it give 400 and `ModelArts.2775`, as for every odd id without a job.
pub const NO_SUCH_JOB_WITH_400: i64 = 4_000_001;

/// The default workspace.
pub const DEFAULT_WORKSPACE: &str = "0";

/// A workspace with two jobs.
pub const OTHER_WORKSPACE: &str = "5f1c0e9d7a3b4c2e8d6f0a1b2c3d4e5f";

/// The workspace of the jobs that misbehave.
pub const FAULTS_WORKSPACE: &str = "faults";

/// How many jobs are in [`DEFAULT_WORKSPACE`] at the start.
pub const JOBS_IN_DEFAULT_WORKSPACE: usize = 29;

/// The jobs that are worth a try by hand, each with a line that says why.
pub const WORTH_TRYING: &[(i64, &str)] = &[
    (JOB_DELETES, "deletion succeeds after some polls"),
    (JOB_DELETES_WITH_400, "the same, but its absence is then reported with 400"),
    (JOB_DELETE_FAILS, "deletion is accepted and fails after some polls"),
    (JOB_REFUSED_WITH_200, "deletion is refused with HTTP 200 and is_success: false"),
    (JOB_BUSY_ONCE, "deletion is refused once with 409"),
    (JOB_RUNNING, "is running"),
    (JOB_MANY_VERSIONS, "has twenty-three versions"),
    (JOB_OTHER_WORKSPACE, "in workspace 5f1c0e9d7a3b4c2e8d6f0a1b2c3d4e5f"),
    (JOB_TRUNCATED, "its version list breaks off (900 to 912: workspace \"faults\")"),
    (JOB_THROTTLED_ONCE, "its version list is refused once with 429"),
    (NO_SUCH_JOB, "does not exist"),
];

/// A configuration of training jobs.
pub const JOB_CONFIG: &str = "resnet-nightly";

/// A visualization job that is running.
pub const VISUALIZATION_JOB_RUNNING: i64 = 501;

/// A visualization job that was stopped.
pub const VISUALIZATION_JOB_STOPPED: i64 = 502;

/// A model that is published, and that no service uses.
pub const MODEL: &str = "2f7c1b90-64de-4a35-8c17-9b0e5d2a4f01";

/// A model that [`SERVICE`] uses, so that it cannot be deleted.
pub const MODEL_IN_USE: &str = "2f7c1b90-64de-4a35-8c17-9b0e5d2a4f02";

/// A model whose import failed.
pub const MODEL_FAILED: &str = "2f7c1b90-64de-4a35-8c17-9b0e5d2a4f03";

/// A service that is running.
pub const SERVICE: &str = "7a90c3d2-15be-4f68-9e04-c1d87b6f2a01";

/// A service that is stopped.
pub const SERVICE_STOPPED: &str = "7a90c3d2-15be-4f68-9e04-c1d87b6f2a02";

/// A data set of pressed flowers, with the labels `rose` and `tulip` and two versions.
pub const DATASET: &str = "fL0w3rPh0t0gr4phs001";

/// The current version of [`DATASET`].
pub const DATASET_VERSION: &str = "fL0w3rV3rs10n0000002";

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;
/// 2024-01-01T00:00:00Z in milliseconds since 1970.
pub(crate) const FIRST_CREATION: i64 = 1_704_067_200_000;

/// One job of the default workspace: id, name, description, status, day of creation (from 2024-01-01), minutes that it ran,
/// number of versions. A description of `""` is sent as such; that of `"-"` is left out.
type Row = (i64, &'static str, &'static str, Status, i64, i64, i64);

#[rustfmt::skip]
const DEFAULT_WORKSPACE_ROWS: &[Row] = &[
    (JOB_DELETES_WITH_400, "digits-svhn", "Street view house numbers", Status::COMPLETED, 3, 95, 1),
    (JOB_DELETE_FAILS, "cifar-resnet50", "Image classification, 10 classes", Status::COMPLETED, 41, 312, 2),
    (JOB_REFUSED_WITH_200, "bert-base-protected", "Shared by all teams, do not delete", Status::COMPLETED, 12, 2_880, 3),
    (JOB_BUSY_ONCE, "clip-finetune", "-", Status::COMPLETED, 77, 640, 1),
    (JOB_RUNNING, "detector-yolo", "Object detection on the warehouse cameras", Status::RUNNING, 120, 45, 2),
    (JOB_MANY_VERSIONS, "forecast-demand", "Nightly retraining", Status::COMPLETED, 5, 22, 23),
    (JOB_SECOND_PAGE, "ner-contracts", "Names in contracts", Status::FAILED, 60, 7, 2),
    (JOB_THIRD_PAGE, "whisper-dialects", "Speech recognition for dialects", Status::COMPLETED, 33, 1_201, 1),
    (20, "anomaly-pumps", "Vibration of the pumps", Status::COMPLETED, 9, 51, 4),
    (21, "asr-callcenter", "Speech recognition of calls", Status::FAILED, 15, 3, 1),
    (22, "bert-large-news", "", Status::KILLED, 21, 480, 2),
    (23, "churn-gbdt", "Customers who leave", Status::COMPLETED, 28, 12, 6),
    (24, "face-landmarks", "-", Status::WAITING, 119, 0, 1),
    (25, "gan-textures", "Textures for the renderer", Status::LOST, 44, 99, 1),
    (26, "job-classifier", "Sorts job advertisements", Status::RUNNING, 118, 30, 1),
    (27, "keyword-spotting", "On the device", Status::COMPLETED, 52, 66, 3),
    (28, "lidar-segmentation", "Point clouds", Status::SUBMIT_FAILED, 58, 0, 1),
    (29, "matrix-factorisation", "Recommendations, collaborative", Status::COMPLETED, 63, 18, 2),
    (30, "medical-unet", "Segmentation of scans", Status::COMPLETED, 70, 733, 5),
    (31, "ocr-invoices", "Text of scanned invoices", Status::COMPLETED, 71, 144, 7),
    (32, "pose-estimation", "", Status::FAILED, 79, 11, 1),
    (33, "quantised-mobilenet", "Eight bits", Status::COMPLETED, 81, 205, 2),
    (34, "ranking-lambdamart", "Search results", Status::CANCELED, 88, 2, 1),
    (35, "reinforce-elevator", "Elevator control, third attempt at a reward", Status::RUNNING, 117, 1_500, 3),
    (36, "speaker-verification", "-", Status::COMPLETED, 93, 84, 1),
    (37, "tabular-fraud", "Card fraud", Status::COMPLETED, 97, 26, 9),
    (38, "translation-zh-en", "机器翻译，中文到英文", Status::COMPLETED, 101, 990, 2),
    (39, "vit-plants", "Leaves and their diseases", Status::WAITING, 119, 0, 2),
];

const FAULTY: &[(i64, &str, Fault)] = &[
    (JOB_GATEWAY_FAILURE, "gateway-failure", Fault::GatewayFailure),
    (JOB_CAMEL_CASE_FAILURE, "camel-case-failure", Fault::CamelCaseFailure),
    (JOB_SHORT_FAILURE, "short-failure", Fault::ShortFailure),
    (JOB_FAILURE_WITH_200, "failure-with-200", Fault::FailureWithSuccessStatus),
    (JOB_HTML_FAILURE, "html-failure", Fault::HtmlFailure),
    (JOB_NOT_JSON, "not-json", Fault::NotJson),
    (JOB_OTHER_SHAPE, "other-shape", Fault::OtherShape),
    (JOB_TRUNCATED, "truncated", Fault::Truncated),
    (JOB_HANGS, "hangs", Fault::Hangs),
    (JOB_THROTTLED_ONCE, "throttled-once", Fault::ThrottledOnce),
    (JOB_UNAVAILABLE_ONCE, "unavailable-once", Fault::UnavailableOnce),
];

/// All jobs, as they are at the start.
pub(crate) fn jobs() -> Vec<Job> {
    let elsewhere = |id, name, workspace: &str| {
        let row = (id, name, "-", Status::COMPLETED, id % 100, 10 + id % 7, 1);
        Job { workspace: workspace.to_owned(), ..job(&row) }
    };
    let mut jobs = vec![
        // Its version ids have a gap, so that no one can count from one to the next.
        job_with_versions(
            &(JOB_DELETES, "digits-mnist", "Handwritten digits", Status::COMPLETED, 0, 9, 4),
            &[2, 3, 5, VERSION_OF_JOB_DELETES],
        ),
        elsewhere(JOB_OTHER_WORKSPACE, "other-workspace-vision", OTHER_WORKSPACE),
        elsewhere(JOB_OTHER_WORKSPACE + 1, "other-workspace-speech", OTHER_WORKSPACE),
        elsewhere(JOB_WITH_NULLS, "with-nulls", FAULTS_WORKSPACE),
    ];
    jobs.extend(DEFAULT_WORKSPACE_ROWS.iter().map(job));
    let mut undocumented = elsewhere(JOB_UNDOCUMENTED_STATUS, "undocumented-status", FAULTS_WORKSPACE);
    for version in &mut undocumented.versions {
        version.status = Status(99);
        version.course = Course::settled(version.create_time, version.status);
    }
    jobs.push(undocumented);
    jobs.extend(
        FAULTY
            .iter()
            .map(|&(id, name, fault)| Job { fault: Some(fault), ..elsewhere(id, name, FAULTS_WORKSPACE) }),
    );
    jobs
}

fn job(row: &Row) -> Job {
    let &(id, .., versions) = row;
    let version_ids = (1..=versions).map(|number| id * 100 + number).collect::<Vec<_>>();
    job_with_versions(row, &version_ids)
}

/// A job of the default workspace whose versions have the given ids, oldest first.
fn job_with_versions(row: &Row, version_ids: &[i64]) -> Job {
    let &(id, name, description, status, day, minutes, _) = row;
    let newest_creation = FIRST_CREATION + day * DAY + id * MINUTE;
    let mut versions = Vec::new();
    let mut previous = None;
    for (number, &version_id) in (1_i64..).zip(version_ids) {
        let is_newest = version_ids.last() == Some(&version_id);
        let status = match (is_newest, number % 3) {
            (true, _) => status,
            (false, 0) => Status::FAILED,
            (false, _) => Status::COMPLETED,
        };
        let age = i64::try_from(version_ids.len()).unwrap_or(i64::MAX).saturating_sub(number);
        let create_time = newest_creation - age * DAY;
        let ran = status.has_started() && status != Status::RUNNING;
        versions.push(Version {
            id: version_id,
            name: format!("V{number:04}"),
            previous,
            status,
            create_time,
            start_time: status.has_started().then(|| create_time + 90_000),
            duration: ran.then(|| minutes * MINUTE + version_id % 1_000 + age * 1_500),
            config: None,
            course: Course::settled(create_time, status),
            polls_left: None,
        });
        previous = Some(version_id);
    }
    versions.reverse();
    Job {
        id,
        name: name.to_owned(),
        description: (description != "-").then(|| description.to_owned()),
        workspace: DEFAULT_WORKSPACE.to_owned(),
        versions,
        when_deleted: match id {
            JOB_DELETE_FAILS => WhenDeleted::Fails,
            JOB_REFUSED_WITH_200 => WhenDeleted::IsRefused,
            JOB_BUSY_ONCE => WhenDeleted::IsBusyOnce,
            _ => WhenDeleted::Goes,
        },
        deletion: Deletion::NotAsked,
        fault: None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_are_unique_and_every_job_has_a_version() {
        let jobs = jobs();
        let job_ids = jobs.iter().map(|job| job.id).collect::<BTreeSet<_>>();
        assert_eq!(job_ids.len(), jobs.len());
        let versions = jobs.iter().flat_map(|job| &job.versions).collect::<Vec<_>>();
        let version_ids = versions.iter().map(|version| version.id).collect::<BTreeSet<_>>();
        assert_eq!(version_ids.len(), versions.len());
        assert!(jobs.iter().all(|job| job.newest().is_some()));
    }

    #[test]
    fn the_default_workspace_has_the_promised_number_of_jobs() {
        let count = jobs().iter().filter(|job| job.workspace == DEFAULT_WORKSPACE).count();
        assert_eq!(count, JOBS_IN_DEFAULT_WORKSPACE);
    }

    #[test]
    fn versions_are_newest_first_and_linked() {
        let jobs = jobs();
        let job = jobs.iter().find(|job| job.id == JOB_DELETES).unwrap();
        let links = job.versions.iter().map(|version| (version.id, version.previous)).collect::<Vec<_>>();
        assert_eq!(links, [(10, Some(5)), (5, Some(3)), (3, Some(2)), (2, None)]);
        assert_eq!(job.versions[0].name, "V0004");
    }

    #[test]
    fn the_jobs_worth_trying_are_there() {
        let jobs = jobs();
        for (id, _) in WORTH_TRYING.iter().filter(|(id, _)| *id != NO_SUCH_JOB) {
            assert!(jobs.iter().any(|job| job.id == *id), "{id}");
        }
    }
}
