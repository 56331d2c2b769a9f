//! The public keys that verify tokens: a JSON Web Key Set (RFC 7517).

use std::collections::HashMap;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use caunoi_texts::OperatorText;
use jsonwebtoken::{Algorithm, DecodingKey, crypto};
use serde::{Deserialize, de::IgnoredAny};

const MIN_RSA_BITS: usize = 2_048;
/// Larger keys only make verification slower, and the library does not support them.
const MAX_RSA_BITS: usize = 4_096;

/// Public keys by `kid`.
#[derive(Debug, Default)]
pub(super) struct KeySet(HashMap<String, VerifyingKey>);

/// A public key and its only algorithm.
#[derive(Debug)]
pub(super) struct VerifyingKey {
    algorithm: Algorithm,
    name: &'static str,
    public: DecodingKey,
}

#[derive(Deserialize)]
struct KeySetFile {
    keys: Vec<Jwk>,
}

/// One key of the file.
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
    /// Parses a key set. Encryption keys are skipped. An empty set is valid: then no token is
    /// accepted.
    ///
    /// # Errors
    /// Returns the reason, which never quotes the file.
    pub(super) fn read(text: &str) -> Result<Self, OperatorText> {
        let file: KeySetFile = serde_json::from_str(text).map_err(|error| {
            // Without the parser's message, which may quote the file.
            OperatorText::NotAKeySet { line: error.line() }
        })?;
        let mut keys = Self::default();
        for jwk in file.keys.into_iter().filter(|jwk| jwk.purpose.as_deref() != Some("enc")) {
            let kid = jwk.kid.clone().filter(|kid| !kid.is_empty()).ok_or(OperatorText::KeyWithoutId)?;
            let key = VerifyingKey::read(&jwk)
                .map_err(|why| OperatorText::KeyInvalid { id: kid.clone(), why: Box::new(why) })?;
            if keys.0.insert(kid.clone(), key).is_some() {
                return Err(OperatorText::KeyIdTwice { id: kid });
            }
        }
        Ok(keys)
    }

    /// Returns a set of one Ed25519 key.
    pub(super) fn from_ed25519(kid: String, public_key: &str) -> Result<Self, OperatorText> {
        let key = VerifyingKey::ed25519(public_key)?;
        Ok(Self(HashMap::from([(kid, key)])))
    }

    pub(super) fn find(&self, kid: &str) -> Option<&VerifyingKey> {
        self.0.get(kid)
    }
}

impl VerifyingKey {
    fn read(jwk: &Jwk) -> Result<Self, OperatorText> {
        let key = match (jwk.kty.as_str(), jwk.crv.as_deref()) {
            ("oct", _) => return Err(OperatorText::KeyIsSecret),
            _ if jwk.d.is_some() => {
                return Err(OperatorText::KeyIsPrivate);
            }
            ("OKP", Some("Ed25519")) => Self::ed25519(part(jwk.x.as_ref(), "x")?)?,
            ("EC", Some("P-256")) => Self::p256(part(jwk.x.as_ref(), "x")?, part(jwk.y.as_ref(), "y")?)?,
            ("RSA", None) => Self::rsa(part(jwk.n.as_ref(), "n")?, part(jwk.e.as_ref(), "e")?)?,
            _ => return Err(OperatorText::KeyTypeUnknown),
        };
        match &jwk.alg {
            Some(alg) if alg != key.algorithm() => Err(OperatorText::KeyAlgorithmDiffers {
                stated: alg.clone(),
                used: key.algorithm().to_owned(),
            }),
            Some(_) | None => Ok(key),
        }
    }

    fn ed25519(x: &str) -> Result<Self, OperatorText> {
        // The library does not check the length of the key.
        if decode(x)?.len() != 32 {
            return Err(OperatorText::KeyNotEd25519);
        }
        Self::usable(Algorithm::EdDSA, "EdDSA", DecodingKey::from_ed_components(x))
    }

    fn p256(x: &str, y: &str) -> Result<Self, OperatorText> {
        Self::usable(Algorithm::ES256, "ES256", DecodingKey::from_ec_components(x, y))
    }

    fn rsa(n: &str, e: &str) -> Result<Self, OperatorText> {
        let modulus = decode(n)?;
        let leading = modulus.iter().take_while(|byte| **byte == 0).count();
        let zeros = modulus.get(leading).map_or(0, |byte| byte.leading_zeros() as usize);
        let bits = (modulus.len() - leading) * 8 - zeros;
        if !(MIN_RSA_BITS..=MAX_RSA_BITS).contains(&bits) {
            return Err(OperatorText::KeyBits { bits, least: MIN_RSA_BITS, most: MAX_RSA_BITS });
        }
        Self::usable(Algorithm::RS256, "RS256", DecodingKey::from_rsa_components(n, e))
    }

    /// Checks the key by verifying an empty message: an invalid key gives an error instead of a
    /// mismatch.
    fn usable(
        algorithm: Algorithm,
        name: &'static str,
        key: jsonwebtoken::errors::Result<DecodingKey>,
    ) -> Result<Self, OperatorText> {
        let flawed = |_| OperatorText::KeyUnusable;
        let key = key.map_err(flawed)?;
        crypto::verify("", b"", &key, algorithm).map_err(flawed)?;
        Ok(Self { algorithm, name, public: key })
    }

    /// Returns the name of the algorithm as in the header `alg` of tokens.
    pub(super) fn algorithm(&self) -> &'static str {
        self.name
    }

    pub(super) fn verify_signature(&self, message: &str, signature: &str) -> bool {
        crypto::verify(signature, message.as_bytes(), &self.public, self.algorithm).unwrap_or(false)
    }
}

fn part<'a>(value: Option<&'a String>, name: &str) -> Result<&'a str, OperatorText> {
    value.map(String::as_str).ok_or_else(|| OperatorText::KeyPartMissing { part: name.to_owned() })
}

fn decode(text: &str) -> Result<Vec<u8>, OperatorText> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| OperatorText::KeyNotBase64)
}
