//! All types of the ModelArts client, as the generator of this checkout writes them, and how each is decoded and encoded.
#![recursion_limit = "512"]
#![forbid(unsafe_code)]
#![allow(warnings, clippy::all, reason = "the types are neither used nor read here")]

pub mod harness;

include!(concat!(env!("OUT_DIR"), "/types.rs"));
