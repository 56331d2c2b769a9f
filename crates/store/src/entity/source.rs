//! Sources that entries and reference data name.

use super::NoRelations as Relation;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "source")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    pub code: String,
    pub title: String,
    /// A web address, or the name of a file.
    pub address: String,
    pub kind: String,
}

impl ActiveModelBehavior for ActiveModel {}
