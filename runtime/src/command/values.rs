//! The values of a command line, for the calls that they go into.

use clap::ArgMatches;
use serde::de::DeserializeOwned;

use super::failure::Failure;
use super::source;
use crate::auth::Secret;
use crate::body::RequestBody;

/// The value of an argument, where it is given.
#[must_use]
pub fn optional<T: Clone + Send + Sync + 'static>(matches: &ArgMatches, id: &str) -> Option<T> {
    matches.try_get_one(id).ok().flatten().cloned()
}

/// The value of an argument that has to be given.
///
/// # Errors
///
/// When it is not given.
pub fn required<T: Clone + Send + Sync + 'static>(matches: &ArgMatches, id: &str) -> Result<T, Failure> {
    optional(matches, id).ok_or_else(|| Failure::usage(format!("`{id}` is not given")))
}

/// The values of an argument that can be given several times.
#[must_use]
pub fn repeated<T: Clone + Send + Sync + 'static>(matches: &ArgMatches, id: &str) -> Vec<T> {
    matches.try_get_many(id).ok().flatten().map(|values| values.cloned().collect()).unwrap_or_default()
}

/// Whether a switch is given.
#[must_use]
pub fn is_set(matches: &ArgMatches, id: &str) -> bool {
    optional(matches, id).unwrap_or(false)
}

/// A value of a type of the client's that has no form of its own on a command line: JSON, or else a text.
///
/// # Errors
///
/// When it is neither.
pub fn json_value<T: DeserializeOwned>(text: &str, id: &str) -> Result<T, Failure> {
    let as_text = |_| serde_json::from_value(serde_json::Value::from(text));
    serde_json::from_str(text).or_else(as_text).map_err(|error| Failure::usage(format!("--{id}: {error}")))
}

/// A JSON body, from the place that its argument names, or the argument itself.
///
/// # Errors
///
/// When it cannot be read, is not JSON, or has another shape than the call takes.
pub fn json_body<T: DeserializeOwned>(argument: &str, id: &str) -> Result<T, Failure> {
    let text = source::read(argument, id)?;
    serde_json::from_str(&text).map_err(|error| {
        let hint = if names_file(argument) { "; a file is named by an @ before it" } else { "" };
        Failure::usage(format!("--{id}: {error}{hint}"))
    })
}

/// Whether an argument that is no JSON names a file: the `@` was forgotten.
fn names_file(argument: &str) -> bool {
    !matches!(argument, "" | "-") && std::path::Path::new(argument).is_file()
}

/// A body of text, from the place that its argument names, or the argument itself.
///
/// # Errors
///
/// When it cannot be read.
pub fn text_body(argument: &str, id: &str) -> Result<String, Failure> {
    source::read(argument, id)
}

/// A body from the file that an argument names, which is read while it is sent, or from standard input.
///
/// # Errors
///
/// When there is no such file.
pub async fn file_body(argument: &str, id: &str) -> Result<RequestBody, Failure> {
    if argument == "-" {
        return source::read_bytes(id).map(RequestBody::from);
    }
    let path = argument.strip_prefix('@').unwrap_or(argument);
    let body = RequestBody::file(path).await;
    body.map_err(|error| Failure::usage(format!("--{id}: `{path}` cannot be read: {error}")))
}

/// The failure of a call whose body has no form on a command line.
#[must_use]
pub fn unsupported_body(id: &str) -> Failure {
    Failure::usage(format!("--{id}: a body of several parts cannot be given on a command line"))
}

/// A secret that has to be given, from the place that its argument names.
///
/// # Errors
///
/// When it is not given, and when it cannot be read.
pub fn required_secret(matches: &ArgMatches, id: &str) -> Result<Secret, Failure> {
    secret_value(matches, id)?.ok_or_else(|| Failure::usage(format!("`{id}` is not given")))
}

/// A secret from the place that its argument names, since other users of the machine can see a command line; `None` when
/// it is not given.
///
/// # Errors
///
/// When the argument names no place, and when it cannot be read.
pub fn secret_value(matches: &ArgMatches, id: &str) -> Result<Option<Secret>, Failure> {
    let Some(argument) = optional::<String>(matches, id) else { return Ok(None) };
    if argument != "-" && !argument.starts_with('@') {
        // It is not repeated: it may be the secret itself.
        return Err(Failure::usage(format!("`{id}` is secret: give @FILE, or - for standard input")));
    }
    let text = source::read(&argument, id)?;
    Ok(Some(Secret::from(text.trim_end_matches(['\r', '\n']))))
}

#[cfg(test)]
mod tests {
    use clap::{Arg, Command};

    use super::*;

    #[test]
    fn a_value_that_is_not_there_is_no_panic() {
        let command = Command::new("tool").arg(Arg::new("n").value_parser(super::super::integer64(0, 9)));
        let matches = command.try_get_matches_from(["tool", "3"]).unwrap();
        assert_eq!(required::<i64>(&matches, "n").unwrap(), 3);
        assert_eq!(optional::<String>(&matches, "n"), None);
        assert_eq!(required::<i64>(&matches, "other").unwrap_err().to_string(), "`other` is not given");
        assert!(!is_set(&matches, "wait") && repeated::<i64>(&matches, "list").is_empty());
    }

    #[test]
    fn a_body_says_where_it_is_wrong() {
        let read = |text| json_body::<Vec<i32>>(text, "body");
        assert_eq!(read("[1,2]").unwrap(), vec![1, 2]);
        let wrong = read("[1,\"a\"]").unwrap_err().to_string();
        assert_eq!(wrong, "--body: invalid type: string \"a\", expected i32 at line 1 column 6");
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        let forgotten = read(file).unwrap_err().to_string();
        assert!(forgotten.ends_with("; a file is named by an @ before it"), "{forgotten}");
    }

    #[test]
    fn a_secret_is_not_taken_from_the_command_line() {
        let command = Command::new("tool").arg(Arg::new("pin"));
        let read = |text: &str| {
            let matches = command.clone().try_get_matches_from(["tool", text]).unwrap();
            required_secret(&matches, "pin")
        };
        assert_eq!(
            read("1234").unwrap_err().to_string(),
            "`pin` is secret: give @FILE, or - for standard input"
        );
        let file = concat!("@", env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        assert!(read(file).unwrap().expose().starts_with("[package]"));
    }

    #[test]
    fn a_text_does_without_quotes() {
        assert_eq!(json_value::<String>("abc", "x").unwrap(), "abc");
        assert_eq!(json_value::<i64>("3", "x").unwrap(), 3);
        assert!(json_value::<i64>("abc", "x").unwrap_err().to_string().starts_with("--x: invalid type"));
    }
}
