//! The sources of entries of every kind.

use super::NoRelations as Relation;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "entry_source")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub source_id: i32,
    /// The kind of the entry.
    #[sea_orm(primary_key)]
    pub kind: String,
    /// The log of the entry.
    #[sea_orm(primary_key)]
    pub province_id: i16,
    /// The number of the entry.
    #[sea_orm(primary_key)]
    pub number: i32,
    /// The slot of the version.
    #[sea_orm(primary_key)]
    pub slot: String,
}

impl ActiveModelBehavior for ActiveModel {}
