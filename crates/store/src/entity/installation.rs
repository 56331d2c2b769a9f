//! Values of the installation, in the database because all nodes share them.

use super::NoRelations as Relation;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "installation")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub name: String,
    pub value: String,
}

impl ActiveModelBehavior for ActiveModel {}
