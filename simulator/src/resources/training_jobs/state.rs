//! The jobs and what becomes of them: a version runs, is stopped, is deleted; a deletion that is accepted takes some polls, and
//! ends one way or another.

use std::collections::BTreeMap;

use crate::{call::Object, faults::Fault, resources::Status, store::Course};

/// A training job.
#[derive(Debug, Clone)]
pub(crate) struct Job {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) workspace: String,
    /// Newest first. Empty when the job was created without a version, or all were deleted.
    pub(crate) versions: Vec<Version>,
    pub(crate) when_deleted: WhenDeleted,
    pub(crate) deletion: Deletion,
    /// How the list of its versions misbehaves.
    pub(crate) fault: Option<Fault>,
}

/// One run of a training job.
#[derive(Debug, Clone)]
pub(crate) struct Version {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) previous: Option<i64>,
    pub(crate) status: Status,
    /// Milliseconds since 1970.
    pub(crate) create_time: i64,
    /// Milliseconds since 1970; absent for one that has not run.
    pub(crate) start_time: Option<i64>,
    /// Milliseconds; absent while it is not known.
    pub(crate) duration: Option<i64>,
    /// What it was created with; absent for one that was there at the start.
    pub(crate) config: Option<Object>,
    /// What becomes of its status.
    pub(crate) course: Course<Status>,
    /// How many more polls find it, once its deletion is accepted.
    pub(crate) polls_left: Option<u32>,
}

impl Version {
    /// Brings the status to what it is at this time, and what hangs on it.
    fn pass_time(&mut self, now: i64, stage: i64) {
        let (status, since) = self.course.at(now, stage);
        if self.status == status || self.polls_left.is_some() {
            return;
        }
        self.status = status;
        if status == Status::RUNNING {
            self.start_time = Some(since);
        }
        if status.has_ended() {
            let start = *self.start_time.get_or_insert(since);
            self.duration = Some(since.saturating_sub(start));
        }
    }
}

/// What the service does when asked to delete a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WhenDeleted {
    /// It accepts, and after some polls the job is gone.
    Goes,
    /// It accepts, and after some polls the newest version says that the deletion failed.
    Fails,
    /// It refuses with status 200 and `is_success: false`.
    IsRefused,
    /// It refuses once, as another operation is under way, and then behaves like [`Self::Goes`].
    IsBusyOnce,
}

/// How far the deletion of a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deletion {
    NotAsked,
    /// So many more polls find the job.
    UnderWay {
        polls_left: u32,
    },
    Failed,
}

/// What the service says to a deletion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DeletionAnswer {
    Accepted,
    Unknown,
    Refused,
    Busy,
}

impl Job {
    /// The newest version, whose status is that of the job.
    pub(crate) fn newest(&self) -> Option<&Version> {
        self.versions.first()
    }

    /// Whether no other operation on the job may begin, as it is on its way out.
    pub(crate) fn is_going(&self) -> bool {
        matches!(self.deletion, Deletion::UnderWay { .. })
    }

    /// Looks at some of the versions, which moves their deletions on.
    pub(crate) fn poll_versions(&mut self, is_looked_at: impl Fn(&Version) -> bool) {
        self.versions.retain(|version| version.polls_left != Some(0) || !is_looked_at(version));
        for version in self.versions.iter_mut().filter(|version| is_looked_at(version)) {
            version.polls_left = version.polls_left.map(|polls| polls.saturating_sub(1));
        }
    }

    /// The status of the newest version.
    pub(crate) fn status(&self) -> Status {
        self.newest().map_or(Status(0), |newest| self.status_of(newest))
    }

    /// The status of a version, as a deletion may change it.
    pub(crate) fn status_of(&self, version: &Version) -> Status {
        match self.deletion {
            Deletion::UnderWay { .. } => Status::KILLING,
            Deletion::Failed if self.newest().is_some_and(|newest| newest.id == version.id) => {
                Status::DELETE_FAILED
            }
            Deletion::Failed | Deletion::NotAsked if version.polls_left.is_some() => Status::KILLING,
            Deletion::Failed | Deletion::NotAsked => version.status,
        }
    }
}

/// All training jobs of the project.
#[derive(Debug)]
pub(crate) struct TrainingJobs {
    jobs: BTreeMap<i64, Job>,
    polls_until_gone: u32,
}

impl TrainingJobs {
    pub(crate) fn new(jobs: impl IntoIterator<Item = Job>, polls_until_gone: u32) -> Self {
        Self { jobs: jobs.into_iter().map(|job| (job.id, job)).collect(), polls_until_gone }
    }

    /// The jobs, by ascending id.
    pub(crate) fn jobs(&self) -> impl Iterator<Item = &Job> {
        self.jobs.values()
    }

    pub(crate) fn job(&self, job_id: i64) -> Option<&Job> {
        self.jobs.get(&job_id)
    }

    pub(crate) fn job_mut(&mut self, job_id: i64) -> Option<&mut Job> {
        self.jobs.get_mut(&job_id)
    }

    pub(crate) fn insert(&mut self, job: Job) {
        self.jobs.insert(job.id, job);
    }

    /// Brings every status to what it is at this time. A stage of a course lasts `stage` milliseconds.
    pub(crate) fn pass_time(&mut self, now: i64, stage: i64) {
        for version in self.jobs.values_mut().flat_map(|job| &mut job.versions) {
            version.pass_time(now, stage);
        }
    }

    /// Asks for the deletion of a job. Asking again while one is under way changes nothing; after one that failed it starts
    /// another.
    pub(crate) fn delete(&mut self, job_id: i64) -> DeletionAnswer {
        let Some(job) = self.jobs.get_mut(&job_id) else { return DeletionAnswer::Unknown };
        match job.when_deleted {
            WhenDeleted::IsRefused => return DeletionAnswer::Refused,
            WhenDeleted::IsBusyOnce => {
                job.when_deleted = WhenDeleted::Goes;
                return DeletionAnswer::Busy;
            }
            WhenDeleted::Goes | WhenDeleted::Fails => {}
        }
        if !job.is_going() {
            job.deletion = Deletion::UnderWay { polls_left: self.polls_until_gone };
        }
        DeletionAnswer::Accepted
    }

    /// Looks at a job as a request for its versions does, which is what moves a deletion on.
    pub(crate) fn poll(&mut self, job_id: i64) -> Option<&Job> {
        let job = self.jobs.get_mut(&job_id)?;
        job.poll_versions(|_| true);
        match job.deletion {
            Deletion::NotAsked | Deletion::Failed => {}
            Deletion::UnderWay { polls_left: 0 } if job.when_deleted == WhenDeleted::Fails => {
                job.deletion = Deletion::Failed;
            }
            Deletion::UnderWay { polls_left: 0 } => {
                self.jobs.remove(&job_id);
            }
            Deletion::UnderWay { polls_left } => {
                job.deletion = Deletion::UnderWay { polls_left: polls_left.saturating_sub(1) };
            }
        }
        self.jobs.get(&job_id)
    }

    /// How the list of a job's versions misbehaves this time. A fault that passes is gone the next time.
    pub(crate) fn fault(&mut self, job_id: i64) -> Option<Fault> {
        let fault = &mut self.jobs.get_mut(&job_id)?.fault;
        if fault.is_some_and(Fault::passes) { fault.take() } else { *fault }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed;

    fn project(polls_until_gone: u32) -> TrainingJobs {
        TrainingJobs::new(seed::jobs(), polls_until_gone)
    }

    fn statuses(job: &Job) -> Vec<u8> {
        job.versions.iter().map(|version| job.status_of(version).0).collect()
    }

    #[test]
    fn a_deletion_takes_the_set_number_of_polls() {
        let mut project = project(2);
        assert_eq!(project.delete(seed::JOB_DELETES), DeletionAnswer::Accepted);
        for _ in 0..2 {
            let job = project.poll(seed::JOB_DELETES).unwrap();
            assert!(statuses(job).iter().all(|status| *status == 9));
        }
        assert!(project.poll(seed::JOB_DELETES).is_none());
        assert!(project.job(seed::JOB_DELETES).is_none());
        assert_eq!(project.delete(seed::JOB_DELETES), DeletionAnswer::Unknown);
    }

    #[test]
    fn asking_again_does_not_start_again() {
        let mut project = project(1);
        project.delete(seed::JOB_DELETES);
        assert!(project.poll(seed::JOB_DELETES).is_some());
        assert_eq!(project.delete(seed::JOB_DELETES), DeletionAnswer::Accepted);
        assert!(project.poll(seed::JOB_DELETES).is_none());
    }

    #[test]
    fn a_deletion_without_polls_is_over_at_the_first_look() {
        let mut project = project(0);
        project.delete(seed::JOB_DELETES);
        assert!(project.poll(seed::JOB_DELETES).is_none());
    }

    #[test]
    fn a_deletion_that_fails_marks_the_newest_version_alone() {
        let mut project = project(1);
        let before = statuses(project.job(seed::JOB_DELETE_FAILS).unwrap());
        project.delete(seed::JOB_DELETE_FAILS);
        assert!(statuses(project.poll(seed::JOB_DELETE_FAILS).unwrap()).iter().all(|status| *status == 9));
        let after = statuses(project.poll(seed::JOB_DELETE_FAILS).unwrap());
        assert_eq!(after[0], 6);
        assert_eq!(after[1..], before[1..]);
        assert_eq!(statuses(project.poll(seed::JOB_DELETE_FAILS).unwrap()), after);
    }

    #[test]
    fn a_busy_job_is_busy_once() {
        let mut project = project(0);
        assert_eq!(project.delete(seed::JOB_BUSY_ONCE), DeletionAnswer::Busy);
        assert_eq!(project.delete(seed::JOB_BUSY_ONCE), DeletionAnswer::Accepted);
    }

    #[test]
    fn a_fault_that_passes_is_gone_the_next_time() {
        let mut project = project(0);
        assert_eq!(project.fault(seed::JOB_THROTTLED_ONCE), Some(Fault::ThrottledOnce));
        assert_eq!(project.fault(seed::JOB_THROTTLED_ONCE), None);
        assert_eq!(project.fault(seed::JOB_NOT_JSON), Some(Fault::NotJson));
        assert_eq!(project.fault(seed::JOB_NOT_JSON), Some(Fault::NotJson));
    }
}
