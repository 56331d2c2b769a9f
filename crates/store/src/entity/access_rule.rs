//! API keys, revocations and blocked networks.

use super::NoRelations as Relation;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "access_rule")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub kind: String,
    /// The name, unique within the kind.
    #[sea_orm(primary_key)]
    pub name: String,
    /// Whether the rule has not ended.
    pub is_active: bool,
    /// The rule as JSON.
    pub content: String,
}

impl ActiveModelBehavior for ActiveModel {}
