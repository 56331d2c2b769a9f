//! Why the register gave no answer.

use caunoi_domain::policy::Denied;
use caunoi_domain::refusal::Refusal;
use caunoi_store::StoreError;

/// Why the register gave no answer, as far as its caller can do anything about it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request itself is at fault.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The caller may not do this.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The database does not answer now; the same request may succeed later.
    #[error("the database does not answer")]
    Unavailable(#[source] StoreError),
    /// The register is at fault.
    #[error("the register is broken")]
    Broken(#[source] StoreError),
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Refused(refusal) => Self::Refused(refusal),
            StoreError::Away | StoreError::Moving | StoreError::Unreadable { .. } => Self::Unavailable(error),
            StoreError::Driver(_) if error.is_passing() => {
                caunoi_metrics::database_error(true);
                Self::Unavailable(error)
            }
            StoreError::Driver(_)
            | StoreError::Corrupt { .. }
            | StoreError::Newer(_)
            | StoreError::Unfit(_) => {
                caunoi_metrics::database_error(false);
                Self::Broken(error)
            }
        }
    }
}
