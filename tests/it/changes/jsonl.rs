//! `/changes.jsonl`: the feed for programs without a client.

use caunoi_domain::policy::Action;
use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{CHANGES, all, data, now};
use crate::harness::publisher::Publisher;
use crate::harness::{Server, on_both_engines};

const PATH: &str = "/changes.jsonl";

/// Returns status, headers and body of a GET request.
pub(super) async fn get(server: &Server, path: &str) -> (StatusCode, HeaderMap, String) {
    let response = server.http(Method::GET, path).send().await.expect("the server answers");
    let (status, headers) = (response.status(), response.headers().clone());
    (status, headers, response.text().await.expect("the answer is whole"))
}

/// Returns the messages of a page and the URL of the next page, if there is one.
async fn lines(server: &Server, words: &str) -> (Vec<Value>, Option<String>) {
    let (status, headers, body) = get(server, &format!("{PATH}?{words}")).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    assert_eq!(headers["content-type"], "application/jsonl; charset=utf-8");
    assert!(body.ends_with('\n'), "{body}");
    let next = headers.get("link").map(|link| {
        let link = link.to_str().expect("text");
        let address =
            link.strip_prefix("<changes.jsonl?").and_then(|link| link.strip_suffix(">; rel=\"next\""));
        address.unwrap_or_else(|| panic!("{link}")).to_owned()
    });
    (body.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect(), next)
}

fn cursor(messages: &[Value]) -> &str {
    messages.last().and_then(|last| last["cursor"].as_str()).expect("a last line with a cursor")
}

/// Returns province and position of each change.
fn places<'a>(changes: impl IntoIterator<Item = &'a Value>) -> Vec<(String, i64)> {
    let place = |change: &Value| {
        (change["province"]["slug"].to_string(), change["position"].as_i64().expect("a position"))
    };
    changes.into_iter().filter(|change| !change["position"].is_null()).map(place).collect()
}

#[tokio::test]
async fn jsonl_pages_are_exactly_once_during_writes() {
    on_both_engines(|server| async move {
        let publisher = Publisher::of("NGHE_AN", server.register());
        let (mut words, mut received, mut pages) = ("first=97".to_owned(), Vec::new(), 0);
        loop {
            let (messages, next) = lines(&server, &words).await;
            let after = cursor(&messages).to_owned();
            received.extend(messages);
            pages += 1;
            if pages < 4 {
                publisher.publish(&format!("While they read {pages}")).await;
            }
            match next {
                Some(next) => {
                    assert!(next.contains("first=97") && next.ends_with(&format!("after={after}")), "{next}");
                    words = next;
                }
                None => break,
            }
        }
        let mut expected = Vec::new();
        let mut after = Value::Null;
        loop {
            let variables = json!({"after": after, "first": 100});
            let part = data(&server, "partner", CHANGES, variables).await["changes"].take();
            expected.extend(part["nodes"].as_array().expect("a list").clone());
            after = part["cursor"].clone();
            if part["hasMore"] == false {
                break;
            }
        }
        let (mut told_places, mut all_places) = (places(&received), places(&expected));
        assert!(pages > 5 && told_places.len() > 500, "{pages} {}", told_places.len());
        for province in ["\"NGHE_AN\"", "\"DONG_NAI\"", "null"] {
            let of = |places: &[(String, i64)]| -> Vec<i64> {
                places.iter().filter(|(log, _)| log == province).map(|(_, position)| *position).collect()
            };
            assert_eq!(of(&told_places), of(&all_places), "{province}");
            assert!(of(&told_places).is_sorted_by(|one, next| one < next));
        }
        told_places.sort();
        all_places.sort();
        assert_eq!(told_places, all_places);
    })
    .await;
}

#[tokio::test]
async fn jsonl_line_equals_the_schema_and_ends_with_a_cursor() {
    on_both_engines(|server| async move {
        let begin = now(&server, "partner").await;
        let begin = begin.as_str().expect("a cursor");
        let publisher = Publisher::of("NGHE_AN", server.register());
        let event = publisher.publish("One").await;
        let (messages, next) = lines(&server, &format!("after={begin}&province=NGHE_AN&locale=en")).await;
        assert_eq!((messages.len(), next), (1, None), "{messages:?}");
        let change = &messages[0];
        assert_eq!(change["__typename"], "Change");
        assert_eq!((&change["movement"], &change["operation"]), (&json!("ENTERED"), &json!("PUBLISHED")));
        assert_eq!((&change["entryType"], &change["code"]), (&json!("EVENT"), &json!(event.meta.code)));
        assert_eq!(change["entry"]["title"], "One");
        assert!(change.get("author").is_none());
        let after = cursor(&messages);
        let received = data(&server, "partner", CHANGES, json!({"after": begin})).await["changes"].take();
        assert_eq!(received["nodes"][0]["cursor"], after);
        assert_eq!(all(&received["nodes"], "changedFields"), [&change["changedFields"]]);

        // Changes outside the filter move the cursor too.
        let (quiet, next) = lines(&server, &format!("after={begin}&entryType=AGREEMENT,RELATION")).await;
        assert_eq!((quiet.len(), next), (1, None), "{quiet:?}");
        assert_eq!(quiet[0]["__typename"], "ChangeHeartbeat");
        assert_eq!(cursor(&quiet), after);
        // Addresses with the names of GraphQL types stay in use.
        for entry_type in ["EVENT", "Event", "Agreement,Event"] {
            let (same, _) = lines(&server, &format!("after={begin}&entryType={entry_type}&locale=en")).await;
            assert_eq!(same, messages, "{entry_type}");
        }
        let (again, _) = lines(&server, &format!("after={after}")).await;
        assert_eq!((again.len(), cursor(&again)), (1, after), "{again:?}");
    })
    .await;
}

#[tokio::test]
async fn jsonl_never_contains_drafts_or_withdrawn_content() {
    on_both_engines(|server| async move {
        let begin = now(&server, "partner").await;
        let begin = begin.as_str().expect("a cursor");
        let publisher = Publisher::of("NGHE_AN", server.register());
        let draft = publisher.draft("Quiet").await;
        publisher.transition(&draft, Action::Submit).await;
        let revised = publisher.publish("Loud").await;
        publisher.retitle(&revised, "Louder").await;
        let path = format!("{PATH}?after={begin}");
        for token in [server.token("publisher", Some("NGHE_AN")), server.token("steward", None), "x".into()] {
            let request = server.http(Method::GET, &path).bearer_auth(token);
            let response = request.send().await.expect("the server answers");
            assert_eq!(response.status(), StatusCode::OK);
            assert!(response.headers().get("vary").is_none());
            let body = response.text().await.expect("the answer is whole");
            assert_eq!(body, get(&server, &path).await.2);
            assert!(!body.contains("Quiet") && !body.contains("Louder") && body.contains("Loud"), "{body}");
        }
        let event = publisher.publish("Short").await;
        publisher.transition(&event, Action::Withdraw).await;
        let (messages, _) = lines(&server, &format!("after={begin}")).await;
        let movements: Vec<&Value> = messages.iter().map(|message| &message["movement"]).collect();
        assert_eq!(movements, ["ENTERED", "ENTERED", "LEFT"]);
        // The earlier change of it has no content any more either.
        for change in &messages[1..] {
            assert_eq!(change["code"], json!(event.meta.code));
            assert_eq!(change["entry"], Value::Null);
        }
        assert!(!format!("{messages:?}").contains("Short"));
    })
    .await;
}

#[tokio::test]
async fn jsonl_is_cacheable_with_etag() {
    on_both_engines(|server| async move {
        let begin = now(&server, "partner").await;
        let path = format!("{PATH}?after={}", begin.as_str().expect("a cursor"));
        for path in [path, "/changes.atom?province=NGHE_AN".to_owned()] {
            let (_, headers, body) = get(&server, &path).await;
            let tag = headers["etag"].to_str().expect("text").to_owned();
            assert_eq!(headers["cache-control"], "public, max-age=0, must-revalidate");
            let asked = async || {
                let request = server.http(Method::GET, &path).header("if-none-match", &tag);
                let response = request.send().await.expect("the server answers");
                let (status, headers) = (response.status(), response.headers().clone());
                (status, headers, response.text().await.expect("the answer is whole"))
            };
            let (status, headers, empty) = asked().await;
            assert_eq!((status, empty.as_str()), (StatusCode::NOT_MODIFIED, ""));
            assert_eq!(headers["etag"], tag);
            let head = server.http(Method::HEAD, &path).send().await.expect("the server answers");
            assert_eq!((head.status(), &head.headers()["etag"]), (StatusCode::OK, &headers["etag"]));
            assert_eq!(head.headers()["content-length"], body.len().to_string());
            assert_eq!(head.text().await.expect("no body"), "");
            Publisher::of("NGHE_AN", server.register()).publish(&format!("New in {path}")).await;
            let (status, headers, newer) = asked().await;
            assert_eq!(status, StatusCode::OK);
            assert_ne!(headers["etag"], tag);
            assert_ne!(newer, body);
        }
    })
    .await;
}

#[tokio::test]
async fn jsonl_reports_gap_and_names_invalid_parameters() {
    on_both_engines(|server| async move {
        let log = caunoi_domain::id::Log::new(3);
        let ahead = server.register().read_model().public_heads.clone().with(log, i64::MAX);
        let ahead = ahead.to_cursor(server.register().signing_key());
        let (messages, next) = lines(&server, &format!("after={ahead}")).await;
        assert_eq!((messages.len(), next), (1, None));
        assert_eq!(messages[0]["__typename"], "ChangeGap");
        assert_eq!(messages[0]["cursor"], now(&server, "partner").await);

        let good = now(&server, "partner").await;
        let cut = good.as_str().map(|good| &good[..good.len() - 2]).expect("a cursor");
        for path in [PATH, "/changes.atom"] {
            for (words, name) in [
                ("after=", "after"),
                ("after=AAAA", "after"),
                (&format!("after={cut}"), "after"),
                ("first=0", "first"),
                ("first=101", "first"),
                ("first=x", "first"),
                ("limit=3", "limit"),
                ("locale=fr", "locale"),
                ("country=", "country"),
                ("after=a&after=b", "after"),
            ] {
                let (status, headers, body) = get(&server, &format!("{path}?{words}")).await;
                assert_eq!(status, StatusCode::BAD_REQUEST, "{words} {body}");
                assert_eq!(headers["cache-control"], "no-store");
                let answer: Value = serde_json::from_str(&body).expect("JSON");
                let error = &answer["errors"][0];
                assert_eq!(error["extensions"]["code"], "BAD_INPUT");
                assert!(
                    error["message"]
                        .as_str()
                        .is_some_and(|text| text.trim_start_matches('"').starts_with(name)),
                    "{words} {body}"
                );
            }
            for method in [Method::POST, Method::PUT, Method::DELETE] {
                let response = server.http(method, path).send().await.expect("the server answers");
                assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
                assert_eq!(response.headers()["allow"], "GET,HEAD");
            }
        }
    })
    .await;
}
