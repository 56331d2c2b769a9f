//! Answers that are given again: when they are, when they are not, and to whom.

mod moving;
mod sequences;
mod shared;
mod stored;
mod strangers;

use caunoi_server::Settings;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Server, on_both_engines};

const EVENTS: &str =
    "query($slug: String!) { province(slug: $slug) { events(first: 5) { nodes { title(locale: EN) } } } }";

/// Without Redis: what one process does alone.
fn alone(settings: Settings) -> Settings {
    Settings { redis_url: None, ..settings }
}

/// An answer without errors, and how many statements it took.
async fn asked(server: &Server, who: Option<&str>, document: &str, variables: &Value) -> (Value, u64) {
    let before = server.statements();
    let answer = match who {
        Some(who) => server.ask_as(who, document, variables.clone()).await,
        None => server.ask(document, variables.clone()).await,
    };
    assert!(answer["errors"].is_null(), "{answer}");
    (answer, server.statements() - before)
}

#[tokio::test]
async fn the_same_question_is_answered_by_one_execution() {
    on_both_engines(|server| async move {
        let (first, cost) = asked(&server, None, EVENTS, &json!({ "slug": "NGHE_AN" })).await;
        assert!(cost > 0);
        for _ in 0..3 {
            let again = asked(&server, None, EVENTS, &json!({ "slug": "NGHE_AN" })).await;
            assert_eq!(again, (first.clone(), 0));
        }
    })
    .await;
}

#[tokio::test]
async fn other_words_for_the_same_question_share_its_answer() {
    on_both_engines(|server| async move {
        let document = "query($a: Int, $b: String) { relations(first: $a, after: $b) { nodes { code } } }";
        let body = json!({ "query": document, "variables": { "a": 3, "b": null } }).to_string();
        let other = format!(
            r#"{{ "variables": {{ "b": null, "a": 3 }}, "extensions": {{}}, "operationName": "", "query": {} }}"#,
            json!(document)
        );
        let post = |body: String| {
            server.http(Method::POST, "/graphql").header("content-type", "application/json").body(body)
        };
        let variables = json!({ "a": 3, "b": null }).to_string();
        let address = server.http(Method::GET, "/graphql").query(&[("query", document), ("variables", &variables)]);
        let mut texts = Vec::new();
        let mut costs = Vec::new();
        for request in [post(body), post(other), address] {
            let before = server.statements();
            let response = request.send().await.expect("the server answers");
            assert!(response.status().is_success());
            texts.push(response.text().await.expect("the answer is whole"));
            costs.push(server.statements() - before);
        }
        assert_eq!((costs[1], costs[2]), (0, 0), "{costs:?}");
        assert_eq!((&texts[0], &texts[0]), (&texts[1], &texts[2]));
    })
    .await;
}

#[tokio::test]
async fn those_who_ask_at_the_same_time_share_one_execution() {
    on_both_engines(|server| async move {
        let (_, cost) = asked(&server, None, EVENTS, &json!({ "slug": "HUE" })).await;
        let before = server.statements();
        let document = format!("{EVENTS} # asked by many");
        let asking = (0..8).map(|_| server.ask(&document, json!({ "slug": "HUE" })));
        let answers = futures_util::future::join_all(asking).await;
        assert!(answers.iter().all(|answer| answer == &answers[0] && answer["errors"].is_null()));
        assert_eq!(server.statements() - before, cost);
    })
    .await;
}

#[tokio::test]
async fn errors_are_made_anew() {
    on_both_engines(|server| async move {
        for document in [
            "{ relations(first: 0) { nodes { code } } }",
            "{ nonsense }",
            "{ a: relations(first: 1) { nodes { code } } b: relations(after: \"junk\") { nodes { code } } }",
        ] {
            let mut ids = Vec::new();
            for _ in 0..2 {
                let answer = server.ask(document, Value::Null).await;
                ids.push(answer["errors"][0]["extensions"]["requestId"].as_str().expect("an id").to_owned());
            }
            assert_ne!(ids[0], ids[1], "{document}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_node_that_keeps_nothing_answers_the_same() {
    crate::harness::on_both_databases(|settings| async move {
        let mut settings = alone(settings);
        settings.keeping.bytes = 0;
        let server = Server::start(settings).await;
        let (first, cost) = asked(&server, None, EVENTS, &json!({ "slug": "NGHE_AN" })).await;
        let again = asked(&server, None, EVENTS, &json!({ "slug": "NGHE_AN" })).await;
        assert_eq!(again, (first, cost));
        server.stop().await;
    })
    .await;
}
