//! Tokens that were forged, altered, or made for something else.

use serde_json::{Value, json};

use super::super::case::Case;
use super::super::fixture::Fixture;
use super::super::request::{junk, post_as, post_with};

const VIEWER: &[u8] = br#"{"query":"{ viewer { role } }"}"#;

fn refused(name: &str, headers: &str) -> Case {
    let exchange = post_as("application/json", headers, VIEWER);
    Case::new("17", name, exchange, &["401"]).code("UNAUTHENTICATED")
}

fn forged(name: &str, token: &str) -> Case {
    refused(&format!("token: {name}"), &format!("authorization: Bearer {token}\r\n"))
}

pub(super) fn all(fixture: &Fixture) -> Vec<Case> {
    [signatures(fixture), headers(fixture), claims(fixture), lines(fixture)].into_iter().flatten().collect()
}

fn signatures(fixture: &Fixture) -> Vec<Case> {
    let key = &fixture.key;
    let valid = &fixture.clerk;
    let (message, signature) = valid.rsplit_once('.').unwrap_or_default();
    vec![
        forged("alg none", &key.unsigned("none")),
        forged("alg None", &key.unsigned("None")),
        forged("alg none with the signature of another", &format!("{}{signature}", key.unsigned("none"))),
        forged("HS256 with the public key as the secret", &key.mac_with_public_key()),
        forged("key of its own in jwk", &key.of_other_key()),
        forged("claims altered after signing", &key.altered(valid)),
        forged("without a signature", &format!("{message}.")),
        forged("two parts", message),
        forged("four parts", &format!("{valid}.{signature}")),
        forged("signature with padding", &format!("{valid}==")),
        forged("signature of zeros", &format!("{message}.{}", "A".repeat(86))),
        forged("empty parts", ".."),
        forged("9,000 bytes", &junk(9_000)),
        forged("1,000 parts", &"a.".repeat(1_000)),
        forged("encrypted (five parts)", "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..a.b.c"),
    ]
}

fn headers(fixture: &Fixture) -> Vec<Case> {
    let with = |name: &str, header: Value| forged(name, &fixture.key.token(&header, &json!({})));
    vec![
        with("RS256 for a key of another algorithm", json!({"alg": "RS256"})),
        with("ES256 for a key of another algorithm", json!({"alg": "ES256"})),
        with("no alg", json!({"alg": null})),
        with("alg is a list", json!({"alg": ["EdDSA"]})),
        with("no kid", json!({"kid": null})),
        with("path as kid", json!({"kid": "../../../../dev/null"})),
        with("SQL as kid", json!({"kid": "x' UNION SELECT 'a"})),
        with("kid is a number", json!({"kid": 1})),
        with("kid of 3,000 bytes", json!({"kid": junk(3_000)})),
        with("jku of a stranger", json!({"jku": "https://evil.example/keys"})),
        with("x5u of a stranger", json!({"x5u": "https://evil.example/keys"})),
        with("x5c of a stranger", json!({"x5c": ["AAAA"]})),
        with("unknown critical extension", json!({"crit": ["exp"]})),
        with("payload that is not encoded", json!({"b64": false, "crit": ["b64"]})),
    ]
}

fn claims(fixture: &Fixture) -> Vec<Case> {
    let now = fixture.key.issued_at();
    let with = |name: &str, claims: Value| forged(name, &fixture.key.token(&json!({}), &claims));
    let text = |name: &str, claims: &str| forged(name, &fixture.key.token_of_text(claims));
    vec![
        with("expired", json!({"exp": now - 3_600, "iat": now - 7_200, "nbf": now - 7_200})),
        with("valid in an hour", json!({"nbf": now + 3_600, "exp": now + 7_200})),
        with("issued in an hour", json!({"iat": now + 3_600, "exp": now + 7_200})),
        with("valid for a year", json!({"exp": now + 31_536_000})),
        with("valid until 10^30", json!({"exp": 1e30})),
        with("no end", json!({"exp": null})),
        with("end is a text", json!({"exp": "9999999999"})),
        with("negative end", json!({"exp": -1})),
        with("for another audience", json!({"aud": "other"})),
        with("no audience", json!({"aud": null})),
        with("audience is an object", json!({"aud": {"caunoi": true}})),
        with("of another issuer", json!({"iss": "https://evil.example"})),
        with("no issuer", json!({"iss": null})),
        with("no role", json!({"role": null})),
        with("unknown role", json!({"role": "admin"})),
        with("role is a list", json!({"role": ["steward"]})),
        with("clerk without a province", json!({"province": null})),
        with("steward with a province", json!({"role": "steward"})),
        with("unknown province", json!({"province": "qJx"})),
        with("former province", json!({"province": "BINH_DUONG"})),
        with("no subject", json!({"sub": null})),
        with("subject of 201 characters", json!({"sub": "a".repeat(201)})),
        with("line end in the subject", json!({"sub": "a\r\nevil"})),
        with("direction mark in the subject", json!({"sub": "a\u{202e}b"})),
        text("claims are a list", "[]"),
        text("claims are not JSON", "{"),
        text(
            "exp twice",
            "{\"exp\":1,\"exp\":99999999999,\"iss\":\"caunoi-local\",\"aud\":\"caunoi\",\"sub\":\"a\",\"role\":\"steward\"}",
        ),
        text("claims nested 1,000 deep", &format!("{{\"a\":{}", "[".repeat(1_000))),
    ]
}

fn lines(fixture: &Fixture) -> Vec<Case> {
    let valid = &fixture.clerk;
    let scoped = fixture.key.token(&json!({}), &json!({"scope": "read"}));
    let write = json!({"query": "mutation { createEvent(input: {province: \"DONG_NAI\", title: {vi: \"a\"}, kind: \"CONFERENCE\", pillar: STATE, heldOn: \"2026-01-01\"}) { errors { code } } }"});
    vec![
        refused(
            "two Authorization headers",
            &format!("authorization: Bearer {valid}\r\nauthorization: Bearer {valid}\r\n"),
        ),
        refused("two tokens in one header", &format!("authorization: Bearer {valid}, Bearer {valid}\r\n")),
        refused("token without a scheme", &format!("authorization: {valid}\r\n")),
        refused("scheme Basic", "authorization: Basic YTpi\r\n"),
        refused("scheme without a token", "authorization: Bearer\r\n"),
        refused("empty Authorization", "authorization: \r\n"),
        refused("tab instead of a space", &format!("authorization: Bearer\t{valid}\r\n")),
        refused("letters beyond ASCII in Authorization", "authorization: Bearer é\r\n"),
        Case::new("17", "write with a token for reading", post_with(&scoped, &write), &["200", "294"])
            .code("FORBIDDEN"),
    ]
}
