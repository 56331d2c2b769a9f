//! The log of deliveries: finished attempts, and deliveries that wait.

use super::row::word;
use crate::column::Table;
use crate::entity::webhook;
use crate::entity::webhook_delivery::{self, Column};
use crate::error::StoreError;
use crate::insert::{TableRow, insert};
use crate::statement;
use crate::table::{optional_word, word as to_word};
use caunoi_domain::webhook::{
    AttemptOutcome, Delivery, DeliveryError, DeliveryKey, DeliveryKind, MOST_DELIVERIES,
};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, DatabaseTransaction, FromQueryResult, Iterable as _, QueryResult};

fn table() -> Table {
    Table::of(webhook_delivery::Entity)
}

/// Returns the key of the next delivery of a webhook.
pub(super) async fn next_key(tx: &DatabaseTransaction, webhook: &str) -> Result<DeliveryKey, StoreError> {
    let count = Query::update()
        .table(Table::of(webhook::Entity))
        .value(webhook::Column::Deliveries, Expr::col(webhook::Column::Deliveries).add(1))
        .and_where(Expr::col(webhook::Column::Id).eq(webhook))
        .returning(Query::returning().column(webhook::Column::Deliveries))
        .to_owned();
    let row = tx.query_one(&count).await?;
    let number = row.map_or(Ok(0), |row| row.try_get_by_index(0))?;
    Ok(DeliveryKey { webhook: webhook.to_owned(), number })
}

/// Inserts a delivery and deletes the oldest ones beyond the limit.
pub(super) async fn add(tx: &DatabaseTransaction, delivery: &Delivery) -> Result<(), StoreError> {
    let outcome = delivery.outcome.as_ref();
    let row = TableRow::new(webhook_delivery::ActiveModel {
        webhook_id: Set(delivery.key.webhook.clone()),
        number: Set(delivery.key.number),
        message: Set(delivery.message.clone()),
        kind: to_word(delivery.kind),
        attempt: Set(delivery.attempt),
        after_cursor: Set(delivery.after.clone()),
        at_us: Set(outcome.map(|outcome| outcome.at_us)),
        took_ms: Set(outcome.map(|outcome| outcome.took_ms)),
        status: Set(outcome.and_then(|outcome| outcome.status)),
        error: optional_word(outcome.and_then(|outcome| outcome.error)),
        excerpt: Set(outcome.and_then(|outcome| outcome.excerpt.clone())),
        next_attempt_us: Set(outcome.and_then(|outcome| outcome.next_attempt_us)),
    });
    insert(tx, &[row], None).await?;
    let forget = Query::delete()
        .from_table(table())
        .and_where(Expr::col(Column::WebhookId).eq(delivery.key.webhook.as_str()))
        .and_where(Expr::col(Column::Number).lte(delivery.key.number - MOST_DELIVERIES))
        .to_owned();
    tx.execute(&forget).await?;
    Ok(())
}

/// Records the outcome of a delivery that was waiting.
pub(super) async fn record_outcome(
    tx: &DatabaseTransaction,
    key: &DeliveryKey,
    outcome: &AttemptOutcome,
) -> Result<(), StoreError> {
    let row = TableRow::new(webhook_delivery::ActiveModel {
        at_us: Set(Some(outcome.at_us)),
        took_ms: Set(Some(outcome.took_ms)),
        status: Set(outcome.status),
        error: optional_word(outcome.error),
        excerpt: Set(outcome.excerpt.clone()),
        ..Default::default()
    });
    let update = Query::update()
        .table(row.table)
        .values(row.into_updates())
        .and_where(Expr::col(Column::WebhookId).eq(key.webhook.as_str()))
        .and_where(Expr::col(Column::Number).eq(key.number))
        .to_owned();
    tx.execute(&update).await?;
    Ok(())
}

/// Returns the newest deliveries of a webhook.
pub(super) async fn newest(
    tx: &DatabaseTransaction,
    webhook: &str,
    most: u64,
) -> Result<Vec<Delivery>, StoreError> {
    let query = of(webhook).order_by(Column::Number, Order::Desc).limit(most).to_owned();
    let newest = statement::build(tx.get_database_backend(), &query);
    tx.query_all_raw(newest).await?.iter().map(read).collect()
}

/// Returns the waiting deliveries of a webhook, oldest first.
pub(super) async fn waiting(tx: &DatabaseTransaction, webhook: &str) -> Result<Vec<Delivery>, StoreError> {
    let query = of(webhook)
        .and_where(Expr::col(Column::AtUs).is_null())
        .order_by(Column::Number, Order::Asc)
        .to_owned();
    tx.query_all(&query).await?.iter().map(read).collect()
}

/// Returns one delivery.
pub(super) async fn find(
    tx: &DatabaseTransaction,
    key: &DeliveryKey,
) -> Result<Option<Delivery>, StoreError> {
    let query = of(&key.webhook).and_where(Expr::col(Column::Number).eq(key.number)).to_owned();
    tx.query_one(&query).await?.as_ref().map(read).transpose()
}

fn of(webhook: &str) -> SelectStatement {
    Query::select()
        .columns(Column::iter())
        .from(table())
        .and_where(Expr::col(Column::WebhookId).eq(webhook))
        .to_owned()
}

fn read(row: &QueryResult) -> Result<Delivery, StoreError> {
    let row = webhook_delivery::Model::from_query_result(row, "")?;
    let webhook = row.webhook_id;
    let error = row.error.as_deref();
    let error = error.map(|text| word::<DeliveryError>(&webhook, Column::Error, text)).transpose()?;
    let outcome = row.at_us.zip(row.took_ms).map(|(at_us, took_ms)| AttemptOutcome {
        at_us,
        took_ms,
        status: row.status,
        error,
        excerpt: row.excerpt,
        next_attempt_us: row.next_attempt_us,
    });
    Ok(Delivery {
        kind: word::<DeliveryKind>(&webhook, Column::Kind, &row.kind)?,
        key: DeliveryKey { webhook, number: row.number },
        message: row.message,
        attempt: row.attempt,
        after: row.after_cursor,
        outcome,
    })
}
