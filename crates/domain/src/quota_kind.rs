//! The kinds of quotas of writers, and their periods.

use serde::Serialize;
use strum::{EnumString, IntoStaticStr, VariantArray};

const HOUR_US: i64 = 3_600 * 1_000_000;
const DAY_US: i64 = 24 * HOUR_US;

/// The kind of a quota: the thing that it counts.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    EnumString,
    IntoStaticStr,
    VariantArray,
    Serialize,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum QuotaKind {
    /// New entries and proposals of an author in an hour.
    Drafts,
    /// Other writes of an author in an hour.
    Changes,
    /// Kilobytes that an author writes into logs in an hour.
    AuthorKilobytes,
    /// Kilobytes that a province writes into its log in a day.
    ProvinceKilobytes,
    /// Idempotency keys of an author in a day.
    Keys,
    /// Kilobytes of the files that a province uploads in a day.
    UploadKilobytes,
}

impl QuotaKind {
    /// Returns the length of the period in microseconds.
    #[must_use]
    pub fn period_us(self) -> i64 {
        match self {
            Self::Drafts | Self::Changes | Self::AuthorKilobytes => HOUR_US,
            Self::ProvinceKilobytes | Self::Keys | Self::UploadKilobytes => DAY_US,
        }
    }

    /// Returns whether the quota is that of the province, not of each author.
    #[must_use]
    pub fn is_shared(self) -> bool {
        match self {
            Self::ProvinceKilobytes | Self::UploadKilobytes => true,
            Self::Drafts | Self::Changes | Self::AuthorKilobytes | Self::Keys => false,
        }
    }

    /// Returns the number of the period that contains a time of the log.
    #[must_use]
    pub fn period(self, time_us: i64) -> i64 {
        time_us.div_euclid(self.period_us())
    }
}
