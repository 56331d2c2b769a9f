//! The provinces of today.

use super::NoRelations as Relation;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "province")]
pub struct Model {
    /// The number of its log.
    #[sea_orm(primary_key, auto_increment = false)]
    pub province_id: i16,
    /// The unit of today.
    pub unit_id: i32,
    pub region: String,
    /// Null if unknown.
    pub capital: Option<String>,
    /// Null if unknown.
    pub area_km2: Option<f64>,
    /// Null if unknown.
    pub population: Option<i64>,
    /// In degrees; null if unknown.
    pub latitude: Option<f64>,
    /// In degrees; null if unknown.
    pub longitude: Option<f64>,
    /// A JSON list.
    pub neighbours: String,
    /// Null for rows without a source.
    pub source_id: Option<i32>,
}

impl ActiveModelBehavior for ActiveModel {}
