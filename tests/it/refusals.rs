//! Refused requests: counted by hour, holder and reason, and read by the ministry.

use std::collections::BTreeMap;
use std::sync::Arc;

use caunoi_domain::policy::Role;
use caunoi_domain::refusal::{HOUR_US, RefusalReason};
use caunoi_server::{AddressLog, Settings};
use reqwest::{Method, StatusCode};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::harness::{FixedClock, Server, connect, on_both_databases, on_both_engines, open};

const REFUSALS: &str = "query($first: Int, $after: String, $reason: RefusalReason, $since: DateTime) {
    refusals(first: $first, after: $after, reason: $reason, since: $since) {
        nodes { hour role holder reason count lastAt } cursor hasMore
    }
}";

async fn read(server: &Server, variables: Value) -> Value {
    let answer = server.execute_as("steward", REFUSALS, variables).await;
    assert!(answer["errors"].is_null(), "{answer}");
    answer["data"]["refusals"].clone()
}

/// Returns the number of refusals by role and reason.
async fn counts(server: &Server) -> BTreeMap<(String, String), i64> {
    let page = read(server, json!({"first": 100})).await;
    let rows = page["nodes"].as_array().expect("rows");
    let text = |value: &Value| value.as_str().expect("a word").to_owned();
    let pairs = rows
        .iter()
        .map(|row| ((text(&row["role"]), text(&row["reason"])), row["count"].as_i64().expect("a number")));
    pairs.collect()
}

async fn post(server: &Server, token: Option<&str>, document: &str) -> StatusCode {
    let request = server.http(Method::POST, "/graphql").header("accept", "application/graphql-response+json");
    let request = match token {
        Some(token) => request.bearer_auth(token),
        None => request,
    };
    request.json(&json!({"query": document})).send().await.expect("a response").status()
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_requests_are_counted_by_role_and_reason() {
    on_both_databases(|mut settings| async move {
        settings.execution_limits.cost.public = 50;
        let server = Server::start(settings).await;
        for _ in 0..3 {
            assert_eq!(post(&server, Some("forged.token.secret"), "{ __typename }").await, 401);
        }
        let aliases: Vec<_> = (0..60).map(|number| format!("a{number}: __typename")).collect();
        for (document, status) in [
            ("{ agreements(first: 100) { nodes { id } } }".to_owned(), 422),
            (format!("{{ {} }}", aliases.join(" ")), 422),
            ("{ agreements(first: 1, after: \"forged\") { nodes { id } } }".to_owned(), 200),
            ("mutation { confirmPeriod(input: {}) { errors { code } } }".to_owned(), 422),
            ("{ __typename }".to_owned(), 200),
        ] {
            let found = post(&server, None, &document).await;
            assert!(found.as_u16() == status || [294, 422].contains(&found.as_u16()), "{document}: {found}");
        }
        let large = server.http(Method::POST, "/graphql").header("content-type", "application/json");
        let large = large.body("x".repeat(300_000)).send().await.expect("a response");
        assert_eq!(large.status(), StatusCode::PAYLOAD_TOO_LARGE);
        let clerk = server.token("clerk", Some("DONG_NAI"));
        let forbidden = server.execute_with_token(Some(&clerk), REFUSALS, json!({})).await;
        assert_eq!(forbidden["errors"][0]["extensions"]["code"], "FORBIDDEN", "{forbidden}");

        let counts = counts(&server).await;
        let expected = [
            (("CLERK", "FORBIDDEN"), 1),
            (("PUBLIC", "COST_EXCEEDED"), 1),
            (("PUBLIC", "DOCUMENT_LIMIT"), 1),
            (("PUBLIC", "INVALID_CURSOR"), 1),
            (("PUBLIC", "INVALID_TOKEN"), 3),
            (("PUBLIC", "TOO_LARGE"), 1),
        ];
        let expected = expected.map(|((role, reason), count)| ((role.to_owned(), reason.to_owned()), count));
        assert_eq!(counts, BTreeMap::from(expected));
        server.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn holder_is_the_caller_or_a_code_of_the_network() {
    on_both_engines(|server| async move {
        let clerk = server.token("clerk", Some("DONG_NAI"));
        let _ = server.execute_with_token(Some(&clerk), REFUSALS, json!({})).await;
        assert_eq!(post(&server, Some("forged.token.secret"), "{ __typename }").await, 401);
        let page = read(&server, json!({})).await;
        let holder = |role: &str| {
            let mut rows = page["nodes"].as_array().expect("rows").iter();
            rows.find(|row| row["role"] == role).expect("a row")["holder"].as_str().expect("text").to_owned()
        };
        assert!(!holder("CLERK").is_empty() && !holder("CLERK").starts_with("net:"), "{page}");
        assert!(holder("PUBLIC").starts_with("net:"), "{page}");
        let text = page.to_string();
        assert!(!text.contains("127.0.0.1") && !text.contains("secret"), "{text}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn network_is_kept_in_full_by_setting() {
    on_both_databases(|mut settings| async move {
        settings.address_log = AddressLog::Full;
        let server = Server::start(settings).await;
        assert_eq!(post(&server, Some("forged"), "{ __typename }").await, 401);
        assert_eq!(read(&server, json!({})).await["nodes"][0]["holder"], "127.0.0.1");
        server.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_ministry_reads_refusals() {
    on_both_engines(|server| async move {
        let analyst = server.execute_as("analyst", REFUSALS, json!({})).await;
        assert!(analyst["errors"].is_null(), "{analyst}");
        for caller in ["partner", "clerk:DONG_NAI", "publisher:DONG_NAI"] {
            let refused = server.execute_as(caller, REFUSALS, json!({})).await;
            assert_eq!(refused["errors"][0]["extensions"]["code"], "FORBIDDEN", "{caller}: {refused}");
        }
        let public = server.execute(REFUSALS, json!({})).await;
        assert_eq!(public["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{public}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_refusals_join_to_the_whole_list() {
    on_both_engines(|server| async move {
        for reason in [RefusalReason::Blocked, RefusalReason::Forbidden, RefusalReason::RateLimited] {
            for holder in ["an", "bình", "Zoë"] {
                server.register().count_refusal(Role::Clerk, holder, reason);
            }
        }
        let whole = read(&server, json!({"first": 100})).await["nodes"].clone();
        assert_eq!(whole.as_array().expect("rows").len(), 9);
        let (mut joined, mut after) = (Vec::new(), Value::Null);
        loop {
            let page = read(&server, json!({"first": 2, "after": after})).await;
            joined.extend(page["nodes"].as_array().expect("rows").clone());
            after = page["cursor"].clone();
            if page["hasMore"] == false {
                break;
            }
        }
        assert_eq!(Value::from(joined), whole);
        let blocked = read(&server, json!({"reason": "BLOCKED"})).await;
        assert_eq!(blocked["nodes"].as_array().expect("rows").len(), 3);
        let foreign = json!({"reason": "BLOCKED", "after": after});
        let refused = server.execute_as("steward", REFUSALS, foreign).await;
        assert_eq!(refused["errors"][0]["extensions"]["code"], "BAD_INPUT", "{refused}");
        let later = read(&server, json!({"since": "2999-01-01T00:00:00+07:00"})).await;
        assert_eq!(later["nodes"], json!([]));
        let refused = server.execute_as("steward", REFUSALS, json!({"since": "yesterday"})).await;
        assert_eq!(refused["errors"][0]["extensions"]["path"], json!(["since"]), "{refused}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn blocked_client_gets_403_before_its_body_is_read() {
    on_both_databases(|mut settings| async move {
        settings.trusted_proxies.networks = vec!["127.0.0.0/8".parse().expect("a network")];
        settings.blocked_networks = vec!["198.51.100.0/24".parse().expect("a network")];
        let server = Server::start(settings).await;
        let address = server.url("").trim_start_matches("http://").to_owned();
        let mut stream = TcpStream::connect(&address).await.expect("a connection");
        let head = format!(
            "POST /graphql HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\nx-forwarded-for: 198.51.100.7\r\n\
             accept-language: en\r\ncontent-type: application/json\r\ncontent-length: 200000\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.expect("the head is sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("a response");
        assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
        assert!(answer.contains("Requests from this network are not accepted."), "{answer}");
        assert!(answer.contains("\"FORBIDDEN\""), "{answer}");
        let other = server.http(Method::GET, "/livez").header("x-forwarded-for", "198.51.101.7").send().await;
        assert_eq!(other.expect("a response").status(), StatusCode::OK);
        assert_eq!(counts(&server).await, BTreeMap::from([(("PUBLIC".to_owned(), "BLOCKED".to_owned()), 1)]));
        server.stop().await;
    })
    .await;
}

/// Returns the sum of all stored counts.
async fn stored(settings: &Settings) -> i64 {
    let database = connect(settings).await;
    let statement = sea_orm::Statement::from_string(
        database.get_database_backend(),
        "SELECT CAST(coalesce(sum(count), 0) AS BIGINT) FROM refusal",
    );
    let row = database.query_one_raw(statement).await.expect("the table can be read").expect("a row");
    row.try_get_by_index(0).expect("a number")
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_of_nodes_add_up_and_old_ones_are_removed() {
    on_both_databases(|mut settings| async move {
        let began_us = 500_000 * HOUR_US;
        settings.clock = Arc::new(FixedClock(began_us + 1));
        let nodes = [open(&settings).await, open(&settings).await];
        for node in &nodes {
            for _ in 0..5 {
                node.count_refusal(Role::Public, "net:00", RefusalReason::InvalidToken);
            }
            node.flush_refusals().await.expect("the database responds");
        }
        assert_eq!(stored(&settings).await, 10);
        nodes[0].remove_old_refusals(0).await.expect("the database responds");
        assert_eq!(stored(&settings).await, 10, "the hour has not ended");
        settings.clock = Arc::new(FixedClock(began_us + 3 * HOUR_US));
        let later = open(&settings).await;
        later.remove_old_refusals(3 * HOUR_US).await.expect("the database responds");
        assert_eq!(stored(&settings).await, 10);
        later.remove_old_refusals(2 * HOUR_US).await.expect("the database responds");
        assert_eq!(stored(&settings).await, 0);
        for node in nodes.into_iter().chain([later]) {
            node.close().await;
        }
    })
    .await;
}
