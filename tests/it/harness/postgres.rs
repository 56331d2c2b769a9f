//! PostgreSQL: a template with the shipped data for each run of the binary, and a copy of it for
//! each test.
//!
//! Databases are named `caunoi_test_<run>_<what>`. A run holds an advisory lock while it is alive,
//! so that the next run can find and remove the databases of finished runs.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::atomic::{AtomicU32, Ordering};

use reqwest::Url;
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, DbBackend, Statement, TransactionTrait};
use tokio::sync::{OnceCell, oneshot};

use super::{Server, TEST_TIMEOUT, connect, production, variable};

static RUN: OnceCell<String> = OnceCell::const_new();
static NEXT: AtomicU32 = AtomicU32::new(1);

/// The database of one test.
pub(super) struct Database {
    name: String,
}

impl Database {
    pub(super) async fn create() -> Self {
        let run = RUN.get_or_init(begin_run).await;
        let name = format!("{run}_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        execute(&administration().await, &format!("CREATE DATABASE {name} TEMPLATE {run}_template")).await;
        Self { name }
    }

    pub(super) fn url(&self) -> String {
        url_of(&self.name)
    }

    pub(super) async fn remove(self) {
        execute(&administration().await, &format!("DROP DATABASE {} WITH (FORCE)", self.name)).await;
    }
}

/// Chooses the name of this run, removes the databases of finished runs, and loads the shipped
/// data into the template.
async fn begin_run() -> String {
    let run = format!("caunoi_test_{:016x}", RandomState::new().build_hasher().finish());
    let administration = administration().await;
    hold(run.clone()).await;
    sweep(&administration).await;
    // From template0, because template1 may have another encoding.
    let create = format!("CREATE DATABASE {run}_template TEMPLATE template0 ENCODING 'UTF8'");
    execute(&administration, &create).await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let settings = production(folder.path(), url_of(&format!("{run}_template")));
    Server::start(settings.clone()).await.stop().await;
    // Each copy needs its own epoch; otherwise tests would share cached responses in Redis.
    let template = connect(&settings).await;
    execute(&template, "DELETE FROM installation WHERE name = 'epoch'").await;
    template.close().await.expect("the template can be left");
    run
}

/// Holds the lock of this run until the process ends; on a thread, because the runtime of a test
/// ends with the test.
async fn hold(run: String) {
    let (taken, wait) = oneshot::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async {
            // In a transaction, so that the pool does not close the connection as idle.
            let transaction = administration().await.begin().await.expect("a transaction begins");
            execute(&transaction, &format!("SELECT pg_advisory_xact_lock(hashtext('{run}'))")).await;
            taken.send(()).expect("the run waits for its lock");
            std::future::pending::<()>().await;
        });
    });
    wait.await.expect("the lock of this run is taken");
}

/// Drops the databases of runs whose lock is free.
async fn sweep(administration: &DatabaseConnection) {
    let over = "SELECT datname FROM pg_database
        WHERE datname ~ '^caunoi_test_[0-9a-f]{16}_' AND pg_try_advisory_lock(hashtext(left(datname, 28)))";
    let rows = administration.query_all_raw(Statement::from_string(DbBackend::Postgres, over)).await;
    for row in rows.expect("the databases can be listed") {
        let name: String = row.try_get_by_index(0).expect("a name");
        execute(administration, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
    }
    execute(administration, "SELECT pg_advisory_unlock_all()").await;
}

async fn execute(connection: &impl ConnectionTrait, sql: &str) {
    connection.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// Opens one session in the database of the given URL.
async fn administration() -> DatabaseConnection {
    let mut options = ConnectOptions::new(given().to_string());
    options.max_connections(1).connect_timeout(TEST_TIMEOUT).sqlx_logging(false);
    sea_orm::Database::connect(options).await.unwrap_or_else(|error| {
        let mut shown = given();
        // A URL without a host has no password to mask.
        let _ = shown.set_password(None);
        panic!("no PostgreSQL at {shown}: {error}\nName one in CAUNOI_TEST_POSTGRES_URL, or use tests/run: it brings one up.")
    })
}

fn given() -> Url {
    let url = variable("CAUNOI_TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres");
    url.parse().expect("CAUNOI_TEST_POSTGRES_URL is a URL")
}

fn url_of(database: &str) -> String {
    let mut url = given();
    url.set_path(database);
    url.into()
}
