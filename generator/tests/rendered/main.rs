//! What the generator makes of descriptions: a small one for each feature, and the ModelArts API.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod features;
mod modelarts;
mod robustness;
mod selection;
mod stability;
mod support;
mod untyped;
