//! The start and end time of an event, with its time zone.

use crate::date::{Day, FuzzyDate, UNDATED_FIRST, UNDATED_LAST};
use crate::validation::{Format, InvalidReason, Reason, ReferenceKind};
use chrono::DateTime;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// The start and end time of an event and the time zone of its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// The start, in microseconds since 1970.
    pub starts_at_us: i64,
    /// The end, in microseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at_us: Option<i64>,
    /// The IANA time zone that determines the days.
    pub zone: Tz,
}

impl Hours {
    /// The default time zone.
    pub const USUAL_ZONE: Tz = Tz::Asia__Ho_Chi_Minh;

    /// Returns the days of the event in its zone; an end at midnight belongs to the day before.
    ///
    /// # Errors
    /// `Invalid` where a day is outside the years 0001 to 9999.
    pub fn days(&self) -> Result<FuzzyDate, Reason> {
        let last_us = self.ends_at_us.map_or(self.starts_at_us, |end| (end - 1).max(self.starts_at_us));
        let (first, last) = (self.day_of(self.starts_at_us)?, self.day_of(last_us)?);
        if first == last {
            return Ok(FuzzyDate::from_day(first));
        }
        FuzzyDate::parse(&format!("{first}/{last}"))
    }

    /// Returns the date of the event: the stated one, which must contain the hours, or their days.
    ///
    /// # Errors
    /// `Invalid` where the hours are outside the stated date.
    pub fn date(&self, stated: Option<FuzzyDate>) -> Result<FuzzyDate, Reason> {
        let days = self.days()?;
        let Some(stated) = stated else { return Ok(days) };
        let begins_within = stated.earliest().is_none_or(|first| days.earliest() >= Some(first));
        let ends_within = stated.latest().is_none_or(|last| days.latest() <= Some(last));
        if begins_within && ends_within {
            return Ok(stated);
        }
        Err(InvalidReason::HoursOutsideDate {
            days: days.edtf().to_owned(),
            zone: self.zone.to_string(),
            date: stated.edtf().to_owned(),
        }
        .into())
    }

    fn day_of(&self, at_us: i64) -> Result<Day, Reason> {
        let instant = DateTime::from_timestamp_micros(at_us);
        let day = instant.map(|instant| instant.with_timezone(&self.zone).date_naive());
        day.filter(|day| (UNDATED_FIRST..=UNDATED_LAST).contains(day))
            .ok_or_else(|| InvalidReason::YearOutOfRange.into())
    }
}

/// Parses a time of RFC 3339, into microseconds since 1970.
///
/// # Errors
/// `Invalid` for any other form.
pub(crate) fn parse_instant(raw: &str) -> Result<i64, Reason> {
    DateTime::parse_from_rfc3339(raw.trim())
        .map(|instant| instant.timestamp_micros())
        .map_err(|_| Reason::malformed(Format::Instant, raw))
}

/// Parses the name of an IANA time zone.
///
/// # Errors
/// `Unknown` for any other name.
pub(crate) fn parse_zone(raw: &str) -> Result<Tz, Reason> {
    Tz::from_str(raw.trim()).map_err(|_| Reason::unknown(ReferenceKind::TimeZone, raw))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(starts_at: &str, ends_at: Option<&str>, zone: &str) -> Hours {
        Hours {
            starts_at_us: parse_instant(starts_at).unwrap(),
            ends_at_us: ends_at.map(|end| parse_instant(end).unwrap()),
            zone: parse_zone(zone).unwrap(),
        }
    }

    fn days(hours: &Hours) -> String {
        hours.days().unwrap().edtf().to_owned()
    }

    #[test]
    fn day_depends_on_the_time_zone() {
        let evening = "2025-10-30T18:30:00Z";
        assert_eq!(days(&hours(evening, None, "Asia/Ho_Chi_Minh")), "2025-10-31");
        assert_eq!(days(&hours(evening, None, "Europe/Paris")), "2025-10-30");
    }

    #[test]
    fn end_at_midnight_belongs_to_the_day_before() {
        let until = |end| days(&hours("2025-10-30T18:00:00+07:00", Some(end), "Asia/Ho_Chi_Minh"));
        assert_eq!(until("2025-10-31T00:00:00+07:00"), "2025-10-30");
        assert_eq!(until("2025-10-31T00:00:01+07:00"), "2025-10-30/2025-10-31");
        assert_eq!(until("2025-10-30T18:00:00+07:00"), "2025-10-30");
    }

    #[test]
    fn stated_date_must_contain_the_hours() {
        let hours = hours("2025-10-30T08:00:00+07:00", None, "Asia/Ho_Chi_Minh");
        let date = |stated: &str| hours.date(Some(FuzzyDate::parse(stated).unwrap()));
        assert_eq!(hours.date(None).unwrap().edtf(), "2025-10-30");
        for stated in ["2025-10-30", "2025-10-30/2025-11-03", "2025-10", "2025-10-01/..", "../2025-12"] {
            assert_eq!(date(stated).unwrap().edtf(), stated);
        }
        for stated in ["2025-10-31", "2025-11", "2024", "../2025-10-29"] {
            assert!(matches!(date(stated), Err(Reason::Invalid(_))), "{stated}");
        }
    }

    #[test]
    fn times_need_an_offset_and_zones_a_known_name() {
        assert!(parse_instant("2025-10-30T08:00:00").is_err());
        assert!(parse_instant("2025-10-30").is_err());
        assert_eq!(parse_instant("1970-01-01T07:00:00.000001+07:00"), Ok(1));
        assert_eq!(parse_zone("Asia/Nowhere"), Err(Reason::unknown(ReferenceKind::TimeZone, "Asia/Nowhere")));
    }

    #[test]
    fn time_before_the_first_year_has_no_day() {
        let hours = hours("0000-06-01T00:00:00Z", None, "Asia/Ho_Chi_Minh");
        assert!(matches!(hours.days(), Err(Reason::Invalid(_))));
    }

    #[test]
    fn zone_is_stored_by_its_name() {
        let hours = hours("1970-01-01T07:00:00+07:00", None, "Asia/Ho_Chi_Minh");
        let json = serde_json::to_string(&hours).unwrap();
        assert_eq!(json, r#"{"starts_at_us":0,"zone":"Asia/Ho_Chi_Minh"}"#);
        assert_eq!(serde_json::from_str::<Hours>(&json).unwrap(), hours);
    }
}
