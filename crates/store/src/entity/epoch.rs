//! Epochs of the database.

use super::NoRelations as Relation;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "epoch")]
pub struct Model {
    /// From 1; the last one is the current epoch.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    /// 64 hexadecimal digits.
    pub value: String,
    /// In microseconds since 1970.
    pub began_at_us: i64,
}

impl ActiveModelBehavior for ActiveModel {}
