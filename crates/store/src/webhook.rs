//! Webhooks as their partners make, see and change them.
//!
//! Invariant: every statement here runs for one partner, or for who calls the endpoints of all of
//! them ([`calling`]); on PostgreSQL the transaction says for whom, and row-level security holds it
//! to that.

mod calling;
mod log;
mod row;

pub use calling::{Held, Settled, Standing};

use crate::connect::{Engine, Store};
use crate::error::StoreError;
use crate::pools::Rights;
use crate::transaction::Transaction;
use caunoi_domain::policy::Owner;
use caunoi_domain::webhook::{Delivery, DeliveryKey, MOST_WAITING, MOST_WEBHOOKS, Webhook};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Order, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Statement};
use std::collections::BTreeSet;

const TABLE: &str = "webhook";

/// For whom webhooks are read and written.
#[derive(Debug, Clone, Copy)]
enum Whose<'a> {
    /// This partner.
    Partner(&'a Owner),
    /// Whoever calls the endpoints of all partners.
    Sender,
}

impl Store {
    /// The webhooks of a partner, the oldest first.
    ///
    /// # Errors
    /// The database does not answer, or a row is corrupt.
    pub async fn webhooks(&self, owner: &Owner) -> Result<Vec<Webhook>, StoreError> {
        let tx = self.begin_webhooks(Whose::Partner(owner), Access::Read).await?;
        let query = Query::select()
            .columns(row::COLUMNS)
            .from(TABLE)
            .and_where(Expr::col("owner").eq(owner.name()))
            .order_by("created_at_us", Order::Asc)
            .order_by("id", Order::Asc)
            .to_owned();
        let rows = tx.query_all(&query).await?;
        tx.commit().await?;
        rows.iter().map(row::read).collect()
    }

    /// Keeps a new webhook of a partner; says whether the partner may have one more.
    ///
    /// # Errors
    /// The database does not answer; then nothing was written.
    pub async fn add_webhook(&self, owner: &Owner, webhook: &Webhook) -> Result<bool, StoreError> {
        let tx = self.begin_webhooks(Whose::Partner(owner), Access::Write).await?;
        let taken = Query::select()
            .column("place")
            .from(TABLE)
            .and_where(Expr::col("owner").eq(owner.name()))
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
            let (names, values): (Vec<_>, Vec<_>) = row::columns(webhook, *place).into_iter().unzip();
            let insert = Query::insert()
                .into_table(TABLE)
                .columns(names)
                .values_panic(values.into_iter().map(Expr::val))
                .on_conflict(OnConflict::columns(["owner", "place"]).do_nothing().to_owned())
                .to_owned();
            // Somebody else of the partner may have taken the place meanwhile.
            if tx.execute(&insert).await?.rows_affected() == 1 {
                tx.commit().await?;
                self.read_back_webhook(owner, &webhook.id, |revision| revision.is_some()).await?;
                return Ok(true);
            }
        }
    }

    /// Changes a webhook of a partner; none where the partner has no such one. `amend` says what of
    /// it is to be changed, or why nothing is; where the feed was told up to stays.
    ///
    /// # Errors
    /// The database does not answer; then nothing was written.
    pub async fn change_webhook<R>(
        &self,
        owner: &Owner,
        id: &str,
        amend: impl FnOnce(&mut Webhook) -> Result<(), R> + Send,
    ) -> Result<Option<Result<Webhook, R>>, StoreError> {
        let tx = self.begin_webhooks(Whose::Partner(owner), Access::Write).await?;
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
            .table(TABLE)
            .values(row::amended(&webhook))
            .and_where(Expr::col("id").eq(id))
            .to_owned();
        tx.execute(&update).await?;
        tx.commit().await?;
        // Somebody else may have changed or removed it since.
        let is_kept = |revision: Option<i32>| revision.is_none_or(|revision| revision >= webhook.revision);
        self.read_back_webhook(owner, id, is_kept).await?;
        Ok(Some(Ok(webhook)))
    }

    /// Forgets a webhook of a partner with its deliveries; says whether there was one.
    ///
    /// # Errors
    /// The database does not answer; then nothing was written.
    pub async fn remove_webhook(&self, owner: &Owner, id: &str) -> Result<bool, StoreError> {
        let tx = self.begin_webhooks(Whose::Partner(owner), Access::Write).await?;
        let delete = Query::delete()
            .from_table(TABLE)
            .and_where(Expr::col("id").eq(id))
            .and_where(Expr::col("owner").eq(owner.name()))
            .to_owned();
        let removed = tx.execute(&delete).await?.rows_affected();
        tx.commit().await?;
        self.read_back_webhook(owner, id, |revision| revision.is_none()).await?;
        Ok(removed == 1)
    }

    /// The newest deliveries of a webhook of a partner.
    ///
    /// # Errors
    /// The database does not answer, or a row is corrupt.
    pub async fn deliveries(
        &self,
        owner: &Owner,
        webhook: &str,
        most: u64,
    ) -> Result<Vec<Delivery>, StoreError> {
        let tx = self.begin_webhooks(Whose::Partner(owner), Access::Read).await?;
        let deliveries = if is_own(&tx, owner, webhook).await? {
            log::newest(&tx, webhook, most).await?
        } else {
            Vec::new()
        };
        tx.commit().await?;
        Ok(deliveries)
    }

    /// A delivery of a webhook of a partner.
    ///
    /// # Errors
    /// The database does not answer, or a row is corrupt.
    pub async fn delivery(&self, owner: &Owner, key: &DeliveryKey) -> Result<Option<Delivery>, StoreError> {
        let tx = self.begin_webhooks(Whose::Partner(owner), Access::Read).await?;
        let delivery =
            if is_own(&tx, owner, &key.webhook).await? { log::find(&tx, key).await? } else { None };
        tx.commit().await?;
        Ok(delivery)
    }

    /// Asks for a delivery that is made soon: `make` gives it, by the number that it gets. None where
    /// the partner has no such webhook; the inner none where enough of them wait already.
    ///
    /// # Errors
    /// The database does not answer; then nothing was written.
    pub async fn ask_for_delivery(
        &self,
        owner: &Owner,
        webhook: &str,
        make: impl FnOnce(DeliveryKey) -> Delivery + Send,
    ) -> Result<Option<Option<Delivery>>, StoreError> {
        let tx = self.begin_webhooks(Whose::Partner(owner), Access::Write).await?;
        if lock(&tx, webhook, Some(owner)).await?.is_none() {
            tx.rollback().await;
            return Ok(None);
        }
        if log::waiting(&tx, webhook).await?.len() as u64 >= MOST_WAITING {
            tx.rollback().await;
            return Ok(Some(None));
        }
        let delivery = make(log::next_key(&tx, webhook).await?);
        log::add(&tx, &delivery).await?;
        tx.commit().await?;
        if self.delivery(owner, &delivery.key).await?.is_none() {
            return Err(self.note_unreadable(format!("a delivery of the webhook {webhook}")));
        }
        Ok(Some(Some(delivery)))
    }

    /// Reads the revision of a webhook back, on another connection than the one that wrote it.
    async fn read_back_webhook(
        &self,
        owner: &Owner,
        id: &str,
        is_right: impl FnOnce(Option<i32>) -> bool,
    ) -> Result<(), StoreError> {
        let tx = self.begin_webhooks(Whose::Partner(owner), Access::Read).await?;
        let query = Query::select()
            .column("revision")
            .from(TABLE)
            .and_where(Expr::col("id").eq(id))
            .and_where(Expr::col("owner").eq(owner.name()))
            .to_owned();
        let row = tx.query_one(&query).await?;
        tx.commit().await?;
        let revision = row.map(|row| row.try_get_by_index(0)).transpose()?;
        if is_right(revision) { Ok(()) } else { Err(self.note_unreadable(format!("the webhook {id}"))) }
    }

    /// A transaction for webhooks, which says for whom it is.
    async fn begin_webhooks(&self, whose: Whose<'_>, access: Access) -> Result<Transaction, StoreError> {
        let tx = match access {
            Access::Read => self.begin_snapshot(Rights::Webhooks).await?,
            Access::Write => self.begin_write(Rights::Webhooks).await?,
        };
        if self.engine() == Engine::Postgres {
            let (partner, sender) = match whose {
                Whose::Partner(owner) => (owner.name(), "off"),
                Whose::Sender => ("", "on"),
            };
            let take = "SELECT set_config('app.partner', $1, true), set_config('app.sender', $2, true)";
            let values = [partner.into(), sender.into()];
            tx.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, take, values)).await?;
        }
        Ok(tx)
    }
}

/// What a transaction does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    Read,
    Write,
}

/// Locks a webhook, and reads it as it stands then.
async fn lock(
    tx: &DatabaseTransaction,
    id: &str,
    owner: Option<&Owner>,
) -> Result<Option<Webhook>, StoreError> {
    let mut lock = Query::update();
    lock.table(TABLE)
        .value("revision", Expr::col("revision"))
        .and_where(Expr::col("id").eq(id))
        .returning(Query::returning().columns(row::COLUMNS));
    if let Some(owner) = owner {
        lock.and_where(Expr::col("owner").eq(owner.name()));
    }
    tx.query_one(&lock).await?.as_ref().map(row::read).transpose()
}

async fn is_own(tx: &DatabaseTransaction, owner: &Owner, id: &str) -> Result<bool, StoreError> {
    let query = Query::select()
        .column("id")
        .from(TABLE)
        .and_where(Expr::col("id").eq(id))
        .and_where(Expr::col("owner").eq(owner.name()))
        .to_owned();
    Ok(tx.query_one(&query).await?.is_some())
}
