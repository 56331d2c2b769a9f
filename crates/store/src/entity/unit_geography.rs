//! Geographical facts about administrative units.

use super::NoRelations as Relation;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "unit_geography")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub unit_id: i32,
    /// The place in the list, from 0.
    #[sea_orm(primary_key)]
    pub rank: i32,
    pub fact: String,
    /// The fact as JSON.
    pub content: String,
}

impl ActiveModelBehavior for ActiveModel {}
