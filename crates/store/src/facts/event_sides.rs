//! Computes the columns of the start and the end of events in a database that is older than these
//! columns. SQL set them for dates that are one point in time; intervals and qualified dates are
//! parsed here.

use crate::column::{Table, column};
use crate::condition::{PUBLISHED, WORKING};
use crate::entity::{EntryColumn, event};
use crate::error::StoreError;
use crate::statement::literal;
use caunoi_domain::date::FuzzyDate;
use caunoi_domain::fact::DateBounds;
use sea_orm::sea_query::{ExprTrait, Query, UpdateStatement};
use sea_orm::{ConnectionTrait, DatabaseTransaction};

/// Sets the columns of all versions whose date is not one point in time.
pub(super) async fn compute(tx: &DatabaseTransaction) -> Result<(), StoreError> {
    let text = column(event::Column::FirstText);
    let query = Query::select()
        .distinct()
        .expr(text.clone())
        .from(Table::of(event::Entity))
        .and_where(text.is_not_null())
        .to_owned();
    for row in tx.query_all(&query).await? {
        let text: String = row.try_get_by_index(0)?;
        let date = FuzzyDate::parse(&text).map_err(|reason| {
            StoreError::corrupt(event::Column::FirstText, text.clone(), reason.to_string())
        })?;
        let bounds = DateBounds::from_date(Some(&date));
        if bounds != DateBounds::of_range(bounds.start) {
            tx.execute(&update(&text, bounds)).await?;
        }
    }
    Ok(())
}

/// Updates the versions with this date, along the index of slots and first days.
fn update(text: &str, bounds: DateBounds) -> UpdateStatement {
    let table = Table::of(event::Entity);
    let DateBounds { earliest, start, end, .. } = bounds;
    Query::update()
        .table(table)
        .value(event::Column::StartEarliest, start.earliest)
        .value(event::Column::StartLatest, start.latest)
        .value(event::Column::EndEarliest, end.earliest)
        .value(event::Column::EndLatest, end.latest)
        .and_where(table.expr(EntryColumn::Slot).is_in([PUBLISHED, WORKING].map(literal)))
        .and_where(table.expr(EntryColumn::FirstEarliest).eq(earliest))
        .and_where(table.expr(EntryColumn::FirstText).eq(text))
        .to_owned()
}
