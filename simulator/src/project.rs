//! All that the project has.

use crate::{
    identifiers::Identifiers,
    resources::{
        datasets::{self, Datasets},
        models::{self, Models},
        services::{self, Services},
        training_job_configs::{self, TrainingJobConfigs},
        training_jobs::state::TrainingJobs,
        visualization_jobs::{self, VisualizationJobs},
        workspaces::{self, Workspaces},
    },
    seed,
};

/// The resources of the project, and what they share.
#[derive(Debug)]
pub(crate) struct Project {
    pub(crate) training_jobs: TrainingJobs,
    pub(crate) job_configs: TrainingJobConfigs,
    pub(crate) visualization_jobs: VisualizationJobs,
    pub(crate) services: Services,
    pub(crate) models: Models,
    pub(crate) datasets: Datasets,
    pub(crate) workspaces: Workspaces,
    pub(crate) identifiers: Identifiers,
    /// How many looks still find what is on its way out.
    pub(crate) polls_until_gone: u32,
    /// How long a stage of a course lasts, in milliseconds.
    pub(crate) stage: i64,
}

impl Project {
    /// What every simulator starts with.
    pub(crate) fn new(polls_until_gone: u32, stage: i64) -> Self {
        Self {
            training_jobs: TrainingJobs::new(seed::jobs(), polls_until_gone),
            job_configs: training_job_configs::seeded(),
            visualization_jobs: visualization_jobs::seeded(),
            services: services::seeded(),
            models: models::seeded(),
            datasets: datasets::seeded(),
            workspaces: workspaces::seeded(),
            identifiers: Identifiers::default(),
            polls_until_gone,
            stage,
        }
    }

    /// Brings every status to what it is at this time, in milliseconds since 1970.
    pub(crate) fn pass_time(&mut self, now: i64) {
        let stage = self.stage;
        self.training_jobs.pass_time(now, stage);
        self.visualization_jobs.pass_time(now, stage);
        self.services.pass_time(now, stage);
        self.models.pass_time(now, stage);
        self.datasets.pass_time(now, stage);
        self.workspaces.pass_time(now, stage);
    }
}
