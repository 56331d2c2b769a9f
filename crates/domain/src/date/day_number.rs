//! Days in packed data, as numbers from the common era: three bytes instead of ten.

use super::Day;
use chrono::Datelike as _;
use serde::de::Error as _;
use serde::{Deserialize as _, Deserializer, Serializer};

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
pub(crate) fn serialize<S: Serializer>(day: &Day, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_i32(day.num_days_from_ce())
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Day, D::Error> {
    let number = i32::deserialize(deserializer)?;
    Day::from_num_days_from_ce_opt(number).ok_or_else(|| D::Error::custom("a day that no calendar has"))
}
