//! Further owners of agreements: units other than the unit of origin.

use super::NoRelations as Relation;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "agreement_owner")]
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
    #[sea_orm(primary_key)]
    pub unit_id: i32,
    /// The log of the province that the unit belongs to.
    pub owner_id: i16,
    /// Whether it is the first row of this owner, so that a list by owner contains the entry once.
    pub is_first: bool,
}

impl ActiveModelBehavior for ActiveModel {}
