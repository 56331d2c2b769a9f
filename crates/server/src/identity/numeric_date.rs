//! Times in tokens: seconds since 1970, with or without a fraction (RFC 7519, section 2).

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, Unexpected, Visitor},
};

/// Microseconds in a second.
const US: i64 = 1_000_000;
/// The last second of the year 9999: no token lives longer, and no sum with it overflows.
const LAST_S: i64 = 253_402_300_799;

/// A `NumericDate` of a JWT. Values before 1970 or after 9999 are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct NumericDate {
    us: i64,
}

impl NumericDate {
    /// Converts whole seconds since 1970.
    pub(super) fn from_s(seconds: i64) -> Self {
        Self { us: seconds.saturating_mul(US) }
    }

    /// Returns microseconds since 1970.
    pub(super) fn us(self) -> i64 {
        self.us
    }
}

impl<'de> Deserialize<'de> for NumericDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Seconds)
    }
}

/// Reads a JSON number.
struct Seconds;

impl Visitor<'_> for Seconds {
    type Value = NumericDate;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("seconds between 1970 and 9999")
    }

    fn visit_i64<E: Error>(self, seconds: i64) -> Result<NumericDate, E> {
        if (0..=LAST_S).contains(&seconds) {
            Ok(NumericDate::from_s(seconds))
        } else {
            Err(E::invalid_value(Unexpected::Signed(seconds), &self))
        }
    }

    fn visit_u64<E: Error>(self, seconds: u64) -> Result<NumericDate, E> {
        let out_of_range = || E::invalid_value(Unexpected::Unsigned(seconds), &self);
        i64::try_from(seconds).map_err(|_| out_of_range()).and_then(|seconds| self.visit_i64(seconds))
    }

    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "both bounds are below 2^53, and the product is checked against them"
    )]
    fn visit_f64<E: Error>(self, seconds: f64) -> Result<NumericDate, E> {
        // NaN is in no range.
        if (0.0..=LAST_S as f64).contains(&seconds) {
            Ok(NumericDate { us: (seconds * US as f64) as i64 })
        } else {
            Err(E::invalid_value(Unexpected::Float(seconds), &self))
        }
    }
}
