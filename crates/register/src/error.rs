//! The error of the register.

use crate::gate::Overloaded;
use caunoi_domain::policy::Denied;
use caunoi_domain::validation::Reason;
use caunoi_store::StoreError;

/// Why a request to the register failed, by what the caller can do about it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request is invalid.
    #[error(transparent)]
    Refused(#[from] Reason),
    /// The caller is not authorised.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The database does not respond now; the same request may succeed later.
    #[error("the database does not answer")]
    Unavailable(#[source] StoreError),
    /// Too many requests wait for a turn to write; nothing was written.
    #[error("too many writes wait")]
    Overloaded,
    /// An internal error of the register.
    #[error("the register is broken")]
    Broken(#[source] StoreError),
}

impl From<Overloaded> for Error {
    fn from(Overloaded: Overloaded) -> Self {
        Self::Overloaded
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Refused(refusal) => Self::Refused(refusal),
            StoreError::Away | StoreError::Moving | StoreError::Unreadable { .. } => Self::Unavailable(error),
            StoreError::Driver(_) if error.is_transient() => {
                caunoi_metrics::count_database_error(true);
                Self::Unavailable(error)
            }
            StoreError::Driver(_)
            | StoreError::Corrupt { .. }
            | StoreError::Newer(_)
            | StoreError::Unfit(_) => {
                caunoi_metrics::count_database_error(false);
                Self::Broken(error)
            }
        }
    }
}
