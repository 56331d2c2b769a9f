//! Partner localities of events.

use super::NoRelations as Relation;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "event_partner")]
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
    pub locality_id: i32,
    /// As in the event, so that one index gives the newest of a locality.
    pub first_earliest: Date,
}

impl ActiveModelBehavior for ActiveModel {}
