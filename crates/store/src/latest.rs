//! Reads of the logs from their ends: the newest changes of all of them.

use crate::changes::{CHANGE_KEY, COLUMNS, has_key_of, in_each_log, is_of_entry, of_scope, read, table};
use crate::column::column;
use crate::connect::Store;
use crate::entity::change::Column;
use crate::error::StoreError;
use crate::statement::literal;
use caunoi_domain::change::{LoggedChange, Subject};
use caunoi_domain::entry::EntryKind;
use caunoi_domain::id::Log;
use caunoi_domain::policy::Scope;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use std::collections::{BTreeMap, BTreeSet};

/// Alias of the keys of the newest changes in each log.
const EACH_LOG: &str = "each_log";
/// The key of a change, and its time.
const TIMED_KEY: [Column; 3] = [Column::ProvinceId, Column::Position, Column::AtUs];
/// The columns that decide whether a scope may see a change.
const SCANNED_COLUMNS: [Column; 7] = [
    Column::ProvinceId,
    Column::Position,
    Column::AtUs,
    Column::Subject,
    Column::Was,
    Column::Publication,
    Column::IsPublic,
];
/// Alias of the keys of the newest changes of all logs.
const NEWEST: &str = "newest";

/// A query for the newest changes.
#[derive(Debug, Clone)]
pub struct LatestChangesQuery<'a> {
    /// The logs, and in each the position from which to read backwards.
    pub from: &'a BTreeMap<Log, i64>,
    /// How many positions of each log are scanned, so that rare kinds do not scan whole logs.
    pub reach: u64,
    /// Kinds of entries to include; `None` includes all.
    pub kinds: Option<&'a BTreeSet<EntryKind>>,
    /// The most changes to return.
    pub most: u64,
}

impl Store {
    /// Returns the newest changes of entries that may affect what a scope sees, newest first. Each
    /// log is read backwards along its key, so that no index over all of them is needed.
    ///
    /// # Errors
    /// Returns an error if the database fails or a row is corrupt.
    pub async fn latest_changes(
        &self,
        scope: Scope,
        range: &LatestChangesQuery<'_>,
    ) -> Result<Vec<LoggedChange>, StoreError> {
        let one = |log, from| latest_of_log(scope, log, from, range);
        let Some(each) = in_each_log(self.engine(), range.from, &TIMED_KEY, one) else {
            return Ok(Vec::new());
        };
        let newest = Query::select()
            .columns(CHANGE_KEY.map(|name| (EACH_LOG, name)))
            .from_subquery(each, EACH_LOG)
            .order_by((EACH_LOG, Column::AtUs), Order::Desc)
            .order_by((EACH_LOG, Column::ProvinceId), Order::Asc)
            .order_by((EACH_LOG, Column::Position), Order::Desc)
            .limit(range.most)
            .to_owned();
        // The texts of these changes only are read.
        let query = Query::select()
            .columns(COLUMNS.map(|name| (table(), name)))
            .from_subquery(newest, NEWEST)
            .inner_join(table(), has_key_of(NEWEST))
            .order_by((table(), Column::AtUs), Order::Desc)
            .order_by((table(), Column::ProvinceId), Order::Asc)
            .order_by((table(), Column::Position), Order::Desc)
            .to_owned();
        self.all(scope, &query).await?.iter().map(read).collect()
    }
}

/// Selects the keys of the newest changes of one log. Positions are consecutive, so a limit bounds
/// the scan; for a range of positions the planner would expect few rows and sort them.
fn latest_of_log(scope: Scope, log: Expr, from: Expr, range: &LatestChangesQuery<'_>) -> SelectStatement {
    let scanned = Query::select()
        .columns(SCANNED_COLUMNS.map(|name| (table(), name)))
        .from(table())
        .and_where(column(Column::ProvinceId).eq(log))
        .and_where(column(Column::Position).lte(from))
        .order_by((table(), Column::Position), Order::Desc)
        .limit(range.reach)
        .to_owned();
    let mut change_keys = Query::select();
    change_keys
        .columns(TIMED_KEY.map(|name| (table(), name)))
        .from_subquery(scanned, table())
        .cond_where(of_scope(scope))
        .order_by((table(), Column::Position), Order::Desc)
        .limit(range.most);
    match range.kinds {
        None => change_keys.and_where(is_of_entry()),
        Some(kinds) => {
            let subjects = kinds.iter().map(|kind| Subject::Entry(*kind)).chain([Subject::Shared]);
            let subjects = subjects.map(|subject| literal(subject.as_str()));
            change_keys.and_where(column(Column::Subject).is_in(subjects))
        }
    };
    change_keys
}
