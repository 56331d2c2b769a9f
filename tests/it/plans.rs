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
    let id = &data["agreements"]["nodes"][50]["id"];
    let code = data["agreements"]["nodes"][51]["code"].as_str().expect("a code");
    let with = |question: Question, variables: Value| Question { variables, ..question };
    let mut questions = vec![
        with(question("q1", "", ONE, (100, 500)), json!({ "id": id })),
        question("q2", "", IN_FORCE, (2_000, 20_000)),
        question("q3", "", &nested(&data["provinces"]), (9_000, 90_000)),
        with(question("q5", "", PAGE, (400, 4_000)), json!({ "c": cursor })),
        question(
            "q6",
            "",
            "{ agreements(first: 20, filter: {search: \"tokyo\"}) { nodes { SHOWN } } }",
            (900, 60_000),
        ),
        question(
            "two words",
            "",
            "{ agreements(first: 20, filter: {search: \"hop tac\"}) { nodes { SHOWN } } }",
            (900, 90_000),
        ),
        question(
            "partner",
            "",
            "{ localities(first: 20) { nodes { agreements(first: 5) { nodes { code } } } } }",
            (2_000, 20_000),
        ),
        question(
            "one locality",
            "",
            "{ agreements(first: 20, filter: {locality: {in: [\"jp-tokyo\"]}}) { nodes { code } } }",
            (900, 20_000),
        ),
        question(
            "search",
            "",
            "{ search(query: \"hop tac\", first: 50) { nodes { __typename } } }",
            (90_000, 900_000),
        ),
        question(
            "rare search",
            "",
            "{ search(query: \"tokyo\", first: 50) { nodes { __typename } } }",
            (9_000, 90_000),
        ),
        question("changes", "", "{ changes(first: 50) { messages { __typename } } }", (900, 90_000)),
    ];
    let by_code = format!("{{ agreement(by: {{code: \"{code}\"}}) {{ SHOWN renewedBy {{ code }} }} }}");
    questions.push(question("by code", "", &by_code, (200, 1_000)));
    for (who, names) in [
        ("clerk:DONG_NAI", ["clerk's list", "clerk in force", "clerk's children", "clerk by code"]),
        ("analyst", ["analyst's list", "analyst in force", "analyst's children", "analyst by code"]),
    ] {
        let children = "{ localities(first: 20) { nodes { agreements(first: 5) { nodes { code } } } } }";
        for (name, document, bounds) in [
            (names[0], "{ agreements(first: 50) { nodes { SHOWN } } }", (900, 9_000)),
            (names[1], IN_FORCE, (2_000, 20_000)),
            (names[2], children, (4_000, 40_000)),
            (names[3], by_code.as_str(), (200, 1_000)),
        ] {
            questions.push(question(name, who, document, bounds));
        }
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
            if work.0 > bound {
                println!("{}", statements[0]);
            }
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
        steps += counted.load(Ordering::Relaxed) * STRIDE.unsigned_abs() as u64;
    }
    connection.close().await.expect("the connection closes");
    (steps, scans)
}

/// The most buffers that these statements take in any of their executions.
async fn buffers_of(url: &str, who: &str, statements: &[Statement]) -> (u64, Vec<String>) {
    let mut connection = PgConnection::connect(url).await.expect("the server answers");
    let role = match who {
        "" => "caunoi_public",
        "analyst" => "caunoi_ministry",
        _ => "caunoi_app",
    };
    let log = "SELECT set_config('app.province', min(province_id)::TEXT, false)
        FROM province JOIN admin_unit ON admin_unit.id = province.unit_id WHERE slug = 'DONG_NAI'";
    raw_sql(log).fetch_all(&mut connection).await.expect("the province is there");
    raw_sql(AssertSqlSafe(format!("SET ROLE {role}")))
        .execute(&mut connection)
        .await
        .expect("the role is there");
    let mut buffers = 0;
    for statement in statements {
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
    match value {
        Bound::SmallInt(_) => "SMALLINT",
        Bound::Int(_) => "INTEGER",
        Bound::BigInt(_) => "BIGINT",
        Bound::Bytes(_) => "BYTEA",
        Bound::ChronoDate(_) => "DATE",
        Bound::Bool(_) => "BOOLEAN",
        _ => "TEXT",
    }
}
