//! The table of idempotency keys and the responses recorded under them.

use super::CommandTransaction;
use crate::changes;
use crate::column::{Table, column};
use crate::connect::Store;
use crate::entity::change;
use crate::entity::idempotency::{self, Column};
use crate::error::StoreError;
use crate::insert::TableRow;
use crate::pools::Rights;
use caunoi_domain::id::Log;
use caunoi_domain::idempotency::{IdempotencyKey, MOST_DELETED, RETENTION_US};
use caunoi_domain::policy::Permit;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{DeleteStatement, Expr, ExprTrait, Order, Query};
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
    /// The content that the response does not contain, as canonical JSON text.
    pub content: Option<String>,
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

    /// Records the response under the key of this command and deletes some expired responses of the
    /// province. Without a key it does nothing and does not call `response`. A content that a change
    /// of this command has is not stored again: `response` gets whether it must contain `content`.
    ///
    /// # Errors
    /// Returns the error of `response`, or an error if the database fails.
    pub async fn record_response<A: Serialize>(
        &mut self,
        content: Option<&str>,
        response: impl FnOnce(ContentPlace) -> Result<A, StoreError> + Send,
    ) -> Result<(), StoreError> {
        let Some(key) = &self.context.idempotency_key else { return Ok(()) };
        let logged = self.logged_contents.iter().find(|(_, text)| Some(text.as_str()) == content);
        let content_position = logged.map(|(position, _)| *position);
        let place = content_position.map_or(ContentPlace::Response, |_| ContentPlace::Change);
        let text = serde_json::to_string(&response(place)?).map_err(|error| corrupt(&key.key, &error))?;
        let time_us = self.writing.advance_clock(self.context.permit.log(), self.context.at_us);
        self.writing.tx().execute(&delete_expired(self.log, time_us)).await?;
        self.writing.add(TableRow::new(idempotency::ActiveModel {
            province_id: Set(self.log.number()),
            author: Set(self.context.permit.author()),
            operation: Set(key.operation.clone()),
            key: Set(key.key.clone()),
            input_hash: Set(key.input_hash.to_vec()),
            answer: Set(text),
            at_us: Set(time_us),
            content_position: Set(content_position),
        }));
        Ok(())
    }
}

/// The place where the content of a recorded response is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContentPlace {
    /// In the change that the command appended.
    Change,
    /// In the response itself.
    Response,
}

/// Deletes the oldest expired responses of a log, a few more than a write adds: so each write is
/// short, and the table shrinks until none is expired.
fn delete_expired(log: Log, time_us: i64) -> DeleteStatement {
    let key = [Column::ProvinceId, Column::Author, Column::Operation, Column::Key];
    let expired = Query::select()
        .columns(key)
        .from(table())
        .and_where(Expr::col(Column::ProvinceId).eq(log.number()))
        .and_where(Expr::col(Column::AtUs).lt(time_us - RETENTION_US))
        .order_by(Column::AtUs, Order::Asc)
        .limit(MOST_DELETED)
        .to_owned();
    let key = Expr::tuple(key.map(Expr::col));
    Query::delete().from_table(table()).and_where(key.in_subquery(expired)).to_owned()
}

async fn find(
    tx: &DatabaseTransaction,
    permit: &Permit,
    key: &IdempotencyKey,
) -> Result<Option<RecordedResponse>, StoreError> {
    let content = Query::select()
        .expr(column(change::Column::AfterText))
        .from(changes::table())
        .and_where(column(change::Column::ProvinceId).eq(column(Column::ProvinceId)))
        .and_where(column(change::Column::Position).eq(column(Column::ContentPosition)))
        .to_owned();
    let query = Query::select()
        .columns([Column::InputHash, Column::Answer, Column::ContentPosition])
        .expr(Expr::SubQuery(None, Box::new(content.into())))
        .from(table())
        .and_where(Expr::col(Column::ProvinceId).eq(permit.log().number()))
        .and_where(Expr::col(Column::Author).eq(permit.author()))
        .and_where(Expr::col(Column::Operation).eq(key.operation.as_str()))
        .and_where(Expr::col(Column::Key).eq(key.key.as_str()))
        .to_owned();
    let Some(row) = tx.query_one(&query).await? else { return Ok(None) };
    let (input_hash, text, position, content): (_, _, Option<i64>, Option<String>) =
        row.try_get_many_by_index()?;
    if position.is_some() && content.is_none() {
        let why = "the change with its content is missing";
        return Err(StoreError::corrupt(Column::ContentPosition, key.key.as_str(), why));
    }
    Ok(Some(RecordedResponse { input_hash, key: key.key.clone(), text, content }))
}

fn table() -> Table {
    Table::of(idempotency::Entity)
}

fn corrupt(id: &str, error: &serde_json::Error) -> StoreError {
    StoreError::corrupt(Column::Answer, id, error.to_string())
}
