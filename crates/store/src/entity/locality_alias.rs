//! Other names of localities.

use super::NoRelations as Relation;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "locality_alias")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub locality_id: i32,
    /// The place in the list, from 0.
    #[sea_orm(primary_key)]
    pub rank: i32,
    pub name: String,
    /// A language tag.
    pub language: String,
    pub kind: String,
}

impl ActiveModelBehavior for ActiveModel {}
