//! Failures at the start of a node that may pass without intervention.

use crate::error::{StoreError, sqlx_error};
use sea_orm::{DbErr, sqlx};

/// Classes of SQLSTATE that a server returns while it starts, stops or has no free connection:
/// connection exception, insufficient resources, operator intervention.
const TRANSIENT_CLASSES: [&str; 3] = ["08", "53", "57"];
/// SQLSTATE `read_only_sql_transaction`: a standby that is not promoted yet.
const READ_ONLY: &str = "25006";

impl StoreError {
    /// Returns whether a later start may succeed without intervention: the server is unreachable,
    /// starting, stopping, full or a standby. A wrong password, a missing database or an invalid
    /// URL return false.
    #[must_use]
    pub fn is_retryable_at_start(&self) -> bool {
        let Self::Driver(error) = self else { return matches!(self, Self::Away) };
        if matches!(error, DbErr::ConnectionAcquire(_)) {
            return true;
        }
        let Some(cause) = sqlx_error(error) else { return false };
        if let sqlx::Error::Database(database_error) = cause {
            let code = database_error.code().unwrap_or_default();
            let is_transient = TRANSIENT_CLASSES.iter().any(|class| code.starts_with(class));
            // A SQLSTATE has five characters; result codes of SQLite are shorter numbers.
            return code.len() == 5 && (is_transient || code == READ_ONLY);
        }
        matches!(cause, sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed)
    }
}
