//! Localities: partner places abroad.

use super::NoRelations as Relation;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "locality")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    /// The public name in addresses, such as `la-houaphanh`.
    pub slug: String,
    /// In Vietnamese; null if only the other name is known.
    pub name_vi: Option<String>,
    /// In English; null if only the other name is known.
    pub name_en: Option<String>,
    /// In the language of the place; null if unknown.
    pub native_name: Option<String>,
    pub country_id: i32,
    /// The term of its administrative level; null if unknown.
    pub level_id: Option<i32>,
    /// In degrees; null if unknown.
    pub latitude: Option<f64>,
    /// In degrees; null if unknown.
    pub longitude: Option<f64>,
    /// Null if it has no code.
    pub iso_3166_2: Option<String>,
    /// Null if unknown.
    pub wikidata_id: Option<String>,
    /// The end of the place, in EDTF; null if it exists.
    pub valid_to: Option<String>,
    /// Null if there is none.
    pub note: Option<String>,
    /// Null for rows without a source.
    pub source_id: Option<i32>,
}

impl ActiveModelBehavior for ActiveModel {}
