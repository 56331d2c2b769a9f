//! Cursors: opaque, signed, and bound to one purpose.
//!
//! A page cursor contains the sort key of one row and is bound to list, order, filter and language.
//! A log cursor contains one position per log and the id of the database epoch. Both are signed,
//! not encrypted, with the key of the installation: a forged or altered cursor is refused.

use crate::id::Log;
use crate::mac::hmac_sha256;
use crate::validation::{InvalidReason, Reason};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac as _};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The purpose of log cursors.
const POSITIONS: &[u8] = b"positions of an epoch";
/// The purpose of log cursors of earlier releases, which contain no epoch.
const POSITIONS_OF_ANY: &[u8] = b"positions";
/// The purpose for which the key of page cursors is derived; the epoch follows it.
const PAGES: &[u8] = b"pages of epoch ";
const TAG_BYTES: usize = 12;
const LONGEST_CURSOR: usize = 4_096;

/// The key and the purpose of the cursors of one page.
#[derive(Debug)]
pub struct CursorSigner {
    key: InstallationKey,
    purpose: Vec<u8>,
}

impl CursorSigner {
    /// Returns the signer of the cursors of a page.
    #[must_use]
    pub fn new(key: InstallationKey, purpose: Vec<u8>) -> Arc<Self> {
        Arc::new(Self { key, purpose })
    }
}

/// The cursor of a row. Most requests select no cursor, so it is signed only on request.
#[derive(Debug, Clone)]
pub struct RowCursor {
    content: Vec<u8>,
    signer: Arc<CursorSigner>,
}

impl RowCursor {
    /// Returns the cursor of a row of a page; the content is the position of the row.
    #[must_use]
    pub fn new(signer: &Arc<CursorSigner>, content: Vec<u8>) -> Self {
        Self { content, signer: Arc::clone(signer) }
    }

    /// Returns the signed text.
    #[must_use]
    pub fn sign(&self) -> String {
        self.signer.key.sign(&self.signer.purpose, &self.content)
    }
}

/// The secret of the installation, stored in its database. Signs cursors; keys for other purposes
/// are derived from it.
#[derive(Clone)]
pub struct InstallationKey([u8; 32]);

impl InstallationKey {
    /// Returns the key with these 32 random bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Returns `content` and its truncated HMAC-SHA-256 for one purpose, as base64url text.
    #[must_use]
    pub fn sign(&self, purpose: &[u8], content: &[u8]) -> String {
        let tag = self.mac(purpose, content).finalize().into_bytes();
        URL_SAFE_NO_PAD.encode([content, &tag[..TAG_BYTES]].concat())
    }

    /// Returns the content of a text that [`InstallationKey::sign`] made for this purpose.
    ///
    /// # Errors
    /// `Invalid` for any text that this key did not sign for this purpose.
    pub fn verify(&self, purpose: &[u8], signed: &str) -> Result<Vec<u8>, Reason> {
        let invalid = || Reason::from(InvalidReason::ForeignPageCursor);
        if signed.len() > LONGEST_CURSOR {
            return Err(invalid());
        }
        let bytes = URL_SAFE_NO_PAD.decode(signed).map_err(|_| invalid())?;
        let split = bytes.len().checked_sub(TAG_BYTES).ok_or_else(invalid)?;
        let (content, tag) = bytes.split_at(split);
        self.mac(purpose, content).verify_truncated_left(tag).map_err(|_| invalid())?;
        Ok(content.to_vec())
    }

    /// Returns a key for one other purpose; it does not reveal this one.
    #[must_use]
    pub fn derive_key(&self, purpose: &[u8]) -> [u8; 32] {
        self.mac(purpose, b"derived").finalize().into_bytes().into()
    }

    /// Returns the key of page cursors in an epoch. A cursor of another epoch fails verification.
    #[must_use]
    pub fn page_key(&self, epoch: Epoch) -> Self {
        Self(self.derive_key(&[PAGES, epoch.bytes()].concat()))
    }

    fn mac(&self, purpose: &[u8], content: &[u8]) -> Hmac<Sha256> {
        let inner = Sha256::new()
            .chain_update((purpose.len() as u64).to_be_bytes())
            .chain_update(purpose)
            .chain_update(content)
            .finalize();
        hmac_sha256(&self.0).chain_update(inner)
    }
}

impl std::fmt::Debug for InstallationKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("InstallationKey(…)")
    }
}

/// An epoch of the database: it changes on restore. Within one epoch no log loses a change; in
/// another one the same positions may have other changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Epoch([u8; 32]);

impl Epoch {
    /// Returns the epoch with these 32 random bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Returns the 32 bytes.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Returns the short hash by which cursors identify the epoch.
    #[must_use]
    pub fn tag(&self) -> EpochTag {
        let hash: [u8; 32] = Sha256::digest(self.0).into();
        EpochTag(hash.first_chunk().copied().unwrap_or_default())
    }
}

/// The first 8 bytes of the SHA-256 of an epoch. The default belongs to no epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EpochTag([u8; 8]);

/// One position per log: the state that a response was computed from. Positions of different
/// epochs are never equal, and neither is within the other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Positions {
    epoch: EpochTag,
    by_log: BTreeMap<Log, i64>,
}

impl Positions {
    /// Returns positions of an epoch by log; logs at position 0 may be omitted.
    #[must_use]
    pub fn new(epoch: EpochTag, by_log: BTreeMap<Log, i64>) -> Self {
        Self { epoch, by_log }
    }

    /// Returns the epoch of the positions.
    #[must_use]
    pub fn epoch(&self) -> EpochTag {
        self.epoch
    }

    /// Returns the position in this log; 0 for an empty log.
    #[must_use]
    pub fn at(&self, log: Log) -> i64 {
        self.by_log.get(&log).copied().unwrap_or(0)
    }

    /// Returns the logs that are not empty, each with its position.
    pub fn iter(&self) -> impl Iterator<Item = (Log, i64)> {
        self.by_log.iter().map(|(log, position)| (*log, *position))
    }

    /// Returns whether no position is greater than in `other`.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        self.epoch == other.epoch && self.iter().all(|(log, position)| position <= other.at(log))
    }

    /// Returns the lesser position of both for each log.
    #[must_use]
    pub fn up_to(&self, other: &Self) -> Self {
        let by_log = self.iter().map(|(log, position)| (log, position.min(other.at(log)))).collect();
        Self { epoch: self.epoch, by_log }
    }

    /// Returns the positions with another position in one log.
    #[must_use]
    pub fn with(mut self, log: Log, position: i64) -> Self {
        self.by_log.insert(log, position);
        self
    }

    /// Returns the signed log cursor for clients.
    #[must_use]
    pub fn to_cursor(&self, key: &InstallationKey) -> String {
        let mut content = Vec::with_capacity(8 + self.by_log.len() * 4);
        content.extend_from_slice(&self.epoch.0);
        for (log, position) in self.by_log.iter().filter(|(_, position)| **position > 0) {
            content.extend_from_slice(&log.number().to_be_bytes());
            let bytes = position.to_be_bytes();
            let skip = bytes.iter().take_while(|byte| **byte == 0).count().min(7);
            content.push(u8::try_from(8 - skip).unwrap_or(8));
            content.extend_from_slice(&bytes[skip..]);
        }
        key.sign(POSITIONS, &content)
    }

    /// Returns the positions of a log cursor. Those of a cursor of an earlier release, without
    /// epoch, belong to no epoch.
    ///
    /// # Errors
    /// `Invalid` for any text that this installation did not sign as a log cursor.
    pub fn from_cursor(key: &InstallationKey, signed: &str) -> Result<Self, Reason> {
        let foreign = || Reason::from(InvalidReason::ForeignCursor);
        let (epoch, content) = match key.verify(POSITIONS, signed) {
            Ok(content) => {
                let (epoch, rest) = content.split_first_chunk().ok_or_else(foreign)?;
                (EpochTag(*epoch), rest.to_vec())
            }
            Err(_) => (EpochTag::default(), key.verify(POSITIONS_OF_ANY, signed).map_err(|_| foreign())?),
        };
        let mut rest = content.as_slice();
        let mut positions = BTreeMap::new();
        while let [high, low, length, after @ ..] = rest {
            let (digits, more) = after.split_at_checked(usize::from(*length)).ok_or_else(foreign)?;
            let position = digits.iter().fold(0_i64, |sum, digit| sum << 8 | i64::from(*digit));
            positions.insert(Log::new(i16::from_be_bytes([*high, *low])), position);
            rest = more;
        }
        if rest.is_empty() { Ok(Self::new(epoch, positions)) } else { Err(foreign()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_cursor_contains_its_positions() {
        let key = InstallationKey::new([7; 32]);
        let logs = [(0, 1), (1, 255), (2, 256), (34, i64::MAX)].map(|(log, at)| (Log::new(log), at));
        let epoch = Epoch::new([1; 32]).tag();
        let positions = Positions::new(epoch, logs.into_iter().collect());
        assert_eq!(Positions::from_cursor(&key, &positions.to_cursor(&key)).unwrap(), positions);
        assert_eq!(
            Positions::from_cursor(&key, &Positions::default().to_cursor(&key)).unwrap(),
            Positions::default()
        );
        assert!(Positions::from_cursor(&InstallationKey::new([8; 32]), &positions.to_cursor(&key)).is_err());
        assert!(Positions::from_cursor(&key, &key.sign(b"relations by name", b"row 5")).is_err());
    }

    #[test]
    fn positions_of_different_epochs_are_never_equal_nor_within() {
        let [one, other] = [1, 2].map(|byte| Epoch::new([byte; 32]).tag());
        let at = |epoch, position| Positions::new(epoch, [(Log::new(1), position)].into());
        assert_ne!(at(one, 5), at(other, 5));
        assert!(!at(one, 5).is_within(&at(other, 9)) && at(one, 5).is_within(&at(one, 9)));
        let key = InstallationKey::new([7; 32]);
        let verified = Positions::from_cursor(&key, &at(one, 5).to_cursor(&key)).unwrap();
        assert_eq!((verified.epoch(), verified.at(Log::new(1))), (one, 5));
        assert_eq!(verified.with(Log::new(2), 1).epoch(), one);
    }

    #[test]
    fn log_cursor_of_an_earlier_release_has_no_epoch() {
        let key = InstallationKey::new([7; 32]);
        let of_an_earlier_release = key.sign(POSITIONS_OF_ANY, &[0, 3, 1, 5]);
        let verified = Positions::from_cursor(&key, &of_an_earlier_release).unwrap();
        assert_eq!((verified.epoch(), verified.at(Log::new(3))), (EpochTag::default(), 5));
    }

    #[test]
    fn page_cursors_of_another_epoch_are_refused() {
        let key = InstallationKey::new([7; 32]);
        let [one, other] = [1, 2].map(|byte| key.page_key(Epoch::new([byte; 32])));
        let signed = one.sign(b"relations by name", b"row 5");
        assert!(one.verify(b"relations by name", &signed).is_ok());
        assert!(other.verify(b"relations by name", &signed).is_err());
    }

    #[test]
    fn positions_are_compared_log_by_log() {
        let at = |first, second| {
            Positions::new(EpochTag::default(), [(Log::new(1), first), (Log::new(2), second)].into())
        };
        assert!(at(1, 2).is_within(&at(1, 2)));
        assert!(at(0, 2).is_within(&at(1, 2)) && !at(1, 2).is_within(&at(0, 3)));
        assert!(Positions::default().is_within(&at(0, 0)) && at(0, 0).is_within(&Positions::default()));
        assert_eq!(at(5, 2).up_to(&at(4, 3)), at(4, 2));
        assert_eq!(at(5, 2).up_to(&Positions::default()), at(0, 0));
    }

    #[test]
    fn only_texts_signed_for_the_purpose_verify() {
        let key = InstallationKey::new([7; 32]);
        let signed = key.sign(b"relations by name", b"row 5");
        assert_eq!(key.verify(b"relations by name", &signed).unwrap(), b"row 5");
        assert!(key.verify(b"agreements by name", &signed).is_err());
        assert!(InstallationKey::new([8; 32]).verify(b"relations by name", &signed).is_err());
        for junk in ["", "a", "💥", "AAAA", &"x".repeat(100_000)] {
            assert!(key.verify(b"relations by name", junk).is_err());
        }
        let mut flipped = signed.clone().into_bytes();
        flipped[0] = if flipped[0] == b'A' { b'B' } else { b'A' };
        assert!(key.verify(b"relations by name", &String::from_utf8(flipped).unwrap()).is_err());
    }
}
