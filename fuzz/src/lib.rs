//! Looks for descriptions that the generator cannot stand: that make it panic, never end, or write something that is no
//! Rust, clashes, or holds text of the description outside of literals.
//!
//! | module | |
//! | --- | --- |
//! | [`seeds`] | real descriptions to start from |
//! | [`mutate`] | changes to a description that leave it one, nearly |
//! | [`check`] | all stages over one text, and what has to hold of the outcome |
//! | [`inspect`] | what has to hold of the files of a client |
//! | [`minimise`] | the smallest description that fails in the same way |
//! | [`decode`] | what a server may send, as each type of the ModelArts client |
//!
//! `cargo +nightly fuzz run bytes`, `mutations` and `decoding` are driven by libFuzzer; `drive` and `drive_decoding` need only a
//! stable compiler.
#![forbid(unsafe_code)]

pub mod check;
pub mod choices;
pub mod decode;
pub mod inspect;
pub mod minimise;
pub mod mutate;
pub mod seeds;
