//! The compact binary form of a fact, stored next to its entry, so that a starting node need not
//! read the contents of entries.
//!
//! The format is `postcard`: fields and variants by position. A change of their order requires
//! another [`FORMAT`]; all facts are then packed again at the next start.

use super::Fact;
use postcard::Error;

/// The version of the format; the database stores the version of its facts.
pub const FORMAT: &str = "2";

/// The error of bytes that are not a fact of this format. The store adds table, column and id, which
/// are not known here, and reports the row as corrupt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PackedFactError {
    /// The bytes do not begin with a fact.
    #[error("no fact of format {FORMAT}: {0}")]
    Malformed(#[from] Error),
    /// This number of bytes follows the fact.
    #[error("{0} bytes follow a fact of format {FORMAT}")]
    Followed(usize),
}

impl Fact {
    /// Returns the packed bytes.
    ///
    /// # Errors
    /// `Malformed` where serialization fails; it does not fail for the fact of an entry.
    pub fn to_bytes(&self) -> Result<Vec<u8>, PackedFactError> {
        Ok(postcard::to_stdvec(self)?)
    }

    /// Returns the fact in these bytes.
    ///
    /// # Errors
    /// `Malformed` where there is none, `Followed` where bytes remain after it.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, PackedFactError> {
        let (fact, rest) = postcard::take_from_bytes(bytes)?;
        if rest.is_empty() { Ok(fact) } else { Err(PackedFactError::Followed(rest.len())) }
    }
}

/// A day as its number from the common era: three bytes instead of ten.
pub(super) mod day {
    use crate::date::Day;
    use chrono::Datelike as _;
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
    pub(in crate::fact) fn serialize<S: Serializer>(day: &Day, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i32(day.num_days_from_ce())
    }

    pub(in crate::fact) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Day, D::Error> {
        let number = i32::deserialize(deserializer)?;
        Day::from_num_days_from_ce_opt(number).ok_or_else(|| D::Error::custom("a day that no calendar has"))
    }
}

/// Spans of status, with days as numbers.
pub(super) mod spans {
    use crate::date::Day;
    use crate::status::{Span, Status};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    struct PackedSpan(Status, #[serde(with = "super::day")] Day, #[serde(with = "super::day")] Day);

    pub(in crate::fact) fn serialize<S: Serializer>(
        spans: &[Span<Status>],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(spans.iter().map(|span| PackedSpan(span.status, span.from, span.to)))
    }

    pub(in crate::fact) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<Span<Status>>, D::Error> {
        let spans = Vec::<PackedSpan>::deserialize(deserializer)?;
        Ok(spans.into_iter().map(|PackedSpan(status, from, to)| Span { status, from, to }).collect())
    }
}

#[cfg(test)]
mod tests;
