//! Errors that prevent a start of the server.

use std::{fmt, io, net::SocketAddr, path::PathBuf};

use caunoi_domain::locale::Locale;
use caunoi_domain::secret::SecretKeyId;
use caunoi_domain::validation::Reason;
use caunoi_register::{Error, KeyProblem};
use caunoi_store::{StoreError, Unfit};
use caunoi_texts::OperatorText;
use caunoi_transfer::table::Flaws;

use crate::connection_url;

/// Exit code of a start that may succeed later (`EX_TEMPFAIL` of sysexits.h).
const UNANSWERED: u8 = 75;

/// An error that prevents a start. The text says what is wrong, where, and how to fix it.
///
/// The text is one line, except for flaws in the shipped data, which have one line each.
#[derive(Debug)]
pub enum StartError {
    /// The address cannot be bound.
    Listen {
        /// The configured address.
        address: SocketAddr,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The data folder cannot be created, read or written.
    Folder {
        /// The folder, or the file in it.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// Another process holds the lock on the data folder.
    InUse {
        /// The folder.
        path: PathBuf,
    },
    /// The key file cannot be used.
    Keys {
        /// The file.
        path: PathBuf,
        /// The reason.
        why: Box<OperatorText>,
    },
    /// The certificate or its key cannot be used.
    Tls {
        /// The file and the reason.
        why: String,
    },
    /// A key that encrypts secrets of the database is missing.
    SecretKeyMissing {
        /// The file, or the URL with its password masked.
        place: String,
        /// The id of the key.
        key: SecretKeyId,
    },
    /// A trusted document cannot be read or is invalid.
    TrustedDocument {
        /// The file, or the folder.
        path: PathBuf,
        /// The reason.
        message: String,
    },
    /// The database server is unreachable, starting, restarting or out of connections.
    Unanswered {
        /// The URL with its password masked.
        place: String,
        /// The message of the driver.
        why: Box<OperatorText>,
        /// What the operator should check.
        hint: Box<OperatorText>,
    },
    /// The database cannot be opened or refuses a statement.
    Database {
        /// The file, or the URL with its password masked.
        place: String,
        /// The message of the driver.
        why: Box<OperatorText>,
        /// What the operator should check.
        hint: Box<OperatorText>,
    },
    /// The Redis URL cannot be used.
    Redis {
        /// The URL with its password masked.
        place: String,
    },
    /// A newer version of this program has migrated the database.
    Newer {
        /// The file, or the URL with its password masked.
        place: String,
        /// The first migration that this program does not know.
        step: String,
    },
    /// The shipped data is invalid or conflicts with the contents of the database.
    DataSet {
        /// The file, or the URL with its password masked.
        place: String,
        /// The flaws.
        why: DataSetFlaw,
    },
    /// The database contains a value that this program never writes.
    Damaged {
        /// The file, or the URL with its password masked.
        place: String,
        /// The table, column and id of the value.
        why: String,
    },
}

/// Why the shipped data does not fit.
#[derive(Debug)]
pub enum DataSetFlaw {
    /// The register does not accept it.
    Refused(Reason),
    /// The files have flaws.
    Files(Flaws),
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
            | Self::Tls { .. }
            | Self::SecretKeyMissing { .. }
            | Self::TrustedDocument { .. }
            | Self::Database { .. }
            | Self::Redis { .. }
            | Self::Newer { .. } => 2,
            Self::Unanswered { .. } => UNANSWERED,
            Self::DataSet { .. } | Self::Damaged { .. } => 1,
        }
    }

    /// Converts a problem with the keys of secrets; `place` is the file or the masked URL, `url` the
    /// URL with its password.
    pub(crate) fn of_key_problem(problem: KeyProblem, place: String, url: Option<&str>) -> Self {
        match problem {
            KeyProblem::Missing(key) => Self::SecretKeyMissing { place, key },
            KeyProblem::Register(error) => OpenError::from(error).at(place, url),
        }
    }

    /// Returns the text for the operator.
    #[must_use]
    pub fn text(&self, locale: Locale) -> String {
        let text = match self {
            Self::Listen { address, source } => OperatorText::CannotListen {
                address: address.to_string(),
                why: Box::new(listen_failure(source)),
            },
            Self::Folder { path, source } => {
                OperatorText::FolderUnusable { path: path.display().to_string(), error: source.to_string() }
            }
            Self::InUse { path } => OperatorText::FolderInUse { path: path.display().to_string() },
            Self::Keys { path, why } => {
                OperatorText::KeysUnusable { path: path.display().to_string(), why: why.clone() }
            }
            Self::Tls { why } => OperatorText::TlsUnusable { error: why.clone() },
            Self::SecretKeyMissing { place, key } => {
                OperatorText::SecretKeyMissing { place: place.clone(), key: key.to_string() }
            }
            Self::TrustedDocument { path, message } => OperatorText::TrustedDocumentUnusable {
                path: path.display().to_string(),
                error: message.clone(),
            },
            Self::Unanswered { place, why, hint } | Self::Database { place, why, hint } => {
                let (why, hint) = (why.clone(), hint.clone());
                OperatorText::DatabaseUnusable { place: place.clone(), why, hint }
            }
            Self::Redis { place } => OperatorText::RedisUnusable { place: place.clone() },
            Self::Newer { place, step } => {
                let program = env!("CARGO_PKG_VERSION").to_owned();
                OperatorText::DatabaseNewer { place: place.clone(), program, step: step.clone() }
            }
            Self::DataSet { place, why } => {
                OperatorText::DataSetUnfit { place: place.clone(), flaws: why.text(locale) }
            }
            Self::Damaged { place, why } => {
                OperatorText::DatabaseDamaged { place: place.clone(), error: why.clone() }
            }
        };
        text.text(locale)
    }
}

/// For logs and tests, in English.
impl fmt::Display for StartError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text(Locale::En))
    }
}

impl std::error::Error for StartError {}

impl DataSetFlaw {
    fn text(&self, locale: Locale) -> String {
        match self {
            Self::Refused(reason) => caunoi_texts::message(reason, locale),
            Self::Files(flaws) => flaws.text(locale),
        }
    }
}

/// An error while the register opens, without the name of the database: the code that opens it does
/// not know that name, and [`OpenError::at`] adds it, which makes a [`StartError`].
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
                let why =
                    OperatorText::system(&connection_url::mask_passwords_in(&said, url.unwrap_or_default()));
                let hint = if url.is_some() { OperatorText::CheckServer } else { OperatorText::CheckFile };
                let (why, hint) = (Box::new(why), Box::new(hint));
                if error.is_retryable_at_start() {
                    StartError::Unanswered { place, why, hint }
                } else {
                    StartError::Database { place, why, hint }
                }
            }
            Self::Store(StoreError::Unfit(unfit)) => {
                let (why, hint) = match unfit {
                    Unfit::Superuser { role } => {
                        (OperatorText::RoleBypassesSecurity { role }, OperatorText::RevokeRights)
                    }
                    Unfit::TableOwner { role } => {
                        (OperatorText::RoleOwnsTables { role }, OperatorText::RevokeRights)
                    }
                    Unfit::AsynchronousCommit => {
                        (OperatorText::CommitsNotSynchronous, OperatorText::SetSynchronousCommit)
                    }
                };
                StartError::Database { place, why: Box::new(why), hint: Box::new(hint) }
            }
            Self::Store(StoreError::Newer(newer)) => StartError::Newer { place, step: newer.step },
            Self::Store(StoreError::Refused(reason)) => {
                StartError::DataSet { place, why: DataSetFlaw::Refused(reason) }
            }
            Self::Store(error @ StoreError::Corrupt { .. }) => {
                StartError::Damaged { place, why: error.to_string() }
            }
            Self::Shipped(flaws) => StartError::DataSet { place, why: DataSetFlaw::Files(flaws) },
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
            Error::Refused(reason) => Self::Store(StoreError::Refused(reason)),
            // Opening has no actor and no queue, so neither can occur.
            Error::Denied(_) | Error::Overloaded => Self::Store(StoreError::Away),
            Error::Unavailable(error) | Error::Broken(error) => Self::Store(error),
        }
    }
}

impl From<Flaws> for OpenError {
    fn from(flaws: Flaws) -> Self {
        Self::Shipped(flaws)
    }
}

fn listen_failure(error: &io::Error) -> OperatorText {
    let kind = error.kind();
    if kind == io::ErrorKind::AddrInUse {
        OperatorText::AddressInUse
    } else if kind == io::ErrorKind::AddrNotAvailable {
        OperatorText::AddressNotLocal
    } else {
        OperatorText::ListenFailed { error: error.to_string() }
    }
}
