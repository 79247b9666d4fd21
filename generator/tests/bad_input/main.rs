//! Whatever a description holds, the outcome is an error or correct code: never a panic, an overflow of the stack, a wait
//! without end, or text that escapes into code.
//!
//! `fuzz/` looks for more of it.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod cycles;
mod files;
#[path = "../../../fuzz/src/inspect.rs"]
#[expect(unreachable_pub, reason = "the fuzzer has it in its library")]
mod inspect;
mod nesting;
mod references;
mod scale;
mod settings;
mod support;
mod texts;
