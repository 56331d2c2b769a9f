//! Officials of organizations and their posts.

use super::NoRelations as Relation;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "post")]
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
    /// The place in the list, from 0.
    #[sea_orm(primary_key)]
    pub rank: i32,
    pub person: String,
    pub post: String,
    /// In EDTF; null if unknown.
    pub as_of: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
