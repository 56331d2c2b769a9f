//! Cancellation: statements without a waiting client are cancelled, and no further ones are sent.

use std::time::Duration;

use caunoi_server::Settings;
use reqwest::Method;
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, Statement};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::harness::{ACCEPT, Server, connect, on_both_databases};
use crate::socket::{open, receive_message, send_message};

/// The number of statements that one operation runs at the same time.
const AT_A_TIME: u64 = 4;

/// Returns a query of fifty different lists.
fn fifty_lists() -> String {
    let list = |first: usize| format!("a{first}: agreements(first: {first}) {{ nodes {{ code }} }}");
    format!("{{ {} }}", (1..=50).map(list).collect::<Vec<_>>().join(" "))
}

/// Makes statements on agreements endless: on SQLite they compute, on PostgreSQL they wait for a
/// lock.
pub(crate) struct BlockedStatements(DatabaseConnection);

impl BlockedStatements {
    pub(crate) async fn begin(settings: &Settings) -> Self {
        let endless = Self(connect(settings).await);
        endless.run(if settings.database_url.is_some() { LOCK } else { COMPUTE }).await;
        endless
    }

    pub(crate) async fn end(self) {
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

    /// Returns the number of running statements in a database server; 0 on SQLite, where they run
    /// in the process.
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

/// Waits until the server has made the count this value; a request between two looks lets it work.
pub(crate) async fn wait_for_count(server: &Server, what: &str, wanted: u64, count: impl Fn() -> u64) {
    let waiting = async {
        while count() != wanted {
            assert_alive(server).await;
        }
    };
    let limit = Duration::from_mins(1);
    let came = tokio::time::timeout(limit, waiting).await;
    came.unwrap_or_else(|_| panic!("{what}: {} instead of {wanted}", count()));
}

async fn assert_alive(server: &Server) {
    let response = server.http(Method::GET, "/livez").send().await.expect("a response");
    assert_eq!(response.status(), 200);
}

/// A server whose statements on agreements are endless.
struct CancellationTest {
    server: Server,
    endless: BlockedStatements,
    /// The number of statements before the request.
    before: u64,
}

impl CancellationTest {
    async fn begin(settings: Settings) -> Self {
        let server = Server::start(settings).await;
        let endless = BlockedStatements::begin(server.settings()).await;
        let before = server.statements();
        Self { server, endless, before }
    }

    /// Requests fifty lists in a separate task.
    fn execute(&self) -> JoinHandle<Value> {
        let request = self.server.http(Method::POST, "/graphql").header("accept", ACCEPT);
        let request = request.json(&json!({"query": fifty_lists()}));
        let asking = async move { request.send().await.expect("a response").json().await.expect("JSON") };
        tokio::spawn(asking)
    }

    async fn wait_until_four_run(&self) {
        wait_for_count(&self.server, "statements run", self.before + AT_A_TIME, || self.server.statements())
            .await;
    }

    /// Asserts that the statements ended, no further ones followed, and every connection is
    /// usable.
    async fn assert_nothing_left(self) {
        let Self { server, endless, before } = self;
        wait_for_count(&server, "cancelled statements", AT_A_TIME, || server.register().cancelled()).await;
        while endless.active().await > 0 {
            assert_alive(&server).await;
        }
        assert_eq!(server.statements(), before + AT_A_TIME, "none followed them");
        endless.end().await;
        let answer = server.execute(&fifty_lists(), Value::Null).await;
        assert!(answer["errors"].is_null(), "{answer}");
        assert_eq!(server.statements(), before + AT_A_TIME + 50);
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn disconnect_cancels_statements() {
    on_both_databases(|settings| async move {
        let test = CancellationTest::begin(settings).await;
        let asking = test.execute();
        test.wait_until_four_run().await;
        asking.abort();
        assert!(asking.await.is_err(), "it had no answer");
        test.assert_nothing_left().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn timeout_cancels_statements() {
    on_both_databases(|mut settings| async move {
        settings.execution_limits.deadline = Duration::from_secs(5);
        let test = CancellationTest::begin(settings).await;
        let asking = test.execute();
        test.wait_until_four_run().await;
        let answer = asking.await.expect("an answer");
        assert_eq!(answer["errors"][0]["extensions"]["code"], "TIMEOUT", "{answer}");
        test.assert_nothing_left().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn complete_message_cancels_socket_query() {
    on_both_databases(|settings| async move {
        let test = CancellationTest::begin(settings).await;
        let address = test.server.url("").trim_start_matches("http://").parse().expect("an address");
        let mut socket = open(address).await.expect("a socket");
        send_message(&mut socket, &json!({"type": "connection_init"})).await;
        assert_eq!(receive_message(&mut socket).await["type"], "connection_ack");
        let payload = json!({"query": fifty_lists()});
        send_message(&mut socket, &json!({"id": "1", "type": "subscribe", "payload": payload})).await;
        test.wait_until_four_run().await;
        send_message(&mut socket, &json!({"id": "1", "type": "complete"})).await;
        test.assert_nothing_left().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn closed_event_stream_cancels_statements() {
    on_both_databases(|settings| async move {
        let test = CancellationTest::begin(settings).await;
        let request = test.server.http(Method::POST, "/graphql").header("accept", "text/event-stream");
        let response = request.json(&json!({"query": fifty_lists()})).send().await.expect("a response");
        assert_eq!(response.status(), 200);
        test.wait_until_four_run().await;
        drop(response);
        test.assert_nothing_left().await;
    })
    .await;
}
