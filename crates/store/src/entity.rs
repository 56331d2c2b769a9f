//! The tables as entities of SeaORM, one file per table.
//!
//! An entity states the columns of a table, their types and whether they can be null, as all
//! migrations together leave them; `tests/it/entities.rs` compares them with both engines.
//! Elsewhere in this crate tables and columns are named by these types, except in SQL that only one
//! engine has. Rows are read as models, as partial models or by index, and written as active models;
//! no statement is built by the finders of SeaORM.

#![expect(missing_docs, reason = "the name of a column says what it is, or a comment does")]

pub mod access_rule;
pub mod admin_unit;
pub mod agreement;
pub mod agreement_act;
pub mod agreement_field;
pub mod agreement_file;
pub mod agreement_merged;
pub mod agreement_owner;
pub mod agreement_party;
pub mod agreement_span;
pub mod api_key_use;
pub mod change;
pub mod country;
pub mod entry_source;
pub mod epoch;
pub mod epoch_log;
pub mod event;
pub mod event_country;
pub mod event_field;
pub mod event_merged;
pub mod event_owner;
pub mod event_partner;
pub mod fact;
pub mod figure;
pub mod file;
pub mod filing;
pub mod idempotency;
pub mod installation;
pub mod instrument;
pub mod instrument_implements;
pub mod locality;
pub mod locality_alias;
pub mod locality_proposal;
pub mod membership;
pub mod occasion;
pub mod organization;
pub mod post;
pub mod programme;
pub mod programme_country;
pub mod programme_partner;
pub mod province;
pub mod province_head;
pub mod quota_use;
pub mod refusal;
pub mod relation;
pub mod relation_field;
pub mod relation_span;
pub mod search_document;
pub mod search_word;
pub mod source;
pub mod succession;
pub mod term;
pub mod unit_designation;
pub mod unit_geography;
pub mod webhook;
pub mod webhook_delivery;

use sea_orm::{DeriveColumn, EnumIter, RelationDef, RelationTrait};

/// The relations of every entity: none, because joins are written where they are needed.
/// The derive of an entity looks for the name `Relation`.
#[derive(Clone, Copy, Debug, EnumIter)]
pub enum NoRelations {}

impl RelationTrait for NoRelations {
    fn def(&self) -> RelationDef {
        match *self {}
    }
}

/// The columns that the tables of all kinds of entries share. Statements over any kind name them by
/// this type, so that they exist once, not once for each kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveColumn)]
pub enum EntryColumn {
    ProvinceId,
    Number,
    Slot,
    Code,
    Version,
    Publication,
    Pending,
    LastVersion,
    PublishedAtUs,
    UpdatedAtUs,
    OriginUnitId,
    Pillar,
    CountsFrom,
    FirstText,
    FirstEarliest,
    FirstLatest,
    NameVi,
    NameEn,
    Content,
}

/// The key of a version of an entry, in its table and in all tables with rows of versions: child
/// tables, facts, words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveColumn)]
pub enum VersionKey {
    ProvinceId,
    Number,
    Slot,
}

/// The own columns of the tables of packed values of versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveColumn)]
pub enum PackedColumn {
    Kind,
    Content,
}

/// The own columns of the tables of further owners.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveColumn)]
pub enum OwnerColumn {
    UnitId,
    OwnerId,
    IsFirst,
}

/// The own columns of the tables of merged entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveColumn)]
pub enum MergedColumn {
    MergedCode,
    MergedProvinceId,
    MergedNumber,
    MergedUnitId,
    MergedRelationCode,
}

/// The own columns of the tables of status spans.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveColumn)]
pub enum SpanColumn {
    FromOn,
    ToOn,
    Status,
}
