//! Keeping a replica with the logs: what moved since it was read, in one state of the database.

use crate::changes;
use crate::connect::{Store, column};
use crate::error::StoreError;
use crate::facts::{self, Rows};
use crate::filing;
use crate::heads::{self, LogHeads};
use crate::pools::Rights;
use crate::reference;
use caunoi_domain::change::Subject;
use caunoi_domain::directory::{Directory, Reference};
use caunoi_domain::entry::{EntryKey, EntryKind};
use caunoi_domain::fact::Fact;
use caunoi_domain::id::Log;
use caunoi_domain::statistics::Filing;
use sea_orm::sea_query::{ExprTrait, Order, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::str::FromStr;
use strum::VariantArray as _;

/// Entries that one statement names at most; SQLite takes 32,766 values.
const MOST_KEYS: usize = 5_000;

/// What moved since a replica was read.
#[derive(Debug)]
pub struct Moved {
    /// The heads of all logs.
    pub heads: LogHeads,
    /// Names and links, where any of them moved.
    pub reference: Option<Reference>,
    /// For each kind that moved: which entries, and the facts of those that are published now.
    pub facts: Vec<(EntryKind, HashSet<EntryKey>, Vec<Fact>)>,
    /// By what provinces have filed since.
    pub filings: Vec<(Log, Filing)>,
}

/// What came of following the logs.
#[derive(Debug)]
pub enum Followed {
    /// They go on after what is known.
    Moved(Box<Moved>),
    /// The database lacks changes that are known, or is in another epoch.
    Diverged,
}

/// What the replica reads of a change.
const CHANGE: [&str; 6] = ["province_id", "position", "subject", "number", "is_public", "link"];

impl Store {
    /// The heads of all logs. They are no part of an answer, so they do not count among the
    /// statements.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn ends(&self) -> Result<LogHeads, StoreError> {
        let pool = self.pools().reader(Rights::Replica);
        self.probe(heads::read(pool)).await
    }

    /// What moved since the logs had these heads, where this reference data was known. The last
    /// change that is known of each log that moved is read again: it must still have the known link.
    ///
    /// # Errors
    /// The database does not answer; a row is corrupt; a log has a gap.
    pub async fn moved_since(&self, since: &LogHeads, known: &Directory) -> Result<Followed, StoreError> {
        let tx = self.begin_snapshot(Rights::Replica).await?;
        let heads = heads::read(&*tx).await?;
        if since.is_lost_in(&heads) {
            return Ok(Followed::Diverged);
        }
        let Some(ChangedKeys { keys, filings, is_named_anew }) = changed_keys(&tx, since, &heads).await?
        else {
            return Ok(Followed::Diverged);
        };
        let reference = if is_named_anew { Some(reference::read(&tx).await?) } else { None };
        let is_placed_anew = reference.as_ref().is_some_and(|reference| is_placed_anew(known, reference));
        let facts = if is_placed_anew {
            all_facts(&tx, &heads.all, keys).await?
        } else {
            facts_of(&tx, keys).await?
        };
        tx.commit().await?;
        Ok(Followed::Moved(Box::new(Moved { heads, reference, facts, filings })))
    }
}

/// What changes say of entries, filings and names.
#[derive(Default)]
struct ChangedKeys {
    keys: Keys,
    filings: Vec<(Log, Filing)>,
    is_named_anew: bool,
}

impl ChangedKeys {
    /// Adds the change of a row.
    fn add(&mut self, row: &QueryResult, log: Log) -> Result<(), StoreError> {
        self.filings.extend(filing::read(row, CHANGE.len(), log)?.map(|filing| (log, filing)));
        let is_public: bool = row.try_get_by_index(4)?;
        let subject: String = row.try_get_by_index(2)?;
        match EntryKind::from_str(&subject) {
            Ok(kind) if is_public => {
                self.is_named_anew |= matches!(kind, EntryKind::Organization | EntryKind::Instrument);
                self.keys.entry(kind).or_default().insert((log, row.try_get_by_index(3)?));
            }
            Ok(_) => {}
            Err(_)
                if [Subject::Period, Subject::Proposal].map(Subject::as_str).contains(&subject.as_str()) => {}
            Err(_) => self.is_named_anew = true,
        }
        Ok(())
    }
}

/// Reads the changes from these heads to those of now, of each log that moved from the last known
/// one on; none where that has another link than the known one.
async fn changed_keys(
    tx: &DatabaseTransaction,
    since: &LogHeads,
    now: &LogHeads,
) -> Result<Option<ChangedKeys>, StoreError> {
    let known = |log: &Log| since.all.get(log).copied().unwrap_or(0);
    let moved = now.all.iter().filter(|(log, end)| **end > known(log));
    // So that the last known change is read again.
    let before: BTreeMap<Log, i64> = moved.map(|(log, _)| (*log, Ord::max(known(log) - 1, 0))).collect();
    let same = |name: &'static str| column("change", name).equals((filing::TABLE, name));
    let query = Query::select()
        .columns(CHANGE.map(|name| ("change", name)))
        .columns(filing::COLUMNS.map(|name| (filing::TABLE, name)))
        .from("change")
        .left_join(filing::TABLE, same("province_id").and(same("position")))
        .cond_where(changes::after(&before))
        .order_by(("change", "province_id"), Order::Asc)
        .order_by(("change", "position"), Order::Asc)
        .to_owned();
    let mut changed = ChangedKeys::default();
    let mut last_read = before;
    for row in tx.query_all(&query).await? {
        let log = Log::new(row.try_get_by_index(0)?);
        let position: i64 = row.try_get_by_index(1)?;
        let last = last_read.entry(log).or_default();
        if position != *last + 1 {
            return Err(gap(log, *last + 1));
        }
        *last = position;
        if position > known(&log) {
            changed.add(&row, log)?;
        } else if since.links.get(&log) != Some(&heads::link_of(row.try_get_by_index(5)?, "change", log)?) {
            return Ok(None);
        }
    }
    match last_read.iter().find(|(log, position)| now.all.get(log) != Some(*position)) {
        Some((log, position)) => Err(gap(*log, position + 1)),
        None => Ok(Some(changed)),
    }
}

impl LogHeads {
    /// Whether a database with other heads lacks changes that led to these: it is in another epoch,
    /// or a log ends before, or at the same position with another link. Of logs that have moved on,
    /// the heads alone do not tell.
    #[must_use]
    pub fn is_lost_in(&self, now: &Self) -> bool {
        self.epoch != now.epoch
            || self.all.iter().any(|(log, position)| match now.all.get(log) {
                None => *position > 0,
                Some(end) => end < position || (end == position && self.links.get(log) != now.links.get(log)),
            })
    }
}

/// Whether facts moved without a change of their entries: a locality that lies in another country
/// takes its partners along.
fn is_placed_anew(known: &Directory, now: &Reference) -> bool {
    now.localities
        .iter()
        .any(|locality| known.locality(locality.id).is_some_and(|before| before.country != locality.country))
}

type Keys = BTreeMap<EntryKind, BTreeSet<(Log, i32)>>;
type MovedFacts = Vec<(EntryKind, HashSet<EntryKey>, Vec<Fact>)>;

/// The facts of these entries, kind by kind.
async fn facts_of(tx: &DatabaseTransaction, keys: Keys) -> Result<MovedFacts, StoreError> {
    let mut moved = Vec::new();
    for (kind, keys) in keys {
        let keys: Vec<(Log, i32)> = keys.into_iter().collect();
        let mut facts = Vec::new();
        for some in keys.chunks(MOST_KEYS) {
            facts.extend(facts::of_kind(tx, kind, &Rows::These(some.to_vec())).await?);
        }
        moved.push((kind, gone(kind, keys, &facts), facts));
    }
    Ok(moved)
}

/// All facts, and the keys of what moved beside them.
async fn all_facts(
    tx: &DatabaseTransaction,
    heads: &BTreeMap<Log, i64>,
    mut keys: Keys,
) -> Result<MovedFacts, StoreError> {
    let mut moved = Vec::new();
    for kind in EntryKind::VARIANTS {
        let mut facts = Vec::new();
        for stretch in facts::stretches(heads, facts::STRETCH) {
            facts.extend(facts::of_kind(tx, *kind, &Rows::Within(stretch)).await?);
        }
        moved.push((*kind, gone(*kind, keys.remove(kind).unwrap_or_default(), &facts), facts));
    }
    Ok(moved)
}

/// The keys whose facts make room.
fn gone(kind: EntryKind, keys: impl IntoIterator<Item = (Log, i32)>, facts: &[Fact]) -> HashSet<EntryKey> {
    let keys = keys.into_iter().map(|(log, number)| EntryKey { kind, log, number });
    keys.chain(facts.iter().map(|fact| fact.key)).collect()
}

fn gap(log: Log, position: i64) -> StoreError {
    StoreError::Corrupt {
        table: "change",
        column: "position",
        id: format!("{}/{position}", log.number()),
        why: "the log has a gap".to_owned(),
    }
}
