//! The entries that were merged into events.

use super::NoRelations as Relation;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "event_merged")]
pub struct Model {
    /// The log of the kept entry.
    #[sea_orm(primary_key)]
    pub province_id: i16,
    /// The number of the kept entry.
    #[sea_orm(primary_key)]
    pub number: i32,
    /// The slot of the version.
    #[sea_orm(primary_key)]
    pub slot: String,
    /// The code of the merged entry.
    #[sea_orm(primary_key)]
    pub merged_code: String,
    /// The log of the merged entry.
    pub merged_province_id: i16,
    /// The number of the merged entry in that log.
    pub merged_number: i32,
    /// The unit of origin of the merged entry.
    pub merged_unit_id: Option<i32>,
    /// The relation of its province that it named.
    pub merged_relation_code: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
