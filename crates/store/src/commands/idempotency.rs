//! The table of idempotency keys and the responses recorded under them.

use super::CommandTransaction;
use crate::connect::Store;
use crate::error::StoreError;
use crate::pools::Rights;
use caunoi_domain::idempotency::{IdempotencyKey, RETENTION_US};
use caunoi_domain::policy::Permit;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A recorded response and the request that got it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedResponse {
    /// The hash of the whole input of the request.
    pub input_hash: Vec<u8>,
    /// The key that the client sent.
    key: String,
    /// The response as JSON.
    text: String,
}

impl RecordedResponse {
    /// Parses the response.
    ///
    /// # Errors
    /// `Corrupt` if it has another form.
    pub fn parse<A: DeserializeOwned>(&self) -> Result<A, StoreError> {
        serde_json::from_str(&self.text).map_err(|error| corrupt(&self.key, &error))
    }
}

impl Store {
    /// Returns the response recorded under an author's key; `None` if the request is new.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub async fn find_response(
        &self,
        permit: &Permit,
        key: &IdempotencyKey,
    ) -> Result<Option<RecordedResponse>, StoreError> {
        let tx = self.begin_snapshot(Rights::Province(permit.log())).await?;
        let response = find(&tx, permit, key).await?;
        tx.commit().await?;
        Ok(response)
    }
}

impl CommandTransaction<'_> {
    /// Returns the response recorded under the key of this command; `None` if it has none or is
    /// new.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub async fn find_response(&self) -> Result<Option<RecordedResponse>, StoreError> {
        match &self.context.idempotency_key {
            Some(key) => find(self.writing.tx(), self.context.permit, key).await,
            None => Ok(None),
        }
    }

    /// Records the response under the key of this command, if it has one, and deletes the expired
    /// responses of the province.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub async fn record_response<A: Serialize + Sync>(&mut self, response: &A) -> Result<(), StoreError> {
        let Some(key) = &self.context.idempotency_key else { return Ok(()) };
        let text = serde_json::to_string(response).map_err(|error| corrupt(&key.key, &error))?;
        let old = Query::delete()
            .from_table("idempotency")
            .and_where(Expr::col("province_id").eq(self.log.number()))
            .and_where(Expr::col("at_us").lt(self.context.at_us - RETENTION_US))
            .to_owned();
        self.writing.tx().execute(&old).await?;
        let columns = vec![
            ("province_id", self.log.number().into()),
            ("author", self.context.permit.author().into()),
            ("operation", key.operation.clone().into()),
            ("key", key.key.clone().into()),
            ("input_hash", key.input_hash.to_vec().into()),
            ("answer", text.into()),
            ("at_us", self.context.at_us.into()),
        ];
        self.writing.add("idempotency", columns);
        Ok(())
    }
}

async fn find(
    tx: &DatabaseTransaction,
    permit: &Permit,
    key: &IdempotencyKey,
) -> Result<Option<RecordedResponse>, StoreError> {
    let query = Query::select()
        .columns(["input_hash", "answer"])
        .from("idempotency")
        .and_where(Expr::col("province_id").eq(permit.log().number()))
        .and_where(Expr::col("author").eq(permit.author()))
        .and_where(Expr::col("operation").eq(key.operation.as_str()))
        .and_where(Expr::col("key").eq(key.key.as_str()))
        .to_owned();
    let Some(row) = tx.query_one(&query).await? else { return Ok(None) };
    let (input_hash, text) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    Ok(Some(RecordedResponse { input_hash, key: key.key.clone(), text }))
}

fn corrupt(id: &str, error: &serde_json::Error) -> StoreError {
    StoreError::Corrupt { table: "idempotency", column: "answer", id: id.to_owned(), why: error.to_string() }
}
