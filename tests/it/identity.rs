//! Tokens over HTTP: which are accepted, which identity they give, and which are rejected with 401
//! before execution.

mod issuers;

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use caunoi_server::Settings;
use caunoi_server::identity::{Auth, Grant, Issuer, KeyLocation, issue};
use reqwest::{Method, RequestBuilder, Response};
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use serde_json::{Value, json};

use crate::harness::{FixedClock, Server, on_both_databases, on_both_engines};

const VIEWER: &str = "{ viewer { role province { slug } scopes } relations(first: 1) { nodes { id } } }";

const HOUR_US: i64 = 3_600_000_000;

/// Asserts the response to an invalid token, for both methods and media types.
async fn assert_refused(server: &Server, authorization: &str) {
    let before = server.statements();
    for accept in ["application/json", "application/graphql-response+json"] {
        for request in [posted(server), got(server)] {
            let request = request.header("accept", accept).header("authorization", authorization);
            let response = request.send().await.expect("the server answers");
            assert_is_refusal(response, accept).await;
        }
    }
    assert_eq!(server.statements(), before, "nothing was asked of the database");
}

async fn assert_is_refusal(response: Response, accept: &str) {
    assert_eq!(response.status(), 401);
    let header = |name: &str| response.headers()[name].to_str().expect("a header in ASCII").to_owned();
    assert_eq!(header("www-authenticate"), r#"Bearer error="invalid_token""#);
    assert_eq!(header("cache-control"), "no-store");
    assert!(header("content-type").starts_with(accept));
    let body: Value = response.json().await.expect("JSON");
    assert_eq!(body["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{body}");
    assert!(body.get("data").is_none(), "{body}");
}

fn posted(server: &Server) -> RequestBuilder {
    server.http(Method::POST, "/graphql").json(&json!({ "query": VIEWER }))
}

fn got(server: &Server) -> RequestBuilder {
    server.http(Method::GET, "/graphql").query(&[("query", VIEWER)])
}

/// Returns a token of the key of the server, issued at this time.
fn issued_at(server: &Server, now_us: i64, grant: &Grant) -> String {
    let settings = Settings { clock: Arc::new(FixedClock(now_us)), ..server.settings().clone() };
    issue(&settings, grant).expect("a token")
}

fn clerk() -> Grant {
    Grant::new("clerk", Some("DONG_NAI")).expect("a grant")
}

#[tokio::test]
async fn invalid_token_is_401_and_nothing_runs() {
    on_both_engines(|server| async move {
        let now_us = server.settings().clock.now_us();
        let good = server.token("clerk", Some("DONG_NAI"));
        let elsewhere = tempfile::tempdir().expect("a temporary folder");
        let foreign = Settings { data_dir: elsewhere.path().to_owned(), ..server.settings().clone() };
        let mut other = server.settings().clone();
        other.auth.audience = "other".to_owned();
        let (_, tampered) = good.split_at(1);
        let short = clerk().with_lifetime(Duration::from_mins(1)).expect("a life");
        for token in [
            "x",
            "a.b.c",
            tampered,
            &"a".repeat(9_000),
            &format!("{good} {good}"),
            &issued_at(&server, now_us - 25 * HOUR_US, &clerk()),
            &issued_at(&server, now_us - HOUR_US, &short),
            &issued_at(&server, now_us + HOUR_US, &clerk()),
            &issue(&foreign, &clerk()).expect("a token"),
            &issue(&other, &clerk()).expect("a token"),
            &server.token("clerk", Some("NOWHERE")),
            &server.token("clerk", Some("BINH_DUONG")),
        ] {
            assert_refused(&server, &format!("Bearer {token}")).await;
        }
        for authorization in ["", "Bearer", "Basic Y2F1bm9pOmNhdW5vaQ==", &good, &format!("Token {good}")] {
            assert_refused(&server, authorization).await;
        }
    })
    .await;
}

#[tokio::test]
async fn two_tokens_or_invalid_one_is_401_before_the_body() {
    on_both_engines(|server| async move {
        let good = format!("Bearer {}", server.token("steward", None));
        let twice = posted(&server).header("authorization", &good).header("authorization", &good);
        assert_is_refusal(twice.send().await.expect("an answer"), "application/json").await;
        let request = server.http(Method::POST, "/graphql").header("authorization", "Bearer x");
        let response = request.header("content-type", "text/plain").body("no JSON").send().await;
        assert_is_refusal(response.expect("an answer"), "application/json").await;
    })
    .await;
}

#[tokio::test]
async fn valid_token_identifies_its_bearer() {
    on_both_engines(|server| async move {
        let public = server.execute(VIEWER, Value::Null).await;
        assert_eq!(public["data"]["viewer"], Value::Null, "{public}");
        for (caller, role, slug, scopes) in [
            ("clerk:DONG_NAI", "CLERK", json!({"slug": "DONG_NAI"}), json!(["read", "write"])),
            ("publisher:NGHE_AN", "PUBLISHER", json!({"slug": "NGHE_AN"}), json!(["read", "write"])),
            ("analyst", "ANALYST", Value::Null, json!(["read"])),
            ("steward", "STEWARD", Value::Null, json!(["read", "write"])),
            ("partner", "PARTNER", Value::Null, json!(["read", "write"])),
        ] {
            // Twice, because the second verification is cached.
            for _ in 0..2 {
                let answer = server.execute_as(caller, VIEWER, Value::Null).await;
                let expected = json!({"role": role, "province": slug, "scopes": scopes});
                assert_eq!(answer["data"]["viewer"], expected, "{answer}");
                assert_eq!(answer["data"]["relations"], public["data"]["relations"]);
            }
        }
        let reader = server.token_of(&clerk().with_name("Lan").expect("a name").read_only());
        let answer = server
            .execute_with_token(Some(&reader), "{ viewer { id role scopes province { name } } }", Value::Null)
            .await;
        assert_eq!(answer["data"]["viewer"]["scopes"], json!(["read"]), "{answer}");
        let response = got(&server).header("authorization", format!("bEARER {reader}")).send().await;
        let response = response.expect("an answer");
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert!(response.headers()["vary"].to_str().is_ok_and(|vary| vary.contains("authorization")));
    })
    .await;
}

/// Returns the key of an issuer, used only in these tests.
fn issuer_key() -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[9; 32]).expect("a key")
}

fn published(key: &Ed25519KeyPair) -> Value {
    json!({"kty": "OKP", "crv": "Ed25519", "kid": "one", "x": URL_SAFE_NO_PAD.encode(key.public_key())})
}

fn signed(settings: &Settings, life_s: i64) -> String {
    let now_s = settings.clock.now_us() / 1_000_000;
    let claims = json!({
        "iss": "https://login.example", "aud": ["caunoi"], "sub": "lan", "role": "publisher",
        "province": "NGHE_AN", "iat": now_s, "nbf": now_s, "exp": now_s + life_s,
    });
    let header = json!({"typ": "JWT", "alg": "EdDSA", "kid": "one"});
    let message = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string())).join(".");
    let signature = URL_SAFE_NO_PAD.encode(issuer_key().sign(message.as_bytes()));
    format!("{message}.{signature}")
}

#[tokio::test]
async fn configured_issuer_accepts_only_its_short_lived_tokens() {
    on_both_databases(|mut settings| async move {
        let keys = settings.data_dir.join("keys.json");
        let text = json!({"keys": [published(&issuer_key())]}).to_string();
        fs::write(&keys, text).expect("the folder takes a file");
        let issuer = Issuer::new("https://login.example".to_owned(), KeyLocation::File(keys));
        settings.auth = Auth { issuers: vec![issuer], ..Auth::default() };
        let server = Server::start(settings.clone()).await;
        assert!(!settings.data_dir.join("local-key.pem").exists());
        assert!(!settings.data_dir.join("sample-tokens.txt").exists());
        let answer = server.execute_with_token(Some(&signed(&settings, 900)), VIEWER, Value::Null).await;
        assert_eq!(answer["data"]["viewer"]["province"]["slug"], "NGHE_AN", "{answer}");
        assert_refused(&server, &format!("Bearer {}", signed(&settings, 3_600))).await;
        assert_refused(&server, &format!("Bearer {}", server.token("steward", None))).await;
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn public_server_without_issuer_accepts_no_token() {
    on_both_databases(|settings| async move {
        let open = "0.0.0.0:0".parse().expect("an address");
        let server = Server::start(Settings { listen: open, ..settings.clone() }).await;
        assert!(!settings.data_dir.join("local-key.pem").exists());
        let answer = server.execute(VIEWER, Value::Null).await;
        assert_eq!(answer["data"]["viewer"], Value::Null, "{answer}");
        assert_refused(&server, &format!("Bearer {}", server.token("steward", None))).await;
        server.stop().await;
    })
    .await;
}
