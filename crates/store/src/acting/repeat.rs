//! Requests under a key: the same once more gets the same answer.

use super::{Acted, Intent, Objection, OtherInput, Receipt};
use crate::error::StoreError;
use crate::table::Stored;
use crate::write::Writing;
use caunoi_domain::entry::{Entry, Stamp};
use caunoi_domain::policy::Permit;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// How long an answer is kept, in microseconds: two days.
const KEPT_US: i64 = 2 * 24 * 3_600 * 1_000_000;

/// A key of its author's own, and what it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeat {
    /// The key.
    pub key: String,
    /// The field of the mutation.
    pub operation: String,
    /// A hash over the whole input.
    pub input: [u8; 32],
}

/// An answer, as it is kept.
#[derive(Serialize, Deserialize)]
struct Answer {
    stamp: Stamp,
    content: serde_json::Value,
    position: i64,
    cursor: String,
}

/// The entry that this author was answered under this key.
pub(super) async fn find<C: Stored>(
    tx: &DatabaseTransaction,
    permit: &Permit,
    repeat: &Repeat,
) -> Result<Option<Acted<C>>, StoreError> {
    let Some(answer) = find_answer::<Answer>(tx, permit, repeat).await? else { return Ok(None) };
    let Ok(answer) = answer else { return Ok(Some(Err(Objection::OtherInput))) };
    let content = serde_json::from_value(answer.content).map_err(|error| corrupt(&repeat.key, &error))?;
    let entry = Entry { stamp: answer.stamp, content };
    Ok(Some(Ok(Receipt { entry, position: answer.position, link: None, cursor: answer.cursor })))
}

/// What this author was answered under this key.
pub(crate) async fn find_answer<A: DeserializeOwned>(
    tx: &DatabaseTransaction,
    permit: &Permit,
    repeat: &Repeat,
) -> Result<Option<Result<A, OtherInput>>, StoreError> {
    let query = Query::select()
        .columns(["input_hash", "answer"])
        .from("idempotency")
        .and_where(Expr::col("province_id").eq(permit.log().number()))
        .and_where(Expr::col("author").eq(permit.author()))
        .and_where(Expr::col("operation").eq(repeat.operation.as_str()))
        .and_where(Expr::col("key").eq(repeat.key.as_str()))
        .to_owned();
    let Some(row) = tx.query_one(&query).await? else { return Ok(None) };
    let input: Vec<u8> = row.try_get_by_index(0)?;
    if input != repeat.input {
        return Ok(Some(Err(OtherInput)));
    }
    let text: String = row.try_get_by_index(1)?;
    serde_json::from_str(&text).map(|answer| Some(Ok(answer))).map_err(|error| corrupt(&repeat.key, &error))
}

fn corrupt(id: &str, error: &serde_json::Error) -> StoreError {
    StoreError::Corrupt { table: "idempotency", column: "answer", id: id.to_owned(), why: error.to_string() }
}

/// Keeps the answer of an act on an entry.
pub(super) async fn keep<C: Stored>(
    writing: &mut Writing,
    intent: &Intent<'_>,
    repeat: &Repeat,
    receipt: &Receipt<C>,
) -> Result<(), StoreError> {
    let stamp = &receipt.entry.stamp;
    let content =
        serde_json::to_value(&receipt.entry.content).map_err(|error| corrupt(&stamp.code, &error))?;
    let answer =
        Answer { stamp: stamp.clone(), content, position: receipt.position, cursor: receipt.cursor.clone() };
    keep_answer(writing, intent, repeat, &answer).await
}

/// Keeps an answer with the write that it tells of, and forgets old ones of the province.
pub(crate) async fn keep_answer<A: Serialize + Sync>(
    writing: &mut Writing,
    intent: &Intent<'_>,
    repeat: &Repeat,
    answer: &A,
) -> Result<(), StoreError> {
    let log = intent.permit.log();
    let answer = serde_json::to_string(answer).map_err(|error| corrupt(&repeat.key, &error))?;
    let old = Query::delete()
        .from_table("idempotency")
        .and_where(Expr::col("province_id").eq(log.number()))
        .and_where(Expr::col("at_us").lt(intent.at_us - KEPT_US))
        .to_owned();
    writing.tx().execute(&old).await?;
    let columns = vec![
        ("province_id", log.number().into()),
        ("author", intent.permit.author().into()),
        ("operation", repeat.operation.clone().into()),
        ("key", repeat.key.clone().into()),
        ("input_hash", repeat.input.to_vec().into()),
        ("answer", answer.into()),
        ("at_us", intent.at_us.into()),
    ];
    writing.add("idempotency", columns);
    Ok(())
}
