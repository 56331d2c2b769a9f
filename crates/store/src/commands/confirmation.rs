//! The confirmation of a period by a province: at most one change in its log.

use super::{WriteContext, idempotency};
use crate::connect::Store;
use crate::error::StoreError;
use crate::filing;
use crate::pools::Rights;
use crate::write::WriteTransaction;
use caunoi_domain::change::{ChainHash, Change, ChangeOperation, Subject};
use caunoi_domain::entry::Publication;
use caunoi_domain::id::Log;
use caunoi_domain::statistics::{CalendarPeriod, Filing};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use serde::{Deserialize, Serialize};

/// The result of a confirmation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    /// The last position of its log.
    pub position: i64,
    /// The link of the change at `position`; `None` if the request was executed before.
    #[serde(skip)]
    pub link: Option<ChainHash>,
    /// A signed cursor: the positions of all logs after the confirmation.
    pub cursor: String,
}

/// The idempotency key was used for another request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OtherInput;

impl Store {
    /// Confirms a period for the province of the permit. Writes no change if the period is already
    /// confirmed.
    ///
    /// # Errors
    /// Returns an error if the database fails; nothing is written then.
    pub async fn confirm(
        &self,
        context: &WriteContext<'_>,
        period: CalendarPeriod,
    ) -> Result<Result<Confirmation, OtherInput>, StoreError> {
        let log = context.permit.log();
        let tx = self.begin_write(Rights::Province(log)).await?;
        let mut writing = WriteTransaction::begin(tx, &[log]).await?;
        if let Some(idempotency_key) = &context.idempotency_key
            && let Some(recorded) =
                idempotency::find_response(writing.tx(), context.permit, idempotency_key).await?
        {
            writing.rollback().await;
            return Ok(recorded);
        }
        if !is_confirmed(&writing, log, period).await? {
            writing.append(&change(context, period));
        }
        let position = writing.position(log);
        let known = context.known.clone().with(log, position);
        let link = writing.last_change(log).link;
        let confirmation = Confirmation { position, link, cursor: known.to_cursor(context.signing_key) };
        if let Some(idempotency_key) = &context.idempotency_key {
            idempotency::insert_response(&mut writing, context, idempotency_key, &confirmation).await?;
        }
        writing.commit(self).await?;
        Ok(Ok(confirmation))
    }
}

fn change(context: &WriteContext<'_>, period: CalendarPeriod) -> Change {
    Change {
        log: context.permit.log(),
        subject: Subject::Period,
        number: 0,
        code: period.name(),
        version: 1,
        operation: ChangeOperation::Published,
        was: None,
        publication: Publication::Published,
        is_public: true,
        author: context.permit.author(),
        at_us: context.at_us,
        idempotency_key: context.idempotency_key.as_ref().map(|idempotency_key| idempotency_key.key.clone()),
        reason: None,
        before: None,
        after: None,
    }
}

async fn is_confirmed(
    writing: &WriteTransaction,
    log: Log,
    period: CalendarPeriod,
) -> Result<bool, StoreError> {
    let query = Query::select()
        .columns(filing::COLUMNS)
        .from(filing::TABLE)
        .and_where(Expr::col("province_id").eq(log.number()))
        .and_where(Expr::col("from_on").eq(period.first()))
        .and_where(Expr::col("to_on").eq(period.last()))
        .to_owned();
    for row in writing.tx().query_all(&query).await? {
        if let Some(Filing::Confirmed(..)) = filing::read(&row, 0, log)? {
            return Ok(true);
        }
    }
    Ok(false)
}
