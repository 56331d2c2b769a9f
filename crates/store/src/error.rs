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
    /// What was committed is not there for another connection.
    #[error("{what} was committed and cannot be read back")]
    Unreadable {
        /// What was written.
        what: String,
    },
    /// The logs were written to faster than one state of them could be read.
    #[error("the logs move faster than one state of them can be read")]
    Moving,
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
    /// Whether the same question may succeed later: the database is away, full of work, out of space
    /// or memory, or restarting. Everything else the driver says is a mistake of ours.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        let error = match self {
            Self::Away | Self::Moving | Self::Unreadable { .. } => return true,
            Self::Driver(error) => error,
            Self::Corrupt { .. } | Self::Refused(_) | Self::Newer(_) | Self::Unfit(_) => return false,
        };
        if matches!(error, DbErr::ConnectionAcquire(_) | DbErr::Conn(_)) {
            return true;
        }
        match sqlx_error(error) {
            Some(sqlx::Error::Database(said)) => is_passing_code(&said.code().unwrap_or_default()),
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

    /// Whether the database takes no writes now: a standby, a server that was demoted, a file on a
    /// read-only disk.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        let Self::Driver(error) = self else { return false };
        match sqlx_error(error) {
            Some(sqlx::Error::Database(said)) => {
                let code = said.code().unwrap_or_default();
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
/// PROTOCOL. What the caller asked for was rolled back.
const PASSING_SQLITE: [u32; 9] = [5, 6, 7, SQLITE_READONLY, 9, 10, 13, 14, 15];
/// Classes of SQLSTATE: connection, transaction rollback, resources, operator, system.
const PASSING_CLASSES: [&str; 5] = ["08", "40", "53", "57", "58"];
/// Further ones: read-only, idle in a transaction for too long, transaction too long, lock not
/// available.
const PASSING_STATES: [&str; 4] = [READ_ONLY_TRANSACTION, "25P03", "25P04", "55P03"];

/// The error of the driver below an error of a connection or a statement.
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

/// The primary code within an extended result code of SQLite; none for a SQLSTATE, which has five
/// signs.
fn primary_code(code: &str) -> Option<u32> {
    if code.len() == 5 { None } else { code.parse::<u32>().ok().map(|code| code & 0xff) }
}

fn is_passing_code(code: &str) -> bool {
    match primary_code(code) {
        Some(primary) => PASSING_SQLITE.contains(&primary),
        None => PASSING_STATES.contains(&code) || PASSING_CLASSES.iter().any(|class| code.starts_with(class)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_disks_failing_files_and_no_memory_pass() {
        // FULL, IOERR and some of its extended codes (WRITE, FSYNC, SHMSIZE), NOMEM, CANTOPEN, BUSY.
        for code in ["13", "10", "778", "1034", "4874", "3082", "7", "14", "1038", "5", "261", "517"] {
            assert!(is_passing_code(code), "{code}");
        }
        // ERROR, CORRUPT, CONSTRAINT_UNIQUE, MISUSE.
        for code in ["1", "11", "2067", "21", ""] {
            assert!(!is_passing_code(code), "{code}");
        }
    }

    #[test]
    fn a_server_that_is_read_only_or_full_passes() {
        for state in ["25006", "53100", "58030", "57P01", "08006", "40001", "55P03"] {
            assert!(is_passing_code(state), "{state}");
        }
        for state in ["23505", "25P02", "42601", "XX001", "0A000"] {
            assert!(!is_passing_code(state), "{state}");
        }
    }
}
