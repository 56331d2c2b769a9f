//! Metrics of the database: statements, transactions, pools and errors.

use crate::catalogue::{
    DATABASE_ERRORS, POOL_CONNECTIONS, POOL_LIMIT, SQL_FAILURES, SQL_SECONDS, TRANSACTION_WAIT_SECONDS,
    WRITES_UNREADABLE,
};
use crate::label::{Pool, PoolUsage};
use metrics::{counter, gauge, histogram};
use std::time::Duration;

/// Records the time of a statement, and counts it if it failed.
pub fn record_statement(pool: Pool, elapsed: Duration, has_failed: bool) {
    let name: &'static str = pool.into();
    histogram!(SQL_SECONDS, "pool" => name).record(elapsed.as_secs_f64());
    if has_failed {
        counter!(SQL_FAILURES, "pool" => name).increment(1);
    }
}

/// Records the time that a transaction waited for a connection and its `BEGIN`.
pub fn record_transaction_start(pool: Pool, elapsed: Duration) {
    let pool: &'static str = pool.into();
    histogram!(TRANSACTION_WAIT_SECONDS, "pool" => pool).record(elapsed.as_secs_f64());
}

/// Counts a database error, by whether it may be transient.
pub fn count_database_error(is_transient: bool) {
    let kind = if is_transient { "away" } else { "broken" };
    counter!(DATABASE_ERRORS, "kind" => kind).increment(1);
}

/// Counts a committed write that no other connection could read back.
pub fn count_unreadable_write() {
    counter!(WRITES_UNREADABLE).increment(1);
}

/// Sets the number of connections of a pool and its limit.
pub fn set_pool_usage(pool: Pool, usage: PoolUsage) {
    let pool: &'static str = pool.into();
    let PoolUsage { idle, used, most } = usage;
    for (state, count) in [("idle", idle), ("used", used)] {
        gauge!(POOL_CONNECTIONS, "pool" => pool, "state" => state).set(to_f64(count));
    }
    gauge!(POOL_LIMIT, "pool" => pool).set(to_f64(most));
}

fn to_f64(connections: usize) -> f64 {
    u32::try_from(connections).unwrap_or(u32::MAX).into()
}
