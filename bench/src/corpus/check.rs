//! A generated crate is handed to the compiler, to clippy and to rustdoc.
//!
//! A lane is a folder with a target folder of its own, as cargo works on one target folder one command at a time. What
//! the clients depend on is built in the first once, and copied, with the client of a tiny description; of all others only the client is
//! checked, and what that left in the target folder is removed.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::generate::{self, Attempt};
use crate::Failure;
use crate::measure::{self, Cost};

/// A description whose client depends on all that any client depends on.
const WARM_UP: &str = include_str!("warm_up.yaml");

/// How much of what a tool reports is kept.
const MAX_KEPT: usize = 5;

/// The folders of a profile in which cargo keeps what it made of packages.
const KEPT_FOLDERS: [&str; 5] = [".fingerprint", "build", "deps", "examples", "incremental"];

/// What a tool is asked to do with a crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tool {
    /// `cargo check`.
    Check,
    /// `cargo clippy`.
    Clippy,
    /// `cargo doc`.
    Doc,
}

/// What a tool said of a crate.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Checked {
    /// How many errors it reported.
    pub(crate) errors: usize,
    /// How many warnings it reported.
    pub(crate) warnings: usize,
    /// The first of them as the tool prints them, the errors before the warnings.
    pub(crate) reported: Vec<String>,
    /// What it cost.
    pub(crate) cost: Cost,
}

/// Why nothing can be checked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CheckError {
    #[error("cannot work in `{}`: {source}", path.display())]
    Folder { path: PathBuf, source: io::Error },
    #[error("the client that builds the dependencies cannot be used: {0}")]
    WarmUp(String),
}

/// A place where crates are checked one after the other.
#[derive(Debug)]
pub(crate) struct Lane {
    target: PathBuf,
    lockfile: PathBuf,
    /// The entries of the target folder that belong to dependencies.
    dependencies: BTreeSet<PathBuf>,
}

impl Lane {
    /// Makes the lanes ready: the dependencies are built in the first, and copied to the others.
    pub(crate) fn prepare(folder: &Path, root: &Path, count: usize) -> Result<Vec<Self>, Failure> {
        let lockfile = root.join("Cargo.lock");
        let mut lanes: Vec<Self> = Vec::new();
        for index in 0..count {
            let target = folder.join(format!("lane-{index}"));
            fs::create_dir_all(&target).map_err(|source| failed(&target, source))?;
            lanes.push(Self { target, lockfile: lockfile.clone(), dependencies: BTreeSet::new() });
        }
        let first = lanes.first().map(|lane| lane.target.clone());
        for lane in &mut lanes {
            if let Some(first) = first.as_ref().filter(|first| **first != lane.target) {
                copy(first, &lane.target)?;
            }
            lane.warm_up(&folder.join("warm-up"), &root.join("runtime"))?;
        }
        Ok(lanes)
    }

    fn warm_up(&mut self, folder: &Path, runtime: &Path) -> Result<(), Failure> {
        let (spec, out) = (folder.join("openapi.yaml"), folder.join("client"));
        fs::create_dir_all(folder).map_err(|source| failed(folder, source))?;
        fs::write(&spec, WARM_UP).map_err(|source| failed(&spec, source))?;
        match generate::attempt(&spec, &out, runtime)?.0 {
            Attempt::Ended(generated) if generated.written => {}
            other => return Err(CheckError::WarmUp(format!("{other:?}")).into()),
        }
        for tool in [Tool::Check, Tool::Doc] {
            let checked = self.run(tool, &out)?;
            if checked.errors > 0 {
                return Err(CheckError::WarmUp(checked.reported.join("\n")).into());
            }
        }
        self.dependencies = self.entries().into_iter().collect();
        Ok(())
    }

    /// Runs a tool over the crate in a folder.
    pub(crate) fn run(&self, tool: Tool, package: &Path) -> Result<Checked, Failure> {
        // The versions of the workspace are those that are there without a network.
        let lockfile = package.join("Cargo.lock");
        fs::copy(&self.lockfile, &lockfile).map_err(|source| failed(&lockfile, source))?;
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
        command.current_dir(package).env("CARGO_TARGET_DIR", &self.target).env("CARGO_INCREMENTAL", "0");
        command.env("CARGO_PROFILE_DEV_DEBUG", "false").env_remove("RUSTFLAGS").env_remove("RUSTDOCFLAGS");
        command.args(match tool {
            Tool::Check => ["check", "--message-format=json", "--quiet"].as_slice(),
            Tool::Clippy => &["clippy", "--message-format=json", "--quiet"],
            Tool::Doc => &["doc", "--no-deps", "--message-format=json", "--quiet"],
        });
        if tool != Tool::Doc {
            command.args(["--lib", "--examples", "--keep-going"]);
            // Cargo takes it for a mistake when there is none.
            if package.join("tests").is_dir() {
                command.args(["--test", "*"]);
            }
        }
        let ended = measure::run(&mut command)?;
        let mut checked = said(&ended.output);
        checked.cost = ended.cost;
        if !ended.status.success() && checked.errors == 0 {
            checked.errors = 1;
            checked.reported.insert(0, ended.error_text());
        }
        Ok(checked)
    }

    /// Removes what a client left in the target folder.
    pub(crate) fn clean(&self) -> Result<(), Failure> {
        for path in self.entries().into_iter().filter(|path| !self.dependencies.contains(path)) {
            let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
            removed.map_err(|source| failed(&path, source))?;
        }
        Ok(())
    }

    /// What is in the target folder, of each package.
    fn entries(&self) -> Vec<PathBuf> {
        let profile = self.target.join("debug");
        let folders = KEPT_FOLDERS.iter().map(|name| profile.join(name)).chain([self.target.join("doc")]);
        let entries = folders.flat_map(fs::read_dir).flatten().flatten();
        entries.map(|entry| entry.path()).collect()
    }
}

/// Copies what was built, with its times, by which cargo knows what is fresh.
fn copy(built: &Path, target: &Path) -> Result<(), Failure> {
    if target.join("debug").is_dir() {
        return Ok(());
    }
    let copied = measure::run(Command::new("cp").arg("-a").arg(built.join(".")).arg(target))?;
    match copied.status.success() {
        true => Ok(()),
        false => Err(failed(target, io::Error::other(copied.error_text())).into()),
    }
}

fn failed(path: &Path, source: io::Error) -> CheckError {
    CheckError::Folder { path: path.to_path_buf(), source }
}

/// What is reported in cargo's messages, which are JSON, one a line.
fn said(output: &[u8]) -> Checked {
    let mut checked = Checked::default();
    let (mut errors, mut warnings) = (Vec::new(), Vec::new());
    let lines = output.split(|byte| *byte == b'\n');
    for message in lines.filter_map(|line| serde_json::from_slice::<Value>(line).ok()) {
        let Some(diagnostic) = message.get("message").filter(|diagnostic| diagnostic.is_object()) else {
            continue;
        };
        let text = |key| diagnostic.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let is_summary = diagnostic.get("spans").and_then(Value::as_array).is_none_or(Vec::is_empty)
            && (text("message").starts_with("aborting due to") || text("message").contains(" emitted"));
        if is_summary {
            continue;
        }
        // Targets that share a file report the same of it.
        let kept = match text("level").as_str() {
            "warning" => &mut warnings,
            "error" | "error: internal compiler error" => &mut errors,
            _ => continue,
        };
        let rendered = text("rendered");
        if !kept.contains(&rendered) {
            kept.push(rendered);
        }
    }
    (checked.errors, checked.warnings) = (errors.len(), warnings.len());
    checked.reported = errors.into_iter().chain(warnings).take(MAX_KEPT).collect();
    checked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_and_warnings_are_told_apart_and_counted_once() {
        let message = |level: &str, message: &str, spans: &str| {
            format!(
                r#"{{"reason":"compiler-message","message":{{"level":"{level}","message":"{message}","spans":{spans},"rendered":"{level}: {message}"}}}}"#
            )
        };
        let lines = [
            r#"{"reason":"compiler-artifact"}"#.to_owned(),
            message("warning", "unused", "[{}]"),
            message("warning", "unused", "[{}]"),
            message("error", "no such thing", "[{}]"),
            message("error", "aborting due to 1 previous error; 1 warning emitted", "[]"),
            message("failure-note", "more information", "[]"),
            r#"{"reason":"build-finished","success":false}"#.to_owned(),
        ];
        let checked = said(lines.join("\n").as_bytes());
        assert_eq!((checked.errors, checked.warnings), (1, 1));
        assert_eq!(checked.reported, ["error: no such thing", "warning: unused"]);
    }
}
