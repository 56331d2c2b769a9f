//! Symmetric signatures by Standard Webhooks (<https://www.standardwebhooks.com>): a holder of the
//! secret can verify origin, content and time of a request.

use crate::id::Log;
use crate::mac::hmac_sha256;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::Mac as _;
use sha2::{Digest, Sha256};

/// The time for which a replaced secret keeps signing, in microseconds: one day.
pub const OVERLAP_US: i64 = 24 * 3_600 * 1_000_000;

/// The secret that signs the requests of one webhook.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret([u8; 32]);

impl Secret {
    /// Returns the secret with these 32 random bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Returns the bytes, for encryption.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Returns the secret as text for its partner, which is shown once.
    #[must_use]
    pub fn reveal(&self) -> String {
        format!("whsec_{}", STANDARD.encode(self.0))
    }

    /// Returns the HMAC-SHA-256 signature of a request: `v1,` and base64.
    #[must_use]
    pub fn sign(&self, message: &str, at_s: i64, body: &[u8]) -> String {
        let signed = [format!("{message}.{at_s}.").as_bytes(), body].concat();
        let tag = hmac_sha256(&self.0).chain_update(signed).finalize().into_bytes();
        format!("v1,{}", STANDARD.encode(tag))
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Returns the value of the signature header of a request at this time: a signature of each secret.
#[must_use]
pub fn sign_all(secrets: &[Secret], message: &str, at_us: i64, body: &[u8]) -> String {
    let second = at_us.div_euclid(1_000_000);
    secrets.iter().map(|secret| secret.sign(message, second, body)).collect::<Vec<_>>().join(" ")
}

/// The subject of a message, independent of attempts and nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageSubject<'a> {
    /// The change at this position of this log.
    Change(Log, i64),
    /// The gap after this cursor.
    Gap(&'a str),
    /// The ping with this number.
    Ping(i64),
}

/// Returns the id of a message to a webhook, by which the receiver detects repetitions. It depends
/// on the epoch, because in another epoch the same positions have other changes.
#[must_use]
pub fn message_id(epoch: &[u8], webhook: &str, subject: MessageSubject<'_>) -> String {
    let subject = match subject {
        MessageSubject::Change(log, position) => format!("change/{}/{position}", log.number()),
        MessageSubject::Gap(cursor) => format!("gap/{cursor}"),
        MessageSubject::Ping(number) => format!("ping/{number}"),
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
    fn signature_follows_the_specification() {
        // By `openssl dgst -sha256 -mac HMAC -macopt hexkey:0707…`.
        let secret = Secret::new([7; 32]);
        let signature = secret.sign("msg_1", 1_700_000_000, b"{}");
        assert_eq!(signature, "v1,nuLLyheCKcS2N8JNOFt5stk98R+umYWr26/ZTfdtGM8=");
        assert_eq!(secret.reveal(), "whsec_BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=");
        assert!(!format!("{secret:?}").contains('7'));
    }

    #[test]
    fn request_has_a_signature_of_each_secret() {
        let [old, new] = [1, 2].map(|byte| Secret::new([byte; 32]));
        let both = format!("{} {}", new.sign("msg_1", 1, b"{}"), old.sign("msg_1", 1, b"{}"));
        assert_eq!(sign_all(&[new, old], "msg_1", 1_999_999, b"{}"), both);
    }

    #[test]
    fn message_id_depends_on_epoch_webhook_and_subject() {
        let name =
            |webhook, position| message_id(&[1], webhook, MessageSubject::Change(Log::new(3), position));
        assert_eq!(name("wh_a", 5), name("wh_a", 5));
        let restored = message_id(&[2], "wh_a", MessageSubject::Change(Log::new(3), 5));
        let others =
            [name("wh_b", 5), name("wh_a", 6), message_id(&[1], "wh_a", MessageSubject::Gap("x")), restored];
        assert!(others.iter().all(|other| *other != name("wh_a", 5)));
        assert!(name("wh_a", 5).starts_with("msg_") && name("wh_a", 5).len() == 28);
    }
}
