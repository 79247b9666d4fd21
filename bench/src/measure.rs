//! What a child process costs: seconds of the processors and peak memory, its own children counted in.

use std::io::{self, Read};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;

use serde::{Deserialize, Serialize};
use wait4::Wait4 as _;

/// What processes cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Cost {
    /// Seconds of the processors, of the user and of the system.
    pub(crate) cpu_seconds: f64,
    /// The largest resident set of any one of the processes, in bytes.
    pub(crate) peak_bytes: u64,
}

impl Cost {
    /// The peak in MiB.
    pub(crate) fn peak_mebibytes(self) -> u64 {
        self.peak_bytes / (1024 * 1024)
    }
}

/// A child process that has ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
    pub(crate) output: Vec<u8>,
    pub(crate) errors: Vec<u8>,
    pub(crate) cost: Cost,
}

impl Ended {
    /// What it wrote to the standard error.
    pub(crate) fn error_text(&self) -> String {
        String::from_utf8_lossy(&self.errors).into_owned()
    }
}

/// Why a child process could not be run.
#[derive(Debug, thiserror::Error)]
#[error("cannot run {command}: {source}")]
pub(crate) struct ChildError {
    command: String,
    source: io::Error,
}

impl ChildError {
    /// The error of a command.
    pub(crate) fn new(command: impl Into<String>, source: io::Error) -> Self {
        Self { command: command.into(), source }
    }
}

/// Runs a command to its end, with no input.
pub(crate) fn run(command: &mut Command) -> Result<Ended, ChildError> {
    ended(command).map_err(|source| ChildError::new(command.get_program().to_string_lossy(), source))
}

fn ended(command: &mut Command) -> io::Result<Ended> {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    // Both at once: a child that fills the pipe that nobody reads would never end.
    let errors = thread::spawn(move || read(stderr));
    let output = read(stdout)?;
    let errors = errors.join().map_err(|_| io::Error::other("the reader of the standard error failed"))??;
    let used = child.wait4()?;
    let cost = Cost {
        cpu_seconds: (used.rusage.utime + used.rusage.stime).as_secs_f64(),
        peak_bytes: used.rusage.maxrss,
    };
    Ok(Ended { status: used.status, output, errors, cost })
}

fn read(pipe: Option<impl Read>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if let Some(mut pipe) = pipe {
        pipe.read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cost_of_children_of_the_child_counts() {
        // 64 MiB in the process that the shell starts.
        let script = "head -c 67108864 /dev/zero | tail -c 67108864 | wc -c; exit 3";
        let ended = run(Command::new("sh").args(["-c", script])).unwrap();
        assert_eq!(ended.status.code(), Some(3));
        assert_eq!(String::from_utf8_lossy(&ended.output).trim(), "67108864");
        assert!(ended.cost.peak_mebibytes() >= 64, "{:?}", ended.cost);
        assert!(ended.cost.cpu_seconds > 0.0 && ended.cost.cpu_seconds < 60.0);
    }
}
