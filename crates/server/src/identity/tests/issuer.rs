//! Key sets of issuers: accepted ones, and the errors of the others.

use std::fs;

use super::*;
use caunoi_domain::locale::Locale;

fn flaw(keys: &Value) -> String {
    KeySet::read(&json!({ "keys": keys }).to_string()).unwrap_err().text(Locale::En)
}

#[test]
fn key_set_accepts_three_kinds_of_public_keys() {
    let mut encrypting = rsa().published();
    encrypting["use"] = json!("enc");
    encrypting["kid"] = json!("other");
    let text = json!({"keys": [encrypting, p256().published()], "more": 1}).to_string();
    let set = KeySet::read(&text).unwrap();
    assert!(set.find("other").is_none() && set.find("p256").is_some());
    assert!(KeySet::read(r#"{"keys":[]}"#).is_ok());
}

#[test]
fn invalid_key_sets_are_refused_with_a_reason() {
    let changed = |mut jwk: Value, name: &str, value: Value| {
        jwk[name] = value;
        json!([jwk])
    };
    let short = URL_SAFE_NO_PAD.encode([0xff; 128]);
    for (keys, expected) in [
        (json!([{"kty": "oct", "kid": "a", "k": "aHVudGVyMg"}]), r#"the key "a" is a secret (oct)"#),
        (json!([ed25519().published(), ed25519().published()]), "two keys have the kid"),
        (changed(ed25519().published(), "kid", Value::Null), "a key has no kid"),
        (
            changed(ed25519().published(), "alg", json!("HS256")),
            r#"says alg "HS256", but is used with EdDSA"#,
        ),
        (changed(rsa().published(), "alg", json!("RS512")), r#"says alg "RS512", but is used with RS256"#),
        (changed(p256().published(), "crv", json!("P-384")), "is not one of OKP Ed25519"),
        (changed(ed25519().published(), "x", json!("AAAA")), "is no Ed25519 key"),
        (changed(ed25519().published(), "d", json!("AAAA")), "holds its private part"),
        (changed(p256().published(), "x", json!("AAAA")), "cannot be used"),
        (changed(p256().published(), "x", p256().published()["y"].clone()), "cannot be used"),
        (changed(p256().published(), "y", Value::Null), "has no y"),
        (changed(rsa().published(), "n", json!(URL_SAFE_NO_PAD.encode([0xfe; 256]))), "cannot be used"),
        (changed(rsa().published(), "e", json!("Ag")), "cannot be used"),
        (changed(rsa().published(), "e", json!("AAAAAAAAAAE")), "cannot be used"),
        (changed(rsa().published(), "n", json!(short)), "has 1024 bits"),
        (changed(rsa().published(), "n", json!("=")), "is not written in base64url"),
    ] {
        let line = flaw(&keys);
        assert!(line.contains(expected) && !line.contains('\n') && !line.contains("aHVudGVyMg"), "{line}");
    }
    for text in ["", "[]", "{}", r#"{"keys":{"a":1}}"#] {
        assert!(KeySet::read(text).is_err(), "{text}");
    }
}

#[test]
fn removed_key_is_refused_within_four_seconds() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.json");
    let write = |keys: Value| fs::write(&path, json!({ "keys": keys }).to_string()).unwrap();
    write(json!([ed25519().published(), p256().published()]));
    let file = KeyFile::open(path.clone(), 0).unwrap();
    let first = file.current(1);
    assert!(first.find("ed").is_some());
    write(json!([p256().published()]));
    assert!(Arc::ptr_eq(&first, &file.current(3_999_999)), "not looked at yet");
    let second = file.current(4_000_000);
    assert!(second.find("ed").is_none() && second.find("p256").is_some());
    fs::write(&path, "half a f").unwrap();
    assert!(Arc::ptr_eq(&second, &file.current(8_000_000)));
    fs::remove_file(&path).unwrap();
    assert!(Arc::ptr_eq(&second, &file.current(12_000_000)));
    write(json!([]));
    assert!(file.current(16_000_000).find("p256").is_none());
    assert!(KeyFile::open(folder.path().join("missing"), 0).is_err());
}
