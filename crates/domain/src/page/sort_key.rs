//! Sort keys: bytes that compare in the order of the rows of a list.

use sha2::{Digest, Sha256};

/// The maximum bytes of one text in a key. Two such texts fit into a cursor.
const LONGEST_TEXT: usize = 600;
/// The bytes of the digest after a truncated text.
const DIGEST_BYTES: usize = 16;
/// Ends a text: lower than any continuation of it.
const TERMINATOR: [u8; 2] = [0, 1];
/// A byte 0 inside a text.
const ESCAPED_ZERO: [u8; 2] = [0, 255];

/// The sort key of a row. The primary key is its last part, so sort keys are unique within a list.
/// Keys of one list have the same parts in the same order and compare bytewise.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SortKey(Vec<u8>);

impl SortKey {
    /// Appends a number; the least sorts first.
    #[must_use]
    pub fn number(mut self, number: impl Into<i64>) -> Self {
        let bytes = number.into().to_be_bytes();
        // The sign bit is inverted, so that negative numbers sort before the others.
        self.0.push(bytes[0] ^ 0x80);
        self.0.extend_from_slice(&bytes[1..]);
        self
    }

    /// Appends a text or collation key; texts sort bytewise. For a text longer than 600 bytes the
    /// key contains the first 600 and a digest of all: texts with an equal beginning have a total
    /// and stable order that does not follow their ends.
    #[must_use]
    pub fn text(mut self, text: impl AsRef<[u8]>) -> Self {
        let text = text.as_ref();
        let kept = &text[..text.len().min(LONGEST_TEXT)];
        for byte in kept {
            match byte {
                0 => self.0.extend_from_slice(&ESCAPED_ZERO),
                other => self.0.push(*other),
            }
        }
        self.0.extend_from_slice(&TERMINATOR);
        if kept.len() < text.len() {
            self.0.extend_from_slice(&Sha256::digest(text)[..DIGEST_BYTES]);
        }
        self
    }

    /// Returns the key of the row in the reverse order.
    #[must_use]
    pub fn reversed(mut self) -> Self {
        for byte in &mut self.0 {
            *byte = !*byte;
        }
        self
    }

    /// Appends the parts of another key.
    #[must_use]
    pub fn then(mut self, other: &Self) -> Self {
        self.0.extend_from_slice(&other.0);
        self
    }

    /// Returns the bytes, for a cursor.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Returns the key of a cursor.
    #[must_use]
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cursor::InstallationKey;
    use proptest::collection::vec;
    use proptest::prelude::*;

    fn key(text: &[u8], number: i64) -> SortKey {
        SortKey::default().text(text).number(number)
    }

    proptest! {
        #[test]
        fn keys_compare_as_their_parts_do(
            one in (vec(prop_oneof![Just(0_u8), Just(1), Just(255), any::<u8>()], 0..5), -3..3i64),
            other in (vec(prop_oneof![Just(0_u8), Just(1), Just(255), any::<u8>()], 0..5), -3..3i64),
        ) {
            let order = one.cmp(&other);
            prop_assert_eq!(key(&one.0, one.1).cmp(&key(&other.0, other.1)), order);
            let reversed = |(text, number): &(Vec<u8>, i64)| key(text, *number).reversed();
            prop_assert_eq!(reversed(&other).cmp(&reversed(&one)), order);
        }

        #[test]
        fn numbers_of_any_sign_sort_by_value(one in any::<i64>(), other in any::<i64>()) {
            let keys = [one, other].map(|number| SortKey::default().number(number));
            prop_assert_eq!(keys[0].cmp(&keys[1]), one.cmp(&other));
        }
    }

    #[test]
    fn truncated_texts_have_distinct_keys() {
        let long = |end: &str| format!("{}{end}", "Ă".repeat(5_000));
        let keys = ["a", "b"].map(|end| SortKey::default().text(long(end)));
        assert_ne!(keys[0], keys[1]);
        let before = SortKey::default().text("Ă".repeat(100));
        assert!(before < keys[0] && before < keys[1]);
        assert!(SortKey::default().text("Â") < keys[0], "the beginning decides");
    }

    #[test]
    fn the_longest_key_fits_a_cursor() {
        let (text, installation) = ([0_u8; 10_000], InstallationKey::new([7; 32]));
        let key = SortKey::default().number(1).text(text).text(text).number(2).number(3);
        let signed = installation.sign(b"a list", key.as_bytes());
        assert_eq!(installation.verify(b"a list", &signed).map(SortKey::from_bytes), Ok(key));
    }
}
