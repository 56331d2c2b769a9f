//! The amounts of their quotas that authors and provinces have used.

use super::NoRelations as Relation;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "quota_use")]
pub struct Model {
    /// The log: the number of a province, or 0 for the ministry.
    #[sea_orm(primary_key)]
    pub province_id: i16,
    /// The author: role and name; empty for the whole province.
    #[sea_orm(primary_key)]
    pub subject: String,
    #[sea_orm(primary_key)]
    pub kind: String,
    /// The number of the period of the clock of the log.
    pub period: i64,
    /// The amount used in that period.
    pub used: i64,
}

impl ActiveModelBehavior for ActiveModel {}
