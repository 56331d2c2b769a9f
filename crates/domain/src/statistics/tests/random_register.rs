//! Small random registers: units with successors, places, terms, and facts about them.

use crate::agreement::{Lapse, SigningLevel};
use crate::date::{Day, FuzzyDate, UNDATED_FIRST, UNDATED_LAST};
use crate::directory::{Directory, Reference};
use crate::entry::{Common, Direction, EntryKey, EntryKind, Pillar, Publication};
use crate::event::{EventMode, EventRank, EventState};
use crate::fact::{DateBounds, Fact};
use crate::filter::{DateField, DateTest, Filter, Predicate};
use crate::id::{Id, Log};
use crate::locale::Bilingual;
use crate::place::{Country, Locality, Region};
use crate::quantity::{Qualifier, Quantity, QuantityParts};
use crate::reference::{Term, Vocabulary};
use crate::relation::{ActivityPeriod, RelationTier};
use crate::statistics::{Boundaries, BucketField, GroupBy, GroupKey};
use crate::status::{AgreementStatus, RelationStatus, Span, Status};
use crate::unit::{
    AdminUnit, Designation, Province, SocioEconomicRegion, Succession, SuccessionKind, UnitKind,
};
use chrono::Days;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use rust_decimal::Decimal;
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;
use strum::VariantArray;

pub(super) const SLUGS: [&str; 5] = ["HUE", "DONG_NAI", "LAO_CAI", "BAC_NINH", "NOBODY"];
/// Names of series and editions.
const NAMES: [&str; 3] = ["sen village festival", "meet rok", "2025"];
const REGIONS: [Option<Region>; 4] = [Some(Region::Asia), Some(Region::Europe), Some(Region::Asia), None];
/// Dates without a fixed code, and the bounds of time.
const FAR: [&str; 5] = ["0938", "1802-06-01", "2124-12-31", "0001-01-01", "9999-12-31"];
const COUNTED: [EntryKind; 3] = [EntryKind::Relation, EntryKind::Agreement, EntryKind::Event];

/// Segment sizes, so that some facts fill several segments and others share one.
const LENGTHS: [usize; 4] = [1, 2, 5, 1_000];

/// A directory, and facts of all kinds.
#[derive(Debug)]
pub(super) struct RandomRegister {
    pub(super) directory: Directory,
    pub(super) facts: Vec<Fact>,
    /// The maximum number of facts of a segment.
    pub(super) segment_size: usize,
}

/// Returns random registers with one of the segment sizes in [`LENGTHS`].
pub(super) fn registers() -> impl Strategy<Value = RandomRegister> {
    let units = vec((0..4usize, option::of((day(), any::<usize>()))), 1..8);
    let facts = units.prop_flat_map(|units| {
        let directory = directory(&units);
        let log = |unit| directory.province_of(unit).map(|province| province.log).unwrap();
        let origins = directory.units().iter().map(|unit| (log(unit.id), Some(unit.id)));
        let origins: Vec<_> = origins.chain([(Log::MINISTRY, None)]).collect();
        let shared = vec(prop_oneof![3 => Just(Vec::new()), 1 => vec(any::<usize>(), 0..4)], 40);
        (Just(units), vec(fact(origins), 0..40), shared, select(&LENGTHS[..]))
    });
    facts.prop_map(|(units, mut facts, shared, segment_size)| {
        let directory = directory(&units);
        for ((number, fact), shared) in (1..).zip(&mut facts).zip(shared) {
            // Numbers that fall, so that the order of the columns is not that of the list.
            fact.key.number = 1_000 - number;
            share(fact, &shared, &directory);
        }
        RandomRegister { directory, facts, segment_size }
    })
}

/// Adds the units of these choices as further owners.
fn share(fact: &mut Fact, choices: &[usize], directory: &Directory) {
    let units = choices.iter().map(|choice| directory.units()[choice % directory.units().len()].id);
    let units: BTreeSet<_> = units.filter(|unit| Some(*unit) != fact.origin_unit).collect();
    fact.shared_units = units.into_iter().collect();
    let common = Common { shared_with: fact.shared_units.clone(), ..Common::default() };
    fact.shared_logs = common.shared_logs(fact.key.log, directory).into_iter().collect();
}

/// Returns a directory of these units in a row; a unit with an end is succeeded by a later one. The
/// last unit is current, and no two current units have the same slug.
pub(super) fn directory(units: &[(usize, Option<(Day, usize)>)]) -> Directory {
    let mut reference = Reference::default();
    let mut living = HashSet::new();
    for (number, (slug, ended)) in (1..).zip(units) {
        let later = units.len() - usize::try_from(number).unwrap();
        let ended = ended.filter(|_| later > 0);
        let mut slug = SLUGS[*slug].to_owned();
        if let Some((last, choice)) = ended {
            reference.successions.push(Succession {
                predecessor: Id::new(number),
                successor: Id::new(number + 1 + i32::try_from(choice % later).unwrap()),
                kind: SuccessionKind::Merged,
                effective_on: last.succ_opt().unwrap(),
                legal_basis: String::new(),
            });
        } else {
            if !living.insert(slug.clone()) {
                slug = format!("UNIT_{number}");
            }
            reference.provinces.push(province(number));
        }
        reference.units.push(unit(number, slug, ended.map(|(last, _)| last)));
    }
    add_words(&mut reference);
    Directory::new(reference)
}

fn unit(number: i32, slug: String, valid_to: Option<Day>) -> AdminUnit {
    AdminUnit {
        id: Id::new(number),
        designations: vec![Designation {
            from: None,
            code: number.to_string(),
            kind: UnitKind::Province,
            name: Bilingual { vi: Some(slug.clone()), en: None },
            legal_basis: None,
        }],
        slug,
        valid_from: None,
        valid_to,
        split_from: None,
        iso_3166_2: None,
        geography: Vec::new(),
    }
}

fn province(number: i32) -> Province {
    Province {
        log: Log::new(i16::try_from(number).unwrap()),
        unit: Id::new(number),
        region: SocioEconomicRegion::Southeast,
        capital: None,
        area_km2: None,
        population: None,
        location: None,
        neighbours: Vec::new(),
        source: None,
    }
}

/// Adds countries 1 to 4, localities 1 to 4 (one without a level), terms 1 to 4.
fn add_words(reference: &mut Reference) {
    let levels = [None, Some(3), Some(3), Some(4)];
    for (number, (region, level)) in (1..).zip(REGIONS.into_iter().zip(levels)) {
        let name = Bilingual::both(format!("nước {number}"), format!("land {number}"));
        reference.countries.push(Country {
            id: Id::new(number),
            iso2: format!("C{number}"),
            iso3: format!("CC{number}"),
            name: name.clone(),
            region,
            subregion: None,
        });
        reference.localities.push(Locality {
            id: Id::new(number),
            slug: format!("place-{number}"),
            name: name.clone(),
            native_name: None,
            aliases: Vec::new(),
            country: Id::new(number),
            level: level.map(Id::new),
            location: None,
            iso_3166_2: None,
            wikidata_id: None,
            valid_to: None,
            note: None,
            source: None,
        });
        reference.terms.push(Term {
            id: Id::new(number),
            vocabulary: Vocabulary::Field,
            code: format!("TERM_{number}"),
            name,
            parent: None,
            valid_from: None,
            units: Vec::new(),
            is_additive: true,
            source: None,
        });
    }
}

/// Days of 43 months, so that gap filling for two series of months stays within its limit.
pub(super) fn day() -> impl Strategy<Value = Day> {
    let first = Day::from_ymd_opt(2023, 7, 1).unwrap();
    (0u64..1_300).prop_map(move |days| first + Days::new(days))
}

fn id<T: 'static>() -> impl Strategy<Value = Id<T>> {
    (1..5i32).prop_map(Id::new)
}

fn period() -> impl Strategy<Value = DateBounds> {
    let written = |text: String| DateBounds::from_date(Some(&FuzzyDate::parse(&text).unwrap()));
    prop_oneof![
        2 => Just(DateBounds::UNDATED),
        4 => day().prop_map(move |day| written(day.to_string())),
        1 => day().prop_map(move |day| written(day.format("%Y-%m").to_string())),
        1 => day().prop_map(move |day| written(day.format("%Y").to_string())),
        1 => day().prop_map(move |day| written(format!("{day}/.."))),
        1 => day().prop_map(move |day| written(day.format("%Y-%m/..").to_string())),
        1 => day().prop_map(move |day| written(day.format("%Y~").to_string())),
        2 => (day(), 1..40u64).prop_map(move |(day, days)| written(format!("{day}/{}", day + Days::new(days)))),
        1 => (day(), 32..400u64).prop_map(move |(day, days)| {
            written(format!("{}/{}", day.format("%Y-%m"), day + Days::new(days)))
        }),
        1 => day().prop_map(move |day| written(format!("../{day}"))),
        1 => select(&FAR[..]).prop_map(move |date| written(date.to_owned())),
    ]
}

fn status(kind: EntryKind) -> BoxedStrategy<Status> {
    if kind == EntryKind::Relation {
        select(RelationStatus::VARIANTS).prop_map(Status::Relation).boxed()
    } else {
        select(AgreementStatus::VARIANTS).prop_map(Status::Agreement).boxed()
    }
}

/// Spans with one change per distinct day; mostly without a gap.
fn spans(kind: EntryKind) -> impl Strategy<Value = Vec<Span<Status>>> {
    let gap = prop_oneof![4 => Just(None), 1 => (0..5usize).prop_map(Some)];
    (status(kind), vec((day(), status(kind)), 0..4), gap).prop_map(move |(before, mut changes, gap)| {
        changes.sort_by_key(|change| change.0);
        changes.dedup_by_key(|change| change.0);
        let mut spans = vec![Span { status: before, from: UNDATED_FIRST, to: UNDATED_LAST }];
        for (from, status) in changes {
            spans.last_mut().unwrap().to = from.pred_opt().unwrap();
            spans.push(Span { status, from, to: UNDATED_LAST });
        }
        if let Some(gap) = gap.filter(|gap| *gap < spans.len()) {
            spans.remove(gap);
        }
        if kind == EntryKind::Event { Vec::new() } else { spans }
    })
}

/// The end of the term of an agreement as it became known, in order of time.
fn lapses(kind: EntryKind) -> impl Strategy<Value = Vec<Lapse>> {
    let lapse = (day(), prop_oneof![3 => day(), 1 => Just(UNDATED_LAST)])
        .prop_map(|(known_from, on)| Lapse { known_from, on });
    vec(lapse, if kind == EntryKind::Agreement { 0..4 } else { 0..1 }).prop_map(|mut lapses| {
        lapses.sort_unstable_by_key(|lapse| lapse.known_from);
        lapses.dedup_by_key(|lapse| lapse.known_from);
        lapses
    })
}

/// Periods of activity of a relation, in order of time.
fn activity(kind: EntryKind) -> impl Strategy<Value = Vec<ActivityPeriod>> {
    let period =
        (day(), 0u64..900).prop_map(|(from, days)| ActivityPeriod { from, to: from + Days::new(days) });
    vec(period, if kind == EntryKind::Relation { 0..4 } else { 0..1 }).prop_map(|mut periods| {
        periods.sort_unstable();
        periods
    })
}

/// Mostly of persons.
fn quantity() -> impl Strategy<Value = Quantity> {
    use Qualifier::{Exact, MoreThan, Range, Unquantified};
    let unit = prop_oneof![9 => Just("person"), 1 => Just("club")];
    let qualifiers = select(vec![Exact, MoreThan, Range, Unquantified]);
    (qualifiers, 0..900i64, 0..90i64, unit).prop_map(|(qualifier, number, more, unit)| {
        let [number, most] = [number, number + more].map(Decimal::from);
        let (value, lower, upper) = if qualifier == Range {
            (None, Some(number), Some(most))
        } else {
            (Some(number).filter(|_| qualifier != Unquantified), None, None)
        };
        let unit = unit.to_owned();
        Quantity::new(QuantityParts { value, lower, upper, qualifier, unit, currency: None }).unwrap()
    })
}

fn publication() -> impl Strategy<Value = Publication> {
    prop_oneof![3 => Just(Publication::Published), 1 => select(Publication::VARIANTS)]
}

fn fact(origins: Vec<(Log, Option<Id<AdminUnit>>)>) -> impl Strategy<Value = Fact> {
    let lists = (vec(id(), 0..4), vec(id(), 0..3), vec(id(), 0..3));
    let words = (
        option::of(select(Pillar::VARIANTS)),
        option::of(id()),
        option::of(select(RelationTier::VARIANTS)),
        option::of(select(SigningLevel::VARIANTS)),
        option::of(id()),
        option::of(select(Direction::VARIANTS)),
    );
    let happening = (
        option::of(select(EventRank::VARIANTS)),
        option::of(select(EventMode::VARIANTS)),
        option::of(select(&NAMES[..])),
        option::of(select(&NAMES[..])),
        option::of(quantity()),
        option::of(quantity()),
        option::of(select(EventState::VARIANTS)),
    );
    let dates = (day(), period(), period(), day(), publication());
    (select(&COUNTED[..]), select(origins), lists, words, happening, dates).prop_flat_map(
        |(kind, (log, origin_unit), lists, words, happening, dates)| {
            let (pillar, country, tier, level, term, direction) = words;
            let countries: BTreeSet<_> = lists.2.into_iter().chain(country).collect();
            let (fields, localities) = (once(lists.0), once(lists.1));
            let (counts_from, first, expires, published, publication) = dates;
            (spans(kind), lapses(kind), activity(kind)).prop_map(move |(spans, lapses, activity)| Fact {
                key: EntryKey { kind, log, number: 0 },
                origin_unit,
                pillar,
                fields: fields.clone(),
                sources: fields.iter().map(|field| Id::new(field.number() + 1)).collect(),
                localities: localities.clone(),
                country,
                countries: countries.iter().copied().collect(),
                tier,
                level,
                term,
                direction,
                event_level: happening.0,
                mode: happening.1,
                state: happening.6,
                series: happening.2.map(str::to_owned),
                edition: happening.3.map(str::to_owned),
                delegates: happening.4.clone(),
                connections: happening.5.clone(),
                stage: None,
                publication,
                stage_starts: Vec::new(),
                counts_from,
                first,
                expires,
                published: DateBounds::of_day(published),
                spans,
                lapses,
                activity,
                shared_units: Vec::new(),
                shared_logs: Vec::new(),
            })
        },
    )
}

/// Removes duplicates; keeps the first occurrence.
fn once<T: PartialEq + Copy>(list: Vec<T>) -> Vec<T> {
    let mut seen = Vec::new();
    for member in list {
        if !seen.contains(&member) {
            seen.push(member);
        }
    }
    seen
}

pub(super) fn filters() -> impl Strategy<Value = Filter> {
    predicate().prop_map(Filter::Is).prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Filter::All),
            vec(inner.clone(), 0..3).prop_map(Filter::Any),
            inner.prop_map(|part| Filter::Not(Box::new(part))),
        ]
    })
}

fn predicate() -> impl Strategy<Value = Predicate> {
    let some = || 0..3usize;
    let log = (0..8i16).prop_map(Log::new);
    let statuses = || prop_oneof![status(EntryKind::Relation), status(EntryKind::Agreement)];
    let fields = [
        DateField::First,
        DateField::FirstStart,
        DateField::FirstEnd,
        DateField::Expires,
        DateField::Published,
    ];
    let fields = select(fields.to_vec());
    let tests = prop_oneof![
        day().prop_map(DateTest::OnOrAfter),
        day().prop_map(DateTest::After),
        day().prop_map(DateTest::OnOrBefore),
        day().prop_map(DateTest::Before),
        any::<bool>().prop_map(DateTest::IsUndated),
    ];
    let found = (select(&COUNTED[..]), vec((log.clone(), 960..1_000i32), 0..40));
    prop_oneof![
        vec(log.clone(), some()).prop_map(Predicate::Log),
        vec(log, some()).prop_map(Predicate::Owner),
        vec((1..8i32).prop_map(Id::new), some()).prop_map(Predicate::Unit),
        vec(id(), some()).prop_map(Predicate::Country),
        vec(id(), some()).prop_map(Predicate::AnyCountry),
        vec(id(), some()).prop_map(Predicate::Locality),
        vec(select(Pillar::VARIANTS), some()).prop_map(Predicate::Pillar),
        vec(id(), some()).prop_map(Predicate::Field),
        vec(id(), some()).prop_map(Predicate::Source),
        vec(id(), some()).prop_map(Predicate::Term),
        vec(select(RelationTier::VARIANTS), some()).prop_map(Predicate::Tier),
        vec(select(SigningLevel::VARIANTS), some()).prop_map(Predicate::Level),
        vec(select(Direction::VARIANTS), some()).prop_map(Predicate::Direction),
        vec(select(EventRank::VARIANTS), some()).prop_map(Predicate::EventRank),
        vec(select(EventMode::VARIANTS), some()).prop_map(Predicate::Mode),
        vec(select(EventState::VARIANTS), some()).prop_map(Predicate::EventState),
        names().prop_map(Predicate::Series),
        names().prop_map(Predicate::Edition),
        vec(select(Publication::VARIANTS), some()).prop_map(Predicate::Publication),
        (vec(statuses(), some()), day()).prop_map(|(these, day)| Predicate::Status(these, day)),
        (fields, tests).prop_map(|(field, test)| Predicate::Date(field, test)),
        day().prop_map(Predicate::CountsOn),
        found.prop_map(|(kind, keys)| Predicate::OneOf(kind, Arc::new(keys.into_iter().collect()))),
    ]
}

fn names() -> impl Strategy<Value = Vec<String>> {
    vec(select(&NAMES[..]).prop_map(str::to_owned), 0..3)
}

pub(super) fn boundaries() -> impl Strategy<Value = Boundaries> {
    select(Boundaries::VARIANTS)
}

pub(super) fn keys() -> impl Strategy<Value = GroupKey> {
    select(GroupKey::VARIANTS)
}

pub(super) fn group_by() -> impl Strategy<Value = GroupBy> {
    use crate::date::DateUnit::{Decade, Month, Quarter, Year};
    let unit = select(&[Month, Quarter, Year, Decade][..]);
    let bucket = (select(BucketField::VARIANTS), unit, any::<bool>());
    prop_oneof![
        3 => keys().prop_map(GroupBy::Key),
        1 => bucket.prop_map(|(field, unit, fill_gaps)| GroupBy::Bucket { field, unit, fill_gaps }),
    ]
}
