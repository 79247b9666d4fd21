//! Settings of the client: from the command line, else from the environment. Secrets from the environment alone.

use std::time::Duration;

use clap::{Arg, ArgMatches};

use super::failure::Failure;
use super::values;
use crate::auth::Secret;
use crate::huawei::{AkSk, CredentialsError, Profile};

/// The value of an option, else of the first of these environment variables that is set. One that is blank counts as not
/// set.
///
/// # Errors
///
/// When a variable is not Unicode.
pub fn setting(matches: &ArgMatches, id: &str, variables: &[&str]) -> Result<Option<String>, Failure> {
    if let Some(value) = values::optional::<String>(matches, id) {
        return Ok(Some(value));
    }
    for variable in variables {
        if let Some(value) = variable_value(variable)? {
            return Ok(Some(value));
        }
    }
    Ok(None)
}

/// Like [`setting`], for what the client cannot do without.
///
/// # Errors
///
/// When it is not given, and as for [`setting`].
pub fn required_setting(matches: &ArgMatches, id: &str, variables: &[&str]) -> Result<String, Failure> {
    setting(matches, id, variables)?.ok_or_else(|| {
        let what = id.replace('-', " ");
        Failure::usage(format!("no {what} is given: use --{id}, or set {}", variables.join(" or ")))
    })
}

/// The access keys of the environment ([`AkSk::from_env`]), else those of the profile ([`Profile`]); `None` where there are none.
///
/// # Errors
///
/// When one of the two keys is missing, and when they cannot be used.
pub fn access_keys() -> Result<Option<AkSk>, Failure> {
    match AkSk::from_env() {
        Ok(keys) => return Ok(Some(keys)),
        Err(CredentialsError::NoVariables) => {}
        Err(error) => return Err(error.into()),
    }
    match Profile::new().load() {
        Ok(keys) => Ok(Some(keys)),
        Err(error) if error.is_absent() => Ok(None),
        Err(error) => Err(Failure::usage(error.to_string())),
    }
}

/// A secret from an environment variable. A command line would show it to other users of the machine.
///
/// # Errors
///
/// When the variable is not Unicode.
pub fn secret_setting(variable: &str) -> Result<Option<Secret>, Failure> {
    Ok(variable_value(variable)?.map(Secret::from))
}

fn variable_value(variable: &str) -> Result<Option<String>, Failure> {
    let Some(value) = std::env::var_os(variable) else { return Ok(None) };
    let value = value.into_string().map_err(|_| Failure::usage(format!("{variable} is not Unicode")))?;
    Ok(Some(value).filter(|value| !value.trim().is_empty()))
}

/// The option for the endpoint; its help names the environment variable that stands in for it.
#[must_use]
pub fn endpoint(variable: &str) -> Arg {
    Arg::new("endpoint")
        .long("endpoint")
        .value_name("URL")
        .help(format!("Where the API is [env: {variable}]"))
        .global(true)
        .help_heading(super::argument::OF_ALL)
}

/// The option for how long a call may take.
#[must_use]
pub fn timeout() -> Arg {
    let default = crate::DEFAULT_TIMEOUT.as_secs();
    Arg::new("timeout")
        .long("timeout")
        .value_name("SECONDS")
        .help(format!("How long each call may take [default: {default}]"))
        .value_parser(|text: &str| super::argument::seconds(text).map(Duration::from_secs_f64))
        .global(true)
        .help_heading(super::argument::OF_ALL)
}
