//! The `modelarts` command as its users meet it: the program itself, against a simulator of the service.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod answers;
mod blocking;
mod credentials;
mod deletion;
mod every_operation;
mod failures;
mod help;
mod listing;
mod lives;
mod retries;
mod service;
mod settings;
mod simulation;
mod typed;
