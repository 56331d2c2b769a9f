//! The public keys that verify tokens: a JSON Web Key Set (RFC 7517).

use std::{
    collections::{HashMap, hash_map::Entry},
    ops::Range,
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use caunoi_texts::OperatorText;
use ring::{
    agreement::{self, ECDH_P256, EphemeralPrivateKey, agree_ephemeral},
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_FIXED, ED25519, ED25519_PUBLIC_KEY_LEN, RSA_PKCS1_2048_8192_SHA256,
        RsaPublicKeyComponents, UnparsedPublicKey,
    },
};
use serde::{Deserialize, de::IgnoredAny};

const MIN_RSA_BITS: usize = 2_048;
/// Larger keys only make verification slower.
const MAX_RSA_BITS: usize = 4_096;
/// The public exponents that the library accepts, of which an even one is never valid.
const RSA_EXPONENTS: Range<u64> = 3..1 << 33;

/// Maximum number of keys that are read from the set of an issuer.
const MOST_PUBLISHED: usize = 100;

/// The bytes of a coordinate of P-256 (RFC 7518, section 6.2.1.2).
const COORDINATE_BYTES: usize = 32;
/// The first byte of an uncompressed point (SEC 1, section 2.3.3).
const UNCOMPRESSED: u8 = 4;

/// Public keys by `kid`.
#[derive(Debug, Default)]
pub(super) struct KeySet(HashMap<String, VerifyingKey>);

/// A public key. Its kind determines its only algorithm.
#[derive(Debug)]
pub(super) enum VerifyingKey {
    Ed25519(Vec<u8>),
    /// An uncompressed point.
    P256(Vec<u8>),
    Rsa(RsaPublicKeyComponents<Vec<u8>>),
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
        let file: KeySetFile = serde_json::from_str(text).map_err(|error| not_a_key_set(&error))?;
        let mut keys = Self::default();
        for jwk in file.keys.iter().filter(|jwk| jwk.signs()) {
            keys.add(jwk)?;
        }
        Ok(keys)
    }

    /// Parses the key set that an issuer publishes. Keys that cannot be used are left out and returned
    /// with the reason: issuers publish keys of all their algorithms, and one of them must not lock
    /// out the callers of the others.
    ///
    /// # Errors
    /// Returns the reason if the text is not a key set. It never quotes the text.
    pub(super) fn read_published(text: &[u8]) -> Result<(Self, Vec<OperatorText>), OperatorText> {
        let file: KeySetFile = serde_json::from_slice(text).map_err(|error| not_a_key_set(&error))?;
        let (mut keys, mut left_out) = (Self::default(), Vec::new());
        for jwk in file.keys.into_iter().filter(Jwk::signs).take(MOST_PUBLISHED) {
            match keys.add(&jwk) {
                Ok(()) => {}
                Err(why) => left_out.push(why),
            }
        }
        Ok((keys, left_out))
    }

    fn add(&mut self, jwk: &Jwk) -> Result<(), OperatorText> {
        let kid = jwk.kid.clone().filter(|kid| !kid.is_empty()).ok_or(OperatorText::KeyWithoutId)?;
        let key = VerifyingKey::read(jwk)
            .map_err(|why| OperatorText::KeyInvalid { id: kid.clone(), why: Box::new(why) })?;
        match self.0.entry(kid) {
            Entry::Occupied(taken) => Err(OperatorText::KeyIdTwice { id: taken.key().clone() }),
            Entry::Vacant(free) => {
                free.insert(key);
                Ok(())
            }
        }
    }

    /// Returns a set of one Ed25519 key.
    pub(super) fn from_ed25519(kid: String, public_key: &[u8]) -> Self {
        Self(HashMap::from([(kid, VerifyingKey::Ed25519(public_key.to_owned()))]))
    }

    pub(super) fn find(&self, kid: &str) -> Option<&VerifyingKey> {
        self.0.get(kid)
    }
}

impl Jwk {
    /// Returns whether it is not a key for encryption.
    fn signs(&self) -> bool {
        self.purpose.as_deref() != Some("enc")
    }
}

/// Omits the parser's message, which may quote the text.
fn not_a_key_set(error: &serde_json::Error) -> OperatorText {
    OperatorText::NotAKeySet { line: error.line() }
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
        let key = decode(x)?;
        if key.len() == ED25519_PUBLIC_KEY_LEN {
            Ok(Self::Ed25519(key))
        } else {
            Err(OperatorText::KeyNotEd25519)
        }
    }

    fn p256(x: &str, y: &str) -> Result<Self, OperatorText> {
        let (x, y) = (decode(x)?, decode(y)?);
        let point = [&[UNCOMPRESSED][..], &x, &y].concat();
        if x.len() == COORDINATE_BYTES && y.len() == COORDINATE_BYTES && is_on_p256(&point) {
            Ok(Self::P256(point))
        } else {
            Err(OperatorText::KeyUnusable)
        }
    }

    fn rsa(n: &str, e: &str) -> Result<Self, OperatorText> {
        let (n, e) = (decode_number(n)?, decode_number(e)?);
        let bits = n.len() * 8 - n.first().map_or(0, |byte| byte.leading_zeros() as usize);
        if !(MIN_RSA_BITS..=MAX_RSA_BITS).contains(&bits) {
            return Err(OperatorText::KeyBits { bits, least: MIN_RSA_BITS, most: MAX_RSA_BITS });
        }
        // With such a number no signature would match.
        let exponent =
            e.iter().fold(0_u64, |sum, byte| sum.saturating_mul(256).saturating_add((*byte).into()));
        let is_odd = |number: &[u8]| number.last().is_some_and(|byte| byte % 2 == 1);
        if !RSA_EXPONENTS.contains(&exponent) || !is_odd(&e) || !is_odd(&n) {
            return Err(OperatorText::KeyUnusable);
        }
        Ok(Self::Rsa(RsaPublicKeyComponents { n, e }))
    }

    /// Returns the name of the algorithm as in the header `alg` of tokens.
    pub(super) fn algorithm(&self) -> &'static str {
        match self {
            Self::Ed25519(_) => "EdDSA",
            Self::P256(_) => "ES256",
            Self::Rsa(_) => "RS256",
        }
    }

    /// Returns whether this key made `signature`, which is in base64url.
    pub(super) fn verify_signature(&self, message: &str, signature: &str) -> bool {
        let Ok(signature) = URL_SAFE_NO_PAD.decode(signature) else { return false };
        let message = message.as_bytes();
        let verified = match self {
            Self::Ed25519(key) => UnparsedPublicKey::new(&ED25519, key).verify(message, &signature),
            Self::P256(point) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, &signature)
            }
            Self::Rsa(key) => key.verify(&RSA_PKCS1_2048_8192_SHA256, message, &signature),
        };
        verified.is_ok()
    }
}

/// Returns whether a point is on the curve. The library checks a point in a key agreement; in the
/// verification of a signature it reports an invalid point as a mismatch.
fn is_on_p256(point: &[u8]) -> bool {
    let point = agreement::UnparsedPublicKey::new(&ECDH_P256, point);
    EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new())
        .and_then(|own| agree_ephemeral(own, &point, |_| ()))
        .is_ok()
}

fn part<'a>(value: Option<&'a String>, name: &str) -> Result<&'a str, OperatorText> {
    value.map(String::as_str).ok_or_else(|| OperatorText::KeyPartMissing { part: name.to_owned() })
}

fn decode(text: &str) -> Result<Vec<u8>, OperatorText> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| OperatorText::KeyNotBase64)
}

/// Returns a number without its leading zeros, as the library expects it.
fn decode_number(text: &str) -> Result<Vec<u8>, OperatorText> {
    Ok(decode(text)?.into_iter().skip_while(|byte| *byte == 0).collect())
}
