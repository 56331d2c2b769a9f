//! Unknown words of closed lists are errors with their path in every filter.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use super::{assert_nothing_leaks, assert_refused, expect_data};
use crate::harness::{Server, on_both_engines};
use crate::mutations::{event, transition, write};

/// The effect of an unknown word in each argument that takes one.
const ARGUMENTS: [(&str, UnknownWordEffect); 14] = [
    ("Query.country.code", UnknownWordEffect::LookUp),
    ("Query.instrument.number", UnknownWordEffect::LookUp),
    ("Query.instruments.unit", UnknownWordEffect::Filter),
    ("Query.localities.country", UnknownWordEffect::Filter),
    ("Query.localities.search", UnknownWordEffect::Text),
    ("Query.locality.slug", UnknownWordEffect::LookUp),
    ("Query.province.slug", UnknownWordEffect::LookUp),
    ("Query.search.country", UnknownWordEffect::Filter),
    ("Query.search.province", UnknownWordEffect::Filter),
    ("Query.search.query", UnknownWordEffect::Text),
    ("Query.suggest.prefix", UnknownWordEffect::Text),
    ("Query.tombstone.code", UnknownWordEffect::LookUp),
    ("Query.source.code", UnknownWordEffect::LookUp),
    ("Query.sources.search", UnknownWordEffect::Text),
];

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum UnknownWordEffect {
    /// An error; see the test of arguments.
    Filter,
    /// The result is null; tested in `super::closed_lists`.
    LookUp,
    /// Every text is valid.
    Text,
}

/// The types of the schema with their fields, arguments and input fields.
struct Schema(Vec<Value>);

impl Schema {
    async fn read(server: &Server) -> Self {
        let of = "name kind ofType { name kind ofType { name kind ofType { name kind } } }";
        let document = format!(
            "{{ __schema {{ types {{
                name kind inputFields {{ name type {{ {of} }} }}
                fields {{ name args {{ name type {{ {of} }} }} }}
            }} }} }}"
        );
        let mut answer = server.execute(&document, Value::Null).await;
        assert!(answer["errors"].is_null(), "{answer}");
        let Value::Array(types) = answer["data"]["__schema"]["types"].take() else { panic!("no types") };
        Self(types)
    }

    /// Returns the filters and their fields, each with the name of its type.
    fn filters(&self) -> Vec<(&str, Vec<(&str, &str)>)> {
        let is_filter = |kind: &&Value| {
            kind["kind"] == "INPUT_OBJECT" && name(kind).ends_with("Filter") && !is_of_values(kind)
        };
        self.0
            .iter()
            .filter(is_filter)
            .map(|kind| {
                let all = kind["inputFields"].as_array().expect("fields").iter();
                (name(kind), all.map(|field| (name(field), innermost(&field["type"]))).collect())
            })
            .collect()
    }

    /// Returns the fields that have an argument of this type: their parent type and name.
    fn takers(&self, argument: &str) -> Vec<(&str, &str)> {
        let fields = self.arguments().filter(|(_, _, _, kind)| *kind == argument);
        fields.map(|(parent, field, _, _)| (parent, field)).collect()
    }

    /// Returns every argument outside of mutations: parent type, field, name and type name.
    fn arguments(&self) -> impl Iterator<Item = (&str, &str, &str, &str)> {
        let readable = self.0.iter().filter(|kind| name(kind) != "Mutation");
        readable.flat_map(|kind| {
            let fields = kind["fields"].as_array().into_iter().flatten();
            fields.flat_map(move |field| {
                let arguments = field["args"].as_array().into_iter().flatten();
                arguments.map(move |argument| {
                    (name(kind), name(field), name(argument), innermost(&argument["type"]))
                })
            })
        })
    }
}

fn name(value: &Value) -> &str {
    value["name"].as_str().expect("a name")
}

/// Returns whether a type is a list of values, limits of a date or a nested filter.
fn is_of_values(kind: &Value) -> bool {
    let fields = kind["inputFields"].as_array().expect("fields");
    fields.iter().any(|field| name(field) == "in") || name(kind) == "DateFilter"
}

fn innermost(mut kind: &Value) -> &str {
    while kind["name"].is_null() {
        kind = &kind["ofType"];
    }
    name(kind)
}

/// Returns a filter with an unknown word in this field, the path of the word and the word; `None`
/// for a field without a closed list.
fn wrong(filter: &str, field: &str, kind: &str) -> Option<(Value, String, &'static str)> {
    let word = match kind {
        "SlugFilter" => "NOWHERE",
        "CountryFilter" => "ZZ",
        "TermFilter" | "SourceFilter" => "NOPE",
        // The engine rejects unknown enum values; dates, texts and numbers have no closed list.
        "SigningLevelFilter"
        | "AgreementStatusFilter"
        | "DirectionFilter"
        | "EventRankFilter"
        | "EventModeFilter"
        | "EventStateFilter"
        | "EntryType"
        | "PillarFilter"
        | "PublicationFilter"
        | "RelationStatusFilter"
        | "TierFilter"
        | "SeriesFilter"
        | "EditionFilter"
        | "DateFilter"
        | "Period"
        | "Boolean" => return None,
        "String" if field == "search" => return None,
        own if own == filter => return None,
        other => panic!("{filter}.{field} is a {other}: say here what it does with unknown words"),
    };
    Some((json!({ field: { "in": [word] } }), format!("{field}.in.0"), word))
}

/// Returns a query that applies a filter to a field of a type.
fn question(filter: &str, (parent, field): (&str, &str)) -> Option<String> {
    let asked = format!("{field}(filter: $f) {{ __typename }}");
    let around = match parent {
        "Query" => asked,
        "Province" => format!(r#"province(slug: "HUE") {{ {asked} }}"#),
        "Locality" => format!(r#"locality(slug: "kr-gyeongsangnam") {{ {asked} }}"#),
        "Statistics" => format!("statistics {{ {asked} }}"),
        // See the test of streams.
        "Subscription" => return None,
        other => panic!("{other}.{field} takes a {filter}: say here how it is asked"),
    };
    Some(format!("query($f: {filter}) {{ {around} }}"))
}

fn assert_unknown(answer: &Value, path: &str, word: &str) {
    assert_refused(answer, &format!("{path}: No "));
    let extensions = &answer["errors"][0]["extensions"];
    assert_eq!(extensions["path"], json!(path.split('.').collect::<Vec<_>>()), "{answer}");
    assert_eq!(extensions["word"], word, "{answer}");
    let candidates = extensions["candidates"].as_array().expect("candidates");
    assert!(candidates.len() <= 5, "{answer}");
    let message = answer["errors"][0]["message"].as_str().expect("a message");
    assert!(message.contains(&format!("\"{word}\"")), "{answer}");
}

#[tokio::test]
async fn unknown_words_are_refused_in_every_filter_of_every_field() {
    on_both_engines(|server| async move {
        let schema = Schema::read(&server).await;
        let mut asked = BTreeSet::new();
        for (filter, fields) in schema.filters() {
            let takers = schema.takers(filter);
            assert!(!takers.is_empty(), "nothing takes a {filter}");
            let has_trees = fields.iter().any(|(field, _)| *field == "anyOf");
            for (value, path, word) in fields.iter().filter_map(|(field, kind)| wrong(filter, field, kind)) {
                let mut variants = vec![(value.clone(), path.clone())];
                if has_trees {
                    variants.push((json!({"not": value}), format!("not.{path}")));
                    variants.push((json!({"anyOf": [{}, value]}), format!("anyOf.1.{path}")));
                    variants.push((
                        json!({"allOf": [{"anyOf": [{"not": value}]}]}),
                        format!("allOf.0.anyOf.0.not.{path}"),
                    ));
                }
                for taker in &takers {
                    let Some(document) = question(filter, *taker) else { continue };
                    for (value, path) in &variants {
                        let answer = server.execute_in_english(&document, json!({ "f": value })).await;
                        assert_unknown(&answer, &format!("filter.{path}"), word);
                        asked.insert((filter.to_owned(), path.clone()));
                    }
                }
            }
        }
        assert!(asked.len() > 60, "{asked:?}");
    })
    .await;
}

#[tokio::test]
async fn word_arguments_are_refused_or_looked_up() {
    on_both_engines(|server| async move {
        let schema = Schema::read(&server).await;
        for (parent, field, argument, kind) in schema.arguments() {
            let is_word = matches!(kind, "String" | "CountryCode");
            if !is_word || argument == "after" || argument == "before" || parent.starts_with("__") {
                continue;
            }
            let place = format!("{parent}.{field}.{argument}");
            assert!(
                ARGUMENTS.iter().any(|(known, _)| *known == place),
                "{place}: say what it does with unknown words"
            );
        }
        for (document, path, word) in [
            (r#"{ instruments(unit: "NOWHERE") { code } }"#, "unit", "NOWHERE"),
            (r#"{ localities(country: "ZZ") { totalCount { value } } }"#, "country", "ZZ"),
            (r#"{ search(query: "hue", country: "ZZ") { totalCount { value } } }"#, "country", "ZZ"),
            (
                r#"{ search(query: "hue", province: "NOWHERE") { totalCount { value } } }"#,
                "province",
                "NOWHERE",
            ),
        ] {
            assert_unknown(&server.execute_in_english(document, Value::Null).await, path, word);
        }
        let refusing = ARGUMENTS.iter().filter(|(_, word)| *word == UnknownWordEffect::Filter).count();
        assert_eq!(refusing, 4);
    })
    .await;
}

#[tokio::test]
async fn parameters_of_feeds_and_streams_refuse_unknown_words() {
    on_both_engines(|server| async move {
        let schema = Schema::read(&server).await;
        let filters = schema.filters();
        let (_, fields) =
            filters.iter().find(|(filter, _)| *filter == "ChangeFilter").expect("the filter of the feed");
        for (field, kind) in fields {
            let entry_type =
                || (json!({ "entryType": ["agreement"] }), "entryType.0".to_owned(), "agreement");
            let (value, path, word) = wrong("ChangeFilter", field, kind).unwrap_or_else(entry_type);
            // An enum value that the schema lacks is an error of the variable.
            let place = if *field == "entryType" {
                format!("$f.{path}: EntryType has no {word}.")
            } else {
                format!("filter.{path}: No ")
            };
            for feed in ["jsonl", "atom"] {
                let address = format!("/changes.{feed}?{field}={word}&first=1&locale=en");
                let response = server.http(Method::GET, &address).send().await.expect("an answer");
                assert_eq!(response.status(), 400, "{address}");
                let answer: Value = response.json().await.expect("JSON");
                assert_refused(&answer, &format!("{field}: No "));
                assert!(
                    answer["errors"][0]["message"].as_str().is_some_and(|text| text.contains(word)),
                    "{answer}"
                );
            }
            let document = "subscription($f: ChangeFilter) { changes(filter: $f) { __typename } }";
            let body = json!({"query": document, "variables": {"f": value}});
            let request = server.http(Method::POST, "/graphql").header("accept", "text/event-stream");
            let request = request.header("accept-language", "en").json(&body);
            let events = request.send().await.expect("an answer").text().await.expect("it ends");
            assert!(events.contains("BAD_INPUT") && events.contains(&place), "{events}");
        }
    })
    .await;
}

#[tokio::test]
async fn at_most_five_similar_words_are_suggested() {
    on_both_engines(|server| async move {
        for (filter, similar) in [
            (json!({"province": {"in": ["DONGNA"]}}), "DONG_NAI"),
            (json!({"province": {"in": ["Đồng Na"]}}), "DONG_NAI"),
            (json!({"country": {"in": ["Nhật"]}}), "JP"),
            (json!({"locality": {"in": ["gyeongsangnamd"]}}), "kr-gyeongsangnam"),
            (json!({"field": {"in": ["Văn hóa"]}}), "CULTURE"),
            (json!({"entryType": ["agreement"]}), "AGREEMENT"),
        ] {
            let document = "query($f: ChangeFilter) { changes(filter: $f) { hasMore } }";
            let answer = server.execute(document, json!({ "f": filter })).await;
            let candidates = answer["errors"][0]["extensions"]["candidates"].as_array().expect("candidates");
            assert_eq!(candidates[0], similar, "{answer}");
            assert!(candidates.len() <= 5, "{answer}");
            assert_nothing_leaks(&answer);
        }
        let address = "/changes.jsonl?entryType=agreements&locale=en";
        let response = server.http(Method::GET, address).send().await.expect("an answer");
        let answer: Value = response.json().await.expect("JSON");
        assert_refused(&answer, "Did you mean AGREEMENT?");
        let long = json!({"province": {"in": ["D".repeat(10_000)]}});
        let answer = server
            .execute("query($f: RelationFilter) { relations(filter: $f) { __typename } }", json!({"f": long}))
            .await;
        assert_eq!(answer["errors"][0]["extensions"]["candidates"], json!([]), "{answer}");
        assert!(answer.to_string().len() < 1_000, "{answer}");
    })
    .await;
}

#[tokio::test]
async fn former_unit_slug_matches_entries_from_that_unit() {
    on_both_engines(|server| async move {
        let after = expect_data(&server, "{ statistics { cursor } }", Value::Null).await["statistics"]["cursor"].take();
        // Bình Dương ended with 2025-06-30, so its event is earlier.
        for (unit, title, held) in [
            ("BINH_DUONG", "From Binh Duong", "2024-10-05"),
            ("HO_CHI_MINH", "From the city", "2026-10-05"),
        ] {
            let mut input = event(title);
            input["province"] = json!(unit);
            input["heldOn"] = json!(held);
            let draft = write(&server, "clerk:HO_CHI_MINH", "createEvent", input).await.expect_entry();
            transition(&server, "publisher:HO_CHI_MINH", "publishEntry", &draft).await.expect_entry();
        }
        let document = "query($slug: String!, $after: Cursor) {
            changes(after: $after, filter: {province: {in: [$slug]}, entryType: [EVENT]}) {
                nodes { entry { ... on Event { title(locale: EN) } } }
            }
            latestChanges(first: 2, filter: {province: {in: [$slug]}, entryType: [EVENT]}) {
                nodes { entry { ... on Event { title(locale: EN) } } }
            }
            events(filter: {province: {in: [$slug]}, search: \"From Binh Duong\"}) { nodes { title(locale: EN) } }
        }";
        let data = expect_data(&server, document, json!({"slug": "BINH_DUONG", "after": after})).await;
        let only = json!([{"entry": {"title": "From Binh Duong"}}]);
        assert_eq!(data["changes"]["nodes"], only);
        assert_eq!(data["latestChanges"]["nodes"][0], only[0]);
        assert!(!data["latestChanges"].to_string().contains("From the city"), "{data}");
        assert_eq!(data["events"]["nodes"], json!([{"title": "From Binh Duong"}]));
        let data = expect_data(&server, document, json!({"slug": "HO_CHI_MINH", "after": after})).await;
        assert_eq!(data["changes"]["nodes"].as_array().map(Vec::len), Some(2), "{data}");
    })
    .await;
}
