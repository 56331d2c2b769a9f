//! Refused requests, counted per hour.

use crate::column::Table;
use crate::connect::Store;
use crate::entity::refusal::{self, Column};
use crate::error::StoreError;
use crate::pools::Rights;
use crate::statement::literal;
use caunoi_domain::policy::RefusalReader;
use caunoi_domain::refusal::{HOUR_US, RefusalCount, RefusalKey, RefusalList};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Order, Query};
use sea_orm::{ConnectionTrait, QueryResult};

/// The columns that [`read`] expects, in this order. The first four are the key, and the order of
/// lists.
const COLUMNS: [Column; 6] =
    [Column::HourUs, Column::Role, Column::Holder, Column::Reason, Column::Count, Column::LastAtUs];
const KEY: [Column; 4] = [Column::HourUs, Column::Role, Column::Holder, Column::Reason];
/// The most rows of one statement: 6 values each.
const MOST_ROWS: usize = 500;

fn table() -> Table {
    Table::of(refusal::Entity)
}

impl Store {
    /// Adds counts to those that are stored, of this and other nodes.
    ///
    /// # Errors
    /// Returns an error if the database fails; nothing is added then.
    pub async fn add_refusals(&self, counts: &[RefusalCount]) -> Result<(), StoreError> {
        let tx = self.begin_write(Rights::Owner).await?;
        for rows in counts.chunks(MOST_ROWS) {
            let mut insert = Query::insert().into_table(table()).columns(COLUMNS).to_owned();
            for RefusalCount { key, count, last_at_us } in rows {
                let (role, reason): (&'static str, &'static str) = (key.role.into(), key.reason.into());
                insert.values_panic([
                    key.hour_us.into(),
                    role.into(),
                    key.holder.as_str().into(),
                    reason.into(),
                    (*count).into(),
                    (*last_at_us).into(),
                ]);
            }
            let stored = |column| Expr::col((refusal::Entity, column));
            let added = |column: Column| Expr::col((EXCLUDED, column));
            let last =
                Expr::case(stored(Column::LastAtUs).gt(added(Column::LastAtUs)), stored(Column::LastAtUs));
            insert.on_conflict(
                OnConflict::columns(KEY)
                    .value(Column::Count, stored(Column::Count).add(added(Column::Count)))
                    .value(Column::LastAtUs, last.finally(added(Column::LastAtUs)))
                    .to_owned(),
            );
            tx.execute(&insert).await?;
        }
        tx.commit().await
    }

    /// Returns one page of refusals, the newest hour first.
    ///
    /// # Errors
    /// Returns an error if the database fails or a row is corrupt.
    pub async fn refusals(
        &self,
        reader: RefusalReader,
        list: &RefusalList,
    ) -> Result<Vec<RefusalCount>, StoreError> {
        let mut query = Query::select().columns(COLUMNS).from(table()).limit(list.most).to_owned();
        for column in KEY {
            query.order_by(column, Order::Desc);
        }
        if let Some(reason) = list.reason {
            let reason: &'static str = reason.into();
            query.and_where(Expr::col(Column::Reason).eq(literal(reason)));
        }
        if let Some(since_us) = list.since_us {
            query.and_where(Expr::col(Column::HourUs).gt(since_us.saturating_sub(HOUR_US)));
        }
        if let Some(RefusalKey { hour_us, role, holder, reason }) = &list.cursor {
            let (role, reason): (&'static str, &'static str) = (role.into(), reason.into());
            let cursor =
                [Expr::val(*hour_us), Expr::val(role), Expr::val(holder.as_str()), Expr::val(reason)];
            query.and_where(Expr::tuple(KEY.map(Expr::col)).lt(Expr::tuple(cursor)));
        }
        self.all(reader.scope(), &query).await?.iter().map(read).collect()
    }

    /// Removes the refusals of hours before this time, in microseconds.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub async fn remove_refusals(&self, before_us: i64) -> Result<(), StoreError> {
        let delete =
            Query::delete().from_table(table()).and_where(Expr::col(Column::HourUs).lt(before_us)).to_owned();
        let tx = self.begin_write(Rights::Owner).await?;
        tx.execute(&delete).await?;
        tx.commit().await
    }
}

/// The row that an insert could not insert, in both engines.
const EXCLUDED: &str = "excluded";

fn read(row: &QueryResult) -> Result<RefusalCount, StoreError> {
    let (hour_us, role, holder, reason): (i64, String, String, String) = (
        row.try_get_by_index(0)?,
        row.try_get_by_index(1)?,
        row.try_get_by_index(2)?,
        row.try_get_by_index(3)?,
    );
    let id = || format!("{hour_us}/{role}/{reason}");
    let corrupt = |column: Column, why: &str| StoreError::corrupt(column, id(), format!("\"{why}\""));
    let key = RefusalKey {
        hour_us,
        role: role.parse().map_err(|_| corrupt(Column::Role, &role))?,
        holder,
        reason: reason.parse().map_err(|_| corrupt(Column::Reason, &reason))?,
    };
    Ok(RefusalCount { key, count: row.try_get_by_index(4)?, last_at_us: row.try_get_by_index(5)? })
}
