//! The position of each log when an epoch began.

use super::NoRelations as Relation;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "epoch_log")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub epoch: i32,
    /// The log: the number of a province, or 0 for the ministry.
    #[sea_orm(primary_key)]
    pub province_id: i16,
    /// The last position before the epoch.
    pub position: i64,
    /// The link of that change: SHA-256, 32 bytes.
    pub link: Vec<u8>,
}

impl ActiveModelBehavior for ActiveModel {}
