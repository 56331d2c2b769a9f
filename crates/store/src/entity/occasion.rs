//! Yearly occasions and anniversaries.

use super::NoRelations as Relation;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "occasion")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    pub code: String,
    /// In Vietnamese; null if only the other name is known.
    pub name_vi: Option<String>,
    /// In English; null if only the other name is known.
    pub name_en: Option<String>,
    /// The day from which anniversaries are counted; null for movable feasts.
    pub anchor_on: Option<Date>,
    /// The day of the year, `MM-DD`; null for movable feasts.
    pub month_day: Option<String>,
    /// Null if it concerns no country.
    pub country_id: Option<i32>,
    /// Null for rows without a source.
    pub source_id: Option<i32>,
}

impl ActiveModelBehavior for ActiveModel {}
