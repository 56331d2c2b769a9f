//! A province confirms a period: one change in its log, once.

use super::{Intent, repeat};
use crate::connect::Store;
use crate::error::StoreError;
use crate::filing;
use crate::pools::Rights;
use crate::write::Writing;
use caunoi_domain::change::{Change, ChangeOperation, Link, Subject};
use caunoi_domain::entry::Publication;
use caunoi_domain::id::Log;
use caunoi_domain::statistics::{CalendarPeriod, Filing};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use serde::{Deserialize, Serialize};

/// What a confirmation left behind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    /// The last position that was written in its log.
    pub position: i64,
    /// The link of that change; none where the act was answered before.
    #[serde(skip)]
    pub link: Option<Link>,
    /// Where every log stood after it, sealed.
    pub cursor: String,
}

/// The key stands for another request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OtherInput;

impl Store {
    /// Confirms a period for the province of the permit. Confirmed before, nothing is written.
    ///
    /// # Errors
    /// The database does not answer; then nothing was written.
    pub async fn confirm(
        &self,
        intent: &Intent<'_>,
        period: CalendarPeriod,
    ) -> Result<Result<Confirmation, OtherInput>, StoreError> {
        let log = intent.permit.log();
        let tx = self.begin_write(Rights::Province(log)).await?;
        let mut writing = Writing::begin(tx, &[log]).await?;
        if let Some(repeat) = &intent.repeat
            && let Some(told) = repeat::find_answer(writing.tx(), intent.permit, repeat).await?
        {
            writing.abandon().await;
            return Ok(told);
        }
        if !is_confirmed(&writing, log, period).await? {
            writing.append(&change(intent, period));
        }
        let position = writing.position(log);
        let known = intent.known.clone().with(log, position);
        let link = writing.last_change(log).link;
        let confirmation = Confirmation { position, link, cursor: known.seal(intent.sealing_key) };
        if let Some(repeat) = &intent.repeat {
            repeat::keep_answer(&mut writing, intent, repeat, &confirmation).await?;
        }
        writing.commit(self).await?;
        Ok(Ok(confirmation))
    }
}

fn change(intent: &Intent<'_>, period: CalendarPeriod) -> Change {
    Change {
        log: intent.permit.log(),
        subject: Subject::Period,
        number: 0,
        code: period.name(),
        version: 1,
        operation: ChangeOperation::Published,
        was: None,
        publication: Publication::Published,
        is_public: true,
        author: intent.permit.author(),
        at_us: intent.at_us,
        idempotency_key: intent.repeat.as_ref().map(|repeat| repeat.key.clone()),
        reason: None,
        before: None,
        after: None,
    }
}

async fn is_confirmed(writing: &Writing, log: Log, period: CalendarPeriod) -> Result<bool, StoreError> {
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
