//! The cost limit of requests: published documents are within the limits of their roles, and
//! amplifying documents are rejected before execution on both engines.

use std::fs;

use caunoi_server::Settings;
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

use crate::harness::{ACCEPT, Server, on_both_databases, on_both_engines};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
const INTROSPECTION: &str = include_str!("../../crates/graphql/src/guard/introspection.graphql");

fn read(path: &str) -> String {
    fs::read_to_string(format!("{ROOT}/{path}")).expect("a file of the repository")
}

/// Returns the queries of README.md and of the page about counting.
fn examples() -> Vec<String> {
    let documents = read("README.md") + &read("docs/reference/counting.md");
    let blocks = documents
        .split("```graphql\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap_or_default().to_owned());
    let queries: Vec<String> = blocks.filter(|block| !block.starts_with("mutation")).collect();
    assert!(queries.len() >= 4, "{queries:?}");
    queries
}

/// Returns the settings with other limits: for the public, for provinces, for the ministry.
fn with_limits(mut settings: Settings, [public, province, ministry]: [u64; 3]) -> Settings {
    let cost = &mut settings.execution_limits.cost;
    (cost.public, cost.province, cost.ministry) = (public, province, ministry);
    settings
}

/// Returns the size in bytes of a response without errors.
async fn bytes_of(server: &Server, caller: Option<&str>, document: &str, variables: Value) -> usize {
    let answer = match caller {
        Some(caller) => server.execute_as(caller, document, variables).await,
        None => server.execute(document, variables).await,
    };
    assert!(answer["errors"].is_null(), "{document}: {}", answer["errors"]);
    answer.to_string().len()
}

/// Asserts that a document costs too much, and returns the extensions of the error.
async fn refusal(server: &Server, document: &str) -> Value {
    let answer = server.execute(document, Value::Null).await;
    let extensions = &answer["errors"][0]["extensions"];
    assert_eq!(extensions["code"], "COST_EXCEEDED", "{document}: {answer}");
    assert!(answer.get("data").is_none() && answer.to_string().len() < 1_000, "{answer}");
    extensions.clone()
}

#[tokio::test]
async fn examples_and_board_are_within_role_limits() {
    on_both_engines(|server| async move {
        for document in examples() {
            bytes_of(&server, None, &document, Value::Null).await;
        }
        let saved =
            serde_json::from_str::<Value>(&read("crates/server/assets/graphiql/examples.json")).unwrap();
        // Those with a token and the subscription run in `examples`.
        let is_public_query = |example: &&Value| {
            example["headers"].is_null()
                && !example["query"].as_str().is_some_and(|document| document.contains("\nsubscription "))
        };
        let mut queries = 0;
        for example in saved.as_array().unwrap().iter().filter(is_public_query) {
            let document = example["query"].as_str().unwrap();
            bytes_of(&server, None, document, example["variables"].clone()).await;
            queries += 1;
        }
        assert_eq!(queries, 6);
        let (board, on) = (read("tests/bench/ministry/board.graphql"), json!({ "asOf": "2025-06-30" }));
        for caller in ["analyst", "steward"] {
            assert!(bytes_of(&server, Some(caller), &board, on.clone()).await > 1_000);
        }
    })
    .await;
}

#[tokio::test]
async fn recursive_introspection_is_refused() {
    on_both_engines(|server| async move {
        let one = "{ __schema { types { possibleTypes { interfaces { name } } } } }";
        assert!(bytes_of(&server, None, one, Value::Null).await < 200_000);
        for rounds in 2..=5 {
            let open = "possibleTypes{interfaces{".repeat(rounds);
            refusal(&server, &format!("{{__schema{{types{{{open}name{}}}}}}}", "}}".repeat(rounds))).await;
        }
        let fields = "{__schema{types{fields{args{type{inputFields{type{inputFields{name}}}}}}}}}";
        refusal(&server, fields).await;
        let copies: Vec<String> = (0..40).map(|copy| format!("a{copy}: __schema {{ types {{ description fields {{ name description args {{ description }} }} }} }}")).collect();
        let extensions = refusal(&server, &format!("{{ {} }}", copies.join(" "))).await;
        assert!(extensions["cost"].as_u64() > extensions["limit"].as_u64(), "{extensions}");
    })
    .await;
}

/// Returns status, ETag and body of the response to the standard introspection document.
async fn introspect(
    server: &Server,
    document: &str,
    method: Method,
    tag: Option<&str>,
) -> (StatusCode, String, String) {
    let request = if method == Method::GET {
        let path = format!("/graphql?{}", in_an_address(document));
        server.http(method, &path)
    } else {
        server.http(method, "/graphql").json(&json!({ "query": document }))
    };
    let request = request.header(header::ACCEPT, ACCEPT);
    let request = match tag {
        Some(tag) => request.header(header::IF_NONE_MATCH, tag),
        None => request,
    };
    let response = request.send().await.expect("an answer");
    let tag = response
        .headers()
        .get(header::ETAG)
        .map_or("", |tag| tag.to_str().expect("a tag is text"))
        .to_owned();
    (response.status(), tag, response.text().await.expect("a whole answer"))
}

fn in_an_address(document: &str) -> String {
    let mut url = reqwest::Url::parse("http://x/").expect("an address");
    url.query_pairs_mut().append_pair("query", document);
    url.query().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn standard_introspection_ignores_cost_limits() {
    on_both_databases(|settings| async move {
        let server = Server::start(with_limits(settings, [1, 1, 1])).await;
        let (status, _, posted) = introspect(&server, INTROSPECTION, Method::POST, None).await;
        assert_eq!(status, StatusCode::OK, "{posted}");
        assert!(posted.contains("\"Agreement\"") && posted.len() > 100_000);
        let other = INTROSPECTION.replace("    ", " ").replace("FullType", "F");
        let (status, tag, got) = introspect(&server, &other, Method::GET, None).await;
        assert_eq!((status, &got), (StatusCode::OK, &posted));
        let (status, again, body) = introspect(&server, INTROSPECTION, Method::GET, Some(&tag)).await;
        assert_eq!((status, again, body.as_str()), (StatusCode::NOT_MODIFIED, tag, ""));
        refusal(&server, "{ a: __schema { types { name description } } }").await;
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn amplifying_aliases_filters_and_feeds_are_refused() {
    on_both_engines(|server| async move {
        let titles: Vec<String> = (0..45).map(|copy| format!("a{copy}: title")).collect();
        let page = |first: u64| {
            let titles = titles.join(" ");
            format!("{{ agreements(first: {first}) {{ nodes {{ province {{ agreements(first: {first}) {{ nodes {{ {titles} }} }} }} }} }} }}")
        };
        let refused = refusal(&server, &page(40)).await;
        let first = refused["suggestedFirst"].as_u64().expect("a suggestion");
        assert!(bytes_of(&server, None, &page(first), Value::Null).await < 1_000_000);

        let any = |copy: usize| format!("a{copy}:agreements(filter:{{anyOf:[$f]}}){{nodes{{id}}}}");
        let lists: Vec<String> = (0..49).map(any).collect();
        let document = format!("query($f: AgreementFilter!) {{ {} }}", lists.join(" "));
        let filter = json!({ "anyOf": vec![json!({ "signedOn": { "gte": "2020-01-01" }, "expires": { "isNull": true } }); 18] });
        let answer = server.execute(&document, json!({ "f": filter })).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "COST_EXCEEDED", "{answer}");

        let feeds: Vec<String> = (0..4).map(|copy| format!("a{copy}: changes(first: 1, filter: {{locality: {{in: [\"kr-busan\"]}}}}) {{ cursor }}")).collect();
        refusal(&server, &format!("{{ {} }}", feeds.join(" "))).await;
        let near = server.execute(&format!("{{ {} }}", feeds[0]), Value::Null).await;
        let end = server.execute("{ statistics { cursor } }", Value::Null).await["data"]["statistics"]["cursor"].clone();
        assert!(near["errors"].is_null(), "{near}");
        let after: Vec<String> = feeds.iter().map(|feed| feed.replace("first: 1", &format!("first: 1, after: {end}"))).collect();
        bytes_of(&server, None, &format!("{{ {} }}", after.join(" ")), Value::Null).await;
    })
    .await;
}

#[tokio::test]
async fn cost_limit_depends_on_the_role() {
    on_both_databases(|settings| async move {
        let server = Server::start(with_limits(settings, [10, 20, 40])).await;
        let document = "query($n: Int!) { relations(first: $n) { nodes { code } } }";
        let limits = [
            (None, 10),
            (Some("partner"), 10),
            (Some("clerk:HUE"), 20),
            (Some("publisher:HUE"), 20),
            (Some("analyst"), 40),
            (Some("steward"), 40),
        ];
        for (caller, limit) in limits {
            let execute = async |first: u64| match caller {
                Some(caller) => server.execute_as(caller, document, json!({ "n": first })).await,
                None => server.execute(document, json!({ "n": first })).await,
            };
            let answer = execute(limit - 1).await;
            assert!(answer["errors"].is_null(), "{caller:?}: {answer}");
            let extensions = execute(limit).await["errors"][0]["extensions"].clone();
            let shown =
                [&extensions["cost"], &extensions["limit"], &extensions["suggestedFirst"]].map(Value::as_u64);
            assert_eq!(shown, [Some(limit + 1), Some(limit), Some(limit - 1)], "{caller:?}");
        }
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn response_size_is_limited() {
    on_both_databases(|settings| async move {
        let mut settings = settings;
        settings.execution_limits.response_bytes = 8_000;
        let server = Server::start(settings).await;
        let small = "{ agreements(first: 10) { nodes { title } } }";
        assert!(bytes_of(&server, None, small, Value::Null).await < 8_000);
        // Counted while the response is built; a response of unknown length while it is written.
        let large = "{ agreements(first: 100) { nodes { a: title b: title c: title d: title sources { title } } } }";
        let raw = "{ relations { groups(by: [{key: PROVINCE}, {key: COUNTRY}], first: 100) { nodes { keys { value label } aggregate { count earliest latest } } } } localities(first: 100) { nodes { id } } }";
        for document in [large, raw] {
            let answer = server.execute(document, Value::Null).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "COST_EXCEEDED", "{document}");
            assert_eq!(answer["errors"][0]["extensions"]["retryable"], false);
            assert!(answer["data"].is_null() && answer.to_string().len() < 1_000, "{answer}");
        }
        let feed = server.http(Method::GET, "/changes.jsonl?first=100").send().await.unwrap();
        assert_ne!(feed.status(), StatusCode::OK);
        assert!(feed.text().await.unwrap().len() < 1_000);
        server.stop().await;
    })
    .await;
}
