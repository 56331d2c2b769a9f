//! Single counting rules, with examples.

use super::random_register::directory;
use crate::agreement::SigningLevel;
use crate::date::{DateUnit, Day, FuzzyDate, UNDATED_FIRST, UNDATED_LAST};
use crate::directory::Directory;
use crate::entry::{EntryKey, EntryKind, Pillar, Publication};
use crate::fact::{DateBounds, Fact};
use crate::filter::{Filter, Predicate};
use crate::id::{Id, Log};
use crate::organization::{OrganizationStage, StageStart};
use crate::statistics::{
    Boundaries, BoundaryView, BucketField, CalendarPeriod, Facts, GroupBy, GroupKey, GroupKeyValue,
    MAX_FILLED_GROUPS, RowSelection, distinct, groups,
};
use crate::status::{AgreementStatus, Span, Status};
use crate::validation::InvalidReason;
use strum::VariantArray;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// Two units, `HUE` (1) and `DONG_NAI` (2), became `DONG_NAI` (3), a province with log 3.
fn merged() -> Directory {
    let end = day("2025-06-30");
    directory(&[(0, Some((end, 1))), (1, Some((end, 0))), (1, None)])
}

fn view<'a>(directory: &'a Directory, as_of: Option<&str>, boundaries: Boundaries) -> BoundaryView<'a> {
    BoundaryView { directory, as_of: as_of.map(day), today: day("2026-11-22"), boundaries }
}

pub(in crate::statistics) fn agreement(number: i32, origin: Option<i32>, signed: &str) -> Fact {
    let first = FuzzyDate::parse(signed).unwrap();
    let in_force = Status::Agreement(AgreementStatus::InForce);
    Fact {
        key: EntryKey {
            kind: EntryKind::Agreement,
            log: origin.map_or(Log::MINISTRY, |_| Log::new(3)),
            number,
        },
        origin_unit: origin.map(Id::new),
        pillar: Some(Pillar::State),
        fields: vec![Id::new(1), Id::new(2)],
        sources: vec![Id::new(1)],
        localities: vec![Id::new(2), Id::new(3)],
        country: Some(Id::new(1)),
        countries: vec![Id::new(1)],
        tier: None,
        level: (number % 2 == 0).then_some(SigningLevel::Department),
        term: Some(Id::new(4)),
        direction: None,
        event_level: None,
        mode: None,
        state: None,
        series: None,
        edition: None,
        delegates: None,
        connections: None,
        stage: None,
        publication: Publication::Published,
        stage_starts: Vec::new(),
        counts_from: first.first_latest().unwrap(),
        first: DateBounds::from_date(Some(&first)),
        expires: DateBounds::UNDATED,
        published: DateBounds::UNDATED,
        spans: vec![Span { status: in_force, from: UNDATED_FIRST, to: UNDATED_LAST }],
        lapses: Vec::new(),
        activity: Vec::new(),
        shared_units: Vec::new(),
        shared_logs: Vec::new(),
    }
}

fn agreements() -> Facts {
    let facts = [
        agreement(1, Some(1), "2019-05-02"),
        agreement(2, Some(2), "2019"),
        agreement(3, Some(3), "2025-12-31/2026-01-02"),
        agreement(4, None, "2022-08"),
    ];
    Facts::new(EntryKind::Agreement, facts)
}

fn all(facts: &Facts) -> RowSelection {
    facts.select(&Filter::default())
}

fn counted(facts: &Facts, by: GroupBy, view: &BoundaryView<'_>) -> Vec<(String, u64)> {
    let groups = groups(facts, &all(facts), &[by], view).unwrap().into_iter();
    groups.map(|group| (group.keys[0].code(view.directory).into_owned(), group.count)).collect()
}

fn numbers(facts: &Facts, filter: &Filter) -> Vec<i32> {
    facts.rows(&facts.select(filter)).map(|row| facts.key(row).number).collect()
}

fn slugs(slugs: &[&str]) -> Vec<String> {
    slugs.iter().map(|slug| (*slug).to_owned()).collect()
}

#[test]
fn former_unit_counts_under_itself_or_its_successor() {
    let (directory, facts) = (merged(), agreements());
    let by =
        |key, as_of, boundaries| counted(&facts, GroupBy::Key(key), &view(&directory, as_of, boundaries));
    let expected = |groups: &[(&str, u64)]| -> Vec<(String, u64)> {
        groups.iter().map(|(code, count)| ((*code).to_owned(), *count)).collect()
    };
    let (then, now) = (Boundaries::AtTheTime, Boundaries::Today);
    assert_eq!(by(GroupKey::Province, None, now), expected(&[("DONG_NAI", 3)]));
    assert_eq!(by(GroupKey::Unit, Some("2020-01-01"), now), expected(&[("DONG_NAI", 3)]));
    assert_eq!(
        by(GroupKey::Province, Some("2025-06-30"), then),
        expected(&[("DONG_NAI", 1), ("DONG_NAI", 1), ("HUE", 1)])
    );
    assert_eq!(by(GroupKey::Unit, Some("2025-07-01"), then), expected(&[("DONG_NAI", 3)]));
}

#[test]
fn filters_accept_current_and_former_slugs_together() {
    let (directory, facts) = (merged(), agreements());
    let today = view(&directory, None, Boundaries::Today);
    let found = |names: &[&str]| numbers(&facts, &today.province_filter(&slugs(names)));
    assert_eq!(found(&["DONG_NAI"]), [1, 2, 3]);
    assert_eq!(found(&["HUE"]), [1]);
    assert_eq!(found(&["HUE", "DONG_NAI", "NOBODY"]), [1, 2, 3]);
    assert_eq!(found(&["NOBODY"]), [0; 0]);
    assert_eq!(found(&[]), [0; 0]);
    assert_eq!(numbers(&facts, &today.unit_filter(&slugs(&["DONG_NAI"]))), [2, 3]);

    let then = view(&directory, Some("2025-06-30"), Boundaries::AtTheTime);
    assert_eq!(numbers(&facts, &then.province_filter(&slugs(&["HUE"]))), [1]);
    let later = view(&directory, Some("2025-07-01"), Boundaries::AtTheTime);
    assert_eq!(numbers(&facts, &later.province_filter(&slugs(&["HUE"]))), [0; 0]);
    assert_eq!(numbers(&facts, &later.province_filter(&slugs(&["DONG_NAI"]))), [1, 2, 3]);
    assert_eq!(numbers(&facts, &later.unit_filter(&slugs(&["HUE"]))), [1]);
}

#[test]
fn entry_counts_once_in_each_of_its_groups() {
    let (directory, facts) = (merged(), agreements());
    let view = view(&directory, None, Boundaries::Today);
    let by = |key| counted(&facts, GroupBy::Key(key), &view);
    assert_eq!(by(GroupKey::Field), [("TERM_1".to_owned(), 4), ("TERM_2".to_owned(), 4)]);
    // Both localities have the same level.
    assert_eq!(by(GroupKey::LocalityLevel), [("TERM_3".to_owned(), 4)]);
    assert_eq!(distinct(&facts, &all(&facts), GroupKey::Locality, &view), 2);
    assert_eq!(by(GroupKey::Tier), []);
    // An agreement without a stated level is in no group.
    assert_eq!(by(GroupKey::SigningLevel), [("DEPARTMENT".to_owned(), 2)]);
}

#[test]
fn entry_counts_in_the_bucket_of_its_start() {
    let (directory, facts) = (merged(), agreements());
    let view = view(&directory, None, Boundaries::Today);
    let bucket = |unit, fill_gaps| GroupBy::Bucket { field: BucketField::SignedOn, unit, fill_gaps };
    let by = |unit, fill_gaps| {
        let by = bucket(unit, fill_gaps);
        (counted(&facts, by, &view), facts.count_not_known(&all(&facts), &[by], &view))
    };
    let expected = |groups: &[(&str, u64)], not_known| {
        let groups: Vec<_> = groups.iter().map(|(code, count)| ((*code).to_owned(), *count)).collect();
        (groups, Some(not_known))
    };
    // The start of 2025-12-31/2026-01-02 is known; the month of 2019 is not.
    let months = [("2019-05", 1), ("2022-08", 1), ("2025-12", 1)];
    assert_eq!(by(DateUnit::Month, false), expected(&months, 1));
    assert_eq!(by(DateUnit::Year, false), expected(&[("2019", 2), ("2022", 1), ("2025", 1)], 0));
    let filled = [("2019", 2), ("2020", 0), ("2021", 0), ("2022", 1), ("2023", 0), ("2024", 0), ("2025", 1)];
    assert_eq!(by(DateUnit::Year, true), expected(&filled, 0));
    assert_eq!(by(DateUnit::Decade, true), expected(&[("2010s", 2), ("2020s", 2)], 0));
}

#[test]
fn uncertain_start_is_in_no_bucket() {
    let directory = merged();
    let view = view(&directory, None, Boundaries::Today);
    let dates =
        ["2025-10/..", "2025~", "2025-10-30/2025-11-03", "2025-12-30/2026-01-02", "2025-10-30~/2025-11-03"];
    let facts = (1..).zip(dates).map(|(number, date)| agreement(number, None, date));
    let facts = Facts::new(EntryKind::Agreement, facts);
    let by = |unit| {
        let by = GroupBy::Bucket { field: BucketField::SignedOn, unit, fill_gaps: false };
        let groups = counted(&facts, by, &view).into_iter().map(|(code, count)| format!("{code}: {count}"));
        let not_known = facts.count_not_known(&all(&facts), &[by], &view).unwrap();
        format!("{}, not known: {not_known}", groups.collect::<Vec<_>>().join(", "))
    };
    assert_eq!(by(DateUnit::Month), "2025-10: 2, 2025-12: 1, not known: 2");
    assert_eq!(by(DateUnit::Year), "2025: 3, not known: 2");
    let found = |period: &str, filter: fn(CalendarPeriod) -> Filter| {
        numbers(&facts, &filter(CalendarPeriod::parse(period).unwrap()))
    };
    assert_eq!(found("2025-10", CalendarPeriod::filter), [1, 3]);
    assert_eq!(found("2025-10", CalendarPeriod::not_known_filter), [2, 5]);
    assert_eq!(found("2025-10", CalendarPeriod::overlap_filter), [1, 3]);
    assert_eq!(found("2025-11", CalendarPeriod::overlap_filter), [3, 5]);
    assert_eq!(found("2025-11-03", CalendarPeriod::overlap_filter), [3, 5]);
    assert_eq!(found("2025-11-04", CalendarPeriod::overlap_filter), [0; 0]);
    assert_eq!(found("2026", CalendarPeriod::overlap_filter), [4]);
}

#[test]
fn filling_too_wide_a_gap_is_rejected() {
    let directory = merged();
    let view = view(&directory, None, Boundaries::Today);
    let series = |last: &str, second: &[GroupBy]| {
        let ends = [agreement(1, None, "1900-01"), agreement(2, None, last)];
        let facts = Facts::new(EntryKind::Agreement, ends);
        let (field, unit) = (BucketField::SignedOn, DateUnit::Month);
        let by = [&[GroupBy::Bucket { field, unit, fill_gaps: true }], second].concat();
        groups(&facts, &all(&facts), &by, &view).map(|groups| groups.len())
    };
    let refused = |count: usize| Err(InvalidReason::TooManyGroups { count, most: 2_000 }.into());
    assert_eq!(series("2066-08", &[]), Ok(MAX_FILLED_GROUPS));
    assert_eq!(series("2066-09", &[]), refused(2_001));
    assert_eq!(series("9999-12", &[]), refused(97_200));
    // Each agreement has two fields, so the series doubles.
    let by_field = [GroupBy::Key(GroupKey::Field)];
    assert_eq!(series("1983-04", &by_field), Ok(MAX_FILLED_GROUPS));
    assert_eq!(series("1983-05", &by_field), refused(2_002));
}

#[test]
fn tally_contains_the_bounds_of_dates() {
    let (directory, facts) = (merged(), agreements());
    let view = view(&directory, None, Boundaries::Today);
    let tally = facts.tally(&all(&facts), &view);
    assert_eq!((tally.count, tally.in_force), (4, Some(4)));
    assert_eq!((tally.earliest, tally.latest), (Some(day("2019-01-01")), Some(day("2026-01-02"))));
    let counts = Filter::Is(Predicate::CountsOn(day("2019-12-30")));
    assert_eq!(numbers(&facts, &counts), [1]);
    let events = Facts::new(EntryKind::Event, []);
    assert_eq!(events.tally(&all(&events), &view).in_force, None);
    let agreements = Facts::new(EntryKind::Agreement, []);
    assert_eq!(agreements.tally(&all(&agreements), &view).in_force, Some(0));
}

#[test]
fn keys_are_offered_for_kinds_with_the_value() {
    use BucketField::{Established, Expires, HeldOn, Published, SignedOn};
    use GroupKey::{Direction, Form, Kind, SigningLevel, Stage, Status, Tier};
    let withheld =
        |kind| -> Vec<&GroupKey> { GroupKey::VARIANTS.iter().filter(|key| !key.is_offered(kind)).collect() };
    assert_eq!(withheld(EntryKind::Relation), [&Form, &Kind, &SigningLevel, &Stage, &Direction]);
    assert_eq!(withheld(EntryKind::Agreement), [&Kind, &Tier, &Stage, &Direction]);
    assert_eq!(withheld(EntryKind::Event), [&Form, &Tier, &SigningLevel, &Status, &Stage]);
    assert_eq!(withheld(EntryKind::Figure).len(), GroupKey::VARIANTS.len());
    let dates = |kind| -> Vec<&BucketField> {
        BucketField::VARIANTS.iter().filter(|field| field.is_offered(kind)).collect()
    };
    assert_eq!(dates(EntryKind::Relation), [&Established, &Published]);
    assert_eq!(dates(EntryKind::Agreement), [&SignedOn, &Expires, &Published]);
    assert_eq!(dates(EntryKind::Event), [&HeldOn, &Published]);
}

#[test]
fn values_have_codes() {
    let directory = merged();
    assert_eq!(GroupKeyValue::Log(Log::new(3)).code(&directory), "DONG_NAI");
    assert_eq!(
        GroupKeyValue::Status(Status::Agreement(AgreementStatus::InForce)).code(&directory),
        "IN_FORCE"
    );
}

#[test]
fn stages_are_those_of_the_requested_day() {
    let directory = merged();
    let start = |on: &str, stage| StageStart { on: day(on), stage };
    let starts = vec![
        start("2020-01-01", OrganizationStage::Committee),
        start("2022-06-30", OrganizationStage::Established),
    ];
    let key = |number| EntryKey { kind: EntryKind::Organization, log: Log::new(3), number };
    let plain = agreement(1, Some(3), "2019");
    let dated = Fact { key: key(1), stage_starts: starts, ..plain.clone() };
    let stated = Fact { key: key(2), stage: Some(OrganizationStage::Suspended), ..plain };
    let facts = Facts::new(EntryKind::Organization, [dated, stated]);
    let stages = |as_of| {
        let view = view(&directory, Some(as_of), Boundaries::Today);
        let groups = groups(&facts, &all(&facts), &[GroupBy::Key(GroupKey::Stage)], &view).unwrap();
        groups.iter().map(|group| group.keys[0].code(&directory)).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(stages("2022-06-29"), "COMMITTEE SUSPENDED");
    assert_eq!(stages("2022-06-30"), "ESTABLISHED SUSPENDED");
}
