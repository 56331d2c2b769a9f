//! The names and kinds of administrative units over time.

use super::NoRelations as Relation;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "unit_designation")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub unit_id: i32,
    /// The place in the list, from 0.
    #[sea_orm(primary_key)]
    pub rank: i32,
    /// The first day; null from the beginning of the unit.
    pub from_on: Option<Date>,
    /// The statistical code; codes are reused.
    pub code: String,
    pub kind: String,
    /// In Vietnamese.
    pub name_vi: String,
    /// In English.
    pub name_en: String,
    /// Null if unknown.
    pub legal_basis: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
