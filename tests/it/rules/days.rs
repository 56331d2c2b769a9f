//! Units, relations and events on their days: what contradicts them is refused, and what is accepted
//! counts on no day on which it was not.

use serde_json::{Value, json};

use super::{CLERK, PUBLISHER, target, write_violations};
use crate::contract::matcher::walk;
use crate::harness::{Server, on_both_engines};
use crate::mutations::{agreement, event, read_entry, relation, transition, write};

async fn data(server: &Server, document: &str) -> Value {
    let mut answer = server.execute(document, Value::Null).await;
    assert!(answer["errors"].is_null(), "{answer}");
    answer["data"].take()
}

async fn publish(server: &Server, mutation: &str, input: Value) -> Value {
    let draft = write(server, CLERK, mutation, input).await.expect_entry();
    transition(server, PUBLISHER, "publishEntry", &draft).await.expect_entry()
}

fn signed(province: &str, on: &str) -> Value {
    let mut input = agreement(&format!("Ký {province} {on}"));
    input["province"] = json!(province);
    input["acts"] = json!([{"kind": "SIGN", "on": on}]);
    input["allowDuplicate"] = json!(true);
    input
}

#[tokio::test]
async fn total_that_no_quantity_holds_is_refused_and_the_register_goes_on() {
    on_both_engines(|server| async move {
        let mut input = event("Ten thousand fairs");
        input["occurrences"] = json!(10_000);
        for value in ["9999999999999999", "1000000000000"] {
            input["delegates"] = json!({"value": value, "unit": "person"});
            let refused = write(&server, CLERK, "createEvent", input.clone()).await.refused();
            assert_eq!(refused, [("INVALID".to_owned(), "delegates".to_owned())], "{value}");
        }
        let counts = "{ statistics { events { count sums(of: DELEGATES) { units { unit value lower } } } } }";
        let before = data(&server, counts).await;
        input["delegates"] = json!({"value": "999999999999", "unit": "person"});
        publish(&server, "createEvent", input).await;
        let mut other = event("A small fair");
        other["delegates"] = json!({"value": "5", "unit": "person"});
        publish(&server, "createEvent", other).await;
        let after = data(&server, counts).await;
        let count = |answer: &Value| answer["statistics"]["events"]["count"].as_i64().expect("a count");
        assert_eq!(count(&after), count(&before) + 2);
        let lower = |answer: &Value| {
            let sums = &answer["statistics"]["events"]["sums"]["units"];
            let of_persons = sums.as_array().expect("sums").iter().find(|sum| sum["unit"] == "person");
            let lower = of_persons.expect("persons")["lower"].as_str().expect("a number").to_owned();
            lower.parse::<i128>().expect("a whole number")
        };
        assert_eq!(lower(&after), lower(&before) + 9_999_999_999_990_000 + 5);
    })
    .await;
}

#[tokio::test]
async fn unit_signs_only_while_it_exists() {
    on_both_engines(|server| async move {
        for (caller, province, on) in [
            ("clerk:CAN_THO", "HAU_GIANG", "2003-12-31"),
            ("clerk:LAM_DONG", "DAK_NONG", "2002-05-05"),
            ("clerk:HA_NOI", "HA_TAY", "2010-05-05"),
            (CLERK, "BINH_PHUOC", "2026-01-01"),
        ] {
            let refused = write(&server, caller, "createAgreement", signed(province, on)).await.refused();
            assert_eq!(refused, [("INVALID".to_owned(), "acts.0.on".to_owned())], "{province} {on}");
        }
        for (caller, province, on) in [
            ("clerk:CAN_THO", "HAU_GIANG", "2004"),
            ("clerk:LAM_DONG", "DAK_NONG", "200X"),
            ("clerk:HA_NOI", "HA_TAY", "2008"),
            (CLERK, "BINH_PHUOC", "1996"),
            (CLERK, "BINH_PHUOC", "2025"),
        ] {
            write(&server, caller, "createAgreement", signed(province, on)).await.expect_entry();
        }
        for (others, index) in [(["DONG_NAI", "HA_TAY"], 1), (["BINH_PHUOC", "DONG_NAI"], 0)] {
            let mut input = signed("DONG_NAI", "2026-01-01");
            input["vietnameseParties"] = others.iter().map(|slug| json!({ "province": slug })).collect();
            let refused = write(&server, CLERK, "createAgreement", input).await;
            let message = refused.errors[0]["message"].as_str().expect("a message");
            assert!(message.contains(others[index]), "{message}");
            assert_eq!(refused.refused(), [("INVALID".to_owned(), "acts.0.on".to_owned())]);
        }
    })
    .await;
}

#[tokio::test]
async fn unit_is_the_one_of_the_day_under_its_name_then() {
    on_both_engines(|server| async move {
        for (caller, province, on, slug, valid_to) in [
            ("clerk:HUE", "HUE", "2019-02-02", "THUA_THIEN_HUE", json!("2024-12-31")),
            ("clerk:HUE", "THUA_THIEN_HUE", "2026-02-02", "HUE", Value::Null),
            (CLERK, "DONG_NAI", "../2019", "DONG_NAI", json!("2025-06-30")),
            (CLERK, "Đồng Nai", "../2025-06-30", "DONG_NAI", json!("2025-06-30")),
            (CLERK, "DONG_NAI", "2025-07-01", "DONG_NAI", Value::Null),
        ] {
            let draft = write(&server, caller, "createAgreement", signed(province, on)).await.expect_entry();
            let unit = read_entry(&server, caller, &draft, "originUnit { slug validTo }").await;
            let expected = json!({"slug": slug, "validTo": valid_to});
            assert_eq!(unit["originUnit"], expected, "{province} {on}");
        }
    })
    .await;
}

#[tokio::test]
async fn units_of_counted_entries_are_units_of_the_day() {
    on_both_engines(|server| async move {
        for (province, on) in [("HUE", "2003-12-31"), ("HUE", "2019"), ("THUA_THIEN_HUE", "2025-03-01")] {
            let (clerk, publisher) = ("clerk:HUE", "publisher:HUE");
            let draft = write(&server, clerk, "createAgreement", signed(province, on)).await.expect_entry();
            transition(&server, publisher, "publishEntry", &draft).await.expect_entry();
        }
        for day in ["1997-01-01", "2003-12-31", "2019-12-31", "2025-06-30", "2025-07-01"] {
            let groups = |kind: &str| {
                format!(
                    "{kind} {{ groups(by: [{{key: UNIT}}], first: 100) {{ nodes {{ keys {{ value }} }} }} }}"
                )
            };
            let document = format!(
                "{{ units(asOf: {day:?}) {{ slug }}
                    statistics(asOf: {day:?}, boundaries: AT_THE_TIME) {{ {} {} {} }} }}",
                groups("agreements"),
                groups("events"),
                groups("relations"),
            );
            let answer = data(&server, &document).await;
            let units = walk(&answer, "units[*].slug");
            let units = units.as_array().expect("units");
            for kind in ["agreements", "events", "relations"] {
                let counted = walk(&answer, &format!("statistics.{kind}.groups.nodes[*].keys[*].value"));
                for slug in counted.as_array().expect("slugs") {
                    assert!(units.contains(slug), "{kind} of {slug} on {day}");
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn unit_holds_and_hosts_only_while_it_exists() {
    on_both_engines(|server| async move {
        let held = |province: &str, on: &str| {
            let mut input = event(&format!("Held {province} {on}"));
            input["province"] = json!(province);
            input["heldOn"] = json!(on);
            input
        };
        let host = |slug: &str, on: &str| {
            let mut input = held("DONG_NAI", on);
            input["hosts"] = json!([{"province": "DONG_NAI"}, {"province": slug}]);
            input
        };
        for (caller, input) in [
            ("clerk:HA_NOI", held("HA_TAY", "2012-05-05")),
            (CLERK, held("BINH_PHUOC", "2026-05-05")),
            (CLERK, host("BINH_DUONG", "2026-05-05")),
            (CLERK, host("DAK_NONG", "2003")),
        ] {
            let (_, errors) = write_violations(&server, caller, "createEvent", input).await;
            assert_eq!(errors, ["UNIT_EXISTS heldOn"]);
        }
        let over_the_merger = host("BINH_DUONG", "2025-06-30/2025-07-02");
        write(&server, CLERK, "createEvent", over_the_merger).await.expect_entry();
        for (caller, province, field, value, path) in [
            ("clerk:LAM_DONG", "DAK_NONG", "established", json!("1999"), "established"),
            ("clerk:HA_NOI", "HA_TAY", "established", json!("2015"), "established"),
            (CLERK, "BINH_PHUOC", "established", json!("2026-01-01"), "established"),
            ("clerk:CAN_THO", "HAU_GIANG", "evidenceYear", json!(2001), "evidenceYear"),
        ] {
            let mut input = relation();
            input["province"] = json!(province);
            input["established"] = Value::Null;
            input[field] = value;
            let (_, errors) = write_violations(&server, caller, "createRelation", input).await;
            assert_eq!(errors, [format!("UNIT_EXISTS {path}")], "{province}");
        }
    })
    .await;
}

#[tokio::test]
async fn relation_that_ended_is_not_active() {
    on_both_engines(|server| async move {
        let mut input = relation();
        input["status"] = json!("ACTIVE");
        input["ended"] = json!("2019");
        let (_, errors) = write_violations(&server, CLERK, "createRelation", input.clone()).await;
        assert_eq!(errors, ["RELATION_STATUS status"]);
        input["ended"] = Value::Null;
        input["status"] = json!("ENDED");
        input["established"] = json!("2010");
        let entry = publish(&server, "createRelation", input).await;
        for (day, status) in [("2009-12-31", "UNKNOWN"), ("2020-01-01", "UNKNOWN")] {
            let fields = format!("status(asOf: {day:?})");
            assert_eq!(read_entry(&server, "public", &entry, &fields).await["status"], status, "{day}");
        }
        assert_eq!(read_entry(&server, "public", &entry, "status").await["status"], "ENDED");
    })
    .await;
}

#[tokio::test]
async fn event_is_held_from_the_day_on_which_it_counts() {
    on_both_engines(|server| async move {
        for (on, state, day, expected) in [
            ("2026-11-01/2026-12-05", Value::Null, "2026-10-31", "PLANNED"),
            ("2026-11-01/2026-12-05", Value::Null, "2026-11-01", "HELD"),
            ("2025/2026", Value::Null, "2026-01-01", "HELD"),
            ("2010s/2020s", Value::Null, "2020-01-01", "HELD"),
            ("2099-01-01", json!("PLANNED"), "2098-12-31", "PLANNED"),
            ("2099-01-01", json!("PLANNED"), "2099-01-01", "HELD"),
        ] {
            let mut input = event(&format!("State {on} {state}"));
            input["heldOn"] = json!(on.replace("2010s/2020s", "201X/202X"));
            input["state"] = state;
            input["allowDuplicate"] = json!(true);
            let draft = write(&server, CLERK, "createEvent", input).await.expect_entry();
            let shown = read_entry(&server, CLERK, &draft, &format!("state(asOf: {day:?})")).await;
            assert_eq!(shown["state"], expected, "{on} on {day}");
            for filter in ["HELD", "PLANNED"] {
                let document = format!(
                    "{{ events(asOf: {day:?}, first: 100, filter: {{state: {{in: [{filter}]}}}}) {{ nodes {{ id }} }}
                        all: events(first: 100, filter: {{search: {:?}, state: {{in: [{filter}]}}}}) {{ nodes {{ id state }} }} }}",
                    format!("State {on}")
                );
                let answer = server.execute_as(CLERK, &document, Value::Null).await;
                assert!(answer["errors"].is_null(), "{answer}");
                let all = answer["data"]["all"]["nodes"].as_array().expect("nodes").clone();
                assert!(all.iter().all(|node| node["state"] == filter), "{answer}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn planned_event_is_not_over_and_held_one_not_in_the_future() {
    on_both_engines(|server| async move {
        for (on, state, violation) in
            [("2020-01-01", "PLANNED", "NOT_OVER state"), ("2099-01-01", "HELD", "NOT_IN_FUTURE heldOn")]
        {
            let mut input = event(&format!("{state} on {on}"));
            input["heldOn"] = json!(on);
            input["state"] = json!(state);
            assert_eq!(write_violations(&server, CLERK, "createEvent", input).await.1, [violation]);
        }
        let mut input = relation();
        input["established"] = Value::Null;
        input["evidenceYear"] = json!(2050);
        let (_, errors) = write_violations(&server, CLERK, "createRelation", input).await;
        assert_eq!(errors, ["NOT_IN_FUTURE evidenceYear"]);
    })
    .await;
}

#[tokio::test]
async fn cancelled_event_counts_nowhere() {
    on_both_engines(|server| async move {
        let counts = r#"{
            last: statistics(asOf: "9999-12-31") { events { count } }
            all: events { totalCount { value } aggregate { count } groups(by: [{key: KIND}], first: 100) { nodes { aggregate { count } } } }
            then: events(asOf: "9999-12-31") { totalCount { value } aggregate { count } }
        }"#;
        let before = data(&server, counts).await;
        for state in ["CANCELLED", "POSTPONED"] {
            let mut input = event(&format!("Not held, {state}"));
            input["state"] = json!(state);
            publish(&server, "createEvent", input).await;
        }
        let after = data(&server, counts).await;
        assert_eq!(after["last"], before["last"]);
        assert_eq!(after["then"], before["then"]);
        assert_eq!(after["all"]["aggregate"], before["all"]["aggregate"]);
        assert_eq!(after["all"]["groups"], before["all"]["groups"]);
        let total = |answer: &Value| answer["all"]["totalCount"]["value"].as_i64().expect("a count");
        assert_eq!(total(&after), total(&before) + 2, "the list contains them");
    })
    .await;
}

#[tokio::test]
async fn named_relation_is_of_the_unit_and_the_partner() {
    on_both_engines(|server| async move {
        let document = r#"{ other: relation(by: {code: "REL-0085"}) { id partnerLocality { slug } }
            foreign: relation(by: {code: "REL-0036"}) { id } }"#;
        let relations = data(&server, document).await;
        for (name, partner) in [("other", "kr-gyeongsangnam"), ("foreign", "kr-gyeongsangnam")] {
            let mut input = agreement(&format!("Theo quan hệ {name}"));
            input["partnerLocality"] = json!(partner);
            input["relation"] = relations[name]["id"].clone();
            let refused = write(&server, CLERK, "createAgreement", input).await.refused();
            assert_eq!(refused, [("INVALID".to_owned(), "relation".to_owned())], "{name}");
        }
        let mut input = agreement("Theo đúng quan hệ");
        input["partnerLocality"] = relations["other"]["partnerLocality"]["slug"].clone();
        input["relation"] = relations["other"]["id"].clone();
        publish(&server, "createAgreement", input).await;
    })
    .await;
}

#[tokio::test]
async fn country_of_a_locality_does_not_outlive_it() {
    on_both_engines(|server| async move {
        let entry = publish(&server, "createAgreement", agreement("Đổi đối tác")).await;
        let mut change = target(&entry);
        change["partnerLocality"] = Value::Null;
        change["partnerOrganization"] = json!("Sở Công Thương Đồng Nai");
        let draft = write(&server, CLERK, "updateAgreement", change).await.expect_entry();
        let shown = read_entry(&server, CLERK, &draft, "country { code }").await;
        assert_eq!(shown["country"], Value::Null);
        let refused = write(&server, PUBLISHER, "publishEntry", target(&draft)).await;
        assert_eq!(super::violations(&refused.errors), ["FOREIGN_PARTY partnerLocality"]);
        let mut input = agreement("Hai cơ quan trong nước");
        input["partnerLocality"] = Value::Null;
        input["partnerOrganization"] = json!("ORG-0051");
        input["country"] = json!("KR");
        let (warnings, _) = write_violations(&server, CLERK, "createAgreement", input).await;
        assert_eq!(warnings, ["FOREIGN_PARTY partnerLocality"]);
    })
    .await;
}

#[tokio::test]
async fn names_of_units_are_resolved_wherever_a_unit_is_named() {
    on_both_engines(|server| async move {
        let mut input = signed("Đồng Nai", "2024-05-06");
        input["vietnameseParties"] = json!([{"province": "Đồng Nai"}, {"province": "tỉnh Bình Phước"}]);
        write(&server, CLERK, "createAgreement", input.clone()).await.expect_entry();
        input["vietnameseParties"] = json!([{"province": "DONG_NAII"}]);
        let refused = write(&server, CLERK, "createAgreement", input).await;
        let message = refused.errors[0]["message"].as_str().expect("a message");
        assert!(message.contains("DONG_NAI"), "{message}");
        let path = ("NOT_FOUND".to_owned(), "vietnameseParties.0.province".to_owned());
        assert_eq!(refused.refused(), [path]);
        let mut input = event("Named hosts");
        input["hosts"] = json!([{"province": "Đồng Nai"}]);
        input["coOrganizers"] = json!([{"province": "Hà Nội"}]);
        write(&server, CLERK, "createEvent", input).await.expect_entry();
    })
    .await;
}

#[tokio::test]
async fn every_unknown_word_of_a_filter_is_reported() {
    on_both_engines(|server| async move {
        let document = r#"{ agreements(filter: {
            province: {in: ["nope1", "Đồng Nai", "nope2"]}, country: {in: ["KR", "ZZ"]},
            anyOf: [{locality: {in: ["nope3"]}}]
        }) { totalCount { value } } }"#;
        let answer = server.execute(document, Value::Null).await;
        let mut paths: Vec<String> = answer["errors"]
            .as_array()
            .expect("errors")
            .iter()
            .map(|error| walk(error, "extensions.path").to_string())
            .collect();
        paths.sort();
        let expected = [
            r#"["filter","anyOf","0","locality","in","0"]"#,
            r#"["filter","country","in","1"]"#,
            r#"["filter","province","in","0"]"#,
            r#"["filter","province","in","2"]"#,
        ];
        assert_eq!(paths, expected, "{answer}");
    })
    .await;
}
