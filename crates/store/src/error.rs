//! What can go wrong between the register and its database.

use sea_orm::DbErr;

/// Why the database gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The driver or the server failed; the same question may succeed later.
    #[error("the database did not answer: {0}")]
    Driver(#[from] DbErr),
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
}
