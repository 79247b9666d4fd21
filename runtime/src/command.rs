//! What the commands built on generated clients share: arguments, settings, output, progress and exit codes.
//!
//! A generated command says which subcommands and arguments it has and which calls they make. How values are read from
//! a command line, how answers are shown, and what a failure looks like, stands here, the same for every API.
//!
//! Exit codes: 0 success; 1 the call was made and failed; 2 the command line, a setting or the credentials cannot be
//! used, and nothing was sent.

mod argument;
mod document;
mod enumeration;
mod failure;
mod output;
mod progress;
mod setting;
mod source;
mod table;
mod values;

pub use clap;

pub use argument::{
    all_pages, body, boolean, global, global_switch, group, integer32, integer64, list, number, option,
    positional, program, subcommand, text,
};
pub use document::{Labels, NamedInteger};
pub use enumeration::{DescribedText, IntegerEnum, TextEnum};
pub use failure::{Failure, execute, matches, no_subcommand, unknown_answer};
pub use output::{Format, Output, waiting};
pub use progress::ProgressLine;
pub use setting::{access_keys, endpoint, required_setting, secret_setting, setting, timeout};
pub use values::{
    file_body, is_set, json_body, json_value, optional, repeated, required, required_secret, secret_value,
    text_body, unsupported_body,
};
