//! Entries that record the same are merged: every list, count and look-up, and the merge undone, on
//! both engines.

mod feed;
mod refusals;
mod shipped;

use serde_json::{Value, json};

use crate::harness::{Server, connect, database_location, on_both_databases, on_both_engines};
use crate::mutations::{MutationResult, agreement, event, transition, write};

/// The units that register the same document.
const UNITS: [&str; 4] = ["DONG_NAI", "HO_CHI_MINH", "HUE", "DA_NANG"];

/// Publishes a new entry of a province.
async fn publish(server: &Server, slug: &str, mutation: &str, mut input: Value) -> Value {
    input["province"] = json!(slug);
    let draft = write(server, &format!("clerk:{slug}"), mutation, input).await.expect_entry();
    transition(server, &format!("publisher:{slug}"), "publishEntry", &draft).await.expect_entry()
}

/// Publishes the same agreement in each of these provinces.
async fn publish_agreements(server: &Server, slugs: &[&str]) -> Vec<Value> {
    let mut entries = Vec::new();
    for slug in slugs {
        entries.push(publish(server, slug, "createAgreement", agreement("Bản ghi nhớ bốn tỉnh")).await);
    }
    entries
}

fn version(entry: &Value) -> Value {
    json!({"id": entry["id"], "expectedVersion": entry["version"]})
}

fn merge_input(kept: &Value, merged: &[Value]) -> Value {
    let merged: Vec<Value> = merged.iter().map(version).collect();
    json!({"kept": version(kept), "merged": merged, "reason": {"vi": "Cùng một văn bản", "en": "One document"}})
}

async fn merge(server: &Server, kept: &Value, merged: &[Value]) -> MutationResult {
    write(server, "steward", "mergeEntries", merge_input(kept, merged)).await
}

/// Undoes the merge of an entry; `kept` is the one that it was merged into, in its current version.
async fn unmerge(server: &Server, merged: &Value, kept: &Value) -> MutationResult {
    let input = json!({
        "id": merged["id"], "expectedVersion": kept["version"], "reason": {"vi": "Hai văn bản", "en": "Two documents"},
    });
    write(server, "steward", "unmergeEntry", input).await
}

async fn data(server: &Server, caller: &str, document: &str, variables: Value) -> Value {
    let mut answer = match caller {
        "public" => server.execute(document, variables).await,
        caller => server.execute_as(caller, document, variables).await,
    };
    assert!(answer["errors"].is_null(), "{answer}");
    answer["data"].take()
}

const NUMBERS: &str = "{
    agreements(first: 30, filter: { locality: { in: [\"kr-gyeongsangnam\"] } }) {
        totalCount { value } aggregate { count share } nodes { code title owners { slug } }
        byProvince: groups(by: [{ key: PROVINCE }], first: 100) { nodes { keys { value } aggregate { count share } } }
        byForm: groups(by: [{ key: FORM }], first: 100) { nodes { keys { value } aggregate { count } } }
        byLocality: groups(by: [{ key: LOCALITY }], first: 100) { nodes { keys { value } aggregate { count } } }
    }
    events(first: 30, filter: { locality: { in: [\"kr-gyeongsangnam\"] } }) {
        totalCount { value } nodes { code hosts { printedName unit { slug } } owners { slug } }
        groups(by: [{ key: PROVINCE }], first: 100) { nodes { keys { value } aggregate { count share } } }
    }
    statistics { agreements { count } events { count } }
}";

/// Returns every list and number that a caller sees of the partner.
async fn numbers(server: &Server, caller: &str) -> Value {
    data(server, caller, NUMBERS, Value::Null).await
}

async fn all_numbers(server: &Server) -> Vec<Value> {
    let mut all = Vec::new();
    for caller in ["public", "clerk:DONG_NAI", "clerk:HO_CHI_MINH", "analyst"] {
        all.push(numbers(server, caller).await);
    }
    all
}

fn count_of(numbers: &Value) -> i64 {
    let list = &numbers["agreements"];
    let nodes = list["nodes"].as_array().expect("rows").len();
    assert_eq!(list["totalCount"]["value"], nodes, "{list}");
    assert_eq!(list["aggregate"]["count"], nodes, "{list}");
    i64::try_from(nodes).expect("a small number")
}

fn count_in(numbers: &Value, slug: &str) -> i64 {
    let groups = numbers["agreements"]["byProvince"]["nodes"].as_array().expect("groups").iter();
    let of = |group: &&Value| group["keys"][0]["value"] == slug;
    groups.clone().find(of).map_or(0, |group| group["aggregate"]["count"].as_i64().expect("a number"))
}

#[tokio::test]
async fn merged_document_counts_once_and_undoing_the_merge_restores_every_number() {
    on_both_engines(|server| async move {
        let empty = count_of(&numbers(&server, "public").await);
        let entries = publish_agreements(&server, &UNITS).await;
        let before = all_numbers(&server).await;
        assert_eq!(count_of(&before[0]), empty + 4);
        let kept = merge(&server, &entries[0], &entries[1..]).await.expect_entry();
        let merged = all_numbers(&server).await;
        for (merged, before) in merged.iter().zip(&before) {
            assert_eq!(count_of(merged), empty + 1);
            for slug in UNITS {
                assert_eq!(count_in(merged, slug), count_in(before, slug), "each owner has it: {slug}");
            }
            let nation =
                |numbers: &Value| numbers["statistics"]["agreements"]["count"].as_i64().expect("a number");
            assert_eq!(nation(merged), nation(before) - 3);
        }
        let mut kept = kept;
        for other in &entries[1..] {
            let back = unmerge(&server, other, &kept).await.expect_entry();
            assert_eq!(back["code"], other["code"]);
            let read = "query($id: ID!) { node(id: $id) { ... on Agreement { id version } } }";
            kept = data(&server, "public", read, json!({"id": kept["id"]})).await["node"].take();
        }
        assert_eq!(all_numbers(&server).await, before);
    })
    .await;
}

#[tokio::test]
async fn merged_events_count_once_and_come_back_with_their_hosts() {
    on_both_engines(|server| async move {
        let mut input = event("Joint conference");
        input["hosts"] = json!([{"province": "HO_CHI_MINH"}, {"organization": "VCCI"}]);
        let one = publish(&server, "DONG_NAI", "createEvent", event("Joint conference")).await;
        let other = publish(&server, "HO_CHI_MINH", "createEvent", input).await;
        let before = all_numbers(&server).await;
        let kept = merge(&server, &one, std::slice::from_ref(&other)).await.expect_entry();
        let events = numbers(&server, "public").await["events"].take();
        let node = events["nodes"].as_array().expect("rows").iter().find(|node| node["code"] == kept["code"]);
        let node = node.expect("the kept event");
        assert_eq!(node["owners"], json!([{"slug": "DONG_NAI"}, {"slug": "HO_CHI_MINH"}]));
        assert_eq!(node["hosts"][0]["unit"]["slug"], "DONG_NAI");
        assert_eq!(node["hosts"][1]["unit"]["slug"], "HO_CHI_MINH");
        assert_eq!(node["hosts"][2]["printedName"], "VCCI");
        unmerge(&server, &other, &kept).await.expect_entry();
        assert_eq!(all_numbers(&server).await, before);
    })
    .await;
}

const LOOK_UPS: &str = "query($id: ID!, $code: String!) {
    node(id: $id) { __typename id ... on Agreement { code } }
    nodes(ids: [$id]) { id }
    byId: agreement(by: { id: $id }) { code }
    byCode: agreement(by: { code: $code }) {
        code isShared vietnameseParties { participant { unit { slug } } }
        mergedEntries { entryId code entryType province { slug } tombstone { code mergedIntoCode } }
        history(first: 20) { nodes { code operation } }
    }
    tombstone(code: $code) { code reason(locale: EN) mergedIntoCode mergedInto { code } }
    search(query: $code, first: 5) { nodes { ... on Agreement { code } } }
}";

#[tokio::test]
async fn look_ups_of_a_merged_entry_find_the_kept_one() {
    on_both_engines(|server| async move {
        let entries = publish_agreements(&server, &UNITS[..2]).await;
        let variables = json!({"id": entries[1]["id"], "code": entries[1]["code"]});
        let before = data(&server, "public", LOOK_UPS, variables.clone()).await;
        assert_eq!((&before["byCode"]["code"], &before["tombstone"]), (&entries[1]["code"], &Value::Null));
        let kept = merge(&server, &entries[0], &entries[1..]).await.expect_entry();
        for caller in ["public", "clerk:HO_CHI_MINH", "clerk:DONG_NAI", "steward"] {
            let found = data(&server, caller, LOOK_UPS, variables.clone()).await;
            for (path, code) in [("node", "code"), ("byId", "code"), ("byCode", "code")] {
                assert_eq!(found[path][code], kept["code"], "{caller}: {path}");
            }
            assert_eq!(found["nodes"][0]["id"], kept["id"], "{caller}");
            assert_eq!(found["search"]["nodes"][0]["code"], kept["code"], "{caller}");
            let entry = &found["byCode"];
            assert_eq!(entry["isShared"], true);
            let parties: Vec<&Value> = entry["vietnameseParties"]
                .as_array()
                .expect("parties")
                .iter()
                .map(|party| &party["participant"]["unit"]["slug"])
                .collect();
            assert_eq!(parties, ["DONG_NAI", "HO_CHI_MINH"]);
            assert_eq!(entry["mergedEntries"][0]["entryId"], entries[1]["id"]);
            assert_eq!(entry["mergedEntries"][0]["code"], entries[1]["code"]);
            assert_eq!(entry["mergedEntries"][0]["province"]["slug"], "HO_CHI_MINH");
            assert_eq!(entry["mergedEntries"][0]["tombstone"]["mergedIntoCode"], kept["code"]);
            assert_eq!(
                found["tombstone"],
                json!({
                    "code": entries[1]["code"], "reason": "One document", "mergedIntoCode": kept["code"],
                    "mergedInto": {"code": kept["code"]},
                }),
                "{caller}"
            );
            let history = entry["history"]["nodes"].as_array().expect("changes");
            for code in [&entries[0]["code"], &entries[1]["code"]] {
                let of = history.iter().filter(|change| change["code"] == *code);
                let operations: Vec<&Value> = of.map(|change| &change["operation"]).collect();
                assert!(
                    operations.ends_with(&[&json!("PUBLISHED"), &json!("MERGED")]),
                    "{caller}: {history:?}"
                );
            }
        }
        unmerge(&server, &entries[1], &kept).await.expect_entry();
        let after = data(&server, "public", LOOK_UPS, variables.clone()).await;
        assert_eq!(after["byCode"]["code"], entries[1]["code"]);
        assert_eq!(after["tombstone"], Value::Null);
        let operations: Vec<&Value> = after["byCode"]["history"]["nodes"]
            .as_array()
            .expect("changes")
            .iter()
            .map(|node| &node["operation"])
            .collect();
        assert_eq!(operations, ["PUBLISHED", "MERGED", "UNMERGED"]);
    })
    .await;
}

const KNOWN: &str = "query($knownAt: KnownAt) { statistics(knownAt: $knownAt) { agreements { count } } }";

#[tokio::test]
async fn number_before_a_merge_can_be_asked_again() {
    on_both_engines(|server| async move {
        let entries = publish_agreements(&server, &UNITS[..3]).await;
        let cursor =
            data(&server, "public", "{ statistics { cursor } }", Value::Null).await["statistics"]["cursor"]
                .take();
        let count = async |known_at: &Value| {
            let known = data(&server, "public", KNOWN, json!({ "knownAt": known_at })).await;
            known["statistics"]["agreements"]["count"].as_i64().expect("a number")
        };
        let before = count(&cursor).await;
        let merged = merge(&server, &entries[0], &entries[1..]).await;
        let merged_cursor = merged.answer["data"]["mergeEntries"]["cursor"].clone();
        let kept = merged.expect_entry();
        let undone = unmerge(&server, &entries[1], &kept).await;
        let undone_cursor = undone.answer["data"]["unmergeEntry"]["cursor"].clone();
        undone.expect_entry();
        for (cursor, expected) in
            [(&cursor, before), (&merged_cursor, before - 2), (&undone_cursor, before - 1)]
        {
            assert_eq!(count(cursor).await, expected);
        }
        assert_eq!(count(&Value::Null).await, before - 1);
    })
    .await;
}

#[tokio::test]
async fn merged_document_stays_activity_of_the_relations_of_all_owners() {
    on_both_engines(|server| async move {
        let relation = json!({
            "partnerLocality": "kr-gyeongsangnam", "tier": "COOPERATION", "pillar": "STATE", "established": "2015-03",
        });
        let relation = publish(&server, "HUE", "createRelation", relation).await;
        let entries = publish_agreements(&server, &["DONG_NAI", "HUE"]).await;
        let document = "query($id: ID!) { node(id: $id) { ... on Relation { lastActivityOn version } } }";
        let read = async || data(&server, "public", document, json!({"id": relation["id"]})).await["node"].take();
        let before = read().await;
        assert_eq!(before["lastActivityOn"], "2024-05-06");
        let kept = merge(&server, &entries[0], &entries[1..]).await.expect_entry();
        assert_eq!(read().await, before);
        let amend = json!({
            "id": kept["id"], "expectedVersion": kept["version"], "actId": "1", "on": "2024-07-08", "reason": {"vi": "Sai ngày"},
        });
        let draft = write(&server, "clerk:DONG_NAI", "amendAct", amend).await.expect_entry();
        let kept = transition(&server, "publisher:DONG_NAI", "publishEntry", &draft).await.expect_entry();
        assert_eq!(read().await["lastActivityOn"], "2024-07-08");
        unmerge(&server, &entries[1], &kept).await.expect_entry();
        assert_eq!(read().await["lastActivityOn"], "2024-05-06");
    })
    .await;
}

#[tokio::test]
async fn integrity_check_holds_merges() {
    on_both_databases(|settings| async move {
        let server = Server::start(settings.clone()).await;
        let entries = publish_agreements(&server, &UNITS).await;
        let kept = merge(&server, &entries[0], &entries[1..]).await.expect_entry();
        unmerge(&server, &entries[2], &kept).await.expect_entry();
        server.stop().await;
        let location = database_location(&settings);
        let checked = async || caunoi_register::verify(&location).await.expect("the database responds");
        checked().await.expect("what is merged holds");
        let database = connect(&settings).await;
        let change = "UPDATE agreement_merged SET merged_number = merged_number + 1";
        sea_orm::ConnectionTrait::execute_unprepared(&database, change)
            .await
            .expect("the database is writable");
        let violation = checked().await.expect_err("the rows differ from the content");
        assert!(violation.place.starts_with("agreement "), "{violation}");
    })
    .await;
}
