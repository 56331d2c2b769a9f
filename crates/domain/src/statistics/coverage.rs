//! Who has filed: which provinces have told the register what a period brought.
//!
//! A province has filed for a period where one of its own people published something on a day of
//! it, or where its publisher confirmed the period. Loading data is not filing, and neither is
//! what the ministry does in the log of a province.

use super::CalendarPeriod;
use crate::change::{Change, Subject};
use crate::clock::day_in_vietnam;
use crate::date::Day;
use crate::directory::Directory;
use crate::id::Log;
use crate::policy::Role;
use std::collections::BTreeMap;
use std::str::FromStr;

/// One thing by which a province files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Filing {
    /// What the public sees of it moved on this day.
    Published(Day),
    /// It said on this day that nothing is missing of a period.
    Confirmed(CalendarPeriod, Day),
}

impl Filing {
    /// What a change files for its province; none for drafts, for what a data set brought and for
    /// acts of the ministry.
    #[must_use]
    pub fn of(change: &Change) -> Option<Self> {
        let role = change.author.split_once(':').and_then(|(role, _)| Role::from_str(role).ok());
        if !change.is_public || !role.is_some_and(Role::is_provincial) {
            return None;
        }
        let on = day_in_vietnam(change.at_us);
        match change.subject {
            Subject::Entry(_) => Some(Self::Published(on)),
            Subject::Period => Some(Self::Confirmed(CalendarPeriod::parse(&change.code).ok()?, on)),
            Subject::Reference | Subject::Proposal => None,
        }
    }

    /// The day on which it was done.
    #[must_use]
    pub fn on(self) -> Day {
        match self {
            Self::Published(on) | Self::Confirmed(_, on) => on,
        }
    }
}

/// All filings of every log, as far as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filings(BTreeMap<Log, Vec<Filing>>);

impl Filings {
    /// The same with more of them.
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

    /// Who had filed for a period by a day. Provinces are those that live today, in the order of
    /// their logs.
    #[must_use]
    pub fn coverage(&self, period: CalendarPeriod, by: Day, directory: &Directory) -> Coverage {
        let mut provinces: Vec<ProvinceFiling> = directory
            .provinces()
            .iter()
            .map(|province| {
                let known = self.0.get(&province.log).into_iter().flatten().copied();
                let known: Vec<Filing> = known.filter(|filing| filing.on() <= by).collect();
                ProvinceFiling {
                    log: province.log,
                    has_filed: has_filed(&known, period),
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

/// Whether these filings of one province are enough for a period: something published in it, or
/// each of its days confirmed, in one piece or in several.
fn has_filed(filings: &[Filing], period: CalendarPeriod) -> bool {
    let mut confirmed = Vec::new();
    for filing in filings {
        match *filing {
            Filing::Published(on) if period.holds(on) => return true,
            Filing::Published(_) => {}
            Filing::Confirmed(part, _) => confirmed.push(part),
        }
    }
    confirmed.sort_unstable();
    // The first day that nothing confirms so far; none once the calendar ends.
    let mut open = Some(period.first());
    for part in confirmed {
        if open.is_some_and(|open| part.holds(open)) {
            open = part.last().succ_opt();
        }
    }
    open.is_none_or(|open| open > period.last())
}

/// Who has filed for a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// For which.
    pub period: CalendarPeriod,
    /// Every province that lives today.
    pub provinces: Vec<ProvinceFiling>,
}

impl Coverage {
    /// How many have filed.
    #[must_use]
    pub fn filed(&self) -> usize {
        self.provinces.iter().filter(|province| province.has_filed).count()
    }

    /// The last day on which any province filed anything; none where none ever did.
    #[must_use]
    pub fn last_on(&self) -> Option<Day> {
        self.provinces.iter().filter_map(|province| province.last_on).max()
    }
}

/// Whether a province has filed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProvinceFiling {
    /// Which province.
    pub log: Log,
    /// Whether it has filed for the period.
    pub has_filed: bool,
    /// The last day on which it filed anything, for whichever period.
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
    fn people_of_the_province_file_and_nobody_else() {
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
    fn what_is_published_files_for_every_period_that_holds_its_day() {
        let filings = [Filing::Published(day("2026-11-23"))];
        for (name, has) in [("2026", true), ("2026-Q4", true), ("2026-11", true), ("2026-10", false)] {
            assert_eq!(has_filed(&filings, period(name)), has, "{name}");
        }
    }

    #[test]
    fn confirmed_parts_make_a_whole_and_a_whole_has_its_parts() {
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
        fn confirmed_is_what_day_by_day_is_confirmed(
            parts in vec((0i64..60, 0i64..20), 0..6),
            (first, length) in (0i64..60, 0i64..20),
        ) {
            let at = |offset: i64| day("2026-01-01") + chrono::Duration::days(offset);
            let between = |first, length| CalendarPeriod::between(at(first), at(first + length)).unwrap();
            let parts: Vec<CalendarPeriod> = parts.iter().map(|(first, length)| between(*first, *length)).collect();
            let filings: Vec<Filing> = parts.iter().map(|part| Filing::Confirmed(*part, at(90))).collect();
            let is_confirmed = |offset| parts.iter().any(|part| part.holds(at(offset)));
            let recounted = (first..=first + length).all(is_confirmed);
            prop_assert_eq!(has_filed(&filings, between(first, length)), recounted);
        }
    }
}
