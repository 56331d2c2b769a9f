//! Callers with different visibility or permissions never share a response.

use std::collections::BTreeMap;

use caunoi_domain::policy::Action;
use caunoi_server::identity::Grant;
use serde_json::{Value, json};

use super::without_redis;
use crate::harness::publisher::Publisher;
use crate::harness::{ACCEPT, Server, on_both_databases, on_both_engines};
use reqwest::Method;

const DOCUMENT: &str = "query Titles { events(filter: { pillar: { in: [PEOPLE] } }, first: 20) {
        totalCount { value }
        nodes { code title publication pending viewerCan(action: PUBLISH) partnerLocalities { name } kind { name } }
    } }
    query Codes($first: Int = 2) { events(first: $first) { nodes { code } } }";

const CALLERS: [&str; 9] = [
    "",
    "partner",
    "clerk:NGHE_AN",
    "publisher:NGHE_AN",
    "clerk:DA_NANG",
    "publisher:DA_NANG",
    "analyst",
    "steward",
    "publisher:NGHE_AN read",
];

fn token(server: &Server, caller: &str) -> Option<String> {
    let (caller, reads) = caller.strip_suffix(" read").map_or((caller, false), |caller| (caller, true));
    let (role, province) = caller.split_once(':').map_or((caller, None), |(role, slug)| (role, Some(slug)));
    let grant = || Grant::new(role, province).unwrap_or_else(|why| panic!("{why:?}"));
    match (caller, reads) {
        ("", _) => None,
        (_, false) => Some(server.token_of(&grant())),
        (_, true) => Some(server.token_of(&grant().read_only())),
    }
}

/// The caller, the language and the further members of the request body.
type RequestVariant = (&'static str, &'static str, Value);

/// Every variant of a request with the same document.
fn variants() -> Vec<RequestVariant> {
    let mut variants = Vec::new();
    for caller in CALLERS {
        for language in ["vi", "en"] {
            variants.push((caller, language, json!({ "operationName": "Titles" })));
            variants.push((caller, language, json!({ "operationName": "Codes" })));
            variants.push((
                caller,
                language,
                json!({ "operationName": "Codes", "variables": { "first": 3 } }),
            ));
        }
    }
    variants
}

/// Returns the responses to all variants, requested in this order.
async fn execute(server: &Server, variants: &[RequestVariant]) -> BTreeMap<String, String> {
    let mut answers = BTreeMap::new();
    for (caller, language, members) in variants {
        let mut body = members.clone();
        body["query"] = DOCUMENT.into();
        let mut request = server.http(Method::POST, "/graphql").header("accept", ACCEPT);
        if let Some(token) = token(server, caller) {
            request = request.bearer_auth(token);
        }
        let response = request.header("accept-language", *language).json(&body).send().await;
        let text = response.expect("the server answers").text().await.expect("the answer is whole");
        assert!(!text.contains("\"errors\""), "{text}");
        answers.insert(format!("{caller} {language} {members}"), text);
    }
    answers
}

#[tokio::test]
async fn response_does_not_depend_on_earlier_callers() {
    on_both_databases(|settings| async move {
        let settings = without_redis(settings);
        let mut variants = variants();
        let server = Server::start(settings.clone()).await;
        let publisher = Publisher::of("NGHE_AN", server.register());
        let shown = publisher.publish("Shown").await;
        publisher.retitle(&shown, "Reworked").await;
        let handed = Publisher::of("DA_NANG", server.register());
        let draft = handed.draft("Handed on").await;
        handed.transition(&draft, Action::Submit).await;
        let forwards = execute(&server, &variants).await;
        assert_eq!(execute(&server, &variants).await, forwards);
        server.stop().await;
        let server = Server::start(settings).await;
        variants.reverse();
        assert_eq!(execute(&server, &variants).await, forwards);
        server.stop().await;
        // Proves that the variants differ: callers with different visibility get different
        // responses.
        let titles = |caller: &str, language: &str| {
            &forwards[&format!("{caller} {language} {}", json!({ "operationName": "Titles" }))]
        };
        let differ = ["", "clerk:NGHE_AN", "publisher:NGHE_AN", "publisher:DA_NANG", "analyst"];
        for (index, one) in differ.iter().enumerate() {
            assert_ne!(titles(one, "vi"), titles(one, "en"));
            for other in &differ[index + 1..] {
                assert_ne!(titles(one, "vi"), titles(other, "vi"), "{one}, {other}");
            }
        }
        assert_ne!(titles("publisher:NGHE_AN", "vi"), titles("publisher:NGHE_AN read", "vi"));
    })
    .await;
}

#[tokio::test]
async fn response_with_caller_identity_is_not_shared() {
    on_both_engines(|server| async move {
        let named = |name: &str| {
            let grant = Grant::new("analyst", None).and_then(|grant| grant.with_name(name));
            server.token_of(&grant.unwrap_or_else(|why| panic!("{why:?}")))
        };
        let (one, other) = (named("one"), named("other"));
        let document = "{ viewer { id } events(first: 1) { nodes { code } } }";
        let responses = futures_util::future::join_all((0..12).map(|turn| {
            server.execute_with_token(Some(if turn % 2 == 0 { &one } else { &other }), document, Value::Null)
        }));
        let ids: Vec<Value> =
            responses.await.iter().map(|answer| answer["data"]["viewer"]["id"].clone()).collect();
        assert!(ids[0].is_string());
        assert_ne!(ids[0], ids[1]);
        assert!(ids.iter().enumerate().all(|(turn, id)| *id == ids[turn % 2]), "{ids:?}");
        assert!(server.execute(document, Value::Null).await["data"]["viewer"].is_null());
    })
    .await;
}
