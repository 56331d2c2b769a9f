//! SQLite and PostgreSQL give the same answers, to the byte; lists lose and repeat nothing; what SQL lists is what
//! memory counts.

mod filters;
mod walks;

use std::sync::{Arc, Mutex};

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Server, on_both_engines};

/// Documents and the language in which they are asked. Cursors and instants of writing are each register's own.
const DOCUMENTS: [(&str, &str); 34] = [
    (
        "vi",
        "{ relations(first: 100, orderBy: [{by: NAME, direction: ASC}]) { nodes { id code partner { name } province { name } } } }",
    ),
    (
        "vi",
        "{ relations(first: 100, orderBy: [{by: NAME, direction: DESC}]) { nodes { id code partner { name } } } }",
    ),
    (
        "en",
        "{ relations(first: 100, orderBy: [{by: NAME, direction: ASC}]) { nodes { code partner { name } province { name } } } }",
    ),
    ("en", "{ relations(first: 100, orderBy: [{by: NAME}]) { nodes { code partner { name } } } }"),
    (
        "vi",
        "{ relations(first: 100) { nodes { code established { edtf earliest latest text } status lastActivityOn } } }",
    ),
    (
        "vi",
        "{ relations(first: 100, orderBy: [{by: ESTABLISHED, direction: ASC}, {by: NAME, direction: DESC}]) { nodes { code established { text } } } }",
    ),
    (
        "vi",
        "{ agreements(first: 100, orderBy: [{by: SIGNED, direction: ASC}]) { nodes { code signed { edtf text } status acts { kind on { edtf } } } } }",
    ),
    (
        "vi",
        "{ agreements(first: 100, orderBy: [{by: EXPIRES, direction: ASC}]) { nodes { code expires { edtf latest } } } }",
    ),
    (
        "en",
        "{ agreements(first: 100, orderBy: [{by: EXPIRES, direction: DESC}, {by: TITLE, direction: ASC}]) { nodes { code title } } }",
    ),
    (
        "vi",
        "{ agreements(first: 100, orderBy: [{by: TITLE, direction: ASC}]) { nodes { code title titles { value locale } form { name } } } }",
    ),
    (
        "en",
        "{ events(first: 100, orderBy: [{by: TITLE, direction: DESC}]) { nodes { code title kind { name } place } } }",
    ),
    (
        "vi",
        "{ events(first: 100, orderBy: [{by: STARTS, direction: ASC}]) { nodes { code when { edtf text } delegates { value lower upper text } } } }",
    ),
    (
        "vi",
        "{ organizations(first: 100) { nodes { code name stage members { text } posts { person post } parent { code } targetCountry { name } } } }",
    ),
    (
        "en",
        "{ programmes(first: 100) { nodes { code title kind { code } amount { amount currency } quantity { text } partners { __typename } countries { code } } } }",
    ),
    (
        "vi",
        "{ figures(first: 100) { nodes { code indicator { name } quantity { value lower upper qualifier text } asOf { text } period { edtf } unit { slug } } } }",
    ),
    (
        "vi",
        "{ provinces { slug name region capital kind unit { code } inheritedUnits { slug } borderKm { text } neighbours { name } } }",
    ),
    (
        "en",
        r#"{ then: units(asOf: "2025-06-30") { code slug name kind } now: units { code slug name kind validFrom predecessors { slug } } }"#,
    ),
    ("vi", "{ countries { code name region } }"),
    (
        "vi",
        "{ localities(first: 100) { nodes { slug name nativeName aliases country { code } level { code } location { latitude longitude } } } }",
    ),
    (
        "vi",
        r#"{ relations(filter: {not: {anyOf: [{country: {in: ["LA", "KH"]}}, {tier: {in: [SISTER]}}]}}, first: 100) { totalCount { value } nodes { code } } }"#,
    ),
    (
        "vi",
        r#"{ relations(filter: {allOf: [{established: {isNull: true}}, {not: {status: {in: [ACTIVE]}}}]}, first: 100) { totalCount { value } nodes { code } } }"#,
    ),
    (
        "vi",
        r#"{ agreements(filter: {anyOf: [{field: {in: ["EDUCATION"]}}, {signed: {gte: "2024-01-01", lt: "2025-01-01"}}], status: {in: [UNKNOWN, IN_FORCE]}}, asOf: "2024-06-30", first: 100) { totalCount { value } nodes { code status } } }"#,
    ),
    (
        "vi",
        r#"{ events(filter: {withCountry: {in: ["JP"]}, kind: {in: ["DELEGATION_VISIT", "CONFERENCE"]}, not: {direction: {in: [OUT]}}}, first: 100) { totalCount { value } nodes { code } } }"#,
    ),
    (
        "vi",
        r#"{ relations(boundaries: AT_THE_TIME, asOf: "2025-06-30", filter: {province: {in: ["QUANG_NAM", "BINH_DUONG"]}}, first: 100) { nodes { code originUnit { slug } } groups(by: [{key: PROVINCE}]) { nodes { keys { value label } } } } }"#,
    ),
    (
        "vi",
        "{ nfc: search(query: \"Hoà Bình\", first: 50) { totalCount { value } edges { highlights node { __typename ... on AdminUnit { slug } ... on Event { code } ... on Relation { code } } } } }",
    ),
    (
        "vi",
        "{ nfd: search(query: \"Đa\u{300} Na\u{306}\u{303}ng\", first: 50) { totalCount { value } edges { highlights node { __typename ... on Locality { slug } ... on Agreement { code } } } } }",
    ),
    (
        "vi",
        r#"{ agreements(filter: {search: "hop tac"}, first: 100) { totalCount { value } nodes { code } } events(filter: {search: "hội nghị"}) { totalCount { value } } relations(filter: {search: "Hàn Quốc"}) { totalCount { value } } }"#,
    ),
    (
        "vi",
        "{ statistics { relations { count inForce earliest latest distinct(of: LOCALITY) groups(by: [{key: PROVINCE}, {key: TIER}], first: 100) { totalCount { value } nodes { keys { value label } aggregate { count inForce } } } } } }",
    ),
    (
        "en",
        r#"{ statistics(asOf: "2025-06-30", boundaries: AT_THE_TIME) { relations { groups(by: [{key: UNIT}], first: 100) { nodes { keys { value label } aggregate { count distinct(of: COUNTRY) } } } } agreements { groups(by: [{key: STATUS}]) { nodes { keys { value } aggregate { count } } } } } }"#,
    ),
    (
        "vi",
        "{ statistics { agreements { year: groups(by: [{bucket: {field: SIGNED, unit: YEAR, fillGaps: true}}], orderBy: {by: KEY, direction: ASC}, first: 100) { nodes { keys { value label } aggregate { count inForce } } } decade: groups(by: [{bucket: {field: EXPIRES, unit: DECADE}}]) { nodes { keys { value label } aggregate { count } } } form: groups(by: [{key: FORM}, {key: PILLAR}]) { nodes { keys { label } aggregate { count } } } } } }",
    ),
    (
        "vi",
        "{ statistics { events { month: groups(by: [{bucket: {field: STARTS, unit: MONTH}}], first: 100) { nodes { keys { value label } aggregate { count } } } quarter: groups(by: [{bucket: {field: STARTS, unit: QUARTER}}], first: 100) { nodes { keys { value label } } } kind: groups(by: [{key: KIND}, {key: DIRECTION}], first: 100) { nodes { keys { value label } aggregate { count } } } } } }",
    ),
    (
        "en",
        "{ statistics { relations { country: groups(by: [{key: COUNTRY}], first: 100) { nodes { keys { value label } aggregate { count } } } region: groups(by: [{key: REGION}]) { nodes { keys { value label } aggregate { count } } } level: groups(by: [{key: LEVEL}, {key: STATUS}], first: 100) { nodes { keys { value label } aggregate { count } } } locality: groups(by: [{key: LOCALITY}], first: 100) { nodes { keys { value label } } } } } }",
    ),
    (
        "vi",
        "{ relations(last: 30, orderBy: [{by: NAME, direction: ASC}]) { pageInfo { hasNextPage hasPreviousPage } nodes { code } } agreements(last: 30) { nodes { code } } events(last: 30) { nodes { code } } }",
    ),
    (
        "vi",
        r#"{ provinces { slug relations(first: 4, orderBy: [{by: NAME, direction: ASC}]) { totalCount { value } nodes { code partner { slug name agreements(first: 2) { nodes { code signed { edtf } } } } } } } }"#,
    ),
];

#[tokio::test]
async fn every_document_is_answered_with_the_same_bytes() {
    let answers = on_each_engine(|server| async move {
        let mut answers = Vec::new();
        for (language, document) in DOCUMENTS {
            answers.push(bytes(&server, language, document).await);
        }
        answers
    })
    .await;
    for ((_, document), (sqlite, postgres)) in DOCUMENTS.iter().zip(answers[0].iter().zip(&answers[1])) {
        assert!(sqlite.starts_with(r#"{"data":{"#), "{document}\n{sqlite}");
        assert_eq!(sqlite, postgres, "{document}");
    }
}

/// What the user typed is the same word in either composition and with the tone on either vowel.
#[tokio::test]
async fn a_search_means_the_same_however_its_marks_are_written() {
    on_both_engines(|server| async move {
        let document = "query($text: String!) {
            search(query: $text, first: 100) { totalCount { value } nodes { __typename ... on AdminUnit { slug } ... on Event { code } ... on Relation { code } } }
            events(filter: {search: $text}, first: 100) { nodes { code } }
            relations(filter: {search: $text}, first: 100) { nodes { code } }
        }";
        for same in [
            ["Hoà Bình", "Hòa Bình", "Hoa\u{300} Bi\u{300}nh", "Ho\u{300}a Bi\u{300}nh"],
            ["Thanh Hoá", "Thanh Hóa", "Thanh Hoa\u{301}", "Thanh Ho\u{301}a"],
            ["Khánh Hòa", "Khánh Hoà", "Kha\u{301}nh Ho\u{300}a", "Kha\u{301}nh Hoa\u{300}"],
            ["Đà Nẵng", "ĐÀ NẴNG", "Đa\u{300} Na\u{306}\u{303}ng", "đà nẵng"],
        ] {
            let first = server.ask(document, json!({"text": same[0]})).await;
            assert_ne!(first["data"]["search"]["totalCount"]["value"], 0, "{first}");
            for other in &same[1..] {
                assert_eq!(server.ask(document, json!({"text": other})).await, first, "{other:?}");
            }
        }
    })
    .await;
}

/// What a question gives on SQLite, then on PostgreSQL.
async fn on_each_engine<Ask, Outcome, Found>(ask: Ask) -> Vec<Found>
where
    Ask: Fn(Arc<Server>) -> Outcome,
    Outcome: Future<Output = Found> + Send + 'static,
    Found: Send + 'static,
{
    let found = Arc::new(Mutex::new(Vec::new()));
    on_both_engines(|server| {
        let (asked, found) = (ask(server), Arc::clone(&found));
        async move {
            let answer = asked.await;
            found.lock().expect("nobody panics while holding it").push(answer);
        }
    })
    .await;
    Arc::into_inner(found).and_then(|found| found.into_inner().ok()).expect("both engines are done")
}

async fn bytes(server: &Server, language: &str, document: &str) -> String {
    let request = server
        .http(Method::POST, "/graphql")
        .header("accept-language", language)
        .json(&json!({"query": document}));
    request.send().await.expect("an answer").text().await.expect("a whole answer")
}

/// The data of an answer that has no errors.
async fn data(server: &Server, language: &str, document: &str, variables: &Value) -> Value {
    let request = server
        .http(Method::POST, "/graphql")
        .header("accept-language", language)
        .json(&json!({"query": document, "variables": variables}));
    let mut answer: Value = request.send().await.expect("an answer").json().await.expect("JSON");
    assert!(answer["errors"].is_null(), "{document} with {variables}: {answer}");
    answer["data"].take()
}
