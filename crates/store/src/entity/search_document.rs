//! Packed search documents: the words and attributes that search finds each version of an entry by.

use super::NoRelations as Relation;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "search_document")]
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
    /// The kind of the entry.
    pub kind: String,
    /// In the packed format of this program.
    pub content: Vec<u8>,
}

impl ActiveModelBehavior for ActiveModel {}
