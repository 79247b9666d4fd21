//! Whatever a description holds, the outcome is an error or correct code: never a panic, an overflow of the stack, a wait
//! without end, or text that escapes into code.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

#[path = "../../../fuzz/src/inspect.rs"]
mod inspect;
mod nesting;
mod scale;
mod support;
