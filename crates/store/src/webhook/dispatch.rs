//! The dispatch of webhooks: leases, positions in the feed and outcomes of attempts.
//!
//! A lease allows one node at a time to call an endpoint. Every write of a dispatcher requires its
//! lease, so one that has lost it writes nothing.

use super::{Access, WebhookRole, delivery_log, lock, row, table};
use crate::column::Table;
use crate::connect::Store;
use crate::entity::webhook::Column;
use crate::entity::webhook_delivery;
use crate::error::StoreError;
use caunoi_domain::webhook::{
    AttemptOutcome, Delivery, DeliveryKey, DeliveryKind, DisabledReason, Webhook, WebhookState,
};
use sea_orm::sea_query::{Expr, ExprTrait, Query, UpdateStatement};
use sea_orm::{ConnectionTrait, QueryResult};

/// The state of a webhook that decides whether it must be called, and by which node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookStatus {
    /// The identifier of the webhook.
    pub id: String,
    /// Whether the webhook is active.
    pub state: WebhookState,
    /// The number of changes by its owner.
    pub revision: i32,
    /// The earliest time of the next attempt, in microseconds since 1970; `None` if it may be made
    /// now.
    pub next_attempt_us: Option<i64>,
    /// The node that holds the lease.
    pub holder: Option<String>,
    /// The end of the lease, in microseconds since 1970.
    pub held_until_us: Option<i64>,
    /// Whether pings or redeliveries are waiting.
    pub has_waiting: bool,
}

/// A lease on one webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookLease {
    /// The webhook.
    pub id: String,
    /// The node that holds the lease.
    pub holder: String,
}

/// An attempt to deliver the next message of the feed.
#[derive(Debug, Clone)]
pub struct AttemptRecord<'a> {
    /// The revision of the webhook at the attempt.
    pub revision: i32,
    /// The identifier of the message.
    pub message: &'a str,
    /// The cursor of the feed before the message.
    pub after: &'a str,
    /// The cursor of the feed after the message; `None` if the message was not delivered.
    pub reached: Option<&'a str>,
    /// The outcome of the attempt.
    pub outcome: AttemptOutcome,
    /// The reason to disable the webhook, if the attempt is the last one.
    pub disabled: Option<DisabledReason>,
}

impl Store {
    /// Returns the status of all webhooks.
    ///
    /// # Errors
    /// Returns an error if the database fails or a row is corrupt.
    pub async fn webhook_statuses(&self) -> Result<Vec<WebhookStatus>, StoreError> {
        let tx = self.begin_webhooks(WebhookRole::Sender, Access::Read).await?;
        let waiting = Query::select()
            .column(webhook_delivery::Column::WebhookId)
            .from(Table::of(webhook_delivery::Entity))
            .and_where(Expr::col(webhook_delivery::Column::AtUs).is_null())
            .to_owned();
        let columns = [
            Column::Id,
            Column::State,
            Column::Revision,
            Column::NextAttemptUs,
            Column::LeaseHolder,
            Column::LeasedUntilUs,
        ];
        let query = Query::select()
            .columns(columns)
            .expr(Expr::col(Column::Id).in_subquery(waiting))
            .from(table())
            .to_owned();
        let rows = tx.query_all(&query).await?;
        tx.commit().await?;
        let read = |row: &QueryResult| {
            let (id, state, revision, next_attempt_us, holder, held_until_us, has_waiting): (
                String,
                String,
                _,
                _,
                _,
                _,
                _,
            ) = row.try_get_many_by_index()?;
            let state = row::word(&id, Column::State, &state)?;
            Ok(WebhookStatus { id, state, revision, next_attempt_us, holder, held_until_us, has_waiting })
        };
        rows.iter().map(read).collect()
    }

    /// Takes a lease unless another node holds it at `now_us`; returns the webhook, or `None` if it
    /// was not taken.
    ///
    /// # Errors
    /// Returns an error if the database fails or a row is corrupt.
    pub async fn lease_webhook(
        &self,
        lease: &WebhookLease,
        now_us: i64,
        until_us: i64,
    ) -> Result<Option<Webhook>, StoreError> {
        let tx = self.begin_webhooks(WebhookRole::Sender, Access::Write).await?;
        let is_free = Expr::col(Column::LeaseHolder)
            .is_null()
            .or(Expr::col(Column::LeaseHolder).eq(lease.holder.as_str()))
            .or(Expr::col(Column::LeasedUntilUs).lt(now_us));
        let take = Query::update()
            .table(table())
            .value(Column::LeaseHolder, lease.holder.as_str())
            .value(Column::LeasedUntilUs, until_us)
            .and_where(Expr::col(Column::Id).eq(lease.id.as_str()))
            .and_where(is_free)
            .returning(Query::returning().columns(row::COLUMNS))
            .to_owned();
        let webhook = tx.query_one(&take).await?.as_ref().map(row::read).transpose()?;
        tx.commit().await?;
        Ok(webhook)
    }

    /// Returns the webhook while the lease is held.
    ///
    /// # Errors
    /// Returns an error if the database fails or the row is corrupt.
    pub async fn find_leased_webhook(&self, lease: &WebhookLease) -> Result<Option<Webhook>, StoreError> {
        let tx = self.begin_webhooks(WebhookRole::Sender, Access::Read).await?;
        let query = Query::select()
            .columns(row::COLUMNS)
            .from(table())
            .and_where(Expr::col(Column::Id).eq(lease.id.as_str()))
            .and_where(Expr::col(Column::LeaseHolder).eq(lease.holder.as_str()))
            .to_owned();
        let webhook = tx.query_one(&query).await?.as_ref().map(row::read).transpose()?;
        tx.commit().await?;
        Ok(webhook)
    }

    /// Extends all leases of a node.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub async fn renew_leases(&self, holder: &str, until_us: i64) -> Result<(), StoreError> {
        let renew = Query::update()
            .table(table())
            .value(Column::LeasedUntilUs, until_us)
            .and_where(Expr::col(Column::LeaseHolder).eq(holder))
            .to_owned();
        self.execute(&renew).await.map(drop)
    }

    /// Releases a lease.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub async fn release_webhook(&self, lease: &WebhookLease) -> Result<(), StoreError> {
        let release = update_under_lease(lease)
            .value(Column::LeaseHolder, Option::<String>::None)
            .value(Column::LeasedUntilUs, Option::<i64>::None)
            .to_owned();
        self.execute(&release).await.map(drop)
    }

    /// Advances the cursor of a webhook past changes that it does not receive; returns whether the
    /// lease is held.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub async fn advance_webhook_cursor(
        &self,
        lease: &WebhookLease,
        cursor: &str,
    ) -> Result<bool, StoreError> {
        self.execute(update_under_lease(lease).value(Column::Cursor, cursor)).await
    }

    /// Records an attempt and its consequences; returns whether the lease is held. Nothing is
    /// recorded if it is not.
    ///
    /// # Errors
    /// Returns an error if the database fails; nothing is written then.
    pub async fn record_attempt(
        &self,
        lease: &WebhookLease,
        mut record: AttemptRecord<'_>,
    ) -> Result<bool, StoreError> {
        let tx = self.begin_webhooks(WebhookRole::Sender, Access::Write).await?;
        let Some(webhook) = lock(&tx, &lease.id, None).await? else {
            tx.rollback().await;
            return Ok(false);
        };
        let mut update = update_under_lease(lease);
        let mut attempt = webhook.failures + 1;
        if let Some(cursor) = record.reached {
            update
                .value(Column::Cursor, cursor)
                .value(Column::Failures, 0)
                .value(Column::NextAttemptUs, Option::<i64>::None);
        } else if webhook.revision == record.revision {
            update
                .value(Column::Failures, attempt)
                .value(Column::NextAttemptUs, record.outcome.next_attempt_us);
            if let (Some(reason), WebhookState::Active) = (record.disabled, webhook.state) {
                let (state, reason): (&'static str, &'static str) =
                    (WebhookState::Disabled.into(), reason.into());
                update.value(Column::State, state).value(Column::Disabled, reason);
            }
        } else {
            // Its owner has changed it since the attempt: the failure says nothing about the new
            // endpoint.
            attempt = 1;
            record.outcome.next_attempt_us = None;
            update.value(Column::Failures, Expr::col(Column::Failures));
        }
        if tx.execute(&update).await?.rows_affected() == 0 {
            tx.rollback().await;
            return Ok(false);
        }
        let key = delivery_log::next_key(&tx, &lease.id).await?;
        let delivery = Delivery {
            key,
            message: record.message.to_owned(),
            kind: DeliveryKind::Change,
            attempt,
            after: Some(record.after.to_owned()),
            outcome: Some(record.outcome),
        };
        delivery_log::add(&tx, &delivery).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Returns the waiting pings and redeliveries of a webhook, oldest first.
    ///
    /// # Errors
    /// Returns an error if the database fails or a row is corrupt.
    pub async fn waiting_deliveries(&self, webhook: &str) -> Result<Vec<Delivery>, StoreError> {
        let tx = self.begin_webhooks(WebhookRole::Sender, Access::Read).await?;
        let waiting = delivery_log::waiting(&tx, webhook).await?;
        tx.commit().await?;
        Ok(waiting)
    }

    /// Records the outcome of a ping or redelivery; returns whether the lease is held. Nothing is
    /// recorded if it is not.
    ///
    /// # Errors
    /// Returns an error if the database fails; nothing is written then.
    pub async fn record_delivery(
        &self,
        lease: &WebhookLease,
        key: &DeliveryKey,
        outcome: &AttemptOutcome,
    ) -> Result<bool, StoreError> {
        let tx = self.begin_webhooks(WebhookRole::Sender, Access::Write).await?;
        let holds = update_under_lease(lease).value(Column::Failures, Expr::col(Column::Failures)).to_owned();
        if tx.execute(&holds).await?.rows_affected() == 0 {
            tx.rollback().await;
            return Ok(false);
        }
        delivery_log::record_outcome(&tx, key, outcome).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Runs one update as the dispatcher; returns whether it matched a row.
    async fn execute(&self, update: &UpdateStatement) -> Result<bool, StoreError> {
        let tx = self.begin_webhooks(WebhookRole::Sender, Access::Write).await?;
        let met = tx.execute(update).await?.rows_affected();
        tx.commit().await?;
        Ok(met > 0)
    }
}

/// Returns an update of a webhook that matches only while the lease is held.
fn update_under_lease(lease: &WebhookLease) -> UpdateStatement {
    Query::update()
        .table(table())
        .and_where(Expr::col(Column::Id).eq(lease.id.as_str()))
        .and_where(Expr::col(Column::LeaseHolder).eq(lease.holder.as_str()))
        .to_owned()
}
