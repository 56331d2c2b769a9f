//! Benchmark of statistics: build time, bytes per fact, CPU time per query.
//!
//! ```sh
//! cargo run --release -p caunoi-domain --example scan -- agreement 1000000
//! cargo run --release -p caunoi-domain --example scan -- event 1000000
//! ```
//!
//! Run one kind and size at a time, because freed memory would be reported as free. Linux only. All
//! facts are synthetic and generated from a seed, with few large provinces and countries, twelve
//! fields of cooperation and some thirty years of signing days.
#![expect(clippy::print_stdout, clippy::expect_used, reason = "a program for the terminal")]

use caunoi_domain::agreement::SigningLevel;
use caunoi_domain::date::{DateUnit, Day, DayRange, UNDATED_FIRST, UNDATED_LAST};
use caunoi_domain::directory::{Directory, Reference};
use caunoi_domain::entry::{EntryKey, EntryKind, Pillar, Publication};
use caunoi_domain::event::{EventMode, EventRank};
use caunoi_domain::fact::{DateBounds, Fact};
use caunoi_domain::filter::{Filter, Predicate};
use caunoi_domain::id::{Id, Log};
use caunoi_domain::quantity::Quantity;
use caunoi_domain::statistics::{
    Boundaries, BoundaryView, BucketField, Facts, FactsBuilder, GroupBy, GroupKey, QuantityKey, RowSelection,
    groups,
};
use caunoi_domain::status::{AgreementStatus, Span, Status};
use chrono::Days;
use std::collections::HashSet;
use std::hint::black_box;

const PROVINCES: i16 = 34;
const COUNTRIES: i32 = 200;
const LOCALITIES: i32 = 20_000;
const FIELDS: i32 = 12;
/// Days from the first signing to the last one.
const YEARS: f64 = 10_950.0;
/// Measurements per query; the median is reported.
const TIMES: usize = 7;
/// Repetitions per measurement, because the thread clock has a resolution of milliseconds.
const REPEATS: u8 = 20;

fn main() {
    let mut words = std::env::args().skip(1);
    let kind = words.next().unwrap_or_else(|| "agreement".to_owned());
    let size = words.next().map_or(1_000_000, |size| size.parse().expect("a number of facts"));
    if kind == "event" {
        measure_sums(&measure_build(EntryKind::Event, size));
    } else {
        let agreements = measure_build(EntryKind::Agreement, size);
        measure_queries(&agreements);
        measure_publish(agreements);
    }
}

fn measure_build(kind: EntryKind, size: u32) -> Facts {
    let (before, start) = (resident_kib(), cpu_ms());
    let mut random = Random(7);
    for log in 1..=PROVINCES {
        (1..=share(size, log)).for_each(|number| drop(black_box(fact(kind, log, number, &mut random))));
    }
    let (made, mut random) = (cpu_ms(), Random(7));
    let mut builder = FactsBuilder::new(kind);
    for log in 1..=PROVINCES {
        (1..=share(size, log)).for_each(|number| builder.push(fact(kind, log, number, &mut random)));
    }
    let facts = builder.finish();
    let build = (cpu_ms() - made) - (made - start);
    let bytes = (resident_kib() - before) * 1024.0 / f64::from(size);
    println!("{size} facts, synthetic, {kind}: built in {build:.0} ms of CPU, {bytes:.1} bytes each");
    facts
}

/// Returns the number of entries of a log; some provinces have many more than others.
fn share(size: u32, log: i16) -> i32 {
    let weight = |log: i16| 1.0 / f64::from(log + 2);
    let all: f64 = (1..=PROVINCES).map(weight).sum();
    whole(f64::from(size) * weight(log) / all)
}

fn measure_queries(facts: &Facts) {
    let directory = Directory::new(Reference::default());
    let today = day(2026, 11, 22);
    let view = BoundaryView { directory: &directory, as_of: None, today, boundaries: Boundaries::Today };
    let counts = Filter::Is(Predicate::CountsOn(today));
    let withdrawn = Filter::Is(Predicate::Publication(vec![Publication::Withdrawn]));
    let counted = counts.and(Filter::Not(Box::new(withdrawn)));
    let of_few = counted.clone().and(Filter::Is(Predicate::Country((1..40).map(Id::new).collect())));
    let (all, some) = (facts.select(&counted), facts.select(&of_few));
    let [province, field, country] =
        [GroupKey::Province, GroupKey::Field, GroupKey::Country].map(GroupBy::Key);
    let year = GroupBy::Bucket { field: BucketField::SignedOn, unit: DateUnit::Year, fill_gaps: false };
    let board = |rows: &RowSelection| {
        black_box(groups(facts, rows, &[province], &view).expect("no gaps"));
        black_box(facts.in_force(rows, &[province], &view));
        black_box(facts.distinct(rows, &[province], GroupKey::Country, &view));
        black_box(groups(facts, rows, &[province, field], &view).expect("no gaps"));
        black_box(groups(facts, rows, &[province, year], &view).expect("no gaps"));
    };
    time("select what counts today", || drop(black_box(facts.select(&counted))));
    time("select by country", || drop(black_box(facts.select(&of_few))));
    time("tally", || {
        black_box(facts.tally(&all, &view));
    });
    time("in force by province", || drop(black_box(facts.in_force(&all, &[province], &view))));
    time("countries by province", || {
        drop(black_box(facts.distinct(&all, &[province], GroupKey::Country, &view)));
    });
    for (name, by) in [
        ("province and field", [province, field]),
        ("province and year", [province, year]),
        ("country and field", [country, field]),
        ("country and year", [country, year]),
    ] {
        time(&format!("groups by {name}"), || drop(black_box(groups(facts, &all, &by, &view))));
    }
    time("THE BOARD: select, 3 groupings", || board(&facts.select(&counted)));
    println!("  the same over {} of them, taken by country", some.len());
    time("THE BOARD: select, 3 groupings", || board(&facts.select(&of_few)));
}

fn measure_sums(facts: &Facts) {
    let directory = Directory::new(Reference::default());
    let today = day(2026, 11, 22);
    let view = BoundaryView { directory: &directory, as_of: None, today, boundaries: Boundaries::Today };
    let rows = facts.select(&Filter::Is(Predicate::CountsOn(today)));
    let year = GroupBy::Bucket { field: BucketField::HeldOn, unit: DateUnit::Year, fill_gaps: false };
    time("sum of delegates", || drop(black_box(facts.sum(&rows, QuantityKey::Delegates))));
    time("sum of delegates by year", || {
        drop(black_box(facts.sums(&rows, &[year], QuantityKey::Delegates, &view)));
    });
}

fn measure_publish(mut facts: Facts) {
    let mut random = Random(11);
    time("publish one", || {
        let log = 1 + i16::try_from(random.below(34)).unwrap_or(0);
        let fact = fact(EntryKind::Agreement, log, 1 + random.below(1_000), &mut random);
        facts = facts.with(&HashSet::from([fact.key]), vec![fact]);
    });
}

fn time(name: &str, mut query: impl FnMut()) {
    let mut spent: Vec<f64> = (0..TIMES)
        .map(|_| {
            let start = cpu_ms();
            (0..REPEATS).for_each(|_| query());
            (cpu_ms() - start) / f64::from(REPEATS)
        })
        .collect();
    spent.sort_by(f64::total_cmp);
    println!("  {:8.3} ms  {name}", spent[TIMES / 2]);
}

fn fact(kind: EntryKind, log: i16, number: i32, random: &mut Random) -> Fact {
    // The square root favours later years; powers favour the first items of a list.
    let signed = day(1996, 1, 1) + Days::new(days(YEARS * random.unit().sqrt()));
    let term = days(365.0 * (1.0 + f64::from(random.below(9))));
    let expires = (random.unit() < 0.9).then(|| signed + Days::new(term));
    let is_partial = random.unit() < 0.05;
    let year = DateUnit::Year.start_of(signed);
    let first = if is_partial {
        let latest = DateUnit::Year.next(year).map_or(year, |next| next - Days::new(1));
        DateBounds::of_range(DayRange { earliest: year, latest })
    } else {
        DateBounds::of_day(signed)
    };
    let mut fields = vec![Id::new(1 + skewed(FIELDS, 1.3, random))];
    let second = Id::new(1 + skewed(FIELDS, 1.3, random));
    if random.unit() < 0.3 && fields[0] != second {
        fields.push(second);
    }
    let locality = skewed(LOCALITIES, 1.7, random);
    let country = Id::new(1 + locality * COUNTRIES / LOCALITIES);
    let is_event = kind == EntryKind::Event;
    let delegates = (is_event && random.unit() < 0.8).then(|| 2 + skewed(400, 3.0, random));
    let published = first.latest.max(day(2020, 1, 1)) + Days::new(days(300.0 * random.unit()));
    Fact {
        key: EntryKey { kind, log: Log::new(log), number },
        shared_units: Vec::new(),
        shared_logs: Vec::new(),
        origin_unit: Some(Id::new(i32::from(log) + 34 * random.below(2))),
        pillar: Some(
            [Pillar::State, Pillar::State, Pillar::People, Pillar::Party]
                [usize::try_from(random.below(4)).unwrap_or(0)],
        ),
        fields,
        sources: vec![Id::new(1)],
        localities: vec![Id::new(1 + locality)],
        country: Some(country),
        countries: vec![country],
        tier: None,
        level: (!is_event).then_some(SigningLevel::Province),
        term: Some(Id::new(20 + random.below(6))),
        direction: None,
        event_level: is_event.then_some(EventRank::Department),
        mode: is_event.then_some(EventMode::InPerson),
        state: None,
        series: None,
        edition: None,
        delegates: delegates.map(|count| Quantity::exact(count, "person").expect("a quantity")),
        connections: None,
        stage: None,
        stage_starts: Vec::new(),
        counts_from: first.latest,
        first,
        expires: expires.filter(|_| !is_event).map_or(DateBounds::UNDATED, DateBounds::of_day),
        published: DateBounds::of_day(published),
        publication: Publication::Published,
        spans: if is_event { Vec::new() } else { spans(first.latest, expires, random) },
        lapses: Vec::new(),
        activity: Vec::new(),
    }
}

/// Status unknown before the signing, then in force, mostly expired at the end of the term; a few
/// are terminated before.
fn spans(signed: Day, expires: Option<Day>, random: &mut Random) -> Vec<Span<Status>> {
    let mut turns = vec![(UNDATED_FIRST, AgreementStatus::Unknown), (signed, AgreementStatus::InForce)];
    if random.unit() < 0.1 {
        turns.push((signed + Days::new(days(30.0 + 300.0 * random.unit())), AgreementStatus::Terminated));
    } else if let Some(last) = expires {
        turns.push((last.max(signed) + Days::new(1), AgreementStatus::Expired));
    }
    let ends = turns.iter().skip(1).map(|turn| turn.0 - Days::new(1)).chain([UNDATED_LAST]);
    let span = |((from, status), to): (&(Day, AgreementStatus), Day)| Span {
        status: Status::Agreement(*status),
        from: *from,
        to,
    };
    turns.iter().zip(ends).map(span).collect()
}

fn day(year: i32, month: u32, day: u32) -> Day {
    Day::from_ymd_opt(year, month, day).expect("a day")
}

/// Returns a number below `count`, lower ones more often.
fn skewed(count: i32, power: f64, random: &mut Random) -> i32 {
    whole(f64::from(count) * random.unit().powf(power))
}

#[expect(clippy::cast_possible_truncation, reason = "small positive numbers")]
fn whole(number: f64) -> i32 {
    number as i32
}

fn days(number: f64) -> u64 {
    u64::try_from(whole(number)).unwrap_or(0)
}

/// A deterministic pseudo-random generator (`SplitMix64`).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        u32::try_from((mixed ^ (mixed >> 31)) >> 32).unwrap_or(0)
    }

    /// Returns a number from 0 to below 1.
    fn unit(&mut self) -> f64 {
        f64::from(self.next()) / (f64::from(u32::MAX) + 1.0)
    }

    fn below(&mut self, count: i32) -> i32 {
        whole(self.unit() * f64::from(count))
    }
}

/// Returns the CPU time of this thread, from Linux.
fn cpu_ms() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux with schedstat");
    let spent = stat.split(' ').next().and_then(|nanoseconds| nanoseconds.parse::<f64>().ok());
    spent.expect("a number of nanoseconds") / 1e6
}

/// Returns the resident memory of this process, in KiB.
fn resident_kib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find(|line| line.starts_with("VmRSS")).expect("a line of memory");
    line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).expect("a number of KiB")
}
