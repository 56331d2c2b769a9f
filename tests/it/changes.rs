//! The feed: what changed in whose sight, asked over HTTP.

mod atom;
mod latest;
mod lines;
mod nodes;
mod stream;

use caunoi_domain::policy::Action;
use serde_json::{Value, json};

use crate::harness::desk::Desk;
use crate::harness::{Server, on_both_engines};

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

async fn data(server: &Server, who: &str, document: &str, variables: Value) -> Value {
    let mut answer = server.ask_as(who, document, variables).await;
    assert!(answer["errors"].is_null(), "{answer}");
    answer["data"].take()
}

/// Where the logs stand, as somebody may know it.
async fn now(server: &Server, who: &str) -> Value {
    data(server, who, "{ statistics { cursor } }", Value::Null).await["statistics"]["cursor"].take()
}

async fn changes(server: &Server, who: &str, after: &Value) -> Value {
    data(server, who, CHANGES, json!({ "after": after })).await["changes"].take()
}

fn all<'a>(nodes: &'a Value, field: &str) -> Vec<&'a Value> {
    nodes.as_array().expect("a list").iter().map(|node| &node[field]).collect()
}

#[tokio::test]
async fn each_caller_is_told_what_changed_in_their_own_sight() {
    on_both_engines(|server| async move {
        let strangers = ["partner", "clerk:DA_NANG"];
        let insiders = ["clerk:NGHE_AN"];
        let mut begin = Vec::new();
        for who in strangers.iter().chain(&insiders).chain(&["analyst"]) {
            begin.push((*who, now(&server, who).await));
        }
        let desk = Desk::of("NGHE_AN", server.register());
        let draft = desk.draft("First").await;
        let published = desk.go(&draft, Action::Publish).await;
        let revised = desk.retitle(&published, "Second").await;
        desk.go(&revised, Action::Publish).await;
        for (who, after) in begin {
            let told = changes(&server, who, &after).await;
            let nodes = &told["nodes"];
            assert_eq!(told["hasMore"], false);
            let (movements, authors) = (all(nodes, "movement"), all(nodes, "author"));
            if who == "clerk:NGHE_AN" {
                assert_eq!(all(nodes, "operation"), ["CREATED", "PUBLISHED", "UPDATED", "PUBLISHED"]);
                assert_eq!(movements, ["ENTERED", "STAYED", "STAYED", "STAYED"]);
            } else {
                assert_eq!(movements, ["ENTERED", "STAYED"], "{who}");
                assert_eq!(nodes[1]["changedFields"], json!(["title"]), "{who}");
            }
            let knows = insiders.contains(&who) || who == "analyst";
            assert!(authors.iter().all(|author| author.is_null() != knows), "{who}: {authors:?}");
            assert_eq!(nodes[1]["reason"], if knows { json!("as agreed") } else { Value::Null });
            assert_eq!(nodes[0]["entry"]["title"], "Second");
            assert_eq!(nodes[0]["entry"]["id"], nodes[0]["entryId"]);
            assert_eq!(nodes[0]["province"]["slug"], "NGHE_AN");
            // Whoever goes on hears nothing twice, from the end as from the middle.
            assert_eq!(changes(&server, who, &told["cursor"]).await["nodes"], json!([]), "{who}");
            let rest = changes(&server, who, &nodes[0]["cursor"]).await;
            assert_eq!(rest["nodes"].as_array(), nodes.as_array().map(|all| all[1..].to_vec()).as_ref());
        }
    })
    .await;
}

#[tokio::test]
async fn drafts_move_no_cursor_of_strangers_and_that_of_their_province() {
    on_both_engines(|server| async move {
        let (public, own) = (now(&server, "partner").await, now(&server, "publisher:NGHE_AN").await);
        Desk::of("NGHE_AN", server.register()).draft("Quiet").await;
        assert_eq!(now(&server, "partner").await, public);
        assert_ne!(now(&server, "publisher:NGHE_AN").await, own);
        assert_eq!(changes(&server, "partner", &public).await["cursor"], public);
    })
    .await;
}

#[tokio::test]
async fn what_is_taken_back_leaves_and_is_no_entry_any_more() {
    on_both_engines(|server| async move {
        let desk = Desk::of("NGHE_AN", server.register());
        let event = desk.publish("Short").await;
        let after = now(&server, "partner").await;
        desk.go(&event, Action::Withdraw).await;
        let told = changes(&server, "partner", &after).await;
        assert_eq!(all(&told["nodes"], "movement"), ["LEFT"]);
        assert_eq!(all(&told["nodes"], "operation"), ["WITHDRAWN"]);
        assert_eq!(told["nodes"][0]["entry"], Value::Null);
        // The province still has it.
        let told = changes(&server, "clerk:NGHE_AN", &after).await;
        assert_eq!(all(&told["nodes"], "operation"), ["WITHDRAWN"]);
    })
    .await;
}

#[tokio::test]
async fn filters_choose() {
    on_both_engines(|server| async move {
        let after = now(&server, "partner").await;
        Desk::of("NGHE_AN", server.register()).publish("Here").await;
        Desk::of("DA_NANG", server.register()).publish("There").await;
        for (filter, count) in [
            (json!({}), 2),
            (json!({"province": {"in": ["NGHE_AN"]}}), 1),
            (json!({"province": {"in": []}}), 0),
            (json!({"entryType": ["Event"]}), 2),
            (json!({"entryType": ["Agreement", "Relation"]}), 0),
            (json!({"country": {"in": ["JP"]}}), 0),
            (json!({"locality": {"in": ["kr-busan"]}}), 0),
            (json!({"field": {"in": ["EDUCATION"]}, "province": {"in": ["NGHE_AN"]}}), 0),
        ] {
            let variables = json!({"after": after, "filter": filter});
            let told = data(&server, "partner", CHANGES, variables).await;
            let nodes = told["changes"]["nodes"].as_array().expect("a list");
            assert_eq!(nodes.len(), count, "{filter}");
        }
    })
    .await;
}

#[tokio::test]
async fn pages_walk_the_log_from_its_beginning() {
    on_both_engines(|server| async move {
        let filter = json!({"province": {"in": ["DONG_NAI"]}});
        let (mut after, mut positions) = (Value::Null, Vec::new());
        loop {
            let variables = json!({"after": after, "filter": filter, "first": 7});
            let told = server
                .ask("query($after: Cursor, $filter: ChangeFilter, $first: Int) { changes(after: $after, filter: $filter, first: $first) { cursor hasMore nodes { position movement } } }", variables)
                .await["data"]["changes"].take();
            positions.extend(all(&told["nodes"], "position").iter().map(|position| position.as_i64().expect("a number")));
            assert!(all(&told["nodes"], "movement").iter().all(|movement| *movement == "ENTERED"));
            after = told["cursor"].clone();
            if told["hasMore"] == false {
                break;
            }
        }
        assert!(positions.len() > 20 && positions.is_sorted_by(|one, next| one < next), "{positions:?}");
    })
    .await;
}

#[tokio::test]
async fn history_tells_of_one_entry() {
    on_both_engines(|server| async move {
        let desk = Desk::of("NGHE_AN", server.register());
        let event = desk.publish("One").await;
        desk.publish("Other").await;
        desk.retitle(&event, "One again").await;
        let document = "query($code: String!, $after: String) { event(by: {code: $code}) {
            ... on Entry { history(after: $after, first: 10) { cursor hasMore nodes { operation version entry { code } } } }
        } }";
        let ask = async |who, after: Value| {
            let variables = json!({"code": event.stamp.code, "after": after});
            data(&server, who, document, variables).await["event"]["history"].take()
        };
        let own = ask("clerk:NGHE_AN", Value::Null).await;
        assert_eq!(all(&own["nodes"], "operation"), ["CREATED", "PUBLISHED", "UPDATED"]);
        assert_eq!(all(&own["nodes"], "version"), [1, 2, 3]);
        assert_eq!(own["nodes"][2]["entry"]["code"], json!(event.stamp.code));
        assert_eq!(ask("clerk:NGHE_AN", own["cursor"].clone()).await["nodes"], json!([]));
        let public = ask("partner", Value::Null).await;
        assert_eq!(all(&public["nodes"], "operation"), ["PUBLISHED"]);
    })
    .await;
}

#[tokio::test]
async fn a_cursor_that_no_log_has_reached_is_a_gap_and_a_forged_one_is_refused() {
    on_both_engines(|server| async move {
        let now = now(&server, "partner").await;
        let ahead =
            server.register().replica().positions.clone().with(caunoi_domain::id::Log::new(3), i64::MAX);
        let ahead = json!(ahead.seal(server.register().sealing_key()));
        let told = changes(&server, "partner", &ahead).await;
        assert_eq!(told["messages"][0]["__typename"], "ChangeGap");
        assert_eq!(told["messages"][0]["cursor"], now);
        assert_eq!((&told["cursor"], &told["nodes"]), (&now, &json!([])));
        for forged in ["", "AAAA", "💥"] {
            let answer = server.ask(CHANGES, json!({ "after": forged })).await;
            let error = &answer["errors"][0];
            assert_eq!(error["extensions"]["code"], "BAD_INPUT", "{answer}");
            assert!(error["message"].as_str().is_some_and(|text| text.starts_with("after: ")), "{answer}");
        }
        let answer = server.ask("{ changes(first: 101) { cursor } }", Value::Null).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_INPUT", "{answer}");
    })
    .await;
}
