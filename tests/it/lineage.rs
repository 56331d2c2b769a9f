//! Relations and agreements of units that were merged: which relation an entry belongs to, who
//! signed, and what overlaps.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use crate::contract::matcher::walk;
use crate::harness::{Server, on_both_engines};
use crate::mutations::{transition, write};

async fn data(server: &Server, document: &str) -> Value {
    let mut answer = server.execute(document, Value::Null).await;
    assert!(answer["errors"].is_null(), "{answer}");
    answer["data"].take()
}

async fn publish(server: &Server, province: &str, mutation: &str, input: Value) -> Value {
    let draft = write(server, &format!("clerk:{province}"), mutation, input).await.expect_entry();
    transition(server, &format!("publisher:{province}"), "publishEntry", &draft).await.expect_entry()
}

#[tokio::test]
async fn agreement_belongs_to_the_relation_of_its_unit() {
    on_both_engines(|server| async move {
        for (agreement, relation, unit) in [
            ("AGR-0021", "REL-0033", "BINH_DUONG"),
            ("AGR-0023", "REL-0040", "BINH_PHUOC"),
            ("AGR-0033", "REL-0062", "DA_NANG"),
            ("AGR-0036", "REL-0064", "DA_NANG"),
            ("AGR-0097", "REL-0230", "QUANG_NAM"),
        ] {
            let document = format!(
                "{{ agreement(by: {{code: {agreement:?}}}) {{ originUnit {{ slug }}
                    relation {{ code originUnit {{ slug }} }} }} }}"
            );
            let unit = json!({ "slug": unit });
            let expected = json!({"originUnit": unit, "relation": {"code": relation, "originUnit": unit}});
            assert_eq!(data(&server, &document).await["agreement"], expected, "{agreement}");
        }
    })
    .await;
}

#[tokio::test]
async fn parties_name_the_unit_that_signed() {
    on_both_engines(|server| async move {
        let document = r#"{
            former: agreement(by: {code: "AGR-0097"}) { province { slug } parties { ...Party } }
            today: agreement(by: {code: "AGR-0088"}) { province { slug } parties { ...Party } }
        }
        fragment Party on AgreementParty { party { __typename
            ... on AdminUnit { slug validTo } ... on Province { slug } ... on Locality { slug } } }"#;
        let answer = data(&server, document).await;
        assert_eq!(answer["former"]["province"]["slug"], "DA_NANG");
        assert_eq!(
            walk(&answer, "former.parties[*].party"),
            json!([
                {"__typename": "AdminUnit", "slug": "QUANG_NAM", "validTo": "2025-06-30"},
                {"__typename": "Locality", "slug": "kr-yongin"},
            ])
        );
        assert_eq!(
            answer["today"]["parties"][0]["party"],
            json!({"__typename": "Province", "slug": "NGHE_AN"})
        );
    })
    .await;
}

#[tokio::test]
async fn merged_units_with_one_partner_overlap() {
    on_both_engines(|server| async move {
        let overlaps = async |day: &str| {
            let document = format!(
                "{{ statistics(asOf: {day:?}) {{ overlaps {{ unit {{ slug }} partnerLocality {{ slug }}
                    relations {{ code originUnit {{ slug }} }} agreements {{ code originUnit {{ slug }} }} }} }} }}"
            );
            data(&server, &document).await["statistics"]["overlaps"].take()
        };
        assert_eq!(overlaps("2025-06-30").await, json!([]), "before the merger");
        let now = overlaps("2026-11-25").await;
        let at = |unit: &str, partner: &str| {
            let is = |overlap: &&Value| {
                overlap["unit"]["slug"] == unit && overlap["partnerLocality"]["slug"] == partner
            };
            now.as_array().expect("a list").iter().find(is)
        };
        let champasak = at("DONG_NAI", "la-champasak").expect("an overlap");
        assert_eq!(walk(champasak, "relations[*].code"), json!(["REL-0040", "REL-0086"]));
        let units = json!(["BINH_PHUOC", "DONG_NAI"]);
        assert_eq!(walk(champasak, "relations[*].originUnit.slug"), units);
        let oudomxay = at("NINH_BINH", "la-oudomxay").expect("an overlap");
        assert_eq!(oudomxay["relations"].as_array().map(Vec::len), Some(3));
        // The relation of 2026 continues that of Quảng Nam; two of one unit are no overlap.
        assert_eq!(at("DA_NANG", "kr-yongin"), None);
        assert_eq!(at("HO_CHI_MINH", "kh-kratie"), None);
        for overlap in now.as_array().expect("a list") {
            for kind in ["relations", "agreements"] {
                let units = walk(overlap, &format!("{kind}[*].originUnit.slug"));
                let units = units.as_array().expect("units");
                let differ = units.iter().any(|unit| Some(unit) != units.first());
                assert!(units.is_empty() || differ, "{overlap}");
            }
        }
    })
    .await;
}

/// Returns the last activity of these relations.
async fn last_activity(server: &Server, codes: &[&str]) -> Value {
    let fields: Vec<String> = codes
        .iter()
        .enumerate()
        .map(|(at, code)| format!("r{at}: relation(by: {{code: {code:?}}}) {{ lastActivityOn }}"))
        .collect();
    let answer = data(server, &format!("{{ {} }}", fields.join(" "))).await;
    let days = (0..codes.len()).map(|at| answer[format!("r{at}")]["lastActivityOn"].clone());
    Value::Array(days.collect())
}

#[tokio::test]
async fn activity_counts_to_the_relation_of_the_nearest_unit() {
    on_both_engines(|server| async move {
        let relations = ["REL-0061", "REL-0230"];
        let before = last_activity(&server, &relations).await;
        let event = json!({
            "province": "DA_NANG", "title": {"en": "Talks with Yongin"}, "kind": "CONFERENCE",
            "pillar": "STATE", "heldOn": "2026-11-20", "partnerLocalities": ["kr-yongin"],
        });
        publish(&server, "DA_NANG", "createEvent", event).await;
        assert_eq!(last_activity(&server, &relations).await, json!(["2026-11-20", before[1]]));

        // An inherited relation is kept alive by the province that has it now, until the province
        // has a relation of its own.
        let inherited = ["REL-0221"];
        let event = json!({
            "province": "QUANG_TRI", "title": {"en": "Talks with Yamanashi"}, "kind": "CONFERENCE",
            "pillar": "STATE", "heldOn": "2026-10-10", "partnerLocalities": ["jp-yamanashi"],
        });
        let event = publish(&server, "QUANG_TRI", "createEvent", event).await;
        let relation_of_event =
            format!("{{ event(by: {{code: {}}}) {{ relation {{ code }} }} }}", event["code"]);
        let answer = data(&server, &relation_of_event).await;
        assert_eq!(answer["event"]["relation"]["code"], "REL-0221");
        assert_eq!(last_activity(&server, &inherited).await, json!(["2026-10-10"]));
        let own = json!({
            "province": "QUANG_TRI", "partnerLocality": "jp-yamanashi", "tier": "COOPERATION",
            "pillar": "STATE", "established": "2026-01", "allowDuplicate": true,
        });
        let own = publish(&server, "QUANG_TRI", "createRelation", own).await;
        let own = own["code"].as_str().expect("a code").to_owned();
        assert_eq!(last_activity(&server, &[&own]).await, json!(["2026-10-10"]));
        assert_eq!(last_activity(&server, &inherited).await, json!([null]));
        let answer = data(&server, &relation_of_event).await;
        assert_eq!(answer["event"]["relation"]["code"], own.as_str());
    })
    .await;
}

#[tokio::test]
async fn agreement_is_activity_of_relations_with_all_its_localities() {
    on_both_engines(|server| async move {
        let relations = ["REL-0080", "REL-0082"];
        let agreement = json!({
            "province": "DONG_NAI", "title": {"en": "Memorandum of three"}, "form": "MOU", "pillar": "STATE",
            "partnerLocality": "cu-pinar-del-rio",
            "parties": [{"locality": "kh-kratie"}],
            "acts": [{"kind": "SIGN", "on": "2026-11-19"}],
        });
        publish(&server, "DONG_NAI", "createAgreement", agreement).await;
        assert_eq!(last_activity(&server, &relations).await, json!(["2026-11-19", "2026-11-19"]));
    })
    .await;
}

/// Returns the codes of the changes of a type under a slug, read from the feed by GraphQL and by
/// HTTP.
async fn changed_codes(server: &Server, slug: &str, kind: &str) -> [BTreeSet<String>; 3] {
    let filter = json!({"province": {"in": [slug]}, "entryType": [kind]});
    let codes = |nodes: &Value| -> BTreeSet<String> {
        let nodes = nodes.as_array().unwrap_or_else(|| panic!("{nodes}")).iter();
        nodes.map(|node| node["code"].as_str().expect("a code").to_owned()).collect()
    };
    let (mut read, mut after) = (BTreeSet::new(), Value::Null);
    loop {
        let document = "query($f: ChangeFilter, $after: Cursor) { changes(filter: $f, after: $after, first: 100) { nodes { code } cursor hasMore } }";
        let answer = server.execute(document, json!({"f": filter, "after": after})).await;
        let page = &answer["data"]["changes"];
        read.append(&mut codes(&page["nodes"]));
        if page["hasMore"] != true {
            break;
        }
        after = page["cursor"].clone();
    }
    let document = "query($f: ChangeFilter) { latestChanges(filter: $f, first: 100) { nodes { code } } }";
    let latest = server.execute(document, json!({ "f": filter })).await;
    let (mut lines, mut address) = (BTreeSet::new(), format!("first=100&entryType={kind}&province={slug}"));
    loop {
        let response =
            server.http(Method::GET, &format!("/changes.jsonl?{address}")).send().await.expect("an answer");
        let next = response.headers().get("link").map(|link| link.to_str().expect("text").to_owned());
        let body = response.text().await.expect("lines");
        for line in body.lines() {
            let line: Value = serde_json::from_str(line).expect("JSON");
            lines.extend(line["code"].as_str().map(str::to_owned));
        }
        let Some(next) = next else { break };
        address = next.split(['?', '>']).nth(1).expect("an address").to_owned();
    }
    [read, codes(&latest["data"]["latestChanges"]["nodes"]), lines]
}

#[tokio::test]
async fn slug_of_a_former_unit_means_the_same_in_lists_and_feeds() {
    on_both_engines(|server| async move {
        for (slug, name, has_relations) in
            [("QUANG_NAM", "quang-nam", true), ("BINH_DUONG", "Bình Dương", true), ("HA_TAY", "ha_tay", false)]
        {
            for (list, kind) in [("relations", "RELATION"), ("agreements", "AGREEMENT")] {
                let mut codes = Vec::new();
                for word in [slug, name] {
                    let document = format!(
                        "{{ {list}(first: 100, filter: {{province: {{in: [{word:?}]}}}}) {{ nodes {{ code }} }} }}"
                    );
                    let found = walk(&data(&server, &document).await, &format!("{list}.nodes[*].code"));
                    let found = found.as_array().expect("codes").iter().filter_map(Value::as_str);
                    codes.push(found.map(str::to_owned).collect::<BTreeSet<_>>());
                }
                assert_eq!(codes[0], codes[1], "{slug} {list}");
                assert_eq!(!codes[0].is_empty(), has_relations, "{slug} {list}: {codes:?}");
                for word in [slug, name] {
                    for of_feed in changed_codes(&server, word, kind).await {
                        assert_eq!(of_feed, codes[0], "{word} {list}");
                    }
                }
            }
        }
    })
    .await;
}
