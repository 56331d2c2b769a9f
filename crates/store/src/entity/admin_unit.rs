//! Administrative units, each during its validity.

use super::NoRelations as Relation;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "admin_unit")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    /// The readable key; two units may have had the same one in turn.
    pub slug: String,
    /// The first day; null where it is not after 1997-01-01.
    pub valid_from: Option<Date>,
    /// The last day; null for a current unit.
    pub valid_to: Option<Date>,
    /// Null if it has no code.
    pub iso_3166_2: Option<String>,
    /// The unit that it was a part of before; null for most.
    pub split_from_id: Option<i32>,
}

impl ActiveModelBehavior for ActiveModel {}
