//! Rate limits by cost: who pays, what is charged, how it is reported, and how nodes share it.

use std::net::IpAddr;
use std::sync::Arc;

use caunoi_server::Settings;
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};

use crate::harness::{ACCEPT, FixedClock, Server, on_both_databases, on_postgres, on_sqlite};
use crate::socket::{Socket, open, receive_message, send_message};

/// 2026-12-01; nothing is refilled while the clock stands still.
const NOW_US: i64 = 1_796_083_200_000_000;
const PROVINCES: &str = "{ provinces { name } }";

fn standing_still(settings: Settings) -> Settings {
    Settings { clock: Arc::new(FixedClock(NOW_US)), ..settings }
}

/// Sends a document from an address of this machine; `extra` headers are names and values.
async fn send_from(server: &Server, from: &str, document: &str, extra: &[(&str, &str)]) -> Response {
    let from: IpAddr = from.parse().expect("an address");
    let client = Client::builder().no_proxy().local_address(from).build().expect("a client");
    let request = client.post(server.url("/graphql")).header("accept", ACCEPT);
    let request = extra.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    request.json(&json!({ "query": document })).send().await.expect("a response")
}

async fn send(server: &Server, document: &str, extra: &[(&str, &str)]) -> Response {
    send_from(server, "127.0.0.1", document, extra).await
}

fn header(response: &Response, name: &str) -> String {
    response.headers()[name].to_str().expect("text").to_owned()
}

/// Returns the parameter `r` of the header `RateLimit`.
fn remaining(response: &Response) -> u64 {
    let level = header(response, "ratelimit");
    let value = level.split(';').find_map(|part| part.strip_prefix("r="));
    value.and_then(|value| value.parse().ok()).unwrap_or_else(|| panic!("{level}"))
}

async fn json_of(response: Response) -> Value {
    response.json().await.expect("JSON")
}

#[tokio::test]
async fn flood_of_a_stranger_is_refused_and_others_are_served() {
    on_both_databases(|settings| async move {
        let mut settings = standing_still(settings);
        settings.execution_limits.rates.public = 40;
        let server = Server::start(settings).await;
        let estimate = send_from(&server, "127.0.8.8", PROVINCES, &[("graphql-cost", "validate")]).await;
        let estimate = json_of(estimate).await["extensions"]["cost"]["estimated"].as_u64().expect("a cost");
        let answer = send(&server, PROVINCES, &[]).await;
        assert_eq!(answer.status(), StatusCode::OK);
        // The names come from memory and are short: half of the estimate is charged.
        let left = remaining(&answer);
        assert_eq!(left, 40 - estimate.div_ceil(2));
        let other = "{ provinces { name slug } }";
        let refused = send(&server, other, &[]).await;
        assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
        // The request itself has been charged one.
        let (more, left) = (estimate - 1, left - 1);
        assert_eq!(remaining(&refused), left);
        let retry_after = ((more - left) * 60).div_ceil(40);
        assert_eq!(header(&refused, "retry-after"), retry_after.to_string());
        let body = json_of(refused).await;
        let error = &body["errors"][0];
        assert!(body.get("data").is_none(), "{body}");
        let expected = json!({
            "code": "RATE_LIMITED", "retryable": true, "requestId": error["extensions"]["requestId"],
            "cost": more, "limit": 40, "remaining": left, "retryAfterSeconds": retry_after,
        });
        assert_eq!(error["extensions"], expected);
        assert!(error["message"].as_str().expect("text").contains("giây"), "{body}");
        assert_eq!(send_from(&server, "127.0.9.9", other, &[]).await.status(), StatusCode::OK);
        let answer =
            server.execute_as("clerk:DONG_NAI", "{ provinces { name code: slug } }", Value::Null).await;
        assert!(answer["errors"].is_null(), "{answer}");
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn cached_responses_cost_one_unit_until_none_is_left() {
    on_both_databases(|settings| async move {
        let mut settings = standing_still(settings);
        settings.execution_limits.rates.public = 60;
        let server = Server::start(settings).await;
        let mut left = remaining(&send(&server, PROVINCES, &[]).await);
        while left > 0 {
            let again = send(&server, PROVINCES, &[]).await;
            assert_eq!((again.status(), remaining(&again)), (StatusCode::OK, left - 1));
            left -= 1;
        }
        let refused = send(&server, PROVINCES, &[]).await;
        assert_eq!(
            (refused.status(), header(&refused, "retry-after")),
            (StatusCode::TOO_MANY_REQUESTS, "1".into())
        );
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn person_has_one_bucket_from_all_addresses() {
    on_both_databases(|settings| async move {
        let mut settings = standing_still(settings);
        settings.execution_limits.rates.partner = 40;
        let server = Server::start(settings).await;
        let bearer = format!("Bearer {}", server.token("partner", None));
        let token = ("authorization", bearer.as_str());
        let first = send_from(&server, "127.0.0.1", PROVINCES, &[token]).await;
        assert_eq!(first.status(), StatusCode::OK);
        assert_eq!(header(&first, "ratelimit-policy"), "\"partner\";q=40;qu=\"cost\";w=60");
        let second = send_from(&server, "127.0.9.9", "{ provinces { slug } }", &[token]).await;
        assert_eq!(second.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(send(&server, "{ provinces { slug } }", &[]).await.status(), StatusCode::OK);
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn nodes_share_a_bucket_through_redis() {
    on_postgres(|settings| async move {
        let mut settings = standing_still(settings);
        // So small that Redis, whose clock runs, refills little of the debt of one request.
        settings.execution_limits.rates.partner = 4;
        let (one, other) = (Server::start(settings.clone()).await, Server::start(settings).await);
        let bearer = format!("Bearer {}", one.token("partner", None));
        let token = ("authorization", bearer.as_str());
        let invalid = format!("{{ nothing # {}\n }}", "x".repeat(800));
        let refused = send(&one, &invalid, &[token]).await;
        assert_eq!((refused.status(), remaining(&refused)), (StatusCode::UNPROCESSABLE_ENTITY, 0));
        one.exchange_rates().await;
        // The other node does not know of it yet.
        let first = send(&other, "{ __typename }", &[token]).await;
        assert_eq!((first.status(), remaining(&first)), (StatusCode::OK, 3));
        other.exchange_rates().await;
        let second = send(&other, "{ __typename }", &[token]).await;
        assert_eq!((second.status(), remaining(&second)), (StatusCode::TOO_MANY_REQUESTS, 0));
        one.stop().await;
        other.stop().await;
    })
    .await;
}

#[tokio::test]
async fn limit_holds_without_redis() {
    on_sqlite(|settings| async move {
        let mut settings = standing_still(settings);
        settings.execution_limits.rates.public = 40;
        settings.redis_url = Some("redis://127.0.0.1:1".to_owned());
        let server = Server::start(settings).await;
        assert_eq!(send(&server, PROVINCES, &[]).await.status(), StatusCode::OK);
        server.exchange_rates().await;
        let refused = send(&server, "{ provinces { slug } }", &[]).await;
        assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn every_charged_response_states_the_limit() {
    on_both_databases(|settings| async move {
        let server = Server::start(standing_still(settings)).await;
        for path in ["/graphql?query=%7B__typename%7D", "/changes.jsonl?first=1", "/changes.atom?first=1"] {
            let response = server.http(Method::GET, path).send().await.expect("a response");
            assert_eq!(response.status(), StatusCode::OK, "{path}");
            assert_eq!(
                header(&response, "ratelimit-policy"),
                "\"public\";q=120000;qu=\"cost\";w=60",
                "{path}"
            );
            let level = header(&response, "ratelimit");
            let left = remaining(&response);
            assert!(left < 120_000 && level == format!("\"public\";r={left};t=1"), "{path}: {level}");
            assert!(
                header(&response, "access-control-expose-headers").contains("RateLimit, RateLimit-Policy")
            );
        }
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn without_a_limit_nothing_is_charged() {
    on_sqlite(|settings| async move {
        let mut settings = standing_still(settings);
        settings.execution_limits.rates.public = 0;
        let server = Server::start(settings).await;
        let response =
            send(&server, "{ rateLimit { cost limit remaining policy windowSeconds } }", &[]).await;
        assert!(!response.headers().contains_key("ratelimit"));
        let expected =
            json!({ "cost": 1, "limit": null, "remaining": null, "policy": null, "windowSeconds": 60 });
        assert_eq!(json_of(response).await["data"]["rateLimit"], expected);
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn dry_run_executes_no_sql_and_states_the_cost() {
    on_both_databases(|settings| async move {
        let server = Server::start(standing_still(settings)).await;
        let document = |dry_run: bool| {
            format!(
                "{{ relations(first: 50) {{ nodes {{ code }} }} rateLimit(dryRun: {dry_run}) {{ cost limit remaining used resetSeconds policy }} }}"
            )
        };
        let before = server.statements();
        let answer = server.execute(&document(true), Value::Null).await;
        assert_eq!(server.statements(), before);
        assert!(answer["data"].get("relations").is_none(), "{answer}");
        let dry = &answer["data"]["rateLimit"];
        assert_eq!((&dry["limit"], &dry["policy"]), (&json!(120_000), &json!("public")));
        assert_eq!((&dry["used"], &dry["resetSeconds"]), (&json!(1), &json!(1)));
        assert!(dry["cost"].as_u64().expect("a cost") > 50, "{answer}");
        for _ in 0..2 {
            let before = server.statements();
            let answer = server.execute(&document(false), Value::Null).await;
            assert_eq!(answer["data"]["rateLimit"]["cost"], dry["cost"], "{answer}");
            assert_eq!(answer["data"]["relations"]["nodes"].as_array().map(Vec::len), Some(50));
            assert!(server.statements() > before, "it is never cached");
        }
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn cost_is_reported_on_request_only() {
    on_both_databases(|settings| async move {
        let server = Server::start(standing_still(settings)).await;
        let document = "{ relations(first: 7) { nodes { code } } }";
        let before = server.statements();
        let estimate = json_of(send(&server, document, &[("graphql-cost", "validate")]).await).await;
        assert_eq!(server.statements(), before);
        assert_eq!(estimate.as_object().expect("an object").keys().collect::<Vec<_>>(), ["extensions"]);
        let estimated = &estimate["extensions"]["cost"]["estimated"];
        assert_eq!(estimate["extensions"]["cost"]["limit"], 2_000);
        let mut reports = Vec::new();
        for _ in 0..2 {
            let response = send(&server, document, &[("graphql-cost", "report")]).await;
            assert_eq!(response.status(), StatusCode::OK);
            let left = remaining(&response);
            let mut body = json_of(response).await;
            let cost = body["extensions"]["cost"].take();
            assert_eq!((&cost["estimated"], &cost["remaining"]), (estimated, &json!(left)), "{cost}");
            assert_eq!(body["data"]["relations"]["nodes"].as_array().map(Vec::len), Some(7));
            reports.push(cost);
        }
        let plain = send(&server, document, &[]).await.text().await.expect("text");
        assert!(plain.starts_with("{\"data\":") && !plain.contains("extensions"), "{plain}");
        let measured = |report: &Value, name: &str| report["measured"][name].as_u64().expect("a number");
        let bytes = u64::try_from(plain.len()).expect("a length");
        for report in &reports {
            assert_eq!(measured(report, "bytes"), bytes, "{report}");
        }
        assert_eq!(
            (measured(&reports[0], "rows"), measured(&reports[0], "statements")),
            (7, 1),
            "{reports:?}"
        );
        assert!(reports[0]["charged"].as_u64() > Some(1));
        // The second one comes from the cache.
        assert_eq!((measured(&reports[1], "rows"), &reports[1]["charged"]), (0, &json!(1)), "{reports:?}");
        let request = json!({ "query": document, "extensions": { "cost": "report" } });
        for _ in 0..2 {
            let response =
                server.http(Method::POST, "/graphql").header("accept", ACCEPT).json(&request).send().await;
            let body = json_of(response.expect("a response")).await;
            assert_eq!(&body["extensions"]["cost"]["estimated"], estimated, "{body}");
        }
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn refused_documents_and_invalid_tokens_pay() {
    on_both_databases(|settings| async move {
        let mut settings = standing_still(settings);
        settings.execution_limits.rates.public = 60;
        let server = Server::start(settings).await;
        let long = format!("{{ nothing # {} \n }}", "x".repeat(12_800));
        let invalid = send(&server, &long, &[]).await;
        assert_eq!((invalid.status(), remaining(&invalid)), (StatusCode::UNPROCESSABLE_ENTITY, 0));
        assert_eq!(send(&server, &long, &[]).await.status(), StatusCode::TOO_MANY_REQUESTS);
        let forged = [("authorization", "Bearer eyJhbGciOiJFZERTQSJ9.e30.AA")];
        for left in [50, 40, 30, 20, 10, 0] {
            let refused = send_from(&server, "127.0.9.9", PROVINCES, &forged).await;
            assert_eq!((refused.status(), remaining(&refused)), (StatusCode::UNAUTHORIZED, left));
        }
        let refused = send_from(&server, "127.0.9.9", PROVINCES, &forged).await;
        assert_eq!(
            (refused.status(), header(&refused, "retry-after")),
            (StatusCode::TOO_MANY_REQUESTS, "10".into())
        );
        // Nobody else pays for them.
        let answer = server.execute_as("clerk:DONG_NAI", PROVINCES, Value::Null).await;
        assert!(answer["errors"].is_null(), "{answer}");
        server.stop().await;
    })
    .await;
}

async fn greeted(server: &Server) -> Socket {
    let address = server.url("").trim_start_matches("http://").parse().expect("an address");
    let mut socket = open(address).await.expect("a socket");
    send_message(&mut socket, &json!({"type": "connection_init"})).await;
    assert_eq!(receive_message(&mut socket).await["type"], "connection_ack");
    socket
}

#[tokio::test]
async fn subscription_pays_for_each_event_and_resumes_after_the_last() {
    on_both_databases(|settings| async move {
        let mut settings = standing_still(settings);
        settings.execution_limits.rates.public = 400;
        let server = Server::start(settings).await;
        let first = server.execute("{ changes(first: 1) { cursor } }", Value::Null).await;
        let mut at = first["data"]["changes"]["cursor"].clone();
        let document = "subscription($after: Cursor) { changes(after: $after) {
            __typename ... on Change { cursor } ... on ChangeHeartbeat { cursor } ... on ChangeGap { cursor } } }";
        let mut seen = 0;
        let mut ends = 0;
        while ends < 2 {
            let mut socket = greeted(&server).await;
            let payload = json!({ "query": document, "variables": { "after": at } });
            send_message(&mut socket, &json!({"id": "1", "type": "subscribe", "payload": payload})).await;
            loop {
                let message = receive_message(&mut socket).await;
                if message["type"] == "next" {
                    at = message["payload"]["data"]["changes"]["cursor"].clone();
                    assert!(at.is_string(), "{message}");
                    seen += 1;
                } else {
                    let error = &message["payload"][0]["extensions"];
                    assert_eq!((&error["code"], &error["retryable"]), (&json!("RATE_LIMITED"), &json!(true)));
                    break;
                }
            }
            ends += 1;
        }
        assert!(seen > 0 && seen < 400, "{seen}");
        // From its last cursor a caller with a quota of its own receives the change that was not
        // delivered.
        let next = "query($after: Cursor) { changes(after: $after, first: 1) { messages { ... on Change { cursor } } } }";
        let answer = server.execute_as("partner", next, json!({ "after": at })).await;
        assert!(answer["data"]["changes"]["messages"][0]["cursor"].is_string(), "{answer}");
        server.stop().await;
    })
    .await;
}
