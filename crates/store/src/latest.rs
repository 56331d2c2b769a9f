//! Reading the logs from their ends: the newest changes of all of them.

use crate::changes::{COLUMNS, Placed, in_each_log, is_of_entry, of_scope, read};
use crate::connect::{Store, column};
use crate::error::StoreError;
use crate::statement::literal;
use caunoi_domain::change::Subject;
use caunoi_domain::entry::EntryKind;
use caunoi_domain::id::Log;
use caunoi_domain::policy::Scope;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use std::collections::{BTreeMap, BTreeSet};

/// The places of the newest changes in each log.
const EACH: &str = "each_log";
/// What names a change and says when it was made.
const PLACE: [&str; 3] = ["province_id", "position", "at_us"];
/// What says besides whether a scope may see it.
const REACHED: [&str; 7] = ["province_id", "position", "at_us", "subject", "was", "publication", "is_public"];
/// The places of the newest changes of all.
const NEWEST: &str = "newest";

/// Which of the newest changes to read.
#[derive(Debug, Clone)]
pub struct Ends<'a> {
    /// The logs, and the position in each at which to begin, going back.
    pub from: &'a BTreeMap<Log, i64>,
    /// How many positions of each log are looked at: what is rare must not cost a walk over all.
    pub reach: u64,
    /// Kinds of entries; none means all.
    pub kinds: Option<&'a BTreeSet<EntryKind>>,
    /// The most changes.
    pub most: u64,
}

impl Store {
    /// The newest changes of entries that may move what a scope sees, by their time. Each log is
    /// read back along its key, so that no order over all of them has to be kept.
    ///
    /// # Errors
    /// The database does not answer, or a row is corrupt.
    pub async fn latest_changes(&self, scope: Scope, ends: &Ends<'_>) -> Result<Vec<Placed>, StoreError> {
        let one = |log, from| end_of_log(scope, (log, from), ends);
        let Some(each) = in_each_log(self.engine(), ends.from, &PLACE, one) else { return Ok(Vec::new()) };
        let newest = Query::select()
            .columns(["province_id", "position"].map(|name| (EACH, name)))
            .from_subquery(each, EACH)
            .order_by((EACH, "at_us"), Order::Desc)
            .order_by((EACH, "province_id"), Order::Asc)
            .order_by((EACH, "position"), Order::Desc)
            .limit(ends.most)
            .to_owned();
        // The texts are read of those alone that are told.
        let query = Query::select()
            .columns(COLUMNS.map(|name| ("change", name)))
            .column(("change", "link"))
            .from_subquery(newest, NEWEST)
            .inner_join(
                "change",
                column("change", "province_id")
                    .equals((NEWEST, "province_id"))
                    .and(column("change", "position").equals((NEWEST, "position"))),
            )
            .order_by(("change", "at_us"), Order::Desc)
            .order_by(("change", "province_id"), Order::Asc)
            .order_by(("change", "position"), Order::Desc)
            .to_owned();
        self.all(scope, &query).await?.iter().map(read).collect()
    }
}

/// The places of the newest changes of one log. Positions are consecutive, so a limit says how far
/// it is read back; a bound of positions would be taken for few rows, which are sorted.
fn end_of_log(scope: Scope, (log, from): (Expr, Expr), ends: &Ends<'_>) -> SelectStatement {
    let reached = Query::select()
        .columns(REACHED.map(|name| ("change", name)))
        .from("change")
        .and_where(column("change", "province_id").eq(log))
        .and_where(column("change", "position").lte(from))
        .order_by(("change", "position"), Order::Desc)
        .limit(ends.reach)
        .to_owned();
    let mut places = Query::select();
    places
        .columns(PLACE.map(|name| ("change", name)))
        .from_subquery(reached, "change")
        .cond_where(of_scope(scope))
        .order_by(("change", "position"), Order::Desc)
        .limit(ends.most);
    match ends.kinds {
        None => places.and_where(is_of_entry()),
        Some(kinds) => {
            let subjects = kinds.iter().map(|kind| literal(Subject::Entry(*kind).as_str()));
            places.and_where(column("change", "subject").is_in(subjects))
        }
    };
    places
}
