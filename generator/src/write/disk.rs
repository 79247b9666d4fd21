//! Every step that reads or changes the disk below an output folder.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::{Foreign, ForeignKind, WriteError};

/// What stands at a path.
pub(super) enum Found {
    Nothing,
    File(Vec<u8>),
    Foreign(Foreign),
}

/// What stands at `path` below `root`, without following any link on the way.
pub(super) fn look(root: &Path, path: &str) -> Result<Found, WriteError> {
    let mut at = root.to_path_buf();
    let mut parts = path.split('/').peekable();
    while let Some(part) = parts.next() {
        at.push(part);
        let metadata = match fs::symlink_metadata(&at) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::Nothing),
            Err(source) => return Err(WriteError::Unreadable { path: at, source }),
        };
        let is_last = parts.peek().is_none();
        let kind = match metadata.file_type() {
            kind if kind.is_symlink() => ForeignKind::Link,
            kind if kind.is_dir() && !is_last => continue,
            kind if kind.is_file() && is_last => continue,
            _ if is_last => ForeignKind::NoFile,
            _ => ForeignKind::FileForFolder,
        };
        return Ok(Found::Foreign(Foreign { path: at, kind }));
    }
    match fs::read(&at) {
        Ok(content) => Ok(Found::File(content)),
        Err(source) => Err(WriteError::Unreadable { path: at, source }),
    }
}

/// Whether the output folder exists.
pub(super) fn folder_exists(path: &Path) -> Result<bool, WriteError> {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => Ok(true),
        Ok(_) => {
            let source = io::Error::new(io::ErrorKind::NotADirectory, "it is not a folder");
            Err(WriteError::Unwritable { path: path.to_path_buf(), source })
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(source) => Err(WriteError::Unwritable { path: path.to_path_buf(), source }),
    }
}

/// The names of what a folder holds; none if there is no such folder.
pub(super) fn names(folder: &Path) -> Result<Vec<String>, WriteError> {
    let unreadable = |source| WriteError::Unreadable { path: folder.to_path_buf(), source };
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(unreadable(source)),
    };
    let mut names = Vec::new();
    for entry in entries {
        if let Ok(name) = entry.map_err(unreadable)?.file_name().into_string() {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// Changes the disk, a step at a time.
pub(super) struct Disk<'a> {
    /// Called before every step with what it is about; an error stops there, as if the process had been killed.
    before: &'a mut dyn FnMut(&Path) -> io::Result<()>,
}

impl<'a> Disk<'a> {
    pub(super) fn new(before: &'a mut dyn FnMut(&Path) -> io::Result<()>) -> Self {
        Self { before }
    }

    pub(super) fn create_folder(&mut self, path: &Path) -> Result<(), WriteError> {
        if path.is_dir() {
            return Ok(());
        }
        self.step(path, |path| fs::create_dir_all(path))
    }

    /// Writes a file and waits until it is on the disk.
    pub(super) fn write(&mut self, path: &Path, text: &str) -> Result<(), WriteError> {
        self.step(path, |path| {
            let mut file = fs::File::create(path)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()
        })
    }

    pub(super) fn rename(&mut self, from: &Path, to: &Path) -> Result<(), WriteError> {
        self.step(to, |to| fs::rename(from, to))
    }

    /// Removes a file, if it is there.
    pub(super) fn remove_file(&mut self, path: &Path) -> Result<(), WriteError> {
        self.step(path, |path| match fs::remove_file(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        })
    }

    /// Removes a folder, if it is there and empty.
    pub(super) fn remove_empty_folder(&mut self, path: &Path) -> Result<(), WriteError> {
        self.step(path, |path| match fs::remove_dir(path) {
            Err(error)
                if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::DirectoryNotEmpty) =>
            {
                Ok(())
            }
            other => other,
        })
    }

    fn step(&mut self, path: &Path, change: impl FnOnce(&Path) -> io::Result<()>) -> Result<(), WriteError> {
        (self.before)(path)
            .and_then(|()| change(path))
            .map_err(|source| WriteError::Unwritable { path: path.to_path_buf(), source })
    }
}

/// The path below `root` of an output path, whose parts are divided by `/`.
pub(super) fn below(root: &Path, path: &str) -> PathBuf {
    let mut full = root.to_path_buf();
    full.extend(path.split('/'));
    full
}
