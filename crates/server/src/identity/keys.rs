//! The public keys that tokens are checked with: a JSON Web Key Set (RFC 7517).

use std::collections::HashMap;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, crypto};
use serde::{Deserialize, de::IgnoredAny};

const LEAST_RSA_BITS: usize = 2_048;
/// Larger ones only make each check slower, and the library does not take them.
const MOST_RSA_BITS: usize = 4_096;

/// Keys by their id.
#[derive(Debug, Default)]
pub(super) struct KeySet(HashMap<String, Key>);

/// A public key and the one algorithm that it is used with.
#[derive(Debug)]
pub(super) struct Key {
    algorithm: Algorithm,
    name: &'static str,
    public: DecodingKey,
}

#[derive(Deserialize)]
struct File {
    keys: Vec<Jwk>,
}

/// One key as the file has it.
#[derive(Deserialize)]
struct Jwk {
    kty: String,
    crv: Option<String>,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    x: Option<String>,
    y: Option<String>,
    n: Option<String>,
    e: Option<String>,
    d: Option<IgnoredAny>,
}

impl KeySet {
    /// The keys of a file that sign; keys that encrypt are passed over.
    ///
    /// An empty set is one: then nobody is trusted any more.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let file: File = serde_json::from_str(text).map_err(|error| {
            // Without the parser's words: it may quote what it read.
            format!("line {} is not part of a JSON Web Key Set", error.line())
        })?;
        let mut keys = Self::default();
        for jwk in file.keys.into_iter().filter(|jwk| jwk.purpose.as_deref() != Some("enc")) {
            let kid = jwk.kid.clone().filter(|kid| !kid.is_empty()).ok_or("a key has no kid")?;
            let key = Key::read(&jwk).map_err(|why| format!("the key {kid:?} {why}"))?;
            if keys.0.insert(kid.clone(), key).is_some() {
                return Err(format!("two keys have the kid {kid:?}"));
            }
        }
        Ok(keys)
    }

    /// One Ed25519 key alone.
    pub(super) fn of(kid: String, public_key: &str) -> Result<Self, String> {
        let key = Key::ed25519(public_key)?;
        Ok(Self(HashMap::from([(kid, key)])))
    }

    pub(super) fn find(&self, kid: &str) -> Option<&Key> {
        self.0.get(kid)
    }
}

impl Key {
    fn read(jwk: &Jwk) -> Result<Self, String> {
        let key = match (jwk.kty.as_str(), jwk.crv.as_deref()) {
            ("oct", _) => return Err("is a secret (oct); only public keys are taken".to_owned()),
            _ if jwk.d.is_some() => {
                return Err("holds its private part; leave only the public one".to_owned());
            }
            ("OKP", Some("Ed25519")) => Self::ed25519(part(jwk.x.as_ref(), "x")?)?,
            ("EC", Some("P-256")) => Self::p256(part(jwk.x.as_ref(), "x")?, part(jwk.y.as_ref(), "y")?)?,
            ("RSA", None) => Self::rsa(part(jwk.n.as_ref(), "n")?, part(jwk.e.as_ref(), "e")?)?,
            _ => return Err("is none of OKP Ed25519, EC P-256 and RSA".to_owned()),
        };
        match &jwk.alg {
            Some(alg) if alg != key.algorithm() => {
                Err(format!("says alg {alg:?}, but is used with {}", key.algorithm()))
            }
            Some(_) | None => Ok(key),
        }
    }

    fn ed25519(x: &str) -> Result<Self, String> {
        // The library cuts this key out of its bytes without looking how many there are.
        if decode(x)?.len() != 32 {
            return Err("is no Ed25519 key".to_owned());
        }
        Self::usable(Algorithm::EdDSA, "EdDSA", DecodingKey::from_ed_components(x))
    }

    fn p256(x: &str, y: &str) -> Result<Self, String> {
        Self::usable(Algorithm::ES256, "ES256", DecodingKey::from_ec_components(x, y))
    }

    fn rsa(n: &str, e: &str) -> Result<Self, String> {
        let modulus = decode(n)?;
        let leading = modulus.iter().take_while(|byte| **byte == 0).count();
        let zeros = modulus.get(leading).map_or(0, |byte| byte.leading_zeros() as usize);
        let bits = (modulus.len() - leading) * 8 - zeros;
        if !(LEAST_RSA_BITS..=MOST_RSA_BITS).contains(&bits) {
            return Err(format!("has {bits} bits; RSA takes {LEAST_RSA_BITS} to {MOST_RSA_BITS}"));
        }
        Self::usable(Algorithm::RS256, "RS256", DecodingKey::from_rsa_components(n, e))
    }

    /// Tries the key on nothing, which fails other than by a wrong signature if it is no key.
    fn usable(
        algorithm: Algorithm,
        name: &'static str,
        key: jsonwebtoken::errors::Result<DecodingKey>,
    ) -> Result<Self, String> {
        let flawed = |_| "cannot be used: its numbers are not those of a key".to_owned();
        let key = key.map_err(flawed)?;
        crypto::verify("", b"", &key, algorithm).map_err(flawed)?;
        Ok(Self { algorithm, name, public: key })
    }

    /// As tokens name it.
    pub(super) fn algorithm(&self) -> &'static str {
        self.name
    }

    pub(super) fn has_signed(&self, message: &str, signature: &str) -> bool {
        crypto::verify(signature, message.as_bytes(), &self.public, self.algorithm).unwrap_or(false)
    }
}

fn part<'a>(value: Option<&'a String>, name: &str) -> Result<&'a str, String> {
    value.map(String::as_str).ok_or_else(|| format!("has no {name}"))
}

fn decode(text: &str) -> Result<Vec<u8>, String> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| "is not written in base64url".to_owned())
}
