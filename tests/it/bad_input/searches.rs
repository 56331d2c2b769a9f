//! Search texts without words, too long ones, and invalid text.

use reqwest::Method;
use serde_json::{Value, json};

use super::{assert_refused, expect_data, expect_rejection};
use crate::contract::matcher::walk;
use crate::harness::on_both_engines;

const SEARCH: &str = "query($text: String!) {
    search(query: $text) { totalCount { value } nodes { __typename } }
    localities(search: $text) { totalCount { value } nodes { slug } }
    sources(search: $text) { totalCount { value } nodes { code } }
    relations(filter: {search: $text}) { totalCount { value } nodes { code } }
    agreements(filter: {search: $text}) { totalCount { value } nodes { code } }
    events(filter: {search: $text}) { totalCount { value } nodes { code } }
    organizations(filter: {search: $text}) { totalCount { value } nodes { code } }
    programmes(filter: {search: $text}) { totalCount { value } nodes { code } }
}";

#[tokio::test]
async fn junk_search_text_finds_nothing_or_its_words() {
    on_both_engines(|server| async move {
        for junk in
            ["", " ", "\0", "\0\0\0", "🐉", "%", "_", "'", "\\", "*", "\u{202e}", "\u{feff}", "--", "\r\n\t"]
        {
            let data = expect_data(&server, SEARCH, json!({"text": junk})).await;
            for (list, answer) in data.as_object().expect("lists") {
                assert_eq!(*answer, json!({"totalCount": {"value": 0}, "nodes": []}), "{list} of {junk:?}");
            }
        }
        let plain = expect_data(&server, SEARCH, json!({"text": "da nang"})).await;
        assert_ne!(plain["search"]["totalCount"]["value"], 0);
        for dressed in ["🐉 Đà Nẵng", "da\0nang", "Đà\u{200b} Nẵng%", "'da' \"nang\"; --", "da\tnang\n"]
        {
            let data = expect_data(&server, SEARCH, json!({"text": dressed})).await;
            for list in plain.as_object().expect("lists").keys() {
                assert_eq!(data[list]["totalCount"], plain[list]["totalCount"], "{list} of {dressed:?}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn search_text_has_at_most_200_characters() {
    on_both_engines(|server| async move {
        expect_data(&server, SEARCH, json!({"text": "đ".repeat(200)})).await;
        let words = "ha noi hue ".repeat(18);
        expect_data(&server, SEARCH, json!({"text": words})).await;
        let text = json!({"text": "đ".repeat(10_240)});
        expect_rejection(&server, SEARCH, text.clone(), "at most 200 characters, 10240 given").await;
        let answer = server.execute(SEARCH, text).await;
        assert_eq!(walk(&answer, "errors[0].path[0]"), "search", "{answer}");
        for list in ["relations", "agreements", "events", "organizations", "programmes"] {
            let document =
                format!("query($text: String) {{ {list}(filter: {{search: $text}}) {{ nodes {{ id }} }} }}");
            expect_rejection(&server, &document, json!({"text": "đ".repeat(201)}), "at most 200 characters")
                .await;
        }
        let document = "query($text: String) { localities(search: $text) { nodes { id } } }";
        expect_rejection(&server, document, json!({"text": "đ".repeat(201)}), "at most 200 characters").await;
    })
    .await;
}

#[tokio::test]
async fn searches_of_many_letters_and_marks_are_answered() {
    on_both_engines(|server| async move {
        let letters: Vec<String> = ('a'..='z').chain('0'..='9').map(String::from).collect();
        for text in
            [letters.join(" "), "abcdefghij".repeat(20), "\u{301}".repeat(200), "\u{1}\u{2}".to_owned()]
        {
            let document = "query($text: String!) {
                search(query: $text) { totalCount { value isExact } nodes { __typename } }
                suggest(prefix: $text) { text }
            }";
            let data = expect_data(&server, document, json!({ "text": text })).await;
            assert_eq!(data["search"]["totalCount"], json!({"value": 0, "isExact": true}), "{text:?}");
        }
        let document = "query($n: Int!) { suggest(prefix: \"da\", first: $n) { text } }";
        for size in [-1, 0, 11] {
            expect_rejection(&server, document, json!({ "n": size }), "must be from 1 to 10").await;
        }
    })
    .await;
}

#[tokio::test]
async fn suggestions_are_names_in_the_alphabet_of_the_language() {
    on_both_engines(|server| async move {
        let document = "{ suggest(prefix: \"đồng\", types: [UNIT], first: 6) { text node { ... on AdminUnit { slug } } } }";
        let data = expect_data(&server, document, Value::Null).await;
        let texts: Vec<&Value> = data["suggest"].as_array().expect("names").iter().map(|name| &name["text"]).collect();
        // A word of the name begins so; units of today before former ones.
        let names = ["Đồng Nai", "Đồng Tháp", "Lâm Đồng"];
        assert_eq!(texts, [names, names].concat(), "{data}");
    })
    .await;
}

/// A lone surrogate in JSON and broken UTF-8 in the body are no valid text.
#[tokio::test]
async fn lone_surrogates_and_invalid_utf8_are_refused() {
    on_both_engines(|server| async move {
        let body = |text: &[u8]| {
            let document = r"query($t: String!) { search(query: $t) { totalCount { value } } }";
            let start = format!(r#"{{"query": "{document}", "variables": {{"t": ""#);
            [start.as_bytes(), text, br#""}}"#].concat()
        };
        let execute = async |body: Vec<u8>| -> Value {
            let request =
                server.http(Method::POST, "/graphql").header("content-type", "application/json").body(body);
            request.send().await.expect("an answer").json().await.expect("JSON")
        };
        for broken in
            [br"\ud800".as_slice(), br"hue \udc00", br"\ud800\ud800", b"\xff", b"\xed\xa0\x80", b"\xc3"]
        {
            assert_refused(&execute(body(broken)).await, "JSON");
        }
        let in_the_document = br#"{"query": "{ search(query: \"\ud800\") { totalCount { value } } }"}"#;
        assert_refused(&execute(in_the_document.to_vec()).await, "JSON");
        let as_an_escape = r#"{ search(query: "\ud800") { totalCount { value } } }"#;
        expect_rejection(&server, as_an_escape, Value::Null, "not valid GraphQL").await;

        let answer = execute(body(br"\ud83d\udc09 hue")).await;
        assert!(answer["errors"].is_null(), "{answer}");
        assert_ne!(answer["data"]["search"]["totalCount"]["value"], 0, "{answer}");
    })
    .await;
}
