//! The work of statements with ten thousand entries: buffers on PostgreSQL, virtual machine steps
//! on SQLite.
//!
//! A server executes GraphQL queries; each statement that it sends is then explained with the
//! rights of the caller. PostgreSQL executes it seven times, because its plan may change at the
//! sixth execution.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use caunoi_server::Settings;
use caunoi_store::DatabaseLocation;
use caunoi_transfer::synthetic::SyntheticSpec;
use sea_orm::sqlx::postgres::PgConnection;
use sea_orm::sqlx::sqlite::SqliteConnection;
use sea_orm::sqlx::{AssertSqlSafe, Connection, Row, raw_sql};
use sea_orm::{Statement, Value as Bound};
use serde_json::{Value, json};

use crate::harness::synthetic_register::generate_entries;
use crate::harness::{Server, database_location, on_both_databases};

const SPEC: SyntheticSpec = SyntheticSpec { relations: 600, agreements: 6_000, events: 3_400, seed: 7 };
/// The number of steps between two calls of the progress handler of SQLite.
const STRIDE: i32 = 20;
/// The executions of a prepared statement; from the sixth on PostgreSQL may use a generic plan.
const EXECUTIONS: usize = 7;

/// The selection of an agreement in a list.
const SHOWN: &str = "id title fields { code } status signedOn { edtf }";

/// A query of a caller, and its limits of work.
struct PlanCase {
    name: &'static str,
    caller: &'static str,
    document: String,
    variables: Value,
    /// The maximum number of buffers on PostgreSQL.
    buffers: u64,
    /// The maximum number of steps on SQLite.
    steps: u64,
}

fn plan_case(
    name: &'static str,
    caller: &'static str,
    document: &str,
    (buffers, steps): (u64, u64),
) -> PlanCase {
    let document = document.replace("SHOWN", SHOWN);
    PlanCase { name, caller, document, variables: Value::Null, buffers, steps }
}

const CHILDREN: &str = "{ localities(first: 20) { nodes { agreements(first: 5) { nodes { code } } } } }";

/// Queries without variables: name, caller, document, buffers and steps.
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
    ("search", "", "{ search(query: \"hop tac\", first: 50) { nodes { __typename } } }", (3_000, 40_000)),
    ("rare search", "", "{ search(query: \"tokyo\", first: 50) { nodes { __typename } } }", (3_000, 40_000)),
    ("changes", "", "{ changes(first: 50) { messages { __typename } } }", (9_000, 500_000)),
    ("clerk", CLERK, LIST, (900, 9_000)),
    ("clerk, in force", CLERK, IN_FORCE, (2_000, 15_000)),
    ("clerk, partners", CLERK, CHILDREN, (2_000, 30_000)),
    ("analyst", ANALYST, LIST, (900, 9_000)),
    ("analyst, in force", ANALYST, IN_FORCE, (2_000, 15_000)),
    ("analyst, partners", ANALYST, CHILDREN, (2_000, 30_000)),
];

/// Returns the queries of the benchmark that use the database (the fourth is executed in memory),
/// lists for authenticated callers, child lists, searches, look-ups and changes.
async fn plan_cases(server: &Server) -> Vec<PlanCase> {
    let first = "{ agreements(first: 100) { nodes { id code } pageInfo { endCursor } } provinces { slug } }";
    let answer = server.execute(first, Value::Null).await;
    let data = &answer["data"];
    let mut cursor = data["agreements"]["pageInfo"]["endCursor"].clone();
    let next = "query($c: String) { agreements(first: 100, after: $c) { pageInfo { endCursor } } }";
    for _ in 0..20 {
        let page = server.execute(next, json!({ "c": cursor })).await;
        cursor = page["data"]["agreements"]["pageInfo"]["endCursor"].clone();
    }
    let (id, code) = (&data["agreements"]["nodes"][50]["id"], &data["agreements"]["nodes"][51]["code"]);
    let plain = PLAIN.map(|(name, caller, document, bounds)| plan_case(name, caller, document, bounds));
    let mut cases = Vec::from(plain);
    cases.push(plan_case("q3", "", &nested(&data["provinces"]), (6_000, 80_000)));
    for (name, document, variables, bounds) in
        [("q1", ONE, json!({ "id": id }), (50, 500)), ("q5", PAGE, json!({ "c": cursor }), (300, 4_000))]
    {
        cases.push(PlanCase { variables, ..plan_case(name, "", document, bounds) });
    }
    let by_code = format!("{{ agreement(by: {{code: {code}}}) {{ SHOWN renewedBy {{ code }} }} }}");
    for (name, caller) in [("by code", ""), ("clerk, by code", CLERK), ("analyst, by code", ANALYST)] {
        cases.push(plan_case(name, caller, &by_code, (100, 1_000)));
    }
    cases
}

/// Returns a query of twelve provinces with their relations, partners and agreements, which is
/// below the cost limit.
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
    SHOWN province { slug name } partnerLocality { slug name country { name } }
} }";
const IN_FORCE: &str =
    "{ agreements(first: 50, filter: {province: {in: [\"HA_NOI\"]}, status: {in: [IN_FORCE]}}) {
    nodes { SHOWN partnerLocality { name country { name } } }
} }";
/// The selection of each province in [`nested`].
const NESTED: &str = "fragment Nested on Province { slug relations(first: 10) { nodes {
    id status partnerLocality { slug name country { name } agreements(first: 5) { nodes { id title signedOn { edtf } } } }
} } }";
const PAGE: &str =
    "query($c: String!) { agreements(first: 50, after: $c) { nodes { SHOWN province { name } } } }";

#[tokio::test(flavor = "multi_thread")]
async fn work_of_every_statement_is_bounded() {
    on_both_databases(|settings| async move {
        generate_entries(&settings, SPEC).await;
        let server = Server::start(settings.clone()).await;
        let seen: Arc<Mutex<Vec<Statement>>> = Arc::default();
        let observer = Arc::clone(&seen);
        server.register().observe_statements(Box::new(move |statement| {
            observer.lock().expect("no test panics while it holds this").push(statement.clone());
        }));
        let mut failures = Vec::new();
        for case in plan_cases(&server).await {
            seen.lock().expect("no test panics while it holds this").clear();
            let PlanCase { name, caller, document, variables, buffers, steps } = case;
            let answer = match caller {
                "" => server.execute(&document, variables).await,
                caller => server.execute_as(caller, &document, variables).await,
            };
            assert!(answer["errors"].is_null(), "{name}: {answer}");
            let statements = std::mem::take(&mut *seen.lock().expect("no test panics while it holds this"));
            assert!(!statements.is_empty(), "{name} asks the database");
            let (work, bound) = match &settings.database_url {
                Some(url) => (buffers_of(url, caller, &statements).await, buffers),
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

/// Returns the steps of these statements, and the plans that read a whole table.
async fn steps_of(settings: &Settings, statements: &[Statement]) -> (u64, Vec<String>) {
    let DatabaseLocation::File(file) = database_location(settings) else { panic!("not a file") };
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

/// Returns the maximum number of buffers that these statements use in any execution.
async fn buffers_of(url: &str, caller: &str, statements: &[Statement]) -> (u64, Vec<String>) {
    let mut connection = PgConnection::connect(url).await.expect("the server answers");
    let role = match caller {
        "" => "caunoi_public",
        ANALYST => "caunoi_ministry",
        _ => "caunoi_app",
    };
    let log = "SELECT set_config('app.province', min(province_id)::TEXT, false)
        FROM province JOIN admin_unit ON admin_unit.id = province.unit_id WHERE slug = 'DONG_NAI'";
    raw_sql(log).fetch_all(&mut connection).await.expect("the province is there");
    let mut buffers = 0;
    for statement in statements {
        // The positions of the logs are read with the rights of the node.
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
        let explain = Statement::from_sql_and_values(
            statement.db_backend,
            format!("EXPLAIN (ANALYZE, BUFFERS) EXECUTE asked{places}"),
            values.iter().cloned(),
        );
        let mut most = 0;
        for _ in 0..EXECUTIONS {
            let plan = raw_sql(AssertSqlSafe(explain.to_string())).fetch_all(&mut connection).await;
            let plan = plan.unwrap_or_else(|error| panic!("{explain}: {error}"));
            let lines: Vec<String> = plan.iter().map(|row| row.get(0)).collect();
            most = most.max(lines.iter().find_map(|line| buffers_in(line)).unwrap_or(0));
        }
        buffers += most;
        raw_sql("DEALLOCATE asked").execute(&mut connection).await.expect("it was prepared");
    }
    connection.close().await.expect("the connection closes");
    (buffers, Vec::new())
}

/// Returns the shared buffers in a line such as `Buffers: shared hit=12 read=3, temp written=4`.
fn buffers_in(line: &str) -> Option<u64> {
    let shared = line.trim().strip_prefix("Buffers: shared ")?.split(',').next()?;
    Some(shared.split(' ').filter_map(|part| part.split_once('=')?.1.parse::<u64>().ok()).sum())
}

/// Returns the SQL type that the driver binds a value as.
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
