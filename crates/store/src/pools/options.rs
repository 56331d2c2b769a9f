//! How the connections of each pool are opened.

use crate::transaction::Eviction;
use sea_orm::ConnectOptions;
use sea_orm::sqlx::postgres::{PgConnectOptions, PgSslMode};
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

const STATEMENT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a question waits for a connection to a server: a fifth of what it may take in all.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(2);
/// The same for a file, whose writers all queue for the one connection that writes.
const FILE_TIMEOUT: Duration = Duration::from_secs(5);
const IDLE_CHECK: Duration = Duration::from_secs(30);

pub(super) fn sqlite(path: &Path, connections: u32) -> ConnectOptions {
    // The file is named apart from the URL, where signs such as `%` and `?` would mean something.
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
    options.set_application_name("caunoi").map_sqlx_postgres_opts(to_machine(url));
    options
}

/// Goes without TLS to a server on loopback, unless the URL says anything of it. With it each
/// connection takes a tenth of a second longer to open, and so does each statement above 16 KiB:
/// sqlx 0.9.0 leaves Nagle's algorithm on (transact-rs/sqlx#4335).
fn to_machine(url: &str) -> impl Fn(PgConnectOptions) -> PgConnectOptions + Clone + use<> {
    let parameters = url.split_once('?').map_or("", |(_, parameters)| parameters);
    let is_silent = !parameters.split('&').any(|parameter| parameter.starts_with("ssl"));
    move |options| {
        let host = options.get_host();
        let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
        let is_here = host == "localhost" || address.is_ok_and(|address| address.is_loopback());
        if is_silent && is_here { options.ssl_mode(PgSslMode::Disable) } else { options }
    }
}

/// Settings hold from the start of a connection, so RESET leads back to them: to the role above all.
pub(super) fn writes_as(role: &'static str, url: &str, connections: u32) -> ConnectOptions {
    let mut options = postgres(url, connections);
    // A node that was cut off in the middle of a write must not keep a province locked, nor those
    // who wait for it the connections of all others.
    let to_machine = to_machine(url);
    options.connect_lazy(true).map_sqlx_postgres_opts(move |options| {
        to_machine(options).options([
            ("role", role),
            ("lock_timeout", "5s"),
            ("idle_in_transaction_session_timeout", "15s"),
        ])
    });
    options
}

pub(super) fn reads_as(role: &'static str, url: &str, connections: u32) -> ConnectOptions {
    let mut options = postgres(url, connections);
    // Writers wait for each other and steps of the schema take their time; reads do not.
    options.statement_timeout(STATEMENT_TIMEOUT);
    // How statements are planned is left to PostgreSQL (`statement.rs` says what it is shown), and
    // not to what the database or the role of the URL may be set to.
    let to_machine = to_machine(url);
    options.connect_lazy(true).map_sqlx_postgres_opts(move |options| {
        to_machine(options).options([("role", role), ("plan_cache_mode", "auto")])
    });
    options
}

/// Examines each connection when it is given back to its pool and when it is taken from it again: in
/// between, another one may have failed to end its transaction. The driver has to wait for a rollback
/// that a dropped transaction has queued before it can be said whether a transaction is open.
pub(super) fn examined(mut options: ConnectOptions, eviction: &Arc<Eviction>) -> ConnectOptions {
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
    fn only_the_way_within_this_machine_goes_without_tls_and_only_where_the_url_is_silent() {
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
            let told = format!("{:?}", to_machine(url)(options).get_ssl_mode());
            assert_eq!(told, format!("{mode:?}"), "{url}");
        }
    }
}
