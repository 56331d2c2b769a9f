//! The table of idempotency keys and the responses recorded under them.

use super::CommandTransaction;
use crate::column::Table;
use crate::connect::Store;
use crate::entity::idempotency::{self, Column};
use crate::error::StoreError;
use crate::insert::TableRow;
use crate::pools::Rights;
use caunoi_domain::idempotency::{IdempotencyKey, RETENTION_US};
use caunoi_domain::policy::Permit;
use sea_orm::ActiveValue::Set;
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

    /// Records the response under the key of this command and deletes the expired responses of the
    /// province. Without a key it does nothing and does not call `response`.
    ///
    /// # Errors
    /// Returns the error of `response`, or an error if the database fails.
    pub async fn record_response<A: Serialize>(
        &mut self,
        response: impl FnOnce() -> Result<A, StoreError> + Send,
    ) -> Result<(), StoreError> {
        let Some(key) = &self.context.idempotency_key else { return Ok(()) };
        let text = serde_json::to_string(&response()?).map_err(|error| corrupt(&key.key, &error))?;
        let old = Query::delete()
            .from_table(Table::of(idempotency::Entity))
            .and_where(Expr::col(Column::ProvinceId).eq(self.log.number()))
            .and_where(Expr::col(Column::AtUs).lt(self.context.at_us - RETENTION_US))
            .to_owned();
        self.writing.tx().execute(&old).await?;
        self.writing.add(TableRow::new(idempotency::ActiveModel {
            province_id: Set(self.log.number()),
            author: Set(self.context.permit.author()),
            operation: Set(key.operation.clone()),
            key: Set(key.key.clone()),
            input_hash: Set(key.input_hash.to_vec()),
            answer: Set(text),
            at_us: Set(self.context.at_us),
        }));
        Ok(())
    }
}

async fn find(
    tx: &DatabaseTransaction,
    permit: &Permit,
    key: &IdempotencyKey,
) -> Result<Option<RecordedResponse>, StoreError> {
    let query = Query::select()
        .columns([Column::InputHash, Column::Answer])
        .from(Table::of(idempotency::Entity))
        .and_where(Expr::col(Column::ProvinceId).eq(permit.log().number()))
        .and_where(Expr::col(Column::Author).eq(permit.author()))
        .and_where(Expr::col(Column::Operation).eq(key.operation.as_str()))
        .and_where(Expr::col(Column::Key).eq(key.key.as_str()))
        .to_owned();
    let Some(row) = tx.query_one(&query).await? else { return Ok(None) };
    let (input_hash, text) = row.try_get_many_by_index()?;
    Ok(Some(RecordedResponse { input_hash, key: key.key.clone(), text }))
}

fn corrupt(id: &str, error: &serde_json::Error) -> StoreError {
    StoreError::corrupt(Column::Answer, id, error.to_string())
}
