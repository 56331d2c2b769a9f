//! Countries.

use super::NoRelations as Relation;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "country")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    /// ISO 3166-1 alpha-2.
    pub iso2: String,
    /// ISO 3166-1 alpha-3.
    pub iso3: String,
    pub name_vi: String,
    pub name_en: String,
    /// A word of the closed list; empty if none applies.
    pub region: String,
    /// A word of the closed list; empty if none applies.
    pub subregion: String,
}

impl ActiveModelBehavior for ActiveModel {}
