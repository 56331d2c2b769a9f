//! A fault at the first rows of each kind of write: entries, periods, proposals, reference data, webhooks.

use caunoi_server::Settings;
use caunoi_server::identity::Grant;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use serde_json::{Value, json};

use super::rows::{prepare, raise_at, run};
use crate::harness::{Server, connect, on_both_databases};

/// Rows of each kind of write at which a fault is raised.
const ROWS: u32 = 3;

/// A kind of write: its role, its province if the role has one, its document, its variables by a number.
type Kind = (&'static str, Option<&'static str>, &'static str, fn(u32) -> Value);

const KINDS: [Kind; 5] = [
    (
        "clerk",
        Some("DONG_NAI"),
        "mutation($title: String!) { write: createEvent(input: {province: \"DONG_NAI\", title: {en: $title},
            kind: \"FESTIVAL\", pillar: PEOPLE, when: \"2026-12\"}) { errors { code path } } }",
        |number| json!({ "title": format!("Faulty kind {number}") }),
    ),
    (
        "publisher",
        Some("DONG_NAI"),
        "mutation($period: String!) { write: confirmPeriod(input: {province: \"DONG_NAI\", period: $period})
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
        "partner",
        None,
        "mutation($url: String!) { write: createWebhook(input: {url: $url}) { errors { code path } } }",
        |number| json!({ "url": format!("http://127.0.0.1:9/{number}") }),
    ),
];

/// Whether it was acknowledged; an answer that names anything wrong with the input is a mistake of the test.
async fn write(server: &Server, kind: &Kind, number: u32) -> bool {
    let (role, province, document, variables) = kind;
    let grant = Grant::new(role, *province).and_then(|grant| grant.named("Faulty")).expect("a grant");
    let token = server.token_of(&grant);
    let answer = server.ask_with(Some(&token), document, variables(number)).await;
    if answer["errors"].is_array() {
        let code = &answer["errors"][0]["extensions"]["code"];
        assert!(code == "UNAVAILABLE" || code == "INTERNAL", "{answer}");
        return false;
    }
    assert_eq!(answer["data"]["write"]["errors"], json!([]), "{answer}");
    true
}

/// How many changes and webhooks there are.
async fn count(database: &DatabaseConnection) -> i64 {
    let ask = "SELECT (SELECT COUNT(*) FROM change) + (SELECT COUNT(*) FROM webhook)";
    let statement = Statement::from_string(database.get_database_backend(), ask);
    let row = database.query_one_raw(statement).await.expect("an answer").expect("a row");
    row.try_get_by_index(0).expect("a number")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fault_in_any_kind_of_write_loses_and_doubles_nothing() {
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
