//! What writing a package would change, and what forbids it. Reads only.

use std::collections::{BTreeMap, BTreeSet};

use super::commit::{JOURNAL, STAGED_MANIFEST};
use super::disk::{self, Found};
use super::manifest::{self, Manifest};
use super::{Changes, Foreign, ForeignKind, Package, WriteError};

/// What writing `package` would change.
///
/// # Errors
///
/// `Foreign` if something else stands where a file should go, with all such places; other errors if the folder cannot be
/// read, or is no folder.
pub fn compare(package: Package<'_>) -> Result<Changes, WriteError> {
    let wanted = Manifest::of(package.files)?;
    if !disk::folder_exists(package.out)? {
        let mut added: Vec<_> = wanted.files.into_keys().collect();
        added.push(manifest::FILE.to_owned());
        added.sort();
        return Ok(Changes { added, ..Changes::default() });
    }
    let ours = Ours::read(package)?;
    let mut changes = Changes::default();
    let mut foreign = Vec::new();
    for file in package.files {
        let path = file.path.clone();
        match disk::look(package.out, &path)? {
            Found::Nothing => changes.added.push(path),
            Found::File(content) if content == file.text.as_bytes() => changes.unchanged.push(path),
            Found::File(_) if ours.texts.contains_key(&path) => changes.changed.push(path),
            Found::File(_) => {
                foreign.push(Foreign { path: disk::below(package.out, &path), kind: ForeignKind::File });
            }
            Found::Foreign(other) => foreign.push(other),
        }
    }
    if !foreign.is_empty() {
        foreign.sort_by(|a, b| a.path.cmp(&b.path));
        foreign.dedup();
        return Err(WriteError::Foreign(foreign));
    }
    for (path, texts) in &ours.texts {
        if wanted.files.contains_key(path) {
            continue;
        }
        match disk::look(package.out, path)? {
            Found::File(content) if texts.contains(&manifest::fingerprint(&content)) => {
                changes.removed.push(path.clone());
            }
            Found::File(_) => changes.kept.push(path.clone()),
            // Somebody else has removed or replaced it.
            Found::Nothing | Found::Foreign(_) => {}
        }
    }
    let manifest = manifest::FILE.to_owned();
    match disk::look(package.out, &manifest)? {
        Found::File(content) if content == wanted.text().as_bytes() => changes.unchanged.push(manifest),
        Found::File(_) => changes.changed.push(manifest),
        _ => changes.added.push(manifest),
    }
    changes.sort();
    Ok(changes)
}

impl Changes {
    fn sort(&mut self) {
        for paths in
            [&mut self.added, &mut self.changed, &mut self.removed, &mut self.kept, &mut self.unchanged]
        {
            paths.sort();
        }
    }
}

/// The files of an output folder that earlier runs wrote, each with the texts that it may have.
struct Ours {
    texts: BTreeMap<String, BTreeSet<String>>,
}

impl Ours {
    /// What the manifest lists and, after a run that was killed halfway, what the manifest of that run lists too.
    fn read(package: Package<'_>) -> Result<Self, WriteError> {
        let mut manifests = vec![Manifest::read(package.out, manifest::FILE)?];
        if matches!(disk::look(package.out, JOURNAL)?, Found::File(_)) {
            manifests.push(Manifest::read(package.out, STAGED_MANIFEST)?);
        }
        let mut texts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (path, text) in manifests.into_iter().flat_map(|manifest| manifest.files) {
            texts.entry(path).or_default().insert(text);
        }
        Ok(Self { texts })
    }
}
