//! The key set of an issuer, followed while the process runs.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use super::keys::KeySet;
use crate::Unable;

/// How often the file is looked at: a key that is taken out of it is out within 30 s.
const INTERVAL_US: u64 = 4_000_000;

/// A file with keys, and what it held when it was last looked at.
pub(super) struct KeyFile {
    path: PathBuf,
    last: Mutex<Look>,
}

struct Look {
    at_us: i64,
    stamp: Stamp,
    keys: Arc<KeySet>,
}

/// By which a file that changed is told from the same file, without reading it.
type Stamp = (Option<SystemTime>, u64);

impl KeyFile {
    /// Reads the file for the first time.
    pub(super) fn open(path: PathBuf, now_us: i64) -> Result<Self, Unable> {
        match (stamp(&path), read(&path)) {
            (Ok(stamp), Ok(keys)) => {
                let last = Mutex::new(Look { at_us: now_us, stamp, keys: Arc::new(keys) });
                Ok(Self { path, last })
            }
            (Err(error), _) => Err(Unable::Keys { why: error.to_string(), path }),
            (_, Err(why)) => Err(Unable::Keys { path, why }),
        }
    }

    /// The keys of now. Where the file cannot be read any more, those that it held before: half a
    /// file, or none for a moment, must not lock everybody out.
    pub(super) fn current(&self, now_us: i64) -> Arc<KeySet> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if now_us.abs_diff(last.at_us) >= INTERVAL_US {
            last.at_us = now_us;
            self.look(&mut last);
        }
        Arc::clone(&last.keys)
    }

    fn look(&self, last: &mut Look) {
        let path = self.path.display();
        // The stamp first: a file that changes after it is read again at the next look.
        let stamp = match stamp(&self.path) {
            Ok(stamp) if stamp == last.stamp => return,
            Ok(stamp) => stamp,
            Err(error) => {
                return tracing::error!(%path, %error, "the key set is gone; the last one stands");
            }
        };
        match read(&self.path) {
            Ok(keys) => {
                (last.stamp, last.keys) = (stamp, Arc::new(keys));
                tracing::info!(%path, "read the key set again");
            }
            Err(why) => tracing::error!(%path, why, "the key set cannot be used; the last one stands"),
        }
    }
}

fn stamp(path: &Path) -> io::Result<Stamp> {
    let metadata = fs::metadata(path)?;
    Ok((metadata.modified().ok(), metadata.len()))
}

fn read(path: &Path) -> Result<KeySet, String> {
    KeySet::read(&fs::read_to_string(path).map_err(|error| error.to_string())?)
}
