//! The errors of the store.

use crate::column::TableColumn;
use sea_orm::{DbErr, RuntimeErr, sqlx};

/// An error of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The driver or the server failed.
    #[error("the database did not answer: {0}")]
    Driver(#[from] DbErr),
    /// The last probe of the server failed, so the statement was not sent.
    #[error("the database is unreachable")]
    Away,
    /// A committed write is not visible to another connection.
    #[error("{what} was committed and cannot be read back")]
    Unreadable {
        /// The write.
        what: String,
    },
    /// The logs were written faster than one consistent state of them could be read.
    #[error("the logs are written faster than one state of them can be read")]
    Moving,
    /// A row has a value that this program never writes.
    #[error("{table}.{column} of {id} cannot be read: {why}")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The key of the row.
        id: String,
        /// A description of the fault.
        why: String,
    },
    /// The domain refuses the request.
    #[error(transparent)]
    Refused(#[from] caunoi_domain::validation::Reason),
    /// The database was migrated by a newer program.
    #[error(transparent)]
    Newer(#[from] crate::migrate::NewerDatabase),
    /// The server does not meet the requirements of the register.
    #[error(transparent)]
    Unfit(#[from] crate::server_check::Unfit),
}

impl StoreError {
    /// Returns the error for a value that this program never writes.
    pub(crate) fn corrupt(
        column: impl Into<TableColumn>,
        id: impl Into<String>,
        why: impl Into<String>,
    ) -> Self {
        let TableColumn { table, name } = column.into();
        Self::Corrupt { table: table.name(), column: name, id: id.into(), why: why.into() }
    }

    /// Returns whether a retry may succeed: the database is unreachable, overloaded, out of space
    /// or memory, or restarting. Any other error of the driver is a bug of this program.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        let error = match self {
            Self::Away | Self::Moving | Self::Unreadable { .. } => return true,
            Self::Driver(error) => error,
            Self::Corrupt { .. } | Self::Refused(_) | Self::Newer(_) | Self::Unfit(_) => return false,
        };
        if matches!(error, DbErr::ConnectionAcquire(_) | DbErr::Conn(_)) {
            return true;
        }
        match sqlx_error(error) {
            Some(sqlx::Error::Database(database_error)) => {
                is_transient_code(&database_error.code().unwrap_or_default())
            }
            Some(error) => matches!(
                error,
                sqlx::Error::Io(_)
                    | sqlx::Error::Tls(_)
                    | sqlx::Error::Protocol(_)
                    | sqlx::Error::PoolTimedOut
                    | sqlx::Error::PoolClosed
                    | sqlx::Error::WorkerCrashed
                    | sqlx::Error::InvalidSavePointStatement
                    | sqlx::Error::BeginFailed
            ),
            None => false,
        }
    }

    /// Returns whether the database is read-only at present: a standby, a demoted server, a file on
    /// a read-only disk.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        let Self::Driver(error) = self else { return false };
        match sqlx_error(error) {
            Some(sqlx::Error::Database(database_error)) => {
                let code = database_error.code().unwrap_or_default();
                code == READ_ONLY_TRANSACTION || primary_code(&code) == Some(SQLITE_READONLY)
            }
            _ => false,
        }
    }
}

/// SQLSTATE `read_only_sql_transaction`.
const READ_ONLY_TRANSACTION: &str = "25006";
const SQLITE_READONLY: u32 = 8;
/// Primary result codes of SQLite: BUSY, LOCKED, NOMEM, READONLY, INTERRUPT, IOERR, FULL, CANTOPEN,
/// PROTOCOL. The statement was rolled back.
const TRANSIENT_SQLITE_CODES: [u32; 9] = [5, 6, 7, SQLITE_READONLY, 9, 10, 13, 14, 15];
/// Classes of SQLSTATE: connection, transaction rollback, resources, operator, system.
const TRANSIENT_CLASSES: [&str; 5] = ["08", "40", "53", "57", "58"];
/// Further SQLSTATEs: read-only, idle-in-transaction timeout, transaction timeout, lock not
/// available.
const TRANSIENT_STATES: [&str; 4] = [READ_ONLY_TRANSACTION, "25P03", "25P04", "55P03"];

/// Returns the driver error inside an error of a connection or a statement.
pub(crate) fn sqlx_error(error: &DbErr) -> Option<&sqlx::Error> {
    if let DbErr::Conn(RuntimeErr::SqlxError(error))
    | DbErr::Exec(RuntimeErr::SqlxError(error))
    | DbErr::Query(RuntimeErr::SqlxError(error)) = error
    {
        Some(error)
    } else {
        None
    }
}

/// Returns the primary code of an extended result code of SQLite; `None` for a SQLSTATE, which has
/// five characters.
fn primary_code(code: &str) -> Option<u32> {
    if code.len() == 5 { None } else { code.parse::<u32>().ok().map(|code| code & 0xff) }
}

fn is_transient_code(code: &str) -> bool {
    match primary_code(code) {
        Some(primary) => TRANSIENT_SQLITE_CODES.contains(&primary),
        None => {
            TRANSIENT_STATES.contains(&code) || TRANSIENT_CLASSES.iter().any(|class| code.starts_with(class))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_disk_io_error_and_no_memory_are_transient() {
        // FULL, IOERR and some of its extended codes (WRITE, FSYNC, SHMSIZE), NOMEM, CANTOPEN,
        // BUSY.
        for code in ["13", "10", "778", "1034", "4874", "3082", "7", "14", "1038", "5", "261", "517"] {
            assert!(is_transient_code(code), "{code}");
        }
        // ERROR, CORRUPT, CONSTRAINT_UNIQUE, MISUSE.
        for code in ["1", "11", "2067", "21", ""] {
            assert!(!is_transient_code(code), "{code}");
        }
    }

    #[test]
    fn read_only_or_full_server_is_transient() {
        for state in ["25006", "53100", "58030", "57P01", "08006", "40001", "55P03"] {
            assert!(is_transient_code(state), "{state}");
        }
        for state in ["23505", "25P02", "42601", "XX001", "0A000"] {
            assert!(!is_transient_code(state), "{state}");
        }
    }
}
