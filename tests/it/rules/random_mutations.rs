//! Random mutations of entries, acts and owners: what was accepted leaves no published entry that
//! breaks a rule, and no number that differs from a recount.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{CLERK, PUBLISHER, broken, target};
use crate::harness::{Server, on_both_engines};
use crate::mutations::{SOURCE, agreement, event, write};

const STEPS: u32 = 120;

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

/// Further owners, or none.
fn owners(random: &mut Random) -> Value {
    let [own, hue] = ["DONG_NAI", "HUE"].map(|slug| json!({ "province": slug }));
    random.pick(&[Value::Null, json!([own, hue])])
}

fn random_event(random: &mut Random, number: u32) -> Value {
    let mut input = event(&format!("Random {number}"));
    input["allowDuplicate"] = json!(true);
    input["heldOn"] = random.pick(&[json!("2026-10-05"), json!("2026-10"), json!("../2026"), json!("2025")]);
    input["partnerLocalities"] = random.pick(&[json!([]), json!(["kr-gyeongsangnam"])]);
    input["place"] = random.pick(&[Value::Null, json!("Huế"), json!("Biên Hòa")]);
    input["sources"] = random.pick(&[json!([SOURCE]), json!([SOURCE]), json!([])]);
    input["hosts"] = owners(random);
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
    let partner = json!("kr-gyeongsangnam");
    input["partnerLocality"] = random.pick(&[Value::Null, partner.clone(), partner]);
    let signed = json!([{"kind": "SIGN", "on": "2024-05-06"}]);
    input["acts"] = random.pick(&[json!([]), signed, json!([{"kind": "SIGN", "on": "../2019"}])]);
    input["expires"] = random.pick(&[Value::Null, json!("2025-12-31"), json!("2030-12-31")]);
    input["vietnameseParties"] = owners(random);
    input
}

/// Returns an act that may contradict the others.
fn random_act(random: &mut Random) -> Value {
    let kind = random.pick(&["SIGN", "AMEND", "EXTEND", "SUSPEND", "RESUME", "TERMINATE"].map(Value::from));
    let on = random.pick(&["2024-05-06", "2025-02-01", "2026-03", "2027-01-01"].map(Value::from));
    let mut act = json!({"kind": kind, "on": on});
    if act["kind"] == "EXTEND" {
        act["until"] = json!("2031-12-31");
    }
    act
}

/// Returns a random mutation of a known entry: who executes it, its name and input.
fn random_change(random: &mut Random, number: u32, entry: &Value) -> (&'static str, &'static str, Value) {
    let (mut input, is_event) = (target(entry), entry["__typename"] == "Event");
    let reason = json!({"vi": "Nhập nhầm"});
    match random.below(if is_event { 8 } else { 13 }) {
        choice if choice == 0 || (is_event && choice == 7) => {
            let drawn =
                if is_event { random_event(random, number) } else { random_agreement(random, number) };
            for (field, value) in drawn.as_object().expect("an input") {
                if !matches!(field.as_str(), "province" | "acts" | "allowDuplicate") {
                    input[field] = value.clone();
                }
            }
            (CLERK, if is_event { "updateEvent" } else { "updateAgreement" }, input)
        }
        1 => {
            input["reason"] = random.pick(&[Value::Null, reason]);
            (PUBLISHER, "withdrawEntry", input)
        }
        2 => (CLERK, "discardDraft", input),
        3 => (CLERK, "submitEntry", input),
        4..7 => (PUBLISHER, "publishEntry", input),
        7 | 8 => {
            input["act"] = random_act(random);
            (CLERK, "recordAct", input)
        }
        9 | 10 => {
            input["actId"] = random.pick(&[json!("1"), json!("1"), json!("2")]);
            input["on"] = random_act(random)["on"].take();
            input["reason"] = reason;
            (CLERK, "amendAct", input)
        }
        _ => {
            input["actId"] = random.pick(&[json!("1"), json!("1"), json!("2")]);
            input["reason"] = reason;
            (CLERK, "voidAct", input)
        }
    }
}

/// Executes one random mutation; returns its name if it was accepted.
async fn mutate(
    server: &Server,
    random: &mut Random,
    number: u32,
    entries: &mut Entries,
) -> Option<&'static str> {
    let known: Vec<Value> = entries.values().cloned().collect();
    let (caller, mutation, input) = match random.below(5) {
        0 => (CLERK, "createEvent", random_event(random, number)),
        1 => (CLERK, "createAgreement", random_agreement(random, number)),
        _ if known.is_empty() => (CLERK, "createEvent", random_event(random, number)),
        _ => {
            let entry = random.pick(&known);
            random_change(random, number, &entry)
        }
    };
    let written = write(server, caller, mutation, input).await;
    assert!(written.answer["errors"].is_null(), "{}", written.answer);
    let id = written.entry["id"].as_str()?.to_owned();
    entries.insert(id, written.entry);
    Some(mutation)
}

fn rows(list: &Value) -> Vec<Value> {
    list["nodes"].as_array().expect("a list").clone()
}

/// Returns a decimal as a whole number; 0 for null.
fn whole(decimal: &Value) -> i64 {
    decimal.as_str().map_or(0, |text| text.parse().expect("a whole number"))
}

/// Returns whether an entry was shipped: the codes of others name their province.
fn is_shipped(row: &Value) -> bool {
    row["code"].as_str().is_some_and(|code| !code.contains("DONG_NAI"))
}

/// Numbers of the nation, and the delegates at the events of the province; or those of the created
/// entries.
#[derive(Debug, PartialEq)]
struct Counts {
    events: i64,
    agreements: i64,
    in_force: i64,
    delegates: i64,
}

impl Counts {
    fn of_nation(data: &Value) -> Self {
        let number = |value: &Value| value.as_i64().expect("a number");
        let (events, agreements) = (&data["statistics"]["events"], &data["statistics"]["agreements"]);
        let sums = data["events"]["aggregate"]["sums"]["units"].as_array().expect("sums").iter();
        let persons = sums.filter(|sum| sum["unit"] == "person");
        Self {
            events: number(&events["count"]),
            agreements: number(&agreements["count"]),
            in_force: number(&agreements["inForce"]),
            delegates: persons.map(|sum| whole(&sum["lower"])).sum(),
        }
    }

    fn plus(&self, other: &Self) -> Self {
        Self {
            events: self.events + other.events,
            agreements: self.agreements + other.agreements,
            in_force: self.in_force + other.in_force,
            delegates: self.delegates + other.delegates,
        }
    }

    fn all(&self) -> i64 {
        self.events + self.agreements
    }
}

const LISTS: &str = r"query($slug: String!) {
    events(first: 100, filter: {province: {in: [$slug]}}) {
        totalCount { value }
        aggregate { count sums(of: DELEGATES) { units { unit lower } } }
        nodes { code heldOn { earliest } place country { code } partnerLocalities { slug } mode
            delegates { value unit } owners { slug } sources { code } }
    }
    agreements(first: 100, filter: {province: {in: [$slug]}}) {
        totalCount { value }
        aggregate { count inForce }
        nodes { code status parties { __typename } signedOn { edtf } acts { kind on { edtf } }
            owners { slug } sources { code } }
    }
    statistics { events { count } agreements { count inForce } }
}";

/// Compares the numbers of a province with a recount of its published entries, which satisfy the
/// rules. Returns the answer.
async fn recount(server: &Server, slug: &str) -> Value {
    // The public has a lower limit of cost; a clerk elsewhere sees the same entries.
    let answer = server.execute_as("clerk:NGHE_AN", LISTS, json!({ "slug": slug })).await;
    assert!(answer["errors"].is_null(), "{answer}");
    let (events, agreements) = (&answer["data"]["events"], &answer["data"]["agreements"]);
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
        assert_ne!(row["sources"], json!([]), "{row}");
    }
    for row in rows(agreements).iter().filter(|row| !is_shipped(row)) {
        assert!(row["parties"].as_array().is_some_and(|list| !list.is_empty()), "{row}");
        let acts = row["acts"].as_array().expect("acts");
        let signings: Vec<&Value> = acts.iter().filter(|act| act["kind"] == "SIGN").collect();
        assert_eq!(signings.len(), 1, "{row}");
        assert_eq!(row["signedOn"], signings[0]["on"], "{row}");
        let is_ended = acts.iter().any(|act| act["kind"] == "TERMINATE");
        assert_eq!(row["status"] == "TERMINATED", is_ended, "{row}");
        assert!(acts.iter().all(|act| act["on"]["edtf"] != "2027-01-01"), "{row}");
        assert_ne!(row["sources"], json!([]), "{row}");
    }
    answer
}

/// Returns the created entries in the lists of a province.
fn created(data: &Value) -> Vec<Value> {
    let both = [&data["events"], &data["agreements"]].into_iter().flat_map(rows);
    both.filter(|row| !is_shipped(row)).collect()
}

/// Compares all numbers with a recount; returns those of the created entries.
async fn check(server: &Server, shipped: &[(String, Vec<String>)], nation: &Counts) -> Counts {
    assert_eq!(broken(server, PUBLISHER, 100).await, shipped);
    let own = recount(server, "DONG_NAI").await["data"].take();
    let other = recount(server, "HUE").await["data"].take();
    let new = |name: &str| rows(&own[name]).into_iter().filter(|row| !is_shipped(row)).collect::<Vec<_>>();
    let (events, agreements) = (new("events"), new("agreements"));
    let count = |rows: usize| i64::try_from(rows).expect("a small number");
    let in_force = agreements.iter().filter(|row| row["status"] == "IN_FORCE").count();
    let counts = Counts {
        events: count(events.len()),
        agreements: count(agreements.len()),
        in_force: count(in_force),
        delegates: events.iter().map(|row| whole(&row["delegates"]["value"])).sum(),
    };
    assert_eq!(Counts::of_nation(&own), nation.plus(&counts), "each document counts once");
    let is_shared = |row: &&Value| row["owners"].as_array().is_some_and(|owners| owners.len() == 2);
    let shared: Vec<Value> = created(&own).iter().filter(is_shared).cloned().collect();
    assert_eq!(created(&other), shared, "the other owner lists what is shared");
    counts
}

#[tokio::test]
async fn accepted_mutations_keep_rules_and_numbers() {
    on_both_engines(|server| async move {
        let mut random = Random(0x5EED_2028);
        let mut entries = Entries::new();
        let shipped = broken(&server, PUBLISHER, 100).await;
        let nation = Counts::of_nation(&recount(&server, "DONG_NAI").await["data"]);
        let (mut accepted, mut most) = (BTreeMap::<&str, u32>::new(), 0);
        for number in 0..STEPS {
            if let Some(mutation) = mutate(&server, &mut random, number, &mut entries).await {
                *accepted.entry(mutation).or_default() += 1;
                most = most.max(check(&server, &shipped, &nation).await.all());
            }
        }
        let mutations = [
            "createEvent",
            "createAgreement",
            "updateEvent",
            "updateAgreement",
            "recordAct",
            "amendAct",
            "voidAct",
            "submitEntry",
            "publishEntry",
            "withdrawEntry",
            "discardDraft",
        ];
        for mutation in mutations {
            assert!(accepted.contains_key(mutation), "no {mutation} was accepted: {accepted:?}");
        }
        let refused = STEPS - accepted.values().sum::<u32>();
        assert!(refused > 10 && most > 2, "{accepted:?}, {most} published");
    })
    .await;
}
