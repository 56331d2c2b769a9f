//! Uploaded files; their bytes are in the data folder.

use super::NoRelations as Relation;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "file")]
pub struct Model {
    /// In lower-case hexadecimal digits.
    #[sea_orm(primary_key)]
    pub sha256: String,
    /// The log that it was uploaded to.
    #[sea_orm(primary_key)]
    pub province_id: i16,
    pub size_bytes: i64,
    pub media_type: String,
    /// The name that its first upload stated.
    pub name: String,
    /// The author of the first upload: role and name.
    pub uploaded_by: String,
    /// In microseconds since 1970.
    pub uploaded_at_us: i64,
}

impl ActiveModelBehavior for ActiveModel {}
