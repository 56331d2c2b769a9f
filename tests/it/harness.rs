//! Servers for tests: in this process, each on a free port, with a database of its own that holds the shipped data.

pub(crate) mod cutter;
pub(crate) mod desk;
pub(crate) mod fake_redis;
pub(crate) mod generated;
pub(crate) mod past;
mod postgres;
pub(crate) mod receiver;
mod sqlite;
pub(crate) mod way;

use std::error::Error;
use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use caunoi_domain::clock::Clock;
use caunoi_domain::data_set::DataSet;
use caunoi_domain::directory::Reference;
use caunoi_register::{Place, Register, Shipment};
use caunoi_server::identity::{Grant, issue};
use caunoi_server::{Running, Settings};
use caunoi_transfer::shipped;
use reqwest::{Client, Method, RequestBuilder};
use sea_orm::{ConnectOptions, Database, DatabaseConnection};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::task::JoinError;

/// Longer than anything takes on a busy machine: what takes longer hangs.
pub(crate) const PATIENCE: Duration = Duration::from_mins(10);

/// The media types that a client of today accepts, newest first.
pub(crate) const ACCEPT: &str = "application/graphql-response+json, application/json";

/// A clock that stands still.
#[derive(Clone, Copy)]
pub(crate) struct At(pub(crate) i64);

impl Clock for At {
    fn now_us(&self) -> i64 {
        self.0
    }
}

#[derive(Clone, Copy)]
enum Engine {
    Sqlite,
    Postgres,
}

const BOTH: [Engine; 2] = [Engine::Sqlite, Engine::Postgres];

impl fmt::Display for Engine {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        })
    }
}

/// One running server and a client for it.
pub(crate) struct Server {
    settings: Settings,
    running: Running,
    client: Client,
}

impl Server {
    /// Starts on what lies in the database of these settings.
    pub(crate) async fn start(settings: Settings) -> Self {
        let running = caunoi_server::start(settings.clone())
            .await
            .unwrap_or_else(|unable| panic!("the server did not start: {unable}"));
        let client = Client::builder()
            .no_proxy()
            .timeout(PATIENCE)
            .build()
            .expect("a client without special settings");
        Self { settings, running, client }
    }

    /// The address of a path on this server.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.running.address())
    }

    /// A bare HTTP request, for what `ask` does not say: other methods, headers, bodies that are not JSON.
    pub(crate) fn http(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, self.url(path))
    }

    /// Asks as anybody without a token would; gives the whole answer, with `data` and `errors`, whatever its status.
    pub(crate) async fn ask(&self, document: &str, variables: Value) -> Value {
        self.ask_with(None, document, variables).await
    }

    /// The same as somebody in a role, and of a province where the role has one: `clerk:DONG_NAI`, `steward`.
    pub(crate) async fn ask_as(&self, who: &str, document: &str, variables: Value) -> Value {
        let token = match who.split_once(':') {
            Some((role, slug)) => self.token(role, Some(slug)),
            None => self.token(who, None),
        };
        self.ask_with(Some(&token), document, variables).await
    }

    /// The same with a token of any origin.
    pub(crate) async fn ask_with(&self, token: Option<&str>, document: &str, variables: Value) -> Value {
        let request = self.http(Method::POST, "/graphql").header("accept", ACCEPT);
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

    /// A good token of the server's own key: `token("clerk", Some("DONG_NAI"))`.
    pub(crate) fn token(&self, role: &str, province: Option<&str>) -> String {
        let grant = Grant::new(role, province).unwrap_or_else(|why| panic!("{why}"));
        self.token_of(&grant)
    }

    /// The same for a grant that says more: another name, another life, reading alone.
    pub(crate) fn token_of(&self, grant: &Grant) -> String {
        issue(&self.settings, grant).unwrap_or_else(|unable| panic!("{unable}"))
    }

    /// Its metrics as Prometheus reads them.
    pub(crate) async fn metrics(&self) -> String {
        let address = self.running.metrics_address().expect("an address for metrics");
        let request = self.client.get(format!("http://{address}/metrics"));
        request.send().await.expect("the server answers").text().await.expect("the metrics")
    }

    /// What it was started with.
    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What it answers from.
    pub(crate) fn register(&self) -> &Register {
        self.running.register()
    }

    /// SQL statements since the start: the difference of two readings is the cost of what was asked between.
    pub(crate) fn statements(&self) -> u64 {
        self.running.register().statements()
    }

    /// Ends what runs, and waits for it.
    pub(crate) async fn stop(self) {
        drop(self.client);
        self.running.stop().await;
    }
}

/// Where one test keeps its register, with the shipped data in it.
struct Ground {
    data_dir: TempDir,
    database: Option<postgres::Database>,
}

impl Ground {
    async fn prepare(engine: Engine) -> Self {
        match engine {
            Engine::Sqlite => Self { data_dir: sqlite::data_dir().await, database: None },
            Engine::Postgres => Self {
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

/// Runs a test body on SQLite and on PostgreSQL, each on a fresh server, and names the engine where it fails.
pub(crate) async fn on_both_engines<Body, Outcome>(body: Body)
where
    Body: Fn(Arc<Server>) -> Outcome,
    Outcome: Future<Output = ()> + Send + 'static,
{
    on_each(&BOTH, async |settings| {
        let server = Arc::new(Server::start(settings).await);
        let outcome = tokio::spawn(body(Arc::clone(&server))).await;
        Arc::into_inner(server).expect("the test body gave its server back").stop().await;
        outcome
    })
    .await;
}

/// The same for a body that opens the database itself: it gets the settings of a server that does not run.
pub(crate) async fn on_both_databases<Body, Outcome>(body: Body)
where
    Body: Fn(Settings) -> Outcome,
    Outcome: Future<Output = ()> + Send + 'static,
{
    on_each(&BOTH, async |settings| tokio::spawn(body(settings)).await).await;
}

/// The same on PostgreSQL alone, for what SQLite does not have.
pub(crate) async fn on_a_server_database<Body, Outcome>(body: Body)
where
    Body: Fn(Settings) -> Outcome,
    Outcome: Future<Output = ()> + Send + 'static,
{
    on_each(&[Engine::Postgres], async |settings| tokio::spawn(body(settings)).await).await;
}

/// The same on SQLite alone, for what happens to its files.
pub(crate) async fn on_a_file_database<Body, Outcome>(body: Body)
where
    Body: Fn(Settings) -> Outcome,
    Outcome: Future<Output = ()> + Send + 'static,
{
    on_each(&[Engine::Sqlite], async |settings| tokio::spawn(body(settings)).await).await;
}

/// Bodies run as tasks, so that a panic is a value here and what was started is stopped all the same.
async fn on_each(engines: &[Engine], run: impl AsyncFn(Settings) -> Result<(), JoinError>) {
    let mut failures = Vec::new();
    for engine in engines {
        let ground = Ground::prepare(*engine).await;
        let outcome = run(ground.settings()).await;
        ground.remove().await;
        if let Err(failure) = outcome {
            failures.push(format!("on {engine}: {}", text_of(failure)));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The database that a server of these settings opens.
pub(crate) fn place(settings: &Settings) -> Place {
    match &settings.database_url {
        None => Place::File(settings.data_dir.join("caunoi.db")),
        Some(url) => Place::Server(url.clone()),
    }
}

/// The register of these settings, opened once more: what another node has.
pub(crate) async fn open(settings: &Settings) -> Register {
    let version = shipped::version();
    let read = |known: &Reference| -> Result<DataSet, Box<dyn Error + Send + Sync>> {
        Ok(shipped::data_set(known)?)
    };
    let shipment = Shipment { version: &version, read };
    let opened = Register::open(&place(settings), Arc::clone(&settings.clock), shipment).await;
    opened.unwrap_or_else(|error| panic!("{error}")).0
}

/// A connection for plain SQL to the database of these settings.
pub(crate) async fn connect(settings: &Settings) -> DatabaseConnection {
    let url = match place(settings) {
        Place::File(file) => format!("sqlite://{}", file.display()),
        Place::Server(url) => url,
    };
    let options = ConnectOptions::new(url).max_connections(1).sqlx_logging(false).to_owned();
    Database::connect(options).await.unwrap_or_else(|error| panic!("{error}"))
}

/// With the usual limits, but for those that a busy machine would reach.
fn embedded(data_dir: &Path) -> Settings {
    let mut settings = Settings {
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        metrics_listen: Some(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))),
        data_dir: data_dir.to_owned(),
        ..Settings::default()
    };
    settings.bounds.deadline = PATIENCE;
    settings.limits.socket.init_timeout = PATIENCE;
    settings
}

fn production(data_dir: &Path, database_url: String) -> Settings {
    Settings {
        database_url: Some(database_url),
        redis_url: Some(variable("CAUNOI_TEST_REDIS_URL", "redis://127.0.0.1:6379")),
        ..embedded(data_dir)
    }
}

fn variable(name: &str, otherwise: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| otherwise.to_owned())
}

/// What a failed body said.
fn text_of(failure: JoinError) -> String {
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
async fn a_failure_names_its_engine() {
    on_both_engines(|_server| async move { panic!("said by the body") }).await;
}

#[tokio::test]
async fn statements_count_what_a_page_costs() {
    on_both_engines(|server| async move {
        let before = server.statements();
        let answer = server.ask("{ agreements(first: 1) { nodes { id } } }", Value::Null).await;
        assert!(answer["data"]["agreements"]["nodes"][0]["id"].is_string(), "{answer}");
        assert!(server.statements() > before);
    })
    .await;
}
