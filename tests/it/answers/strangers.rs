//! Callers who see or may do different things never get each other's answers.

use std::collections::BTreeMap;

use caunoi_domain::policy::Action;
use caunoi_server::identity::Grant;
use serde_json::{Value, json};

use super::alone;
use crate::harness::desk::Desk;
use crate::harness::{ACCEPT, Server, on_both_databases, on_both_engines};
use reqwest::Method;

const DOCUMENT: &str = "query Titles { events(filter: { pillar: { in: [PEOPLE] } }, first: 20) {
        totalCount { value }
        nodes { code title publication pending viewerCan(action: PUBLISH) partners { name } kind { name } }
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

fn token(server: &Server, who: &str) -> Option<String> {
    let (who, reads) = who.strip_suffix(" read").map_or((who, false), |who| (who, true));
    let (role, province) = who.split_once(':').map_or((who, None), |(role, slug)| (role, Some(slug)));
    let grant = || Grant::new(role, province).unwrap_or_else(|why| panic!("{why}"));
    match (who, reads) {
        ("", _) => None,
        (_, false) => Some(server.token_of(&grant())),
        (_, true) => Some(server.token_of(&grant().read_only())),
    }
}

/// Who asks, in which language, beside which members.
type Way = (&'static str, &'static str, Value);

/// Every way to ask the same document.
fn ways() -> Vec<Way> {
    let mut ways = Vec::new();
    for who in CALLERS {
        for language in ["vi", "en"] {
            ways.push((who, language, json!({ "operationName": "Titles" })));
            ways.push((who, language, json!({ "operationName": "Codes" })));
            ways.push((who, language, json!({ "operationName": "Codes", "variables": { "first": 3 } })));
        }
    }
    ways
}

/// The answers to all of them, asked in this order.
async fn ask(server: &Server, ways: &[Way]) -> BTreeMap<String, String> {
    let mut answers = BTreeMap::new();
    for (who, language, members) in ways {
        let mut body = members.clone();
        body["query"] = DOCUMENT.into();
        let mut request = server.http(Method::POST, "/graphql").header("accept", ACCEPT);
        if let Some(token) = token(server, who) {
            request = request.bearer_auth(token);
        }
        let response = request.header("accept-language", *language).json(&body).send().await;
        let text = response.expect("the server answers").text().await.expect("the answer is whole");
        assert!(!text.contains("\"errors\""), "{text}");
        answers.insert(format!("{who} {language} {members}"), text);
    }
    answers
}

#[tokio::test]
async fn what_callers_get_does_not_depend_on_who_asked_before() {
    on_both_databases(|settings| async move {
        let settings = alone(settings);
        let mut ways = ways();
        let server = Server::start(settings.clone()).await;
        let desk = Desk::of("NGHE_AN", server.register());
        let published = desk.publish("Shown").await;
        desk.retitle(&published, "Reworked").await;
        let handed = Desk::of("DA_NANG", server.register());
        let draft = handed.draft("Handed on").await;
        handed.go(&draft, Action::Submit).await;
        let forwards = ask(&server, &ways).await;
        assert_eq!(ask(&server, &ways).await, forwards);
        server.stop().await;
        let server = Server::start(settings).await;
        ways.reverse();
        assert_eq!(ask(&server, &ways).await, forwards);
        server.stop().await;
        // Else nothing was shown: those who see and may do different things get different answers.
        let titles = |who: &str, language: &str| {
            &forwards[&format!("{who} {language} {}", json!({ "operationName": "Titles" }))]
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
async fn who_asks_is_told_to_nobody_else() {
    on_both_engines(|server| async move {
        let named = |name: &str| {
            let grant = Grant::new("analyst", None).and_then(|grant| grant.named(name));
            server.token_of(&grant.unwrap_or_else(|why| panic!("{why}")))
        };
        let (one, other) = (named("one"), named("other"));
        let document = "{ viewer { id } events(first: 1) { nodes { code } } }";
        let asked = futures_util::future::join_all((0..12).map(|turn| {
            server.ask_with(Some(if turn % 2 == 0 { &one } else { &other }), document, Value::Null)
        }));
        let ids: Vec<Value> =
            asked.await.iter().map(|answer| answer["data"]["viewer"]["id"].clone()).collect();
        assert!(ids[0].is_string());
        assert_ne!(ids[0], ids[1]);
        assert!(ids.iter().enumerate().all(|(turn, id)| *id == ids[turn % 2]), "{ids:?}");
        assert!(server.ask(document, Value::Null).await["data"]["viewer"].is_null());
    })
    .await;
}
