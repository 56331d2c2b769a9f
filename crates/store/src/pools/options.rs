//! Options of the connections of each pool.

use crate::transaction::Eviction;
use sea_orm::ConnectOptions;
use sea_orm::sqlx::postgres::{PgConnectOptions, PgSslMode};
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

const STATEMENT_TIMEOUT: Duration = Duration::from_secs(10);
/// Time-out for a connection to a server: a fifth of the deadline of a request.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(2);
/// The same for a file, whose writers all queue for one connection.
const FILE_TIMEOUT: Duration = Duration::from_secs(5);
const IDLE_CHECK: Duration = Duration::from_secs(30);

pub(super) fn sqlite(path: &Path, connections: u32) -> ConnectOptions {
    // The file is not part of the URL, in which characters such as `%` and `?` have a meaning.
    let mut options = pool("sqlite://", connections, FILE_TIMEOUT);
    let path = path.to_owned();
    options.min_connections(1).map_sqlx_sqlite_opts(move |options| {
        options
            .filename(&path)
            .create_if_missing(true)
            .pragma("journal_mode", "WAL")
            .pragma("synchronous", "FULL")
            .pragma("foreign_keys", "ON")
            .busy_timeout(FILE_TIMEOUT)
    });
    options
}

pub(super) fn postgres(url: &str, connections: u32) -> ConnectOptions {
    let mut options = pool(url, connections, ACQUIRE_TIMEOUT);
    options.set_application_name("caunoi").map_sqlx_postgres_opts(without_tls_on_loopback(url));
    options
}

/// Disables TLS to a server on loopback, unless the URL has a parameter for it. With TLS each
/// connection takes 0.1 s longer to open, and so does each statement above 16 KiB: sqlx 0.9.0
/// leaves Nagle's algorithm on (transact-rs/sqlx#4335).
fn without_tls_on_loopback(url: &str) -> impl Fn(PgConnectOptions) -> PgConnectOptions + Clone + use<> {
    let parameters = url.split_once('?').map_or("", |(_, parameters)| parameters);
    let has_no_ssl_parameter = !parameters.split('&').any(|parameter| parameter.starts_with("ssl"));
    move |options| {
        let host = options.get_host();
        let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
        let is_loopback = host == "localhost" || address.is_ok_and(|address| address.is_loopback());
        if has_no_ssl_parameter && is_loopback { options.ssl_mode(PgSslMode::Disable) } else { options }
    }
}

/// The settings are startup parameters, so RESET restores them, above all the role.
pub(super) fn writer_options(role: &'static str, url: &str, connections: u32) -> ConnectOptions {
    let mut options = postgres(url, connections);
    // A node that is cut off during a write must not keep a province locked, nor keep the
    // connections of those who wait for it.
    let without_tls_on_loopback = without_tls_on_loopback(url);
    options.connect_lazy(true).map_sqlx_postgres_opts(move |options| {
        without_tls_on_loopback(options).options([
            ("role", role),
            ("lock_timeout", "5s"),
            ("idle_in_transaction_session_timeout", "15s"),
        ])
    });
    options
}

pub(super) fn reader_options(role: &'static str, url: &str, connections: u32) -> ConnectOptions {
    let mut options = postgres(url, connections);
    // Writers wait for each other and migrations take time; reads do not.
    options.statement_timeout(STATEMENT_TIMEOUT);
    // PostgreSQL chooses the kind of plan (see `statement.rs`), whatever the settings of the
    // database or of the role in the URL are.
    let without_tls_on_loopback = without_tls_on_loopback(url);
    options.connect_lazy(true).map_sqlx_postgres_opts(move |options| {
        without_tls_on_loopback(options).options([("role", role), ("plan_cache_mode", "auto")])
    });
    options
}

/// Checks each connection when it is returned to its pool and when it is acquired again: in
/// between, another one may have failed to end its transaction. A rollback that a dropped
/// transaction has queued must finish before the driver knows whether a transaction is open.
pub(super) fn with_connection_checks(
    mut options: ConnectOptions,
    eviction: &Arc<Eviction>,
) -> ConnectOptions {
    let taken = Arc::clone(eviction);
    options.map_sqlx_sqlite_before_acquire(move |connection, meta| {
        let eviction = Arc::clone(&taken);
        Box::pin(async move { eviction.accepts(connection, meta.age).await })
    });
    let returned = Arc::clone(eviction);
    options.map_sqlx_sqlite_pool_opts(move |pool| {
        let eviction = Arc::clone(&returned);
        pool.after_release(move |connection, meta| {
            let eviction = Arc::clone(&eviction);
            Box::pin(async move { eviction.accepts(connection, meta.age).await })
        })
    });
    let taken = Arc::clone(eviction);
    options.map_sqlx_postgres_before_acquire(move |connection, meta| {
        let eviction = Arc::clone(&taken);
        Box::pin(async move { eviction.accepts(connection, meta.age).await })
    });
    let returned = Arc::clone(eviction);
    options.map_sqlx_postgres_pool_opts(move |pool| {
        let eviction = Arc::clone(&returned);
        pool.after_release(move |connection, meta| {
            let eviction = Arc::clone(&eviction);
            Box::pin(async move { eviction.accepts(connection, meta.age).await })
        })
    });
    options
}

fn pool(url: &str, connections: u32, timeout: Duration) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .acquire_timeout(timeout)
        .connect_timeout(timeout)
        .test_before_acquire(false)
        .test_before_acquire_if_idle_for(IDLE_CHECK)
        .sqlx_logging(false);
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_unencrypted_unless_the_url_sets_ssl() {
        for (url, mode) in [
            ("postgres://caunoi@localhost/caunoi", PgSslMode::Disable),
            ("postgres://caunoi@127.0.0.1:5433/caunoi", PgSslMode::Disable),
            ("postgres://caunoi@[::1]/caunoi", PgSslMode::Disable),
            ("postgres://caunoi@127.0.0.1/caunoi?sslmode=require", PgSslMode::Require),
            ("postgres://caunoi@localhost/caunoi?sslmode=verify-full", PgSslMode::VerifyFull),
            ("postgres://caunoi@localhost/caunoi?sslmode=prefer", PgSslMode::Prefer),
            ("postgres://caunoi@localhost/caunoi?a=b&sslrootcert=c", PgSslMode::Prefer),
            ("postgres://caunoi@10.0.0.5/caunoi", PgSslMode::Prefer),
            ("postgres://caunoi@localhost.example.vn/caunoi", PgSslMode::Prefer),
            ("postgres://caunoi@db/caunoi?sslmode=require", PgSslMode::Require),
        ] {
            let options: PgConnectOptions = url.parse().unwrap();
            let actual = format!("{:?}", without_tls_on_loopback(url)(options).get_ssl_mode());
            assert_eq!(actual, format!("{mode:?}"), "{url}");
        }
    }
}
