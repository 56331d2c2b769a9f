//! Terms: the values of the vocabularies.

use super::NoRelations as Relation;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "term")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    pub vocabulary: String,
    /// Unique in its vocabulary.
    pub code: String,
    /// In Vietnamese; null if only the other name is known.
    pub name_vi: Option<String>,
    /// In English; null if only the other name is known.
    pub name_en: Option<String>,
    /// The broader term; null at the top.
    pub parent_id: Option<i32>,
    /// Null if it was always valid.
    pub valid_from: Option<Date>,
    /// The units of an indicator, as a JSON list.
    pub units: String,
    /// Whether values of an indicator may be summed.
    pub is_additive: bool,
    /// Null for rows without a source.
    pub source_id: Option<i32>,
}

impl ActiveModelBehavior for ActiveModel {}
