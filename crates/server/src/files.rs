//! The bytes of uploaded files: a folder in the data folder, with each content once, under its hash.
//!
//! Invariant: a file under its hash is complete. Bytes arrive in a temporary file, which is written
//! to the disk before it takes its name, and removed if the upload fails.

use std::{
    fs::File,
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

use axum::body::Bytes;
use caunoi_domain::upload::{FileType, HEAD_BYTES};
use data_encoding::HEXLOWER;
use futures_util::stream::{self, Stream};
use sha2::{Digest as _, Sha256};
use tempfile::NamedTempFile;
use tokio::{
    sync::mpsc,
    task::{JoinHandle, spawn_blocking},
};

use crate::data_folder;

/// The folder of files in the data folder.
const FOLDER: &str = "files";
/// Number of received parts that may wait for the disk.
const WAITING_PARTS: usize = 8;
/// Number of bytes that one read returns.
const READ_BYTES: usize = 64 * 1_024;

/// The folder of uploaded files.
#[derive(Debug, Clone)]
pub struct FileStore {
    folder: PathBuf,
}

impl FileStore {
    /// Returns the store in this data folder; its folder is created at the first upload.
    #[must_use]
    pub fn in_data_folder(data_dir: &Path) -> Self {
        Self { folder: data_dir.join(FOLDER) }
    }

    /// Begins an upload.
    pub(crate) fn begin(&self) -> IncomingFile {
        let (parts, received) = mpsc::channel(WAITING_PARTS);
        let folder = self.folder.clone();
        IncomingFile { parts, writer: spawn_blocking(move || write_parts(&folder, received)) }
    }

    /// Gives a written file its name, unless the folder has one with the same content.
    ///
    /// # Errors
    /// Returns an error if the disk fails; the file is removed then.
    pub(crate) async fn keep(&self, written: WrittenFile) -> io::Result<()> {
        let path = self.path(&written.sha256);
        blocking(move || {
            if path.try_exists()? {
                return Ok(());
            }
            let folder = path.parent().unwrap_or(&path);
            data_folder::create(folder)?;
            written.temporary.as_file().sync_all()?;
            written.temporary.persist(&path)?;
            // The name itself is durable only once its folder is.
            File::open(folder)?.sync_all()
        })
        .await
    }

    /// Opens the file with this hash, at a position.
    ///
    /// # Errors
    /// Returns an error if the folder does not contain it or cannot be read.
    pub(crate) async fn open(&self, sha256: &str, position: u64) -> io::Result<File> {
        let path = self.path(sha256);
        blocking(move || {
            let mut file = File::open(path)?;
            file.seek(SeekFrom::Start(position))?;
            Ok(file)
        })
        .await
    }

    /// Returns the path of a file. Two digits name a folder, so that no folder has too many files.
    fn path(&self, sha256: &str) -> PathBuf {
        self.folder.join(sha256.get(..2).unwrap_or_default()).join(sha256)
    }
}

/// Reads this many bytes of a file.
pub(crate) fn read(file: File, bytes: u64) -> impl Stream<Item = io::Result<Bytes>> {
    stream::try_unfold((file, bytes), |(mut file, left)| async move {
        if left == 0 {
            return Ok(None);
        }
        blocking(move || {
            let most = usize::try_from(left).unwrap_or(READ_BYTES).min(READ_BYTES);
            let mut part = vec![0; most];
            file.read_exact(&mut part)?;
            Ok(Some((Bytes::from(part), (file, left - most as u64))))
        })
        .await
    })
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    spawn_blocking(work).await.unwrap_or_else(|_| Err(task_failed()))
}

fn task_failed() -> io::Error {
    io::Error::other("the task of the disk failed")
}

/// An upload whose bytes arrive. Dropped before [`Self::finish`], it leaves nothing.
pub(crate) struct IncomingFile {
    parts: mpsc::Sender<Part>,
    writer: JoinHandle<io::Result<Option<WrittenFile>>>,
}

enum Part {
    Bytes(Bytes),
    End,
}

impl IncomingFile {
    /// Adds bytes; waits while the disk is behind. After a failure of the disk they are discarded,
    /// and [`Self::finish`] returns the error.
    pub(crate) async fn add(&self, bytes: Bytes) {
        // An error only means that the writer has ended.
        let _ = self.parts.send(Part::Bytes(bytes)).await;
    }

    /// Returns the file after its last byte.
    ///
    /// # Errors
    /// Returns an error if the disk failed.
    pub(crate) async fn finish(self) -> io::Result<WrittenFile> {
        let _ = self.parts.send(Part::End).await;
        self.writer.await.map_err(|_| task_failed())??.ok_or_else(task_failed)
    }
}

/// A complete upload that has no name yet; dropped, it is removed.
pub(crate) struct WrittenFile {
    temporary: NamedTempFile,
    /// The SHA-256 in lower-case hexadecimal digits.
    pub(crate) sha256: String,
    /// The size.
    pub(crate) bytes: usize,
    /// The type; None for one that is not stored.
    pub(crate) file_type: Option<FileType>,
}

/// Writes parts to a temporary file until the end; returns None if they stop without one.
fn write_parts(folder: &Path, mut parts: mpsc::Receiver<Part>) -> io::Result<Option<WrittenFile>> {
    data_folder::create(folder)?;
    let mut temporary = tempfile::Builder::new().prefix("upload-").tempfile_in(folder)?;
    let (mut hash, mut bytes, mut head) = (Sha256::new(), 0, Vec::new());
    while let Some(part) = parts.blocking_recv() {
        match part {
            Part::Bytes(part) => {
                head.extend_from_slice(&part[..part.len().min(HEAD_BYTES - head.len())]);
                hash.update(&part);
                bytes += part.len();
                temporary.write_all(&part)?;
            }
            Part::End => {
                let sha256 = HEXLOWER.encode(&hash.finalize());
                let file_type = FileType::of_head(&head);
                return Ok(Some(WrittenFile { temporary, sha256, bytes, file_type }));
            }
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::TryStreamExt as _;

    fn paths(folder: &Path) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
        entries.flat_map(|path| if path.is_dir() { paths(&path) } else { vec![path] }).collect()
    }

    async fn upload(store: &FileStore, parts: &[&'static [u8]]) -> WrittenFile {
        let incoming = store.begin();
        for part in parts {
            incoming.add(Bytes::from_static(part)).await;
        }
        incoming.finish().await.unwrap()
    }

    #[tokio::test]
    async fn same_content_is_stored_once_and_read_in_parts() {
        let data = tempfile::tempdir().unwrap();
        let store = FileStore::in_data_folder(data.path());
        for _ in 0..2 {
            let written = upload(&store, &[b"%PDF-", b"1.7"]).await;
            assert_eq!((written.bytes, written.file_type), (8, Some(FileType::Pdf)));
            store.keep(written).await.unwrap();
            assert_eq!(paths(data.path()).len(), 1);
        }
        let sha256 = upload(&store, &[b"%PDF-1.7"]).await.sha256.clone();
        let file = store.open(&sha256, 5).await.unwrap();
        let parts: Vec<Bytes> = read(file, 2).try_collect().await.unwrap();
        assert_eq!(parts.concat(), b"1.");
        assert!(store.open(&"0".repeat(64), 0).await.is_err());
    }

    #[tokio::test]
    async fn upload_that_is_cut_off_or_not_kept_leaves_nothing() {
        let data = tempfile::tempdir().unwrap();
        let store = FileStore::in_data_folder(data.path());
        drop(upload(&store, &[b"%PDF-1.7"]).await);
        let incoming = store.begin();
        incoming.add(Bytes::from_static(b"%PDF-")).await;
        let IncomingFile { parts, writer } = incoming;
        drop(parts);
        assert!(writer.await.unwrap().unwrap().is_none());
        assert!(paths(data.path()).is_empty());
    }
}
