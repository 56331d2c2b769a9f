//! Facts put together from the rows of their version: its own, and those of its child tables.

use super::Rows;
use super::sheet::{Key, Shape, Sheet, Wanted};
use crate::error::StoreError;
use crate::table::Stored;
use caunoi_domain::clock::day_in_vietnam;
use caunoi_domain::date::{Day, UNDATED_FIRST, UNDATED_LAST};
use caunoi_domain::entry::{EntryKey, EntryKind, Publication};
use caunoi_domain::fact::{Fact, Period};
use caunoi_domain::id::{Id, Log};
use caunoi_domain::status::{AgreementStatus, RelationStatus, Span, Status};
use sea_orm::DatabaseTransaction;
use serde::de::DeserializeOwned;
use std::iter::Peekable;
use std::marker::PhantomData;
use std::str::FromStr;
use std::vec;

/// What every kind has.
const SHARED: &[Wanted] = &[
    ("origin_unit_id", Shape::Number),
    ("pillar", Shape::Word),
    ("counts_from", Shape::Day),
    ("first_text", Shape::Presence),
    ("first_earliest", Shape::Day),
    ("first_latest", Shape::Day),
    ("published_at_us", Shape::Time),
    ("publication", Shape::Word),
];

/// What one kind has beside it.
fn own(kind: EntryKind) -> &'static [Wanted] {
    match kind {
        EntryKind::Relation => &[("tier", Shape::Word), ("partner_id", Shape::Number)],
        EntryKind::Agreement => &[
            ("level", Shape::Word),
            ("expires_text", Shape::Presence),
            ("expires_earliest", Shape::Day),
            ("expires_latest", Shape::Day),
        ],
        EntryKind::Event => &[
            ("direction", Shape::Word),
            ("event_level", Shape::Word),
            ("mode", Shape::Word),
            ("series", Shape::Word),
            ("edition", Shape::Word),
            ("delegates", Shape::Word),
            ("connections", Shape::Word),
        ],
        EntryKind::Organization => &[("stage", Shape::Word), ("stage_turns", Shape::Word)],
        EntryKind::Programme | EntryKind::Figure | EntryKind::Instrument => &[],
    }
}

/// The rows of some versions of one kind, as they were read.
pub(super) struct Sheets<C> {
    entries: Sheet,
    fields: Option<Sheet>,
    localities: Option<Sheet>,
    countries: Option<Sheet>,
    spans: Option<Sheet>,
    of: PhantomData<fn() -> C>,
}

impl<C: Stored> Sheets<C> {
    pub(super) async fn read(tx: &DatabaseTransaction, rows: &Rows) -> Result<Self, StoreError> {
        let columns = [C::COUNTRY, C::TERM].into_iter().flatten().map(|name| (name, Shape::Number));
        let wanted = SHARED.iter().chain(own(C::KIND)).copied().chain(columns);
        Ok(Self {
            entries: Sheet::read(tx, C::TABLE, wanted, rows.condition::<C>(C::TABLE)).await?,
            fields: Self::children(tx, rows, C::FIELDS, &[(TERM, Shape::Number)]).await?,
            localities: Self::children(tx, rows, C::LOCALITIES, &[(LOCALITY, Shape::Number)]).await?,
            countries: Self::children(tx, rows, C::COUNTRIES, &[(COUNTRY, Shape::Number)]).await?,
            spans: Self::children(tx, rows, C::SPANS, SPAN).await?,
            of: PhantomData,
        })
    }

    async fn children(
        tx: &DatabaseTransaction,
        rows: &Rows,
        table: Option<&'static str>,
        wanted: &[Wanted],
    ) -> Result<Option<Sheet>, StoreError> {
        let Some(table) = table else { return Ok(None) };
        Sheet::read(tx, table, wanted.iter().copied(), rows.condition::<C>(table)).await.map(Some)
    }

    /// Gives each fact, in the order of their keys.
    pub(super) fn each(self, mut take: impl FnMut(Fact)) -> Result<(), StoreError> {
        let Self { mut entries, fields, localities, countries, spans, of: _ } = self;
        let keys = entries.keys();
        let mut columns = Columns::<C>::of(entries);
        let mut fields = Children::ids(fields, TERM);
        let mut localities = Children::ids(localities, LOCALITY);
        let mut countries = Children::ids(countries, COUNTRY);
        let mut spans = Children::spans::<C>(spans)?;
        let mut order: Vec<usize> = (0..keys.len()).collect();
        order.sort_unstable_by_key(|at| keys[*at]);
        for at in order {
            let key = keys[at];
            let mut fact = columns.fact(at, key)?;
            fact.fields = fields.of(key).map(Id::new).collect();
            fact.localities.extend(localities.of(key).map(Id::new));
            fact.countries = countries.of(key).map(Id::new).chain(fact.country).collect();
            fact.countries.sort_unstable();
            fact.countries.dedup();
            fact.spans = spans.of(key).collect();
            take(fact);
        }
        Ok(())
    }
}

const TERM: &str = "term_id";
const LOCALITY: &str = "locality_id";
const COUNTRY: &str = "country_id";
const SPAN: &[Wanted] = &[("status", Shape::Word), ("from_on", Shape::Day), ("to_on", Shape::Day)];

/// The rows of a child table in the order of the versions that they belong to, to be taken along
/// with these.
struct Children<T>(Peekable<vec::IntoIter<(Key, T)>>);

impl<T> Children<T> {
    /// Rows of one version stand in the order of what `order` makes of them.
    fn new<O: Ord>(mut rows: Vec<(Key, T)>, order: impl Fn(&T) -> O) -> Self {
        rows.sort_unstable_by_key(|(key, row)| (*key, order(row)));
        Self(rows.into_iter().peekable())
    }

    fn none() -> Self {
        Self(Vec::new().into_iter().peekable())
    }

    /// The rows of this version; versions are asked for in the order of their keys.
    fn of(&mut self, key: Key) -> impl Iterator<Item = T> {
        while self.0.next_if(|(of, _)| *of < key).is_some() {}
        std::iter::from_fn(move || self.0.next_if(|(of, _)| *of == key).map(|(_, row)| row))
    }
}

impl Children<i32> {
    fn ids(sheet: Option<Sheet>, name: &str) -> Self {
        let Some(mut sheet) = sheet else { return Self::none() };
        let rows = sheet.keys().into_iter().zip(sheet.numbers(name));
        // A party that is no locality has no number there.
        Self::new(rows.filter_map(|(key, number)| Some((key, number?))).collect(), |id| *id)
    }
}

impl Children<Span<Status>> {
    fn spans<C: Stored>(sheet: Option<Sheet>) -> Result<Self, StoreError> {
        let Some(mut sheet) = sheet else { return Ok(Self::none()) };
        let (keys, words) = (sheet.keys(), sheet.words("status"));
        let days = sheet.days("from_on").into_iter().zip(sheet.days("to_on"));
        let mut rows = Vec::with_capacity(keys.len());
        for ((key, word), (from, to)) in keys.into_iter().zip(words).zip(days) {
            let status = status::<C>(word.as_deref().unwrap_or_default(), key)?;
            let (from, to) = (from.unwrap_or(UNDATED_FIRST), to.unwrap_or(UNDATED_LAST));
            rows.push((key, Span { status, from, to }));
        }
        Ok(Self::new(rows, |span| span.from))
    }
}

fn status<C: Stored>(word: &str, key: Key) -> Result<Status, StoreError> {
    let status = match C::KIND {
        EntryKind::Relation => RelationStatus::from_str(word).map(Status::Relation),
        EntryKind::Agreement
        | EntryKind::Event
        | EntryKind::Organization
        | EntryKind::Programme
        | EntryKind::Figure
        | EntryKind::Instrument => AgreementStatus::from_str(word).map(Status::Agreement),
    };
    status.map_err(|_| StoreError::Corrupt {
        table: C::SPANS.unwrap_or(C::TABLE),
        column: "status",
        id: format!("{key:?}"),
        why: format!("\"{word}\""),
    })
}

/// The columns of entries; those that a kind does not have are empty.
struct Columns<C> {
    origin_units: Vec<Option<i32>>,
    partners: Vec<Option<i32>>,
    countries: Vec<Option<i32>>,
    terms: Vec<Option<i32>>,
    pillars: Vec<Option<String>>,
    tiers: Vec<Option<String>>,
    levels: Vec<Option<String>>,
    directions: Vec<Option<String>>,
    event_levels: Vec<Option<String>>,
    modes: Vec<Option<String>>,
    series: Vec<Option<String>>,
    editions: Vec<Option<String>>,
    delegates: Vec<Option<String>>,
    connections: Vec<Option<String>>,
    stages: Vec<Option<String>>,
    stage_turns: Vec<Option<String>>,
    publications: Vec<Option<String>>,
    counts_from: Vec<Option<Day>>,
    published: Vec<Option<i64>>,
    first: Dates,
    expires: Dates,
    of: PhantomData<fn() -> C>,
}

impl<C: Stored> Columns<C> {
    fn of(mut sheet: Sheet) -> Self {
        let mut numbers = |name: Option<&str>| name.map_or_else(Vec::new, |name| sheet.numbers(name));
        let (origin_units, partners) = (numbers(Some("origin_unit_id")), numbers(Some("partner_id")));
        let (countries, terms) = (numbers(C::COUNTRY), numbers(C::TERM));
        Self {
            origin_units,
            partners,
            countries,
            terms,
            pillars: sheet.words("pillar"),
            tiers: sheet.words("tier"),
            levels: sheet.words("level"),
            directions: sheet.words("direction"),
            event_levels: sheet.words("event_level"),
            modes: sheet.words("mode"),
            series: sheet.words("series"),
            editions: sheet.words("edition"),
            delegates: sheet.words("delegates"),
            connections: sheet.words("connections"),
            stages: sheet.words("stage"),
            stage_turns: sheet.words("stage_turns"),
            publications: sheet.words("publication"),
            counts_from: sheet.days("counts_from"),
            published: sheet.times("published_at_us"),
            first: Dates::of(&mut sheet, ["first_text", "first_earliest", "first_latest"]),
            expires: Dates::of(&mut sheet, ["expires_text", "expires_earliest", "expires_latest"]),
            of: PhantomData,
        }
    }

    /// The fact in a row, without what lies in child tables.
    fn fact(&mut self, at: usize, key: Key) -> Result<Fact, StoreError> {
        Ok(Fact {
            key: EntryKey { kind: C::KIND, log: Log::new(key.0), number: key.1 },
            origin_unit: cell(&self.origin_units, at).map(Id::new),
            pillar: word(&self.pillars, at),
            fields: Vec::new(),
            localities: cell(&self.partners, at).map(Id::new).into_iter().collect(),
            country: cell(&self.countries, at).map(Id::new),
            countries: Vec::new(),
            tier: word(&self.tiers, at),
            level: word(&self.levels, at),
            term: cell(&self.terms, at).map(Id::new),
            direction: word(&self.directions, at),
            event_level: word(&self.event_levels, at),
            mode: word(&self.modes, at),
            series: text(&mut self.series, at),
            edition: text(&mut self.editions, at),
            delegates: json::<C, _>(&self.delegates, at, "delegates", key)?,
            connections: json::<C, _>(&self.connections, at, "connections", key)?,
            stage: word(&self.stages, at),
            publication: word(&self.publications, at).unwrap_or(Publication::Published),
            stage_turns: json::<C, _>(&self.stage_turns, at, "stage_turns", key)?.unwrap_or_default(),
            counts_from: cell(&self.counts_from, at).unwrap_or(UNDATED_FIRST),
            first: self.first.period(at),
            expires: self.expires.period(at),
            published: cell(&self.published, at).map_or(Period::UNDATED, |at_us| {
                let day = day_in_vietnam(at_us);
                Period { is_dated: true, earliest: day, latest: day }
            }),
            spans: Vec::new(),
        })
    }
}

/// The three columns of a date.
struct Dates {
    is_dated: Vec<Option<bool>>,
    earliest: Vec<Option<Day>>,
    latest: Vec<Option<Day>>,
}

impl Dates {
    fn of(sheet: &mut Sheet, [text, earliest, latest]: [&str; 3]) -> Self {
        Self { is_dated: sheet.flags(text), earliest: sheet.days(earliest), latest: sheet.days(latest) }
    }

    fn period(&self, at: usize) -> Period {
        Period {
            is_dated: cell(&self.is_dated, at).unwrap_or(false),
            earliest: cell(&self.earliest, at).unwrap_or(UNDATED_FIRST),
            latest: cell(&self.latest, at).unwrap_or(UNDATED_LAST),
        }
    }
}

fn cell<T: Copy>(column: &[Option<T>], at: usize) -> Option<T> {
    column.get(at).copied().flatten()
}

fn word<W: FromStr>(column: &[Option<String>], at: usize) -> Option<W> {
    W::from_str(column.get(at)?.as_deref()?).ok()
}

fn text(column: &mut [Option<String>], at: usize) -> Option<String> {
    column.get_mut(at)?.take()
}

/// A value that the row holds as JSON.
fn json<C: Stored, T: DeserializeOwned>(
    column: &[Option<String>],
    at: usize,
    name: &'static str,
    key: Key,
) -> Result<Option<T>, StoreError> {
    let Some(text) = column.get(at).and_then(Option::as_deref) else { return Ok(None) };
    serde_json::from_str(text).map(Some).map_err(|error| StoreError::Corrupt {
        table: C::TABLE,
        column: name,
        id: format!("{key:?}"),
        why: error.to_string(),
    })
}
