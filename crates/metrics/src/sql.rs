//! The database: statements, pools, and when it gives no answer.

use crate::catalogue::{
    BEGIN_SECONDS, DATABASE_ERRORS, POOL_CONNECTIONS, POOL_LIMIT, SQL_FAILURES, SQL_SECONDS,
    WRITES_UNREADABLE,
};
use crate::label::{Pool, Reading};
use metrics::{counter, gauge, histogram};
use std::time::Duration;

/// A statement has ended.
pub fn statement(pool: Pool, elapsed: Duration, has_failed: bool) {
    let name: &'static str = pool.into();
    histogram!(SQL_SECONDS, "pool" => name).record(elapsed.as_secs_f64());
    if has_failed {
        counter!(SQL_FAILURES, "pool" => name).increment(1);
    }
}

/// A transaction has begun.
pub fn begin(pool: Pool, elapsed: Duration) {
    let pool: &'static str = pool.into();
    histogram!(BEGIN_SECONDS, "pool" => pool).record(elapsed.as_secs_f64());
}

/// The database gave no answer; it may later, or never.
pub fn database_error(is_passing: bool) {
    let kind = if is_passing { "away" } else { "broken" };
    counter!(DATABASE_ERRORS, "kind" => kind).increment(1);
}

/// A committed write could not be read back on another connection.
pub fn unreadable_write() {
    counter!(WRITES_UNREADABLE).increment(1);
}

/// What a pool holds at this moment.
pub fn note_pool(pool: Pool, reading: Reading) {
    let pool: &'static str = pool.into();
    let Reading { idle, used, most } = reading;
    for (state, count) in [("idle", idle), ("used", used)] {
        gauge!(POOL_CONNECTIONS, "pool" => pool, "state" => state).set(count_of(count));
    }
    gauge!(POOL_LIMIT, "pool" => pool).set(count_of(most));
}

fn count_of(connections: usize) -> f64 {
    u32::try_from(connections).unwrap_or(u32::MAX).into()
}
