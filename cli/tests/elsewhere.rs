//! Clients that are generated outside of this checkout build there, and their examples and commands run, against the
//! simulator.
//!
//! All are built in one target folder, one after the other, with the versions of this checkout's `Cargo.lock`: what they
//! depend on is compiled once, and nothing is looked up in a registry. It is the target folder of
//! `generator/tests/compile.rs`, and the settings of the profile are the same, so that they share what is compiled.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Mutex, MutexGuard, PoisonError};

use modelarts_simulator::{Simulator, credentials, seed};
use serde_json::Value;
use tempfile::TempDir;

/// Held while something is built and run: the packages have files of the same names in the target folder.
static TARGET: Mutex<()> = Mutex::new(());

const NAME: &str = "huaweicloud-modelarts";

/// A folder outside of the checkout, with a client in it.
struct Elsewhere {
    folder: TempDir,
    _target: MutexGuard<'static, ()>,
}

impl Elsewhere {
    /// Generates the ModelArts client into `client`, after `prepare` has had the empty folder.
    fn generate(options: &[&str], prepare: impl FnOnce(&Path)) -> Self {
        let target = TARGET.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = tempfile::tempdir().unwrap();
        prepare(folder.path());
        let mut command = Command::new(env!("CARGO_BIN_EXE_clientsmith"));
        command
            .current_dir(folder.path())
            .arg("generate")
            .arg(checkout().join("spec/modelarts/openapi.yaml"));
        command.args(["--out", "client", "--name", NAME, "--runtime"]).arg(checkout().join("runtime"));
        succeed(command.args(options));
        Self { folder, _target: target }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Builds the package in a folder.
    fn build(&self, package: &str, options: &[&str]) {
        let package = self.path(package);
        fs::copy(checkout().join("Cargo.lock"), package.join("Cargo.lock")).unwrap();
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.current_dir(package).env("CARGO_TARGET_DIR", target_folder()).env("RUSTFLAGS", "");
        cargo.env("CARGO_PROFILE_DEV_DEBUG", "false").env("CARGO_INCREMENTAL", "0");
        succeed(cargo.arg("build").args(options));
    }

    /// Runs a program that was built, with the simulator as the service and no other settings than these.
    fn run(&self, program: &str, arguments: &[&str], simulator: &Simulator) -> String {
        let program =
            target_folder().join("debug").join(program).with_extension(std::env::consts::EXE_EXTENSION);
        let mut command = Command::new(program);
        command.args(arguments).current_dir(self.folder.path());
        command.env_clear().envs(std::env::vars_os().filter(|(name, _)| name == OsStr::new("SystemRoot")));
        command.env("HUAWEICLOUD_MODELARTS_ENDPOINT", simulator.endpoint());
        command.env("HUAWEICLOUD_MODELARTS_PROJECT_ID", credentials::PROJECT_ID);
        command.env("HUAWEICLOUD_SDK_AK", credentials::ACCESS_KEY);
        command.env("HUAWEICLOUD_SDK_SK", credentials::SECRET_KEY);
        succeed(&mut command)
    }
}

fn checkout() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn target_folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("compile/target")
}

/// What a command prints. Panics with all of it when the command fails.
fn succeed(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let (stdout, stderr) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    assert!(status.success(), "{command:?}: {status}\n{stdout}\n{stderr}");
    stdout.into_owned()
}

/// The values of a property of the entries of a list, the JSON text of which begins at the first `{`.
fn each(text: &str, list: &str, property: &str) -> Vec<Value> {
    let answer: Value = serde_json::from_str(text.get(text.find('{').unwrap()..).unwrap()).unwrap();
    let entries = answer.get(list).unwrap().as_array().unwrap();
    entries.iter().map(|entry| entry.get(property).unwrap().clone()).collect()
}

/// The example lists the first page of the data sets, by one signed request.
fn assert_example_lists_datasets(client: &Elsewhere, simulator: &Simulator) {
    let printed = client.run("examples/first_call", &[], simulator);
    assert!(printed.starts_with("status 200"), "{printed}");
    let datasets = each(&printed, "datasets", "dataset_id");
    assert!(datasets.contains(&seed::DATASET.into()), "{printed}");
    assert_eq!(simulator.requests().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_client_in_an_empty_folder_builds_and_its_example_runs() {
    let simulator = Simulator::start().await.unwrap();
    let client = Elsewhere::generate(&[], |_| ());
    client.build("client", &["--examples"]);
    assert_example_lists_datasets(&client, &simulator);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_client_inside_of_another_workspace_builds_and_its_example_runs() {
    let simulator = Simulator::start().await.unwrap();
    let client = Elsewhere::generate(&[], |folder| {
        fs::create_dir_all(folder.join("member/src")).unwrap();
        fs::write(folder.join("Cargo.toml"), "[workspace]\nmembers = [\"member\"]\nresolver = \"3\"\n")
            .unwrap();
        fs::write(folder.join("member/Cargo.toml"), "[package]\nname = \"member\"\nedition = \"2024\"\n")
            .unwrap();
        fs::write(folder.join("member/src/lib.rs"), "").unwrap();
    });
    client.build("client", &["--examples"]);
    assert_example_lists_datasets(&client, &simulator);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_command_beside_the_client_builds_and_calls_the_service() {
    let simulator = Simulator::start().await.unwrap();
    let client = Elsewhere::generate(&["--command"], |_| ());
    client.build("client-cli", &[]);
    let arguments = ["training-jobs", "list", "--per-page", "40", "--output", "json"];
    let printed = client.run("huaweicloud-modelarts-cli", &arguments, &simulator);
    let jobs = each(&printed, "jobs", "job_id");
    for job in [seed::JOB_DELETES, seed::JOB_SECOND_PAGE, seed::JOB_THIRD_PAGE] {
        assert!(jobs.contains(&job.into()), "no job {job}: {printed}");
    }
    assert_eq!(simulator.requests().len(), 1);
}
