//! Statuses from dates, statements and activity.

use super::*;
use crate::relation::last_active_on;
use crate::status::on;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

fn fuzzy(text: &str) -> FuzzyDate {
    FuzzyDate::parse(text).unwrap()
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn history(established: Option<&FuzzyDate>, stated: Option<Stated<RelationStatus>>) -> RelationHistory<'_> {
    RelationHistory { established, ended: None, stated, stated_since: None, activity: &[] }
}

#[test]
fn relation_is_dormant_after_24_months_until_the_next_activity() {
    let established = fuzzy("2000");
    let activity = [day("2010-05-01"), day("2015-01-01")];
    let stated = Some(Stated { status: RelationStatus::Active, on: day("2026-11-22") });
    let life = RelationHistory { activity: &activity, ..history(Some(&established), stated) };
    let status = |text| on(&life.spans(), day(text)).unwrap();
    assert_eq!(status("1999-12-31"), RelationStatus::Unknown);
    assert_eq!(status("2005-01-01"), RelationStatus::Active);
    assert_eq!(status("2012-05-01"), RelationStatus::Active);
    assert_eq!(status("2012-05-02"), RelationStatus::Dormant);
    assert_eq!(status("2015-01-01"), RelationStatus::Active);
    assert_eq!(status("2020-01-01"), RelationStatus::Dormant);
    assert_eq!(status("2026-11-22"), RelationStatus::Active);
}

#[test]
fn relation_without_activity_keeps_its_stated_status() {
    let stated = Some(Stated { status: RelationStatus::Active, on: day("2026-11-22") });
    let life = history(None, stated);
    assert_eq!(on(&life.spans(), day("2020-01-01")), Some(RelationStatus::Unknown));
    assert_eq!(on(&life.spans(), day("2099-01-01")), Some(RelationStatus::Active));
}

#[test]
fn ended_relation_stays_ended() {
    let (established, ended) = (fuzzy("2000"), fuzzy("2022"));
    let stated = Some(Stated { status: RelationStatus::Ended, on: day("2026-11-22") });
    let life = RelationHistory { ended: Some(&ended), ..history(Some(&established), stated) };
    assert_eq!(on(&life.spans(), day("2022-12-31")), Some(RelationStatus::Active));
    assert_eq!(on(&life.spans(), day("2023-01-01")), Some(RelationStatus::Ended));
}

#[test]
fn status_before_an_end_without_a_day_is_unknown() {
    let established = fuzzy("2010");
    let stated = Some(Stated { status: RelationStatus::Ended, on: day("2026-11-22") });
    let life = history(Some(&established), stated);
    let status = |life: &RelationHistory<'_>, text| on(&life.spans(), day(text)).unwrap();
    for unknown in ["2009-12-31", "2010-12-31", "2020-06-01", "2026-11-21"] {
        assert_eq!(status(&life, unknown), RelationStatus::Unknown, "{unknown}");
    }
    assert_eq!(status(&life, "2026-11-22"), RelationStatus::Ended);
    let since = RelationHistory { stated_since: Some(day("2016-12-31")), ..life };
    assert_eq!(status(&since, "2016-12-30"), RelationStatus::Unknown);
    assert_eq!(status(&since, "2016-12-31"), RelationStatus::Ended);
    let activity = [day("2014-05-01"), day("2018-01-01")];
    let active = RelationHistory { activity: &activity, ..life };
    for (on_day, expected) in [
        ("2014-05-01", RelationStatus::Active),
        ("2016-05-02", RelationStatus::Dormant),
        ("2018-01-01", RelationStatus::Active),
        ("2018-01-02", RelationStatus::Unknown),
        ("2026-11-22", RelationStatus::Ended),
    ] {
        assert_eq!(status(&active, on_day), expected, "{on_day}");
    }
    // Later activity does not revive it.
    let late = RelationHistory { activity: &activity, ..since };
    assert_eq!(status(&late, "2018-06-01"), RelationStatus::Ended);
}

#[test]
fn statement_holds_from_the_year_of_its_evidence() {
    let stated = Some(Stated { status: RelationStatus::Active, on: day("2026-11-22") });
    let activity = [day("2010-05-01")];
    for activity in [&[][..], &activity[..]] {
        let since = Some(day("2016-12-31"));
        let life = RelationHistory { stated_since: since, activity, ..history(None, stated) };
        let status = |text| on(&life.spans(), day(text)).unwrap();
        assert_eq!(status("2016-12-30"), RelationStatus::Unknown);
        for active in ["2016-12-31", "2020-01-01", "2026-11-21", "2026-11-22", "2028-11-22"] {
            assert_eq!(status(active), RelationStatus::Active, "{active}");
        }
        // Without dated activity it keeps its status.
        let later = if activity.is_empty() { RelationStatus::Active } else { RelationStatus::Dormant };
        assert_eq!(status("2028-11-23"), later);
    }
}

#[test]
fn statement_never_begins_before_the_establishment() {
    let established = fuzzy("2020-05-01");
    let stated = Some(Stated { status: RelationStatus::Active, on: day("2026-11-22") });
    let life =
        RelationHistory { stated_since: Some(day("2016-12-31")), ..history(Some(&established), stated) };
    assert_eq!(on(&life.spans(), day("2020-04-30")), Some(RelationStatus::Unknown));
    assert_eq!(on(&life.spans(), day("2020-05-01")), Some(RelationStatus::Active));
}

proptest! {
    #[test]
    fn dormant_by_status_and_by_rule_are_the_same(
        established in option::of(0i64..4_000),
        (since, on_day) in (0i64..4_000, 0i64..4_000),
        activity in vec(0i64..4_000, 0..6),
        asked in 0i64..6_000,
    ) {
        let at = |days: i64| day("2010-01-01") + chrono::Duration::days(days);
        let established = established.map(|days| fuzzy(&at(days).to_string()));
        let mut activity: Vec<Day> = activity.into_iter().map(at).collect();
        activity.sort_unstable();
        activity.dedup();
        let stated = Some(Stated { status: RelationStatus::Active, on: at(on_day) });
        let life = RelationHistory {
            stated_since: Some(at(since)),
            activity: &activity,
            ..history(established.as_ref(), stated)
        };
        let (spans, periods) = (life.spans(), life.activity_periods());
        let status = on(&spans, at(asked)).unwrap();
        let last = last_active_on(&periods, at(asked)).and_then(|last| dormant_from(last, DORMANT_AFTER_MONTHS));
        let is_inactive = last.is_some_and(|from| from <= at(asked));
        prop_assert_eq!(status == RelationStatus::Dormant, is_inactive, "{:?} {:?}", spans, periods);
    }
}
