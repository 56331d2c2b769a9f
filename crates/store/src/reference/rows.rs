//! The rows of the reference data that people write.

use crate::error::StoreError;
use crate::insert::insert;
use crate::table::{self, ColumnValues};
use caunoi_domain::locale::Bilingual;
use caunoi_domain::place::{Alias, Country, Locality};
use caunoi_domain::reference::Term;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction, Value};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A row of the reference data that people write.
pub trait ReferenceRow: Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The name of its table, and the prefix of its codes in the log.
    const TABLE: &'static str;

    /// Returns the natural key of the row, which never changes.
    fn key(&self) -> String;

    /// Returns the columns of the row.
    fn columns(&self) -> ColumnValues;

    /// Returns the rows of its child table, if it has one.
    fn children(&self) -> Option<Children> {
        None
    }
}

/// The rows of a child table under one parent.
#[derive(Debug)]
pub struct Children {
    pub(crate) table: &'static str,
    pub(crate) parent: (&'static str, i32),
    pub(crate) rows: Vec<ColumnValues>,
}

/// Returns the code of a row in the log.
pub(crate) fn code<R: ReferenceRow>(row: &R) -> String {
    format!("{}:{}", R::TABLE, row.key())
}

impl ReferenceRow for Country {
    const TABLE: &'static str = "country";

    fn key(&self) -> String {
        self.iso2.clone()
    }

    fn columns(&self) -> ColumnValues {
        with_name_columns(
            &self.name,
            vec![
                ("id", table::id(self.id)),
                ("iso2", self.iso2.clone().into()),
                ("iso3", self.iso3.clone().into()),
                ("region", table::word(self.region.map_or("", Into::into))),
                ("subregion", table::word(self.subregion.map_or("", Into::into))),
            ],
        )
    }
}

impl ReferenceRow for Term {
    const TABLE: &'static str = "term";

    fn key(&self) -> String {
        format!("{}:{}", self.vocabulary, self.code)
    }

    fn columns(&self) -> ColumnValues {
        with_name_columns(
            &self.name,
            vec![
                ("id", table::id(self.id)),
                ("vocabulary", table::word(self.vocabulary)),
                ("code", self.code.clone().into()),
                ("parent_id", table::optional_id(self.parent)),
                ("valid_from", self.valid_from.into()),
                ("units", json(&self.units)),
                ("is_additive", self.is_additive.into()),
                ("source_id", table::optional_id(self.source)),
            ],
        )
    }
}

impl ReferenceRow for Locality {
    const TABLE: &'static str = "locality";

    fn key(&self) -> String {
        self.slug.clone()
    }

    fn columns(&self) -> ColumnValues {
        with_name_columns(
            &self.name,
            vec![
                ("id", table::id(self.id)),
                ("slug", self.slug.clone().into()),
                ("native_name", self.native_name.clone().into()),
                ("country_id", table::id(self.country)),
                ("level_id", table::optional_id(self.level)),
                ("latitude", self.location.map(|point| point.latitude).into()),
                ("longitude", self.location.map(|point| point.longitude).into()),
                ("iso_3166_2", self.iso_3166_2.clone().into()),
                ("wikidata_id", self.wikidata_id.clone().into()),
                ("valid_to", table::edtf(self.valid_to.as_ref())),
                ("note", self.note.clone().into()),
                ("source_id", table::optional_id(self.source)),
            ],
        )
    }

    fn children(&self) -> Option<Children> {
        let alias = |(index, alias): (usize, &Alias)| {
            vec![
                ("locality_id", table::id(self.id)),
                ("rank", table::rank(index)),
                ("name", alias.name.clone().into()),
                ("language", alias.language.clone().into()),
                ("kind", table::word(alias.kind)),
            ]
        };
        let rows = self.aliases.iter().enumerate().map(alias).collect();
        Some(Children { table: "locality_alias", parent: ("locality_id", self.id.number()), rows })
    }
}

/// Replaces the rows of a child table under these parents.
pub(crate) async fn replace_children(
    tx: &DatabaseTransaction,
    table: &'static str,
    parent: &'static str,
    parents: Vec<i32>,
    rows: Vec<ColumnValues>,
) -> Result<(), StoreError> {
    if parents.is_empty() {
        return Ok(());
    }
    let delete = Query::delete().from_table(table).and_where(Expr::col(parent).is_in(parents)).to_owned();
    tx.execute(&delete).await?;
    insert(tx, table, rows, None).await
}

pub(crate) fn with_name_columns(name: &Bilingual, mut columns: ColumnValues) -> ColumnValues {
    columns.push(("name_vi", name.vi.clone().into()));
    columns.push(("name_en", name.en.clone().into()));
    columns
}

/// Returns the JSON text of a plain value; lists of words and numbers always have one.
pub(crate) fn json<T: Serialize>(value: &T) -> Value {
    serde_json::to_string(value).unwrap_or_default().into()
}
