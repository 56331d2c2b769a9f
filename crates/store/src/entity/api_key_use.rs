//! The last use of API keys.

use super::NoRelations as Relation;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "api_key_use")]
pub struct Model {
    /// The name of the key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// In microseconds since 1970, a full minute.
    pub last_used_at_us: i64,
}

impl ActiveModelBehavior for ActiveModel {}
