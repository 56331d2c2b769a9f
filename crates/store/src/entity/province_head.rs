//! The heads of the logs: one for each province, and one (0) for the ministry.

use super::NoRelations as Relation;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "province_head")]
pub struct Model {
    /// The log: the number of a province, or 0 for the ministry.
    #[sea_orm(primary_key, auto_increment = false)]
    pub province_id: i16,
    /// The last position of the log.
    pub position: i64,
    /// The position of the last public change.
    pub public_position: i64,
    /// The last number given to an entry.
    pub next_number: i32,
    /// The link of the last change: SHA-256, 32 bytes.
    pub link: Vec<u8>,
    /// The clock of the log, in microseconds.
    pub clock_us: i64,
    /// The clock of the node that wrote last, in microseconds since 1970.
    pub node_us: i64,
}

impl ActiveModelBehavior for ActiveModel {}
