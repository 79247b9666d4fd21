//! Everything that is generated compiles without a warning of the compiler, of clippy and of rustdoc, passes its own tests,
//! and sends what it should.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

use clientsmith_generator::{Generator, Selection};

const ROOT: &str = "..";

/// The client that is generated with a command: its fixture has every kind of argument.
const WITH_COMMAND: &str = "fixture-command";

/// The description of which a part is generated too, and the package with it.
const WITH_PART: (&str, &str) = ("fixture-selection", "fixture-selection-part");

/// The package with the calls that are made, from the folder of that name.
const CALLS: &str = "calls";

/// The clients whose calls are made.
const CALLED: [&str; 10] = [
    "fixture-any-json",
    "fixture-callbacks",
    "fixture-links",
    "fixture-paging",
    "fixture-parameter-styles",
    "fixture-path-keys",
    "fixture-retries",
    "fixture-security",
    "fixture-servers",
    "fixture-streams",
];

/// One workspace with a client of each fixture and the client of ModelArts, checked by one run of each tool.
#[test]
fn generated_clients_compile_without_a_warning_and_pass_their_tests() {
    let workspace = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compile");
    let clients = clients();
    prepare(&workspace, &clients);
    prepare_calls(&workspace.join(CALLS));
    for (name, spec) in &clients {
        let runtime = fs::canonicalize("../runtime").unwrap();
        let generator = Generator::new(spec).name(name).runtime(runtime).command(name == WITH_COMMAND);
        generate(&generator, &workspace.join(name));
        if name == WITH_PART.0 {
            let jobs = Selection { tags: vec!["Jobs".to_owned()], ..Selection::default() };
            generate(&generator.name(WITH_PART.1).only(jobs), &workspace.join(WITH_PART.1));
        }
    }
    let clippy = ["clippy", "--workspace", "--all-targets", "--keep-going", "--", "-D", "warnings"];
    run(&workspace, &clippy, "RUSTFLAGS", "");
    run(&workspace, &["doc", "--workspace", "--no-deps"], "RUSTDOCFLAGS", "-D warnings");
    // Targets without tests would only be linked to run nothing.
    run(&workspace, &["test", "--workspace", "--test", "examples"], "RUSTFLAGS", "");
    run(&workspace, &["test", "--package", CALLS, "--lib"], "RUSTFLAGS", "");
    run(&workspace, &["test", "--package", "fixture-docs", "--doc"], "RUSTFLAGS", "");
}

fn generate(generator: &Generator, folder: &Path) {
    let generation = generator.generate(folder);
    assert!(generation.outcome.is_some(), "{}", generation.diagnostics.render(false));
}

/// The name of each package and its description.
fn clients() -> Vec<(String, PathBuf)> {
    let mut clients: Vec<(String, PathBuf)> = fs::read_dir("tests/fixtures")
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .map(|path| {
            (format!("fixture-{}", path.file_stem().unwrap().to_str().unwrap().replace('_', "-")), path)
        })
        .collect();
    clients.push(("huaweicloud-modelarts".to_owned(), Path::new(ROOT).join("spec/modelarts/openapi.yaml")));
    clients.sort();
    clients
}

/// Writes the workspace around the clients, and removes packages of fixtures that are gone.
fn prepare(workspace: &Path, clients: &[(String, PathBuf)]) {
    fs::create_dir_all(workspace).unwrap();
    let command = format!("{WITH_COMMAND}-cli");
    let members: Vec<&str> =
        clients.iter().map(|(name, _)| name.as_str()).chain([command.as_str(), WITH_PART.1, CALLS]).collect();
    for entry in fs::read_dir(workspace).unwrap() {
        let path = entry.unwrap().path();
        let is_gone = path.join("Cargo.toml").exists() && !members.iter().any(|name| path.ends_with(name));
        if is_gone {
            fs::remove_dir_all(path).unwrap();
        }
    }
    // Debug information would cost more than all else.
    let manifest = format!(
        "[workspace]\nresolver = \"3\"\nmembers = {members:?}\n\n[profile.dev]\ndebug = false\nincremental = false\n"
    );
    fs::write(workspace.join("Cargo.toml"), manifest).unwrap();
    // The versions of this workspace are those that are there without a network.
    fs::copy(Path::new(ROOT).join("Cargo.lock"), workspace.join("Cargo.lock")).unwrap();
}

/// Writes the package with the calls.
fn prepare_calls(package: &Path) {
    fs::create_dir_all(package.join("src")).unwrap();
    for entry in fs::read_dir(Path::new("tests").join(CALLS)).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), package.join("src").join(entry.file_name())).unwrap();
    }
    let mut manifest = format!(
        "[package]\nname = \"{CALLS}\"\nedition = \"2024\"\n\n[dev-dependencies]\ntokio = {{ version = \"1\", features = [\"macros\", \"rt\"] }}\n"
    );
    for client in CALLED {
        manifest.push_str(&format!("{client} = {{ path = \"../{client}\" }}\n"));
    }
    fs::write(package.join("Cargo.toml"), manifest).unwrap();
}

/// Runs cargo without a network, or else with one.
fn run(workspace: &Path, arguments: &[&str], flags: &str, value: &str) {
    let (command, rest) = arguments.split_first().unwrap();
    let cargo = |network: &[&str]| -> Output {
        Command::new(env::var_os("CARGO").unwrap_or("cargo".into()))
            .arg(command)
            .args(network)
            .args(rest)
            .current_dir(workspace)
            .env("CARGO_TARGET_DIR", workspace.join("target"))
            .env(flags, value)
            .output()
            .unwrap()
    };
    let mut output = cargo(&["--offline"]);
    if !output.status.success() && String::from_utf8_lossy(&output.stderr).contains("--offline") {
        output = cargo(&[]);
    }
    if !output.status.success() {
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        panic!("cargo {}:\n{out}\n{err}", arguments.join(" "));
    }
}
