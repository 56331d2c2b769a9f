//! The status of relations over time, without gaps.

use super::NoRelations as Relation;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "relation_span")]
pub struct Model {
    /// The log of the entry.
    #[sea_orm(primary_key)]
    pub province_id: i16,
    /// The number of the entry.
    #[sea_orm(primary_key)]
    pub number: i32,
    /// The slot of the version.
    #[sea_orm(primary_key)]
    pub slot: String,
    /// The first day.
    #[sea_orm(primary_key)]
    pub from_on: Date,
    /// The last day.
    pub to_on: Date,
    pub status: String,
}

impl ActiveModelBehavior for ActiveModel {}
