//! Statuses from dates, statements and activity.

use super::*;
use crate::status::on;

fn fuzzy(text: &str) -> FuzzyDate {
    FuzzyDate::parse(text).unwrap()
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

#[test]
fn relation_is_dormant_after_24_months_until_the_next_activity() {
    let established = fuzzy("2000");
    let activity = [day("2010-05-01"), day("2015-01-01")];
    let stated = Some(Stated { status: RelationStatus::Active, on: day("2026-11-22") });
    let life = RelationHistory { established: Some(&established), ended: None, stated, activity: &activity };
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
    let life = RelationHistory { established: None, ended: None, stated, activity: &[] };
    assert_eq!(on(&life.spans(), day("2020-01-01")), Some(RelationStatus::Unknown));
    assert_eq!(on(&life.spans(), day("2099-01-01")), Some(RelationStatus::Active));
}

#[test]
fn ended_relation_stays_ended() {
    let (established, ended) = (fuzzy("2000"), fuzzy("2022"));
    let stated = Some(Stated { status: RelationStatus::Ended, on: day("2026-11-22") });
    let life =
        RelationHistory { established: Some(&established), ended: Some(&ended), stated, activity: &[] };
    assert_eq!(on(&life.spans(), day("2022-12-31")), Some(RelationStatus::Active));
    assert_eq!(on(&life.spans(), day("2023-01-01")), Some(RelationStatus::Ended));
}
