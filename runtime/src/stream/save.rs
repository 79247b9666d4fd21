//! Downloads into files. The file appears when it is whole; until then, what was there before stays as it is.

use std::fs::Permissions;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use tokio::fs::{self, File};
use tokio::io::AsyncWriteExt as _;

use super::{Download, StreamError};
use crate::retry::random;

impl Download {
    /// Writes it to a file, and says how many bytes that has.
    ///
    /// It is written beside the target under another name, and renamed when it is whole: whatever goes wrong, and also when the future
    /// is dropped, a file that was there before is as it was. What is no file, such as a pipe, is written to as it is.
    ///
    /// # Errors
    ///
    /// When the file cannot be written, and those of [`try_next`](Self::try_next).
    pub async fn save(self, path: impl AsRef<Path>) -> Result<u64, StreamError> {
        let target = match Target::of(path.as_ref()).await? {
            Place::File(target) => target,
            Place::Device(file) => return self.write(file).await,
        };
        let path = target.beside(&format!("{:016x}.part", random()), ".");
        let mut part = Temporary { path, is_renamed: false };
        let file = File::options().write(true).create_new(true).open(&part.path).await?;
        let written = self.write(file).await?;
        target.replace_by(&part.path).await?;
        part.is_renamed = true;
        Ok(written)
    }

    /// As [`save`](Self::save), but keeps what has come when it fails, for the next time: a download of the same version from the same
    /// URL to the same file, by this method, goes on after it. Says how many bytes the file has.
    ///
    /// What has come is kept beside the target, under its name with `.part` and a fingerprint of the version. What is there of
    /// other versions is left alone. Where the server does not send parts (see [`Download`]), nothing is kept. Only one download at a
    /// time may write to a file.
    ///
    /// ```no_run
    /// # async fn example(download: clientsmith_runtime::Download) -> Result<(), clientsmith_runtime::StreamError> {
    /// // The first time it stops after a while, the second time it goes on.
    /// download.save_resumable("model.bin").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When the file cannot be written, and those of [`try_next`](Self::try_next).
    pub async fn save_resumable(mut self, path: impl AsRef<Path>) -> Result<u64, StreamError> {
        let Some((fingerprint, length)) = self.fingerprint() else { return self.save(path).await };
        let target = match Target::of(path.as_ref()).await? {
            Place::File(target) => target,
            Place::Device(file) => return self.write(file).await,
        };
        let digest = Sha256::digest(&fingerprint);
        let digest: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let part = target.beside(&format!("{digest}.part"), "");
        let file = File::options().append(true).create(true).open(&part).await?;
        let there = file.metadata().await?.len();
        match there {
            0 => {}
            there if there > length => file.set_len(0).await?,
            there => self.skip(there),
        }
        self.write(file).await?;
        target.replace_by(&part).await?;
        Ok(length)
    }

    /// Writes what comes, and says how many bytes that were.
    async fn write(mut self, mut file: File) -> Result<u64, StreamError> {
        let before = self.received();
        let outcome = loop {
            match self.try_next().await {
                Ok(Some(piece)) => file.write_all(&piece).await?,
                Ok(None) => break Ok(self.received().saturating_sub(before)),
                Err(error) => break Err(error),
            }
        };
        // What has come is written also where no more does: the file may be gone on with.
        file.flush().await?;
        if outcome.is_ok() && file.metadata().await?.is_file() {
            file.sync_all().await?;
        }
        outcome
    }
}

impl From<io::Error> for StreamError {
    fn from(error: io::Error) -> Self {
        Self::Write(error)
    }
}

/// A file to be replaced when its successor is whole.
struct Target {
    /// Where it is, symbolic links followed.
    path: PathBuf,
    /// Those of the file that is there.
    permissions: Option<Permissions>,
}

/// What a path leads to.
enum Place {
    File(Target),
    /// A pipe, a terminal: what cannot be replaced.
    Device(File),
}

impl Target {
    async fn of(path: &Path) -> io::Result<Place> {
        let metadata = match fs::metadata(path).await {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Place::File(Self { path: path.to_owned(), permissions: None }));
            }
            Err(error) => return Err(error),
        };
        if metadata.is_dir() {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder, not a file"));
        }
        if !metadata.is_file() {
            return Ok(Place::Device(File::options().write(true).open(path).await?));
        }
        let path = fs::canonicalize(path).await?;
        Ok(Place::File(Self { path, permissions: Some(metadata.permissions()) }))
    }

    /// A name in the same folder, so that renaming moves no bytes.
    fn beside(&self, end: &str, start: &str) -> PathBuf {
        let mut name = std::ffi::OsString::from(start);
        name.push(self.path.file_name().unwrap_or_default());
        name.push(".");
        name.push(end);
        self.path.with_file_name(name)
    }

    async fn replace_by(self, whole: &Path) -> io::Result<()> {
        if let Some(permissions) = self.permissions {
            fs::set_permissions(whole, permissions).await?;
        }
        fs::rename(whole, &self.path).await
    }
}

/// A file that goes when it is dropped.
struct Temporary {
    path: PathBuf,
    is_renamed: bool,
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.is_renamed {
            // What cannot be removed stays; the error that led here says more.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}
