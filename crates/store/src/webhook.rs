//! Webhooks as their owners create, read and change them.
//!
//! Invariant: every statement here runs for one owner, or for the dispatcher of all webhooks
//! ([`dispatch`]). On PostgreSQL the transaction sets the role, and row-level security enforces it.

mod delivery_log;
mod dispatch;
mod row;
mod secrets;

pub use dispatch::{AttemptRecord, WebhookLease, WebhookStatus};
pub use secrets::StoredSecrets;

use crate::column::Table;
use crate::connect::{Engine, Store};
use crate::entity::webhook::{self, Column};
use crate::error::StoreError;
use crate::insert::insert_absent;
use crate::pools::Rights;
use crate::transaction::Transaction;
use caunoi_domain::policy::WebhookOwner;
use caunoi_domain::webhook::{Delivery, DeliveryKey, MOST_WAITING, MOST_WEBHOOKS, Webhook};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Order, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Statement};
use std::collections::BTreeSet;

fn table() -> Table {
    Table::of(webhook::Entity)
}

/// The role in which webhooks are read and written.
#[derive(Debug, Clone, Copy)]
enum WebhookRole<'a> {
    /// The owner of webhooks; sees only its own.
    Partner(&'a WebhookOwner),
    /// The dispatcher, which calls the endpoints of all owners.
    Sender,
}

impl Store {
    /// Returns the webhooks of an owner, oldest first.
    ///
    /// # Errors
    /// Returns an error if the database fails or a row is corrupt.
    pub async fn webhooks(&self, owner: &WebhookOwner) -> Result<Vec<Webhook>, StoreError> {
        let tx = self.begin_webhooks(WebhookRole::Partner(owner), Access::Read).await?;
        let query = Query::select()
            .columns(row::COLUMNS)
            .from(table())
            .and_where(Expr::col(Column::Owner).eq(owner.name()))
            .order_by(Column::CreatedAtUs, Order::Asc)
            .order_by(Column::Id, Order::Asc)
            .to_owned();
        let rows = tx.query_all(&query).await?;
        tx.commit().await?;
        rows.iter().map(row::read).collect()
    }

    /// Inserts a webhook; returns false if the owner already has the most that are allowed.
    ///
    /// # Errors
    /// Returns an error if the database fails; nothing is written then.
    pub async fn insert_webhook(&self, owner: &WebhookOwner, webhook: &Webhook) -> Result<bool, StoreError> {
        let tx = self.begin_webhooks(WebhookRole::Partner(owner), Access::Write).await?;
        let taken = Query::select()
            .column(Column::Place)
            .from(table())
            .and_where(Expr::col(Column::Owner).eq(owner.name()))
            .to_owned();
        loop {
            let mut free: BTreeSet<i16> = (1..=MOST_WEBHOOKS).collect();
            for row in tx.query_all(&taken).await? {
                free.remove(&row.try_get_by_index(0)?);
            }
            let Some(place) = free.first() else {
                tx.rollback().await;
                return Ok(false);
            };
            let conflict = OnConflict::columns([Column::Owner, Column::Place]);
            // A concurrent request of the same owner may have taken the place.
            if insert_absent(&tx, &[row::new_row(webhook, *place)], conflict).await? == 1 {
                tx.commit().await?;
                self.read_back_webhook(owner, &webhook.id, |revision| revision.is_some()).await?;
                return Ok(true);
            }
        }
    }

    /// Changes a webhook of an owner with `amend`, which may refuse; its feed position stays.
    /// Returns `None` if the owner has no such webhook.
    ///
    /// # Errors
    /// Returns an error if the database fails; nothing is written then.
    pub async fn update_webhook<R>(
        &self,
        owner: &WebhookOwner,
        id: &str,
        amend: impl FnOnce(&mut Webhook) -> Result<(), R> + Send,
    ) -> Result<Option<Result<Webhook, R>>, StoreError> {
        let tx = self.begin_webhooks(WebhookRole::Partner(owner), Access::Write).await?;
        let Some(mut webhook) = lock(&tx, id, Some(owner)).await? else {
            tx.rollback().await;
            return Ok(None);
        };
        if let Err(refused) = amend(&mut webhook) {
            tx.rollback().await;
            return Ok(Some(Err(refused)));
        }
        webhook.revision += 1;
        let update = Query::update()
            .table(table())
            .values(row::changed_row(&webhook).into_updates())
            .and_where(Expr::col(Column::Id).eq(id))
            .to_owned();
        tx.execute(&update).await?;
        tx.commit().await?;
        // A concurrent request may have changed or removed it since.
        let is_stored = |revision: Option<i32>| revision.is_none_or(|revision| revision >= webhook.revision);
        self.read_back_webhook(owner, id, is_stored).await?;
        Ok(Some(Ok(webhook)))
    }

    /// Deletes a webhook of an owner with its deliveries; returns whether it existed.
    ///
    /// # Errors
    /// Returns an error if the database fails; nothing is written then.
    pub async fn delete_webhook(&self, owner: &WebhookOwner, id: &str) -> Result<bool, StoreError> {
        let tx = self.begin_webhooks(WebhookRole::Partner(owner), Access::Write).await?;
        let delete = Query::delete()
            .from_table(table())
            .and_where(Expr::col(Column::Id).eq(id))
            .and_where(Expr::col(Column::Owner).eq(owner.name()))
            .to_owned();
        let removed = tx.execute(&delete).await?.rows_affected();
        tx.commit().await?;
        self.read_back_webhook(owner, id, |revision| revision.is_none()).await?;
        Ok(removed == 1)
    }

    /// Returns the newest deliveries of a webhook of an owner; none if it is not theirs.
    ///
    /// # Errors
    /// Returns an error if the database fails or a row is corrupt.
    pub async fn deliveries(
        &self,
        owner: &WebhookOwner,
        webhook: &str,
        most: u64,
    ) -> Result<Vec<Delivery>, StoreError> {
        let tx = self.begin_webhooks(WebhookRole::Partner(owner), Access::Read).await?;
        let deliveries = if owns_webhook(&tx, owner, webhook).await? {
            delivery_log::newest(&tx, webhook, most).await?
        } else {
            Vec::new()
        };
        tx.commit().await?;
        Ok(deliveries)
    }

    /// Returns a delivery of a webhook of an owner.
    ///
    /// # Errors
    /// Returns an error if the database fails or a row is corrupt.
    pub async fn delivery(
        &self,
        owner: &WebhookOwner,
        key: &DeliveryKey,
    ) -> Result<Option<Delivery>, StoreError> {
        let tx = self.begin_webhooks(WebhookRole::Partner(owner), Access::Read).await?;
        let delivery = if owns_webhook(&tx, owner, &key.webhook).await? {
            delivery_log::find(&tx, key).await?
        } else {
            None
        };
        tx.commit().await?;
        Ok(delivery)
    }

    /// Queues the delivery that `build` returns for its key. Returns `None` if the owner has no
    /// such webhook, and `Some(None)` if the most allowed deliveries are already waiting.
    ///
    /// # Errors
    /// Returns an error if the database fails; nothing is written then.
    pub async fn queue_delivery(
        &self,
        owner: &WebhookOwner,
        webhook: &str,
        build: impl FnOnce(DeliveryKey) -> Delivery + Send,
    ) -> Result<Option<Option<Delivery>>, StoreError> {
        let tx = self.begin_webhooks(WebhookRole::Partner(owner), Access::Write).await?;
        if lock(&tx, webhook, Some(owner)).await?.is_none() {
            tx.rollback().await;
            return Ok(None);
        }
        if delivery_log::waiting(&tx, webhook).await?.len() as u64 >= MOST_WAITING {
            tx.rollback().await;
            return Ok(Some(None));
        }
        let delivery = build(delivery_log::next_key(&tx, webhook).await?);
        delivery_log::add(&tx, &delivery).await?;
        tx.commit().await?;
        if self.delivery(owner, &delivery.key).await?.is_none() {
            return Err(self.record_unreadable(format!("a delivery of the webhook {webhook}")));
        }
        Ok(Some(Some(delivery)))
    }

    /// Reads the revision of a webhook back on another connection than the one that wrote it.
    async fn read_back_webhook(
        &self,
        owner: &WebhookOwner,
        id: &str,
        is_expected: impl FnOnce(Option<i32>) -> bool,
    ) -> Result<(), StoreError> {
        let tx = self.begin_webhooks(WebhookRole::Partner(owner), Access::Read).await?;
        let query = Query::select()
            .column(Column::Revision)
            .from(table())
            .and_where(Expr::col(Column::Id).eq(id))
            .and_where(Expr::col(Column::Owner).eq(owner.name()))
            .to_owned();
        let row = tx.query_one(&query).await?;
        tx.commit().await?;
        let revision = row.map(|row| row.try_get_by_index(0)).transpose()?;
        if is_expected(revision) { Ok(()) } else { Err(self.record_unreadable(format!("the webhook {id}"))) }
    }

    /// Begins a transaction for webhooks in a role.
    async fn begin_webhooks(&self, role: WebhookRole<'_>, access: Access) -> Result<Transaction, StoreError> {
        let tx = match access {
            Access::Read => self.begin_snapshot(Rights::Webhooks).await?,
            Access::Write => self.begin_write(Rights::Webhooks).await?,
        };
        if self.engine() == Engine::Postgres {
            let (partner, sender) = match role {
                WebhookRole::Partner(owner) => (owner.name(), "off"),
                WebhookRole::Sender => ("", "on"),
            };
            let take = "SELECT set_config('app.partner', $1, true), set_config('app.sender', $2, true)";
            let values = [partner.into(), sender.into()];
            tx.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, take, values)).await?;
        }
        Ok(tx)
    }
}

/// Whether a transaction reads or writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    Read,
    Write,
}

/// Locks and reads a webhook.
async fn lock(
    tx: &DatabaseTransaction,
    id: &str,
    owner: Option<&WebhookOwner>,
) -> Result<Option<Webhook>, StoreError> {
    let mut lock = Query::update();
    lock.table(table())
        .value(Column::Revision, Expr::col(Column::Revision))
        .and_where(Expr::col(Column::Id).eq(id))
        .returning(Query::returning().columns(row::COLUMNS));
    if let Some(owner) = owner {
        lock.and_where(Expr::col(Column::Owner).eq(owner.name()));
    }
    tx.query_one(&lock).await?.as_ref().map(row::read).transpose()
}

async fn owns_webhook(tx: &DatabaseTransaction, owner: &WebhookOwner, id: &str) -> Result<bool, StoreError> {
    let query = Query::select()
        .column(Column::Id)
        .from(table())
        .and_where(Expr::col(Column::Id).eq(id))
        .and_where(Expr::col(Column::Owner).eq(owner.name()))
        .to_owned();
    Ok(tx.query_one(&query).await?.is_some())
}
