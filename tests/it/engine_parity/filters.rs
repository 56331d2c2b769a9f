//! Random filters: the rows that SQL lists are those that memory counts, no row matches both a
//! filter and its negation, and every row matches one of them.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{data, on_each_engine};
use crate::harness::Server;
use crate::owners::share_some;

/// The seed of the random filters.
const SEED: u64 = 20_260_422;
/// The number of filters for each list.
const FILTERS: usize = 24;

/// A list, and the values that its filter accepts.
struct FilterableList {
    name: &'static str,
    filter: &'static str,
    dates: &'static [&'static str],
    words: &'static [(&'static str, &'static [&'static str])],
}

const SLUGS: &[&str] = &[
    "DONG_NAI",
    "HO_CHI_MINH",
    "BINH_DUONG",
    "DA_NANG",
    "QUANG_NAM",
    "HA_NOI",
    "HUE",
    "NGHE_AN",
    "YEN_BAI",
    "CA_MAU",
];
const COUNTRIES: &[&str] = &["LA", "KH", "KR", "JP", "CN", "RU", "FR", "VN", "CU", "TW", "AQ"];
const LOCALITIES: &[&str] =
    &["la-champasak", "kr-gyeonggi", "kr-daejeon", "cn-guangxi", "jp-gifu", "jp-yamanashi"];
const PILLARS: &[&str] = &["PARTY", "STATE", "PEOPLE"];
const FIELDS: &[&str] = &["EDUCATION", "TOURISM", "TRADE_SERVICES", "AGRICULTURE", "CULTURE", "HEALTH"];
const DAYS: &[&str] = &[
    "1995-01-01",
    "2010-06-15",
    "2018-12-31",
    "2022-01-01",
    "2023-08-24",
    "2024-02-29",
    "2025-06-30",
    "2025-07-01",
];
const SEARCHES: &[&str] =
    &["da", "nghe an", "Hoà", "2", "viet", "hợp tác", "quang", "zzz", "friendship", "Hàn Quốc"];

const LISTS: [FilterableList; 3] = [
    FilterableList {
        name: "relations",
        filter: "RelationFilter",
        dates: &["established"],
        words: &[
            ("province", SLUGS),
            ("unit", SLUGS),
            ("country", COUNTRIES),
            ("locality", LOCALITIES),
            ("pillar", PILLARS),
            ("field", FIELDS),
            ("tier", &["SISTER", "FRIENDSHIP", "COOPERATION", "ORGANIZATION_TWIN", "CONTACT"]),
            ("status", &["ACTIVE", "DORMANT", "ENDED", "UNKNOWN"]),
            ("publication", &["PUBLISHED", "DRAFT"]),
        ],
    },
    FilterableList {
        name: "agreements",
        filter: "AgreementFilter",
        dates: &["signedOn", "expires"],
        words: &[
            ("province", SLUGS),
            ("unit", SLUGS),
            ("country", COUNTRIES),
            ("locality", LOCALITIES),
            ("pillar", PILLARS),
            ("field", FIELDS),
            ("signingLevel", &["PROVINCE", "DEPARTMENT", "DISTRICT", "PARTY"]),
            ("form", &["MOU", "AGREEMENT", "LETTER_OF_INTENT", "FRAMEWORK", "MINUTES"]),
            ("status", &["IN_FORCE", "EXPIRED", "UNKNOWN", "TERMINATED", "SIGNED_NOT_IN_FORCE"]),
            ("publication", &["PUBLISHED", "WITHDRAWN"]),
        ],
    },
    FilterableList {
        name: "events",
        filter: "EventFilter",
        dates: &["heldOn"],
        words: &[
            ("province", SLUGS),
            ("unit", SLUGS),
            ("country", COUNTRIES),
            ("withCountry", COUNTRIES),
            ("locality", LOCALITIES),
            ("pillar", PILLARS),
            ("field", FIELDS),
            ("kind", &["DELEGATION_VISIT", "CONFERENCE", "MEETING", "FESTIVAL", "EXHIBITION"]),
            ("direction", &["IN", "OUT", "DOMESTIC", "ONLINE"]),
            ("rank", &["MINISTER", "WORKING"]),
            ("mode", &["ONLINE", "HYBRID"]),
            (
                "series",
                &["meet rok", "DUFO member meetings", "Vi Giam", "Dong Nai investment promotion conferences"],
            ),
            ("edition", &["1", "6", "2025", "nope"]),
            ("publication", &["PUBLISHED", "SUBMITTED"]),
        ],
    },
];

#[tokio::test]
async fn sql_lists_equal_memory_counts_for_any_filter() {
    let rows = on_each_engine(|server| async move {
        share_some(&server).await;
        let mut random = RandomChoices(SEED);
        let mut rows = Vec::new();
        for list in &LISTS {
            assert_fields_are_tried(&server, list).await;
            let mut telling = 0;
            for _ in 0..FILTERS {
                let question = FilterCheck::roll(&mut random, list);
                let all = question.rows(&server, list, &json!({})).await;
                let some = question.rows(&server, list, &question.filter).await;
                let others = question.rows(&server, list, &json!({"not": question.filter})).await;
                assert!(some.is_disjoint(&others), "{question:?} and its contrary share rows");
                assert_eq!(
                    some.len() + others.len(),
                    all.len(),
                    "{question:?} and its contrary leave rows out"
                );
                telling += usize::from(!some.is_empty() && !others.is_empty());
                rows.push(some);
            }
            assert!(telling * 3 >= FILTERS, "only {telling} filters of {} tell rows apart", list.name);
        }
        rows
    })
    .await;
    assert_eq!(rows[0], rows[1], "the engines find the same rows");
}

/// Asserts that the random filters of a list use every field that the schema has.
async fn assert_fields_are_tried(server: &Server, list: &FilterableList) {
    let document = "query($name: String!) { __type(name: $name) { inputFields { name } } }";
    let fields = data(server, "vi", document, &json!({"name": list.filter})).await;
    let fields = fields["__type"]["inputFields"].as_array().expect("fields").iter();
    let fields: BTreeSet<&str> = fields.filter_map(|field| field["name"].as_str()).collect();
    let words = list.words.iter().map(|(name, _)| *name);
    let others = ["search", "anyOf", "allOf", "not"];
    let tried: BTreeSet<&str> = words.chain(list.dates.iter().copied()).chain(others).collect();
    assert_eq!(tried, fields, "{}", list.filter);
}

#[derive(Debug)]
struct FilterCheck {
    filter: Value,
    as_of: Value,
    boundaries: &'static str,
}

impl FilterCheck {
    fn roll(random: &mut RandomChoices, list: &FilterableList) -> Self {
        let as_of = if random.below(4) == 0 { json!(random.pick(&DAYS[4..])) } else { Value::Null };
        Self {
            filter: roll_filter(random, list, 2),
            as_of,
            boundaries: random.pick(&["TODAY", "AT_THE_TIME"]),
        }
    }

    /// Returns the codes of the matching rows, after checking that each occurs once and that both
    /// counts agree.
    async fn rows(&self, server: &Server, list: &FilterableList, filter: &Value) -> BTreeSet<String> {
        let FilterableList { name, filter: kind, .. } = list;
        let document = format!(
            "query($filter: {kind}, $asOf: LocalDate, $boundaries: Boundaries, $after: String) {{
                list: {name}(filter: $filter, asOf: $asOf, boundaries: $boundaries, first: 100, after: $after) {{
                    totalCount {{ value }} aggregate {{ count }} pageInfo {{ hasNextPage endCursor }} nodes {{ code }}
                }}
            }}"
        );
        let mut codes = BTreeSet::new();
        let mut after = Value::Null;
        loop {
            let variables =
                json!({"filter": filter, "asOf": self.as_of, "boundaries": self.boundaries, "after": after});
            let page = data(server, "vi", &document, &variables).await["list"].take();
            for row in page["nodes"].as_array().expect("rows") {
                assert!(codes.insert(row["code"].to_string()), "{self:?} repeats {row}");
            }
            if page["pageInfo"]["hasNextPage"] == false {
                assert_eq!(page["totalCount"]["value"], codes.len(), "{name} {variables}");
                assert_eq!(page["aggregate"]["count"], codes.len(), "{name} {variables}");
                return codes;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
    }
}

fn roll_filter(random: &mut RandomChoices, list: &FilterableList, depth: usize) -> Value {
    let mut filter = Map::new();
    let tests = if random.below(3) == 0 { 2 } else { 1 };
    for _ in 0..tests {
        let (name, test) = roll_test(random, list);
        filter.insert(name.to_owned(), test);
    }
    if depth > 0 {
        match random.below(4) {
            0 => drop(filter.insert("not".to_owned(), roll_filter(random, list, depth - 1))),
            1 => drop(filter.insert("allOf".to_owned(), roll_filters(random, list, depth - 1))),
            // Alternatives alone, because further conditions would leave almost no rows.
            _ => filter = Map::from_iter([("anyOf".to_owned(), roll_filters(random, list, depth - 1))]),
        }
    }
    filter.into()
}

fn roll_filters(random: &mut RandomChoices, list: &FilterableList, depth: usize) -> Value {
    (0..2 + random.below(2)).map(|_| roll_filter(random, list, depth)).collect()
}

fn roll_test(random: &mut RandomChoices, list: &FilterableList) -> (&'static str, Value) {
    match random.below(6) {
        0 => ("search", json!(random.pick(SEARCHES))),
        1 => (random.pick(list.dates), roll_days(random)),
        _ => {
            let (name, words) = list.words[random.below(list.words.len())];
            let members: Vec<_> = (0..2 + random.below(4)).map(|_| random.pick(words)).collect();
            (name, json!({"in": members}))
        }
    }
}

fn roll_days(random: &mut RandomChoices) -> Value {
    match random.below(5) {
        0 => json!({"isNull": random.below(2) == 0}),
        1 => json!({"gte": random.pick(DAYS)}),
        2 => json!({"lt": random.pick(DAYS)}),
        3 => json!({"gt": random.pick(DAYS), "lte": random.pick(DAYS)}),
        _ => json!({"lte": random.pick(DAYS), "isNull": false}),
    }
}

/// Pseudo-random numbers, the same in every run (`SplitMix64`).
struct RandomChoices(u64);

impl RandomChoices {
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let sides = u64::try_from(sides).expect("few sides");
        usize::try_from((mixed ^ (mixed >> 31)) % sides).expect("fewer than the sides")
    }

    fn pick(&mut self, words: &[&'static str]) -> &'static str {
        words[self.below(words.len())]
    }
}
