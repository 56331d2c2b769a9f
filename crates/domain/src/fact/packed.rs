//! The compact binary form of a fact, stored next to its entry, so that a starting node need not
//! read the contents of entries.
//!
//! The format is `postcard`: fields and variants by position. A change of their order requires
//! another [`FORMAT`]; all facts are then packed again at the next start.

use super::Fact;
use postcard::Error;

/// The version of the format; the database stores the version of its facts.
pub const FORMAT: &str = "4";

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
    /// The packed fact is not read back as it was.
    #[error("it is not read back as it was in format {FORMAT}")]
    Changed,
}

impl Fact {
    /// Returns the packed bytes, from which [`Self::from_bytes`] reads this fact: one that is not read
    /// back would stop the read model of every node.
    ///
    /// # Errors
    /// `Malformed` or `Changed` where it is not read back; the fact of an accepted draft is.
    pub fn to_bytes(&self) -> Result<Vec<u8>, PackedFactError> {
        let bytes = postcard::to_stdvec(self)?;
        if Self::from_bytes(&bytes)? == *self { Ok(bytes) } else { Err(PackedFactError::Changed) }
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

/// Bounds of dates: most are of one day or of one range.
pub(super) mod bounds {
    use crate::date::{Day, DayRange};
    use crate::fact::DateBounds;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    struct PackedDay(#[serde(with = "crate::date::day_number")] Day);

    #[derive(Serialize, Deserialize)]
    enum PackedBounds {
        Undated,
        OneDay(PackedDay),
        OneRange([PackedDay; 2]),
        Whole([PackedDay; 6]),
    }

    pub(in crate::fact) fn serialize<S: Serializer>(
        bounds: &DateBounds,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let DateBounds { earliest, latest, start, end, .. } = *bounds;
        let packed = if *bounds == DateBounds::UNDATED {
            PackedBounds::Undated
        } else if *bounds == DateBounds::of_day(earliest) {
            PackedBounds::OneDay(PackedDay(earliest))
        } else if *bounds == DateBounds::of_range(start) {
            PackedBounds::OneRange([earliest, latest].map(PackedDay))
        } else {
            let days = [earliest, latest, start.earliest, start.latest, end.earliest, end.latest];
            PackedBounds::Whole(days.map(PackedDay))
        };
        packed.serialize(serializer)
    }

    pub(in crate::fact) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<DateBounds, D::Error> {
        Ok(match PackedBounds::deserialize(deserializer)? {
            PackedBounds::Undated => DateBounds::UNDATED,
            PackedBounds::OneDay(PackedDay(day)) => DateBounds::of_day(day),
            PackedBounds::OneRange([PackedDay(earliest), PackedDay(latest)]) => {
                DateBounds::of_range(DayRange { earliest, latest })
            }
            PackedBounds::Whole(days) => {
                let [earliest, latest, begins, begun, ends, ended] = days.map(|PackedDay(day)| day);
                DateBounds {
                    is_dated: true,
                    earliest,
                    latest,
                    start: DayRange { earliest: begins, latest: begun },
                    end: DayRange { earliest: ends, latest: ended },
                }
            }
        })
    }
}

/// Spans of status, with days as numbers.
pub(super) mod spans {
    use crate::date::Day;
    use crate::status::{Span, Status};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    struct PackedSpan(
        Status,
        #[serde(with = "crate::date::day_number")] Day,
        #[serde(with = "crate::date::day_number")] Day,
    );

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
