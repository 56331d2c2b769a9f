//! The data folder of a server on SQLite: created if missing, locked by one process.

use std::{
    fs::{DirBuilder, File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
};

use crate::StartError;

/// A data folder; its lock is released on drop.
#[derive(Debug)]
pub(crate) struct DataFolder {
    path: PathBuf,
    _lock: File,
}

impl DataFolder {
    /// Creates the folder if missing, with mode 0700, and locks it.
    ///
    /// # Errors
    /// Returns `InUse` if another process holds the lock, `Folder` if the folder or the lock file
    /// cannot be created or opened.
    pub(crate) fn lock(path: &Path) -> Result<Self, StartError> {
        let unusable = |path: &Path, source| StartError::Folder { path: path.to_owned(), source };
        create(path).map_err(|source| unusable(path, source))?;
        let file = path.join("caunoi.lock");
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&file)
            .map_err(|source| unusable(path, source))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(StartError::InUse { path: path.to_owned() }),
            Err(TryLockError::Error(source)) => Err(unusable(&file, source)),
        }
    }

    /// Returns the path of the database file.
    pub(crate) fn database_file(&self) -> PathBuf {
        database_file(&self.path)
    }
}

/// Returns the path of the database file in a data folder.
pub(crate) fn database_file(path: &Path) -> PathBuf {
    path.join("caunoi.db")
}

/// Creates the folder if missing, with mode 0700 on Unix.
pub(crate) fn create(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Returns whether other users may read or write a file.
#[cfg(unix)]
pub(crate) fn is_open_to_others(path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(std::fs::metadata(path)?.permissions().mode() & 0o077 != 0)
}

/// On other systems the permissions of the user's folder protect the file.
#[cfg(not(unix))]
pub(crate) fn is_open_to_others(_path: &Path) -> io::Result<bool> {
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_folder_is_locked_once_and_cannot_be_a_file() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("deep/folder");
        let held = DataFolder::lock(&path).unwrap();
        let second = DataFolder::lock(&path).unwrap_err();
        assert!(matches!(second, StartError::InUse { .. }), "{second}");
        assert_eq!(second.exit_code(), 2);
        drop(held);
        let again = DataFolder::lock(&path).unwrap();
        std::fs::write(again.database_file(), "").unwrap();
        let file = DataFolder::lock(&again.database_file()).unwrap_err();
        assert!(matches!(file, StartError::Folder { .. }), "{file}");
    }
}
