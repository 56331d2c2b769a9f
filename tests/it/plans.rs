//! What statements cost at ten thousand entries, counted: buffers on PostgreSQL, steps of the virtual machine on SQLite.
//!
//! A server is asked in GraphQL; each statement that it sends is then explained by itself, with the rights of the one
//! who asked. PostgreSQL executes it seven times, because it may change its plan at the sixth.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use caunoi_register::Place;
use caunoi_server::Settings;
use caunoi_transfer::synthetic::Wish;
use sea_orm::sqlx::postgres::PgConnection;
use sea_orm::sqlx::sqlite::SqliteConnection;
use sea_orm::sqlx::{AssertSqlSafe, Connection, Row, raw_sql};
use sea_orm::{Statement, Value as Bound};
use serde_json::{Value, json};

use crate::harness::generated::fill;
use crate::harness::{Server, on_both_databases, place};

const WISH: Wish = Wish { relations: 600, agreements: 6_000, events: 3_400, seed: 7 };
/// After how many steps SQLite counts once.
const STRIDE: i32 = 20;
/// Executions of a prepared statement: the sixth is the first one that may have a plan without the bound values.
const EXECUTIONS: usize = 7;

/// What an agreement of a list shows.
const SHOWN: &str = "id title fields { code } status signed { edtf }";

/// Somebody who asks something, and the work that it may take.
struct Question {
    name: &'static str,
    who: &'static str,
    document: String,
    variables: Value,
    /// Buffers of PostgreSQL.
    buffers: u64,
    /// Steps of SQLite.
    steps: u64,
}

fn question(name: &'static str, who: &'static str, document: &str, (buffers, steps): (u64, u64)) -> Question {
    let document = document.replace("SHOWN", SHOWN);
    Question { name, who, document, variables: Value::Null, buffers, steps }
}

const CHILDREN: &str = "{ localities(first: 20) { nodes { agreements(first: 5) { nodes { code } } } } }";

/// What is asked as it stands: the name, who asks, the document, buffers and steps.
const PLAIN: [(&str, &str, &str, (u64, u64)); 14] = [
    ("q2", "", IN_FORCE, (2_000, 10_000)),
    ("q6", "", "{ agreements(first: 20, filter: {search: \"tokyo\"}) { nodes { SHOWN } } }", (500, 120_000)),
    (
        "two words",
        "",
        "{ agreements(first: 20, filter: {search: \"hop tac\"}) { nodes { SHOWN } } }",
        (1_500, 50_000),
    ),
    ("partners", "", CHILDREN, (1_500, 20_000)),
    (
        "one partner",
        "",
        "{ agreements(first: 20, filter: {locality: {in: [\"jp-tokyo\"]}}) { nodes { code } } }",
        (500, 6_000),
    ),
    ("search", "", "{ search(query: \"hop tac\", first: 50) { nodes { __typename } } }", (90_000, 1_200_000)),
    ("rare search", "", "{ search(query: \"tokyo\", first: 50) { nodes { __typename } } }", (3_000, 40_000)),
    ("changes", "", "{ changes(first: 50) { messages { __typename } } }", (9_000, 500_000)),
    ("clerk", CLERK, LIST, (900, 9_000)),
    ("clerk, in force", CLERK, IN_FORCE, (2_000, 15_000)),
    ("clerk, partners", CLERK, CHILDREN, (2_000, 30_000)),
    ("analyst", ANALYST, LIST, (900, 9_000)),
    ("analyst, in force", ANALYST, IN_FORCE, (2_000, 15_000)),
    ("analyst, partners", ANALYST, CHILDREN, (2_000, 30_000)),
];

/// The questions of the benchmark that ask the database (the fourth is answered from memory), lists of somebody signed
/// in, children, searches, look-ups and changes.
async fn questions(server: &Server) -> Vec<Question> {
    let first = "{ agreements(first: 100) { nodes { id code } pageInfo { endCursor } } provinces { slug } }";
    let answer = server.ask(first, Value::Null).await;
    let data = &answer["data"];
    let mut cursor = data["agreements"]["pageInfo"]["endCursor"].clone();
    let next = "query($c: String) { agreements(first: 100, after: $c) { pageInfo { endCursor } } }";
    for _ in 0..20 {
        let page = server.ask(next, json!({ "c": cursor })).await;
        cursor = page["data"]["agreements"]["pageInfo"]["endCursor"].clone();
    }
    let (id, code) = (&data["agreements"]["nodes"][50]["id"], &data["agreements"]["nodes"][51]["code"]);
    let plain = PLAIN.map(|(name, who, document, bounds)| question(name, who, document, bounds));
    let mut questions = Vec::from(plain);
    questions.push(question("q3", "", &nested(&data["provinces"]), (6_000, 80_000)));
    for (name, document, variables, bounds) in
        [("q1", ONE, json!({ "id": id }), (50, 500)), ("q5", PAGE, json!({ "c": cursor }), (300, 4_000))]
    {
        questions.push(Question { variables, ..question(name, "", document, bounds) });
    }
    let by_code = format!("{{ agreement(by: {{code: {code}}}) {{ SHOWN renewedBy {{ code }} }} }}");
    for (name, who) in [("by code", ""), ("clerk, by code", CLERK), ("analyst, by code", ANALYST)] {
        questions.push(question(name, who, &by_code, (100, 1_000)));
    }
    questions
}

/// Twelve provinces with their relations, their partners and agreements: what costs less than a request may.
fn nested(provinces: &Value) -> String {
    let slugs = provinces.as_array().expect("a list").iter().take(12);
    let province = |(place, province): (usize, &Value)| {
        format!("p{place}: province(slug: {}) {{ ...Nested }}", province["slug"])
    };
    let provinces: Vec<String> = slugs.enumerate().map(province).collect();
    format!("{{ {} }} {NESTED}", provinces.join(" "))
}

const CLERK: &str = "clerk:DONG_NAI";
const ANALYST: &str = "analyst";

const LIST: &str = "{ agreements(first: 50) { nodes { SHOWN } } }";
const ONE: &str = "query($id: ID!) { agreement(by: {id: $id}) {
    SHOWN province { slug name } partner { slug name country { name } }
} }";
const IN_FORCE: &str =
    "{ agreements(first: 50, filter: {province: {in: [\"HA_NOI\"]}, status: {in: [IN_FORCE]}}) {
    nodes { SHOWN partner { name country { name } } }
} }";
/// Below each province, as [`nested`] names them.
const NESTED: &str = "fragment Nested on Province { slug relations(first: 10) { nodes {
    id status partner { slug name country { name } agreements(first: 5) { nodes { id title signed { edtf } } } }
} } }";
const PAGE: &str =
    "query($c: String!) { agreements(first: 50, after: $c) { nodes { SHOWN province { name } } } }";

#[tokio::test(flavor = "multi_thread")]
async fn the_work_of_each_statement_is_bounded() {
    on_both_databases(|settings| async move {
        fill(&settings, WISH).await;
        let server = Server::start(settings.clone()).await;
        let seen: Arc<Mutex<Vec<Statement>>> = Arc::default();
        let observer = Arc::clone(&seen);
        server.register().observe_statements(Box::new(move |statement| {
            observer.lock().expect("no test panics while it holds this").push(statement.clone());
        }));
        let mut failures = Vec::new();
        for asked in questions(&server).await {
            seen.lock().expect("no test panics while it holds this").clear();
            let Question { name, who, document, variables, buffers, steps } = asked;
            let answer = match who {
                "" => server.ask(&document, variables).await,
                who => server.ask_as(who, &document, variables).await,
            };
            assert!(answer["errors"].is_null(), "{name}: {answer}");
            let statements = std::mem::take(&mut *seen.lock().expect("no test panics while it holds this"));
            assert!(!statements.is_empty(), "{name} asks the database");
            let (work, bound) = match &settings.database_url {
                Some(url) => (buffers_of(url, who, &statements).await, buffers),
                None => (steps_of(&settings, &statements).await, steps),
            };
            println!("{name}: {} of {bound} in {} statements", work.0, statements.len());
            if work.0 > bound || !work.1.is_empty() {
                let sent: Vec<&str> = statements.iter().map(|statement| statement.sql.as_str()).collect();
                failures.push(format!(
                    "{name}: {} of {bound} {}\n{}",
                    work.0,
                    work.1.join("; "),
                    sent.join("\n")
                ));
            }
        }
        server.stop().await;
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    })
    .await;
}

/// The steps of these statements, and the plans among them that read a whole table.
async fn steps_of(settings: &Settings, statements: &[Statement]) -> (u64, Vec<String>) {
    let Place::File(file) = place(settings) else { panic!("not a file") };
    let url = format!("sqlite://{}", file.display());
    let mut connection = SqliteConnection::connect(&url).await.expect("the file opens");
    let (mut steps, mut scans) = (0, Vec::new());
    for statement in statements {
        let sql = statement.to_string();
        let explained =
            raw_sql(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"))).fetch_all(&mut connection).await;
        for row in explained.unwrap_or_else(|error| panic!("{sql}: {error}")) {
            let detail: String = row.get("detail");
            let is_whole = ["relation", "agreement", "event", "change", "search_word"]
                .iter()
                .any(|table| detail.starts_with(&format!("SCAN {table}")));
            if is_whole {
                scans.push(detail);
            }
        }
        let counted = Arc::new(AtomicU64::new(0));
        let count = Arc::clone(&counted);
        let count = move || count.fetch_add(1, Ordering::Relaxed) < u64::MAX;
        connection.lock_handle().await.expect("the connection is free").set_progress_handler(STRIDE, count);
        raw_sql(AssertSqlSafe(sql)).fetch_all(&mut connection).await.expect("the statement runs");
        connection.lock_handle().await.expect("the connection is free").remove_progress_handler();
        steps += counted.load(Ordering::Relaxed) * u64::from(STRIDE.unsigned_abs());
    }
    connection.close().await.expect("the connection closes");
    (steps, scans)
}

/// The most buffers that these statements take in any of their executions.
async fn buffers_of(url: &str, who: &str, statements: &[Statement]) -> (u64, Vec<String>) {
    let mut connection = PgConnection::connect(url).await.expect("the server answers");
    let role = match who {
        "" => "caunoi_public",
        ANALYST => "caunoi_ministry",
        _ => "caunoi_app",
    };
    let log = "SELECT set_config('app.province', min(province_id)::TEXT, false)
        FROM province JOIN admin_unit ON admin_unit.id = province.unit_id WHERE slug = 'DONG_NAI'";
    raw_sql(log).fetch_all(&mut connection).await.expect("the province is there");
    let mut buffers = 0;
    for statement in statements {
        // How far the logs have come is read with the rights of the node.
        let role = if statement.sql.contains("\"province_head\"") { "caunoi_replica" } else { role };
        let take = format!("SET ROLE {role}");
        raw_sql(AssertSqlSafe(take)).execute(&mut connection).await.expect("the role is there");
        let values = statement.values.as_ref().map_or(&[][..], |values| values.0.as_slice());
        let types: Vec<&str> = values.iter().map(type_of).collect();
        let types = if types.is_empty() { String::new() } else { format!("({})", types.join(", ")) };
        let prepare = format!("PREPARE asked{types} AS {}", statement.sql);
        raw_sql(AssertSqlSafe(prepare))
            .execute(&mut connection)
            .await
            .unwrap_or_else(|error| panic!("{}: {error}", statement.sql));
        let places: Vec<String> = (1..=values.len()).map(|place| format!("${place}")).collect();
        let places = if places.is_empty() { String::new() } else { format!("({})", places.join(", ")) };
        let execute = Statement::from_sql_and_values(
            statement.db_backend,
            format!("EXPLAIN (ANALYZE, BUFFERS) EXECUTE asked{places}"),
            values.iter().cloned(),
        );
        let mut most = 0;
        for _ in 0..EXECUTIONS {
            let plan = raw_sql(AssertSqlSafe(execute.to_string())).fetch_all(&mut connection).await;
            let plan = plan.unwrap_or_else(|error| panic!("{execute}: {error}"));
            let lines: Vec<String> = plan.iter().map(|row| row.get(0)).collect();
            most = most.max(lines.iter().find_map(|line| buffers_in(line)).unwrap_or(0));
        }
        buffers += most;
        raw_sql("DEALLOCATE asked").execute(&mut connection).await.expect("it was prepared");
    }
    connection.close().await.expect("the connection closes");
    (buffers, Vec::new())
}

/// The shared buffers in a line like `Buffers: shared hit=12 read=3, temp written=4`.
fn buffers_in(line: &str) -> Option<u64> {
    let shared = line.trim().strip_prefix("Buffers: shared ")?.split(',').next()?;
    Some(shared.split(' ').filter_map(|part| part.split_once('=')?.1.parse::<u64>().ok()).sum())
}

/// The type as which the driver binds a value.
fn type_of(value: &Bound) -> &'static str {
    let types = [
        (matches!(value, Bound::SmallInt(_)), "SMALLINT"),
        (matches!(value, Bound::Int(_)), "INTEGER"),
        (matches!(value, Bound::BigInt(_)), "BIGINT"),
        (matches!(value, Bound::Bytes(_)), "BYTEA"),
        (matches!(value, Bound::ChronoDate(_)), "DATE"),
        (matches!(value, Bound::Bool(_)), "BOOLEAN"),
    ];
    types.into_iter().find(|(is_it, _)| *is_it).map_or("TEXT", |(_, name)| name)
}
