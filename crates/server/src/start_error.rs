//! Errors that prevent a start of the server.

use std::{io, net::SocketAddr, path::PathBuf};

use caunoi_domain::validation::Reason;
use caunoi_register::Error;
use caunoi_store::StoreError;
use caunoi_transfer::table::Flaws;

use crate::connection_url;

/// Exit code of a start that may succeed later (`EX_TEMPFAIL` of sysexits.h).
const UNANSWERED: u8 = 75;

/// An error that prevents a start. The message says what is wrong, where, and how to fix it.
///
/// The message is one line, except for flaws in the shipped data, which have one line each.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address cannot be bound.
    #[error("cannot listen on {address}: {}", listen_hint(source))]
    Listen {
        /// The configured address.
        address: SocketAddr,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The data folder cannot be created, read or written.
    #[error(
        "cannot use the folder {}: {source}; make it readable and writable for this user, \
         or choose another with --data-dir",
        path.display()
    )]
    Folder {
        /// The folder, or the file in it.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// Another process holds the lock on the data folder.
    #[error(
        "the folder {} is in use by another caunoi; stop that one, \
         or choose another folder with --data-dir",
        path.display()
    )]
    InUse {
        /// The folder.
        path: PathBuf,
    },
    /// The key file cannot be used.
    #[error("cannot use the keys in {}: {why}", path.display())]
    Keys {
        /// The file.
        path: PathBuf,
        /// The reason.
        why: String,
    },
    /// The database server is unreachable, starting, restarting or out of connections.
    #[error("cannot use the database {place}: {why}; {hint}")]
    Unanswered {
        /// The URL with its password masked.
        place: String,
        /// The message of the driver.
        why: String,
        /// What the operator should check.
        hint: &'static str,
    },
    /// The database cannot be opened or refuses a statement.
    #[error("cannot use the database {place}: {why}; {hint}")]
    Database {
        /// The file, or the URL with its password masked.
        place: String,
        /// The message of the driver.
        why: String,
        /// What the operator should check.
        hint: &'static str,
    },
    /// The Redis URL cannot be used.
    #[error("cannot use Redis at {place}; write CAUNOI_REDIS_URL like redis://host:6379")]
    Redis {
        /// The URL with its password masked.
        place: String,
    },
    /// A newer version of this program has migrated the database.
    #[error(
        "the database {place} is newer than this program ({}): it has the step {step}; \
         run the newer program, or choose another database",
        env!("CARGO_PKG_VERSION")
    )]
    Newer {
        /// The file, or the URL with its password masked.
        place: String,
        /// The first migration that this program does not know.
        step: String,
    },
    /// The shipped data is invalid or conflicts with the contents of the database.
    #[error("the data of this program does not fit the database {place}, nothing of it was written: {why}")]
    DataSet {
        /// The file, or the URL with its password masked.
        place: String,
        /// The flaws.
        why: String,
    },
    /// The database contains a value that this program never writes.
    #[error("the database {place} is damaged: {why}; bring back a copy from before")]
    Damaged {
        /// The file, or the URL with its password masked.
        place: String,
        /// The table, column and id of the value.
        why: String,
    },
}

impl StartError {
    /// Returns the exit code of the process: 2 if the operator can fix the error, 75 (`EX_TEMPFAIL`
    /// of sysexits.h) if a retry may succeed, otherwise 1.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Listen { .. }
            | Self::Folder { .. }
            | Self::InUse { .. }
            | Self::Keys { .. }
            | Self::Database { .. }
            | Self::Redis { .. }
            | Self::Newer { .. } => 2,
            Self::Unanswered { .. } => UNANSWERED,
            Self::DataSet { .. } | Self::Damaged { .. } => 1,
        }
    }
}

/// An error while the register opens, before the database is named.
#[derive(Debug)]
pub(crate) enum OpenError {
    Store(StoreError),
    Shipped(Flaws),
}

impl OpenError {
    /// Names the database: `place` is the file or the masked URL, `url` the URL with its password.
    pub(crate) fn at(self, place: String, url: Option<&str>) -> StartError {
        match self {
            Self::Store(
                error @ (StoreError::Driver(_)
                | StoreError::Away
                | StoreError::Moving
                | StoreError::Unreadable { .. }),
            ) => {
                // Only the message of the driver: that of the store repeats ours.
                let said = if let StoreError::Driver(driver) = &error {
                    driver.to_string()
                } else {
                    error.to_string()
                };
                let why = connection_url::mask_passwords_in(&said, url.unwrap_or_default());
                let hint = database_hint(url);
                if error.is_retryable_at_start() {
                    StartError::Unanswered { place, why, hint }
                } else {
                    StartError::Database { place, why, hint }
                }
            }
            Self::Store(StoreError::Unfit(unfit)) => {
                StartError::Database { place, why: unfit.to_string(), hint: unfit.hint() }
            }
            Self::Store(StoreError::Newer(newer)) => StartError::Newer { place, step: newer.step },
            Self::Store(StoreError::Refused(refusal)) => {
                StartError::DataSet { place, why: refusal.to_string() }
            }
            Self::Store(error @ StoreError::Corrupt { .. }) => {
                StartError::Damaged { place, why: error.to_string() }
            }
            Self::Shipped(flaws) => StartError::DataSet { place, why: flaws.to_string() },
        }
    }
}

impl From<StoreError> for OpenError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Error> for OpenError {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(refusal) => Self::Store(StoreError::Refused(refusal)),
            // Opening has no actor, so `Denied` cannot occur.
            Error::Denied(denied) => Self::Store(StoreError::Refused(Reason::Invalid(denied.to_string()))),
            Error::Unavailable(error) | Error::Broken(error) => Self::Store(error),
        }
    }
}

impl From<Flaws> for OpenError {
    fn from(flaws: Flaws) -> Self {
        Self::Shipped(flaws)
    }
}

fn database_hint(url: Option<&str>) -> &'static str {
    if url.is_some() {
        "check that PostgreSQL runs there and that CAUNOI_DATABASE_URL names an existing database, user and password"
    } else {
        "make the file readable and writable for this user, see that the disk has room, \
         or choose another folder with --data-dir"
    }
}

fn listen_hint(error: &io::Error) -> String {
    let kind = error.kind();
    if kind == io::ErrorKind::AddrInUse {
        "another program listens there; stop it, or choose another address with --listen".to_owned()
    } else if kind == io::ErrorKind::AddrNotAvailable {
        "this machine has no such address; choose one of its own with --listen, or 0.0.0.0 for all of them"
            .to_owned()
    } else {
        format!("{error}; choose another address with --listen")
    }
}
