//! Coverage: which provinces have filed their data for a period.
//!
//! A province has filed for a period when one of its own members published something on a day of
//! the period, or when its publisher confirmed the period. Loading a data set does not count as
//! filing, nor do the ministry's changes to the log of a province.

use super::CalendarPeriod;
use crate::change::{Change, ChangeOperation, Subject};
use crate::clock::day_in_vietnam;
use crate::date::Day;
use crate::directory::Directory;
use crate::id::Log;
use crate::policy::Role;
use std::collections::BTreeMap;
use std::str::FromStr;

/// An act by which a province files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Filing {
    /// A change to its public data on this day.
    Published(Day),
    /// A confirmation, made on this day, that its data of a period is complete.
    Confirmed(CalendarPeriod, Day),
}

impl Filing {
    /// Returns the filing that a change makes for its province; `None` for drafts, for changes that
    /// follow from another entry, for changes of a data set and for changes by the ministry.
    #[must_use]
    pub fn of(change: &Change) -> Option<Self> {
        let role = change.author.split_once(':').and_then(|(role, _)| Role::from_str(role).ok());
        let follows = change.operation == ChangeOperation::Updated;
        if !change.is_public || follows || !role.is_some_and(Role::is_provincial) {
            return None;
        }
        let on = day_in_vietnam(change.at_us);
        match change.subject {
            Subject::Entry(_) => Some(Self::Published(on)),
            Subject::Period => Some(Self::Confirmed(CalendarPeriod::parse(&change.code).ok()?, on)),
            Subject::Reference | Subject::Proposal | Subject::Shared | Subject::AccessRule => None,
        }
    }

    /// Returns the day of the act.
    #[must_use]
    pub fn on(self) -> Day {
        match self {
            Self::Published(on) | Self::Confirmed(_, on) => on,
        }
    }
}

/// All filings of every log that have been read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filings(BTreeMap<Log, Vec<Filing>>);

impl Filings {
    /// Returns these filings and `more`.
    #[must_use]
    pub fn with(&self, more: impl IntoIterator<Item = (Log, Filing)>) -> Self {
        let mut filings = self.clone();
        for (log, filing) in more {
            let of_log = filings.0.entry(log).or_default();
            if let Err(place) = of_log.binary_search(&filing) {
                of_log.insert(place, filing);
            }
        }
        filings
    }

    /// Returns the coverage of a period by these filings, whenever they were made: a province that
    /// files in January for December has filed for December. The provinces are those that exist
    /// today, in the order of their logs.
    #[must_use]
    pub fn coverage(&self, period: CalendarPeriod, directory: &Directory) -> Coverage {
        let mut provinces: Vec<ProvinceFiling> = directory
            .provinces()
            .iter()
            .map(|province| {
                let known = self.0.get(&province.log).map_or(&[][..], Vec::as_slice);
                ProvinceFiling {
                    log: province.log,
                    has_filed: has_filed(known, period),
                    last_on: known.iter().map(|filing| filing.on()).max(),
                }
            })
            .collect();
        provinces.sort_by_key(|province| province.log);
        Coverage { period, provinces }
    }
}

impl FromIterator<(Log, Filing)> for Filings {
    fn from_iter<I: IntoIterator<Item = (Log, Filing)>>(filings: I) -> Self {
        Self::default().with(filings)
    }
}

/// Returns whether these filings of one province cover a period: a publication on one of its days,
/// or confirmations of each of its days, in one part or in several.
fn has_filed(filings: &[Filing], period: CalendarPeriod) -> bool {
    let mut confirmed = Vec::new();
    for filing in filings {
        match *filing {
            Filing::Published(on) if period.contains(on) => return true,
            Filing::Published(_) => {}
            Filing::Confirmed(part, _) => confirmed.push(part),
        }
    }
    confirmed.sort_unstable();
    // The first day that is not yet confirmed; `None` after the last day of the calendar.
    let mut open = Some(period.first());
    for part in confirmed {
        if open.is_some_and(|open| part.contains(open)) {
            open = part.last().succ_opt();
        }
    }
    open.is_none_or(|open| open > period.last())
}

/// The provinces that have filed for a period, and those that have not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// The period.
    pub period: CalendarPeriod,
    /// Every province that exists today.
    pub provinces: Vec<ProvinceFiling>,
}

impl Coverage {
    /// Returns the number of provinces that have filed.
    #[must_use]
    pub fn filed(&self) -> usize {
        self.provinces.iter().filter(|province| province.has_filed).count()
    }

    /// Returns the last day on which any province filed; `None` when none ever did.
    #[must_use]
    pub fn last_on(&self) -> Option<Day> {
        self.provinces.iter().filter_map(|province| province.last_on).max()
    }
}

/// The filing state of a province.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProvinceFiling {
    /// The log of the province.
    pub log: Log,
    /// Whether it has filed for the period.
    pub has_filed: bool,
    /// The last day on which it filed, for any period.
    pub last_on: Option<Day>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::ChangeOperation;
    use crate::entry::{EntryKind, Publication};
    use proptest::collection::vec;
    use proptest::prelude::*;

    fn period(text: &str) -> CalendarPeriod {
        CalendarPeriod::parse(text).unwrap()
    }

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn change(author: &str) -> Change {
        Change {
            log: Log::new(3),
            subject: Subject::Entry(EntryKind::Event),
            number: 1,
            code: "EVT-0001".into(),
            version: 1,
            operation: ChangeOperation::Published,
            was: None,
            publication: Publication::Published,
            is_public: true,
            author: author.into(),
            // 2026-11-22 18:00 UTC is the next day in Vietnam.
            at_us: 1_795_370_400_000_000,
            idempotency_key: None,
            reason: None,
            before: None,
            after: None,
        }
    }

    #[test]
    fn only_members_of_the_province_file() {
        let published = change("PUBLISHER:minh");
        assert_eq!(Filing::of(&published), Some(Filing::Published(day("2026-11-23"))));
        assert_eq!(Filing::of(&Change { is_public: false, ..published.clone() }), None);
        assert_eq!(Filing::of(&change("STEWARD:hoa")), None);
        assert_eq!(Filing::of(&change("data set 2026-11-22.aa")), None);
        assert_eq!(Filing::of(&Change { subject: Subject::Reference, ..published.clone() }), None);
        let confirmed = Change { subject: Subject::Period, code: "2026-Q3".into(), ..published };
        let filing = Filing::Confirmed(period("2026-Q3"), day("2026-11-23"));
        assert_eq!(Filing::of(&confirmed), Some(filing));
    }

    #[test]
    fn publication_files_for_every_period_of_its_day() {
        let filings = [Filing::Published(day("2026-11-23"))];
        for (name, has) in [("2026", true), ("2026-Q4", true), ("2026-11", true), ("2026-10", false)] {
            assert_eq!(has_filed(&filings, period(name)), has, "{name}");
        }
    }

    #[test]
    fn confirmations_combine_and_cover_their_parts() {
        let confirmed = |name: &str| Filing::Confirmed(period(name), day("2026-12-31"));
        let quarters = ["2026-Q3", "2026-Q1", "2026-Q4", "2026-Q2"].map(confirmed);
        assert!(has_filed(&quarters, period("2026")));
        assert!(!has_filed(&quarters[1..], period("2026")));
        assert!(has_filed(&[confirmed("2026")], period("2026-02")));
        assert!(!has_filed(&[confirmed("2026")], period("2025-12-31/2026-01-01")));
        assert!(has_filed(&[confirmed("9999")], period("9999-12")));
    }

    proptest! {
        #[test]
        fn confirmation_equals_a_check_day_by_day(
            parts in vec((0i64..60, 0i64..20), 0..6),
            (first, length) in (0i64..60, 0i64..20),
        ) {
            let at = |offset: i64| day("2026-01-01") + chrono::Duration::days(offset);
            let between = |first, length| CalendarPeriod::between(at(first), at(first + length)).unwrap();
            let parts: Vec<CalendarPeriod> = parts.iter().map(|(first, length)| between(*first, *length)).collect();
            let filings: Vec<Filing> = parts.iter().map(|part| Filing::Confirmed(*part, at(90))).collect();
            let is_confirmed = |offset| parts.iter().any(|part| part.contains(at(offset)));
            let recounted = (first..=first + length).all(is_confirmed);
            prop_assert_eq!(has_filed(&filings, between(first, length)), recounted);
        }
    }
}
