//! The fixtures, and the stages up to formatted text.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use clientsmith_generator::diagnostics::Diagnostics;
use clientsmith_generator::render::{PackageOptions, RuntimeDependency, render};
use clientsmith_generator::write::{self, FormatError, OutputFile};
use clientsmith_generator::{Understood, understand};

/// The folder of the fixtures, relative to the package, so that findings look the same on every machine.
pub(crate) const FIXTURES: &str = "tests/fixtures";

/// The names of all fixtures, sorted.
pub(crate) fn fixtures() -> Vec<String> {
    let entries = fs::read_dir(FIXTURES).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    names
}

pub(crate) fn path_of(fixture: &str) -> PathBuf {
    Path::new(FIXTURES).join(format!("{fixture}.yaml"))
}

/// A description without errors, and what was found in it.
pub(crate) fn understood(spec: &Path) -> (Understood, Diagnostics) {
    let mut diagnostics = Diagnostics::new();
    match understand(spec, &mut diagnostics) {
        Some(understood) => (understood, diagnostics),
        None => panic!("{}", diagnostics.render(false)),
    }
}

/// The text of all files of a client.
///
/// # Errors
///
/// The renderer made something that is no Rust.
pub(crate) fn formatted(understood: &Understood, name: &str) -> Result<Vec<OutputFile>, FormatError> {
    let options = PackageOptions {
        name: name.to_owned(),
        runtime: RuntimeDependency::Path("../runtime".to_owned()),
        is_own_workspace: false,
        license: None,
    };
    write::format(render(&understood.api, &understood.names, &options))
}

/// Some files of a fixture one after the other, and what was found in it.
pub(crate) fn shown(fixture: &str, paths: &[&str]) -> String {
    let (understood, diagnostics) = understood(&path_of(fixture));
    let files = formatted(&understood, fixture).unwrap();
    let mut shown = String::new();
    for path in paths {
        let Some(file) = files.iter().find(|file| file.path == *path) else {
            let there: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
            panic!("there is no {path}, but {there:?}");
        };
        writeln!(shown, "==> {path}\n\n{}", file.text).unwrap();
    }
    if !diagnostics.is_empty() {
        writeln!(shown, "==> findings\n\n{}", diagnostics.render(false)).unwrap();
    }
    shown
}
