//! Names of the feed and of its changes that hold everywhere and for good: UUIDs made from what
//! they stand for.

use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named<'a> {
    /// The changes that these words ask for.
    Feed(&'a str),
    /// The change at this position of the log of a province; none is the ministry's.
    Change(Option<&'a str>, i64),
    /// That there is a gap before this cursor.
    Gap(&'a str),
}

/// Names what a feed tells, as a URN. In another life of the database (`epoch`) the same positions
/// stand for other changes, as they do for webhooks.
#[derive(Debug, Clone)]
pub struct Namer {
    epoch: [u8; 32],
}

impl Namer {
    /// Names for one life of the database.
    #[must_use]
    pub fn new(epoch: &[u8]) -> Self {
        Self { epoch: Sha256::digest(epoch).into() }
    }

    /// The name: `urn:uuid:…`, of the version that is left to whoever makes it (RFC 9562, 8).
    #[must_use]
    pub fn name(&self, named: Named<'_>) -> String {
        let text = match named {
            Named::Feed(words) => format!("feed/{words}"),
            Named::Change(province, position) => {
                format!("change/{}/{position}", province.unwrap_or_default())
            }
            Named::Gap(cursor) => format!("gap/{cursor}"),
        };
        let hash = Sha256::new().chain_update(self.epoch).chain_update(text).finalize();
        let mut name = String::from("urn:uuid:");
        for (index, byte) in hash.iter().take(16).enumerate() {
            let byte = match index {
                6 => 0x80 | (byte & 0x0f),
                8 => 0x80 | (byte & 0x3f),
                _ => *byte,
            };
            let dash = if matches!(index, 4 | 6 | 8 | 10) { "-" } else { "" };
            // Writing to a string cannot fail.
            let _ = write!(name, "{dash}{byte:02x}");
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_uuid_of_what_it_stands_for() {
        let namer = Namer::new(&[1]);
        let name = namer.name(Named::Change(Some("Province:3"), 5));
        assert_eq!(name, namer.name(Named::Change(Some("Province:3"), 5)));
        let (_, uuid) = name.split_at("urn:uuid:".len());
        let lengths: Vec<usize> = uuid.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
        assert_eq!(&uuid[14..15], "8");
        let others = [
            namer.name(Named::Change(Some("Province:3"), 6)),
            namer.name(Named::Change(None, 5)),
            namer.name(Named::Feed("")),
            namer.name(Named::Gap("x")),
            Namer::new(&[2]).name(Named::Change(Some("Province:3"), 5)),
        ];
        assert!(others.iter().all(|other| *other != name));
    }
}
