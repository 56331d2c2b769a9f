//! A failure at the first rows of each kind of write: entries, periods, proposals, reference data,
//! webhooks.

use caunoi_server::Settings;
use caunoi_server::identity::Grant;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use serde_json::{Value, json};

use super::rows::{prepare, raise_at, run};
use crate::harness::{Server, connect, on_both_databases};

/// The number of rows of each kind of write at which an error is raised.
const ROWS: u32 = 3;

/// A kind of write: its role, the province of the role, its document, and its variables for a
/// number.
type WriteKind = (&'static str, Option<&'static str>, &'static str, fn(u32) -> Value);

const KINDS: [WriteKind; 6] = [
    (
        "clerk",
        Some("DONG_NAI"),
        "mutation($title: String!) { write: createEvent(input: {sources: [\"seed-000\"], province: \"DONG_NAI\", title: {en: $title},
            kind: \"FESTIVAL\", pillar: PEOPLE, heldOn: \"2026-12\"}) { errors { code path } } }",
        |number| json!({ "title": format!("Faulty kind {number}") }),
    ),
    (
        "publisher",
        Some("DONG_NAI"),
        "mutation($period: Period!) { write: confirmPeriod(input: {province: \"DONG_NAI\", period: $period})
            { errors { code path } } }",
        |number| json!({ "period": (2000 + number).to_string() }),
    ),
    (
        "clerk",
        Some("DONG_NAI"),
        "mutation($input: ProposeLocalityInput!) { write: proposeLocality(input: $input) { errors { code path } } }",
        |number| {
            let name = format!("Faulty {number}");
            json!({ "input": {"province": "DONG_NAI", "country": "KR", "name": {"vi": name, "en": name}, "level": "CITY"} })
        },
    ),
    (
        "steward",
        None,
        "mutation($input: CreateTermInput!) { write: createTerm(input: $input) { errors { code path } } }",
        |number| {
            let name = format!("Faulty {number}");
            json!({ "input": {"vocabulary": "FIELD", "code": format!("FAULTY_{number}"), "name": {"vi": name, "en": name}} })
        },
    ),
    (
        "clerk",
        Some("DONG_NAI"),
        "mutation($input: CreateSourceInput!) { write: createSource(input: $input) { errors { code path } } }",
        |number| {
            let title = format!("Faulty {number}");
            json!({ "input": {"province": "DONG_NAI", "title": {"vi": title}, "kind": "DOCUMENT", "publisher": "x"} })
        },
    ),
    (
        "partner",
        None,
        "mutation($url: String!) { write: createWebhook(input: {url: $url}) { errors { code path } } }",
        |number| json!({ "url": format!("http://127.0.0.1:9/{number}") }),
    ),
];

/// Returns whether the write was acknowledged; a validation error is a mistake of the test.
async fn write(server: &Server, kind: &WriteKind, number: u32) -> bool {
    let (role, province, document, variables) = kind;
    let grant = Grant::new(role, *province).and_then(|grant| grant.with_name("Faulty")).expect("a grant");
    let token = server.token_of(&grant);
    let answer = server.execute_with_token(Some(&token), document, variables(number)).await;
    if answer["errors"].is_array() {
        let code = &answer["errors"][0]["extensions"]["code"];
        assert!(code == "UNAVAILABLE" || code == "INTERNAL", "{answer}");
        return false;
    }
    assert_eq!(answer["data"]["write"]["errors"], json!([]), "{answer}");
    true
}

/// Returns the number of changes and webhooks.
async fn count(database: &DatabaseConnection) -> i64 {
    let query = "SELECT (SELECT COUNT(*) FROM change) + (SELECT COUNT(*) FROM webhook)";
    let statement = Statement::from_string(database.get_database_backend(), query);
    let row = database.query_one_raw(statement).await.expect("an answer").expect("a row");
    row.try_get_by_index(0).expect("a number")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failure_in_any_kind_of_write_keeps_writes_exactly_once() {
    on_both_databases(|settings| async move {
        let settings = Settings { webhook_allow_loopback: true, ..settings };
        let server = Server::start(settings.clone()).await;
        let database = connect(&settings).await;
        prepare(&database).await;
        raise_at(&database, "webhook", "INSERT").await;
        let before = count(&database).await;
        let mut acknowledged = 0;
        for kind in &KINDS {
            let mut refused = 0;
            for row in 1..=ROWS {
                run(&database, &format!("UPDATE fault SET remaining = {row}")).await;
                let is_done = write(&server, kind, 2 * row).await;
                run(&database, "UPDATE fault SET remaining = 0").await;
                let is_next_done = write(&server, kind, 2 * row + 1).await;
                assert!(is_next_done, "{} after row {row}", kind.2);
                refused += u32::from(!is_done);
                acknowledged += i64::from(is_done) + 1;
            }
            assert!(refused > 0, "{} met no fault", kind.2);
        }
        database.close().await.expect("the database closes");
        server.stop().await;

        let server = Server::start(settings.clone()).await;
        let database = connect(&settings).await;
        assert_eq!(count(&database).await - before, acknowledged);
        database.close().await.expect("the database closes");
        server.stop().await;
    })
    .await;
}
