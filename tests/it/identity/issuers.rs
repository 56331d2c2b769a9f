//! Several issuers of tokens: their published keys, and the claims that name role and province.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use caunoi_domain::clock::Clock;
use caunoi_server::Settings;
use caunoi_server::identity::read_issuers;
use reqwest::StatusCode;
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use serde_json::{Value, json};

use super::posted;
use crate::harness::key_server::KeyServer;
use crate::harness::{Server, on_both_databases};

const NOW_S: i64 = 1_800_000_000;
const REALM: &str = "/realms/doi-ngoai";
const KEYS: &str = "/realms/doi-ngoai/certs";

/// A clock that a test moves.
struct MovedClock(AtomicI64);

impl Clock for MovedClock {
    fn now_us(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

impl MovedClock {
    fn new() -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(NOW_S * 1_000_000)))
    }

    fn move_by(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

/// A key of an issuer, used only in these tests.
fn key(seed: u8) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).expect("a key")
}

fn published(id: &str, key: &Ed25519KeyPair) -> Value {
    let x = URL_SAFE_NO_PAD.encode(key.public_key());
    json!({"kty": "OKP", "crv": "Ed25519", "kid": id, "use": "sig", "alg": "EdDSA", "x": x})
}

fn key_set(keys: &[Value]) -> String {
    json!({ "keys": keys }).to_string()
}

fn sign(id: &str, key: &Ed25519KeyPair, claims: &Value) -> String {
    let header = json!({"typ": "JWT", "alg": "EdDSA", "kid": id});
    let message = [&header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string())).join(".");
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(key.sign(message.as_bytes())))
}

/// The claims of an access token as Keycloak signs it, with some replaced.
fn claims(issuer: &str, others: &Value) -> Value {
    let mut claims = json!({
        "iss": issuer, "aud": ["account", "caunoi-api"], "sub": "0b5c9a52-7c1e-4f7e-8a45-2f4f3a1d9c11",
        "exp": NOW_S + 300, "iat": NOW_S, "jti": "1", "typ": "Bearer", "azp": "app", "acr": "1",
        "realm_access": {"roles": ["offline_access", "ngoai-vu-bien-tap", "ngoai-vu-xuat-ban"]},
        "groups": ["/toan-quoc", "/tinh/nghe-an"], "scope": "openid profile email",
        "preferred_username": "lan",
    });
    for (name, value) in others.as_object().expect("an object") {
        claims[name] = value.clone();
    }
    claims
}

/// Writes the file of issuers and returns settings that name it.
fn with_issuers(settings: &Settings, clock: &Arc<MovedClock>, file: &str) -> Settings {
    let path = settings.data_dir.join("issuers.toml");
    fs::write(&path, file).expect("the folder takes a file");
    let mut settings = Settings { clock: Arc::clone(clock) as Arc<dyn Clock>, ..settings.clone() };
    settings.auth.issuers = read_issuers(&path).unwrap_or_else(|why| panic!("{why:?}"));
    settings
}

fn ministry_and_province(ministry: &str, keys: &str, province_keys: &str) -> String {
    format!(
        r#"
        [[issuer]]
        name = "{ministry}"
        keys = "{keys}"
        audience = "caunoi-api"
        author = "preferred_username"
        role = "realm_access.roles"
        province = "groups"
        [issuer.roles]
        "ngoai-vu-bien-tap" = "clerk"
        "ngoai-vu-xuat-ban" = "publisher"
        "cuc-ngoai-vu" = "steward"
        [issuer.provinces]
        "/tinh/nghe-an" = "NGHE_AN"
        "/tinh/hue" = "HUE"

        [[issuer]]
        name = "https://dang-nhap.hue.example"
        keys = "{province_keys}"
        author_prefix = "hue:"
        role = "role"
        province = "unit"
        [issuer.roles]
        clerk = "CLERK"
        [issuer.provinces]
        so = "HUE"
        "#
    )
}

async fn viewer(server: &Server, token: &str) -> (StatusCode, Value) {
    let document = "{ viewer { id role province { slug } scopes } }";
    let request = posted(server).json(&json!({ "query": document }));
    let response = request.header("authorization", format!("Bearer {token}")).send().await;
    let response = response.expect("an answer");
    (response.status(), response.json().await.expect("JSON"))
}

async fn assert_accepted(server: &Server, token: &str, role: &str, province: Value) {
    let (status, answer) = viewer(server, token).await;
    assert_eq!(status, 200, "{answer}");
    let seen = &answer["data"]["viewer"];
    assert_eq!((&seen["role"], &seen["province"]["slug"]), (&json!(role), &province), "{answer}");
}

async fn assert_refused(server: &Server, token: &str, expected: u16) {
    let (status, answer) = viewer(server, token).await;
    assert_eq!(status, expected, "{answer}");
}

#[tokio::test]
async fn tokens_of_providers_name_role_and_province_in_claims_of_their_own() {
    on_both_databases(|settings| async move {
        let (web, clock) = (KeyServer::start().await, MovedClock::new());
        let issuer = web.url(REALM);
        web.publish(
            &format!("{REALM}/.well-known/openid-configuration"),
            json!({"issuer": issuer, "jwks_uri": web.url(KEYS), "grant_types_supported": []}).to_string(),
        );
        // Providers also publish keys of algorithms that are not used here.
        let others = json!({"kty": "EC", "crv": "P-521", "kid": "p521", "use": "sig", "x": "AA", "y": "AA"});
        web.publish(KEYS, key_set(&[others, published("one", &key(1))]));
        web.publish("/hue", key_set(&[published("one", &key(2))]));
        let file = ministry_and_province(&issuer, "discovery", &web.url("/hue"));
        let server = Server::start(with_issuers(&settings, &clock, &file)).await;

        let signed = |others: Value| sign("one", &key(1), &claims(&issuer, &others));
        assert_accepted(&server, &signed(json!({})), "PUBLISHER", json!("NGHE_AN")).await;
        let steward = json!({"realm_access": {"roles": ["cuc-ngoai-vu"]}, "groups": ["/toan-quoc"]});
        assert_accepted(&server, &signed(steward), "STEWARD", Value::Null).await;
        for refused in [
            json!({"realm_access": {"roles": ["offline_access"]}}),
            json!({"realm_access": {"roles": ["cuc-ngoai-vu", "ngoai-vu-bien-tap"]}}),
            json!({"groups": ["/tinh/nghe-an", "/tinh/hue"]}),
            json!({"groups": []}),
            json!({"groups": ["HUE"]}),
            json!({"preferred_username": ["lan"]}),
            json!({"preferred_username": "\u{202e}lan"}),
            json!({"aud": "account"}),
            json!({"exp": NOW_S + 3_600}),
            json!({"iss": "https://dang-nhap.hue.example"}),
        ] {
            assert_refused(&server, &signed(refused), 401).await;
        }
        let hue = |seed: u8, others: Value| {
            let mut claims = json!({
                "iss": "https://dang-nhap.hue.example", "aud": "caunoi", "sub": "lan", "role": "clerk",
                "unit": "so", "exp": NOW_S + 60, "iat": NOW_S,
            });
            for (name, value) in others.as_object().expect("an object") {
                claims[name] = value.clone();
            }
            sign("one", &key(seed), &claims)
        };
        assert_accepted(&server, &hue(2, json!({})), "CLERK", json!("HUE")).await;
        // A province's issuer gives neither other roles nor other provinces, and no issuer signs for
        // another.
        for (seed, others) in [
            (2, json!({"role": "steward"})),
            (2, json!({"unit": "NGHE_AN"})),
            (2, json!({"iss": issuer})),
            (1, json!({})),
        ] {
            assert_refused(&server, &hue(seed, others), 401).await;
        }
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn new_key_is_fetched_when_a_token_names_it() {
    on_both_databases(|settings| async move {
        let (web, clock) = (KeyServer::start().await, MovedClock::new());
        web.publish(KEYS, key_set(&[published("one", &key(1))]));
        let issuer = web.url(REALM);
        let file = ministry_and_province(&issuer, &web.url(KEYS), &web.url("/none"));
        let server = Server::start(with_issuers(&settings, &clock, &file)).await;
        let old = sign("one", &key(1), &claims(&issuer, &json!({})));
        let new = sign("two", &key(2), &claims(&issuer, &json!({})));
        assert_accepted(&server, &old, "PUBLISHER", json!("NGHE_AN")).await;
        // A key that nobody publishes starts no second fetch within ten seconds.
        assert_refused(&server, &new, 401).await;
        web.publish(KEYS, key_set(&[published("two", &key(2))]));
        assert_refused(&server, &new, 401).await;
        clock.move_by(10);
        until_answered_otherwise(&server, &new).await;
        assert_accepted(&server, &new, "PUBLISHER", json!("NGHE_AN")).await;
        assert_refused(&server, &old, 401).await;
        server.stop().await;
    })
    .await;
}

/// Repeats the request while the keys are being fetched.
async fn until_answered_otherwise(server: &Server, token: &str) {
    while viewer(server, token).await.0 == 503 {}
}

#[tokio::test]
async fn issuer_that_is_down_or_answers_nonsense_locks_out_its_own_callers_only() {
    on_both_databases(|settings| async move {
        let (web, clock) = (KeyServer::start().await, MovedClock::new());
        web.publish("/hue", key_set(&[published("one", &key(2))]));
        let issuer = web.url(REALM);
        let file = ministry_and_province(&issuer, &web.url(KEYS), &web.url("/hue"));
        let server = Server::start(with_issuers(&settings, &clock, &file)).await;
        let token = sign("one", &key(1), &claims(&issuer, &json!({})));
        let (status, answer) = viewer(&server, &token).await;
        assert_eq!(status, 503, "{answer}");
        assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAVAILABLE", "{answer}");
        let huge = key_set(&vec![published("one", &key(1)); 100_000]);
        for nonsense in ["<!doctype html><title>Bảo trì</title>", "", "[]", r#"{"keys":1}"#, &huge] {
            web.publish(KEYS, nonsense);
            clock.move_by(10);
            assert_refused(&server, &token, 503).await;
        }
        let of_hue = sign(
            "one",
            &key(2),
            &json!({
                "iss": "https://dang-nhap.hue.example", "aud": "caunoi", "sub": "lan", "role": "clerk",
                "unit": "so", "exp": NOW_S + 200, "iat": NOW_S,
            }),
        );
        assert_accepted(&server, &of_hue, "CLERK", json!("HUE")).await;
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn keys_are_used_for_a_day_at_most_while_the_issuer_is_down() {
    on_both_databases(|settings| async move {
        let (web, clock) = (KeyServer::start().await, MovedClock::new());
        web.publish(KEYS, key_set(&[published("one", &key(1))]));
        let issuer = web.url(REALM);
        let file = ministry_and_province(&issuer, &web.url(KEYS), &web.url("/none"));
        let server = Server::start(with_issuers(&settings, &clock, &file)).await;
        drop(web);
        let at = |second: i64| json!({"iat": second, "exp": second + 300});
        clock.move_by(86_399);
        let token = sign("one", &key(1), &claims(&issuer, &at(NOW_S + 86_399)));
        assert_accepted(&server, &token, "PUBLISHER", json!("NGHE_AN")).await;
        clock.move_by(1);
        assert_refused(&server, &token, 503).await;
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn weak_key_of_an_issuer_is_never_used() {
    on_both_databases(|settings| async move {
        let (web, clock) = (KeyServer::start().await, MovedClock::new());
        web.publish(KEYS, key_set(&[published("one", &key(1))]));
        let issuer = web.url(REALM);
        let file = ministry_and_province(&issuer, &web.url(KEYS), &web.url("/none"));
        let server = Server::start(with_issuers(&settings, &clock, &file)).await;
        // RSA with 1,024 bits.
        let n = URL_SAFE_NO_PAD.encode([0xb5; 128]);
        let weak = json!({"kty": "RSA", "kid": "weak", "alg": "RS256", "n": n, "e": "AQAB"});
        web.publish(KEYS, key_set(&[weak.clone(), published("one", &key(1))]));
        clock.move_by(10);
        let forged = sign("weak", &key(3), &claims(&issuer, &json!({})));
        until_answered_otherwise(&server, &forged).await;
        assert_refused(&server, &forged, 401).await;
        let good = sign("one", &key(1), &claims(&issuer, &json!({})));
        assert_accepted(&server, &good, "PUBLISHER", json!("NGHE_AN")).await;
        // With the weak key alone the issuer has withdrawn the good one.
        web.publish(KEYS, key_set(&[weak]));
        clock.move_by(10);
        until_answered_otherwise(&server, &forged).await;
        assert_refused(&server, &forged, 401).await;
        assert_refused(&server, &good, 401).await;
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn tokens_of_an_issuer_whose_clock_is_an_hour_off_are_refused() {
    on_both_databases(|settings| async move {
        let (web, clock) = (KeyServer::start().await, MovedClock::new());
        web.publish(KEYS, key_set(&[published("one", &key(1))]));
        let issuer = web.url(REALM);
        let file = ministry_and_province(&issuer, &web.url(KEYS), &web.url("/none"));
        let server = Server::start(with_issuers(&settings, &clock, &file)).await;
        for hours in [-1, 1] {
            let second = NOW_S + hours * 3_600;
            let token = sign("one", &key(1), &claims(&issuer, &json!({"iat": second, "exp": second + 300})));
            assert_refused(&server, &token, 401).await;
        }
        let token = sign("one", &key(1), &claims(&issuer, &json!({})));
        assert_accepted(&server, &token, "PUBLISHER", json!("NGHE_AN")).await;
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn revocation_finds_tokens_of_a_provider_by_subject_and_by_id() {
    on_both_databases(|settings| async move {
        let (web, clock) = (KeyServer::start().await, MovedClock::new());
        web.publish(KEYS, key_set(&[published("one", &key(1))]));
        let issuer = web.url(REALM);
        let file = ministry_and_province(&issuer, &web.url(KEYS), &web.url("/none"));
        let server = Server::start(with_issuers(&settings, &clock, &file)).await;
        let steward = json!({
            "realm_access": {"roles": ["cuc-ngoai-vu"]}, "groups": [], "preferred_username": "hoa", "sub": "steward-1"
        });
        let steward = sign("one", &key(1), &claims(&issuer, &steward));
        let token = |sub: &str, id: &str| {
            sign("one", &key(1), &claims(&issuer, &json!({"sub": sub, "jti": id, "preferred_username": sub})))
        };
        let revoke = async |input: Value| {
            let document = "mutation($input: RevokeInput!) { revoke(input: $input) { errors { code } } }";
            let variables = json!({ "input": input });
            let answer = server.execute_with_token(Some(&steward), document, variables).await;
            assert_eq!(answer["data"]["revoke"]["errors"], json!([]), "{answer}");
        };
        let (lan, other_of_lan, minh) = (token("lan", "a"), token("lan", "b"), token("minh", "c"));
        for token in [&lan, &other_of_lan, &minh] {
            assert_accepted(&server, token, "PUBLISHER", json!("NGHE_AN")).await;
        }
        revoke(json!({"tokenId": "a", "issuer": issuer, "reason": "lost"})).await;
        assert_refused(&server, &lan, 401).await;
        assert_accepted(&server, &other_of_lan, "PUBLISHER", json!("NGHE_AN")).await;
        revoke(json!({"subject": "lan", "issuer": "https://dang-nhap.hue.example", "reason": "of another"})).await;
        assert_accepted(&server, &other_of_lan, "PUBLISHER", json!("NGHE_AN")).await;
        revoke(json!({"subject": "lan", "reason": "left"})).await;
        assert_refused(&server, &other_of_lan, 401).await;
        assert_accepted(&server, &minh, "PUBLISHER", json!("NGHE_AN")).await;
        server.stop().await;
    })
    .await;
}
