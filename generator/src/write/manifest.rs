//! The manifest: which files of an output folder are ours, and what we wrote into them.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value};

use super::disk::{self, Found};
use super::{OutputFile, WriteError};

/// The file name of the manifest.
pub(super) const FILE: &str = ".clientsmith.json";
/// What the names of all our own files begin with; no file of a package may.
pub(super) const RESERVED: &str = ".clientsmith";

/// A path of each file, and the [`fingerprint`] of its text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Manifest {
    pub(super) files: BTreeMap<String, String>,
}

impl Manifest {
    /// The manifest of a package.
    ///
    /// # Errors
    ///
    /// `InvalidPath` for a path that leaves the folder, is reserved, or stands twice.
    pub(super) fn of(files: &[OutputFile]) -> Result<Self, WriteError> {
        let mut manifest = Self::default();
        for file in files {
            let text = fingerprint(file.text.as_bytes());
            if !is_valid(&file.path) || manifest.files.insert(file.path.clone(), text).is_some() {
                return Err(WriteError::InvalidPath(file.path.clone()));
            }
        }
        Ok(manifest)
    }

    /// The manifest that stands at `path` below `root`; empty if there is none.
    pub(super) fn read(root: &Path, path: &str) -> Result<Self, WriteError> {
        match disk::look(root, path)? {
            Found::Nothing => Ok(Self::default()),
            Found::Foreign(foreign) => Err(WriteError::Foreign(vec![foreign])),
            Found::File(content) => Self::parse(&content)
                .map_err(|reason| WriteError::BrokenManifest { path: disk::below(root, path), reason }),
        }
    }

    fn parse(content: &[u8]) -> Result<Self, String> {
        let value: Value = serde_json::from_slice(content).map_err(|error| error.to_string())?;
        let files = value.get("files").and_then(Value::as_object).ok_or("it has no mapping `files`")?;
        let mut manifest = Self::default();
        for (path, text) in files {
            let text = text
                .as_str()
                .filter(|_| is_valid(path))
                .ok_or_else(|| format!("`{path}` is no entry of it"))?;
            manifest.files.insert(path.clone(), text.to_owned());
        }
        Ok(manifest)
    }

    /// The text of the manifest: the same for the same files and the same version of the generator.
    pub(super) fn text(&self) -> String {
        let files: Map<_, _> =
            self.files.iter().map(|(path, text)| (path.clone(), Value::from(text.as_str()))).collect();
        let mut manifest = Map::new();
        manifest.insert("files".to_owned(), Value::Object(files));
        manifest
            .insert("generator".to_owned(), Value::from(concat!("clientsmith ", env!("CARGO_PKG_VERSION"))));
        format!("{:#}\n", Value::Object(manifest))
    }
}

/// Whether `path` names a file below the output folder that a package may hold, on every system.
pub(super) fn is_valid(path: &str) -> bool {
    let is_part = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['\\', ':', '\0']);
    path.split('/').all(is_part) && !path.starts_with(RESERVED)
}

/// Tells whether a file is as we wrote it: FNV-1a of 64 bits. It guards against a forgotten edit, not against an enemy.
pub(super) fn fingerprint(content: &[u8]) -> String {
    let hash = content.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}
