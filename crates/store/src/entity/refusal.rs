//! Refused requests, counted.

use super::NoRelations as Relation;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "refusal")]
pub struct Model {
    /// The beginning of the hour.
    #[sea_orm(primary_key)]
    pub hour_us: i64,
    /// The role of the caller.
    #[sea_orm(primary_key)]
    pub role: String,
    /// The name of the caller, or the network of a client without a token.
    #[sea_orm(primary_key)]
    pub holder: String,
    /// Why.
    #[sea_orm(primary_key)]
    pub reason: String,
    /// How many requests.
    pub count: i64,
    pub last_at_us: i64,
}

impl ActiveModelBehavior for ActiveModel {}
