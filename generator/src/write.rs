//! Stage write: token streams become formatted text, and text becomes files.
//!
//! # What is promised
//!
//! - A file that is not ours is neither replaced nor removed. Ours are those that the manifest `.clientsmith.json` lists.
//! - Each file is wholly old or wholly new at every moment. All new texts are on the disk before the first file is
//!   replaced; from then on a journal lets the next run finish what a killed one began.
//! - A file whose text stays is not touched.
//! - No symbolic link is followed below the output folder.

mod commit;
mod compare;
mod disk;
mod format;
mod manifest;
mod placement;

use std::io;
use std::path::{Path, PathBuf};

pub use commit::apply;
pub use compare::compare;
pub use format::{FormatError, format};
pub use placement::{Workspace, runtime_dependency, workspace_of};

use crate::diagnostics::{Code, Diagnostics};

/// A file of the output, as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputFile {
    /// The path below the output folder, with `/` between its parts.
    pub path: String,
    /// The whole text, with LF line ends.
    pub text: String,
}

/// The files of one output folder.
#[derive(Clone, Copy, Debug)]
pub struct Package<'a> {
    /// The output folder. It need not exist.
    pub out: &'a Path,
    /// All files that it is to hold; the manifest comes by itself.
    pub files: &'a [OutputFile],
}

/// What writing a package changes, or would change: paths below the output folder, sorted, with `/`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Files that were not there.
    pub added: Vec<String>,
    /// Files whose text is another now.
    pub changed: Vec<String>,
    /// Files that were written by an earlier run and are not part of the package any more.
    pub removed: Vec<String>,
    /// Files like those of `removed` that somebody has edited since: they stay, and are not ours from now on.
    pub kept: Vec<String>,
    /// Files that stay as they are.
    pub unchanged: Vec<String>,
}

impl Changes {
    /// Whether the folder is what it should be.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.removed.is_empty()
    }
}

/// Why a package cannot be compared or written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// Other files, folders or links stand where ours should go.
    #[error("{} of the paths to write to are taken by something else", .0.len())]
    Foreign(Vec<Foreign>),
    /// A file or folder cannot be created, replaced or removed.
    #[error("cannot write `{}`: {source}", path.display())]
    Unwritable {
        /// What was to be written.
        path: PathBuf,
        /// The answer of the system.
        source: io::Error,
    },
    /// A file or folder cannot be read.
    #[error("cannot read `{}`: {source}", path.display())]
    Unreadable {
        /// What was to be read.
        path: PathBuf,
        /// The answer of the system.
        source: io::Error,
    },
    /// A manifest, of ours or of Cargo, is not what it should be.
    #[error("`{}` is broken: {reason}", path.display())]
    BrokenManifest {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// `--runtime` names a folder without the runtime.
    #[error("`{}` is not the folder of the clientsmith-runtime package", path.display())]
    NoRuntime {
        /// The folder as it was given.
        path: PathBuf,
    },
    /// A path of the output is not one below the output folder, or stands twice. This is a bug of the generator.
    #[error("`{0}` cannot be the path of an output file")]
    InvalidPath(String),
}

/// Something that stands where one of our files should go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foreign {
    /// Where.
    pub path: PathBuf,
    /// What it is.
    pub kind: ForeignKind,
}

/// What stands where one of our files should go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForeignKind {
    /// A file with other content, which no earlier run wrote.
    File,
    /// A file where a folder should be.
    FileForFolder,
    /// A folder, or a device.
    NoFile,
    /// A symbolic link.
    Link,
}

impl WriteError {
    /// Reports the error, with what to do about it.
    pub fn report(&self, diagnostics: &mut Diagnostics) {
        let (code, help) = match self {
            WriteError::Foreign(foreign) => {
                for Foreign { path, kind } in foreign {
                    let path = path.display();
                    let message = match kind {
                        ForeignKind::File => {
                            format!("a file that clientsmith did not write is in the way: `{path}`")
                        }
                        ForeignKind::FileForFolder => {
                            format!("a file is in the way, where a folder should be: `{path}`")
                        }
                        ForeignKind::NoFile => {
                            format!("a folder is in the way, where a file should be: `{path}`")
                        }
                        ForeignKind::Link => format!("a symbolic link is in the way: `{path}`"),
                    };
                    let help =
                        "move it away or delete it, or choose another output folder; nothing was written";
                    diagnostics.report(Code::ForeignFile, None, message).help(help);
                }
                return;
            }
            WriteError::Unwritable { .. } => {
                (Code::Unwritable, "make the output folder one that can be written to, or choose another one")
            }
            WriteError::Unreadable { .. } => {
                (Code::Unreadable, "make it readable, or choose another output folder")
            }
            WriteError::BrokenManifest { .. } => (
                Code::Unreadable,
                "restore it from version control, or empty the output folder and generate again",
            ),
            WriteError::NoRuntime { .. } => {
                (Code::Unreadable, "name the folder whose Cargo.toml has the package clientsmith-runtime")
            }
            WriteError::InvalidPath(_) => {
                (Code::Unwritable, "this is a bug of clientsmith: please report it")
            }
        };
        diagnostics.report(code, None, self.to_string()).help(help);
    }
}

#[cfg(test)]
mod tests;
