//! Where an output folder lies: below whose workspace, and which way it is to the runtime.

use std::path::{Component, Path, PathBuf};
use std::{fs, io};

use glob::{MatchOptions, Pattern};
use toml::{Table, Value};

use super::WriteError;
use crate::render::RuntimeDependency;

/// The package that each client depends on.
const RUNTIME: &str = "clientsmith-runtime";

/// The workspace that Cargo would take an output folder to be part of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Workspace {
    /// There is none above the folder.
    None,
    /// The folder is a member of the workspace with this manifest: listed, or a dependency of a member.
    Member(PathBuf),
    /// The workspace with this manifest knows nothing of the folder: Cargo would refuse to build there, unless the
    /// package states a workspace of its own.
    Foreign(PathBuf),
}

/// Finds the workspace above `out`, by Cargo's rules.
///
/// # Errors
///
/// A Cargo.toml on the way cannot be read or is broken.
pub fn workspace_of(out: &Path) -> Result<Workspace, WriteError> {
    let out = absolute(out)?;
    for folder in out.ancestors().skip(1) {
        let Some(manifest) = read_manifest(folder)? else { continue };
        let Some(workspace) = manifest.get("workspace").and_then(Value::as_table) else { continue };
        let path = folder.join("Cargo.toml");
        let members = paths(workspace, "members");
        let below = out.strip_prefix(folder).unwrap_or(&out);
        if members.iter().any(|member| matches(member, below)) {
            return Ok(Workspace::Member(path));
        }
        if paths(workspace, "exclude")
            .iter()
            .any(|excluded| below.starts_with(normalise(Path::new(excluded))))
        {
            continue;
        }
        let dependent = depends_on(&manifest, folder, &out) || member_depends_on(folder, &members, &out)?;
        return Ok(if dependent { Workspace::Member(path) } else { Workspace::Foreign(path) });
    }
    Ok(Workspace::None)
}

/// What the Cargo.toml in `out` depends on: the runtime in the folder `given`; without it, the runtime of the checkout
/// of clientsmith that `out` or the current folder lies in; without such, the version of this generator.
///
/// # Errors
///
/// `NoRuntime` if `given` is not the folder of the runtime; a Cargo.toml that cannot be read or is broken.
pub fn runtime_dependency(out: &Path, given: Option<&Path>) -> Result<RuntimeDependency, WriteError> {
    let current = std::env::current_dir()
        .map_err(|source| WriteError::Unreadable { path: PathBuf::from("."), source })?;
    runtime_dependency_from(&current, out, given)
}

pub(super) fn runtime_dependency_from(
    current: &Path,
    out: &Path,
    given: Option<&Path>,
) -> Result<RuntimeDependency, WriteError> {
    let out = absolute(out)?;
    if let Some(given) = given {
        if !is_runtime(given)? {
            return Err(WriteError::NoRuntime { path: given.to_path_buf() });
        }
        let path = if given.is_absolute() { text(given)? } else { relative(&out, &absolute(given)?)? };
        return Ok(RuntimeDependency::Path(path));
    }
    let current = absolute(current)?;
    for folder in out.ancestors().skip(1).chain(current.ancestors()) {
        let runtime = folder.join("runtime");
        if is_runtime(&runtime)? {
            return relative(&out, &runtime).map(RuntimeDependency::Path);
        }
    }
    Ok(RuntimeDependency::Version(env!("CARGO_PKG_VERSION").to_owned()))
}

fn is_runtime(folder: &Path) -> Result<bool, WriteError> {
    let manifest = read_manifest(folder)?;
    let package = manifest.as_ref().and_then(|manifest| manifest.get("package"));
    Ok(package.and_then(|package| package.get("name")).and_then(Value::as_str) == Some(RUNTIME))
}

/// The Cargo.toml of a folder, if there is one.
fn read_manifest(folder: &Path) -> Result<Option<Table>, WriteError> {
    let path = folder.join("Cargo.toml");
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(source) => return Err(WriteError::Unreadable { path, source }),
    };
    match text.parse() {
        Ok(manifest) => Ok(Some(manifest)),
        Err(error) => {
            Err(WriteError::BrokenManifest { path, reason: toml::de::Error::message(&error).to_owned() })
        }
    }
}

/// A list of paths in the `[workspace]` table.
fn paths<'a>(workspace: &'a Table, key: &str) -> Vec<&'a str> {
    let list = workspace.get(key).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Whether a pattern of `members` takes in the folder.
fn matches(member: &str, below: &Path) -> bool {
    let options = MatchOptions { require_literal_separator: true, ..MatchOptions::new() };
    let member = normalise(Path::new(member));
    let pattern = member.to_str().and_then(|member| Pattern::new(member).ok());
    member == below || pattern.is_some_and(|pattern| pattern.matches_path_with(below, options))
}

/// Whether a member of the workspace depends on the folder: that makes the folder a member too.
fn member_depends_on(root: &Path, members: &[&str], out: &Path) -> Result<bool, WriteError> {
    for member in members {
        let escaped = Pattern::escape(&text(root)?);
        for folder in glob::glob(&format!("{escaped}/{member}")).into_iter().flatten().flatten() {
            if let Some(manifest) = read_manifest(&folder)?
                && depends_on(&manifest, &folder, out)
            {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Whether a manifest has a dependency with the path of the folder.
fn depends_on(manifest: &Table, folder: &Path, out: &Path) -> bool {
    const TABLES: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];
    let targets = manifest.get("target").and_then(Value::as_table).into_iter().flat_map(Table::values);
    let workspace = manifest.get("workspace").and_then(Value::as_table);
    let holders = targets.filter_map(Value::as_table).chain(workspace).chain([manifest]);
    holders
        .flat_map(|holder| TABLES.iter().filter_map(|table| holder.get(*table)?.as_table()))
        .flat_map(Table::values)
        .filter_map(|dependency| dependency.get("path")?.as_str())
        .any(|path| absolute(&folder.join(path)).is_ok_and(|path| path == out))
}

/// The absolute path without links, `.` and `..`; the last parts of it need not exist.
fn absolute(path: &Path) -> Result<PathBuf, WriteError> {
    let unreadable = |source| WriteError::Unreadable { path: path.to_path_buf(), source };
    let full = std::path::absolute(path).map_err(unreadable)?;
    let existing = full.ancestors().find_map(|folder| Some((folder, folder.canonicalize().ok()?)));
    let Some((folder, canonical)) = existing else { return Ok(normalise(&full)) };
    let rest = full.strip_prefix(folder).unwrap_or(Path::new(""));
    Ok(normalise(&if rest.as_os_str().is_empty() { canonical } else { canonical.join(rest) }))
}

/// The path without `.`, and without `..` where the part before it is known.
fn normalise(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if matches!(normal.components().next_back(), Some(Component::Normal(_))) => {
                normal.pop();
            }
            other => normal.push(other),
        }
    }
    normal
}

/// The way from one folder to another, with `/`; both are absolute. Between two drives there is none but the absolute.
fn relative(from: &Path, to: &Path) -> Result<String, WriteError> {
    let common = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    if common == 0 {
        return text(to);
    }
    let up = from.components().skip(common).map(|_| Component::ParentDir);
    let way: PathBuf = up.chain(to.components().skip(common)).collect();
    text(&way)
}

/// A path as text, with `/`.
fn text(path: &Path) -> Result<String, WriteError> {
    match path.to_str() {
        Some(path) => Ok(path.replace(std::path::MAIN_SEPARATOR, "/")),
        None => Err(WriteError::InvalidPath(path.display().to_string())),
    }
}
