//! Work ends with its answer: statements that nobody waits for are cancelled, and no further ones are sent.

use std::time::Duration;

use caunoi_server::Settings;
use reqwest::Method;
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, Statement};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::harness::{ACCEPT, Server, connect, on_both_databases};
use crate::socket::{hear, open, say};

/// Statements that one operation has running at the same time.
const AT_A_TIME: u64 = 4;

/// Fifty lists, no two of them equal.
fn fifty_lists() -> String {
    let list = |first: usize| format!("a{first}: agreements(first: {first}) {{ nodes {{ code }} }}");
    format!("{{ {} }}", (1..=50).map(list).collect::<Vec<_>>().join(" "))
}

/// Statements on agreements that never end: on SQLite they compute for ever, on PostgreSQL they wait for a lock.
struct Endless(DatabaseConnection);

impl Endless {
    async fn begin(settings: &Settings) -> Self {
        let endless = Self(connect(settings).await);
        endless.run(if settings.database_url.is_some() { LOCK } else { COMPUTE }).await;
        endless
    }

    async fn end(self) {
        let sqlite = self.0.get_database_backend() == DbBackend::Sqlite;
        self.run(if sqlite {
            &["DROP VIEW agreement", "ALTER TABLE kept RENAME TO agreement"]
        } else {
            &["ROLLBACK"]
        })
        .await;
        self.0.close().await.expect("the connection closes");
    }

    async fn run(&self, statements: &[&str]) {
        for statement in statements {
            self.0.execute_unprepared(statement).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
        }
    }

    /// How many statements of the server run in the database; those of SQLite run in the server.
    async fn active(&self) -> i64 {
        if self.0.get_database_backend() == DbBackend::Sqlite {
            return 0;
        }
        let count = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
            AND application_name = 'caunoi' AND state = 'active' AND wait_event_type = 'Lock'";
        let row = self.0.query_one_raw(Statement::from_string(DbBackend::Postgres, count)).await;
        row.expect("the server answers").expect("a row").try_get_by_index(0).expect("a number")
    }
}

const LOCK: &[&str] = &["BEGIN", "LOCK TABLE agreement IN ACCESS EXCLUSIVE MODE"];
const COMPUTE: &[&str] = &[
    "ALTER TABLE agreement RENAME TO kept",
    "CREATE VIEW agreement AS SELECT * FROM kept WHERE number IN (
        WITH RECURSIVE step(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM step) SELECT n FROM step WHERE n < 0)",
];

/// Waits for a number that comes by itself.
async fn until(what: &str, wanted: u64, count: impl Fn() -> u64) {
    let waiting = async {
        while count() != wanted {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let limit = Duration::from_mins(1);
    let came = tokio::time::timeout(limit, waiting).await;
    came.unwrap_or_else(|_| panic!("{what}: {} instead of {wanted}", count()));
}

/// A server whose statements on agreements never end.
struct Scene {
    server: Server,
    endless: Endless,
    /// Statements before anybody asked.
    before: u64,
}

impl Scene {
    async fn begin(settings: Settings) -> Self {
        let server = Server::start(settings).await;
        let endless = Endless::begin(server.settings()).await;
        let before = server.statements();
        Self { server, endless, before }
    }

    /// Asks for fifty lists, in a task of its own.
    fn ask(&self) -> JoinHandle<Value> {
        let request = self.server.http(Method::POST, "/graphql").header("accept", ACCEPT);
        let request = request.json(&json!({"query": fifty_lists()}));
        let asking = async move { request.send().await.expect("a response").json().await.expect("JSON") };
        tokio::spawn(asking)
    }

    async fn four_run(&self) {
        until("statements run", self.before + AT_A_TIME, || self.server.statements()).await;
    }

    /// What ran has ended, nothing followed it, and every connection is good for the next one.
    async fn nothing_is_left(self) {
        let Self { server, endless, before } = self;
        until("cancelled statements", AT_A_TIME, || server.register().cancelled()).await;
        while endless.active().await > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(server.statements(), before + AT_A_TIME, "none followed them");
        endless.end().await;
        let answer = server.ask(&fifty_lists(), Value::Null).await;
        assert!(answer["errors"].is_null(), "{answer}");
        assert_eq!(server.statements(), before + AT_A_TIME + 50);
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_leaves_takes_its_statements_along() {
    on_both_databases(|settings| async move {
        let scene = Scene::begin(settings).await;
        let asking = scene.ask();
        scene.four_run().await;
        asking.abort();
        assert!(asking.await.is_err(), "it had no answer");
        scene.nothing_is_left().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operation_that_times_out_takes_its_statements_along() {
    on_both_databases(|mut settings| async move {
        settings.bounds.deadline = Duration::from_secs(5);
        let scene = Scene::begin(settings).await;
        let asking = scene.ask();
        scene.four_run().await;
        let answer = asking.await.expect("an answer");
        assert_eq!(answer["errors"][0]["extensions"]["code"], "TIMEOUT", "{answer}");
        scene.nothing_is_left().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_over_a_socket_ends_with_complete() {
    on_both_databases(|settings| async move {
        let scene = Scene::begin(settings).await;
        let address = scene.server.url("").trim_start_matches("http://").parse().expect("an address");
        let mut socket = open(address).await.expect("a socket");
        say(&mut socket, &json!({"type": "connection_init"})).await;
        assert_eq!(hear(&mut socket).await["type"], "connection_ack");
        let payload = json!({"query": fifty_lists()});
        say(&mut socket, &json!({"id": "1", "type": "subscribe", "payload": payload})).await;
        scene.four_run().await;
        say(&mut socket, &json!({"id": "1", "type": "complete"})).await;
        scene.nothing_is_left().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_of_events_that_closes_takes_its_statements_along() {
    on_both_databases(|settings| async move {
        let scene = Scene::begin(settings).await;
        let request = scene.server.http(Method::POST, "/graphql").header("accept", "text/event-stream");
        let response = request.json(&json!({"query": fifty_lists()})).send().await.expect("a response");
        assert_eq!(response.status(), 200);
        scene.four_run().await;
        drop(response);
        scene.nothing_is_left().await;
    })
    .await;
}
