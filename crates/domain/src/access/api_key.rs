//! API keys: long-lived secrets of partners and machines.
//!
//! A key is `caunoi_` and 58 characters, which contain 256 random bits and a checksum. Secret scanners
//! find it by its form, and a mistyped or invented one is refused without a look-up. The register
//! stores the SHA-256 of the bits: 256 random bits cannot be guessed, so a slow hash would only cost
//! time at each request.

use crate::access::network::contains;
use crate::id::Log;
use crate::policy::{Actor, Role};
use crate::text;
use crate::validation::Reason;
use data_encoding::{BASE32_NOPAD, HEXLOWER};
use ipnet::IpNet;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::net::IpAddr;
use strum::{EnumMessage, EnumString, IntoStaticStr, VariantArray};

/// The beginning of every key.
pub const KEY_PREFIX: &str = "caunoi_";
/// The beginning of the name of an actor with a key; persons have none such.
pub const ACTOR_PREFIX: &str = "key:";
/// The longest life of a key, in microseconds: 366 days.
pub const LONGEST_LIFE_US: i64 = 366 * 24 * 3_600 * 1_000_000;
/// The maximum number of networks of a key.
pub const MOST_NETWORKS: usize = 20;

const SECRET_BYTES: usize = 32;
const CHECKSUM_BYTES: usize = 4;
/// Secret and checksum in base32.
const ENCODED_CHARS: usize = ((SECRET_BYTES + CHECKSUM_BYTES) * 8).div_ceil(5);

/// The secret of a key. It is shown once, when the key is created.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKeySecret([u8; SECRET_BYTES]);

impl ApiKeySecret {
    /// Returns the secret with these random bytes.
    #[must_use]
    pub const fn new(bytes: [u8; SECRET_BYTES]) -> Self {
        Self(bytes)
    }

    /// Returns the key as text for its owner.
    #[must_use]
    pub fn reveal(&self) -> String {
        let bytes = [self.0.as_slice(), &checksum(&self.0)].concat();
        format!("{KEY_PREFIX}{}", BASE32_NOPAD.encode(&bytes).to_ascii_lowercase())
    }

    /// Parses the text of a key; None if it has another form or its checksum is wrong.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let encoded = text.strip_prefix(KEY_PREFIX)?;
        if encoded.len() != ENCODED_CHARS || encoded.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return None;
        }
        let bytes = BASE32_NOPAD.decode(encoded.to_ascii_uppercase().as_bytes()).ok()?;
        let (secret, given) = bytes.split_first_chunk::<SECRET_BYTES>()?;
        (given == checksum(secret)).then_some(Self(*secret))
    }

    /// Returns the hash under which the key is stored and found.
    #[must_use]
    pub fn hash(&self) -> KeyHash {
        KeyHash(Sha256::digest(self.0).into())
    }
}

impl fmt::Debug for ApiKeySecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKeySecret(…)")
    }
}

/// CRC-32 over prefix and secret, so that a scanner can tell a key from a text of the same form.
fn checksum(secret: &[u8; SECRET_BYTES]) -> [u8; CHECKSUM_BYTES] {
    let mut crc = crc32fast::Hasher::new();
    crc.update(KEY_PREFIX.as_bytes());
    crc.update(secret);
    crc.finalize().to_be_bytes()
}

/// The SHA-256 of the secret of a key.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyHash([u8; 32]);

impl fmt::Debug for KeyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyHash(…)")
    }
}

impl Serialize for KeyHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&HEXLOWER.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for KeyHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = HEXLOWER.decode(text.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or_else(|| D::Error::custom("not 64 hexadecimal digits"))
    }
}

/// The role of a key. Stewards are persons, never machines.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
    EnumMessage,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ApiKeyRole {
    /// A partner system: reads published data and can have webhooks.
    Partner,
    /// A machine of a province that drafts entries.
    Clerk,
    /// A machine of a province that publishes entries.
    Publisher,
    /// A machine that reads for the ministry.
    Analyst,
}

impl From<ApiKeyRole> for Role {
    fn from(role: ApiKeyRole) -> Self {
        match role {
            ApiKeyRole::Partner => Self::Partner,
            ApiKeyRole::Clerk => Self::Clerk,
            ApiKeyRole::Publisher => Self::Publisher,
            ApiKeyRole::Analyst => Self::Analyst,
        }
    }
}

/// The rights of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, EnumString, VariantArray, EnumMessage)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum ApiKeyScope {
    /// Reads all that the role may see.
    Read,
    /// Also writes all that the role may write.
    Write,
}

/// An API key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApiKey {
    /// The name of the machine, which no other key ever has.
    pub name: String,
    /// The role.
    pub role: ApiKeyRole,
    /// The province of a provincial role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub province: Option<Log>,
    /// Whether the key permits the writes of the role.
    pub may_write: bool,
    /// The networks from which it may be used; empty for all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub networks: Vec<IpNet>,
    /// The expiry, in microseconds since 1970.
    pub expires_at_us: i64,
    /// The hash of its secret.
    pub hash: KeyHash,
}

impl ApiKey {
    /// Returns the actor of requests with the key.
    ///
    /// # Errors
    /// `RoleWithoutProvince` or `RoleWithProvince` if the role and the province do not fit.
    pub fn actor(&self) -> Result<Actor, Reason> {
        let role = Role::from(self.role);
        let name = format!("{ACTOR_PREFIX}{}", self.name);
        Actor::new(role, &name, self.province, self.may_write && role.may_write())
    }

    /// Returns whether the key may be used from an address.
    #[must_use]
    pub fn permits(&self, address: IpAddr) -> bool {
        self.networks.is_empty() || self.networks.iter().any(|network| contains(network, address))
    }

    /// Returns the scopes.
    #[must_use]
    pub fn scopes(&self) -> &'static [ApiKeyScope] {
        if self.may_write { &[ApiKeyScope::Read, ApiKeyScope::Write] } else { &[ApiKeyScope::Read] }
    }
}

/// Returns whether the name of a person looks like that of an actor with a key.
#[must_use]
pub fn is_reserved_name(name: &str) -> bool {
    text::fold(name).trim_start().starts_with(ACTOR_PREFIX)
}
