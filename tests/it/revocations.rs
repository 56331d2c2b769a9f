//! Revocations of tokens and blocked networks, and who may write them.

use std::sync::Arc;

use caunoi_domain::clock::Clock;
use caunoi_server::Settings;
use caunoi_server::identity::Grant;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::api_keys::{AheadClock, assert_unauthenticated, instant_in, refusal};
use crate::events::EventStream;
use crate::harness::{Server, on_both_databases, on_both_engines, on_postgres};
use crate::socket::{self, receive_message, send_message};

const REVOKE: &str = "mutation($input: RevokeInput!) { revoke(input: $input) {
    revocation { revocationId subject tokenId issuedBefore issuer reason createdBy liftedAt } cursor
    errors { code path message }
} }";
const LIFT: &str = "mutation($id: String!) { liftRevocation(input: { id: $id }) {
    revocation { revocationId liftedAt liftedBy } errors { code path message }
} }";
const BLOCK: &str = "mutation($input: BlockNetworkInput!) { blockNetwork(input: $input) {
    blockedNetwork { network until reason createdBy } errors { code path message }
} }";
const UNBLOCK: &str = "mutation($network: String!) { unblockNetwork(input: { network: $network }) {
    blockedNetwork { network unblockedAt unblockedBy } errors { code path message }
} }";

fn token_named(server: &Server, role: &str, name: &str) -> String {
    let grant = Grant::new(role, None).and_then(|grant| grant.with_name(name));
    server.token_of(&grant.unwrap_or_else(|why| panic!("{why:?}")))
}

/// Revokes as the steward and returns the id of the revocation.
async fn revoke(server: &Server, input: Value) -> String {
    let answer = server.execute_as("steward", REVOKE, json!({"input": input})).await;
    assert_eq!(answer["data"]["revoke"]["errors"], json!([]), "{answer}");
    answer["data"]["revoke"]["revocation"]["revocationId"].as_str().expect("an id").to_owned()
}

fn errors(answer: &Value, mutation: &str) -> Vec<(String, String)> {
    let errors = answer["data"][mutation]["errors"].as_array().unwrap_or_else(|| panic!("{answer}"));
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    errors.iter().map(|error| (text(&error["code"]), text(&error["path"][0]))).collect()
}

#[tokio::test]
async fn revoked_person_is_refused_until_the_revocation_is_lifted() {
    on_both_engines(|server| async move {
        let (lan, minh) = (token_named(&server, "analyst", "lan"), token_named(&server, "analyst", "minh"));
        for token in [&lan, &minh] {
            // The verified token is cached now.
            assert_eq!(refusal(&server, token).await, (StatusCode::OK, None));
        }
        let id = revoke(&server, json!({"subject": "lan", "reason": "left"})).await;
        assert_unauthenticated(&server, &lan).await;
        assert_unauthenticated(&server, &token_named(&server, "partner", "lan")).await;
        assert_eq!(refusal(&server, &minh).await, (StatusCode::OK, None));
        let lifted = server.execute_as("steward", LIFT, json!({"id": id})).await;
        assert_eq!(errors(&lifted, "liftRevocation"), [], "{lifted}");
        assert_eq!(refusal(&server, &lan).await, (StatusCode::OK, None));
        let again = server.execute_as("steward", LIFT, json!({"id": id})).await;
        assert_eq!(errors(&again, "liftRevocation"), [("INVALID".to_owned(), "id".to_owned())]);
    })
    .await;
}

#[tokio::test]
async fn tokens_issued_before_a_time_are_refused_and_later_ones_are_not() {
    on_both_databases(|settings| async move {
        let clock = AheadClock::new();
        let server =
            Server::start(Settings { clock: Arc::clone(&clock) as Arc<dyn Clock>, ..settings }).await;
        let steward = server.token("steward", None);
        let (old, other) = (token_named(&server, "analyst", "lan"), token_named(&server, "analyst", "minh"));
        clock.advance_seconds(10);
        let input =
            json!({"subject": "lan", "issuedBefore": instant_in(&server, -1), "reason": "lost laptop"});
        revoke(&server, input).await;
        assert_unauthenticated(&server, &old).await;
        assert_eq!(refusal(&server, &other).await, (StatusCode::OK, None));
        assert_eq!(refusal(&server, &token_named(&server, "analyst", "lan")).await, (StatusCode::OK, None));
        // Of everyone: also the steward needs a new token.
        let input = json!({"issuedBefore": instant_in(&server, -1), "reason": "stolen key of the issuer"});
        let answer = server.execute_with_token(Some(&steward), REVOKE, json!({"input": input})).await;
        assert_eq!(errors(&answer, "revoke"), [], "{answer}");
        assert_unauthenticated(&server, &steward).await;
        assert_unauthenticated(&server, &other).await;
        let fresh = server.token("steward", None);
        assert_eq!(refusal(&server, &fresh).await, (StatusCode::OK, None));
        // A revocation of another issuer does not cover the local one.
        let input = json!({
            "issuedBefore": instant_in(&server, -1), "issuer": "https://login.example.vn", "reason": "x"
        });
        let answer = server.execute_with_token(Some(&fresh), REVOKE, json!({"input": input})).await;
        assert_eq!(errors(&answer, "revoke"), [], "{answer}");
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn steward_cannot_lock_everyone_out_by_mistake() {
    on_both_engines(|server| async move {
        let invalid = |path: &str| vec![("INVALID".to_owned(), path.to_owned())];
        for (input, expected) in [
            (json!({"reason": "none"}), vec![("REQUIRED".to_owned(), "subject".to_owned())]),
            (json!({"subject": "steward", "reason": "me"}), invalid("subject")),
            (json!({"subject": "key:portal", "reason": "a key"}), invalid("subject")),
            (json!({"issuedBefore": instant_in(&server, 3_600), "reason": "later"}), invalid("issuedBefore")),
            (json!({"subject": "lan", "reason": " "}), vec![("REQUIRED".to_owned(), "reason".to_owned())]),
        ] {
            let answer = server.execute_as("steward", REVOKE, json!({"input": input})).await;
            assert_eq!(errors(&answer, "revoke"), expected, "{answer}");
        }
        for network in ["127.0.0.1", "0.0.0.0/0", "::/0", "203.0.113.7/24", "somewhere"] {
            let input = json!({"network": network, "reason": "flood", "force": true});
            let answer = server.execute_as("steward", BLOCK, json!({"input": input})).await;
            assert_eq!(errors(&answer, "blockNetwork"), invalid("network"), "{answer}");
        }
    })
    .await;
}

#[tokio::test]
async fn network_is_blocked_changed_and_unblocked() {
    on_both_engines(|server| async move {
        let block = |input: Value| {
            let server = Arc::clone(&server);
            async move {
                let answer = server.execute_as("steward", BLOCK, json!({"input": input})).await;
                assert_eq!(errors(&answer, "blockNetwork"), [], "{answer}");
                answer["data"]["blockNetwork"]["blockedNetwork"].clone()
            }
        };
        let blocked = |address: &str| {
            server
                .register()
                .access()
                .blocks(address.parse().expect("an address"), server.register().now_us())
        };
        let first = block(json!({"network": "203.0.113.0/24", "reason": "flood"})).await;
        assert_eq!((&first["network"], &first["until"]), (&json!("203.0.113.0/24"), &Value::Null));
        assert!(blocked("203.0.113.99") && !blocked("203.0.114.1"));
        let until = instant_in(&server, 3_600);
        block(json!({"network": "203.0.113.0/24", "until": until, "reason": "an hour"})).await;
        let list = "{ blockedNetworks { nodes { network until reason createdBy } hasMore } }";
        let answer = server.execute_as("steward", list, Value::Null).await;
        let nodes = answer["data"]["blockedNetworks"]["nodes"].as_array().expect("a list").clone();
        assert_eq!(nodes.len(), 1, "{answer}");
        assert_eq!(
            (&nodes[0]["reason"], &nodes[0]["createdBy"]),
            (&json!("an hour"), &json!("STEWARD:steward"))
        );
        let answer = server.execute_as("steward", UNBLOCK, json!({"network": "203.0.113.0/24"})).await;
        assert_eq!(errors(&answer, "unblockNetwork"), [], "{answer}");
        assert!(!blocked("203.0.113.99"));
        let again = server.execute_as("steward", UNBLOCK, json!({"network": "203.0.113.0/24"})).await;
        assert_eq!(errors(&again, "unblockNetwork"), [("INVALID".to_owned(), "network".to_owned())]);
        block(json!({"network": "203.0.113.0/24", "reason": "again"})).await;
        assert!(blocked("203.0.113.99"));
    })
    .await;
}

#[tokio::test]
async fn only_a_steward_administers_and_the_ministry_reads() {
    on_both_engines(|server| async move {
        let key = json!({
            "name": "none", "role": "STEWARD", "scopes": ["READ"], "expiresAt": instant_in(&server, 60)
        });
        let create = "mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { key } }";
        let answer = server.execute_as("steward", create, json!({"input": key})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_INPUT", "{answer}");
        let mutations = [
            (
                "mutation($at: DateTime!) { createApiKey(input: { name: \"none\", role: PARTNER, scopes: READ,
                    expiresAt: $at }) { errors { code } } }",
                json!({"at": instant_in(&server, 60)}),
            ),
            ("mutation { revokeApiKey(input: { name: \"none\" }) { errors { code } } }", Value::Null),
            ("mutation { revoke(input: { tokenId: \"x\", reason: \"x\" }) { errors { code } } }", Value::Null),
            ("mutation { liftRevocation(input: { id: \"rev_\" }) { errors { code } } }", Value::Null),
            (
                "mutation { blockNetwork(input: { network: \"203.0.113.1\", reason: \"x\" }) { errors { code } } }",
                Value::Null,
            ),
            ("mutation { unblockNetwork(input: { network: \"203.0.113.1\" }) { errors { code } } }", Value::Null),
        ];
        let queries = [
            "{ apiKeys { nodes { name } } }",
            "{ revocations { nodes { revocationId } } }",
            "{ blockedNetworks { nodes { network } } }",
            "{ administrativeActs { nodes { kind } } }",
        ];
        for (caller, writes, reads) in [
            ("public", json!("UNAUTHENTICATED"), json!("UNAUTHENTICATED")),
            ("partner", json!("FORBIDDEN"), json!("FORBIDDEN")),
            ("clerk:DONG_NAI", json!("FORBIDDEN"), json!("FORBIDDEN")),
            ("publisher:DONG_NAI", json!("FORBIDDEN"), json!("FORBIDDEN")),
            ("analyst", json!("FORBIDDEN"), Value::Null),
            ("steward", Value::Null, Value::Null),
        ] {
            let token = match caller.split_once(':') {
                _ if caller == "public" => None,
                Some((role, slug)) => Some(server.token(role, Some(slug))),
                None => Some(server.token(caller, None)),
            };
            for (document, variables) in &mutations {
                let answer = server.execute_with_token(token.as_deref(), document, variables.clone()).await;
                assert_eq!(answer["errors"][0]["extensions"]["code"], writes, "{caller} {document}: {answer}");
            }
            for document in queries {
                let answer = server.execute_with_token(token.as_deref(), document, Value::Null).await;
                assert_eq!(answer["errors"][0]["extensions"]["code"], reads, "{caller} {document}: {answer}");
            }
        }
        let grant = Grant::new("steward", None).map(Grant::read_only).expect("a grant");
        let token = server.token_of(&grant);
        let answer = server.execute_with_token(Some(&token), mutations[1].0, Value::Null).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{answer}");
    })
    .await;
}

#[tokio::test]
async fn person_named_like_a_key_is_nobody() {
    on_both_engines(|server| async move {
        for name in ["key:portal", "KEY:portal"] {
            assert_unauthenticated(&server, &token_named(&server, "partner", name)).await;
        }
    })
    .await;
}

/// Revokes a person at one node, who has a socket at another.
async fn check_two_nodes(settings: Settings) {
    let (one, other) = (Server::start(settings.clone()).await, Server::start(settings).await);
    let (lan, minh) = (token_named(&other, "analyst", "lan"), token_named(&other, "analyst", "minh"));
    let mut sockets = Vec::new();
    for token in [&lan, &minh] {
        let address = other.url("").trim_start_matches("http://").parse().expect("an address");
        let mut socket = socket::open(address).await.expect("a socket");
        let payload = json!({"authorization": format!("Bearer {token}")});
        send_message(&mut socket, &json!({"type": "connection_init", "payload": payload})).await;
        assert_eq!(receive_message(&mut socket).await["type"], "connection_ack");
        sockets.push(socket);
    }
    revoke(&one, json!({"subject": "lan", "reason": "left"})).await;
    assert_eq!(receive_message(&mut sockets[0]).await[0], 4403);
    assert_unauthenticated(&other, &lan).await;
    send_message(&mut sockets[1], &json!({"type": "ping"})).await;
    assert_eq!(receive_message(&mut sockets[1]).await["type"], "pong");
    assert_eq!(refusal(&other, &minh).await, (StatusCode::OK, None));
    one.stop().await;
    other.stop().await;
}

#[tokio::test]
async fn revocation_ends_sockets_of_every_node_with_redis() {
    on_postgres(check_two_nodes).await;
}

#[tokio::test]
async fn revocation_ends_sockets_of_every_node_without_redis() {
    on_postgres(|settings| check_two_nodes(Settings { redis_url: None, ..settings })).await;
}

#[tokio::test]
async fn blocked_network_gets_403_on_every_transport_and_others_nothing() {
    on_both_databases(|mut settings| async move {
        settings.trusted_proxies.networks = vec!["127.0.0.0/8".parse().expect("a network")];
        let server = Server::start(settings).await;
        let steward = server.token("steward", None);
        let from = |address: &'static str| {
            let request = server.http(Method::POST, "/graphql").bearer_auth(&steward);
            request.header("x-forwarded-for", address)
        };
        let stream = from("203.0.113.7").header("accept", "text/event-stream");
        let stream = stream.json(&json!({"query": "subscription { changes { __typename } }"}));
        let mut events = EventStream::from_response(stream.send().await.expect("an answer"));
        let block = |force: bool| {
            json!({"query": BLOCK, "variables": {"input": {
                "network": "203.0.113.0/24", "reason": "flood", "force": force
            }}})
        };
        // From within: the steward would be locked out.
        let own = from("203.0.113.7").json(&block(false)).send().await.expect("an answer");
        let answer: Value = own.json().await.expect("JSON");
        assert_eq!(errors(&answer, "blockNetwork"), [("INVALID".to_owned(), "network".to_owned())]);
        let blocked = from("198.51.100.1").json(&block(false)).send().await.expect("an answer");
        let answer: Value = blocked.json().await.expect("JSON");
        assert_eq!(errors(&answer, "blockNetwork"), [], "{answer}");
        while events.next().await.is_some_and(|event| event.name == "next") {}
        assert_eq!(events.next().await, None);
        for path in ["/graphql?query={__typename}", "/changes.jsonl", "/changes.atom", "/"] {
            for (address, expected) in
                [("203.0.113.200", StatusCode::FORBIDDEN), ("203.0.114.1", StatusCode::OK)]
            {
                let request = server.http(Method::GET, path).header("x-forwarded-for", address);
                let response = request.send().await.expect("an answer");
                assert_eq!(response.status(), expected, "{path} {address}");
            }
        }
        let refused = from("203.0.113.9").body("x".repeat(100_000)).send().await.expect("an answer");
        assert_eq!(refused.status(), StatusCode::FORBIDDEN);
        let answer: Value = refused.json().await.expect("JSON");
        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{answer}");
        let probe = server.http(Method::GET, "/livez").header("x-forwarded-for", "203.0.113.9");
        assert_eq!(probe.send().await.expect("an answer").status(), StatusCode::OK);
        server.stop().await;
    })
    .await;
}
