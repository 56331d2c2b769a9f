//! Administrative acts in the log of the ministry: complete, chained, and seen by the ministry alone.

use reqwest::Method;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::api_keys::{create_key, revoke_key};
use crate::harness::{Server, connect, database_location, on_both_databases, on_both_engines};

const ACTS: &str = "query($after: String, $first: Int) { administrativeActs(first: $first, after: $after) {
    nodes { position kind subject author at before after } cursor hasMore
} }";

/// Does one act of each kind.
async fn administer(server: &Server) {
    create_key(server, "portal", &json!({})).await;
    revoke_key(server, "portal").await;
    let revoke =
        "mutation { revoke(input: { subject: \"lan\", reason: \"left\" }) { revocation { revocationId } } }";
    let answer = server.execute_as("steward", revoke, Value::Null).await;
    let id = &answer["data"]["revoke"]["revocation"]["revocationId"];
    let lift =
        "mutation($id: String!) { liftRevocation(input: { id: $id, reason: \"back\" }) { errors { code } } }";
    server.execute_as("steward", lift, json!({"id": id})).await;
    for document in [
        "mutation { blockNetwork(input: { network: \"203.0.113.0/24\", reason: \"flood\" }) { errors { code } } }",
        "mutation { unblockNetwork(input: { network: \"203.0.113.0/24\" }) { errors { code } } }",
        "mutation { createTerm(input: { vocabulary: FIELD, code: \"SPACE\", name: { en: \"Space\" } }) {
            errors { code message } } }",
    ] {
        let answer = server.execute_as("steward", document, Value::Null).await;
        assert!(answer["errors"].is_null(), "{answer}");
    }
}

#[tokio::test]
async fn every_act_is_listed_with_author_time_and_content() {
    on_both_engines(|server| async move {
        administer(&server).await;
        let mut acts = Vec::new();
        let mut after = Value::Null;
        loop {
            let answer = server.execute_as("analyst", ACTS, json!({"first": 3, "after": after})).await;
            let page = &answer["data"]["administrativeActs"];
            acts.extend(page["nodes"].as_array().unwrap_or_else(|| panic!("{answer}")).clone());
            after = page["cursor"].clone();
            if page["hasMore"] == false {
                break;
            }
        }
        let kinds: Vec<&str> = acts.iter().rev().filter_map(|act| act["kind"].as_str()).collect();
        assert_eq!(
            kinds,
            [
                "API_KEY_CREATED",
                "API_KEY_REVOKED",
                "TOKENS_REVOKED",
                "REVOCATION_LIFTED",
                "NETWORK_BLOCKED",
                "NETWORK_UNBLOCKED",
                "REFERENCE_DATA_CHANGED",
            ]
        );
        assert!(
            acts.iter().all(|act| act["author"] == "STEWARD:steward" && act["at"].is_string()),
            "{acts:?}"
        );
        let revoked = acts.iter().find(|act| act["kind"] == "API_KEY_REVOKED").expect("an act");
        assert_eq!(revoked["subject"], "portal");
        let content = |field: &str| -> Value {
            serde_json::from_str(revoked[field].as_str().expect("a content")).expect("JSON")
        };
        assert_eq!(content("before")["ended"], Value::Null);
        assert_eq!(content("after")["ended"]["reason"], "lost");
        assert_eq!(content("after")["rule"]["hash"], Value::Null);
    })
    .await;
}

#[tokio::test]
async fn no_feed_and_no_public_cursor_shows_an_act() {
    on_both_engines(|server| async move {
        let cursor =
            "{ changes(first: 1) { cursor } latestChanges(first: 100) { nodes { position author } } }";
        let before = server.execute(cursor, Value::Null).await;
        let newest = "{ changes(first: 100) { nodes { author subject: entry { __typename } } cursor }
            latestChanges(first: 100) { nodes { author } } }";
        create_key(&server, "portal", &json!({})).await;
        revoke_key(&server, "portal").await;
        assert_eq!(server.execute(cursor, Value::Null).await, before);
        for caller in ["clerk:DONG_NAI", "analyst", "steward"] {
            let answer = server.execute_as(caller, newest, Value::Null).await;
            assert!(answer["errors"].is_null(), "{answer}");
            assert!(!answer.to_string().contains("portal"), "{caller}: {answer}");
            assert!(!answer.to_string().contains("STEWARD:steward"), "{caller}: {answer}");
        }
        for path in ["/changes.jsonl", "/changes.atom"] {
            let response = server.http(Method::GET, path).send().await.expect("an answer");
            let body = response.text().await.expect("a feed");
            assert!(!body.contains("portal") && !body.contains("STEWARD:steward"), "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn verify_finds_an_altered_access_rule() {
    on_both_databases(|settings| async move {
        let server = Server::start(settings.clone()).await;
        administer(&server).await;
        create_key(&server, "kept", &json!({})).await;
        server.stop().await;
        let verify = || async {
            caunoi_register::verify(&database_location(&settings))
                .await
                .unwrap_or_else(|error| panic!("{error}"))
        };
        verify().await.expect("acts of administration hold");
        let database = connect(&settings).await;
        for (alteration, reversal, place) in [
            (
                "UPDATE access_rule SET content = replace(content, 'PARTNER', 'ANALYST') WHERE name = 'kept'",
                "UPDATE access_rule SET content = replace(content, 'ANALYST', 'PARTNER') WHERE name = 'kept'",
                "access_rule API_KEY/kept",
            ),
            (
                "UPDATE access_rule SET is_active = TRUE WHERE name = 'portal'",
                "UPDATE access_rule SET is_active = FALSE WHERE name = 'portal'",
                "access_rule API_KEY/portal",
            ),
            (
                "UPDATE access_rule SET name = 'other' WHERE name = 'kept'",
                "UPDATE access_rule SET name = 'kept' WHERE name = 'other'",
                "access_rule API_KEY/other",
            ),
        ] {
            database.execute_unprepared(alteration).await.expect("an alteration");
            let found = verify().await.expect_err(alteration);
            assert_eq!(found.place, place, "{alteration}: {found}");
            database.execute_unprepared(reversal).await.expect("a reversal");
        }
        database.execute_unprepared("DELETE FROM access_rule WHERE name = 'kept'").await.expect("a deletion");
        let found = verify().await.expect_err("a row is missing");
        assert_eq!(found.place, "access_rule API_KEY/kept", "{found}");
    })
    .await;
}
