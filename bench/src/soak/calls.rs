//! The calls that a task makes, and what is noted of each.

use std::time::{Duration, Instant};

use clientsmith_runtime::ErrorKind;
use huaweicloud_modelarts::{
    Client, CreateTrainingJobConfigRequest, CreateWorkforceRequest, CreateWorkspaceRequest, Error,
    LabelsRequest, UpdateTrainingJobConfigRequest, UpdateWorkspaceRequest,
};

/// More items than any list here has: who gets as many is given the same again and again.
const ENDLESS: usize = 10_000;

/// What a call does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Work {
    ListWorkspaces,
    GetWorkspace,
    CreateWorkspace,
    UpdateWorkspace,
    DeleteWorkspace,
    ListJobs,
    ListJobVersions,
    ListConfigs,
    GetConfig,
    CreateConfig,
    UpdateConfig,
    DeleteConfig,
    ListModels,
    ListServices,
    GetDataset,
    ListEvents,
    CreateLabels,
    CreateWorkforce,
    DeleteWorker,
}

impl Work {
    pub(super) const ALL: [Self; 19] = [
        Self::ListWorkspaces,
        Self::GetWorkspace,
        Self::CreateWorkspace,
        Self::UpdateWorkspace,
        Self::DeleteWorkspace,
        Self::ListJobs,
        Self::ListJobVersions,
        Self::ListConfigs,
        Self::GetConfig,
        Self::CreateConfig,
        Self::UpdateConfig,
        Self::DeleteConfig,
        Self::ListModels,
        Self::ListServices,
        Self::GetDataset,
        Self::ListEvents,
        Self::CreateLabels,
        Self::CreateWorkforce,
        Self::DeleteWorker,
    ];

    /// The method of its request that changes something; `GET` where none does.
    pub(super) fn method(self) -> &'static str {
        match self {
            Self::CreateWorkspace | Self::CreateConfig | Self::CreateLabels | Self::CreateWorkforce => "POST",
            Self::UpdateWorkspace | Self::UpdateConfig => "PUT",
            Self::DeleteWorkspace | Self::DeleteConfig | Self::DeleteWorker => "DELETE",
            _ => "GET",
        }
    }

    /// What it works on, of what the task itself has made.
    fn of(self) -> Option<Kind> {
        match self {
            Self::GetWorkspace | Self::UpdateWorkspace | Self::DeleteWorkspace => Some(Kind::Workspace),
            Self::GetConfig | Self::UpdateConfig | Self::DeleteConfig => Some(Kind::Config),
            _ => None,
        }
    }

    /// Whether it asks once: neither a list nor a deletion that is waited for.
    pub(super) fn is_single(self) -> bool {
        !matches!(self, Self::ListWorkspaces | Self::ListJobs | Self::ListConfigs | Self::DeleteWorkspace)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Workspace,
    Config,
}

/// What came of a call: small, and all of them have their place before the first is made, so that keeping them costs no memory
/// as time goes on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record {
    pub(super) work: Work,
    /// The call that has made what this one works on.
    pub(super) target: Option<u32>,
    pub(super) outcome: Outcome,
    pub(super) took: Duration,
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It has not.
    Unmade,
    Success,
    Failure {
        kind: ErrorKind,
        status: u16,
        attempts: u8,
        is_retryable: bool,
    },
}

impl Record {
    pub(super) const UNMADE: Self =
        Self { work: Work::GetDataset, target: None, outcome: Outcome::Unmade, took: Duration::ZERO };
}

/// Something that a task has made: by which call, and its id.
struct Made {
    call: u32,
    kind: Kind,
    id: String,
}

/// A task's client, and what the task has made.
pub(super) struct Caller {
    pub(super) client: Client,
    made: Vec<Made>,
}

impl Caller {
    pub(super) fn new(client: Client) -> Self {
        Self { client, made: Vec::new() }
    }

    /// Makes the call with that number; `drawn` decides what it does.
    pub(super) async fn call(&mut self, number: u32, drawn: u64) -> Record {
        let (work, target) = self.choose(drawn);
        let started = Instant::now();
        let outcome = self.make(number, work, target).await;
        let took = started.elapsed();
        let outcome = match outcome {
            Ok(()) => Outcome::Success,
            Err(error) => Outcome::Failure {
                kind: error.kind(),
                status: error.status().map_or(0, |status| status.as_u16()),
                attempts: u8::try_from(error.attempts()).unwrap_or(u8::MAX),
                is_retryable: error.is_retryable(),
            },
        };
        let target = target.and_then(|index| self.made.get(index)).map(|made| made.call);
        // Once a deletion was tried, nobody knows without asking whether it is there still.
        if work.method() == "DELETE" && target.is_some() {
            self.made.retain(|made| Some(made.call) != target);
        }
        Record { work, target, outcome, took }
    }

    /// What to do, and with what: creating where there is nothing that it could be done with.
    fn choose(&self, drawn: u64) -> (Work, Option<usize>) {
        let index = usize::try_from(drawn % Work::ALL.len() as u64).unwrap_or_default();
        let work = Work::ALL.get(index).copied().unwrap_or(Work::GetDataset);
        let Some(kind) = work.of() else { return (work, None) };
        match self.made.iter().rposition(|made| made.kind == kind) {
            Some(index) => (work, Some(index)),
            None if kind == Kind::Workspace => (Work::CreateWorkspace, None),
            None => (Work::CreateConfig, None),
        }
    }

    async fn make(&mut self, number: u32, work: Work, target: Option<usize>) -> Result<(), Error> {
        let client = &self.client;
        let id =
            target.and_then(|index| self.made.get(index)).map(|made| made.id.clone()).unwrap_or_default();
        match work {
            Work::ListWorkspaces => {
                let mut items = client.workspaces().list().limit(100).items();
                let mut count = 0;
                while count < ENDLESS && items.try_next().await?.is_some() {
                    count += 1;
                }
            }
            Work::ListJobs => {
                let mut items = client.training_jobs().list().per_page(10).items();
                let mut count = 0;
                while count < ENDLESS && items.try_next().await?.is_some() {
                    count += 1;
                }
            }
            Work::ListConfigs => {
                let mut items = client.training_job_configs().list().per_page(100).items();
                let mut count = 0;
                while count < ENDLESS && items.try_next().await?.is_some() {
                    count += 1;
                }
            }
            Work::GetWorkspace => drop(client.workspaces().get(id).await?),
            Work::CreateWorkspace => {
                let request = CreateWorkspaceRequest::new(name(number)).description("Of a soak");
                let created = client.workspaces().create(request).await?;
                let id = created.id.clone();
                self.made.push(Made { call: number, kind: Kind::Workspace, id });
            }
            Work::UpdateWorkspace => {
                let request = UpdateWorkspaceRequest::new().description(format!("Changed by call {number}"));
                client.workspaces().update(id, request).await?;
            }
            Work::DeleteWorkspace => {
                client.workspaces().delete(id).wait().interval(super::INTERVAL).await?;
            }
            Work::ListJobVersions => drop(client.training_jobs().list_versions(10).await?),
            Work::GetConfig => drop(client.training_job_configs().get(id).await?),
            Work::CreateConfig => {
                let request = CreateTrainingJobConfigRequest::new(1, 1, name(number))
                    .user_image_url("swr.example.com/soak/image:1")
                    .data_url("/soak/data/");
                client.training_job_configs().create(request).await?;
                self.made.push(Made { call: number, kind: Kind::Config, id: name(number) });
            }
            Work::UpdateConfig => {
                let request = UpdateTrainingJobConfigRequest::new(2, 1)
                    .user_image_url("swr.example.com/soak/image:2")
                    .data_url("/soak/data/");
                client.training_job_configs().update(id, request).await?;
            }
            Work::DeleteConfig => drop(client.training_job_configs().delete(id).await?),
            Work::ListModels => drop(client.models().list().await?),
            Work::ListServices => drop(client.services().list().await?),
            Work::GetDataset => drop(client.datasets().list().await?),
            Work::ListEvents => drop(client.services().list_events("soak").await?),
            Work::CreateLabels => {
                drop(client.labels().create("soak", LabelsRequest::new().labels(Vec::new())).await?);
            }
            Work::CreateWorkforce => {
                drop(client.workforces().create(CreateWorkforceRequest::new(name(number))).await?);
            }
            Work::DeleteWorker => drop(client.workforces().delete_worker("soak", "worker").await?),
        }
        Ok(())
    }
}

/// What the call with that number calls what it makes.
pub(super) fn name(call: u32) -> String {
    format!("soak-{call}")
}
