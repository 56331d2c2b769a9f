//! Printed numbers of the documents that an instrument implements.

use super::NoRelations as Relation;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "instrument_implements")]
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
    pub printed_number: String,
}

impl ActiveModelBehavior for ActiveModel {}
