//! Signatures by Standard Webhooks (<https://www.standardwebhooks.com>), symmetric: whoever holds
//! the secret can tell that a call came from the register, unaltered, and when.

use crate::id::Log;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

/// How long a secret signs beside the one that took its place, in microseconds: a day.
pub const OVERLAP_US: i64 = 24 * 3_600 * 1_000_000;

/// What the calls of one webhook are signed with.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret([u8; 32]);

impl Secret {
    /// A secret of 32 random bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes, to be kept.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// As its partner is told it, once.
    #[must_use]
    pub fn reveal(&self) -> String {
        format!("whsec_{}", STANDARD.encode(self.0))
    }

    /// The signature of a call.
    #[must_use]
    pub fn sign(&self, message: &str, at_s: i64, body: &[u8]) -> String {
        let signed = [format!("{message}.{at_s}.").as_bytes(), body].concat();
        // A key of 32 bytes is valid for HMAC-SHA-256, so the other arm is never reached.
        let tag = Hmac::<Sha256>::new_from_slice(&self.0)
            .map_or_else(|_| Vec::new(), |mac| mac.chain_update(signed).finalize().into_bytes().to_vec());
        format!("v1,{}", STANDARD.encode(tag))
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// What a message speaks of: the same, however often and by whichever way it is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject<'a> {
    /// The change at this position of this log.
    Change(Log, i64),
    /// That there is a gap after this cursor.
    Gap(&'a str),
    /// The ping of this number.
    Ping(i64),
}

/// The name of a message to a webhook, by which its receiver tells a repetition. In another life of
/// the database (`epoch`) the same positions stand for other changes.
#[must_use]
pub fn message_id(epoch: &[u8], webhook: &str, subject: Subject<'_>) -> String {
    let subject = match subject {
        Subject::Change(log, position) => format!("change/{}/{position}", log.number()),
        Subject::Gap(cursor) => format!("gap/{cursor}"),
        Subject::Ping(number) => format!("ping/{number}"),
    };
    let named = format!("{webhook}/{subject}");
    let hash = Sha256::new().chain_update((epoch.len() as u64).to_be_bytes()).chain_update(epoch);
    let hash = hash.chain_update(named).finalize();
    format!("msg_{}", URL_SAFE_NO_PAD.encode(&hash[..18]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_that_of_the_specification() {
        // By `openssl dgst -sha256 -mac HMAC -macopt hexkey:0707…`.
        let secret = Secret::new([7; 32]);
        let signature = secret.sign("msg_1", 1_700_000_000, b"{}");
        assert_eq!(signature, "v1,nuLLyheCKcS2N8JNOFt5stk98R+umYWr26/ZTfdtGM8=");
        assert_eq!(secret.reveal(), "whsec_BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=");
        assert!(!format!("{secret:?}").contains('7'));
    }

    #[test]
    fn a_message_is_named_by_what_it_speaks_of_and_to_whom() {
        let name = |webhook, position| message_id(&[1], webhook, Subject::Change(Log::new(3), position));
        assert_eq!(name("wh_a", 5), name("wh_a", 5));
        let restored = message_id(&[2], "wh_a", Subject::Change(Log::new(3), 5));
        let others =
            [name("wh_b", 5), name("wh_a", 6), message_id(&[1], "wh_a", Subject::Gap("x")), restored];
        assert!(others.iter().all(|other| *other != name("wh_a", 5)));
        assert!(name("wh_a", 5).starts_with("msg_") && name("wh_a", 5).len() == 28);
    }
}
