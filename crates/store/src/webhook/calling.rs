//! Webhooks as they are called: who may call which now, how far each was told, what came of it.
//!
//! A lease lets one node at a time call an endpoint. Whatever a caller writes stands under its
//! lease, so one that was overtaken writes nothing.

use super::{Access, TABLE, Whose, lock, log, row};
use crate::connect::Store;
use crate::error::StoreError;
use caunoi_domain::webhook::{
    Attempted, Delivery, DeliveryKey, DeliveryKind, DisabledReason, Webhook, WebhookState,
};
use sea_orm::sea_query::{Expr, ExprTrait, Query, UpdateStatement};
use sea_orm::{ConnectionTrait, QueryResult};

/// How a webhook stands, as far as it matters to who may have to call it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Its name.
    pub id: String,
    /// Whether it is called.
    pub state: WebhookState,
    /// Counts the changes that its partner makes.
    pub revision: i32,
    /// Before this instant no further attempt is made.
    pub next_attempt_us: Option<i64>,
    /// Who calls it.
    pub holder: Option<String>,
    /// Until when.
    pub held_until_us: Option<i64>,
    /// Whether pings or repetitions wait.
    pub has_waiting: bool,
}

/// A lease on one webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The webhook.
    pub id: String,
    /// Who calls it.
    pub holder: String,
}

/// What an attempt at the next message of the feed leaves behind.
#[derive(Debug, Clone)]
pub struct Settled<'a> {
    /// The revision of the webhook that it was made for.
    pub revision: i32,
    /// The message.
    pub message: &'a str,
    /// Where the feed was told up to before it.
    pub after: &'a str,
    /// Where it is told up to now; none where the message was not delivered.
    pub reached: Option<&'a str>,
    /// What came of it.
    pub outcome: Attempted,
    /// Why the webhook is given up by it.
    pub disabled: Option<DisabledReason>,
}

impl Store {
    /// How all webhooks stand.
    ///
    /// # Errors
    /// The database does not answer, or a row is corrupt.
    pub async fn standings(&self) -> Result<Vec<Standing>, StoreError> {
        let tx = self.begin_webhooks(Whose::Sender, Access::Read).await?;
        let waiting = Query::select()
            .column("webhook_id")
            .from("webhook_delivery")
            .and_where(Expr::col("at_us").is_null())
            .to_owned();
        let columns = ["id", "state", "revision", "next_attempt_us", "lease_holder", "leased_until_us"];
        let query = Query::select()
            .columns(columns)
            .expr(Expr::col("id").in_subquery(waiting))
            .from(TABLE)
            .to_owned();
        let rows = tx.query_all(&query).await?;
        tx.commit().await?;
        let read = |row: &QueryResult| {
            let id: String = row.try_get_by_index(0)?;
            Ok(Standing {
                state: row::word(&id, "state", &row.try_get_by_index::<String>(1)?)?,
                revision: row.try_get_by_index(2)?,
                next_attempt_us: row.try_get_by_index(3)?,
                holder: row.try_get_by_index(4)?,
                held_until_us: row.try_get_by_index(5)?,
                has_waiting: row.try_get_by_index(6)?,
                id,
            })
        };
        rows.iter().map(read).collect()
    }

    /// Takes a lease that nobody else holds at this instant; gives the webhook as it stands.
    ///
    /// # Errors
    /// The database does not answer, or a row is corrupt.
    pub async fn lease_webhook(
        &self,
        lease: &Held,
        now_us: i64,
        until_us: i64,
    ) -> Result<Option<Webhook>, StoreError> {
        let tx = self.begin_webhooks(Whose::Sender, Access::Write).await?;
        let is_free = Expr::col("lease_holder")
            .is_null()
            .or(Expr::col("lease_holder").eq(lease.holder.as_str()))
            .or(Expr::col("leased_until_us").lt(now_us));
        let take = Query::update()
            .table(TABLE)
            .value("lease_holder", lease.holder.as_str())
            .value("leased_until_us", until_us)
            .and_where(Expr::col("id").eq(lease.id.as_str()))
            .and_where(is_free)
            .returning(Query::returning().columns(row::COLUMNS))
            .to_owned();
        let webhook = tx.query_one(&take).await?.as_ref().map(row::read).transpose()?;
        tx.commit().await?;
        Ok(webhook)
    }

    /// The webhook as it stands, while the lease holds.
    ///
    /// # Errors
    /// The database does not answer, or the row is corrupt.
    pub async fn held_webhook(&self, lease: &Held) -> Result<Option<Webhook>, StoreError> {
        let tx = self.begin_webhooks(Whose::Sender, Access::Read).await?;
        let query = Query::select()
            .columns(row::COLUMNS)
            .from(TABLE)
            .and_where(Expr::col("id").eq(lease.id.as_str()))
            .and_where(Expr::col("lease_holder").eq(lease.holder.as_str()))
            .to_owned();
        let webhook = tx.query_one(&query).await?.as_ref().map(row::read).transpose()?;
        tx.commit().await?;
        Ok(webhook)
    }

    /// Keeps all leases of a holder for longer.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn renew_leases(&self, holder: &str, until_us: i64) -> Result<(), StoreError> {
        let renew = Query::update()
            .table(TABLE)
            .value("leased_until_us", until_us)
            .and_where(Expr::col("lease_holder").eq(holder))
            .to_owned();
        self.call(&renew).await.map(drop)
    }

    /// Gives a lease back.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn release_webhook(&self, lease: &Held) -> Result<(), StoreError> {
        let release = under(lease)
            .value("lease_holder", Option::<String>::None)
            .value("leased_until_us", Option::<i64>::None)
            .to_owned();
        self.call(&release).await.map(drop)
    }

    /// Moves a webhook past what nobody wants to hear; says whether the lease holds.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn pass_webhook(&self, lease: &Held, cursor: &str) -> Result<bool, StoreError> {
        self.call(under(lease).value("cursor", cursor)).await
    }

    /// Notes an attempt and what follows from it; says whether the lease holds. Where it does not,
    /// nothing is noted.
    ///
    /// # Errors
    /// The database does not answer; then nothing was written.
    pub async fn settle_webhook(&self, lease: &Held, mut settled: Settled<'_>) -> Result<bool, StoreError> {
        let tx = self.begin_webhooks(Whose::Sender, Access::Write).await?;
        let Some(webhook) = lock(&tx, &lease.id, None).await? else {
            tx.rollback().await;
            return Ok(false);
        };
        let mut update = under(lease);
        let mut attempt = webhook.failures + 1;
        if let Some(cursor) = settled.reached {
            update.value("cursor", cursor).value("failures", 0).value("next_attempt_us", Option::<i64>::None);
        } else if webhook.revision == settled.revision {
            update.value("failures", attempt).value("next_attempt_us", settled.outcome.next_attempt_us);
            if let (Some(reason), WebhookState::Active) = (settled.disabled, webhook.state) {
                let (state, reason): (&'static str, &'static str) =
                    (WebhookState::Disabled.into(), reason.into());
                update.value("state", state).value("disabled", reason);
            }
        } else {
            // Its partner has changed it meanwhile: what failed says nothing of what it is now.
            attempt = 1;
            settled.outcome.next_attempt_us = None;
            update.value("failures", Expr::col("failures"));
        }
        if tx.execute(&update).await?.rows_affected() == 0 {
            tx.rollback().await;
            return Ok(false);
        }
        let key = log::next_key(&tx, &lease.id).await?;
        let delivery = Delivery {
            key,
            message: settled.message.to_owned(),
            kind: DeliveryKind::Change,
            attempt,
            after: Some(settled.after.to_owned()),
            outcome: Some(settled.outcome),
        };
        log::add(&tx, &delivery).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// The pings and repetitions of a webhook that wait to be made, the oldest first.
    ///
    /// # Errors
    /// The database does not answer, or a row is corrupt.
    pub async fn waiting_deliveries(&self, webhook: &str) -> Result<Vec<Delivery>, StoreError> {
        let tx = self.begin_webhooks(Whose::Sender, Access::Read).await?;
        let waiting = log::waiting(&tx, webhook).await?;
        tx.commit().await?;
        Ok(waiting)
    }

    /// Says what came of a ping or a repetition; whether the lease holds. Where it does not, nothing
    /// is noted.
    ///
    /// # Errors
    /// The database does not answer; then nothing was written.
    pub async fn settle_delivery(
        &self,
        lease: &Held,
        key: &DeliveryKey,
        outcome: &Attempted,
    ) -> Result<bool, StoreError> {
        let tx = self.begin_webhooks(Whose::Sender, Access::Write).await?;
        let holds = under(lease).value("failures", Expr::col("failures")).to_owned();
        if tx.execute(&holds).await?.rows_affected() == 0 {
            tx.rollback().await;
            return Ok(false);
        }
        log::settle(&tx, key, outcome).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// One update of the sender's; says whether it met a row.
    async fn call(&self, update: &UpdateStatement) -> Result<bool, StoreError> {
        let tx = self.begin_webhooks(Whose::Sender, Access::Write).await?;
        let met = tx.execute(update).await?.rows_affected();
        tx.commit().await?;
        Ok(met > 0)
    }
}

/// An update of a webhook that meets it only while the lease holds.
fn under(lease: &Held) -> UpdateStatement {
    Query::update()
        .table(TABLE)
        .and_where(Expr::col("id").eq(lease.id.as_str()))
        .and_where(Expr::col("lease_holder").eq(lease.holder.as_str()))
        .to_owned()
}
