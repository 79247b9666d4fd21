//! How a command ends: its exit code, and one line that says why it failed.

use std::future::Future;
use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::{ArgMatches, Command};

use super::document::on_one_line;
use crate::error::{BuildError, Error, ErrorKind};
use crate::huawei::CredentialsError;
use crate::stream::StreamError;

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// The command line, a setting or the credentials cannot be used; nothing was sent. Exit code 2.
    #[error("{0}")]
    Usage(String),
    /// The call failed. Exit code 1.
    #[error("{0}")]
    Call(String),
    /// The result cannot be written. Exit code 1, and without a word when nobody reads any more.
    #[error("the result cannot be written: {0}")]
    Output(#[from] io::Error),
}

impl Failure {
    /// A failure for which nothing was sent.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::Usage(message.into())
    }

    fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Call(_) | Self::Output(_) => 1,
        }
    }

    /// Whether nobody reads the output any more, as after `| head`.
    fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

impl From<StreamError> for Failure {
    fn from(error: StreamError) -> Self {
        Self::Call(error.to_string())
    }
}

impl<E> From<Error<E>> for Failure {
    fn from(error: Error<E>) -> Self {
        match error.kind() {
            ErrorKind::InvalidCall | ErrorKind::Credentials => Self::Usage(error.to_string()),
            ErrorKind::Api if error.is_transient() => Self::Call(format!("{error}; a later try may succeed")),
            _ => Self::Call(error.to_string()),
        }
    }
}

impl From<BuildError> for Failure {
    fn from(error: BuildError) -> Self {
        match error {
            BuildError::MissingValue { name } => {
                Self::Usage(format!("no {} is given: see --help for how", name.replace('_', " ")))
            }
            BuildError::MissingEndpoint | BuildError::RelativeServer { .. } => {
                Self::Usage("no endpoint is given: see --help for how".to_owned())
            }
            BuildError::Transport(_) => Self::Call(error.to_string()),
            _ => Self::Usage(error.to_string()),
        }
    }
}

impl From<CredentialsError> for Failure {
    fn from(error: CredentialsError) -> Self {
        Self::Usage(error.to_string())
    }
}

/// The failure of a command that is older than the answer it got.
#[must_use]
pub fn unknown_answer() -> Failure {
    Failure::Call("the answer is of a kind that this command does not know".to_owned())
}

/// The failure of a command line without a subcommand, which the arguments of a command do not let through.
#[must_use]
pub fn no_subcommand() -> Failure {
    Failure::usage("no subcommand is given: see --help")
}

/// Reads the command line. `Err` is the exit code of what has been said already: help, the version, or what is wrong.
///
/// # Errors
///
/// When there is nothing to run.
pub fn matches(command: Command) -> Result<ArgMatches, ExitCode> {
    command.try_get_matches().map_err(|error| {
        use clap::error::ErrorKind::{InvalidValue, TooFewValues, TooManyValues, ValueValidation};
        match error.kind() {
            InvalidValue | ValueValidation | TooManyValues | TooFewValues => {
                report(&one_line(&error.render().to_string()));
            }
            // What is said before the process ends cannot be said elsewhere when it cannot be written.
            _ => drop(error.print()),
        }
        ExitCode::from(if error.use_stderr() { 2 } else { 0 })
    })
}

/// Clap's message about a value without the blank lines around its parts, and without its hint at the help.
fn one_line(message: &str) -> String {
    let parts =
        message.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("For more"));
    parts.collect::<Vec<_>>().join(" ")
}

/// Runs the work of a command to its end, and says why when it fails.
pub fn execute(work: impl Future<Output = Result<(), Failure>>) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(work),
        Err(error) => Err(Failure::Call(format!("the runtime cannot be started: {error}"))),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if !failure.is_closed_pipe() {
                report(&format!("error: {}", on_one_line(&failure.to_string())));
            }
            ExitCode::from(failure.exit_code())
        }
    }
}

fn report(line: &str) {
    // There is nowhere left to say that standard error cannot be written.
    drop(writeln!(io::stderr(), "{line}"));
}

#[cfg(test)]
mod tests {
    use clap::Arg;

    use super::*;

    #[test]
    fn a_message_about_a_value_is_one_line() {
        let command = Command::new("tool").arg(Arg::new("n").value_parser(["json", "table"]));
        let error = command.try_get_matches_from(["tool", "jso"]).unwrap_err();
        assert_eq!(
            one_line(&error.render().to_string()),
            "error: invalid value 'jso' for '[n]' [possible values: json, table] tip: a similar value exists: 'json'"
        );
    }

    #[test]
    fn what_may_pass_is_said_to() {
        let refused = |transient| {
            let mut failure = crate::error::Failure::new(ErrorKind::Api, "deleteJob", "busy");
            failure.transient = transient;
            Failure::from(Error::<crate::Json>::new(Box::new(failure), None)).to_string()
        };
        assert_eq!(refused(true), "deleteJob: busy; a later try may succeed");
        assert_eq!(refused(false), "deleteJob: busy");
    }

    #[test]
    fn what_was_not_sent_is_the_callers_fault() {
        let missing = Failure::from(BuildError::MissingValue { name: "project_id" });
        assert_eq!(
            (missing.to_string().as_str(), missing.exit_code()),
            ("no project id is given: see --help for how", 2)
        );
        let closed = Failure::from(io::Error::from(io::ErrorKind::BrokenPipe));
        assert!(closed.is_closed_pipe() && closed.exit_code() == 1);
    }
}
