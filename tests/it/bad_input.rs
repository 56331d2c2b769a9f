//! Bad input gets a clear error or finds nothing, tells nothing of what is inside, and the next request is answered.

use reqwest::Method;
use serde_json::{Value, json};

use crate::contract::matcher::walk;
use crate::harness::{Server, on_both_engines};

/// Words of SQL, drivers, paths, types and panics: no answer may say them.
const INSIDE: [&str; 18] = [
    "select ",
    "insert ",
    "syntax error",
    "sqlite",
    "postgres",
    "sqlx",
    "sea_orm",
    "seaorm",
    "sea-query",
    "_fkey",
    "_check",
    "crates/",
    "src/",
    ".rs",
    "::",
    "panicked",
    "i32",
    "u16",
];

const SEARCH: &str = "query($text: String!) {
    search(query: $text) { totalCount { value } nodes { __typename } }
    localities(search: $text) { totalCount { value } nodes { slug } }
    relations(filter: {search: $text}) { totalCount { value } nodes { code } }
    agreements(filter: {search: $text}) { totalCount { value } nodes { code } }
    events(filter: {search: $text}) { totalCount { value } nodes { code } }
    organizations(filter: {search: $text}) { totalCount { value } nodes { code } }
    programmes(filter: {search: $text}) { totalCount { value } nodes { code } }
}";

fn assert_nothing_leaks(answer: &Value) {
    let text = answer["errors"].to_string().to_lowercase();
    for word in INSIDE {
        assert!(!text.contains(word), "{word:?} leaks: {text}");
    }
}

/// Demands one refusal that names what is wrong, and an answer to the next question.
async fn refuses(server: &Server, document: &str, variables: Value, saying: &str) {
    let answer = server.ask(document, variables).await;
    assert_refused(&answer, saying);
    let next = server.ask("{ province(slug: \"HUE\") { slug } }", Value::Null).await;
    assert_eq!(next["data"]["province"]["slug"], "HUE", "after {document}: {next}");
}

fn assert_refused(answer: &Value, saying: &str) {
    let error = &answer["errors"][0];
    let is_empty = answer["data"].as_object().is_none_or(|data| data.values().all(Value::is_null));
    assert!(is_empty, "{answer}");
    assert_eq!(error["extensions"]["code"], "BAD_INPUT", "{answer}");
    assert_eq!(error["extensions"]["retryable"], false, "{answer}");
    assert!(error["extensions"]["requestId"].is_string(), "{answer}");
    assert!(
        error["message"].as_str().is_some_and(|message| message.contains(saying)),
        "not {saying:?}: {answer}"
    );
    assert_nothing_leaks(answer);
}

/// Demands an answer without errors; gives its data.
async fn answers(server: &Server, document: &str, variables: Value) -> Value {
    let mut answer = server.ask(document, variables).await;
    assert!(answer["errors"].is_null(), "{document}: {answer}");
    answer["data"].take()
}

#[tokio::test]
async fn unknown_slugs_and_codes_are_null() {
    on_both_engines(|server| async move {
        for word in ["NOWHERE", "", "dong_nai", "a\0b", "💥", "' OR 1=1 --", &"x".repeat(10_240)] {
            let data = answers(
                &server,
                "query($word: String!, $id: ID!) {
                    province(slug: $word) { slug } locality(slug: $word) { slug }
                    slug: unit(by: {slug: $word}) { slug } code: unit(by: {code: $word}) { slug }
                    relation(by: {code: $word}) { code } agreement(by: {code: $word}) { code }
                    event(by: {code: $word}) { code } organization(by: {code: $word}) { code }
                    instrument(number: $word) { code } node(id: $id) { id } by_id: agreement(by: {id: $id}) { code }
                }",
                json!({"word": word, "id": word}),
            )
            .await;
            for (field, value) in data.as_object().expect("fields") {
                assert!(value.is_null(), "{field} of {word:?} is {value}");
            }
        }
        let data = answers(&server, r#"{ country(code: "ZZ") { code } nodes(ids: ["nope", ""]) { id } }"#, Value::Null).await;
        assert_eq!(data, json!({"country": null, "nodes": [null, null]}));
    })
    .await;
}

#[tokio::test]
async fn unknown_words_in_filters_match_nothing_and_their_contrary_everything() {
    on_both_engines(|server| async move {
        let data = answers(
            &server,
            r#"{
                provinces: relations(filter: {province: {in: ["NOWHERE"]}}) { totalCount { value } nodes { id } }
                units: agreements(filter: {unit: {in: ["NOWHERE"]}}) { totalCount { value } nodes { id } }
                countries: events(filter: {country: {in: ["ZZ"]}}) { totalCount { value } nodes { id } }
                localities: relations(filter: {locality: {in: ["xx-nowhere"]}}) { totalCount { value } nodes { id } }
                forms: agreements(filter: {form: {in: ["NOPE"]}}) { totalCount { value } nodes { id } }
                fields: agreements(filter: {field: {in: ["NOPE"]}}) { totalCount { value } nodes { id } }
                kinds: events(filter: {kind: {in: ["NOPE"]}}) { totalCount { value } nodes { id } }
                indicators: figures(filter: {indicator: {in: ["nope"]}}) { totalCount { value } nodes { id } }
                organizations(filter: {kind: {in: ["NOPE"]}}) { totalCount { value } nodes { id } }
                programmes(filter: {kind: {in: ["NOPE"]}}) { totalCount { value } nodes { id } }
                members_of_nothing: relations(filter: {province: {in: []}}) { totalCount { value } nodes { id } }
            }"#,
            Value::Null,
        )
        .await;
        for (list, answer) in data.as_object().expect("lists") {
            assert_eq!(*answer, json!({"totalCount": {"value": 0}, "nodes": []}), "{list}");
        }
        let data = answers(
            &server,
            r#"{
                all: relations { totalCount { value } }
                contrary: relations(filter: {not: {province: {in: ["NOWHERE"]}}}) { totalCount { value } }
                absent: relations(filter: {province: {in: null}, tier: null, not: null}) { totalCount { value } }
                instruments(unit: "NOWHERE") { code }
                statistics { agreements(filter: {form: {in: ["NOPE"]}}) { count inForce earliest groups(by: [{key: FORM}]) { nodes { keys { value } } } } }
            }"#,
            Value::Null,
        )
        .await;
        assert_eq!(data["contrary"], data["all"]);
        assert_eq!(data["absent"], data["all"]);
        assert_eq!(data["instruments"], json!([]));
        assert_eq!(
            data["statistics"]["agreements"],
            json!({"count": 0, "inForce": 0, "earliest": null, "groups": {"nodes": []}})
        );
    })
    .await;
}

#[tokio::test]
async fn words_that_no_enum_has_and_fields_that_no_filter_has_are_refused() {
    on_both_engines(|server| async move {
        for (document, saying) in [
            ("{ relations(filter: {tier: {in: [BEST]}}) { totalCount { value } } }", "\"BEST\""),
            ("{ agreements(filter: {status: {in: [VALID]}}) { totalCount { value } } }", "\"VALID\""),
            ("{ relations(filter: {capital: {in: []}}) { totalCount { value } } }", "\"capital\""),
            ("{ relations(filter: {province: {in: [null]}}) { totalCount { value } } }", "filter.province.in.0"),
            ("{ terms(vocabulary: COLOURS) { code } }", "\"COLOURS\""),
            ("{ province(slug: \"HUE\") { mayor } }", "mayor"),
            ("{ unit(by: {slug: \"HUE\", code: \"46\"}) { slug } }", "exactly one"),
            ("{ unit(by: {}) { slug } }", "exactly one"),
        ] {
            refuses(&server, document, Value::Null, saying).await;
        }
        let document = "query($tiers: [RelationTier!]) { relations(filter: {tier: {in: $tiers}}) { totalCount { value } } }";
        refuses(&server, document, json!({"tiers": ["BEST"]}), "BEST").await;
    })
    .await;
}

#[tokio::test]
async fn malformed_days_are_refused_with_what_was_wrong() {
    on_both_engines(|server| async move {
        let document = "query($day: LocalDate) { units(asOf: $day) { slug } }";
        for (day, saying) in [
            ("yesterday", "\"yesterday\" is not a day"),
            ("2025-13-01", "there is no day 2025-13-01"),
            ("2025-02-29", "there is no day 2025-02-29"),
            ("2025-02", "is not a day such as"),
            ("2025-2-1", "is not a day such as"),
            ("", "is not a day such as"),
            ("0000-01-01", "years run from 0001 to 9999"),
            ("10000-01-01", "is not a day such as"),
            ("-001-01-01", "is not a day such as"),
            ("2025-01-01T00:00:00Z", "is not a day such as"),
            ("٢٠٢٥-٠١-٠١", "is not a day such as"),
            ("2025-01-01\0", "is not a day such as"),
        ] {
            refuses(&server, document, json!({"day": day}), saying).await;
        }
        refuses(&server, document, json!({"day": 20_250_101}), "LocalDate").await;
        let inside = r#"{ relations(filter: {established: {gte: "1996-05~"}}) { totalCount { value } } }"#;
        refuses(&server, inside, Value::Null, "\"1996-05~\" is not a day").await;
    })
    .await;
}

#[tokio::test]
async fn the_first_and_the_last_day_of_the_calendar_are_answered() {
    on_both_engines(|server| async move {
        for (day, units, relations, in_force) in [("0001-01-01", 63, 0, 0), ("9999-12-31", 34, 302, 2)] {
            let data = answers(
                &server,
                "query($day: LocalDate!) {
                    units(asOf: $day) { name kind }
                    relations(asOf: $day) { totalCount { value } nodes { status } }
                    statistics(asOf: $day, boundaries: AT_THE_TIME) { relations { count } agreements { inForce } events { count } }
                    province(slug: \"HUE\", asOf: $day) { name kind agreements { totalCount { value } } }
                    agreements(filter: {signed: {gt: $day}, expires: {lt: $day}}) { totalCount { value } }
                }",
                json!({"day": day}),
            )
            .await;
            assert_eq!(data["units"].as_array().map(Vec::len), Some(units), "{day}");
            assert_eq!(data["relations"]["totalCount"]["value"], relations, "{day}");
            assert_eq!(data["statistics"]["relations"]["count"], relations, "{day}");
            assert_eq!(data["statistics"]["agreements"]["inForce"], in_force, "{day}");
        }
    })
    .await;
}

#[tokio::test]
async fn page_sizes_out_of_bounds_are_refused_wherever_they_stand() {
    on_both_engines(|server| async move {
        let places = [
            "query($n: Int) { relations(first: $n) { nodes { id } } }",
            "query($n: Int) { relations(first: $n) { totalCount { value } } }",
            "query($n: Int) { agreements(last: $n) { nodes { id } } }",
            "query($n: Int) { events(first: $n) { nodes { id } } }",
            "query($n: Int) { organizations(first: $n) { nodes { id } } }",
            "query($n: Int) { programmes(first: $n) { nodes { id } } }",
            "query($n: Int) { figures(first: $n) { nodes { id } } }",
            "query($n: Int) { localities(first: $n) { nodes { id } } }",
            "query($n: Int) { search(query: \"hue\", first: $n) { nodes { __typename } } }",
            "query($n: Int) { relations { groups(by: [{key: TIER}], first: $n) { nodes { keys { value } } } } }",
            "query($n: Int) { statistics { events { groups(by: [{key: KIND}], first: $n) { nodes { keys { value } } } } } }",
            "query($n: Int) { province(slug: \"HUE\") { relations(first: $n) { nodes { id } } } }",
        ];
        for place in places {
            for size in [0, -1, 101, i64::from(i32::MIN), i64::from(i32::MAX)] {
                refuses(&server, place, json!({"n": size}), "must be from 1 to 100").await;
            }
            refuses(&server, place, json!({"n": 10_000_000_000_i64}), "from -2147483648 to 2147483647").await;
            for size in [json!(1.5), json!("20"), json!(true), json!([1])] {
                refuses(&server, place, json!({"n": size}), "Int").await;
            }
            answers(&server, place, json!({"n": null})).await;
            answers(&server, place, json!({"n": 100})).await;
        }
        let literal = "{ relations(first: 10000000000) { nodes { id } } }";
        refuses(&server, literal, Value::Null, "from -2147483648 to 2147483647").await;
    })
    .await;
}

#[tokio::test]
async fn a_list_is_read_from_one_end_at_a_time() {
    on_both_engines(|server| async move {
        for arguments in [
            "first: 1, last: 1",
            "first: 1, before: \"x\"",
            "last: 1, after: \"x\"",
            "after: \"x\", before: \"x\"",
        ] {
            for list in ["relations", "agreements", "events"] {
                let document = format!("{{ {list}({arguments}) {{ nodes {{ id }} }} }}");
                refuses(&server, &document, Value::Null, "not for both").await;
            }
        }
    })
    .await;
}

#[tokio::test]
async fn cursors_that_are_not_of_the_list_are_refused() {
    on_both_engines(|server| async move {
        let own = "query($after: String) { relations(after: $after, first: 2, orderBy: [{by: NAME, direction: ASC}]) { edges { cursor } pageInfo { endCursor } } }";
        let data = answers(&server, own, json!({"after": null})).await;
        let cursor = data["relations"]["pageInfo"]["endCursor"].as_str().expect("a cursor");
        answers(&server, own, json!({"after": cursor})).await;

        let others = [
            "agreements(after: $after) { nodes { id } }",
            "events(after: $after) { nodes { id } }",
            "organizations(after: $after) { nodes { id } }",
            "figures(after: $after) { nodes { id } }",
            "programmes(after: $after) { nodes { id } }",
            "localities(after: $after) { nodes { slug } }",
            "search(query: \"hue\", after: $after) { nodes { __typename } }",
            "relations { groups(by: [{key: TIER}], after: $after) { nodes { keys { value } } } }",
            // The same list in another order, with another filter, for another day.
            "relations(after: $after) { nodes { id } }",
            "relations(after: $after, orderBy: [{by: NAME, direction: DESC}]) { nodes { id } }",
            "relations(after: $after, orderBy: [{by: NAME, direction: ASC}], filter: {country: {in: [\"KR\"]}}) { nodes { id } }",
            "relations(after: $after, orderBy: [{by: NAME, direction: ASC}], asOf: \"2025-01-01\") { nodes { id } }",
        ];
        let saying = "the cursor is not one of this list";
        for other in others {
            let document = format!("query($after: String) {{ {other} }}");
            refuses(&server, &document, json!({"after": cursor}), saying).await;
        }
        for broken in broken_cursors(cursor) {
            refuses(&server, own, json!({"after": broken}), saying).await;
        }
        // A name is ordered in a language, and its cursor is of that order.
        let in_english = server
            .http(Method::POST, "/graphql")
            .header("accept-language", "en")
            .json(&json!({"query": own, "variables": {"after": cursor}}));
        let answer = in_english.send().await.expect("an answer").json().await.expect("JSON");
        assert_refused(&answer, saying);
    })
    .await;
}

/// Empty, cut, grown, not Base64, too long, and with one letter changed at several places.
fn broken_cursors(cursor: &str) -> Vec<String> {
    let mut broken = vec![
        String::new(),
        "abc".to_owned(),
        "💥".to_owned(),
        "\0".to_owned(),
        "A".repeat(5_000),
        cursor[1..].to_owned(),
        cursor[..cursor.len() - 1].to_owned(),
        format!("{cursor}A"),
        format!("{cursor}="),
    ];
    for place in [0, cursor.len() / 3, cursor.len() / 2, cursor.len() - 2] {
        let mut letters = cursor.as_bytes().to_vec();
        letters[place] = if letters[place] == b'A' { b'B' } else { b'A' };
        broken.push(String::from_utf8(letters).expect("ASCII"));
    }
    broken
}

#[tokio::test]
async fn groups_that_cannot_be_made_are_refused() {
    on_both_engines(|server| async move {
        for (groups, saying) in [
            ("relations { groups(by: [{key: TIER}, {key: PILLAR}, {key: COUNTRY}]) { totalCount { value } } }", "one or two keys"),
            ("relations { groups(by: []) { totalCount { value } } }", "one or two keys"),
            ("events { groups(by: [{key: TIER}]) { totalCount { value } } }", "events have no TIER"),
            ("agreements { groups(by: [{key: DIRECTION}]) { totalCount { value } } }", "agreements have no DIRECTION"),
            ("organizations { groups(by: [{key: STATUS}]) { totalCount { value } } }", "organizations have no STATUS"),
            ("events { groups(by: [{bucket: {field: SIGNED, unit: YEAR}}]) { totalCount { value } } }", "events have no SIGNED"),
            ("events { aggregate { distinct(of: FORM) } }", "events have no FORM"),
            ("statistics { events { groups(by: [{key: TIER}]) { totalCount { value } } } }", "events have no TIER"),
            ("statistics { relations { distinct(of: KIND) } }", "relations have no KIND"),
            ("relations { groups(by: [{key: TIER, bucket: {field: ESTABLISHED, unit: YEAR}}]) { totalCount { value } } }", "exactly one"),
            ("relations { groups(by: [{}]) { totalCount { value } } }", "exactly one"),
        ] {
            refuses(&server, &format!("{{ {groups} }}"), Value::Null, saying).await;
        }
    })
    .await;
}

#[tokio::test]
async fn lists_in_filters_have_at_most_250_members() {
    on_both_engines(|server| async move {
        let slugs: Vec<_> = (0..250).map(|number| format!("UNIT_{number}")).collect();
        for list in ["relations", "agreements", "events", "organizations", "programmes", "figures"] {
            let document = format!("query($in: [String!]) {{ {list}(filter: {{province: {{in: $in}}}}) {{ totalCount {{ value }} nodes {{ id }} }} }}");
            answers(&server, &document, json!({"in": slugs})).await;
            let more = [slugs.as_slice(), &["HUE".to_owned()]].concat();
            refuses(&server, &document, json!({"in": more}), "at most 250 members").await;
        }
        let document = "query($any: [RelationFilter!]) { relations(filter: {anyOf: $any}) { totalCount { value } nodes { id } } }";
        let data = answers(&server, document, json!({"any": vec![json!({"tier": {"in": ["SISTER"]}}); 250]})).await;
        assert_ne!(data["relations"]["totalCount"]["value"], 0);
        refuses(&server, document, json!({"any": vec![json!({}); 251]}), "at most 250 members").await;
        let ids = json!({"ids": vec!["x"; 101]});
        refuses(&server, "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids, "at most 100 ids").await;
    })
    .await;
}

#[tokio::test]
async fn search_texts_of_junk_find_nothing_or_what_their_words_name() {
    on_both_engines(|server| async move {
        for junk in
            ["", " ", "\0", "\0\0\0", "🐉", "%", "_", "'", "\\", "*", "\u{202e}", "\u{feff}", "--", "\r\n\t"]
        {
            let data = answers(&server, SEARCH, json!({"text": junk})).await;
            for (list, answer) in data.as_object().expect("lists") {
                assert_eq!(*answer, json!({"totalCount": {"value": 0}, "nodes": []}), "{list} of {junk:?}");
            }
        }
        let plain = answers(&server, SEARCH, json!({"text": "da nang"})).await;
        assert_ne!(plain["search"]["totalCount"]["value"], 0);
        for dressed in ["🐉 Đà Nẵng", "da\0nang", "Đà\u{200b} Nẵng%", "'da' \"nang\"; --", "da\tnang\n"]
        {
            let data = answers(&server, SEARCH, json!({"text": dressed})).await;
            for list in plain.as_object().expect("lists").keys() {
                assert_eq!(data[list]["totalCount"], plain[list]["totalCount"], "{list} of {dressed:?}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_search_text_has_at_most_200_characters() {
    on_both_engines(|server| async move {
        answers(&server, SEARCH, json!({"text": "đ".repeat(200)})).await;
        let words = "ha noi hue ".repeat(18);
        answers(&server, SEARCH, json!({"text": words})).await;
        let text = json!({"text": "đ".repeat(10_240)});
        refuses(&server, SEARCH, text.clone(), "at most 200 characters, 10240 given").await;
        let answer = server.ask(SEARCH, text).await;
        assert_eq!(walk(&answer, "errors[0].path[0]"), "search", "{answer}");
        for list in ["relations", "agreements", "events", "organizations", "programmes"] {
            let document =
                format!("query($text: String) {{ {list}(filter: {{search: $text}}) {{ nodes {{ id }} }} }}");
            refuses(&server, &document, json!({"text": "đ".repeat(201)}), "at most 200 characters").await;
        }
        let document = "query($text: String) { localities(search: $text) { nodes { id } } }";
        refuses(&server, document, json!({"text": "đ".repeat(201)}), "at most 200 characters").await;
    })
    .await;
}

/// JSON can write half of a character, and a body can break one; neither is text.
#[tokio::test]
async fn lone_surrogates_and_broken_utf8_are_refused_and_whole_pairs_are_not() {
    on_both_engines(|server| async move {
        let body = |text: &[u8]| {
            let start = br#"{"query": "query($t: String!) { search(query: $t) { totalCount { value } } }", "variables": {"t": ""#;
            [start.as_slice(), text, br#""}}"#].concat()
        };
        let ask = async |body: Vec<u8>| -> Value {
            let request = server.http(Method::POST, "/graphql").header("content-type", "application/json").body(body);
            request.send().await.expect("an answer").json().await.expect("JSON")
        };
        for broken in [br"\ud800".as_slice(), br"hue \udc00", br"\ud800\ud800", b"\xff", b"\xed\xa0\x80", b"\xc3"] {
            assert_refused(&ask(body(broken)).await, "JSON");
        }
        let in_the_document = br#"{"query": "{ search(query: \"\ud800\") { totalCount { value } } }"}"#;
        assert_refused(&ask(in_the_document.to_vec()).await, "JSON");
        let as_an_escape = r#"{ search(query: "\ud800") { totalCount { value } } }"#;
        refuses(&server, as_an_escape, Value::Null, "not valid GraphQL").await;

        let answer = ask(body(br"\ud83d\udc09 hue")).await;
        assert!(answer["errors"].is_null(), "{answer}");
        assert_ne!(answer["data"]["search"]["totalCount"]["value"], 0, "{answer}");
    })
    .await;
}
