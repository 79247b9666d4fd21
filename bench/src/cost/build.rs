//! `bench cost build`: a clean build of the runtime with its default features, against one of reqwest alone.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

use clap::Args;

use super::CostError;
use super::statistics::Spread;
use crate::measure;
use crate::report::table;
use crate::{Failure, Verdict};

/// How many processor seconds the runtime may take, as a part of what reqwest alone takes.
const LIMIT: f64 = 1.15;

/// The features of reqwest that the runtime turns on.
const REQWEST: &str = r#"reqwest = { version = "0.13", default-features = false, features = ["http2", "rustls", "system-proxy"] }"#;

/// Measures a clean build of the runtime with its default features, against one of reqwest alone.
///
/// The exit status is 1 when the runtime takes more than 1.15 of the processor time.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// How often each of the two is built, in turn
    #[arg(long, default_value_t = 3)]
    rounds: u32,

    /// Builds with optimisation
    #[arg(long)]
    release: bool,

    /// The folder that is worked in
    #[arg(long, default_value = "target/bench/cost")]
    folder: PathBuf,
}

/// Runs the measurement.
pub(crate) fn run(options: &Options) -> Result<Verdict, Failure> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    let runtime = format!("clientsmith-runtime = {{ path = {:?} }}", root.join("runtime"));
    let sides = [("reqwest-alone", REQWEST), ("runtime-alone", runtime.as_str())];
    let mut packages = Vec::new();
    for (name, dependency) in sides {
        packages.push(package(&options.folder, root, name, dependency)?);
    }
    let mut seconds = vec![Vec::new(); packages.len()];
    for round in 0..options.rounds {
        for (package, seconds) in packages.iter().zip(&mut seconds) {
            eprintln!("{}, round {} of {}", package.display(), round + 1, options.rounds);
            seconds.push(build(package, options.release)?);
        }
    }
    let spreads: Vec<Spread> =
        seconds.iter().filter_map(|seconds| Spread::of(seconds.iter().copied())).collect();
    let [alone, with_runtime] = spreads.as_slice() else { return Ok(Verdict::Holds) };
    let ratio = with_runtime.median / alone.median;
    let row = |name: &str, spread: &Spread, ratio: String| {
        let range = format!("{:.1}–{:.1}", spread.lower, spread.upper);
        vec![name.to_owned(), format!("{:.1}", spread.median), range, ratio]
    };
    let rows =
        [row("reqwest alone", alone, String::new()), row("the runtime", with_runtime, format!("{ratio:.3}"))];
    println!("{}", table(&["what is built", "CPU seconds", "half of the rounds", "ratio"], &[1, 2, 3], rows));
    Ok(if ratio > LIMIT { Verdict::FallsShort } else { Verdict::Holds })
}

/// Writes a package with one dependency and nothing in it.
fn package(folder: &Path, root: &Path, name: &str, dependency: &str) -> Result<PathBuf, Failure> {
    let package = env::current_dir().unwrap_or_default().join(folder).join(name);
    let failed = |source: io::Error| CostError::Folder { path: package.clone(), source };
    fs::create_dir_all(package.join("src")).map_err(failed)?;
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n{dependency}\n\n[workspace]\n"
    );
    fs::write(package.join("Cargo.toml"), manifest).map_err(failed)?;
    fs::write(package.join("src/lib.rs"), "").map_err(failed)?;
    // The same versions for both.
    fs::copy(root.join("Cargo.lock"), package.join("Cargo.lock")).map_err(failed)?;
    Ok(package)
}

/// Builds a package from nothing, and says how many processor seconds that took.
fn build(package: &Path, release: bool) -> Result<f64, Failure> {
    let target = package.join("target");
    match fs::remove_dir_all(&target) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => {
            return Err(CostError::Folder { path: target, source }.into());
        }
        _ => {}
    }
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["build", "--offline", "--quiet"]).current_dir(package);
    command.env("CARGO_TARGET_DIR", &target);
    if release {
        command.arg("--release");
    }
    let ended = measure::run(&mut command)?;
    if !ended.status.success() {
        return Err(CostError::Cargo(ended.error_text()).into());
    }
    fs::remove_dir_all(&target).map_err(|source| CostError::Folder { path: target, source })?;
    Ok(ended.cost.cpu_seconds)
}
