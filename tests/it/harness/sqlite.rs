//! SQLite: the shipped data is loaded once for each run of the binary, and its files are written
//! for each test.

use std::ffi::OsString;
use std::fs;

use tempfile::TempDir;
use tokio::sync::OnceCell;

use super::{Server, embedded};

/// In memory, because no code runs at the end of all tests that could remove a folder.
static SHIPPED: OnceCell<Vec<(OsString, Vec<u8>)>> = OnceCell::const_new();

/// Returns a data folder as after the first start; it is removed when dropped.
pub(super) async fn data_dir() -> TempDir {
    let files = SHIPPED.get_or_init(load).await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).expect("the temporary folder takes a file");
    }
    folder
}

async fn load() -> Vec<(OsString, Vec<u8>)> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    Server::start(embedded(folder.path())).await.stop().await;
    fs::read_dir(folder.path())
        .expect("the data folder can be listed")
        .map(|entry| entry.expect("the data folder can be listed"))
        // Not the key that signs tokens: each server makes its own.
        .filter(|entry| entry.file_name().to_string_lossy().starts_with("caunoi.db"))
        .map(|entry| (entry.file_name(), fs::read(entry.path()).expect("the data folder holds files only")))
        .collect()
}
