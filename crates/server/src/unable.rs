//! Why the server could not start.

use std::{io, net::SocketAddr, path::PathBuf};

use caunoi_domain::refusal::Refusal;
use caunoi_register::Error;
use caunoi_store::StoreError;
use caunoi_transfer::table::Flaws;

use crate::location;

/// The exit code of a start that may succeed later: services that start processes try again.
const UNANSWERED: u8 = 75;

/// Why the server could not start: what is wrong, where, and what to do about it.
///
/// The text is one line, except for flaws in the shipped data, which have a line each.
#[derive(Debug, thiserror::Error)]
pub enum Unable {
    /// The address cannot be had.
    #[error("cannot listen on {address}: {}", listen_hint(source))]
    Listen {
        /// As it was asked for.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// The data folder cannot be made, read or written.
    #[error(
        "cannot use the folder {}: {source}; make it readable and writable for this user, \
         or choose another with --data-dir",
        path.display()
    )]
    Folder {
        /// The folder, or the file in it.
        path: PathBuf,
        /// What the system says.
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
    /// The keys of tokens cannot be used.
    #[error("cannot use the keys in {}: {why}", path.display())]
    Keys {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The server of the database does not answer now: it starts, restarts, is full or unreachable.
    #[error("cannot use the database {place}: {why}; {hint}")]
    Unanswered {
        /// The URL without its password.
        place: String,
        /// What the driver says.
        why: String,
        /// What to look at.
        hint: &'static str,
    },
    /// The database will not do what is asked of it.
    #[error("cannot use the database {place}: {why}; {hint}")]
    Database {
        /// The file, or the URL without its password.
        place: String,
        /// What the driver says.
        why: String,
        /// What to look at.
        hint: &'static str,
    },
    /// The address of Redis is of no use.
    #[error("cannot use Redis at {place}; write CAUNOI_REDIS_URL like redis://host:6379")]
    Redis {
        /// The URL without its password.
        place: String,
    },
    /// A newer program made the database.
    #[error(
        "the database {place} is newer than this program ({}): it has the step {step}; \
         run the newer program, or choose another database",
        env!("CARGO_PKG_VERSION")
    )]
    Newer {
        /// The file, or the URL without its password.
        place: String,
        /// The first step that is not known here.
        step: String,
    },
    /// The data set of this program is flawed, or does not fit what the database holds.
    #[error("the data of this program does not fit the database {place}, nothing of it was written: {why}")]
    DataSet {
        /// The file, or the URL without its password.
        place: String,
        /// The flaws.
        why: String,
    },
    /// The database holds what no program of ours writes.
    #[error("the database {place} is damaged: {why}; bring back a copy from before")]
    Damaged {
        /// The file, or the URL without its password.
        place: String,
        /// Which value it is.
        why: String,
    },
}

impl Unable {
    /// What the process ends with: 2 where the operator can mend it, 75 (`EX_TEMPFAIL` of
    /// sysexits.h) where the same start may succeed later, else 1.
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

/// What the register says while it opens, not yet tied to a place.
#[derive(Debug)]
pub(crate) enum Trouble {
    Store(StoreError),
    Shipped(Flaws),
}

impl Trouble {
    /// Ties the trouble to the database: its `url`, or the file that `place` names.
    pub(crate) fn at(self, place: String, url: Option<&str>) -> Unable {
        match self {
            Self::Store(
                error @ (StoreError::Driver(_)
                | StoreError::Away
                | StoreError::Moving
                | StoreError::Unreadable { .. }),
            ) => {
                // The error of the driver alone: the store's own text repeats what is said here.
                let said = if let StoreError::Driver(driver) = &error {
                    driver.to_string()
                } else {
                    error.to_string()
                };
                let why = location::scrubbed(&said, url.unwrap_or_default());
                let hint = database_hint(url);
                if error.is_unanswered() {
                    Unable::Unanswered { place, why, hint }
                } else {
                    Unable::Database { place, why, hint }
                }
            }
            Self::Store(StoreError::Unfit(unfit)) => {
                Unable::Database { place, why: unfit.to_string(), hint: unfit.hint() }
            }
            Self::Store(StoreError::Newer(newer)) => Unable::Newer { place, step: newer.step },
            Self::Store(StoreError::Refused(refusal)) => Unable::DataSet { place, why: refusal.to_string() },
            Self::Store(error @ StoreError::Corrupt { .. }) => {
                Unable::Damaged { place, why: error.to_string() }
            }
            Self::Shipped(flaws) => Unable::DataSet { place, why: flaws.to_string() },
        }
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(refusal) => Self::Store(StoreError::Refused(refusal)),
            // Opening acts for nobody, so nobody can be denied.
            Error::Denied(denied) => Self::Store(StoreError::Refused(Refusal::Invalid(denied.to_string()))),
            Error::Unavailable(error) | Error::Broken(error) => Self::Store(error),
        }
    }
}

impl From<Flaws> for Trouble {
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
