//! Parties of agreements other than the province.

use super::NoRelations as Relation;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "agreement_party")]
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
    /// The place in the list, from 0.
    #[sea_orm(primary_key)]
    pub rank: i32,
    /// Null for an organization or a name.
    pub locality_id: Option<i32>,
    /// Null for a locality or a name.
    pub organization_code: Option<String>,
    /// Null for a locality or an organization.
    pub name: Option<String>,
    /// Null if unknown.
    pub signatory: Option<String>,
    /// As in the agreement, so that one index gives the newest of a locality.
    pub first_earliest: Date,
}

impl ActiveModelBehavior for ActiveModel {}
