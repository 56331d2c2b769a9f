//! Fields of cooperation of relations.

use super::NoRelations as Relation;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "relation_field")]
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
    #[sea_orm(primary_key)]
    pub term_id: i32,
}

impl ActiveModelBehavior for ActiveModel {}
