//! Valid tokens, and all known ways to make an invalid one.

mod fuzz;
mod issuer;
mod issuer_file;
mod keys;
mod local_key;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use caunoi_domain::{id::Log, policy::Role};
use ring::hmac;
use serde_json::{Value, json};

use self::keys::{Signer, ed25519, p256, rsa};
use super::{
    keys::KeySet,
    token::{Rules, UnverifiedToken},
    *,
};

const NOW_S: i64 = 1_800_000_000;
const DONG_NAI: Log = Log::new(20);

fn rules() -> Rules {
    Rules {
        issuer: "https://login.example".to_owned(),
        audience: "caunoi".to_owned(),
        max_lifetime_s: 900,
        claims: ClaimMapping::default(),
    }
}

fn set() -> KeySet {
    let keys = [rsa().published(), p256().published(), ed25519().published()];
    KeySet::read(&json!({ "keys": keys }).to_string()).unwrap()
}

fn verify(token: &str) -> Result<Caller, TokenError> {
    let find_province = |slug: &str| (slug == "DONG_NAI").then_some(DONG_NAI);
    let token = UnverifiedToken::read(token).ok_or(TokenError::Invalid)?;
    rules().verify(&token, &set(), NOW_S * 1_000_000, find_province)
}

/// The claims of a valid token.
fn claims() -> Value {
    json!({
        "iss": "https://login.example", "aud": "caunoi", "sub": "lan", "role": "clerk", "province": "DONG_NAI",
        "iat": NOW_S, "nbf": NOW_S, "exp": NOW_S + 600,
    })
}

/// The valid claims with others replaced; null removes one.
fn claims_with(others: &Value) -> Value {
    let mut claims = claims();
    for (name, value) in others.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    claims
}

/// The first two parts of a token, which are signed.
fn message(header: &Value, claims: &Value) -> String {
    [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string())).join(".")
}

fn sign(signer: &Signer, claims: &Value) -> String {
    signer.sign(&message(&json!({"typ": "JWT", "alg": signer.algorithm(), "kid": signer.id}), claims))
}

/// A token with a valid signature over any header.
fn sign_under(header: &Value, signer: &Signer) -> String {
    signer.sign(&message(header, &claims()))
}

#[test]
fn valid_token_of_each_algorithm_is_accepted() {
    for signer in [rsa(), p256(), ed25519()] {
        let caller = verify(&sign(&signer, &claims())).unwrap();
        assert_eq!((caller.actor.role(), caller.actor.name()), (Role::Clerk, "lan"));
        assert_eq!(caller.actor.province(), Some(DONG_NAI));
        assert!(caller.actor.may_write());
        assert_eq!(caller.until_us, Some((NOW_S + 600 + SKEW_S) * 1_000_000));
    }
}

#[test]
fn token_cannot_choose_its_algorithm() {
    // The public key, in its published forms, used as a shared secret.
    for secret in [rsa().published()["n"].to_string(), rsa().published().to_string()] {
        for kid in ["rsa", "p256", "ed"] {
            let message = message(&json!({"typ": "JWT", "alg": "HS256", "kid": kid}), &claims());
            let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
            let mac = URL_SAFE_NO_PAD.encode(hmac::sign(&key, message.as_bytes()));
            assert_eq!(verify(&format!("{message}.{mac}")), Err(TokenError::Invalid));
        }
    }
    for alg in ["none", "None", "", "HS256", "RS512", "PS256", "ES384"] {
        let header = json!({"alg": alg, "kid": "rsa"});
        let unsigned = format!("{}.", message(&header, &claims()));
        assert_eq!(verify(&unsigned), Err(TokenError::Invalid), "{alg}");
        let token = sign_under(&header, &rsa());
        assert_eq!(verify(&token), Err(TokenError::Invalid), "{alg}");
    }
    for (alg, kid) in [("ES256", "rsa"), ("RS256", "rsa"), ("ES256", "ed"), ("EdDSA", "ed")] {
        let token = sign_under(&json!({"alg": alg, "kid": kid}), &p256());
        assert_eq!(verify(&token), Err(TokenError::Invalid), "{alg} under {kid}");
    }
}

#[test]
fn token_cannot_supply_keys_or_extensions() {
    let good = json!({"alg": "EdDSA", "kid": "ed", "typ": "JWT"});
    assert!(verify(&sign_under(&good, &ed25519())).is_ok());
    for (name, value) in [
        ("jku", json!("https://evil.example/keys.json")),
        ("x5u", json!("https://evil.example/cert")),
        ("jwk", ed25519().published()),
        ("x5c", json!(["MII"])),
        ("crit", json!([])),
        ("crit", Value::Null),
    ] {
        let mut header = good.clone();
        header[name] = value;
        assert_eq!(verify(&sign_under(&header, &ed25519())), Err(TokenError::Invalid), "{name}");
    }
    for kid in [json!("unknown"), json!(""), json!(1), Value::Null, json!(["ed"])] {
        let token = sign_under(&json!({"alg": "EdDSA", "kid": kid}), &ed25519());
        assert_eq!(verify(&token), Err(TokenError::Invalid), "{kid}");
    }
    assert_eq!(verify(&sign_under(&json!({"alg": "EdDSA"}), &ed25519())), Err(TokenError::Invalid));
}

#[test]
fn every_claim_is_checked() {
    use TokenError::{Expired, Invalid, NotYetValid};
    for (others, outcome) in [
        (json!({"iss": "https://login.example/"}), Err(Invalid)),
        (json!({"iss": ["https://login.example"]}), Err(Invalid)),
        (json!({"iss": null}), Err(Invalid)),
        (json!({"aud": "other"}), Err(Invalid)),
        (json!({"aud": []}), Err(Invalid)),
        (json!({"aud": null}), Err(Invalid)),
        (json!({"aud": ["other", "caunoi"]}), Ok(())),
        (json!({"exp": null}), Err(Invalid)),
        (json!({"exp": "1900000000"}), Err(Invalid)),
        (json!({"exp": i64::MAX}), Err(Invalid)),
        (json!({"exp": NOW_S - SKEW_S + 1, "iat": NOW_S - 600, "nbf": NOW_S - 600}), Ok(())),
        (json!({"exp": NOW_S - SKEW_S, "iat": NOW_S - 600, "nbf": NOW_S - 600}), Err(Expired)),
        (json!({"exp": i64::MIN}), Err(Invalid)),
        (json!({"nbf": null}), Ok(())),
        (json!({"nbf": null, "iat": null}), Ok(())),
        (json!({"nbf": null, "iat": null, "exp": NOW_S + 901 + SKEW_S}), Err(Invalid)),
        (json!({"nbf": null, "iat": NOW_S + SKEW_S + 1}), Err(NotYetValid)),
        (json!({"nbf": NOW_S + SKEW_S}), Ok(())),
        (json!({"nbf": NOW_S + SKEW_S + 1}), Err(NotYetValid)),
        (json!({"iat": NOW_S + SKEW_S + 1}), Err(NotYetValid)),
        (json!({"iat": null}), Ok(())),
        (json!({"exp": NOW_S + 900 + SKEW_S}), Ok(())),
        (json!({"exp": NOW_S + 901 + SKEW_S}), Err(Invalid)),
        (json!({"exp": NOW_S + 901 + SKEW_S, "iat": null}), Err(Invalid)),
        (json!({"iat": i64::MIN}), Err(Invalid)),
        (json!({"sub": null}), Err(Invalid)),
        (json!({"sub": " "}), Err(Invalid)),
        (json!({"sub": "lan\u{0}"}), Err(Invalid)),
        (json!({"sub": "lan\nlan"}), Err(Invalid)),
        (json!({"sub": "lan\u{202e}nal"}), Err(Invalid)),
        (json!({"sub": "\u{2066}lan\u{2069}"}), Err(Invalid)),
        (json!({"sub": "lan\u{200b}"}), Err(Invalid)),
        (json!({"sub": "lan\u{2028}lan"}), Err(Invalid)),
        (json!({"sub": "ữ".repeat(200)}), Ok(())),
        (json!({"sub": "ữ".repeat(201)}), Err(Invalid)),
        (json!({"role": "PUBLISHER"}), Ok(())),
        (json!({"role": "minister"}), Err(Invalid)),
        (json!({"role": "public", "province": null}), Err(Invalid)),
        (json!({"role": null}), Err(Invalid)),
        (json!({"province": null}), Err(Invalid)),
        (json!({"province": "BINH_DUONG"}), Err(Invalid)),
        (json!({"role": "steward"}), Err(Invalid)),
        (json!({"role": "steward", "province": null}), Ok(())),
        (json!({"scope": "openid"}), Err(Invalid)),
        (json!({"scope": "openid read"}), Ok(())),
    ] {
        let outcome_here = verify(&sign(&ed25519(), &claims_with(&others))).map(|_| ());
        assert_eq!(outcome_here, outcome, "{others}");
    }
}

#[test]
fn times_may_have_a_fraction() {
    use TokenError::{Expired, Invalid, NotYetValid};
    let past = |exp: f64| json!({"exp": exp, "iat": NOW_S - 600, "nbf": NOW_S - 600});
    // These dates are exact in a float, also with a fraction of one half.
    let now = f64::from(i32::try_from(NOW_S).unwrap());
    for (others, outcome) in [
        (json!({"exp": now + 600.5, "iat": now - 0.25, "nbf": now + 0.75}), Ok(())),
        (json!({"exp": 1.8e9 + 600.0}), Ok(())),
        (past(now - 29.5), Ok(())),
        (past(now - 30.5), Err(Expired)),
        (json!({"nbf": now + 30.5}), Err(NotYetValid)),
        (json!({"iat": now + 30.5}), Err(NotYetValid)),
        (json!({"exp": now + 930.5}), Err(Invalid)),
        (json!({"exp": -1}), Err(Invalid)),
        (json!({"exp": -0.5}), Err(Invalid)),
        (json!({"nbf": -1}), Err(Invalid)),
        (json!({"iat": -1.5}), Err(Invalid)),
        (json!({"exp": u64::MAX}), Err(Invalid)),
        (json!({"nbf": u64::MAX}), Err(Invalid)),
        (json!({"exp": 1e300}), Err(Invalid)),
        (json!({"iat": f64::MAX}), Err(Invalid)),
        (json!({"exp": "1800000600"}), Err(Invalid)),
        (json!({"nbf": "NaN"}), Err(Invalid)),
        (json!({"nbf": true}), Err(Invalid)),
        (json!({"iat": [NOW_S]}), Err(Invalid)),
        (json!({"exp": {"$date": NOW_S + 600}}), Err(Invalid)),
    ] {
        let outcome_here = verify(&sign(&ed25519(), &claims_with(&others))).map(|_| ());
        assert_eq!(outcome_here, outcome, "{others}");
    }
    let until = |exp: f64| verify(&sign(&ed25519(), &claims_with(&json!({"exp": exp})))).unwrap().until_us;
    assert_eq!(until(now + 600.5), Some((NOW_S + 600 + SKEW_S) * 1_000_000 + 500_000));
}

#[test]
fn times_that_are_not_json_numbers_are_refused() {
    for exp in ["1e400", "-1e400", "NaN", "Infinity", "1800000600.", "0x6b49d200", "01800000600", "null"] {
        let text =
            claims().to_string().replace(&format!("\"exp\":{}", NOW_S + 600), &format!("\"exp\":{exp}"));
        assert!(text.contains(&format!("\"exp\":{exp}")), "{text}");
        let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"EdDSA","kid":"ed"}"#);
        let message = format!("{header}.{}", URL_SAFE_NO_PAD.encode(text));
        assert_eq!(verify(&ed25519().sign(&message)), Err(TokenError::Invalid), "{exp}");
    }
}

#[test]
fn role_may_write_only_with_scope_write() {
    for (others, may_write) in [
        (json!({}), true),
        (json!({"scope": "read"}), false),
        (json!({"scope": "read write"}), true),
        (json!({"scope": "writer read"}), false),
        (json!({"role": "analyst", "province": null, "scope": "read write"}), false),
    ] {
        let caller = verify(&sign(&ed25519(), &claims_with(&others))).unwrap();
        assert_eq!(caller.actor.may_write(), may_write, "{others}");
    }
}

#[test]
fn changed_token_is_refused() {
    let token = sign(&p256(), &claims());
    let parts: Vec<&str> = token.split('.').collect();
    let [header, payload, signature] = parts[..] else { panic!("{token}") };
    let other = URL_SAFE_NO_PAD.encode(claims_with(&json!({"role": "publisher"})).to_string());
    for bad in [
        format!("{header}.{other}.{signature}"),
        format!("{header}.{payload}."),
        format!("{header}.{payload}"),
        format!("{header}.{payload}.{signature}.{signature}"),
        format!("{header}..{signature}"),
        format!("{header}.{payload}.{signature}="),
        format!("{header}.{payload}\0.{signature}"),
        "..".to_owned(),
        ".".repeat(8_000),
        "a.b.c".to_owned(),
        String::new(),
    ] {
        assert_eq!(verify(&bad), Err(TokenError::Invalid), "{bad}");
    }
    let twice = r#"{"alg":"EdDSA","kid":"ed"}"#;
    let claims = claims().to_string().replace(r#""role""#, r#""role":"publisher","role""#);
    let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(twice), URL_SAFE_NO_PAD.encode(claims));
    assert_eq!(verify(&ed25519().sign(&message)), Err(TokenError::Invalid), "a claim is given twice");
}

#[test]
fn header_contains_one_bearer_token() {
    assert_eq!(bearer::token("Bearer a.b.c"), Ok("a.b.c"));
    assert_eq!(bearer::token("bEARER   a.b.c "), Ok("a.b.c"));
    for bad in
        ["", "Bearer", "Bearer ", "a.b.c", "Basic YTpi", "Bearer a b", "Bearer a,Bearer b", "Bearer\ta"]
    {
        assert_eq!(bearer::token(bad), Err(TokenError::NotBearer), "{bad:?}");
    }
    assert_eq!(bearer::token(&format!("Bearer {}", "a".repeat(8_193))), Err(TokenError::Invalid));
}

#[test]
fn cached_caller_ends_with_token_ttl_keys_or_access_rules() {
    let (cache, keys, now) = (CallerCache::default(), Arc::new(set()), NOW_S * 1_000_000);
    let access = Arc::new(AccessState::default());
    let caller = |until_us| Caller { actor: Actor::public(), until_us: Some(until_us) };
    let (long, short) = (caller(now + 600_000_000), caller(now + 5));
    let by = |issuer| VerifiedBy { issuer, keys: Arc::clone(&keys), access: Arc::clone(&access) };
    cache.insert("long", by(0), &long, now);
    cache.insert("short", by(1), &short, now);
    let get = |token, now_us| cache.get(token, now_us, |_| true);
    assert_eq!(get("long", now + 59_999_999), Some(long.clone()));
    assert_eq!(get("long", now + 60_000_000), None);
    assert_eq!(get("short", now + 4), Some(short));
    assert_eq!(get("short", now + 5), None);
    assert_eq!(get("other", now), None);
    let is_by = |verified_by: &VerifiedBy| {
        verified_by.issuer == 0
            && Arc::ptr_eq(&verified_by.keys, &keys)
            && Arc::ptr_eq(&verified_by.access, &access)
    };
    assert_eq!(cache.get("long", now, is_by), Some(long));
    assert_eq!(cache.get("short", now, is_by), None);
}
