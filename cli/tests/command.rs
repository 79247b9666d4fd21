//! The `clientsmith` command, run as its users run it.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod cases {
    mod bad_input;
    mod drifting;
    mod folder;
    mod generating;
    mod importing;
    mod verifying;
}
