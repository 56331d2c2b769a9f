//! A request with an idempotency key is executed once.

use serde_json::{Value, json};

use super::{event, read_entry, write_under};
use crate::harness::{Server, on_both_databases, on_both_engines};

const CLERK: &str = "clerk:DONG_NAI";

#[tokio::test]
async fn idempotent_result_survives_a_restart() {
    on_both_databases(|settings| async move {
        let server = Server::start(settings.clone()).await;
        let first = write_under(&server, CLERK, "createEvent", "\"k1\"", event("Once")).await;
        let id = first.entry["id"].clone();
        let change = json!({"id": id, "expectedVersion": 1, "place": "Huế"});
        write_under(&server, CLERK, "updateEvent", "\"k1\"", change.clone()).await.expect_entry();
        server.stop().await;

        let server = Server::start(settings).await;
        let again = write_under(&server, CLERK, "createEvent", "\"k1\"", event("Once")).await;
        assert_eq!(again.answer, first.answer, "entry, version and cursor of the first time");
        write_under(&server, CLERK, "updateEvent", "\"k1\"", change).await.expect_entry();
        assert_eq!(read_entry(&server, CLERK, &first.entry, "version").await["version"], 2);
        let other = write_under(&server, CLERK, "createEvent", "\"k1\"", event("Another")).await;
        assert_eq!(other.refused(), [("IDEMPOTENCY_CONFLICT".to_owned(), "key".to_owned())]);
        // Each author has its own keys.
        let mut input = event("Once");
        input["allowDuplicate"] = json!(true);
        let theirs =
            write_under(&server, "publisher:DONG_NAI", "createEvent", "\"k1\"", input).await.expect_entry();
        assert_ne!(theirs["id"], id);
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn key_in_a_variable_works_and_refusals_are_not_stored() {
    on_both_engines(|server| async move {
        let document = "mutation($k: String!, $t: String) {
            createEvent(input: {province: \"DONG_NAI\", title: {en: $t}, kind: \"FESTIVAL\", pillar: PEOPLE, heldOn: \"2026-12\"})
            @idempotent(key: $k) { event { id } errors { code path } }
        }";
        let execute = async |key: &str, title: &str| {
            server.execute_as(CLERK, document, json!({"k": key, "t": title})).await["data"]["createEvent"].take()
        };
        assert_eq!(execute("v", "").await["errors"][0]["code"], "REQUIRED");
        let first = execute("v", "Fair").await;
        assert_eq!(first["errors"], json!([]));
        assert_eq!(execute("v", "Fair").await, first);
        for bad in ["", "a\0b", "a\nb", &"k".repeat(256), &"k".repeat(20_000)] {
            let refused = execute(bad, "Fair").await;
            assert_eq!(refused, json!({"event": null, "errors": [{"code": "INVALID", "path": ["key"]}]}));
        }
    })
    .await;
}

#[tokio::test]
async fn key_on_query_and_duplicate_response_name_are_refused() {
    on_both_engines(|server| async move {
        let create = "createEvent(input: {province: \"DONG_NAI\", title: {en: \"x\"}, kind: \"FESTIVAL\", pillar: PEOPLE, heldOn: \"2026\"})";
        for document in [
            "{ provinces @idempotent(key: \"1\") { slug } }".to_owned(),
            format!("mutation {{ {create} {{ event {{ id @idempotent(key: \"1\") }} }} }}"),
            format!("mutation {{ {create} {{ cursor }} {create} {{ event {{ id }} }} }}"),
            format!("mutation {{ {create} @idempotent {{ cursor }} }}"),
        ] {
            let answer = server.execute_as(CLERK, &document, Value::Null).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_INPUT", "{document}: {answer}");
            assert!(answer.get("data").is_none(), "{answer}");
        }
        let answer = server.execute_as(CLERK, "{ events(filter: {publication: {in: [DRAFT]}}) { nodes { id } } }", Value::Null).await;
        assert_eq!(answer["data"]["events"]["nodes"], json!([]), "{answer}");
    })
    .await;
}
