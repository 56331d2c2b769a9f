//! Proposals of provinces for new localities.

use super::NoRelations as Relation;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "locality_proposal")]
pub struct Model {
    /// The log: the number of a province, or 0 for the ministry.
    #[sea_orm(primary_key)]
    pub province_id: i16,
    /// The number in its log.
    #[sea_orm(primary_key)]
    pub number: i32,
    pub state: String,
    /// In microseconds since 1970.
    pub proposed_at_us: i64,
    /// The proposal as JSON.
    pub content: String,
}

impl ActiveModelBehavior for ActiveModel {}
