//! A program per document, which decodes and encodes examples with the generated types.
//!
//! It is made of the types alone: what calls operations would cost most of the compiler's time and decodes nothing of
//! its own. All documents share one package and one target folder, so that only the program itself is built anew.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

use clientsmith_generator::Understood;
use clientsmith_generator::ir::Type;
use clientsmith_generator::render;

use crate::Failure;
use crate::measure::{self, Cost};
use crate::report::FileError;

/// What decodes and encodes, whatever the type: a line of the input is the index of a type and a JSON text; a line of the
/// output is what was written, or the error.
const PROGRAM: &str = r#"
#![allow(warnings)]
#![recursion_limit = "512"]
use clientsmith_runtime::{serde, serde_json};
type RoundTrip = fn(&str) -> Result<(String, bool), serde_json::Error>;
fn round_trip<T: serde::de::DeserializeOwned + serde::Serialize>(json: &str) -> Result<(String, bool), serde_json::Error> {
    Ok((serde_json::to_string(&serde_json::from_str::<T>(json)?)?, false))
}
fn round_trip_and_look<T: serde::de::DeserializeOwned + serde::Serialize + std::fmt::Debug>(
    json: &str,
) -> Result<(String, bool), serde_json::Error> {
    let value = serde_json::from_str::<T>(json)?;
    // A variant of an enum is `Unrecognized(UnrecognizedText(..))`, that of a union holds the JSON text.
    let shown = format!("{value:?}").replace("Unrecognized(Unrecognized", "");
    Ok((serde_json::to_string(&value)?, shown.contains("Unrecognized(")))
}
fn main() {
    let input = std::fs::read_to_string(std::env::args().nth(1).unwrap()).unwrap();
    for line in input.lines() {
        let (index, json) = line.split_once(' ').unwrap();
        match ROUND_TRIPS[index.parse::<usize>().unwrap()](json) {
            Ok((written, is_unrecognized)) => println!("{}{written}", if is_unrecognized { '?' } else { '+' }),
            Err(error) => println!("-{}", error.to_string().replace('\n', " ")),
        }
    }
}
"#;

/// The package that programs are built in.
#[derive(Debug)]
pub(super) struct Harness {
    folder: PathBuf,
}

/// What came of running all examples of a document.
pub(super) enum Ran {
    /// What came of each example.
    Ended(Vec<RoundTrip>, Cost),
    /// The program could not be built, or did not come to its end.
    Failed(String),
}

/// What came of an example.
pub(super) struct RoundTrip {
    /// What was written, or why it was refused.
    pub(super) written: Result<String, String>,
    /// Whether some part of it is none of the members of its union, and is kept as it came.
    pub(super) is_unrecognized: bool,
}

impl Harness {
    /// Makes the package ready in that folder.
    pub(super) fn prepare(folder: &Path, root: &Path) -> Result<Self, Failure> {
        let runtime = root.join("runtime");
        let runtime = serde_json::Value::from(runtime.to_string_lossy());
        let manifest = format!(
            "[package]\nname = \"round-trips\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
             [profile.dev]\ndebug = false\nincremental = false\n\n\
             [dependencies]\nclientsmith-runtime = {{ path = {runtime}, default-features = false }}\n"
        );
        write(&folder.join("Cargo.toml"), &manifest)?;
        let lockfile = folder.join("Cargo.lock");
        // The versions of the workspace are those that are there without a network.
        fs::copy(root.join("Cargo.lock"), &lockfile)
            .map_err(|source| FileError::Unwritable { path: lockfile, source })?;
        Ok(Self { folder: folder.to_path_buf() })
    }

    /// Decodes and encodes each of the examples, which are JSON texts of one line, as its type. On demand it also tells
    /// which have parts that no member of a union took; that the compiler has to do much more for.
    pub(super) fn run(
        &self,
        client: &Understood,
        examples: &[(Type, &str)],
        look: bool,
    ) -> Result<Ran, Failure> {
        let mut types: Vec<Type> = Vec::new();
        let mut input = String::new();
        for (ty, json) in examples {
            let index = types.iter().position(|known| known == ty).unwrap_or_else(|| {
                types.push(ty.clone());
                types.len() - 1
            });
            input.push_str(&format!("{index} {json}\n"));
        }
        let (modules, paths) = render::only_types(&client.api, &client.names, &types);
        let function = if look { "round_trip_and_look" } else { "round_trip" };
        let functions: Vec<String> = paths.iter().map(|path| format!("{function}::<{path}>")).collect();
        let table = format!("static ROUND_TRIPS: &[RoundTrip] = &[{}];\n", functions.join(", "));
        write(&self.folder.join("src/main.rs"), &format!("{PROGRAM}{table}{modules}\n"))?;
        let input_file = self.folder.join("examples.txt");
        write(&input_file, &input)?;

        let mut build = Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
        build.args(["build", "--quiet"]).current_dir(&self.folder);
        build.env("CARGO_TARGET_DIR", self.folder.join("target"));
        build.env_remove("RUSTFLAGS").env_remove("CARGO_INCREMENTAL");
        let built = measure::run(&mut build)?;
        if !built.status.success() {
            return Ok(Ran::Failed(built.error_text()));
        }
        let ran = measure::run(Command::new(self.folder.join("target/debug/round-trips")).arg(&input_file))?;
        if !ran.status.success() {
            return Ok(Ran::Failed(format!("{}: {}", ran.status, ran.error_text())));
        }
        let output = String::from_utf8_lossy(&ran.output);
        let results = output.lines().map(|line| {
            let written = match line.strip_prefix(['+', '?']) {
                Some(written) => Ok(written.to_owned()),
                None => Err(line.trim_start_matches('-').to_owned()),
            };
            RoundTrip { written, is_unrecognized: line.starts_with('?') }
        });
        let results: Vec<RoundTrip> = results.collect();
        if results.len() != examples.len() {
            return Ok(Ran::Failed(format!("{} results for {} examples", results.len(), examples.len())));
        }
        Ok(Ran::Ended(results, built.cost))
    }
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let unwritable = |source: io::Error| FileError::Unwritable { path: path.to_path_buf(), source };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(unwritable)?;
    }
    Ok(fs::write(path, text).map_err(unwritable)?)
}
