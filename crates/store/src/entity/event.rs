//! Versions of events.

use super::NoRelations as Relation;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "event")]
pub struct Model {
    /// The log: the number of a province, or 0 for the ministry.
    #[sea_orm(primary_key)]
    pub province_id: i16,
    /// The number of the entry in its log.
    #[sea_orm(primary_key)]
    pub number: i32,
    /// `PUBLISHED` for the version that everybody sees, `WORKING` for the one that its province works on.
    #[sea_orm(primary_key)]
    pub slot: String,
    /// The public code, such as `REL-0025`.
    pub code: String,
    /// For optimistic locking.
    pub version: i32,
    /// The state of publication: a draft, submitted, published or withdrawn.
    pub publication: String,
    /// The state of the unpublished version of a published entry; null if there is none.
    pub pending: Option<String>,
    /// The highest version of the entry, those of its other slot and of discarded ones included.
    pub last_version: i32,
    /// The first publication, in microseconds since 1970; null before it.
    pub published_at_us: Option<i64>,
    /// In microseconds since 1970.
    pub updated_at_us: i64,
    /// The unit of origin; null for entries of the ministry.
    pub origin_unit_id: Option<i32>,
    /// Party, State or people-to-people diplomacy; null if unknown.
    pub pillar: Option<String>,
    /// The first day on which statistics count the entry.
    pub counts_from: Date,
    /// The date by which lists are ordered, in EDTF; null if there is none.
    pub first_text: Option<String>,
    /// The earliest day of that date.
    pub first_earliest: Date,
    /// The latest day of that date.
    pub first_latest: Date,
    /// The sort key of the name in Vietnamese.
    pub name_vi: Vec<u8>,
    /// The sort key of the name in English.
    pub name_en: Vec<u8>,
    /// The canonical JSON text, as the log hashed it.
    pub content: String,
    /// The term of its kind.
    pub kind_id: i32,
    /// The country of the place; null if none is stated.
    pub country_id: Option<i32>,
    /// Null if unknown.
    pub direction: Option<String>,
    /// Null if unknown.
    pub event_level: Option<String>,
    /// Null if unknown.
    pub mode: Option<String>,
    /// Folded, as filters compare it; null if it is in none.
    pub series: Option<String>,
    /// Folded, as filters compare it; null if it has none.
    pub edition: Option<String>,
    /// The relation that it belongs to; null if none.
    pub relation_code: Option<String>,
    /// The earliest day on which it may have begun; 0001-01-01 if none is known.
    pub start_earliest: Date,
    /// The day by which it has certainly begun; 9999-12-31 if none is known.
    pub start_latest: Date,
    /// The day before which it has certainly not ended; 0001-01-01 if none is known.
    pub end_earliest: Date,
    /// The latest day on which it may have ended; 9999-12-31 if none is known.
    pub end_latest: Date,
    /// As its province states it; null if it states none.
    pub state: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
