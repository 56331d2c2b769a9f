//! The feed of shared entries: each owner's tells their changes, the feed of all logs once.

use serde_json::{Value, json};

use super::{data, publish, shared_agreement};
use crate::harness::{Server, on_both_engines};
use crate::mutations::{transition, write};

const CHANGES: &str = "query($after: Cursor, $filter: ChangeFilter) {
    changes(after: $after, filter: $filter) {
        cursor nodes { province { slug } code entryType operation movement author entry { code } }
    }
    latestChanges(filter: $filter, first: 1) { nodes { code operation movement } }
}";

async fn cursor(server: &Server) -> Value {
    data(server, "public", "{ statistics { cursor } }", Value::Null).await["statistics"]["cursor"].take()
}

/// Returns the changes of a feed after a cursor, and the latest change.
async fn changes(server: &Server, caller: &str, after: &Value, filter: Value) -> (Vec<Value>, Value) {
    let found = data(server, caller, CHANGES, json!({ "after": after, "filter": filter })).await;
    let nodes = found["changes"]["nodes"].as_array().expect("changes").clone();
    (nodes, found["latestChanges"]["nodes"][0].clone())
}

fn of(slugs: &[&str]) -> Value {
    json!({ "province": { "in": slugs } })
}

fn moved(nodes: &[Value]) -> Vec<(&str, &str, &str)> {
    nodes
        .iter()
        .map(|node| {
            let text = |name: &str| node[name].as_str().unwrap_or_default();
            (node["province"]["slug"].as_str().unwrap_or_default(), text("operation"), text("movement"))
        })
        .collect()
}

#[tokio::test]
async fn feed_of_each_owner_contains_changes_of_a_shared_entry() {
    on_both_engines(|server| async move {
        let begin = cursor(&server).await;
        let shown = publish(&server, "createAgreement", shared_agreement("Chung", &["HO_CHI_MINH"])).await;
        let published = cursor(&server).await;
        let update =
            json!({"id": shown["id"], "expectedVersion": shown["version"], "title": {"vi": "Chung hai"}});
        let draft = write(&server, "clerk:DONG_NAI", "updateAgreement", update).await.expect_entry();
        let shown = transition(&server, "publisher:DONG_NAI", "publishEntry", &draft).await.expect_entry();
        for caller in ["public", "partner", "clerk:HO_CHI_MINH", "analyst"] {
            let (nodes, latest) = changes(&server, caller, &begin, of(&["HO_CHI_MINH"])).await;
            assert_eq!(
                moved(&nodes),
                [("HO_CHI_MINH", "PUBLISHED", "ENTERED"), ("HO_CHI_MINH", "PUBLISHED", "STAYED")],
                "{caller}"
            );
            assert_eq!(nodes[0]["entry"]["code"], shown["code"], "{caller}");
            assert_eq!((&nodes[0]["entryType"], &latest["code"]), (&json!("AGREEMENT"), &shown["code"]));
            assert_eq!(nodes[0]["author"].is_string(), caller == "analyst", "{caller}");
            // Without a filter, or with both owners in it, the change is returned once.
            for filter in [json!({}), of(&["HO_CHI_MINH", "DONG_NAI"])] {
                let (nodes, _) = changes(&server, caller, &published, filter).await;
                let own = nodes
                    .iter()
                    .filter(|node| node["code"] == shown["code"] && node["operation"] == "PUBLISHED");
                assert_eq!(own.count(), 1, "{caller}: {nodes:?}");
            }
            let (nodes, _) = changes(&server, caller, &begin, of(&["HUE"])).await;
            assert_eq!(nodes, [] as [Value; 0], "{caller}");
        }
        let end = cursor(&server).await;
        transition(&server, "publisher:DONG_NAI", "withdrawEntry", &shown).await.expect_entry();
        let (nodes, _) = changes(&server, "public", &end, of(&["HO_CHI_MINH"])).await;
        assert_eq!(moved(&nodes), [("HO_CHI_MINH", "WITHDRAWN", "LEFT")]);
    })
    .await;
}

#[tokio::test]
async fn entry_leaves_the_feed_of_an_owner_who_is_removed() {
    on_both_engines(|server| async move {
        let shown = publish(&server, "createAgreement", shared_agreement("Chung", &["HO_CHI_MINH"])).await;
        let after = cursor(&server).await;
        let update =
            json!({"id": shown["id"], "expectedVersion": shown["version"], "vietnameseParties": null});
        let draft = write(&server, "clerk:DONG_NAI", "updateAgreement", update).await.expect_entry();
        transition(&server, "publisher:DONG_NAI", "publishEntry", &draft).await.expect_entry();
        let (nodes, _) = changes(&server, "public", &after, of(&["HO_CHI_MINH"])).await;
        assert_eq!(moved(&nodes), [("HO_CHI_MINH", "PUBLISHED", "LEFT")]);
        let (nodes, _) = changes(&server, "public", &after, of(&["DONG_NAI"])).await;
        assert_eq!(moved(&nodes), [("DONG_NAI", "PUBLISHED", "STAYED")]);
    })
    .await;
}
