//! Reading what a node keeps in memory: heads, reference data and facts, all of one state.

use crate::condition::{self, PUBLISHED, WORKING};
use crate::connect::{Store, column};
use crate::error::StoreError;
use crate::filing;
use crate::pools::Rights;
use crate::reference;
use crate::table::Stored;
use caunoi_domain::agreement::Agreement;
use caunoi_domain::clock::day_in_vietnam;
use caunoi_domain::cursor::Positions;
use caunoi_domain::date::Day;
use caunoi_domain::directory::Reference;
use caunoi_domain::entry::{EntryKey, EntryKind, Publication};
use caunoi_domain::event::Event;
use caunoi_domain::fact::{Fact, Period};
use caunoi_domain::id::{Id, Log};
use caunoi_domain::organization::Organization;
use caunoi_domain::policy::Scope;
use caunoi_domain::relation::Relation;
use caunoi_domain::statistics::Filing;
use caunoi_domain::status::{AgreementStatus, RelationStatus, Span, Status};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult, TryGetable};
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, HashMap};
use std::str::FromStr;

/// What a node keeps in memory, read in one transaction.
#[derive(Debug)]
pub struct Snapshot {
    /// How far the public part of each log has come.
    pub positions: Positions,
    /// How far each log has come, drafts and all.
    pub heads: BTreeMap<Log, i64>,
    /// Everything that names and links come from.
    pub reference: Reference,
    /// Facts of published relations.
    pub relations: Vec<Fact>,
    /// Facts of published agreements.
    pub agreements: Vec<Fact>,
    /// Facts of published events.
    pub events: Vec<Fact>,
    /// Facts of published organizations.
    pub organizations: Vec<Fact>,
    /// By what the provinces have filed.
    pub filings: Vec<(Log, Filing)>,
}

impl Store {
    /// Reads what a node keeps in memory.
    ///
    /// # Errors
    /// The database does not answer, or a row is corrupt.
    pub async fn snapshot(&self) -> Result<Snapshot, StoreError> {
        let tx = self.begin_snapshot(Rights::Replica).await?;
        let (positions, heads) = positions(&tx).await?;
        let snapshot = Snapshot {
            positions,
            heads,
            reference: reference::read(&tx).await?,
            relations: of_kind(&tx, EntryKind::Relation, &Rows::Published).await?,
            agreements: of_kind(&tx, EntryKind::Agreement, &Rows::Published).await?,
            events: of_kind(&tx, EntryKind::Event, &Rows::Published).await?,
            organizations: of_kind(&tx, EntryKind::Organization, &Rows::Published).await?,
            filings: filing::all(&tx).await?,
        };
        tx.commit().await?;
        Ok(snapshot)
    }
}

/// Which rows facts are read from.
pub(crate) enum Rows {
    /// All published ones.
    Published,
    /// The published ones of these entries.
    These(Vec<(Log, i32)>),
    /// The unpublished ones that a scope sees.
    Unpublished(Scope),
}

impl Rows {
    /// The condition on the table of the kind, or on one of its child tables.
    fn condition<C: Stored>(&self, table: &'static str) -> Expr {
        let published = column(table, "slot").eq(PUBLISHED);
        match self {
            Self::Published => published,
            Self::These(keys) => {
                let key = Expr::tuple(["province_id", "number"].map(|name| column(table, name)));
                let keys = keys.iter().map(|(log, number)| (log.number(), *number));
                published.and(key.in_tuples(keys))
            }
            Self::Unpublished(scope) => {
                let seen = Query::select()
                    .columns(["province_id", "number"].map(|name| (C::TABLE, name)))
                    .from(C::TABLE)
                    .and_where(column(C::TABLE, "slot").eq(WORKING))
                    .and_where(condition::of_scope::<C>(*scope))
                    .to_owned();
                let key = Expr::tuple(["province_id", "number"].map(|name| column(table, name)));
                column(table, "slot").eq(WORKING).and(key.in_subquery(seen))
            }
        }
    }
}

/// The facts of one kind; none of a kind that has no facts.
pub(crate) async fn of_kind(
    tx: &DatabaseTransaction,
    kind: EntryKind,
    rows: &Rows,
) -> Result<Vec<Fact>, StoreError> {
    match kind {
        EntryKind::Relation => facts::<Relation>(tx, &["tier", "partner_id"], rows).await,
        EntryKind::Agreement => {
            facts::<Agreement>(tx, &["level", "expires_text", "expires_earliest", "expires_latest"], rows)
                .await
        }
        EntryKind::Event => facts::<Event>(tx, &EVENT, rows).await,
        EntryKind::Organization => facts::<Organization>(tx, &["stage", "stage_turns"], rows).await,
        EntryKind::Programme | EntryKind::Figure | EntryKind::Instrument => Ok(Vec::new()),
    }
}

pub(crate) async fn positions(
    tx: &DatabaseTransaction,
) -> Result<(Positions, BTreeMap<Log, i64>), StoreError> {
    let query = Query::select()
        .columns(["province_id", "public_position", "position"])
        .from("province_head")
        .to_owned();
    let (mut public, mut all) = (BTreeMap::new(), BTreeMap::new());
    for row in tx.query_all(&query).await? {
        let log = Log::new(row.try_get_by_index(0)?);
        public.insert(log, row.try_get_by_index(1)?);
        all.insert(log, row.try_get_by_index(2)?);
    }
    Ok((Positions::new(public), all))
}

const SHARED: [&str; 8] = [
    "province_id",
    "number",
    "origin_unit_id",
    "pillar",
    "counts_from",
    "first_text",
    "first_earliest",
    "first_latest",
];

const EVENT: [&str; 7] =
    ["direction", "event_level", "mode", "series", "edition", "delegates", "connections"];

type ByEntry<T> = HashMap<(i16, i32), Vec<T>>;

async fn facts<C: Stored>(
    tx: &DatabaseTransaction,
    own: &[&'static str],
    rows: &Rows,
) -> Result<Vec<Fact>, StoreError> {
    let fields = ids_of::<C>(tx, C::FIELDS, "term_id", rows).await?;
    let localities = ids_of::<C>(tx, C::LOCALITIES, "locality_id", rows).await?;
    let countries = ids_of::<C>(tx, C::COUNTRIES, "country_id", rows).await?;
    let spans = spans_of::<C>(tx, rows).await?;
    let mut query = Query::select();
    query.columns(SHARED.map(|name| (C::TABLE, name))).column((C::TABLE, "published_at_us"));
    query.columns(C::COUNTRY.map(|name| (C::TABLE, name)));
    query.columns(C::TERM.map(|name| (C::TABLE, name)));
    query.columns(own.iter().map(|name| (C::TABLE, *name)));
    query.column((C::TABLE, "publication"));
    query.from(C::TABLE).and_where(rows.condition::<C>(C::TABLE));
    let mut facts = Vec::new();
    for row in tx.query_all(&query).await? {
        let key = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let mut fact = shared::<C>(&row, key)?;
        fact.fields = ids(fields.get(&key));
        fact.localities = ids(localities.get(&key));
        fact.localities.extend(named::<Option<i32>>(&row, own, "partner_id")?.flatten().map(Id::new));
        fact.countries = ids(countries.get(&key));
        fact.countries.extend(fact.country);
        fact.countries.sort_unstable();
        fact.countries.dedup();
        fact.tier = word(named::<Option<String>>(&row, own, "tier")?.flatten());
        fact.level = word(named::<Option<String>>(&row, own, "level")?.flatten());
        fact.direction = word(named::<Option<String>>(&row, own, "direction")?.flatten());
        fact.event_level = word(named::<Option<String>>(&row, own, "event_level")?.flatten());
        fact.mode = word(named::<Option<String>>(&row, own, "mode")?.flatten());
        fact.series = named(&row, own, "series")?.flatten();
        fact.edition = named(&row, own, "edition")?.flatten();
        fact.delegates = json::<C, _>(&row, own, "delegates")?;
        fact.connections = json::<C, _>(&row, own, "connections")?;
        fact.stage_turns = json::<C, _>(&row, own, "stage_turns")?.unwrap_or_default();
        fact.stage = word(named::<Option<String>>(&row, own, "stage")?.flatten());
        if own.contains(&"expires_text") {
            fact.expires = period(&row, "expires_text", "expires_earliest", "expires_latest")?;
        }
        fact.spans = spans.get(&key).cloned().unwrap_or_default();
        facts.push(fact);
    }
    Ok(facts)
}

fn shared<C: Stored>(row: &QueryResult, (log, number): (i16, i32)) -> Result<Fact, StoreError> {
    let country = C::COUNTRY.map(|name| row.try_get::<Option<i32>>("", name)).transpose()?.flatten();
    let term = C::TERM.map(|name| row.try_get::<Option<i32>>("", name)).transpose()?.flatten();
    let published_at_us: Option<i64> = row.try_get("", "published_at_us")?;
    Ok(Fact {
        key: EntryKey { kind: C::KIND, log: Log::new(log), number },
        origin_unit: row.try_get_by_index::<Option<i32>>(2)?.map(Id::new),
        pillar: word(row.try_get_by_index(3)?),
        fields: Vec::new(),
        localities: Vec::new(),
        country: country.map(Id::new),
        countries: Vec::new(),
        tier: None,
        level: None,
        term: term.map(Id::new),
        direction: None,
        event_level: None,
        mode: None,
        series: None,
        edition: None,
        delegates: None,
        connections: None,
        stage: None,
        publication: word(Some(row.try_get("", "publication")?)).unwrap_or(Publication::Published),
        stage_turns: Vec::new(),
        counts_from: row.try_get_by_index(4)?,
        first: period(row, "first_text", "first_earliest", "first_latest")?,
        expires: Period::UNDATED,
        published: published_at_us.map_or(Period::UNDATED, |at_us| {
            let day = day_in_vietnam(at_us);
            Period { is_dated: true, earliest: day, latest: day }
        }),
        spans: Vec::new(),
    })
}

fn period(row: &QueryResult, text: &str, earliest: &str, latest: &str) -> Result<Period, StoreError> {
    Ok(Period {
        is_dated: row.try_get::<Option<String>>("", text)?.is_some(),
        earliest: row.try_get("", earliest)?,
        latest: row.try_get("", latest)?,
    })
}

fn named<T: TryGetable>(
    row: &QueryResult,
    own: &[&'static str],
    name: &str,
) -> Result<Option<T>, StoreError> {
    if own.contains(&name) { Ok(Some(row.try_get("", name)?)) } else { Ok(None) }
}

/// A value that the row holds as JSON.
fn json<C: Stored, T: DeserializeOwned>(
    row: &QueryResult,
    own: &[&'static str],
    name: &'static str,
) -> Result<Option<T>, StoreError> {
    let Some(text) = named::<Option<String>>(row, own, name)?.flatten() else { return Ok(None) };
    let key: (i16, i32) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    serde_json::from_str(&text).map(Some).map_err(|error| StoreError::Corrupt {
        table: C::TABLE,
        column: name,
        id: format!("{key:?}"),
        why: error.to_string(),
    })
}

fn word<W: FromStr>(text: Option<String>) -> Option<W> {
    text.and_then(|text| W::from_str(&text).ok())
}

fn ids<T>(numbers: Option<&Vec<i32>>) -> Vec<Id<T>> {
    numbers.map_or_else(Vec::new, |numbers| numbers.iter().copied().map(Id::new).collect())
}

async fn ids_of<C: Stored>(
    tx: &DatabaseTransaction,
    child: Option<&'static str>,
    name: &'static str,
    rows: &Rows,
) -> Result<ByEntry<i32>, StoreError> {
    let mut by_entry: ByEntry<i32> = HashMap::new();
    let Some(child) = child else { return Ok(by_entry) };
    let query = Query::select()
        .columns(["province_id", "number", name])
        .from(child)
        .and_where(rows.condition::<C>(child))
        .and_where(column(child, name).is_not_null())
        .to_owned();
    for row in tx.query_all(&query).await? {
        let key = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        by_entry.entry(key).or_default().push(row.try_get_by_index(2)?);
    }
    Ok(by_entry)
}

async fn spans_of<C: Stored>(
    tx: &DatabaseTransaction,
    rows: &Rows,
) -> Result<ByEntry<Span<Status>>, StoreError> {
    let mut by_entry: ByEntry<Span<Status>> = HashMap::new();
    let Some(child) = C::SPANS else { return Ok(by_entry) };
    let query = Query::select()
        .columns(["province_id", "number", "status", "from_on", "to_on"])
        .from(child)
        .and_where(rows.condition::<C>(child))
        .to_owned();
    for row in tx.query_all(&query).await? {
        let key = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let text: String = row.try_get_by_index(2)?;
        let from: Day = row.try_get_by_index(3)?;
        let to: Day = row.try_get_by_index(4)?;
        let relation = RelationStatus::from_str(&text).map(Status::Relation);
        let agreement = AgreementStatus::from_str(&text).map(Status::Agreement);
        let status = if child == "relation_span" { relation } else { agreement };
        let status = status.map_err(|_| StoreError::Corrupt {
            table: child,
            column: "status",
            id: format!("{key:?}"),
            why: format!("\"{text}\""),
        })?;
        by_entry.entry(key).or_default().push(Span { status, from, to });
    }
    Ok(by_entry)
}
