//! The data folder of an embedded server: made where it is missing, held by one process.

use std::{
    fs::{DirBuilder, File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
};

use crate::Unable;

/// The data folder, ours until dropped.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    /// Makes the folder where it is missing, readable for nobody else, and locks it.
    pub(crate) fn hold(path: &Path) -> Result<Self, Unable> {
        let unusable = |path: &Path, source| Unable::Folder { path: path.to_owned(), source };
        make(path).map_err(|source| unusable(path, source))?;
        let file = path.join("caunoi.lock");
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&file)
            .map_err(|source| unusable(path, source))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(Unable::InUse { path: path.to_owned() }),
            Err(TryLockError::Error(source)) => Err(unusable(&file, source)),
        }
    }

    /// The file of the database.
    pub(crate) fn database(&self) -> PathBuf {
        database(&self.path)
    }
}

/// The file of the database in a data folder, whoever holds it.
pub(crate) fn database(path: &Path) -> PathBuf {
    path.join("caunoi.db")
}

/// Makes the folder where it is missing, readable for nobody else.
pub(crate) fn make(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_process_holds_a_folder_and_a_file_is_none() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("deep/folder");
        let held = Folder::hold(&path).unwrap();
        let second = Folder::hold(&path).unwrap_err();
        assert!(matches!(second, Unable::InUse { .. }), "{second}");
        assert_eq!(second.exit_code(), 2);
        drop(held);
        let again = Folder::hold(&path).unwrap();
        std::fs::write(again.database(), "").unwrap();
        let file = Folder::hold(&again.database()).unwrap_err();
        assert!(matches!(file, Unable::Folder { .. }), "{file}");
    }
}
