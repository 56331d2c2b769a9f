//! The feed of changes over HTTP, by the visibility of the caller.

mod atom;
mod jsonl;
mod latest;
mod nodes;
mod stream;

use caunoi_domain::policy::Action;
use serde_json::{Value, json};

use crate::harness::publisher::Publisher;
use crate::harness::{Server, on_both_engines};
use crate::mutations::{event, transition, write};

const CHANGES: &str = "query($after: Cursor, $filter: ChangeFilter, $first: Int) {
    changes(after: $after, filter: $filter, first: $first) {
        cursor hasMore
        messages { __typename ... on ChangeGap { cursor reason } }
        nodes {
            cursor province { slug } position at operation movement entryId version changedFields author reason(locale: EN)
            entry { id code publication ... on Event { title(locale: EN) } }
        }
    }
}";

async fn data(server: &Server, caller: &str, document: &str, variables: Value) -> Value {
    let mut answer = server.execute_as(caller, document, variables).await;
    assert!(answer["errors"].is_null(), "{answer}");
    answer["data"].take()
}

/// Returns the current cursor that a caller may see.
async fn now(server: &Server, caller: &str) -> Value {
    data(server, caller, "{ statistics { cursor } }", Value::Null).await["statistics"]["cursor"].take()
}

async fn changes(server: &Server, caller: &str, after: &Value) -> Value {
    data(server, caller, CHANGES, json!({ "after": after })).await["changes"].take()
}

fn all<'a>(nodes: &'a Value, field: &str) -> Vec<&'a Value> {
    nodes.as_array().expect("a list").iter().map(|node| &node[field]).collect()
}

#[tokio::test]
async fn feed_contains_changes_visible_to_the_caller() {
    on_both_engines(|server| async move {
        let strangers = ["partner", "clerk:DA_NANG"];
        let insiders = ["clerk:NGHE_AN"];
        let mut begin = Vec::new();
        for caller in strangers.iter().chain(&insiders).chain(&["analyst"]) {
            begin.push((*caller, now(&server, caller).await));
        }
        let publisher = Publisher::of("NGHE_AN", server.register());
        let draft = publisher.draft("First").await;
        let first = publisher.transition(&draft, Action::Publish).await;
        let revised = publisher.retitle(&first, "Second").await;
        publisher.transition(&revised, Action::Publish).await;
        for (caller, after) in begin {
            let received = changes(&server, caller, &after).await;
            let nodes = &received["nodes"];
            assert_eq!(received["hasMore"], false);
            let (movements, authors) = (all(nodes, "movement"), all(nodes, "author"));
            if caller == "clerk:NGHE_AN" {
                assert_eq!(all(nodes, "operation"), ["CREATED", "PUBLISHED", "UPDATED", "PUBLISHED"]);
                assert_eq!(movements, ["ENTERED", "STAYED", "STAYED", "STAYED"]);
            } else {
                assert_eq!(movements, ["ENTERED", "STAYED"], "{caller}");
                assert_eq!(nodes[1]["changedFields"], json!(["title"]), "{caller}");
            }
            let knows = insiders.contains(&caller) || caller == "analyst";
            assert!(authors.iter().all(|author| author.is_null() != knows), "{caller}: {authors:?}");
            assert_eq!(nodes[1]["reason"], if knows { json!("as agreed") } else { Value::Null });
            assert_eq!(nodes[0]["entry"]["title"], "Second");
            assert_eq!(nodes[0]["entry"]["id"], nodes[0]["entryId"]);
            assert_eq!(nodes[0]["province"]["slug"], "NGHE_AN");
            // Resuming repeats nothing, from the end or from the middle.
            assert_eq!(changes(&server, caller, &received["cursor"]).await["nodes"], json!([]), "{caller}");
            let rest = changes(&server, caller, &nodes[0]["cursor"]).await;
            assert_eq!(rest["nodes"].as_array(), nodes.as_array().map(|all| all[1..].to_vec()).as_ref());
        }
    })
    .await;
}

#[tokio::test]
async fn changed_fields_are_fields_of_the_entry() {
    on_both_engines(|server| async move {
        let draft = write(&server, "clerk:DONG_NAI", "createEvent", event("Timed")).await.expect_entry();
        let shown = transition(&server, "publisher:DONG_NAI", "publishEntry", &draft).await.expect_entry();
        let after = now(&server, "partner").await;
        let input = json!({
            "id": shown["id"], "expectedVersion": shown["version"], "heldOn": "2026-11-07",
            "startsAt": "2026-11-07T08:00:00+07:00", "endsAt": "2026-11-07T10:00:00+07:00",
            "timeZone": "Asia/Ho_Chi_Minh", "partnerLocalities": [], "place": "Biên Hòa", "rank": "MINISTER",
        });
        let draft = write(&server, "clerk:DONG_NAI", "updateEvent", input).await.expect_entry();
        transition(&server, "publisher:DONG_NAI", "publishEntry", &draft).await.expect_entry();
        let nodes = changes(&server, "partner", &after).await["nodes"].take();
        let expected = ["endsAt", "heldOn", "partnerLocalities", "place", "rank", "startsAt", "timeZone"];
        assert_eq!(nodes[0]["changedFields"], json!(expected));
    })
    .await;
}

#[tokio::test]
async fn drafts_move_cursors_of_their_province_only() {
    on_both_engines(|server| async move {
        let (public, own) = (now(&server, "partner").await, now(&server, "publisher:NGHE_AN").await);
        Publisher::of("NGHE_AN", server.register()).draft("Quiet").await;
        assert_eq!(now(&server, "partner").await, public);
        assert_ne!(now(&server, "publisher:NGHE_AN").await, own);
        assert_eq!(changes(&server, "partner", &public).await["cursor"], public);
    })
    .await;
}

#[tokio::test]
async fn withdrawn_entry_leaves_the_feed_without_content() {
    on_both_engines(|server| async move {
        let publisher = Publisher::of("NGHE_AN", server.register());
        let event = publisher.publish("Short").await;
        let after = now(&server, "partner").await;
        publisher.transition(&event, Action::Withdraw).await;
        let received = changes(&server, "partner", &after).await;
        assert_eq!(all(&received["nodes"], "movement"), ["LEFT"]);
        assert_eq!(all(&received["nodes"], "operation"), ["WITHDRAWN"]);
        assert_eq!(received["nodes"][0]["entry"], Value::Null);
        // The entry is still visible to its province.
        let received = changes(&server, "clerk:NGHE_AN", &after).await;
        assert_eq!(all(&received["nodes"], "operation"), ["WITHDRAWN"]);
    })
    .await;
}

#[tokio::test]
async fn feed_filters_select_changes() {
    on_both_engines(|server| async move {
        let after = now(&server, "partner").await;
        Publisher::of("NGHE_AN", server.register()).publish("Here").await;
        Publisher::of("DA_NANG", server.register()).publish("There").await;
        for (filter, count) in [
            (json!({}), 2),
            (json!({"province": {"in": ["NGHE_AN"]}}), 1),
            (json!({"province": {"in": []}}), 0),
            (json!({"entryType": ["EVENT"]}), 2),
            (json!({"entryType": ["AGREEMENT", "RELATION"]}), 0),
            (json!({"country": {"in": ["JP"]}}), 0),
            (json!({"locality": {"in": ["kr-busan"]}}), 0),
            (json!({"field": {"in": ["EDUCATION"]}, "province": {"in": ["NGHE_AN"]}}), 0),
        ] {
            let variables = json!({"after": after, "filter": filter});
            let received = data(&server, "partner", CHANGES, variables).await;
            let nodes = received["changes"]["nodes"].as_array().expect("a list");
            assert_eq!(nodes.len(), count, "{filter}");
        }
    })
    .await;
}

#[tokio::test]
async fn feed_pages_cover_the_log_from_its_beginning() {
    on_both_engines(|server| async move {
        let filter = json!({"province": {"in": ["DONG_NAI"]}});
        let (mut after, mut positions) = (Value::Null, Vec::new());
        loop {
            let variables = json!({"after": after, "filter": filter, "first": 7});
            let received = server
                .execute("query($after: Cursor, $filter: ChangeFilter, $first: Int) { changes(after: $after, filter: $filter, first: $first) { cursor hasMore nodes { position movement } } }", variables)
                .await["data"]["changes"].take();
            positions.extend(all(&received["nodes"], "position").iter().map(|position| position.as_i64().expect("a number")));
            assert!(all(&received["nodes"], "movement").iter().all(|movement| *movement == "ENTERED"));
            after = received["cursor"].clone();
            if received["hasMore"] == false {
                break;
            }
        }
        assert!(positions.len() > 20 && positions.is_sorted_by(|one, next| one < next), "{positions:?}");
    })
    .await;
}

#[tokio::test]
async fn history_contains_changes_of_one_entry() {
    on_both_engines(|server| async move {
        let publisher = Publisher::of("NGHE_AN", server.register());
        let event = publisher.publish("One").await;
        publisher.publish("Other").await;
        publisher.retitle(&event, "One again").await;
        let document = "query($code: String!, $after: String) { event(by: {code: $code}) {
            ... on Entry { history(after: $after, first: 10) { cursor hasMore nodes { operation version entry { code } } } }
        } }";
        let execute = async |caller, after: Value| {
            let variables = json!({"code": event.meta.code, "after": after});
            data(&server, caller, document, variables).await["event"]["history"].take()
        };
        let own = execute("clerk:NGHE_AN", Value::Null).await;
        assert_eq!(all(&own["nodes"], "operation"), ["CREATED", "PUBLISHED", "UPDATED"]);
        assert_eq!(all(&own["nodes"], "version"), [1, 2, 3]);
        assert_eq!(own["nodes"][2]["entry"]["code"], json!(event.meta.code));
        assert_eq!(execute("clerk:NGHE_AN", own["cursor"].clone()).await["nodes"], json!([]));
        let public = execute("partner", Value::Null).await;
        assert_eq!(all(&public["nodes"], "operation"), ["PUBLISHED"]);
    })
    .await;
}

#[tokio::test]
async fn cursor_ahead_of_logs_is_a_gap_and_forged_one_an_error() {
    on_both_engines(|server| async move {
        let now = now(&server, "partner").await;
        let ahead = server
            .register()
            .read_model()
            .public_heads
            .clone()
            .with(caunoi_domain::id::Log::new(3), i64::MAX);
        let ahead = json!(ahead.to_cursor(server.register().signing_key()));
        let received = changes(&server, "partner", &ahead).await;
        assert_eq!(received["messages"][0]["__typename"], "ChangeGap");
        assert_eq!(received["messages"][0]["cursor"], now);
        assert_eq!((&received["cursor"], &received["nodes"]), (&now, &json!([])));
        for forged in ["", "AAAA", "💥"] {
            let answer = server.execute(CHANGES, json!({ "after": forged })).await;
            let error = &answer["errors"][0];
            assert_eq!(error["extensions"]["code"], "BAD_INPUT", "{answer}");
            assert!(error["message"].as_str().is_some_and(|text| text.starts_with("after: ")), "{answer}");
        }
        let answer = server.execute("{ changes(first: 101) { cursor } }", Value::Null).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_INPUT", "{answer}");
    })
    .await;
}
