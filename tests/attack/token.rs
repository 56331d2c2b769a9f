//! Forged tokens, made with the local key of the server or without it.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::hmac;
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use serde_json::{Value, json};

/// The key that signs the tokens of a server on loopback.
pub(crate) struct LocalKey {
    key: Ed25519KeyPair,
    /// The header and the claims of a valid token.
    header: Value,
    claims: Value,
}

impl LocalKey {
    /// Reads the key from the data folder, header and claims from a valid token.
    pub(crate) fn read(data_dir: &Path, valid: &str) -> Self {
        let pem = fs::read_to_string(data_dir.join("local-key.pem")).expect("the local key");
        let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        let der = STANDARD.decode(base64).expect("base64");
        let key = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der).expect("an Ed25519 key");
        let mut parts = valid.split('.').map(|part| {
            let json = URL_SAFE_NO_PAD.decode(part).unwrap_or_default();
            serde_json::from_slice(&json).unwrap_or_default()
        });
        let (header, claims) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        Self { key, header, claims }
    }

    /// Returns the time at which the valid token was issued, in seconds.
    pub(crate) fn issued_at(&self) -> i64 {
        self.claims["iat"].as_i64().expect("a time")
    }

    /// Returns a signed token with other members in header and claims; null removes one.
    pub(crate) fn token(&self, header: &Value, claims: &Value) -> String {
        self.sign(&with(&self.header, header).to_string(), &with(&self.claims, claims).to_string())
    }

    /// Returns a signed token with claims in any text.
    pub(crate) fn token_of_text(&self, claims: &str) -> String {
        self.sign(&self.header.to_string(), claims)
    }

    fn sign(&self, header: &str, claims: &str) -> String {
        let message = message(header, claims);
        let signature = URL_SAFE_NO_PAD.encode(self.key.sign(message.as_bytes()));
        format!("{message}.{signature}")
    }

    /// Returns a token that is not signed, with this algorithm.
    pub(crate) fn unsigned(&self, algorithm: &str) -> String {
        format!("{}.", self.message_for(algorithm))
    }

    /// Returns a token whose MAC has the public key as its secret.
    pub(crate) fn mac_with_public_key(&self) -> String {
        let message = self.message_for("HS256");
        let secret = hmac::Key::new(hmac::HMAC_SHA256, self.key.public_key().as_ref());
        let tag = hmac::sign(&secret, message.as_bytes());
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(tag))
    }

    /// Returns a token that another key has signed, and that carries this key.
    pub(crate) fn of_other_key(&self) -> String {
        let other = Ed25519KeyPair::from_seed_unchecked(&[9; 32]).expect("a seed");
        let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(other.public_key())});
        let header = with(&self.header, &json!({ "jwk": jwk }));
        let message = message(&header.to_string(), &self.claims.to_string());
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(other.sign(message.as_bytes())))
    }

    /// Returns a token whose claims were changed after it was signed.
    pub(crate) fn altered(&self, valid: &str) -> String {
        let signature = valid.rsplit('.').next().unwrap_or_default();
        let claims = with(&self.claims, &json!({"role": "steward", "province": null}));
        format!("{}.{signature}", message(&self.header.to_string(), &claims.to_string()))
    }

    fn message_for(&self, algorithm: &str) -> String {
        let header = with(&self.header, &json!({ "alg": algorithm }));
        message(&header.to_string(), &self.claims.to_string())
    }
}

fn message(header: &str, claims: &str) -> String {
    [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part)).join(".")
}

fn with(object: &Value, changes: &Value) -> Value {
    let mut result = object.clone();
    for (name, value) in changes.as_object().into_iter().flatten() {
        match (value, result.as_object_mut()) {
            (Value::Null, Some(members)) => drop(members.remove(name)),
            _ => result[name] = value.clone(),
        }
    }
    result
}
