//! The log of deliveries: finished attempts, and deliveries that wait.

use super::row::word;
use crate::error::StoreError;
use crate::statement;
use caunoi_domain::webhook::{
    AttemptOutcome, Delivery, DeliveryError, DeliveryKey, DeliveryKind, MOST_DELIVERIES,
};
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult};

const TABLE: &str = "webhook_delivery";
const COLUMNS: [&str; 12] = [
    "webhook_id",
    "number",
    "message",
    "kind",
    "attempt",
    "after_cursor",
    "at_us",
    "took_ms",
    "status",
    "error",
    "excerpt",
    "next_attempt_us",
];

/// Returns the key of the next delivery of a webhook.
pub(super) async fn next_key(tx: &DatabaseTransaction, webhook: &str) -> Result<DeliveryKey, StoreError> {
    let count = Query::update()
        .table("webhook")
        .value("deliveries", Expr::col("deliveries").add(1))
        .and_where(Expr::col("id").eq(webhook))
        .returning(Query::returning().column("deliveries"))
        .to_owned();
    let row = tx.query_one(&count).await?;
    let number = row.map_or(Ok(0), |row| row.try_get_by_index(0))?;
    Ok(DeliveryKey { webhook: webhook.to_owned(), number })
}

/// Inserts a delivery and deletes the oldest ones beyond the limit.
pub(super) async fn add(tx: &DatabaseTransaction, delivery: &Delivery) -> Result<(), StoreError> {
    let kind: &'static str = delivery.kind.into();
    let outcome = delivery.outcome.as_ref();
    let error: Option<&'static str> = outcome.and_then(|outcome| outcome.error).map(Into::into);
    let insert = Query::insert()
        .into_table(TABLE)
        .columns(COLUMNS)
        .values_panic([
            delivery.key.webhook.clone().into(),
            delivery.key.number.into(),
            delivery.message.clone().into(),
            kind.into(),
            delivery.attempt.into(),
            delivery.after.clone().into(),
            outcome.map(|outcome| outcome.at_us).into(),
            outcome.map(|outcome| outcome.took_ms).into(),
            outcome.and_then(|outcome| outcome.status).into(),
            error.into(),
            outcome.and_then(|outcome| outcome.excerpt.clone()).into(),
            outcome.and_then(|outcome| outcome.next_attempt_us).into(),
        ])
        .to_owned();
    tx.execute(&insert).await?;
    let forget = Query::delete()
        .from_table(TABLE)
        .and_where(Expr::col("webhook_id").eq(delivery.key.webhook.as_str()))
        .and_where(Expr::col("number").lte(delivery.key.number - MOST_DELIVERIES))
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
    let error: Option<&'static str> = outcome.error.map(Into::into);
    let update = Query::update()
        .table(TABLE)
        .value("at_us", outcome.at_us)
        .value("took_ms", outcome.took_ms)
        .value("status", outcome.status)
        .value("error", error)
        .value("excerpt", outcome.excerpt.clone())
        .and_where(Expr::col("webhook_id").eq(key.webhook.as_str()))
        .and_where(Expr::col("number").eq(key.number))
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
    let query = of(webhook).order_by("number", Order::Desc).limit(most).to_owned();
    let newest = statement::build(tx.get_database_backend(), &query);
    tx.query_all_raw(newest).await?.iter().map(read).collect()
}

/// Returns the waiting deliveries of a webhook, oldest first.
pub(super) async fn waiting(tx: &DatabaseTransaction, webhook: &str) -> Result<Vec<Delivery>, StoreError> {
    let query = of(webhook).and_where(Expr::col("at_us").is_null()).order_by("number", Order::Asc).to_owned();
    tx.query_all(&query).await?.iter().map(read).collect()
}

/// Returns one delivery.
pub(super) async fn find(
    tx: &DatabaseTransaction,
    key: &DeliveryKey,
) -> Result<Option<Delivery>, StoreError> {
    let query = of(&key.webhook).and_where(Expr::col("number").eq(key.number)).to_owned();
    tx.query_one(&query).await?.as_ref().map(read).transpose()
}

fn of(webhook: &str) -> SelectStatement {
    Query::select().columns(COLUMNS).from(TABLE).and_where(Expr::col("webhook_id").eq(webhook)).to_owned()
}

fn read(row: &QueryResult) -> Result<Delivery, StoreError> {
    let webhook: String = row.try_get_by_index(0)?;
    let kind: String = row.try_get_by_index(3)?;
    let error: Option<String> = row.try_get_by_index(9)?;
    let error = error.map(|text| word::<DeliveryError>(&webhook, "error", &text)).transpose()?;
    let outcome = match (row.try_get_by_index(6)?, row.try_get_by_index(7)?) {
        (Some(at_us), Some(took_ms)) => Some(AttemptOutcome {
            at_us,
            took_ms,
            status: row.try_get_by_index(8)?,
            error,
            excerpt: row.try_get_by_index(10)?,
            next_attempt_us: row.try_get_by_index(11)?,
        }),
        (None::<i64>, _) | (_, None::<i32>) => None,
    };
    Ok(Delivery {
        kind: word::<DeliveryKind>(&webhook, "kind", &kind)?,
        key: DeliveryKey { webhook, number: row.try_get_by_index(1)? },
        message: row.try_get_by_index(2)?,
        attempt: row.try_get_by_index(4)?,
        after: row.try_get_by_index(5)?,
        outcome,
    })
}
