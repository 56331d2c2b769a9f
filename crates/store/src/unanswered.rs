//! Failures of a start that pass by themselves.

use crate::error::{StoreError, sqlx_error};
use sea_orm::DbErr;
use sea_orm::sqlx;

/// Classes of SQLSTATE that a server answers while it starts, stops or has no connection left:
/// connection exception, insufficient resources, operator intervention.
const PASSING_CLASSES: [&str; 3] = ["08", "53", "57"];
/// SQLSTATE `read_only_sql_transaction`: a standby before it is promoted.
const READ_ONLY: &str = "25006";

impl StoreError {
    /// Returns whether the same start may succeed later although nobody mends anything: the server
    /// cannot be reached, starts, stops, is full or is a standby. A wrong password, a missing
    /// database or a URL that cannot be used are none of these.
    #[must_use]
    pub fn is_unanswered(&self) -> bool {
        let Self::Driver(error) = self else { return matches!(self, Self::Away) };
        if matches!(error, DbErr::ConnectionAcquire(_)) {
            return true;
        }
        let Some(cause) = sqlx_error(error) else { return false };
        if let sqlx::Error::Database(said) = cause {
            let code = said.code().unwrap_or_default();
            let is_passing = PASSING_CLASSES.iter().any(|class| code.starts_with(class));
            // Result codes of SQLite are numbers of other lengths.
            return code.len() == 5 && (is_passing || code == READ_ONLY);
        }
        matches!(cause, sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed)
    }
}
