//! Walking all logs and all rows: does every link hold, and is every row what its log says?

use crate::changes::{self, Placed};
use crate::condition::{PUBLISHED, WORKING};
use crate::connect::{Store, column};
use crate::error::StoreError;
use crate::facts::packed;
use crate::filing;
use crate::find::select_entries;
use crate::pools::Rights;
use crate::proposal::{self, Proposed};
use crate::reference;
use crate::row;
use crate::table::{Child, Columns, Stored};
use crate::write;
use caunoi_domain::agreement::Agreement;
use caunoi_domain::change::{Change, Link, Subject};
use caunoi_domain::directory::{Directory, Reference};
use caunoi_domain::entry::{Entry, Publication, Stamp};
use caunoi_domain::event::Event;
use caunoi_domain::figure::Figure;
use caunoi_domain::id::Log;
use caunoi_domain::instrument::Instrument;
use caunoi_domain::organization::Organization;
use caunoi_domain::programme::Programme;
use caunoi_domain::relation::Relation;
use caunoi_domain::statistics::Filing;
use sea_orm::sea_query::{Asterisk, Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ConnectionTrait, DatabaseTransaction, Value};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Changes that are read at a time.
const CHUNK: u64 = 1_000;

/// What a walk that found nothing wrong has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Walked {
    /// Logs.
    pub logs: usize,
    /// Changes in them.
    pub changes: usize,
    /// Versions of entries.
    pub versions: usize,
    /// Rows of reference data.
    pub references: usize,
}

/// The first place that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {why}")]
pub struct Broken {
    /// Where: a position of a log, or a row of a table.
    pub place: String,
    /// What is wrong there.
    pub why: String,
}

/// What came of a walk.
pub type Verdict = Result<Walked, Broken>;

/// What the log says that stands of one subject.
#[derive(Debug, Default)]
struct Said {
    place: Option<(Log, i32)>,
    published: Option<Standing>,
    working: Option<Standing>,
    last_version: i32,
    published_at_us: Option<i64>,
}

/// A version as the change that wrote it tells of it.
#[derive(Debug)]
struct Standing {
    content: Option<String>,
    version: i32,
    publication: Publication,
    at_us: i64,
}

type SaidOf = HashMap<(Subject, String), Said>;

impl Store {
    /// Walks everything in one state of the database; writers go on meanwhile.
    ///
    /// # Errors
    /// The database does not answer; a row cannot be read at all.
    pub async fn verify(&self) -> Result<Verdict, StoreError> {
        let tx = self.begin_snapshot(Rights::Owner).await?;
        let verdict = Walk { tx: &tx, walked: Walked::default() }.walk().await;
        tx.commit().await?;
        match verdict {
            Ok(walked) => Ok(Ok(walked)),
            Err(Halt::Broken(broken)) => Ok(Err(broken)),
            // A row that cannot be read was altered as well.
            Err(Halt::Store(StoreError::Corrupt { table, column, id, why })) => {
                Ok(Err(Broken { place: format!("{table} {id}"), why: format!("{column}: {why}") }))
            }
            Err(Halt::Store(error)) => Err(error),
        }
    }
}

/// Why a walk ended early.
enum Halt {
    Broken(Broken),
    Store(StoreError),
}

impl<E: Into<StoreError>> From<E> for Halt {
    fn from(error: E) -> Self {
        Self::Store(error.into())
    }
}

fn broken<T>(place: String, why: impl Into<String>) -> Result<T, Halt> {
    Err(Halt::Broken(Broken { place, why: why.into() }))
}

struct Walk<'a> {
    tx: &'a DatabaseTransaction,
    walked: Walked,
}

impl Walk<'_> {
    async fn walk(mut self) -> Result<Walked, Halt> {
        let query = Query::select()
            .columns(["province_id", "position", "public_position", "link", "next_number"])
            .from("province_head")
            .order_by("province_id", sea_orm::sea_query::Order::Asc)
            .to_owned();
        let mut said = SaidOf::new();
        let mut filed = BTreeSet::new();
        for row in self.tx.query_all(&query).await? {
            let log = Log::new(row.try_get_by_index(0)?);
            let head = (row.try_get_by_index(1)?, row.try_get_by_index(2)?, row.try_get_by_index(3)?);
            let highest = self.log(log, head, (&mut said, &mut filed)).await?;
            let given: i32 = row.try_get_by_index(4)?;
            if given < highest {
                let why = format!("gave {given} as its last number, the log has {highest}");
                return broken(format!("head of log {}", log.number()), why);
            }
            self.walked.logs += 1;
        }
        let stand: BTreeSet<(Log, Filing)> = filing::all(self.tx).await?.into_iter().collect();
        if let Some((log, filing)) = stand.symmetric_difference(&filed).next() {
            let why = format!("not as the log has it: {filing:?}");
            return broken(format!("filing of log {}", log.number()), why);
        }
        self.proposals(&said).await?;
        let reference = reference::read(self.tx).await?;
        self.reference(&reference, &mut said)?;
        let directory = Directory::new(reference);
        self.entries::<Relation>(&directory, &said).await?;
        self.entries::<Agreement>(&directory, &said).await?;
        self.entries::<Event>(&directory, &said).await?;
        self.entries::<Organization>(&directory, &said).await?;
        self.entries::<Programme>(&directory, &said).await?;
        self.entries::<Figure>(&directory, &said).await?;
        self.entries::<Instrument>(&directory, &said).await?;
        Ok(self.walked)
    }

    /// One log: positions without gap, every link over the one before, and the head at the end.
    /// Gives the highest number of an entry in it.
    async fn log(
        &mut self,
        log: Log,
        (position, public_position, link): (i64, i64, Vec<u8>),
        (said, filed): (&mut SaidOf, &mut BTreeSet<(Log, Filing)>),
    ) -> Result<i32, Halt> {
        let (mut at, mut public, mut last): (i64, i64, Link) = (0, 0, [0; 32]);
        let mut highest = 0_i32;
        loop {
            let after = BTreeMap::from([(log, at)]);
            let query = changes::select_changes().cond_where(changes::after(&after)).limit(CHUNK).to_owned();
            let rows = self.tx.query_all(&query).await?;
            for row in &rows {
                let Placed { position, change, link } = changes::read(row)?;
                let place = format!("log {} position {position}", log.number());
                if position != at + 1 {
                    return broken(place, format!("comes after position {at}"));
                }
                if change.link(position, &last) != link {
                    return broken(place, "the change is not the one that was linked here");
                }
                (at, last) = (position, link);
                highest = Ord::max(highest, change.number);
                if change.is_public {
                    public = position;
                }
                hear(said, &change);
                filed.extend(Filing::of(&change).map(|filing| (log, filing)));
                self.walked.changes += 1;
            }
            if (rows.len() as u64) < CHUNK {
                break;
            }
        }
        if (at, public, last.as_slice()) != (position, public_position, link.as_slice()) {
            let place = format!("head of log {}", log.number());
            let why = format!(
                "names position {position}, public {public_position}; the log ends at {at}, public {public}, \
                 or with another link"
            );
            return broken(place, why);
        }
        Ok(highest)
    }

    /// Each proposal is what its log said last.
    async fn proposals(&self, said: &SaidOf) -> Result<(), Halt> {
        let mut awaited: BTreeMap<(Log, i32), &Standing> = BTreeMap::new();
        for (_, said) in said.iter().filter(|((subject, _), _)| *subject == Subject::Proposal) {
            awaited.extend(said.place.zip(said.working.as_ref()));
        }
        for (Proposed { key, .. }, text) in proposal::all(self.tx).await? {
            let version = awaited.remove(&(key.log, key.number));
            if version.and_then(|version| version.content.as_ref()) != Some(&text) {
                let place = format!("{} {}/{}", proposal::TABLE, key.log.number(), key.number);
                return broken(place, "not as the log has it");
            }
        }
        match awaited.keys().next() {
            Some((log, number)) => {
                let place = format!("{} {}/{number}", proposal::TABLE, log.number());
                broken(place, "the log has it, its table has not")
            }
            None => Ok(()),
        }
    }

    fn reference(&mut self, reference: &Reference, said: &mut SaidOf) -> Result<(), Halt> {
        let mut texts = BTreeSet::new();
        said.retain(|(subject, _), said| {
            if *subject == Subject::Reference {
                texts.extend(said.published.take().and_then(|version| version.content));
            }
            *subject != Subject::Reference
        });
        self.rows("source", &reference.sources, &mut texts)?;
        self.rows("country", &reference.countries, &mut texts)?;
        self.rows("term", &reference.terms, &mut texts)?;
        self.rows("occasion", &reference.occasions, &mut texts)?;
        self.rows("locality", &reference.localities, &mut texts)?;
        self.rows("admin_unit", &reference.units, &mut texts)?;
        self.rows("succession", &reference.successions, &mut texts)?;
        self.rows("province", &reference.provinces, &mut texts)?;
        match texts.first() {
            Some(text) => broken("reference data".to_owned(), format!("a row is gone or other: {text}")),
            None => Ok(()),
        }
    }

    fn rows<T: Serialize>(
        &mut self,
        table: &str,
        items: &[T],
        texts: &mut BTreeSet<String>,
    ) -> Result<(), Halt> {
        for item in items {
            let text = serde_json::to_string(item).unwrap_or_default();
            if !texts.remove(&text) {
                return broken(table.to_owned(), format!("not as the log has it: {text}"));
            }
            self.walked.references += 1;
        }
        Ok(())
    }

    /// The rows of one kind: each content is what the log said last, and every other column and
    /// child row follows from it.
    async fn entries<C: Stored>(&mut self, directory: &Directory, said: &SaidOf) -> Result<(), Halt> {
        let query = select_entries::<C>().column((C::TABLE, "slot")).to_owned();
        let mut seen = BTreeSet::new();
        for row in self.tx.query_all(&query).await? {
            let entry: Entry<C> = row::read(&row)?;
            let slot: String = row.try_get("", "slot")?;
            let content: String = row.try_get("", "content")?;
            let place = format!("{} {} ({slot})", C::TABLE, entry.stamp.code);
            let key = (Subject::Entry(C::KIND), entry.stamp.code.clone());
            let Some(said) = said.get(&key) else { return broken(place, "no log has it") };
            let version = if slot == PUBLISHED { &said.published } else { &said.working };
            let Some(version) = version else { return broken(place, "the log has no such version") };
            if version.content.as_ref() != Some(&content) {
                return broken(place, "the content is not what the log said last");
            }
            if said.stamp(version, &entry.stamp.code).as_ref() != Some(&entry.stamp) {
                return broken(place, "number, versions, states or times are not as the log has them");
            }
            let slot = if slot == PUBLISHED { PUBLISHED } else { WORKING };
            if self.tx.query_one(&as_it_should_be(&entry, slot, directory)?).await?.is_none() {
                return broken(place, "a column, a child row or the fact does not follow from the content");
            }
            self.walked.versions += 1;
            seen.insert((entry.stamp.code, slot));
        }
        let kind = Subject::Entry(C::KIND);
        for ((_, code), said) in said.iter().filter(|((subject, _), _)| *subject == kind) {
            for (slot, version) in [(PUBLISHED, &said.published), (WORKING, &said.working)] {
                if version.is_some() && !seen.contains(&(code.clone(), slot)) {
                    return broken(
                        format!("{} {code} ({slot})", C::TABLE),
                        "the log has it, its table has not",
                    );
                }
            }
        }
        let facts = packed::count(self.tx, C::KIND).await?;
        if C::KIND.is_counted() && facts != seen.len() {
            let why = format!("{facts} rows for {} versions", seen.len());
            return broken(format!("{} of {}", packed::TABLE, C::TABLE), why);
        }
        Ok(())
    }
}

/// Takes over what a change says.
fn hear(said: &mut SaidOf, change: &Change) {
    let said = said.entry((change.subject, change.code.clone())).or_default();
    said.place.get_or_insert((change.log, change.number));
    said.last_version = change.version;
    let wrote = |content: &Option<String>| {
        let Change { version, publication, at_us, .. } = *change;
        Some(Standing { content: content.clone(), version, publication, at_us })
    };
    if change.is_public {
        said.published_at_us.get_or_insert(change.at_us);
    }
    match (change.is_public, change.publication) {
        // What was taken back for good stays with its province.
        (true, Publication::Withdrawn) => {
            said.published = None;
            said.working = wrote(&change.before);
        }
        (true, _) => {
            said.published = wrote(&change.after);
            if change.was != Some(Publication::Published) {
                said.working = None;
            }
        }
        // A working version was discarded; the published one stands alone.
        (false, Publication::Published) => said.working = None,
        (false, _) => said.working = wrote(&change.after),
    }
}

impl Said {
    /// The stamp that the row of a version bears.
    fn stamp(&self, version: &Standing, code: &str) -> Option<Stamp> {
        let (log, number) = self.place?;
        let is_published = version.publication == Publication::Published;
        let pending = self.working.as_ref().map(|working| working.publication);
        Some(Stamp {
            log,
            number,
            code: code.to_owned(),
            version: version.version,
            last_version: if is_published { self.last_version } else { version.version },
            publication: version.publication,
            pending: pending.filter(|_| is_published),
            published_at_us: self.published_at_us,
            updated_at_us: version.at_us,
        })
    }
}

/// A question that has an answer only where the row and its child rows are what the content says.
fn as_it_should_be<C: Stored>(
    entry: &Entry<C>,
    slot: &'static str,
    directory: &Directory,
) -> Result<SelectStatement, StoreError> {
    let mut query = Query::select().expr(Expr::val(1)).from(C::TABLE).to_owned();
    let mut columns = write::entry_columns(entry, slot, directory)?;
    // Order keys and words follow from names as well, which may have moved since.
    columns.retain(|(name, _)| !matches!(*name, "name_vi" | "name_en"));
    for test in same(C::TABLE, columns) {
        query.and_where(test);
    }
    let key = || -> Columns {
        vec![
            ("province_id", entry.stamp.log.number().into()),
            ("number", entry.stamp.number.into()),
            ("slot", slot.into()),
        ]
    };
    let mut counts: BTreeMap<&'static str, i64> = C::CHILDREN.iter().map(|child| (*child, 0)).collect();
    for Child { table, columns } in entry.content.children(directory) {
        *counts.entry(table).or_default() += 1;
        let mut row = Query::select().expr(Expr::val(1)).from(table).to_owned();
        for test in same(table, key().into_iter().chain(columns).collect()) {
            row.and_where(test);
        }
        query.and_where(Expr::exists(row));
    }
    if let Some(fact) = packed::row(entry, slot, directory)? {
        let mut row = Query::select().expr(Expr::val(1)).from(packed::TABLE).to_owned();
        for test in same(packed::TABLE, fact) {
            row.and_where(test);
        }
        query.and_where(Expr::exists(row));
    }
    for (table, count) in counts {
        query.and_where(how_many(table, key()).eq(count));
    }
    Ok(query)
}

fn how_many(table: &'static str, key: Columns) -> Expr {
    let mut count = Query::select().expr(Expr::col(Asterisk).count()).from(table).to_owned();
    for test in same(table, key) {
        count.and_where(test);
    }
    Expr::from(count)
}

fn same(table: &'static str, columns: Columns) -> Vec<Expr> {
    let test = |(name, value): (&'static str, Value)| {
        let column = column(table, name);
        if value == value.as_null() { column.is_null() } else { column.eq(value) }
    };
    columns.into_iter().map(test).collect()
}
