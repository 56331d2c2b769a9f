//! Commands on the reference data, each in one [`WriteTransaction`], in the ministry's log.

use super::rows::{self, Children, ReferenceRow};
use crate::changes;
use crate::commands::{CommandTransaction, WriteContext};
use crate::entity::change::Column;
use crate::error::StoreError;
use crate::insert::insert;
use crate::write::WriteTransaction;
use caunoi_domain::change::{Change, ChangeOperation, Subject};
use caunoi_domain::entry::Publication;
use caunoi_domain::id::Log;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};

/// A change of one row.
#[derive(Debug, Clone)]
pub struct ReferenceUpdate<R> {
    /// The row before; `None` if it is new.
    pub before: Option<R>,
    /// The row after.
    pub after: R,
}

impl CommandTransaction<'_> {
    /// Writes one row of the reference data, and appends the change.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub async fn update_reference<R: ReferenceRow>(
        &mut self,
        update: &ReferenceUpdate<R>,
    ) -> Result<(), StoreError> {
        upsert_row(&self.writing, &update.after).await?;
        let change = change(&self.writing, self.context, update).await?;
        self.writing.append(&change);
        Ok(())
    }
}

async fn upsert_row<R: ReferenceRow>(writing: &WriteTransaction, row: &R) -> Result<(), StoreError> {
    insert(writing.tx(), &[row.row()], Some(&R::replacement())).await?;
    if let Some(Children { parent, number, rows }) = row.children() {
        rows::replace_children(writing.tx(), parent, vec![number], &rows).await?;
    }
    Ok(())
}

async fn change<R: ReferenceRow>(
    writing: &WriteTransaction,
    context: &WriteContext<'_>,
    update: &ReferenceUpdate<R>,
) -> Result<Change, StoreError> {
    let code = rows::code(&update.after);
    let log = context.permit.log();
    let version = last_version(writing, log, &code).await?;
    let text = |row: &R| {
        serde_json::to_string(row)
            .map_err(|error| StoreError::corrupt(Column::AfterText, code.as_str(), error.to_string()))
    };
    let was = update.before.as_ref().map(|_| Publication::Published);
    Ok(Change {
        log,
        subject: Subject::Reference,
        number: 0,
        version: version + 1,
        operation: if was.is_none() { ChangeOperation::Published } else { ChangeOperation::Corrected },
        was,
        publication: Publication::Published,
        is_public: true,
        author: context.permit.author(),
        at_us: context.at_us,
        idempotency_key: context.idempotency_key.as_ref().map(|idempotency_key| idempotency_key.key.clone()),
        reason: None,
        before: update.before.as_ref().map(text).transpose()?,
        after: Some(text(&update.after)?),
        code,
    })
}

/// Returns how many times the row has been written.
async fn last_version(writing: &WriteTransaction, log: Log, code: &str) -> Result<i32, StoreError> {
    let query = Query::select()
        .expr(Expr::col(Column::Version).max())
        .from(changes::table())
        .and_where(Expr::col(Column::ProvinceId).eq(log.number()))
        .and_where(Expr::col(Column::Subject).eq(Subject::Reference.as_str()))
        .and_where(Expr::col(Column::Code).eq(code))
        .to_owned();
    let row = writing.tx().query_one(&query).await?;
    let version: Option<i32> = row.map(|row| row.try_get_by_index(0)).transpose()?.flatten();
    Ok(version.unwrap_or(0))
}
