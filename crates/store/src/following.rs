//! Keeping a replica with the logs: what moved since it was read, in one state of the database.

use crate::changes;
use crate::connect::{Store, column};
use crate::error::StoreError;
use crate::facts::{self, Rows};
use crate::filing;
use crate::pools::Rights;
use crate::reference;
use caunoi_domain::change::Subject;
use caunoi_domain::cursor::Positions;
use caunoi_domain::directory::{Directory, Reference};
use caunoi_domain::entry::{EntryKey, EntryKind};
use caunoi_domain::fact::Fact;
use caunoi_domain::id::Log;
use caunoi_domain::statistics::Filing;
use sea_orm::sea_query::{ExprTrait, Order, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::str::FromStr;
use strum::VariantArray as _;

/// Entries that one statement names at most; SQLite takes 32,766 values.
const MOST_KEYS: usize = 5_000;

/// What moved since a replica was read.
#[derive(Debug)]
pub struct Moved {
    /// How far the public part of each log has come.
    pub positions: Positions,
    /// How far each log has come, drafts and all.
    pub heads: BTreeMap<Log, i64>,
    /// Names and links, where any of them moved.
    pub reference: Option<Reference>,
    /// For each kind that moved: which entries, and the facts of those that are published now.
    pub facts: Vec<(EntryKind, HashSet<EntryKey>, Vec<Fact>)>,
    /// By what provinces have filed since.
    pub filings: Vec<(Log, Filing)>,
}

/// What the replica reads of a change.
const CHANGE: [&str; 5] = ["province_id", "position", "subject", "number", "is_public"];

impl Store {
    /// How far every log has come, drafts and all. It is no part of an answer, so it does not
    /// count among the statements.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn ends(&self) -> Result<BTreeMap<Log, i64>, StoreError> {
        let query = Query::select().columns(["province_id", "position"]).from("province_head").to_owned();
        let pool = self.pools().reader(Rights::Replica);
        let rows = self.probe(async { Ok(pool.query_all(&query).await?) }).await?;
        rows.iter().map(|row| Ok((Log::new(row.try_get_by_index(0)?), row.try_get_by_index(1)?))).collect()
    }

    /// What moved since the logs stood at these heads, where this reference data was known.
    ///
    /// # Errors
    /// The database does not answer; a row is corrupt; a log has a gap.
    pub async fn moved_since(
        &self,
        heads: &BTreeMap<Log, i64>,
        known: &Directory,
    ) -> Result<Moved, StoreError> {
        let tx = self.begin_snapshot(Rights::Replica).await?;
        let (positions, now) = facts::positions(&tx).await?;
        let from: BTreeMap<Log, i64> = now
            .keys()
            .map(|log| (*log, heads.get(log).copied().unwrap_or(0)))
            .filter(|(log, position)| now[log] > *position)
            .collect();
        let mut keys: BTreeMap<EntryKind, BTreeSet<(Log, i32)>> = BTreeMap::new();
        let same = |name: &'static str| column("change", name).equals((filing::TABLE, name));
        let mut is_named_anew = false;
        let query = Query::select()
            .columns(CHANGE.map(|name| ("change", name)))
            .columns(filing::COLUMNS.map(|name| (filing::TABLE, name)))
            .from("change")
            .left_join(filing::TABLE, same("province_id").and(same("position")))
            .cond_where(changes::after(&from))
            .order_by(("change", "province_id"), Order::Asc)
            .order_by(("change", "position"), Order::Asc)
            .to_owned();
        let mut filings = Vec::new();
        let mut expected = from.clone();
        for row in tx.query_all(&query).await? {
            let log = Log::new(row.try_get_by_index(0)?);
            let position: i64 = row.try_get_by_index(1)?;
            let last = expected.entry(log).or_default();
            if position != *last + 1 {
                return Err(gap(log, *last + 1));
            }
            *last = position;
            filings.extend(filing::read(&row, CHANGE.len(), log)?.map(|filing| (log, filing)));
            let is_public: bool = row.try_get_by_index(4)?;
            let subject: String = row.try_get_by_index(2)?;
            match EntryKind::from_str(&subject) {
                Ok(kind) if is_public => {
                    is_named_anew |= matches!(kind, EntryKind::Organization | EntryKind::Instrument);
                    keys.entry(kind).or_default().insert((log, row.try_get_by_index(3)?));
                }
                Ok(_) => {}
                Err(_)
                    if [Subject::Period, Subject::Proposal]
                        .map(Subject::as_str)
                        .contains(&subject.as_str()) => {}
                Err(_) => is_named_anew = true,
            }
        }
        if let Some((log, position)) = expected.iter().find(|(log, position)| now[log] != **position) {
            return Err(gap(*log, position + 1));
        }
        let reference = if is_named_anew { Some(reference::read(&tx).await?) } else { None };
        let is_placed_anew = reference.as_ref().is_some_and(|reference| is_placed_anew(known, reference));
        let facts =
            if is_placed_anew { all_facts(&tx, &now, keys).await? } else { facts_of(&tx, keys).await? };
        tx.commit().await?;
        Ok(Moved { positions, heads: now, reference, facts, filings })
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
