//! A stand-in for the ModelArts API, on loopback, for demonstrations and end-to-end tests.
//!
//! It answers every operation of the API's description ([`catalogue`]). It keeps real state of training jobs, their versions and
//! configurations, visualization jobs, services, models, data sets and workspaces: what is created is listed, changes its status as
//! time passes, and is deleted, which takes several polls and sometimes fails. What has no state is answered with the example of the
//! description. It checks credentials for real, with verification code of its own, so that a client that signs wrongly is refused here as
//! it would be by the service. What it answers is as loosely typed as what the service answers, and some of its
//! [seeded jobs](seed) misbehave on purpose.
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! let simulator = modelarts_simulator::Simulator::start().await?;
//! assert!(simulator.endpoint().starts_with("http://127.0.0.1:"));
//! // ... point a client at it, with `credentials::ACCESS_KEY` and so on ...
//! assert_eq!(simulator.requests().len(), 0);
//! # Ok::<(), modelarts_simulator::StartError>(()) }).unwrap();
//! ```

mod call;
mod canonical;
pub mod catalogue;
mod clock;
pub mod credentials;
pub mod examples;
mod failure;
mod fault_mode;
mod faults;
mod gateway;
mod iam;
mod identifiers;
mod project;
mod query;
mod requests;
mod requirements;
mod resources;
mod routes;
pub mod seed;
mod server;
mod signature;
mod simulator;
mod store;
mod wire;

pub use fault_mode::{FaultKind, FaultPlan, JournalEntry};
pub use requests::RecordedRequest;
pub use simulator::{Settings, Simulator, StartError};
