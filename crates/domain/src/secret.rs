//! Secrets that the database stores encrypted, under keys that it does not have.
//!
//! An encrypted secret begins with a byte for the version of its form and the id of its key; the rest
//! is the cipher's. Its encryption is bound to a context, the place of the secret, so that a value
//! which was moved to another row cannot be decrypted there.

use std::fmt;

/// The version of the form, in the first byte.
pub const VERSION: u8 = 1;
/// The length of a secret that an earlier release stored in plain.
const PLAIN_BYTES: usize = 32;

/// The public id of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SecretKeyId(pub [u8; 8]);

/// In hexadecimal digits.
impl fmt::Display for SecretKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", u64::from_be_bytes(self.0))
    }
}

/// Why a secret cannot be encrypted or decrypted. Contains no part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretError {
    /// None of the given keys has this id.
    UnknownKey(SecretKeyId),
    /// The value was changed, or moved from another place.
    Damaged,
    /// The system gave no random bytes.
    NoRandom,
    /// The register was opened without keys.
    NoKeys,
}

/// For logs and the command line.
impl fmt::Display for SecretError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownKey(key) => write!(f, "the secret key {key} is missing: add it to secret_key"),
            Self::Damaged => f.write_str("the secret was changed, or moved from another row"),
            Self::NoRandom => f.write_str("the system gave no random bytes"),
            Self::NoKeys => f.write_str("the register was opened without secret keys"),
        }
    }
}

impl std::error::Error for SecretError {}

/// Encrypts and decrypts secrets with authenticated encryption.
pub trait SecretCipher: fmt::Debug + Send + Sync {
    /// Encrypts a secret of this context with the current key.
    ///
    /// # Errors
    /// `NoRandom`.
    fn encrypt(&self, plain: &[u8; 32], context: &str) -> Result<EncryptedSecret, SecretError>;

    /// Decrypts a secret of this context.
    ///
    /// # Errors
    /// `UnknownKey` or `Damaged`.
    fn decrypt(&self, secret: &EncryptedSecret, context: &str) -> Result<[u8; 32], SecretError>;

    /// Returns the ids of the keys, the current one first.
    fn key_ids(&self) -> Vec<SecretKeyId>;
}

/// A secret as it is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct EncryptedSecret(Vec<u8>);

impl EncryptedSecret {
    /// Returns the secret with these stored bytes.
    #[must_use]
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// Returns the bytes to store.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Returns the secret itself if an earlier release stored it in plain.
    #[must_use]
    pub fn plain(&self) -> Option<&[u8; PLAIN_BYTES]> {
        self.0.as_slice().try_into().ok()
    }

    /// Returns the id of its key and what its cipher wrote; `None` if it has another form.
    #[must_use]
    pub fn parts(&self) -> Option<(SecretKeyId, &[u8])> {
        let (version, rest) = self.0.split_first()?;
        let (key, rest) = rest.split_first_chunk()?;
        (*version == VERSION && self.0.len() != PLAIN_BYTES).then_some((SecretKeyId(*key), rest))
    }

    /// Returns whether it must be encrypted again: it is in plain, or its key is not `current`.
    #[must_use]
    pub fn is_outdated(&self, current: SecretKeyId) -> bool {
        self.parts().is_none_or(|(key, _)| key != current)
    }
}

impl fmt::Debug for EncryptedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EncryptedSecret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn form_of_a_secret_tells_plain_from_encrypted() {
        let plain = EncryptedSecret::from_bytes(vec![VERSION; 32]);
        assert!(plain.plain().is_some() && plain.parts().is_none());
        let key = SecretKeyId([7; 8]);
        let bytes = [&[VERSION][..], &key.0, &[0; 60]].concat();
        let encrypted = EncryptedSecret::from_bytes(bytes.clone());
        assert_eq!(encrypted.parts(), Some((key, &[0; 60][..])));
        assert!(encrypted.plain().is_none());
        assert!(!encrypted.is_outdated(key) && encrypted.is_outdated(SecretKeyId([8; 8])));
        assert!(plain.is_outdated(key));
        for other in [vec![], vec![VERSION; 5], [&[2][..], &bytes[1..]].concat()] {
            assert_eq!(EncryptedSecret::from_bytes(other).parts(), None);
        }
        assert_eq!(key.to_string(), "0707070707070707");
        assert!(!format!("{plain:?}").contains('1'));
    }
}
