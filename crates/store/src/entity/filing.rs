//! The first change by which a province published or confirmed something on a day.

use super::NoRelations as Relation;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "filing")]
pub struct Model {
    /// The log: the number of a province, or 0 for the ministry.
    #[sea_orm(primary_key)]
    pub province_id: i16,
    /// `PUBLISHED` or `CONFIRMED`.
    #[sea_orm(primary_key)]
    pub kind: String,
    /// The first day of the period.
    #[sea_orm(primary_key)]
    pub from_on: Date,
    /// The last day of the period.
    #[sea_orm(primary_key)]
    pub to_on: Date,
    pub filed_on: Date,
    /// The first position that made it.
    pub position: i64,
}

impl ActiveModelBehavior for ActiveModel {}
