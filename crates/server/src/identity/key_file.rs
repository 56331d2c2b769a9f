//! The key set file of an issuer, reloaded when it changes.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

use caunoi_domain::locale::Locale;
use caunoi_texts::OperatorText;
use parking_lot::Mutex;

use super::keys::KeySet;
use crate::StartError;

/// Minimum interval between two checks of the file, so that a removed key is refused within 30 s.
const INTERVAL_US: u64 = 4_000_000;

/// A key set file and its last valid contents.
pub(super) struct KeyFile {
    path: PathBuf,
    last: Mutex<LoadedKeys>,
}

struct LoadedKeys {
    at_us: i64,
    file_stamp: FileStamp,
    keys: Arc<KeySet>,
}

/// Modification time and size, to detect a change without reading the file.
type FileStamp = (Option<SystemTime>, u64);

impl KeyFile {
    /// Reads the file.
    ///
    /// # Errors
    /// Returns `StartError::Keys` if it cannot be read or is not a valid key set.
    pub(super) fn open(path: PathBuf, now_us: i64) -> Result<Self, StartError> {
        match (file_stamp(&path), read(&path)) {
            (Ok(file_stamp), Ok(keys)) => {
                let last = Mutex::new(LoadedKeys { at_us: now_us, file_stamp, keys: Arc::new(keys) });
                Ok(Self { path, last })
            }
            (Err(error), _) => Err(StartError::Keys { why: Box::new(OperatorText::system(&error)), path }),
            (_, Err(why)) => Err(StartError::Keys { path, why: Box::new(why) }),
        }
    }

    /// Returns the current keys. If the file is missing or invalid, these are its last valid
    /// contents: a partially written file must not lock all callers out.
    pub(super) fn current(&self, now_us: i64) -> Arc<KeySet> {
        let mut last = self.last.lock();
        if now_us.abs_diff(last.at_us) >= INTERVAL_US {
            last.at_us = now_us;
            self.reload_if_changed(&mut last);
        }
        Arc::clone(&last.keys)
    }

    fn reload_if_changed(&self, last: &mut LoadedKeys) {
        let path = self.path.display();
        // Before the contents: a change after this is detected at the next check.
        let file_stamp = match file_stamp(&self.path) {
            Ok(file_stamp) if file_stamp == last.file_stamp => return,
            Ok(file_stamp) => file_stamp,
            Err(error) => {
                return tracing::error!(%path, %error, "the key set cannot be read; keeping the last one");
            }
        };
        match read(&self.path) {
            Ok(keys) => {
                (last.file_stamp, last.keys) = (file_stamp, Arc::new(keys));
                tracing::info!(%path, "reloaded the key set");
            }
            Err(why) => {
                tracing::error!(%path, why = why.text(Locale::En), "the key set is invalid; keeping the last one");
            }
        }
    }
}

fn file_stamp(path: &Path) -> io::Result<FileStamp> {
    let metadata = fs::metadata(path)?;
    Ok((metadata.modified().ok(), metadata.len()))
}

fn read(path: &Path) -> Result<KeySet, OperatorText> {
    KeySet::read(&fs::read_to_string(path).map_err(|error| OperatorText::system(&error))?)
}
