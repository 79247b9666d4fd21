//! Replaces the files of output folders so that a run that is killed leaves nothing half-written.
//!
//! First every new text goes into a folder of its own beside the files. Then a journal appears, by one rename: it says
//! which text goes where and what is removed. From here on everything can be done again: a run that finds a journal
//! finishes it before it does anything else. Texts without a journal are what a killed run left, and are removed.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use serde_json::{Map, Value};

use super::compare::compare;
use super::disk::{self, Disk, Found};
use super::manifest::{self, Manifest};
use super::{Changes, ForeignKind, Package, WriteError};

/// The journal, in the output folder.
pub(super) const JOURNAL: &str = ".clientsmith.journal";
/// The new manifest, before it takes the place of the old one.
pub(super) const STAGED_MANIFEST: &str = ".clientsmith.new/manifest";
/// The folder of the new texts.
const STAGING: &str = ".clientsmith.new";
/// The journal, before it counts.
const STAGED_JOURNAL: &str = ".clientsmith.new/journal";

/// Writes packages: all of them, or none if one of them cannot be.
///
/// # Errors
///
/// As [`compare`], and `Unwritable`. After an error before the first file was replaced nothing is changed; after one
/// later, the next run finishes what this one began.
pub fn apply(packages: &[Package<'_>]) -> Result<Vec<Changes>, WriteError> {
    apply_with(packages, &mut Disk::new(&mut |_| Ok(())))
}

pub(super) fn apply_with(packages: &[Package<'_>], disk: &mut Disk<'_>) -> Result<Vec<Changes>, WriteError> {
    for package in packages {
        recover(package.out, disk)?;
    }
    let all_changes = packages.iter().map(|package| compare(*package)).collect::<Result<Vec<_>, _>>()?;
    for (package, changes) in packages.iter().zip(&all_changes) {
        let is_new = !disk::folder_exists(package.out)?;
        if let Err(error) = stage(*package, changes, disk) {
            // The first error is the one to tell; what cannot be removed now is removed by the next run.
            for package in packages {
                let _ = remove_staging(package.out, disk);
            }
            if is_new {
                let _ = disk.remove_empty_folder(package.out);
            }
            return Err(error);
        }
    }
    for (package, changes) in packages.iter().zip(&all_changes) {
        if !changes.is_empty() {
            disk.rename(&disk::below(package.out, STAGED_JOURNAL), &disk::below(package.out, JOURNAL))?;
            recover(package.out, disk)?;
        }
    }
    Ok(all_changes)
}

/// Which of the staged texts goes where, and what is removed.
#[derive(Debug, Default)]
struct Journal {
    /// The file in the staging folder for each path.
    written: BTreeMap<String, String>,
    /// The fingerprint of each file to remove: if it has another text now, it is somebody else's and stays.
    removed: BTreeMap<String, String>,
}

impl Journal {
    fn text(&self) -> String {
        let object = |entries: &BTreeMap<String, String>| {
            Value::Object(
                entries.iter().map(|(path, value)| (path.clone(), Value::from(value.as_str()))).collect(),
            )
        };
        let mut journal = Map::new();
        journal.insert("written".to_owned(), object(&self.written));
        journal.insert("removed".to_owned(), object(&self.removed));
        Value::Object(journal).to_string()
    }

    fn read(out: &Path) -> Result<Option<Self>, WriteError> {
        let content = match disk::look(out, JOURNAL)? {
            Found::Nothing => return Ok(None),
            Found::Foreign(foreign) => return Err(WriteError::Foreign(vec![foreign])),
            Found::File(content) => content,
        };
        let broken = |reason: String| WriteError::BrokenManifest { path: out.join(JOURNAL), reason };
        let value: Value = serde_json::from_slice(&content).map_err(|error| broken(error.to_string()))?;
        let entries = |key: &str| {
            let object = value.get(key).and_then(Value::as_object)?;
            let entry = |(path, value): (&String, &Value)| {
                let is_ours = path == manifest::FILE || manifest::is_valid(path);
                Some((path.clone(), value.as_str().filter(|_| is_ours)?.to_owned()))
            };
            object.iter().map(entry).collect::<Option<BTreeMap<_, _>>>()
        };
        match (entries("written"), entries("removed")) {
            (Some(written), Some(removed)) if written.values().all(|name| is_staged_name(name)) => {
                Ok(Some(Self { written, removed }))
            }
            _ => Err(broken("its entries are not those of a journal".to_owned())),
        }
    }
}

/// Puts the new texts, the manifest and the journal into the staging folder.
fn stage(package: Package<'_>, changes: &Changes, disk: &mut Disk<'_>) -> Result<(), WriteError> {
    if changes.is_empty() {
        return Ok(());
    }
    let manifest = Manifest::of(package.files)?;
    let staging = package.out.join(STAGING);
    disk.create_folder(&staging)?;
    let mut journal = Journal::default();
    let written = |path: &str| changes.added.iter().chain(&changes.changed).any(|written| written == path);
    for (number, file) in package.files.iter().filter(|file| written(&file.path)).enumerate() {
        disk.write(&staging.join(number.to_string()), &file.text)?;
        journal.written.insert(file.path.clone(), number.to_string());
    }
    let old = Manifest::read(package.out, manifest::FILE)?;
    for path in &changes.removed {
        if let Some(text) = old.files.get(path) {
            journal.removed.insert(path.clone(), text.clone());
        }
    }
    disk.write(&disk::below(package.out, STAGED_MANIFEST), &manifest.text())?;
    disk.write(&disk::below(package.out, STAGED_JOURNAL), &journal.text())
}

/// Does what the journal says, if there is one, and removes what is left of the run that wrote it. Each step may have
/// been done before.
fn recover(out: &Path, disk: &mut Disk<'_>) -> Result<(), WriteError> {
    if !disk::folder_exists(out)? {
        return Ok(());
    }
    if let Some(journal) = Journal::read(out)? {
        for (path, name) in &journal.written {
            put(out, &format!("{STAGING}/{name}"), path, disk)?;
        }
        for (path, text) in &journal.removed {
            if matches!(disk::look(out, path)?, Found::File(content) if manifest::fingerprint(&content) == *text)
            {
                disk.remove_file(&disk::below(out, path))?;
            }
            remove_empty_parents(out, path, disk)?;
        }
        put(out, STAGED_MANIFEST, manifest::FILE, disk)?;
        disk.remove_file(&out.join(JOURNAL))?;
    }
    remove_staging(out, disk)
}

/// Moves a staged text to its place, unless that has been done.
fn put(out: &Path, staged: &str, path: &str, disk: &mut Disk<'_>) -> Result<(), WriteError> {
    if !matches!(disk::look(out, staged)?, Found::File(_)) {
        return Ok(());
    }
    if let Found::Foreign(foreign) = disk::look(out, path)? {
        return Err(WriteError::Foreign(vec![foreign]));
    }
    let place = disk::below(out, path);
    if let Some(folder) = place.parent() {
        disk.create_folder(folder)?;
    }
    disk.rename(&disk::below(out, staged), &place)
}

/// Removes the folders of a removed file that hold nothing any more, from the inside out.
fn remove_empty_parents(out: &Path, path: &str, disk: &mut Disk<'_>) -> Result<(), WriteError> {
    let mut path = path;
    while let Some((folder, _)) = path.rsplit_once('/') {
        // A link is somebody else's; so is a folder that holds something.
        if let Found::Foreign(found) = disk::look(out, folder)?
            && found.kind == ForeignKind::NoFile
        {
            disk.remove_empty_folder(&disk::below(out, folder))?;
        }
        path = folder;
    }
    Ok(())
}

/// Removes the staging folder, as far as it holds what we put there.
fn remove_staging(out: &Path, disk: &mut Disk<'_>) -> Result<(), WriteError> {
    match disk::look(out, STAGING)? {
        Found::Foreign(found) if found.kind == ForeignKind::NoFile => {}
        Found::Nothing => return Ok(()),
        Found::File(_) => {
            let source = io::Error::new(io::ErrorKind::NotADirectory, "it is not a folder");
            return Err(WriteError::Unwritable { path: out.join(STAGING), source });
        }
        Found::Foreign(found) => return Err(WriteError::Foreign(vec![found])),
    }
    let staging = out.join(STAGING);
    for name in disk::names(&staging)? {
        if is_staged_name(&name) || matches!(name.as_str(), "manifest" | "journal") {
            disk.remove_file(&staging.join(name))?;
        }
    }
    disk.remove_empty_folder(&staging)
}

fn is_staged_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit())
}
