//! A fact as the few bytes that a database keeps of it beside its entry, so that a node that starts
//! reads nothing wider.
//!
//! The bytes are those of `postcard`: fields and variants by their place. Whoever moves one of them
//! raises [`FORMAT`]; then all facts are packed anew at the next start.

use super::Fact;
use postcard::Error;

/// Which way facts are packed; the database says which way it was done there.
pub const FORMAT: &str = "1";

/// Bytes that are no fact of this format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// They begin with none.
    #[error("no fact of format {FORMAT}: {0}")]
    Malformed(#[from] Error),
    /// So many bytes follow one.
    #[error("{0} bytes follow a fact of format {FORMAT}")]
    Followed(usize),
}

impl Fact {
    /// The fact as bytes.
    ///
    /// # Errors
    /// It cannot be written so; no fact that an entry makes.
    pub fn packed(&self) -> Result<Vec<u8>, Unreadable> {
        Ok(postcard::to_stdvec(self)?)
    }

    /// The fact in these bytes.
    ///
    /// # Errors
    /// There is none, or something after it.
    pub fn unpacked(bytes: &[u8]) -> Result<Self, Unreadable> {
        let (fact, rest) = postcard::take_from_bytes(bytes)?;
        if rest.is_empty() { Ok(fact) } else { Err(Unreadable::Followed(rest.len())) }
    }
}

/// A day by its number: three bytes instead of ten, and nothing to parse.
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

/// Spans of status; their days by numbers.
pub(super) mod spans {
    use crate::date::Day;
    use crate::status::{Span, Status};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    struct Packed(Status, #[serde(with = "super::day")] Day, #[serde(with = "super::day")] Day);

    pub(in crate::fact) fn serialize<S: Serializer>(
        spans: &[Span<Status>],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(spans.iter().map(|span| Packed(span.status, span.from, span.to)))
    }

    pub(in crate::fact) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<Span<Status>>, D::Error> {
        let spans = Vec::<Packed>::deserialize(deserializer)?;
        Ok(spans.into_iter().map(|Packed(status, from, to)| Span { status, from, to }).collect())
    }
}

#[cfg(test)]
mod tests;
