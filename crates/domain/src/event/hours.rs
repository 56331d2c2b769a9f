//! The hours of an event, as the clocks at its place told them.

use crate::date::{Day, FuzzyDate, UNDATED_FIRST, UNDATED_LAST};
use crate::refusal::Refusal;
use chrono::DateTime;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// From which instant to which an event lasted, and the zone of its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// The beginning, in microseconds after 1970.
    pub starts_at_us: i64,
    /// The end, in microseconds after 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at_us: Option<i64>,
    /// The zone of the IANA list whose days count.
    pub zone: Tz,
}

impl Hours {
    /// The zone where nobody says otherwise.
    pub const USUAL_ZONE: Tz = Tz::Asia__Ho_Chi_Minh;

    /// The days that it touched in its zone; one that ended at midnight did not touch the next.
    ///
    /// # Errors
    /// `Invalid` where such a day lies outside the years 0001 to 9999.
    pub fn days(&self) -> Result<FuzzyDate, Refusal> {
        let last_us = self.ends_at_us.map_or(self.starts_at_us, |end| (end - 1).max(self.starts_at_us));
        let (first, last) = (self.day_of(self.starts_at_us)?, self.day_of(last_us)?);
        if first == last {
            return Ok(FuzzyDate::from_day(first));
        }
        FuzzyDate::parse(&format!("{first}/{last}"))
    }

    /// The date of the event: the stated one, within which its hours must lie, else their days.
    ///
    /// # Errors
    /// `Invalid` where the hours lie outside the stated date.
    pub fn date(&self, stated: Option<FuzzyDate>) -> Result<FuzzyDate, Refusal> {
        let days = self.days()?;
        let Some(stated) = stated else { return Ok(days) };
        let begins_within = stated.earliest().is_none_or(|first| days.earliest() >= Some(first));
        let ends_within = stated.latest().is_none_or(|last| days.latest() <= Some(last));
        if begins_within && ends_within {
            return Ok(stated);
        }
        Err(Refusal::Invalid(format!(
            "the hours lie on {} in {}, outside {}",
            days.edtf(),
            self.zone,
            stated.edtf()
        )))
    }

    fn day_of(&self, at_us: i64) -> Result<Day, Refusal> {
        let instant = DateTime::from_timestamp_micros(at_us);
        let day = instant.map(|instant| instant.with_timezone(&self.zone).date_naive());
        day.filter(|day| (UNDATED_FIRST..=UNDATED_LAST).contains(day))
            .ok_or_else(|| Refusal::Invalid("years run from 0001 to 9999".to_owned()))
    }
}

/// Reads an instant of RFC 3339, into microseconds after 1970.
///
/// # Errors
/// `Invalid` for any other writing.
pub(crate) fn parse_instant(raw: &str) -> Result<i64, Refusal> {
    DateTime::parse_from_rfc3339(raw.trim())
        .map(|instant| instant.timestamp_micros())
        .map_err(|_| Refusal::unreadable("an instant such as 2025-10-30T08:00:00+07:00", raw))
}

/// Reads the name of a zone in the IANA list.
///
/// # Errors
/// `Unknown` for a name that the list does not have.
pub(crate) fn parse_zone(raw: &str) -> Result<Tz, Refusal> {
    Tz::from_str(raw.trim()).map_err(|_| Refusal::unknown("time zone", raw))
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
    fn the_day_is_that_of_the_zone() {
        let evening = "2025-10-30T18:30:00Z";
        assert_eq!(days(&hours(evening, None, "Asia/Ho_Chi_Minh")), "2025-10-31");
        assert_eq!(days(&hours(evening, None, "Europe/Paris")), "2025-10-30");
    }

    #[test]
    fn an_end_at_midnight_belongs_to_the_day_before() {
        let until = |end| days(&hours("2025-10-30T18:00:00+07:00", Some(end), "Asia/Ho_Chi_Minh"));
        assert_eq!(until("2025-10-31T00:00:00+07:00"), "2025-10-30");
        assert_eq!(until("2025-10-31T00:00:01+07:00"), "2025-10-30/2025-10-31");
        assert_eq!(until("2025-10-30T18:00:00+07:00"), "2025-10-30");
    }

    #[test]
    fn the_stated_date_stays_where_the_hours_lie_within_it() {
        let hours = hours("2025-10-30T08:00:00+07:00", None, "Asia/Ho_Chi_Minh");
        let date = |stated: &str| hours.date(Some(FuzzyDate::parse(stated).unwrap()));
        assert_eq!(hours.date(None).unwrap().edtf(), "2025-10-30");
        for stated in ["2025-10-30", "2025-10-30/2025-11-03", "2025-10", "2025-10-01/..", "../2025-12"] {
            assert_eq!(date(stated).unwrap().edtf(), stated);
        }
        for stated in ["2025-10-31", "2025-11", "2024", "../2025-10-29"] {
            assert!(matches!(date(stated), Err(Refusal::Invalid(_))), "{stated}");
        }
    }

    #[test]
    fn instants_need_an_offset_and_zones_a_name() {
        assert!(parse_instant("2025-10-30T08:00:00").is_err());
        assert!(parse_instant("2025-10-30").is_err());
        assert_eq!(parse_instant("1970-01-01T07:00:00.000001+07:00"), Ok(1));
        assert_eq!(parse_zone("Asia/Nowhere"), Err(Refusal::unknown("time zone", "Asia/Nowhere")));
    }

    #[test]
    fn an_instant_before_the_first_year_has_no_day() {
        let hours = hours("0000-06-01T00:00:00Z", None, "Asia/Ho_Chi_Minh");
        assert!(matches!(hours.days(), Err(Refusal::Invalid(_))));
    }

    #[test]
    fn the_zone_is_kept_by_its_name() {
        let hours = hours("1970-01-01T07:00:00+07:00", None, "Asia/Ho_Chi_Minh");
        let json = serde_json::to_string(&hours).unwrap();
        assert_eq!(json, r#"{"starts_at_us":0,"zone":"Asia/Ho_Chi_Minh"}"#);
        assert_eq!(serde_json::from_str::<Hours>(&json).unwrap(), hours);
    }
}
