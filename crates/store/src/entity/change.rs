//! The changes of all logs; rows are appended and never altered.

use super::NoRelations as Relation;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "change")]
pub struct Model {
    /// The log: the number of a province, or 0 for the ministry.
    #[sea_orm(primary_key)]
    pub province_id: i16,
    /// From 1, without gaps in a log.
    #[sea_orm(primary_key)]
    pub position: i64,
    /// A kind of entry, or what else was changed.
    pub subject: String,
    /// The number of the entry; 0 for other subjects.
    pub number: i32,
    /// The code of the subject.
    pub code: String,
    /// The version of the subject after the change.
    pub version: i32,
    pub operation: String,
    /// The state of publication before; null for a new subject.
    pub was: Option<String>,
    /// The state of publication after.
    pub publication: String,
    /// Whether the public sees the change.
    pub is_public: bool,
    pub author: String,
    /// In microseconds since 1970.
    pub at_us: i64,
    /// The author's reason as canonical JSON; null if none was given.
    pub reason: Option<String>,
    /// The content before, as canonical JSON; null if there was none.
    pub before_text: Option<String>,
    /// The content after, as canonical JSON; null if there is none.
    pub after_text: Option<String>,
    /// Null if the request had none.
    pub idempotency_key: Option<String>,
    /// SHA-256 over the previous link and this change, 32 bytes.
    pub link: Vec<u8>,
}

impl ActiveModelBehavior for ActiveModel {}
