//! API keys of partners and machines: what they permit, and their end.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use caunoi_domain::access::api_key::ApiKeySecret;
use caunoi_domain::clock::Clock;
use caunoi_server::Settings;
use reqwest::{Client, Method, StatusCode};
use sea_orm::prelude::ChronoDateTimeUtc;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};

use crate::events::EventStream;
use crate::harness::{Server, connect, on_both_databases, on_both_engines, on_postgres};
use crate::socket::{self, receive_message, send_message};

const VIEWER: &str = "{ viewer { id role province { slug } scopes } }";
const CREATE: &str = "mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) {
    key cursor errors { code path message }
    apiKey { name role province { slug } scopes networks expiresAt lastUsedAt createdBy createdAt revokedAt }
} }";
const REVOKE: &str = "mutation($name: String!) { revokeApiKey(input: { name: $name, reason: \"lost\" }) {
    apiKey { name revokedAt revokedBy } errors { code path message }
} }";
const KEYS: &str = "query($isRevoked: Boolean! = false) { apiKeys(isRevoked: $isRevoked) {
    nodes { name role scopes networks expiresAt lastUsedAt createdBy revokedAt } cursor hasMore
} }";
const HEARTBEAT: &str = "subscription { changes { __typename } }";

/// A clock that a test advances beyond the real one.
pub(crate) struct AheadClock {
    real: Arc<dyn Clock>,
    ahead_us: AtomicI64,
}

impl AheadClock {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self { real: Settings::default().clock, ahead_us: AtomicI64::new(0) })
    }

    pub(crate) fn advance_seconds(&self, seconds: i64) {
        self.ahead_us.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

impl Clock for AheadClock {
    fn now_us(&self) -> i64 {
        self.real.now_us() + self.ahead_us.load(Ordering::SeqCst)
    }
}

/// Returns the instant that many seconds from now.
pub(crate) fn instant_in(server: &Server, seconds: i64) -> String {
    let at_us = server.settings().clock.now_us() + seconds * 1_000_000;
    ChronoDateTimeUtc::from_timestamp_micros(at_us).expect("an instant").to_rfc3339()
}

/// The input of a key of a partner for a day, with some fields replaced.
fn input(server: &Server, name: &str, others: &Value) -> Value {
    let mut input = json!({
        "name": name, "role": "PARTNER", "scopes": ["READ"], "expiresAt": instant_in(server, 86_400)
    });
    for (field, value) in others.as_object().expect("an object") {
        input[field] = value.clone();
    }
    input
}

/// Creates a key as the steward and returns its text.
pub(crate) async fn create_key(server: &Server, name: &str, others: &Value) -> String {
    let variables = json!({"input": input(server, name, others)});
    let answer = server.execute_as("steward", CREATE, variables).await;
    let payload = &answer["data"]["createApiKey"];
    assert_eq!(payload["errors"], json!([]), "{answer}");
    assert_eq!(payload["apiKey"]["name"], name);
    payload["key"].as_str().expect("a key").to_owned()
}

pub(crate) async fn revoke_key(server: &Server, name: &str) {
    let answer = server.execute_as("steward", REVOKE, json!({"name": name})).await;
    assert_eq!(answer["data"]["revokeApiKey"]["errors"], json!([]), "{answer}");
    assert_ne!(answer["data"]["revokeApiKey"]["apiKey"]["revokedAt"], Value::Null, "{answer}");
}

/// Returns status and code of the first error of a request with a token or key.
pub(crate) async fn refusal(server: &Server, token: &str) -> (StatusCode, Option<String>) {
    let request = server.http(Method::POST, "/graphql").bearer_auth(token).json(&json!({"query": VIEWER}));
    let response = request.send().await.expect("an answer");
    let status = response.status();
    let answer: Value = response.json().await.expect("JSON");
    (status, answer["errors"][0]["extensions"]["code"].as_str().map(str::to_owned))
}

pub(crate) async fn assert_unauthenticated(server: &Server, token: &str) {
    let refused = refusal(server, token).await;
    assert_eq!(refused, (StatusCode::UNAUTHORIZED, Some("UNAUTHENTICATED".to_owned())));
}

fn paths(payload: &Value) -> Vec<String> {
    let errors = payload["errors"].as_array().expect("errors");
    let path = |error: &Value| {
        let parts = error["path"].as_array().expect("a path").iter();
        let path: Vec<&str> = parts.map(|part| part.as_str().expect("a name")).collect();
        format!("{} {}", error["code"].as_str().expect("a code"), path.join("."))
    };
    errors.iter().map(path).collect()
}

#[tokio::test]
async fn key_acts_for_its_province_within_its_role_and_scopes() {
    on_both_engines(|server| async move {
        let clerk = json!({"role": "CLERK", "province": "NGHE_AN", "scopes": ["READ", "WRITE"]});
        let writing = create_key(&server, "nghe-an-portal", &clerk).await;
        let reading = json!({"role": "CLERK", "province": "Nghệ An"});
        let reading = create_key(&server, "nghe-an-mirror", &reading).await;
        let seen = server.execute_with_token(Some(&writing), VIEWER, Value::Null).await;
        let viewer = &seen["data"]["viewer"];
        assert_eq!(
            (&viewer["role"], &viewer["province"]["slug"], &viewer["scopes"]),
            (&json!("CLERK"), &json!("NGHE_AN"), &json!(["read", "write"])),
            "{seen}"
        );
        let draft = "mutation { createEvent(input: {
            sources: [\"seed-000\"], province: \"NGHE_AN\", title: { vi: \"Tiếp đoàn\" }, kind: \"CONFERENCE\",
            pillar: STATE, heldOn: \"2026-12\", place: \"Vinh\"
        }) { event { code history(first: 5) { nodes { author } } } errors { code path message } } }";
        let answer = server.execute_with_token(Some(&writing), draft, Value::Null).await;
        assert!(answer.to_string().contains("CLERK:key:nghe-an-portal"), "{answer}");
        let answer = server.execute_with_token(Some(&reading), draft, Value::Null).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{answer}");
        let elsewhere = draft.replace("NGHE_AN", "HUE");
        let answer = server.execute_with_token(Some(&writing), &elsewhere, Value::Null).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{answer}");
        // A key administers nothing.
        let answer = server.execute_with_token(Some(&writing), KEYS, Value::Null).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{answer}");
    })
    .await;
}

#[tokio::test]
async fn key_ends_at_its_expiry_and_works_in_its_networks_only() {
    on_both_databases(|settings| async move {
        let clock = AheadClock::new();
        let server =
            Server::start(Settings { clock: Arc::clone(&clock) as Arc<dyn Clock>, ..settings }).await;
        let here = create_key(&server, "here", &json!({"networks": ["127.0.0.0/8", "::1"]})).await;
        let elsewhere = create_key(&server, "elsewhere", &json!({"networks": ["203.0.113.0/24"]})).await;
        assert_eq!(refusal(&server, &here).await, (StatusCode::OK, None));
        assert_unauthenticated(&server, &elsewhere).await;
        clock.advance_seconds(86_399);
        assert_eq!(refusal(&server, &here).await, (StatusCode::OK, None));
        clock.advance_seconds(2);
        assert_unauthenticated(&server, &here).await;
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn invalid_key_is_refused_with_all_its_errors() {
    on_both_engines(|server| async move {
        create_key(&server, "portal", &json!({})).await;
        let wrong = json!({
            "name": "Cổng", "role": "CLERK", "province": "NOWHERE", "scopes": [],
            "networks": ["203.0.113.7/24"], "expiresAt": "2020-01-01T00:00:00Z"
        });
        let answer = server.execute_as("steward", CREATE, json!({"input": wrong})).await;
        let expected = [
            "INVALID name",
            "NOT_FOUND province",
            "REQUIRED scopes",
            "INVALID networks.0",
            "INVALID expiresAt",
        ];
        assert_eq!(paths(&answer["data"]["createApiKey"]), expected, "{answer}");
        assert_eq!(answer["data"]["createApiKey"]["key"], Value::Null);
        for (others, expected) in [
            (json!({}), "TAKEN name"),
            (json!({"province": "NGHE_AN"}), "INVALID province"),
            (json!({"role": "PUBLISHER"}), "INVALID province"),
            (json!({"expiresAt": instant_in(&server, 367 * 86_400)}), "INVALID expiresAt"),
        ] {
            let variables = json!({"input": input(&server, "portal", &others)});
            let answer = server.execute_as("steward", CREATE, variables).await;
            assert_eq!(paths(&answer["data"]["createApiKey"]), [expected], "{answer}");
        }
        revoke_key(&server, "portal").await;
        for (name, expected) in [("portal", "INVALID name"), ("none", "NOT_FOUND name")] {
            let answer = server.execute_as("steward", REVOKE, json!({"name": name})).await;
            assert_eq!(paths(&answer["data"]["revokeApiKey"]), [expected], "{answer}");
        }
        // The name of a revoked key stays its own: the log knows a machine by it.
        let again = json!({"input": input(&server, "portal", &json!({}))});
        let answer = server.execute_as("steward", CREATE, again).await;
        assert_eq!(paths(&answer["data"]["createApiKey"]), ["TAKEN name"], "{answer}");
    })
    .await;
}

#[tokio::test]
async fn key_is_shown_once_and_stored_nowhere() {
    on_both_databases(|settings| async move {
        let server = Server::start(settings).await;
        let variables = json!({"input": input(&server, "portal", &json!({}))});
        let idempotent = CREATE.replace("(input: $input) {", "(input: $input) @idempotent(key: \"k\") {");
        let answer = server.execute_as("steward", &idempotent, variables).await;
        assert_eq!(paths(&answer["data"]["createApiKey"]), ["INVALID key"], "{answer}");
        let key = create_key(&server, "portal", &json!({})).await;
        let hash = serde_json::to_value(ApiKeySecret::parse(&key).expect("a key").hash()).expect("a hash");
        let hash = hash.as_str().expect("digits");
        let acts = "{ administrativeActs { nodes { kind subject before after } } }";
        for document in [KEYS, acts] {
            let answer = server.execute_as("steward", document, Value::Null).await;
            assert!(answer.to_string().contains("portal"), "{answer}");
            assert!(!answer.to_string().contains(&key) && !answer.to_string().contains(hash), "{answer}");
        }
        let database = connect(server.settings()).await;
        for (table, columns) in [
            ("access_rule", "kind || name || content"),
            (
                "change",
                "code || coalesce(reason, '') || coalesce(before_text, '') || coalesce(after_text, '')",
            ),
            ("idempotency", "operation || answer"),
            ("api_key_use", "name"),
        ] {
            let query = Statement::from_string(
                database.get_database_backend(),
                format!("SELECT {columns} FROM {table}"),
            );
            for row in database.query_all_raw(query).await.expect("a table") {
                let text: String = row.try_get_by_index(0).expect("a text");
                assert!(!text.contains(&key) && !text.contains(&key["caunoi_".len()..]), "{table}: {text}");
            }
        }
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn false_keys_are_refused_without_sql() {
    on_both_engines(|server| async move {
        let key = create_key(&server, "portal", &json!({})).await;
        let before = server.statements();
        for number in 0_u8..100 {
            // Half of them have a valid checksum.
            let invented = ApiKeySecret::new([number; 32]).reveal();
            let mistyped = format!("{}{}", &invented[..invented.len() - 2], "22");
            assert_unauthenticated(&server, &invented).await;
            assert_unauthenticated(&server, &mistyped).await;
        }
        assert_eq!(refusal(&server, &key).await, (StatusCode::OK, None));
        assert_eq!(server.statements(), before);
    })
    .await;
}

#[tokio::test]
async fn revoked_key_ends_its_sockets_and_streams_and_no_others() {
    on_both_engines(|server| async move {
        let (lost, kept) =
            (create_key(&server, "lost", &json!({})).await, create_key(&server, "kept", &json!({})).await);
        let mut sockets = Vec::new();
        for key in [&lost, &kept] {
            let address = server.url("").trim_start_matches("http://").parse().expect("an address");
            let mut socket = socket::open(address).await.expect("a socket");
            let payload = json!({"authorization": format!("Bearer {key}")});
            send_message(&mut socket, &json!({"type": "connection_init", "payload": payload})).await;
            assert_eq!(receive_message(&mut socket).await["type"], "connection_ack");
            let subscribe = json!({"type": "subscribe", "id": "1", "payload": {"query": HEARTBEAT}});
            send_message(&mut socket, &subscribe).await;
            sockets.push(socket);
        }
        let request = EventStream::request(&Client::new(), &server.url("/graphql"), HEARTBEAT, &Value::Null);
        let response = request.bearer_auth(&lost).send().await.expect("an answer");
        let mut events = EventStream::from_response(response);
        revoke_key(&server, "lost").await;
        // Heartbeats may precede the end.
        while events.next().await.is_some_and(|event| event.name == "next") {}
        assert_eq!(events.next().await, None);
        let mut ended = sockets.remove(0);
        let close = loop {
            let message = receive_message(&mut ended).await;
            if message["type"] != "next" {
                break message;
            }
        };
        assert_eq!(close[0], 4403, "{close}");
        assert_unauthenticated(&server, &lost).await;
        send_message(&mut sockets[0], &json!({"type": "ping"})).await;
        while receive_message(&mut sockets[0]).await["type"] != "pong" {}
        assert_eq!(refusal(&server, &kept).await, (StatusCode::OK, None));
    })
    .await;
}

#[tokio::test]
async fn last_use_is_stored_with_its_minute() {
    on_both_databases(|settings| async move {
        let server = Server::start(settings.clone()).await;
        let key = create_key(&server, "portal", &json!({})).await;
        create_key(&server, "unused", &json!({})).await;
        assert_eq!(refusal(&server, &key).await, (StatusCode::OK, None));
        // A server that stops stores what it has not stored yet.
        server.stop().await;
        let server = Server::start(settings).await;
        let answer = server.execute_as("steward", KEYS, Value::Null).await;
        let nodes = &answer["data"]["apiKeys"]["nodes"];
        assert_eq!((&nodes[0]["name"], &nodes[1]["name"]), (&json!("portal"), &json!("unused")), "{answer}");
        assert_eq!(nodes[1]["lastUsedAt"], Value::Null);
        assert!(nodes[0]["lastUsedAt"].as_str().expect("a time").ends_with(":00Z"), "{answer}");
        server.stop().await;
    })
    .await;
}

/// Creates and revokes a key at one node, and uses it at another.
async fn check_two_nodes(settings: Settings) {
    let (one, other) = (Server::start(settings.clone()).await, Server::start(settings).await);
    let mut updates = other.register().access_updates();
    let key = create_key(&one, "portal", &json!({})).await;
    updates.changed().await.expect("the register lives");
    assert_eq!(refusal(&other, &key).await, (StatusCode::OK, None));
    let address = other.url("").trim_start_matches("http://").parse().expect("an address");
    let mut socket = socket::open(address).await.expect("a socket");
    let payload = json!({"authorization": format!("Bearer {key}")});
    send_message(&mut socket, &json!({"type": "connection_init", "payload": payload})).await;
    assert_eq!(receive_message(&mut socket).await["type"], "connection_ack");
    revoke_key(&one, "portal").await;
    assert_eq!(receive_message(&mut socket).await[0], 4403);
    assert_unauthenticated(&other, &key).await;
    one.stop().await;
    other.stop().await;
}

#[tokio::test]
async fn every_node_learns_of_keys_with_redis() {
    on_postgres(check_two_nodes).await;
}

#[tokio::test]
async fn every_node_learns_of_keys_without_redis() {
    on_postgres(|settings| check_two_nodes(Settings { redis_url: None, ..settings })).await;
}
