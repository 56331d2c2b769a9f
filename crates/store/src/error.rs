//! What can go wrong between the register and its database.

use sea_orm::sqlx;
use sea_orm::{DbErr, RuntimeErr};

/// Why the database gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The driver or the server failed; the same question may succeed later.
    #[error("the database did not answer: {0}")]
    Driver(#[from] DbErr),
    /// The server did not answer when it was probed last, so it was not asked.
    #[error("the database is away")]
    Away,
    /// A row holds what the program never writes.
    #[error("{table}.{column} of {id} cannot be read: {why}")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The key of the row.
        id: String,
        /// What is wrong with it.
        why: String,
    },
    /// The request asks for something that the domain refuses.
    #[error(transparent)]
    Refused(#[from] caunoi_domain::refusal::Refusal),
    /// The database was made by a newer program.
    #[error(transparent)]
    Newer(#[from] crate::migrate::NewerDatabase),
    /// The server would not keep what the register promises.
    #[error(transparent)]
    Unfit(#[from] crate::fit::Unfit),
}

impl StoreError {
    /// Whether the same question may succeed later: the database is away, full of work or
    /// restarting. Everything else the driver says is a mistake of ours.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        let error = match self {
            Self::Away => return true,
            Self::Driver(error) => error,
            Self::Corrupt { .. } | Self::Refused(_) | Self::Newer(_) | Self::Unfit(_) => return false,
        };
        if matches!(error, DbErr::ConnectionAcquire(_) | DbErr::Conn(_)) {
            return true;
        }
        let (DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error))) = error
        else {
            return false;
        };
        if let sqlx::Error::Database(told) = error.as_ref() {
            // PostgreSQL: connection, rollback, resources, lock not available, operator, idle too long. SQLite: busy, locked, full.
            let code = told.code().unwrap_or_default();
            return ["55P03", "25P03"].contains(&code.as_ref())
                || ["08", "40", "53", "57"].iter().any(|class| code.len() == 5 && code.starts_with(class))
                || ["5", "6", "13", "261", "517"].contains(&code.as_ref());
        }
        matches!(
            error.as_ref(),
            sqlx::Error::Io(_)
                | sqlx::Error::Tls(_)
                | sqlx::Error::Protocol(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::WorkerCrashed
        )
    }
}
