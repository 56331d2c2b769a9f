//! Sources that entries and reference data name.

use super::NoRelations as Relation;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "source")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    pub code: String,
    pub title: String,
    /// A web address, or the name of a file.
    pub address: String,
    pub kind: String,
    /// The log that it was named in.
    pub province_id: i16,
    pub title_vi: Option<String>,
    pub title_en: Option<String>,
    pub publisher: Option<String>,
    /// The date of publication in EDTF.
    pub published_text: Option<String>,
    pub accessed_on: Option<Date>,
    pub language: Option<String>,
    pub licence: Option<String>,
    pub file_sha256: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
