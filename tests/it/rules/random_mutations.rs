//! Random mutations: what was accepted leaves no published entry that breaks a rule, and no number
//! that differs from a recount.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{CLERK, PUBLISHER, broken, target};
use crate::harness::{Server, on_both_engines};
use crate::mutations::{agreement, event, write};

const STEPS: u32 = 60;

/// Reproducible random numbers (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).expect("below a limit")
    }

    fn pick(&mut self, values: &[Value]) -> Value {
        values[self.below(values.len())].clone()
    }
}

/// The entries that the mutations created, by id, each with its last known version.
type Entries = BTreeMap<String, Value>;

fn random_event(random: &mut Random, number: u32) -> Value {
    let mut input = event(&format!("Random {number}"));
    input["allowDuplicate"] = json!(true);
    input["heldOn"] = random.pick(&[json!("2026-10-05"), json!("2026-10"), json!("../2026"), json!("2025")]);
    input["partnerLocalities"] = random.pick(&[json!([]), json!(["kr-gyeongsangnam"])]);
    input["place"] = random.pick(&[Value::Null, json!("Huế")]);
    input["delegates"] = random.pick(&[
        Value::Null,
        json!({"value": "5", "unit": "person"}),
        json!({"value": "70", "unit": "người"}),
        json!({"value": "-5", "unit": "person"}),
        json!({"value": "9", "unit": "con voi"}),
    ]);
    input
}

fn random_agreement(random: &mut Random, number: u32) -> Value {
    let mut input = agreement(&format!("Ngẫu nhiên {number}"));
    input["allowDuplicate"] = json!(true);
    input["partnerLocality"] = random.pick(&[Value::Null, json!("kr-gyeongsangnam")]);
    let signed = json!([{"kind": "SIGN", "on": "2024-05-06"}]);
    input["acts"] = random.pick(&[json!([]), signed, json!([{"kind": "SIGN", "on": "../2019"}])]);
    input["expires"] = random.pick(&[Value::Null, json!("2030-12-31")]);
    input
}

/// Executes one random mutation; returns whether it was accepted.
async fn mutate(server: &Server, random: &mut Random, number: u32, entries: &mut Entries) -> bool {
    let known: Vec<Value> = entries.values().cloned().collect();
    let choice = if known.is_empty() { 0 } else { random.below(8) };
    let entry = if known.is_empty() { Value::Null } else { random.pick(&known) };
    let is_event = entry["__typename"] == "Event";
    let (caller, mutation, input) = match choice {
        0 | 1 => (CLERK, "createEvent", random_event(random, number)),
        2 => (CLERK, "createAgreement", random_agreement(random, number)),
        3 => {
            let drawn =
                if is_event { random_event(random, number) } else { random_agreement(random, number) };
            let mut input = target(&entry);
            for (field, value) in drawn.as_object().expect("an input") {
                if !matches!(field.as_str(), "province" | "acts" | "allowDuplicate") {
                    input[field] = value.clone();
                }
            }
            (CLERK, if is_event { "updateEvent" } else { "updateAgreement" }, input)
        }
        4 => (PUBLISHER, "withdrawEntry", target(&entry)),
        _ => (PUBLISHER, "publishEntry", target(&entry)),
    };
    let written = write(server, caller, mutation, input).await;
    assert!(written.answer["errors"].is_null(), "{}", written.answer);
    let is_accepted = written.entry.is_object();
    if is_accepted {
        let id = written.entry["id"].as_str().expect("an id").to_owned();
        entries.insert(id, written.entry);
    }
    is_accepted
}

/// Compares the numbers of the province with a recount of its published entries, which satisfy the
/// rules.
async fn check(server: &Server, shipped: &[(String, Vec<String>)]) -> usize {
    assert_eq!(broken(server, PUBLISHER, 100).await, shipped);
    let document = r#"{
        events(first: 100, filter: {province: {in: ["DONG_NAI"]}}) {
            totalCount { value }
            aggregate { count }
            nodes { code heldOn { earliest } place country { code } partnerLocalities { slug } mode
                delegates { value unit } }
        }
        agreements(first: 100, filter: {province: {in: ["DONG_NAI"]}}) {
            totalCount { value }
            aggregate { count inForce }
            nodes { code status parties { __typename } acts { kind } }
        }
    }"#;
    // The public has a lower limit of cost; a clerk elsewhere sees the same entries.
    let answer = server.execute_as("clerk:NGHE_AN", document, Value::Null).await;
    assert!(answer["errors"].is_null(), "{answer}");
    let (events, agreements) = (&answer["data"]["events"], &answer["data"]["agreements"]);
    let rows = |list: &Value| list["nodes"].as_array().expect("a list").clone();
    for list in [events, agreements] {
        let count = json!(rows(list).len());
        assert_eq!((&list["totalCount"]["value"], &list["aggregate"]["count"]), (&count, &count));
    }
    let in_force = rows(agreements).iter().filter(|row| row["status"] == "IN_FORCE").count();
    assert_eq!(agreements["aggregate"]["inForce"], json!(in_force));
    for row in rows(events).iter().filter(|row| !is_shipped(row)) {
        assert!(!row["heldOn"]["earliest"].is_null(), "{row}");
        let has_partner = row["partnerLocalities"].as_array().is_some_and(|list| !list.is_empty());
        assert!(has_partner || !row["place"].is_null(), "{row}");
        assert!(row["delegates"].is_null() || row["delegates"]["unit"] == "person", "{row}");
    }
    for row in rows(agreements).iter().filter(|row| !is_shipped(row)) {
        assert!(row["parties"].as_array().is_some_and(|list| !list.is_empty()), "{row}");
        assert!(row["acts"].as_array().is_some_and(|acts| acts.iter().any(|act| act["kind"] == "SIGN")));
    }
    rows(events).len() + rows(agreements).len()
}

/// Returns whether an entry was shipped: the codes of others name their province.
fn is_shipped(row: &Value) -> bool {
    row["code"].as_str().is_some_and(|code| !code.contains("DONG_NAI"))
}

#[tokio::test]
async fn accepted_mutations_keep_rules_and_numbers() {
    on_both_engines(|server| async move {
        let mut random = Random(0x5EED_2026);
        let mut entries = Entries::new();
        let shipped = broken(&server, PUBLISHER, 100).await;
        let before = check(&server, &shipped).await;
        let (mut accepted, mut most) = (0, before);
        for number in 0..STEPS {
            if mutate(&server, &mut random, number, &mut entries).await {
                accepted += 1;
                most = most.max(check(&server, &shipped).await);
            }
        }
        let refused = STEPS - accepted;
        assert!(accepted > 15 && refused > 5 && most > before + 2, "{accepted} accepted, {most} published");
    })
    .await;
}
