//! Reading what a node keeps in memory: heads, reference data and facts, all of one state.
//!
//! All facts are read stretch by stretch in the order of their keys, and brought into columns by
//! another thread while the next stretch is on its way. So no more than a few stretches lie in
//! memory beside the columns, however many entries there are.

pub(crate) mod packed;
mod packing;

use crate::condition::{self, PUBLISHED, WORKING};
use crate::connect::{Store, column};
use crate::error::StoreError;
use crate::filing;
use crate::find::has_key;
use crate::heads::{self, LogHeads};
use crate::pools::Rights;
use crate::reference;
use crate::table::Stored;
use caunoi_domain::agreement::Agreement;
use caunoi_domain::directory::Reference;
use caunoi_domain::entry::EntryKind;
use caunoi_domain::event::Event;
use caunoi_domain::fact::Fact;
use caunoi_domain::id::Log;
use caunoi_domain::organization::Organization;
use caunoi_domain::policy::Scope;
use caunoi_domain::relation::Relation;
use caunoi_domain::statistics::{FactBook, FactBookBuilder, Filing};
use packed::Packed;
use sea_orm::DatabaseTransaction;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use std::collections::BTreeMap;
use tokio::sync::mpsc;

/// Numbers of entries that are read at once.
pub(crate) const STRETCH: i64 = 50_000;
/// Stretches that may wait to be brought into columns.
const AHEAD: usize = 2;

/// What a node keeps in memory, read in one transaction.
#[derive(Debug)]
pub struct Snapshot {
    /// The heads of all logs.
    pub heads: LogHeads,
    /// Everything that names and links come from.
    pub reference: Reference,
    /// What is published, as numbers need it.
    pub facts: FactBook,
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
        let heads = heads::read(&*tx).await?;
        let facts = all(&tx, &stretches(&heads.all, STRETCH)).await?;
        let reference = reference::read(&tx).await?;
        let filings = filing::all(&tx).await?;
        tx.commit().await?;
        Ok(Snapshot { heads, reference, facts, filings })
    }
}

/// Some whole logs, or a part of one: entries of these logs with numbers within these bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stretch {
    logs: (Log, Log),
    numbers: (i64, i64),
}

impl Stretch {
    /// Whose rows of a table with the keys of entries these are.
    pub(crate) fn condition(self, table: &'static str) -> Expr {
        let Self { logs: (first, last), numbers } = self;
        let log = column(table, "province_id");
        // One log is asked for as one: then its numbers bound what is read of the index.
        let logs =
            if first == last { log.eq(first.number()) } else { log.between(first.number(), last.number()) };
        logs.and(column(table, "number").between(numbers.0, numbers.1))
    }

    fn published(self) -> Expr {
        self.condition(packed::TABLE).and(column(packed::TABLE, "slot").eq(PUBLISHED))
    }
}

/// All entries of logs that have come so far, in the order of their keys and about so many numbers
/// at once. A number is below the position of its log, because each entry has a change.
pub(crate) fn stretches(heads: &BTreeMap<Log, i64>, size: i64) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    let mut room = 0;
    for (log, head) in heads {
        match stretches.last_mut() {
            Some(open) if *head <= room => {
                open.logs.1 = *log;
                room -= head;
            }
            _ => {
                let firsts = (0..=*head).step_by(size.unsigned_abs().try_into().unwrap_or(usize::MAX));
                let part = |first| Stretch { logs: (*log, *log), numbers: (first, first + size - 1) };
                stretches.extend(firsts.map(part));
                room = size - 1 - head;
            }
        }
    }
    stretches
}

/// The published facts of all kinds.
async fn all(tx: &DatabaseTransaction, stretches: &[Stretch]) -> Result<FactBook, StoreError> {
    let (sender, mut receiver) = mpsc::channel::<Packed>(AHEAD);
    let building = tokio::task::spawn_blocking(move || {
        let mut builder = FactBookBuilder::default();
        while let Some(packed) = receiver.blocking_recv() {
            packed.each(|fact| builder.push(fact))?;
        }
        Ok(builder.finish())
    });
    for stretch in stretches {
        let packed = Packed::read(tx, stretch.published()).await?;
        if sender.send(packed).await.is_err() {
            // The other side met a corrupt row, and tells it.
            break;
        }
    }
    drop(sender);
    match building.await {
        Ok(facts) => facts,
        // A panic goes on where it would have gone without the other thread.
        Err(failure) => std::panic::resume_unwind(failure.into_panic()),
    }
}

/// Which rows facts are read from.
pub(crate) enum Rows {
    /// The published ones of a stretch.
    Within(Stretch),
    /// The published ones of these entries.
    These(Vec<(Log, i32)>),
    /// The unpublished ones that a scope sees.
    Unpublished(Scope),
}

impl Rows {
    /// The condition on the table of facts.
    fn condition<C: Stored>(&self) -> Expr {
        let key = || Expr::tuple(["province_id", "number"].map(|name| column(packed::TABLE, name)));
        let stand = |slot: &str| {
            let kind = column(packed::TABLE, "kind").eq(packed::kind(C::KIND));
            kind.and(column(packed::TABLE, "slot").eq(slot))
        };
        match self {
            Self::Within(stretch) => stand(PUBLISHED).and(stretch.condition(packed::TABLE)),
            Self::These(keys) => stand(PUBLISHED).and(has_key(packed::TABLE, keys.iter().copied())),
            Self::Unpublished(scope) => {
                let seen = Query::select()
                    .columns(["province_id", "number"].map(|name| (C::TABLE, name)))
                    .from(C::TABLE)
                    .and_where(column(C::TABLE, "slot").eq(WORKING))
                    .and_where(condition::of_scope::<C>(*scope))
                    .to_owned();
                stand(WORKING).and(key().in_subquery(seen))
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
        EntryKind::Relation => facts::<Relation>(tx, rows).await,
        EntryKind::Agreement => facts::<Agreement>(tx, rows).await,
        EntryKind::Event => facts::<Event>(tx, rows).await,
        EntryKind::Organization => facts::<Organization>(tx, rows).await,
        EntryKind::Programme | EntryKind::Figure | EntryKind::Instrument => Ok(Vec::new()),
    }
}

async fn facts<C: Stored>(tx: &DatabaseTransaction, rows: &Rows) -> Result<Vec<Fact>, StoreError> {
    let mut facts = Vec::new();
    Packed::read(tx, rows.condition::<C>()).await?.each(|fact| facts.push(fact))?;
    Ok(facts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(heads: &[(i16, i64)]) -> Vec<(i16, i16, i64, i64)> {
        let heads = heads.iter().map(|(log, head)| (Log::new(*log), *head)).collect();
        let bounds = |stretch: Stretch| {
            let Stretch { logs: (first, last), numbers: (from, to) } = stretch;
            (first.number(), last.number(), from, to)
        };
        stretches(&heads, STRETCH).into_iter().map(bounds).collect()
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
