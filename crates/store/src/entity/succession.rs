//! Which unit continues as which.

use super::NoRelations as Relation;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "succession")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub predecessor_id: i32,
    #[sea_orm(primary_key)]
    pub successor_id: i32,
    pub kind: String,
    pub effective_on: Date,
    pub legal_basis: String,
}

impl ActiveModelBehavior for ActiveModel {}
