//! Permanent ids of the Atom feed and its entries: UUIDs derived from their subject.

use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// The subject of a feed id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedIdSubject<'a> {
    /// The feed with these query parameters.
    Feed(&'a str),
    /// The change at this position of the log of a province; None for the log of the ministry.
    Change(Option<&'a str>, i64),
    /// The gap before this cursor.
    Gap(&'a str),
}

/// Derives feed ids within one epoch of the database: in another epoch the same positions have
/// other changes, and therefore other ids.
#[derive(Debug, Clone)]
pub struct FeedIdGenerator {
    epoch: [u8; 32],
}

impl FeedIdGenerator {
    /// Returns a generator for one epoch.
    #[must_use]
    pub fn new(epoch: &[u8]) -> Self {
        Self { epoch: Sha256::digest(epoch).into() }
    }

    /// Returns the id of a subject: `urn:uuid:…`, a UUID of version 8 (RFC 9562).
    #[must_use]
    pub fn id(&self, subject: FeedIdSubject<'_>) -> String {
        let text = match subject {
            FeedIdSubject::Feed(words) => format!("feed/{words}"),
            FeedIdSubject::Change(province, position) => {
                format!("change/{}/{position}", province.unwrap_or_default())
            }
            FeedIdSubject::Gap(cursor) => format!("gap/{cursor}"),
        };
        let hash = Sha256::new().chain_update(self.epoch).chain_update(text).finalize();
        let mut id = String::from("urn:uuid:");
        for (index, byte) in hash.iter().take(16).enumerate() {
            let byte = match index {
                6 => 0x80 | (byte & 0x0f),
                8 => 0x80 | (byte & 0x3f),
                _ => *byte,
            };
            let dash = if matches!(index, 4 | 6 | 8 | 10) { "-" } else { "" };
            // Writing to a string cannot fail.
            let _ = write!(id, "{dash}{byte:02x}");
        }
        id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feed_id_is_a_uuid_of_its_subject() {
        let ids = FeedIdGenerator::new(&[1]);
        let id = ids.id(FeedIdSubject::Change(Some("Province:3"), 5));
        assert_eq!(id, ids.id(FeedIdSubject::Change(Some("Province:3"), 5)));
        let (_, uuid) = id.split_at("urn:uuid:".len());
        let lengths: Vec<usize> = uuid.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
        assert_eq!(&uuid[14..15], "8");
        let others = [
            ids.id(FeedIdSubject::Change(Some("Province:3"), 6)),
            ids.id(FeedIdSubject::Change(None, 5)),
            ids.id(FeedIdSubject::Feed("")),
            ids.id(FeedIdSubject::Gap("x")),
            FeedIdGenerator::new(&[2]).id(FeedIdSubject::Change(Some("Province:3"), 5)),
        ];
        assert!(others.iter().all(|other| *other != id));
    }
}
