//! Servers for tests: in this process, each on a free port, with its own database that contains
//! the shipped data.

pub(crate) mod backup;
pub(crate) mod cutting_proxy;
pub(crate) mod fake_redis;
pub(crate) mod key_server;
mod postgres;
pub(crate) mod proxy;
pub(crate) mod publisher;
pub(crate) mod receiver;
mod sqlite;
pub(crate) mod synthetic_register;

use std::error::Error;
use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use caunoi_domain::clock::Clock;
use caunoi_domain::data_set::DataSet;
use caunoi_domain::directory::Reference;
use caunoi_register::{Register, ShippedDataSet};
use caunoi_server::identity::{Grant, issue};
use caunoi_server::{RunningServer, Settings};
use caunoi_store::DatabaseLocation;
use caunoi_transfer::shipped;
use reqwest::{Client, Method, RequestBuilder};
use sea_orm::{ConnectOptions, Database, DatabaseConnection};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::task::JoinError;

/// Longer than any step takes on a busy machine; a longer one hangs.
pub(crate) const TEST_TIMEOUT: Duration = Duration::from_mins(10);

/// The media types that a current client accepts, newest first.
pub(crate) const ACCEPT: &str = "application/graphql-response+json, application/json";

/// A clock with a fixed time, in microseconds.
#[derive(Clone, Copy)]
pub(crate) struct FixedClock(pub(crate) i64);

impl Clock for FixedClock {
    fn now_us(&self) -> i64 {
        self.0
    }
}

#[derive(Clone, Copy)]
enum TestEngine {
    Sqlite,
    Postgres,
}

const BOTH_ENGINES: [TestEngine; 2] = [TestEngine::Sqlite, TestEngine::Postgres];

impl fmt::Display for TestEngine {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        })
    }
}

/// A running server and an HTTP client for it.
pub(crate) struct Server {
    settings: Settings,
    running: RunningServer,
    client: Client,
}

impl Server {
    /// Starts a server with these settings.
    pub(crate) async fn start(settings: Settings) -> Self {
        let running = caunoi_server::start(settings.clone())
            .await
            .unwrap_or_else(|unable| panic!("the server did not start: {unable}"));
        let client = Client::builder()
            .no_proxy()
            .timeout(TEST_TIMEOUT)
            .build()
            .expect("a client without special settings");
        Self { settings, running, client }
    }

    /// Returns the URL of a path on this server.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.running.address())
    }

    /// Builds an HTTP request that `execute` does not support: other methods, headers, bodies that
    /// are not JSON.
    pub(crate) fn http(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, self.url(path))
    }

    /// Executes a document without a token; returns the response with `data` and `errors`,
    /// whatever its status.
    pub(crate) async fn execute(&self, document: &str, variables: Value) -> Value {
        self.execute_with_token(None, document, variables).await
    }

    /// Executes a document as a role, with a province if the role has one: `clerk:DONG_NAI`,
    /// `steward`.
    pub(crate) async fn execute_as(&self, caller: &str, document: &str, variables: Value) -> Value {
        let token = match caller.split_once(':') {
            Some((role, slug)) => self.token(role, Some(slug)),
            None => self.token(caller, None),
        };
        self.execute_with_token(Some(&token), document, variables).await
    }

    /// Executes a document with any token.
    pub(crate) async fn execute_with_token(
        &self,
        token: Option<&str>,
        document: &str,
        variables: Value,
    ) -> Value {
        self.execute_in("vi", token, document, variables).await
    }

    /// Executes a document without a token, with messages and names in English.
    pub(crate) async fn execute_in_english(&self, document: &str, variables: Value) -> Value {
        self.execute_in("en", None, document, variables).await
    }

    /// Executes a document in a language, with any token.
    pub(crate) async fn execute_in(
        &self,
        language: &str,
        token: Option<&str>,
        document: &str,
        variables: Value,
    ) -> Value {
        let request = self.http(Method::POST, "/graphql").header("accept", ACCEPT);
        let request = match language {
            // The default, as most clients send it: without the header.
            "vi" => request,
            _ => request.header("accept-language", language),
        };
        let request = match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        let response = request
            .json(&json!({ "query": document, "variables": variables }))
            .send()
            .await
            .expect("the server answers");
        let status = response.status();
        let body = response.text().await.expect("the answer is whole");
        serde_json::from_str(&body).unwrap_or_else(|error| panic!("{status} is not JSON ({error}): {body}"))
    }

    /// Returns a valid token of the key of this server: `token("clerk", Some("DONG_NAI"))`.
    pub(crate) fn token(&self, role: &str, province: Option<&str>) -> String {
        let grant = Grant::new(role, province).unwrap_or_else(|why| panic!("{why:?}"));
        self.token_of(&grant)
    }

    /// Returns a valid token for a grant with other attributes: name, lifetime, read-only.
    pub(crate) fn token_of(&self, grant: &Grant) -> String {
        issue(&self.settings, grant).unwrap_or_else(|unable| panic!("{unable}"))
    }

    /// Returns its metrics in the text format of Prometheus.
    pub(crate) async fn metrics(&self) -> String {
        let address = self.running.metrics_address().expect("an address for metrics");
        let request = self.client.get(format!("http://{address}/metrics"));
        request.send().await.expect("the server answers").text().await.expect("the metrics")
    }

    /// Exchanges with other nodes what the callers of this one have spent.
    pub(crate) async fn exchange_rates(&self) {
        self.running.exchange_rates().await;
    }

    /// Returns the settings that it was started with.
    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Returns its register.
    pub(crate) fn register(&self) -> &Arc<Register> {
        self.running.register()
    }

    /// Returns the number of SQL statements since the start.
    pub(crate) fn statements(&self) -> u64 {
        self.running.register().statements()
    }

    /// Stops the server and waits for its tasks.
    pub(crate) async fn stop(self) {
        drop(self.client);
        self.running.stop().await;
    }
}

/// The database of one test, with the shipped data.
struct TestDatabase {
    data_dir: TempDir,
    database: Option<postgres::Database>,
}

impl TestDatabase {
    async fn prepare(engine: TestEngine) -> Self {
        match engine {
            TestEngine::Sqlite => Self { data_dir: sqlite::data_dir().await, database: None },
            TestEngine::Postgres => Self {
                data_dir: tempfile::tempdir().expect("a temporary folder"),
                database: Some(postgres::Database::create().await),
            },
        }
    }

    fn settings(&self) -> Settings {
        match &self.database {
            None => embedded(self.data_dir.path()),
            Some(database) => production(self.data_dir.path(), database.url()),
        }
    }

    async fn remove(self) {
        if let Some(database) = self.database {
            database.remove().await;
        }
    }
}

/// Runs a test body on SQLite and on PostgreSQL, each with a new server; a failure names the
/// engine.
pub(crate) async fn on_both_engines<Body, Outcome>(body: Body)
where
    Body: Fn(Arc<Server>) -> Outcome,
    Outcome: Future<Output = ()> + Send + 'static,
{
    on_each(&BOTH_ENGINES, async |settings| {
        let server = Arc::new(Server::start(settings).await);
        let outcome = tokio::spawn(body(Arc::clone(&server))).await;
        Arc::into_inner(server).expect("the test body gave its server back").stop().await;
        outcome
    })
    .await;
}

/// Runs a test body that opens the database itself, with the settings of a server that is not
/// running.
pub(crate) async fn on_both_databases<Body, Outcome>(body: Body)
where
    Body: Fn(Settings) -> Outcome,
    Outcome: Future<Output = ()> + Send + 'static,
{
    on_each(&BOTH_ENGINES, async |settings| tokio::spawn(body(settings)).await).await;
}

/// Runs such a body on PostgreSQL only.
pub(crate) async fn on_postgres<Body, Outcome>(body: Body)
where
    Body: Fn(Settings) -> Outcome,
    Outcome: Future<Output = ()> + Send + 'static,
{
    on_each(&[TestEngine::Postgres], async |settings| tokio::spawn(body(settings)).await).await;
}

/// Runs such a body on SQLite only.
pub(crate) async fn on_sqlite<Body, Outcome>(body: Body)
where
    Body: Fn(Settings) -> Outcome,
    Outcome: Future<Output = ()> + Send + 'static,
{
    on_each(&[TestEngine::Sqlite], async |settings| tokio::spawn(body(settings)).await).await;
}

/// Bodies run as tasks, so that after a panic the database is removed too.
async fn on_each(engines: &[TestEngine], run: impl AsyncFn(Settings) -> Result<(), JoinError>) {
    let mut failures = Vec::new();
    for engine in engines {
        let database = TestDatabase::prepare(*engine).await;
        let outcome = run(database.settings()).await;
        database.remove().await;
        if let Err(failure) = outcome {
            failures.push(format!("on {engine}: {}", panic_text(failure)));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Returns the database that a server with these settings opens.
pub(crate) fn database_location(settings: &Settings) -> DatabaseLocation {
    match &settings.database_url {
        None => DatabaseLocation::File(settings.data_dir.join("caunoi.db")),
        Some(url) => DatabaseLocation::Server(url.clone()),
    }
}

/// Opens the register of these settings as another node would.
pub(crate) async fn open(settings: &Settings) -> Register {
    let version = shipped::version();
    let read = |known: &Reference| -> Result<DataSet, Box<dyn Error + Send + Sync>> {
        Ok(shipped::data_set(known)?)
    };
    let shipment = ShippedDataSet { version: &version, read };
    let opened = Register::open(&database_location(settings), Arc::clone(&settings.clock), shipment).await;
    opened.unwrap_or_else(|error| panic!("{error}")).0
}

/// Opens a connection for plain SQL to the database of these settings.
pub(crate) async fn connect(settings: &Settings) -> DatabaseConnection {
    let url = match database_location(settings) {
        DatabaseLocation::File(file) => format!("sqlite://{}", file.display()),
        DatabaseLocation::Server(url) => url,
    };
    let options = ConnectOptions::new(url).max_connections(1).sqlx_logging(false).to_owned();
    Database::connect(options).await.unwrap_or_else(|error| panic!("{error}"))
}

/// Default limits, except those that a busy machine would reach.
fn embedded(data_dir: &Path) -> Settings {
    let mut settings = Settings {
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        metrics_listen: Some(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))),
        data_dir: data_dir.to_owned(),
        ..Settings::default()
    };
    settings.execution_limits.deadline = TEST_TIMEOUT;
    settings.limits.socket.init_timeout = TEST_TIMEOUT;
    // Tests read counts when they want them: a write under way would be missing.
    settings.refusals.interval = TEST_TIMEOUT;
    settings
}

fn production(data_dir: &Path, database_url: String) -> Settings {
    Settings {
        database_url: Some(database_url),
        redis_url: Some(variable("CAUNOI_TEST_REDIS_URL", "redis://127.0.0.1:6379")),
        ..embedded(data_dir)
    }
}

fn variable(name: &str, default: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| default.to_owned())
}

/// Returns the message of a panic.
fn panic_text(failure: JoinError) -> String {
    match failure.try_into_panic() {
        Ok(panic) => panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("a panic without words")
            .to_owned(),
        Err(failure) => failure.to_string(),
    }
}

#[tokio::test]
#[should_panic(expected = "on SQLite: said by the body\non PostgreSQL: said by the body")]
async fn failure_names_its_engine() {
    on_both_engines(|_server| async move { panic!("said by the body") }).await;
}

#[tokio::test]
async fn statement_counter_counts_a_page() {
    on_both_engines(|server| async move {
        let before = server.statements();
        let answer = server.execute("{ agreements(first: 1) { nodes { id } } }", Value::Null).await;
        assert!(answer["data"]["agreements"]["nodes"][0]["id"].is_string(), "{answer}");
        assert!(server.statements() > before);
    })
    .await;
}
