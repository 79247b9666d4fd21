//! What has state, over HTTP: created, listed, shown, changed and deleted, kind by kind.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test ends where something is not as it should be"
)]

mod caller;
mod datasets;
mod models;
mod services;
mod training_job_configs;
mod training_jobs;
mod visualization_jobs;
mod workspaces;
