//! The snapshot that a read model is built from: heads, reference data and facts of one state.
//!
//! Facts are read by key range, in the order of their keys; another thread unpacks them into
//! columns while the next range is read. So memory holds the columns and the packed facts of a few
//! ranges at most, however many entries there are.

mod event_sides;
pub(crate) mod packed;
mod packing;

use crate::column::{Table, column};
use crate::condition::{self, PUBLISHED, WORKING};
use crate::connect::Store;
use crate::entity::{EntryColumn, VersionKey, fact};
use crate::error::StoreError;
use crate::find::has_key;
use crate::heads::{self, LogHeads};
use crate::packed_rows::PackedRows;
use crate::pools::Rights;
use crate::search::document;
use crate::table::{EntryTables, StoredContent};
use crate::task::join_task;
use crate::{access_rule, filing, reference};
use caunoi_domain::access::AccessState;
use caunoi_domain::agreement::Agreement;
use caunoi_domain::directory::Reference;
use caunoi_domain::entry::EntryKind;
use caunoi_domain::event::Event;
use caunoi_domain::fact::Fact;
use caunoi_domain::id::Log;
use caunoi_domain::organization::Organization;
use caunoi_domain::policy::Scope;
use caunoi_domain::relation::Relation;
use caunoi_domain::search_index::EntryIndex;
use caunoi_domain::statistics::{FactTable, FactTableBuilder, Filing};
use sea_orm::DatabaseTransaction;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use std::collections::BTreeMap;
use tokio::sync::mpsc;

/// Entry numbers in one key range, which one statement reads.
pub(crate) const KEYS_PER_RANGE: i64 = 50_000;
/// Batches of packed facts that may wait to be unpacked.
const MAX_QUEUED_BATCHES: usize = 2;

/// The content of a read model, read in one transaction.
#[derive(Debug)]
pub struct Snapshot {
    /// The heads of all logs.
    pub heads: LogHeads,
    /// The reference data, which names and relations come from.
    pub reference: Reference,
    /// The facts of published entries.
    pub facts: FactTable,
    /// The search index of published entries.
    pub entries: EntryIndex,
    /// The filings of the provinces.
    pub filings: Vec<(Log, Filing)>,
    /// The access rules that have not ended.
    pub access: AccessState,
}

impl Store {
    /// Reads the content of a read model.
    ///
    /// # Errors
    /// Returns an error if the database fails or a row is corrupt.
    pub async fn snapshot(&self) -> Result<Snapshot, StoreError> {
        let tx = self.begin_snapshot(Rights::ReadModel).await?;
        let heads = heads::read(&*tx).await?;
        let facts = all(&tx, &key_ranges(&heads.all, KEYS_PER_RANGE)).await?;
        let entries = document::read_published(&tx, &heads.all).await?;
        let reference = reference::read(&tx).await?;
        let filings = filing::read_all(&tx).await?;
        let access = access_rule::read_state(&tx).await?;
        tx.commit().await?;
        Ok(Snapshot { heads, reference, facts, entries, filings, access })
    }
}

/// Several whole logs, or a part of one: entries of these logs with numbers in these bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct KeyRange {
    logs: (Log, Log),
    numbers: (i64, i64),
}

impl KeyRange {
    /// Returns the condition that a row, in a table with the keys of entries, is in this range.
    pub(crate) fn condition(self, table: Table) -> Expr {
        let Self { logs: (first, last), numbers } = self;
        let log = table.expr(VersionKey::ProvinceId);
        // One log is compared by equality, so that its numbers bound the index scan.
        let logs =
            if first == last { log.eq(first.number()) } else { log.between(first.number(), last.number()) };
        logs.and(table.expr(VersionKey::Number).between(numbers.0, numbers.1))
    }

    fn published(self) -> Expr {
        self.condition(packed::table()).and(column(fact::Column::Slot).eq(PUBLISHED))
    }
}

/// Splits all entries of logs with these heads into ranges of about `size` numbers, in the order of
/// their keys. No number exceeds the position of its log, because each entry has a change.
pub(crate) fn key_ranges(heads: &BTreeMap<Log, i64>, size: i64) -> Vec<KeyRange> {
    let mut key_ranges: Vec<KeyRange> = Vec::new();
    let mut room = 0;
    for (log, head) in heads {
        match key_ranges.last_mut() {
            Some(open) if *head <= room => {
                open.logs.1 = *log;
                room -= head;
            }
            _ => {
                let firsts = (0..=*head).step_by(size.unsigned_abs().try_into().unwrap_or(usize::MAX));
                let part = |first| KeyRange { logs: (*log, *log), numbers: (first, first + size - 1) };
                key_ranges.extend(firsts.map(part));
                room = size - 1 - head;
            }
        }
    }
    key_ranges
}

/// Reads the published facts of all kinds.
async fn all(tx: &DatabaseTransaction, key_ranges: &[KeyRange]) -> Result<FactTable, StoreError> {
    let (sender, mut receiver) = mpsc::channel::<PackedRows>(MAX_QUEUED_BATCHES);
    let building = tokio::task::spawn_blocking(move || {
        let mut builder = FactTableBuilder::default();
        while let Some(packed) = receiver.blocking_recv() {
            packed::each(&packed, |fact| builder.push(fact))?;
        }
        Ok(builder.finish())
    });
    for range in key_ranges {
        let packed = PackedRows::read(tx, packed::table(), range.published()).await?;
        if sender.send(packed).await.is_err() {
            // The builder failed on a corrupt row and returns the error below.
            break;
        }
    }
    drop(sender);
    join_task(building).await
}

/// The rows that facts are read from.
pub(crate) enum FactSelection {
    /// The published ones of a key range.
    Within(KeyRange),
    /// The published ones of these entries.
    Keys(Vec<(Log, i32)>),
    /// The unpublished ones that a scope sees.
    Unpublished(Scope),
}

impl FactSelection {
    /// Returns the condition on the table of facts.
    fn condition(&self, tables: &EntryTables) -> Expr {
        let key = || Expr::tuple([fact::Column::ProvinceId, fact::Column::Number].map(column));
        let in_slot = |slot: &str| packed::is_of_kind(tables.kind).and(column(fact::Column::Slot).eq(slot));
        match self {
            Self::Within(range) => in_slot(PUBLISHED).and(range.condition(packed::table())),
            Self::Keys(keys) => in_slot(PUBLISHED).and(has_key(packed::table(), keys.iter().copied())),
            Self::Unpublished(scope) => {
                let entries = tables.entries;
                let seen = Query::select()
                    .columns([EntryColumn::ProvinceId, EntryColumn::Number].map(|name| (entries, name)))
                    .from(entries)
                    .and_where(entries.expr(EntryColumn::Slot).eq(WORKING))
                    .and_where(condition::of_scope(tables, *scope))
                    .to_owned();
                in_slot(WORKING).and(key().in_subquery(seen))
            }
        }
    }
}

/// Reads the facts of one kind; empty for a kind without facts.
pub(crate) async fn of_kind(
    tx: &DatabaseTransaction,
    kind: EntryKind,
    rows: &FactSelection,
) -> Result<Vec<Fact>, StoreError> {
    match kind {
        EntryKind::Relation => facts(tx, rows, &Relation::tables()).await,
        EntryKind::Agreement => facts(tx, rows, &Agreement::tables()).await,
        EntryKind::Event => facts(tx, rows, &Event::tables()).await,
        EntryKind::Organization => facts(tx, rows, &Organization::tables()).await,
        EntryKind::Programme | EntryKind::Figure | EntryKind::Instrument => Ok(Vec::new()),
    }
}

async fn facts(
    tx: &DatabaseTransaction,
    rows: &FactSelection,
    tables: &EntryTables,
) -> Result<Vec<Fact>, StoreError> {
    let mut facts = Vec::new();
    let read = PackedRows::read(tx, packed::table(), rows.condition(tables)).await?;
    packed::each(&read, |fact| facts.push(fact))?;
    Ok(facts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(heads: &[(i16, i64)]) -> Vec<(i16, i16, i64, i64)> {
        let heads = heads.iter().map(|(log, head)| (Log::new(*log), *head)).collect();
        let bounds = |range: KeyRange| {
            let KeyRange { logs: (first, last), numbers: (from, to) } = range;
            (first.number(), last.number(), from, to)
        };
        key_ranges(&heads, KEYS_PER_RANGE).into_iter().map(bounds).collect()
    }

    #[test]
    fn small_logs_are_read_together_and_large_ones_in_parts() {
        assert_eq!(cut(&[]), []);
        assert_eq!(cut(&[(0, 900), (1, 0), (2, 49_000)]), [(0, 2, 0, 49_999)]);
        assert_eq!(
            cut(&[(0, 900), (1, 120_000), (2, 20_000), (3, 20_000)]),
            [
                (0, 0, 0, 49_999),
                (1, 1, 0, 49_999),
                (1, 1, 50_000, 99_999),
                (1, 1, 100_000, 149_999),
                (2, 3, 0, 49_999),
            ]
        );
    }
}
