//! The rows of the reference data that people write.

use crate::column::TableColumn;
use crate::entity::{country, locality, locality_alias, source, term};
use crate::error::StoreError;
use crate::insert::{Replacement, TableRow, insert};
use crate::table;
use caunoi_domain::locale::Bilingual;
use caunoi_domain::place::{Alias, Country, Locality};
use caunoi_domain::reference::Term;
use caunoi_domain::source::Source;
use sea_orm::ActiveValue::{self, Set};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction, Value};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A row of the reference data that people write.
pub trait ReferenceRow: Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The prefix of the codes of its rows in the log.
    const SUBJECT: &'static str;

    /// Returns the natural key of the row, which never changes.
    fn key(&self) -> String;

    /// Returns the row to write.
    fn row(&self) -> TableRow;

    /// Returns how the row replaces the existing one.
    fn replacement() -> Replacement;

    /// Returns the rows of its child table, if it has one.
    fn children(&self) -> Option<Children> {
        None
    }
}

/// The rows of a child table under one parent.
#[derive(Debug)]
pub struct Children {
    /// The column of the parent in the child table.
    pub(crate) parent: TableColumn,
    /// The number of the parent.
    pub(crate) number: i32,
    pub(crate) rows: Vec<TableRow>,
}

/// Returns the code of a row in the log.
pub(crate) fn code<R: ReferenceRow>(row: &R) -> String {
    format!("{}:{}", R::SUBJECT, row.key())
}

impl ReferenceRow for Country {
    const SUBJECT: &'static str = "country";

    fn key(&self) -> String {
        self.iso2.clone()
    }

    fn row(&self) -> TableRow {
        let row = country::ActiveModel {
            id: table::id(self.id),
            iso2: Set(self.iso2.clone()),
            iso3: Set(self.iso3.clone()),
            region: table::word(self.region.map_or("", Into::into)),
            subregion: table::word(self.subregion.map_or("", Into::into)),
            ..Default::default()
        };
        let names = names([country::Column::NameVi, country::Column::NameEn], &self.name);
        TableRow::with_nullable(row, names)
    }

    fn replacement() -> Replacement {
        Replacement::in_table::<country::Entity>(&[country::Column::Iso2, country::Column::Iso3])
    }
}

impl ReferenceRow for Term {
    const SUBJECT: &'static str = "term";

    fn key(&self) -> String {
        format!("{}:{}", self.vocabulary, self.code)
    }

    fn row(&self) -> TableRow {
        TableRow::new(term::ActiveModel {
            id: table::id(self.id),
            vocabulary: table::word(self.vocabulary),
            code: Set(self.code.clone()),
            name_vi: Set(self.name.vi.clone()),
            name_en: Set(self.name.en.clone()),
            parent_id: table::optional_id(self.parent),
            valid_from: Set(self.valid_from),
            units: json(&self.units),
            is_additive: Set(self.is_additive),
            source_id: table::optional_id(self.source),
        })
    }

    fn replacement() -> Replacement {
        Replacement::in_table::<term::Entity>(&[term::Column::Vocabulary, term::Column::Code])
    }
}

impl ReferenceRow for Source {
    const SUBJECT: &'static str = "source";

    fn key(&self) -> String {
        self.code.clone()
    }

    fn row(&self) -> TableRow {
        TableRow::new(source::ActiveModel {
            id: table::id(self.id),
            code: Set(self.code.clone()),
            title: Set(self.title.clone()),
            address: Set(self.address.clone()),
            kind: table::word(self.kind),
            province_id: Set(self.id.log().number()),
            title_vi: Set(self.titles.vi.clone()),
            title_en: Set(self.titles.en.clone()),
            publisher: Set(self.publisher.clone()),
            published_text: table::edtf(self.published.as_ref()),
            accessed_on: Set(self.accessed_on),
            language: Set(self.language.clone()),
            licence: Set(self.licence.clone()),
            file_sha256: Set(self.file.clone()),
        })
    }

    fn replacement() -> Replacement {
        Replacement::in_table::<source::Entity>(&[source::Column::Code, source::Column::ProvinceId])
    }
}

impl ReferenceRow for Locality {
    const SUBJECT: &'static str = "locality";

    fn key(&self) -> String {
        self.slug.clone()
    }

    fn row(&self) -> TableRow {
        TableRow::new(locality::ActiveModel {
            id: table::id(self.id),
            slug: Set(self.slug.clone()),
            name_vi: Set(self.name.vi.clone()),
            name_en: Set(self.name.en.clone()),
            native_name: Set(self.native_name.clone()),
            country_id: table::id(self.country),
            level_id: table::optional_id(self.level),
            latitude: Set(self.location.map(|point| point.latitude)),
            longitude: Set(self.location.map(|point| point.longitude)),
            iso_3166_2: Set(self.iso_3166_2.clone()),
            wikidata_id: Set(self.wikidata_id.clone()),
            valid_to: table::edtf(self.valid_to.as_ref()),
            note: Set(self.note.clone()),
            source_id: table::optional_id(self.source),
        })
    }

    fn replacement() -> Replacement {
        Replacement::in_table::<locality::Entity>(&[locality::Column::Slug])
    }

    fn children(&self) -> Option<Children> {
        let alias = |(index, alias): (usize, &Alias)| {
            TableRow::new(locality_alias::ActiveModel {
                locality_id: table::id(self.id),
                rank: table::rank(index),
                name: Set(alias.name.clone()),
                language: Set(alias.language.clone()),
                kind: table::word(alias.kind),
            })
        };
        let rows = self.aliases.iter().enumerate().map(alias).collect();
        Some(Children { parent: locality_alias::Column::LocalityId.into(), number: self.id.number(), rows })
    }
}

/// Replaces the rows of a child table under these parents.
pub(crate) async fn replace_children(
    tx: &DatabaseTransaction,
    parent: impl Into<TableColumn>,
    parents: Vec<i32>,
    rows: &[TableRow],
) -> Result<(), StoreError> {
    if parents.is_empty() {
        return Ok(());
    }
    let TableColumn { table, name } = parent.into();
    let delete = Query::delete().from_table(table).and_where(Expr::col(name).is_in(parents)).to_owned();
    tx.execute(&delete).await?;
    insert(tx, rows, None).await
}

/// Returns a name for columns that cannot be null; the table refuses one without both languages.
pub(crate) fn names<C>([vi, en]: [C; 2], name: &Bilingual) -> [(C, Value); 2] {
    [(vi, name.vi.clone().into()), (en, name.en.clone().into())]
}

/// Returns the JSON text of a plain value; lists of words and numbers always have one.
pub(crate) fn json<T: Serialize>(value: &T) -> ActiveValue<String> {
    Set(serde_json::to_string(value).unwrap_or_default())
}
