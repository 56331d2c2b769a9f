//! The newest changes of all logs, and resuming after them.

use serde_json::{Value, json};

use super::{all, changes, data, now};
use crate::harness::publisher::Publisher;
use crate::harness::{Server, on_both_engines};

const LATEST: &str = "query($filter: ChangeFilter, $first: Int) { latestChanges(filter: $filter, first: $first) {
    cursor nodes { cursor at position code entryType movement operation province { slug } entry { ... on Event { title(locale: EN) } } }
} }";

async fn latest(server: &Server, caller: &str, filter: Value, first: u64) -> Value {
    let variables = json!({"filter": filter, "first": first});
    data(server, caller, LATEST, variables).await["latestChanges"].take()
}

fn titles(latest: &Value) -> Vec<&Value> {
    all(&latest["nodes"], "entry").into_iter().map(|entry| &entry["title"]).collect()
}

#[tokio::test]
async fn latest_changes_are_newest_first_with_cursors() {
    on_both_engines(|server| async move {
        let (one, other) =
            (Publisher::of("NGHE_AN", server.register()), Publisher::of("DA_NANG", server.register()));
        for name in ["A", "B", "C"] {
            one.publish(&format!("{name} here")).await;
            one.draft("Quiet").await;
            other.publish_with_partner("kr-busan", &format!("{name} there")).await;
        }
        let received = latest(&server, "partner", Value::Null, 5).await;
        assert_eq!(titles(&received), ["C there", "C here", "B there", "B here", "A there"]);
        assert_eq!(received["cursor"], now(&server, "partner").await);
        let nodes = received["nodes"].as_array().expect("a list");
        for (newer, node) in nodes.iter().enumerate() {
            let follow = changes(&server, "partner", &node["cursor"]).await;
            let mut codes: Vec<&Value> =
                all(&follow["nodes"], "entry").iter().map(|entry| &entry["code"]).collect();
            codes.sort_by_key(ToString::to_string);
            let mut expected: Vec<&Value> = nodes[..newer].iter().map(|node| &node["code"]).collect();
            expected.sort_by_key(ToString::to_string);
            assert_eq!(codes, expected, "{newer}");
        }
        for (filter, expected) in [
            (json!({"province": {"in": ["NGHE_AN"]}}), ["C here", "B here"]),
            (json!({"locality": {"in": ["kr-busan"]}}), ["C there", "B there"]),
            (json!({"country": {"in": ["KR"]}, "entryType": ["EVENT"]}), ["C there", "B there"]),
        ] {
            assert_eq!(titles(&latest(&server, "partner", filter.clone(), 2).await), expected, "{filter}");
        }
        for nothing in [json!({"province": {"in": []}}), json!({"entryType": []})] {
            assert_eq!(latest(&server, "partner", nothing, 2).await["nodes"], json!([]));
        }
        // A province sees its own drafts among them.
        let own = latest(&server, "clerk:NGHE_AN", json!({"province": {"in": ["NGHE_AN"]}}), 2).await;
        assert_eq!(titles(&own), ["Quiet", "C here"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn latest_changes_take_two_statements_plus_one_per_kind() {
    on_both_engines(|server| async move {
        let before = server.statements();
        let document = "{ latestChanges(first: 50) { nodes { position code } } }";
        let answer = server.execute(document, Value::Null).await;
        assert_eq!(answer["data"]["latestChanges"]["nodes"].as_array().map(Vec::len), Some(50), "{answer}");
        assert_eq!(server.statements() - before, 2);
    })
    .await;
}
