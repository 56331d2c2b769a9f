//! Idempotency keys, with the responses recorded under them.

use super::NoRelations as Relation;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency")]
pub struct Model {
    /// The log: the number of a province, or 0 for the ministry.
    #[sea_orm(primary_key)]
    pub province_id: i16,
    #[sea_orm(primary_key)]
    pub author: String,
    #[sea_orm(primary_key)]
    pub operation: String,
    #[sea_orm(primary_key)]
    pub key: String,
    /// SHA-256 of the whole input.
    pub input_hash: Vec<u8>,
    /// The response as JSON, without the content of an entry that a change has.
    pub answer: String,
    /// The time of the log, in microseconds.
    pub at_us: i64,
    /// The position of the change with the content of the response; null if it has none or has it
    /// itself.
    pub content_position: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
