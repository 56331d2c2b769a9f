//! Cursors: opaque, sealed, and bound to what they were made for.
//!
//! A page cursor carries the order keys of one row and is bound to list, order, filter and
//! language. A log cursor carries a position for each log, and names the epoch of the database that
//! these are of. Both are sealed with the installation's key, so a forged or altered one is refused.

use crate::id::Log;
use crate::refusal::Refusal;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// What a log cursor is sealed for.
const POSITIONS: &[u8] = b"positions of an epoch";
/// What log cursors were sealed for that named no epoch.
const POSITIONS_OF_ANY: &[u8] = b"positions";
/// What the key of page cursors is derived for, with the epoch.
const PAGES: &[u8] = b"pages of epoch ";
const SEAL_BYTES: usize = 12;
const LONGEST_CURSOR: usize = 4_096;

/// The secret that cursors are sealed with; it lives in the database.
#[derive(Clone)]
pub struct SealingKey([u8; 32]);

impl SealingKey {
    /// A key from 32 random bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Seals bytes for one purpose, as text.
    #[must_use]
    pub fn seal(&self, purpose: &[u8], content: &[u8]) -> String {
        let tag = self.tag(purpose, content);
        URL_SAFE_NO_PAD.encode([content, &tag[..SEAL_BYTES]].concat())
    }

    /// The bytes that were sealed as text for this purpose.
    ///
    /// # Errors
    /// Anything that this key did not seal for this purpose.
    pub fn open(&self, purpose: &[u8], sealed: &str) -> Result<Vec<u8>, Refusal> {
        let broken =
            || Refusal::Invalid("the cursor is not one of this list: ask again from the start".into());
        if sealed.len() > LONGEST_CURSOR {
            return Err(broken());
        }
        let bytes = URL_SAFE_NO_PAD.decode(sealed).map_err(|_| broken())?;
        let split = bytes.len().checked_sub(SEAL_BYTES).ok_or_else(broken)?;
        let (content, seal) = bytes.split_at(split);
        let tag = self.tag(purpose, content);
        let differs = seal.iter().zip(&tag).fold(0, |sum, (one, other)| sum | (one ^ other));
        if differs == 0 { Ok(content.to_vec()) } else { Err(broken()) }
    }

    /// Another key, for one purpose alone; it tells nothing of this one.
    #[must_use]
    pub fn derive(&self, purpose: &[u8]) -> [u8; 32] {
        self.tag(purpose, b"derived")
    }

    /// The key of page cursors in an epoch: one of another epoch is refused like a foreign one.
    #[must_use]
    pub fn of_pages(&self, epoch: Epoch) -> Self {
        Self(self.derive(&[PAGES, epoch.bytes()].concat()))
    }

    fn tag(&self, purpose: &[u8], content: &[u8]) -> [u8; 32] {
        let inner = Sha256::new()
            .chain_update((purpose.len() as u64).to_be_bytes())
            .chain_update(purpose)
            .chain_update(content)
            .finalize();
        // A key of 32 bytes is valid for HMAC-SHA-256, so the other arm is never reached.
        Hmac::<Sha256>::new_from_slice(&self.0)
            .map_or([0; 32], |mac| mac.chain_update(inner).finalize().into_bytes().into())
    }
}

impl std::fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealingKey(…)")
    }
}

/// An epoch of the database. Within one, no log loses a change; in another one the same positions
/// may have other changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Epoch([u8; 32]);

impl Epoch {
    /// An epoch from 32 random bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The name that cursors carry.
    #[must_use]
    pub fn tag(&self) -> EpochTag {
        let hash: [u8; 32] = Sha256::digest(self.0).into();
        EpochTag(hash.first_chunk().copied().unwrap_or_default())
    }
}

/// Names an epoch within cursors. The default one is that of no epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EpochTag([u8; 8]);

/// Where in every log: the state that an answer was computed from. Positions of different epochs
/// are never equal, and neither is within the other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Positions {
    epoch: EpochTag,
    by_log: BTreeMap<Log, i64>,
}

impl Positions {
    /// Positions of an epoch by log; logs at position 0 may be left out.
    #[must_use]
    pub fn new(epoch: EpochTag, by_log: BTreeMap<Log, i64>) -> Self {
        Self { epoch, by_log }
    }

    /// The epoch that they are of.
    #[must_use]
    pub fn epoch(&self) -> EpochTag {
        self.epoch
    }

    /// The position in this log; 0 where nothing was written.
    #[must_use]
    pub fn at(&self, log: Log) -> i64 {
        self.by_log.get(&log).copied().unwrap_or(0)
    }

    /// Every log that something was written in, and the position there.
    pub fn iter(&self) -> impl Iterator<Item = (Log, i64)> {
        self.by_log.iter().map(|(log, position)| (*log, *position))
    }

    /// Whether no log has come further than there.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        self.epoch == other.epoch && self.iter().all(|(log, position)| position <= other.at(log))
    }

    /// The same, but in no log further than there.
    #[must_use]
    pub fn up_to(&self, other: &Self) -> Self {
        let by_log = self.iter().map(|(log, position)| (log, position.min(other.at(log)))).collect();
        Self { epoch: self.epoch, by_log }
    }

    /// The same with another position in one log.
    #[must_use]
    pub fn with(mut self, log: Log, position: i64) -> Self {
        self.by_log.insert(log, position);
        self
    }

    /// As callers carry it.
    #[must_use]
    pub fn seal(&self, key: &SealingKey) -> String {
        let mut content = Vec::with_capacity(8 + self.by_log.len() * 4);
        content.extend_from_slice(&self.epoch.0);
        for (log, position) in self.by_log.iter().filter(|(_, position)| **position > 0) {
            content.extend_from_slice(&log.number().to_be_bytes());
            let bytes = position.to_be_bytes();
            let skip = bytes.iter().take_while(|byte| **byte == 0).count().min(7);
            content.push(u8::try_from(8 - skip).unwrap_or(8));
            content.extend_from_slice(&bytes[skip..]);
        }
        key.seal(POSITIONS, &content)
    }

    /// The positions that a caller brings back. Those of a cursor that was sealed before cursors
    /// named their epoch are of no epoch.
    ///
    /// # Errors
    /// Anything that this installation did not seal.
    pub fn open(key: &SealingKey, sealed: &str) -> Result<Self, Refusal> {
        let foreign = || Refusal::Invalid("the cursor is not one of this register".into());
        let (epoch, content) = match key.open(POSITIONS, sealed) {
            Ok(content) => {
                let (epoch, rest) = content.split_first_chunk().ok_or_else(foreign)?;
                (EpochTag(*epoch), rest.to_vec())
            }
            Err(_) => (EpochTag::default(), key.open(POSITIONS_OF_ANY, sealed).map_err(|_| foreign())?),
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
    fn positions_come_back_as_they_were_sealed() {
        let key = SealingKey::new([7; 32]);
        let logs = [(0, 1), (1, 255), (2, 256), (34, i64::MAX)].map(|(log, at)| (Log::new(log), at));
        let epoch = Epoch::new([1; 32]).tag();
        let positions = Positions::new(epoch, logs.into_iter().collect());
        assert_eq!(Positions::open(&key, &positions.seal(&key)).unwrap(), positions);
        assert_eq!(Positions::open(&key, &Positions::default().seal(&key)).unwrap(), Positions::default());
        assert!(Positions::open(&SealingKey::new([8; 32]), &positions.seal(&key)).is_err());
        assert!(Positions::open(&key, &key.seal(b"relations by name", b"row 5")).is_err());
    }

    #[test]
    fn positions_of_another_epoch_are_never_the_same_nor_within() {
        let [one, other] = [1, 2].map(|byte| Epoch::new([byte; 32]).tag());
        let at = |epoch, position| Positions::new(epoch, [(Log::new(1), position)].into());
        assert_ne!(at(one, 5), at(other, 5));
        assert!(!at(one, 5).is_within(&at(other, 9)) && at(one, 5).is_within(&at(one, 9)));
        let key = SealingKey::new([7; 32]);
        let opened = Positions::open(&key, &at(one, 5).seal(&key)).unwrap();
        assert_eq!((opened.epoch(), opened.at(Log::new(1))), (one, 5));
        assert_eq!(opened.with(Log::new(2), 1).epoch(), one);
    }

    #[test]
    fn a_cursor_that_names_no_epoch_is_of_none() {
        let key = SealingKey::new([7; 32]);
        let of_an_earlier_release = key.seal(POSITIONS_OF_ANY, &[0, 3, 1, 5]);
        let opened = Positions::open(&key, &of_an_earlier_release).unwrap();
        assert_eq!((opened.epoch(), opened.at(Log::new(3))), (EpochTag::default(), 5));
    }

    #[test]
    fn page_cursors_of_another_epoch_are_refused() {
        let key = SealingKey::new([7; 32]);
        let [one, other] = [1, 2].map(|byte| key.of_pages(Epoch::new([byte; 32])));
        let sealed = one.seal(b"relations by name", b"row 5");
        assert!(one.open(b"relations by name", &sealed).is_ok());
        assert!(other.open(b"relations by name", &sealed).is_err());
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
    fn only_what_was_sealed_for_the_purpose_opens() {
        let key = SealingKey::new([7; 32]);
        let sealed = key.seal(b"relations by name", b"row 5");
        assert_eq!(key.open(b"relations by name", &sealed).unwrap(), b"row 5");
        assert!(key.open(b"agreements by name", &sealed).is_err());
        assert!(SealingKey::new([8; 32]).open(b"relations by name", &sealed).is_err());
        for junk in ["", "a", "💥", "AAAA", &"x".repeat(100_000)] {
            assert!(key.open(b"relations by name", junk).is_err());
        }
        let mut flipped = sealed.clone().into_bytes();
        flipped[0] = if flipped[0] == b'A' { b'B' } else { b'A' };
        assert!(key.open(b"relations by name", &String::from_utf8(flipped).unwrap()).is_err());
    }
}
