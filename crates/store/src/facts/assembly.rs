//! Facts put together from the rows of their version: its own, and those of its child tables.

use super::Rows;
use super::sheet::Wanted::{self, Presence, Values};
use super::sheet::{Key, Sheet};
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
    Values("origin_unit_id"),
    Values("pillar"),
    Values("counts_from"),
    Presence("first_text"),
    Values("first_earliest"),
    Values("first_latest"),
    Values("published_at_us"),
    Values("publication"),
];

/// What one kind has beside it.
fn own(kind: EntryKind) -> &'static [Wanted] {
    match kind {
        EntryKind::Relation => &[Values("tier"), Values("partner_id")],
        EntryKind::Agreement => {
            &[Values("level"), Presence("expires_text"), Values("expires_earliest"), Values("expires_latest")]
        }
        EntryKind::Event => &[
            Values("direction"),
            Values("event_level"),
            Values("mode"),
            Values("series"),
            Values("edition"),
            Values("delegates"),
            Values("connections"),
        ],
        EntryKind::Organization => &[Values("stage"), Values("stage_turns")],
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
        let columns = [C::COUNTRY, C::TERM].into_iter().flatten().map(Values);
        let wanted = SHARED.iter().chain(own(C::KIND)).copied().chain(columns);
        Ok(Self {
            entries: Sheet::read(tx, C::TABLE, wanted, rows.condition::<C>(C::TABLE)).await?,
            fields: Self::children(tx, rows, C::FIELDS, &[Values(TERM)]).await?,
            localities: Self::children(tx, rows, C::LOCALITIES, &[Values(LOCALITY)]).await?,
            countries: Self::children(tx, rows, C::COUNTRIES, &[Values(COUNTRY)]).await?,
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
        let Self { entries, fields, localities, countries, spans, of: _ } = self;
        let keys = entries.keys()?;
        let mut columns = Columns::<C>::of(&entries)?;
        let mut fields = Children::ids(fields, TERM)?;
        let mut localities = Children::ids(localities, LOCALITY)?;
        let mut countries = Children::ids(countries, COUNTRY)?;
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
const SPAN: &[Wanted] = &[Values("status"), Values("from_on"), Values("to_on")];

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
    fn ids(sheet: Option<Sheet>, name: &str) -> Result<Self, StoreError> {
        let Some(sheet) = sheet else { return Ok(Self::none()) };
        let rows = sheet.keys()?.into_iter().zip(sheet.column::<i32>(name)?);
        // A party that is no locality has no number there.
        Ok(Self::new(rows.filter_map(|(key, number)| Some((key, number?))).collect(), |id| *id))
    }
}

impl Children<Span<Status>> {
    fn spans<C: Stored>(sheet: Option<Sheet>) -> Result<Self, StoreError> {
        let Some(sheet) = sheet else { return Ok(Self::none()) };
        let (keys, words) = (sheet.keys()?, sheet.column::<String>("status")?);
        let days = sheet.column("from_on")?.into_iter().zip(sheet.column("to_on")?);
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
    fn of(sheet: &Sheet) -> Result<Self, StoreError> {
        let numbers = |name: Option<&str>| name.map_or_else(|| Ok(Vec::new()), |name| sheet.column(name));
        Ok(Self {
            origin_units: sheet.column("origin_unit_id")?,
            partners: sheet.column("partner_id")?,
            countries: numbers(C::COUNTRY)?,
            terms: numbers(C::TERM)?,
            pillars: sheet.column("pillar")?,
            tiers: sheet.column("tier")?,
            levels: sheet.column("level")?,
            directions: sheet.column("direction")?,
            event_levels: sheet.column("event_level")?,
            modes: sheet.column("mode")?,
            series: sheet.column("series")?,
            editions: sheet.column("edition")?,
            delegates: sheet.column("delegates")?,
            connections: sheet.column("connections")?,
            stages: sheet.column("stage")?,
            stage_turns: sheet.column("stage_turns")?,
            publications: sheet.column("publication")?,
            counts_from: sheet.column("counts_from")?,
            published: sheet.column("published_at_us")?,
            first: Dates::of(sheet, ["first_text", "first_earliest", "first_latest"])?,
            expires: Dates::of(sheet, ["expires_text", "expires_earliest", "expires_latest"])?,
            of: PhantomData,
        })
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
    fn of(sheet: &Sheet, [text, earliest, latest]: [&str; 3]) -> Result<Self, StoreError> {
        let is_dated = sheet.column(text)?;
        Ok(Self { is_dated, earliest: sheet.column(earliest)?, latest: sheet.column(latest)? })
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
