//! Idempotency keys: a repeated request returns the recorded response.

use super::{CommandOutcome, CommandReceipt, Objection, OtherInput, WriteContext};
use crate::error::StoreError;
use crate::table::StoredContent;
use crate::write::WriteTransaction;
use caunoi_domain::entry::{Entry, EntryMeta};
use caunoi_domain::policy::Permit;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// How long a response is stored: two days, in microseconds.
const RETENTION_US: i64 = 2 * 24 * 3_600 * 1_000_000;

/// An idempotency key, unique per author and operation, and the request that it identifies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// The value that the client sent.
    pub key: String,
    /// The name of the mutation field.
    pub operation: String,
    /// A hash of the whole input.
    pub input_hash: [u8; 32],
}

/// A response as JSON in `idempotency.answer`.
#[derive(Serialize, Deserialize)]
struct RecordedResponse {
    #[serde(rename = "stamp")]
    meta: EntryMeta,
    content: serde_json::Value,
    position: i64,
    cursor: String,
}

/// Returns the recorded outcome of an author's key.
pub(super) async fn find<C: StoredContent>(
    tx: &DatabaseTransaction,
    permit: &Permit,
    idempotency_key: &IdempotencyKey,
) -> Result<Option<CommandOutcome<C>>, StoreError> {
    let Some(response) = find_response::<RecordedResponse>(tx, permit, idempotency_key).await? else {
        return Ok(None);
    };
    let Ok(response) = response else { return Ok(Some(Err(Objection::OtherInput))) };
    let content =
        serde_json::from_value(response.content).map_err(|error| corrupt(&idempotency_key.key, &error))?;
    let entry = Entry { meta: response.meta, content };
    Ok(Some(Ok(CommandReceipt { entry, position: response.position, link: None, cursor: response.cursor })))
}

/// Returns the recorded response of an author's key; `Some(Err(OtherInput))` if the input differs.
pub(crate) async fn find_response<A: DeserializeOwned>(
    tx: &DatabaseTransaction,
    permit: &Permit,
    idempotency_key: &IdempotencyKey,
) -> Result<Option<Result<A, OtherInput>>, StoreError> {
    let query = Query::select()
        .columns(["input_hash", "answer"])
        .from("idempotency")
        .and_where(Expr::col("province_id").eq(permit.log().number()))
        .and_where(Expr::col("author").eq(permit.author()))
        .and_where(Expr::col("operation").eq(idempotency_key.operation.as_str()))
        .and_where(Expr::col("key").eq(idempotency_key.key.as_str()))
        .to_owned();
    let Some(row) = tx.query_one(&query).await? else { return Ok(None) };
    let input_hash: Vec<u8> = row.try_get_by_index(0)?;
    if input_hash != idempotency_key.input_hash {
        return Ok(Some(Err(OtherInput)));
    }
    let text: String = row.try_get_by_index(1)?;
    serde_json::from_str(&text)
        .map(|response| Some(Ok(response)))
        .map_err(|error| corrupt(&idempotency_key.key, &error))
}

fn corrupt(id: &str, error: &serde_json::Error) -> StoreError {
    StoreError::Corrupt { table: "idempotency", column: "answer", id: id.to_owned(), why: error.to_string() }
}

/// Records the receipt of a command.
pub(super) async fn insert<C: StoredContent>(
    writing: &mut WriteTransaction,
    context: &WriteContext<'_>,
    idempotency_key: &IdempotencyKey,
    receipt: &CommandReceipt<C>,
) -> Result<(), StoreError> {
    let meta = &receipt.entry.meta;
    let content =
        serde_json::to_value(&receipt.entry.content).map_err(|error| corrupt(&meta.code, &error))?;
    let response = RecordedResponse {
        meta: meta.clone(),
        content,
        position: receipt.position,
        cursor: receipt.cursor.clone(),
    };
    insert_response(writing, context, idempotency_key, &response).await
}

/// Records a response in the transaction of its write and deletes the expired ones of the province.
pub(crate) async fn insert_response<A: Serialize + Sync>(
    writing: &mut WriteTransaction,
    context: &WriteContext<'_>,
    idempotency_key: &IdempotencyKey,
    response: &A,
) -> Result<(), StoreError> {
    let log = context.permit.log();
    let response = serde_json::to_string(response).map_err(|error| corrupt(&idempotency_key.key, &error))?;
    let old = Query::delete()
        .from_table("idempotency")
        .and_where(Expr::col("province_id").eq(log.number()))
        .and_where(Expr::col("at_us").lt(context.at_us - RETENTION_US))
        .to_owned();
    writing.tx().execute(&old).await?;
    let columns = vec![
        ("province_id", log.number().into()),
        ("author", context.permit.author().into()),
        ("operation", idempotency_key.operation.clone().into()),
        ("key", idempotency_key.key.clone().into()),
        ("input_hash", idempotency_key.input_hash.to_vec().into()),
        ("answer", response.into()),
        ("at_us", context.at_us.into()),
    ];
    writing.add("idempotency", columns);
    Ok(())
}
