//! Updates for a read model: the changes since its positions, read from one state of the database.

use crate::column::column;
use crate::connect::Store;
use crate::entity::change::Column;
use crate::entity::filing::Column as FilingColumn;
use crate::error::StoreError;
use crate::facts::{self, FactSelection};
use crate::heads::{self, LogHeads};
use crate::pools::Rights;
use crate::search::document;
use crate::{access_rule, changes, filing, reference};
use caunoi_domain::access::AccessState;
use caunoi_domain::change::Subject;
use caunoi_domain::directory::{Directory, Reference};
use caunoi_domain::entry::{EntryKey, EntryKind};
use caunoi_domain::fact::Fact;
use caunoi_domain::id::Log;
use caunoi_domain::search_index::SearchDocument;
use caunoi_domain::statistics::Filing;
use sea_orm::sea_query::{ExprTrait, Order, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::str::FromStr;
use strum::VariantArray as _;

/// Most entries of one statement; SQLite accepts 32,766 values.
const MAX_KEYS: usize = 5_000;

/// The differences between a read model and the current state of the database.
#[derive(Debug)]
pub struct ReadModelDelta {
    /// The current heads of all logs.
    pub heads: LogHeads,
    /// The reference data; `None` if it has not changed.
    pub reference: Option<Reference>,
    /// For each changed kind: the keys of changed entries, and the facts of those that are
    /// published.
    pub facts: Vec<(EntryKind, HashSet<EntryKey>, Vec<Fact>)>,
    /// The keys of the entries with public changes.
    pub changed: HashSet<EntryKey>,
    /// The search documents of those that are published.
    pub documents: Vec<SearchDocument>,
    /// The new filings.
    pub filings: Vec<(Log, Filing)>,
    /// The access rules that have not ended; `None` if none has changed.
    pub access: Option<AccessState>,
}

/// The outcome of a catch-up.
#[derive(Debug)]
pub enum CatchUpOutcome {
    /// The logs continue after the known positions.
    Advanced(Box<ReadModelDelta>),
    /// The database lacks known changes, or is in another epoch.
    Diverged,
}

/// The columns of a change that a catch-up reads.
const CHANGE_COLUMNS: [Column; 6] =
    [Column::ProvinceId, Column::Position, Column::Subject, Column::Number, Column::IsPublic, Column::Link];

impl Store {
    /// Reads the heads of all logs. This is not counted among the statements, which are those of
    /// requests.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub async fn probe_heads(&self) -> Result<LogHeads, StoreError> {
        let pool = self.pools().reader(Rights::ReadModel);
        self.probe(heads::read(pool)).await
    }

    /// Reads the changes since these heads; `known` is the reference data at these heads. The last
    /// known change of each advanced log is read again: it must still have the known link.
    ///
    /// # Errors
    /// Returns an error if the database fails, a row is corrupt or a log has a gap.
    pub async fn read_delta_since(
        &self,
        since: &LogHeads,
        known: &Directory,
    ) -> Result<CatchUpOutcome, StoreError> {
        let tx = self.begin_snapshot(Rights::ReadModel).await?;
        let heads = heads::read(&*tx).await?;
        if heads.has_lost(since) {
            return Ok(CatchUpOutcome::Diverged);
        }
        let Some(changed_keys) = changed_keys(&tx, since, &heads).await? else {
            return Ok(CatchUpOutcome::Diverged);
        };
        let ChangedKeys { keys, filings, has_name_changes, has_access_changes } = changed_keys;
        let access = if has_access_changes { Some(access_rule::read_state(&tx).await?) } else { None };
        let reference = if has_name_changes { Some(reference::read(&tx).await?) } else { None };
        let has_country_changes =
            reference.as_ref().is_some_and(|reference| has_country_changes(known, reference));
        let changed = entry_keys(&keys);
        let documents = document::read_keys(&tx, changed.iter().map(|key| (key.log, key.number))).await?;
        let facts = if has_country_changes {
            all_facts(&tx, &heads.all, keys).await?
        } else {
            facts_of(&tx, keys).await?
        };
        tx.commit().await?;
        Ok(CatchUpOutcome::Advanced(Box::new(ReadModelDelta {
            heads,
            reference,
            facts,
            changed,
            documents,
            filings,
            access,
        })))
    }
}

/// The entries, filings, names and access rules that changes refer to.
#[derive(Default)]
struct ChangedKeys {
    keys: KeysByKind,
    filings: Vec<(Log, Filing)>,
    has_name_changes: bool,
    has_access_changes: bool,
}

impl ChangedKeys {
    /// Adds the change in a row.
    fn add(&mut self, row: &QueryResult, log: Log) -> Result<(), StoreError> {
        self.filings.extend(filing::read(row, CHANGE_COLUMNS.len(), log)?.map(|filing| (log, filing)));
        let is_public: bool = row.try_get_by_index(4)?;
        let subject: String = row.try_get_by_index(2)?;
        match EntryKind::from_str(&subject) {
            Ok(kind) if is_public => {
                self.has_name_changes |= matches!(kind, EntryKind::Organization | EntryKind::Instrument);
                self.keys.entry(kind).or_default().insert((log, row.try_get_by_index(3)?));
            }
            Ok(_) => {}
            Err(_)
                if [Subject::Period, Subject::Proposal, Subject::Shared]
                    .map(Subject::as_str)
                    .contains(&subject.as_str()) => {}
            Err(_) if subject == Subject::AccessRule.as_str() => self.has_access_changes = true,
            Err(_) => self.has_name_changes = true,
        }
        Ok(())
    }
}

/// Reads the changes from the heads `since` to the heads `now`, in each advanced log from the last
/// known one on; `None` if that one has another link than known.
async fn changed_keys(
    tx: &DatabaseTransaction,
    since: &LogHeads,
    now: &LogHeads,
) -> Result<Option<ChangedKeys>, StoreError> {
    let known = |log: &Log| since.all.get(log).copied().unwrap_or(0);
    let moved = now.all.iter().filter(|(log, end)| **end > known(log));
    // One position less, so that the last known change is read again.
    let before: BTreeMap<Log, i64> = moved.map(|(log, _)| (*log, Ord::max(known(log) - 1, 0))).collect();
    let same =
        |of_change: Column, of_filing: FilingColumn| column(of_change).equals((filing::table(), of_filing));
    let is_filing = same(Column::ProvinceId, FilingColumn::ProvinceId)
        .and(same(Column::Position, FilingColumn::Position));
    let query = Query::select()
        .columns(CHANGE_COLUMNS.map(|name| (changes::table(), name)))
        .columns(filing::COLUMNS.map(|name| (filing::table(), name)))
        .from(changes::table())
        .left_join(filing::table(), is_filing)
        .cond_where(changes::after(&before))
        .order_by((changes::table(), Column::ProvinceId), Order::Asc)
        .order_by((changes::table(), Column::Position), Order::Asc)
        .to_owned();
    let mut changed = ChangedKeys::default();
    let mut last_read = before;
    for row in tx.query_all(&query).await? {
        let log = Log::new(row.try_get_by_index(0)?);
        let position: i64 = row.try_get_by_index(1)?;
        let last = last_read.entry(log).or_default();
        if position != *last + 1 {
            return Err(log_gap(log, *last + 1));
        }
        *last = position;
        if position > known(&log) {
            changed.add(&row, log)?;
        } else if since.links.get(&log)
            != Some(&heads::link_from_bytes(row.try_get_by_index(5)?, Column::Link, log)?)
        {
            return Ok(None);
        }
    }
    match last_read.iter().find(|(log, position)| now.all.get(log) != Some(*position)) {
        Some((log, position)) => Err(log_gap(*log, position + 1)),
        None => Ok(Some(changed)),
    }
}

impl LogHeads {
    /// Returns whether a database with these heads has lost changes that led to the heads `known`:
    /// it is in another epoch, or a log ends earlier, or at the same position with another link. For
    /// logs that have advanced, the heads alone cannot show it.
    #[must_use]
    pub fn has_lost(&self, known: &Self) -> bool {
        self.epoch != known.epoch
            || known.all.iter().any(|(log, position)| match self.all.get(log) {
                None => *position > 0,
                Some(end) => {
                    end < position || (end == position && self.links.get(log) != known.links.get(log))
                }
            })
    }
}

/// Returns whether facts have changed without changes of their entries: if a locality moves to
/// another country, the facts of its partners change.
fn has_country_changes(known: &Directory, now: &Reference) -> bool {
    now.localities
        .iter()
        .any(|locality| known.locality(locality.id).is_some_and(|before| before.country != locality.country))
}

type KeysByKind = BTreeMap<EntryKind, BTreeSet<(Log, i32)>>;
/// Returns the keys as keys of entries.
fn entry_keys(keys: &KeysByKind) -> HashSet<EntryKey> {
    let of_kind = |(kind, keys): (&EntryKind, &BTreeSet<(Log, i32)>)| {
        let kind = *kind;
        keys.iter()
            .map(move |(log, number)| EntryKey { kind, log: *log, number: *number })
            .collect::<Vec<_>>()
    };
    keys.iter().flat_map(of_kind).collect()
}

type FactDelta = Vec<(EntryKind, HashSet<EntryKey>, Vec<Fact>)>;

/// Reads the facts of these entries, kind by kind.
async fn facts_of(tx: &DatabaseTransaction, keys: KeysByKind) -> Result<FactDelta, StoreError> {
    let mut moved = Vec::new();
    for (kind, keys) in keys {
        let keys: Vec<(Log, i32)> = keys.into_iter().collect();
        let mut facts = Vec::new();
        for chunk in keys.chunks(MAX_KEYS) {
            facts.extend(facts::of_kind(tx, kind, &FactSelection::Keys(chunk.to_vec())).await?);
        }
        moved.push((kind, replaced_keys(kind, keys, &facts), facts));
    }
    Ok(moved)
}

/// Reads all facts; the keys also contain those of changed entries without facts.
async fn all_facts(
    tx: &DatabaseTransaction,
    heads: &BTreeMap<Log, i64>,
    mut keys: KeysByKind,
) -> Result<FactDelta, StoreError> {
    let mut moved = Vec::new();
    for kind in EntryKind::VARIANTS {
        let mut facts = Vec::new();
        for range in facts::key_ranges(heads, facts::KEYS_PER_RANGE) {
            facts.extend(facts::of_kind(tx, *kind, &FactSelection::Within(range)).await?);
        }
        moved.push((*kind, replaced_keys(*kind, keys.remove(kind).unwrap_or_default(), &facts), facts));
    }
    Ok(moved)
}

/// Returns the keys whose old facts are to be removed.
fn replaced_keys(
    kind: EntryKind,
    keys: impl IntoIterator<Item = (Log, i32)>,
    facts: &[Fact],
) -> HashSet<EntryKey> {
    let keys = keys.into_iter().map(|(log, number)| EntryKey { kind, log, number });
    keys.chain(facts.iter().map(|fact| fact.key)).collect()
}

fn log_gap(log: Log, position: i64) -> StoreError {
    StoreError::corrupt(Column::Position, format!("{}/{position}", log.number()), "the log has a gap")
}
