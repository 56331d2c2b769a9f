//! Reads of the reference data, and the commands that change it.

mod commands;
pub(crate) mod rows;

pub use commands::ReferenceUpdate;
pub use rows::ReferenceRow;

use crate::column::TableColumn;
use crate::condition::PUBLISHED;
use crate::connect::Store;
use crate::entity::{
    EntryColumn, admin_unit, country, locality, locality_alias, occasion, province, source, succession, term,
    unit_designation, unit_geography,
};
use crate::error::StoreError;
use crate::find::select_entries;
use crate::pools::Rights;
use crate::row;
use crate::table::StoredContent;
use caunoi_domain::date::FuzzyDate;
use caunoi_domain::directory::Reference;
use caunoi_domain::entry::Entry;
use caunoi_domain::id::{Id, Log};
use caunoi_domain::locale::Bilingual;
use caunoi_domain::occasion::Occasion;
use caunoi_domain::place::{Alias, Country, GeoPoint, Locality};
use caunoi_domain::reference::{Source, Term};
use caunoi_domain::unit::{AdminUnit, Designation, Geography, Province, Succession};
use sea_orm::sea_query::{Asterisk, ExprTrait, Order, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction, FromQueryResult, QueryResult};
use std::collections::HashMap;
use std::str::FromStr;

impl Store {
    /// Reads the reference data in a transaction of its own.
    ///
    /// # Errors
    /// Returns an error if the database fails or a row is corrupt.
    pub async fn reference(&self) -> Result<Reference, StoreError> {
        let tx = self.begin_snapshot(Rights::ReadModel).await?;
        let reference = read(&tx).await?;
        tx.commit().await?;
        Ok(reference)
    }
}

/// Reads all reference data within a transaction.
pub(crate) async fn read(tx: &DatabaseTransaction) -> Result<Reference, StoreError> {
    Ok(Reference {
        provinces: rows(tx, province::Column::ProvinceId, to_province).await?,
        units: units(tx).await?,
        successions: rows(tx, succession::Column::PredecessorId, to_succession).await?,
        countries: rows(tx, country::Column::Id, to_country).await?,
        localities: localities(tx).await?,
        terms: rows(tx, term::Column::Id, to_term).await?,
        sources: rows(tx, source::Column::Id, to_source).await?,
        occasions: rows(tx, occasion::Column::Id, |row| Ok(to_occasion(row))).await?,
        organizations: published(tx).await?,
        instruments: published(tx).await?,
    })
}

/// Reads all rows of a table, in the order of a column.
async fn rows<M: FromQueryResult, T>(
    tx: &DatabaseTransaction,
    by: impl Into<TableColumn>,
    convert: impl Fn(M) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let rows = all_rows(tx, by.into()).await?;
    rows.iter().map(|row| convert(M::from_query_result(row, "")?)).collect()
}

async fn all_rows(tx: &DatabaseTransaction, by: TableColumn) -> Result<Vec<QueryResult>, StoreError> {
    let query = Query::select().column(Asterisk).from(by.table).order_by(by.name, Order::Asc).to_owned();
    Ok(tx.query_all(&query).await?)
}

async fn published<C: StoredContent>(tx: &DatabaseTransaction) -> Result<Vec<Entry<C>>, StoreError> {
    let tables = C::tables();
    let query = select_entries(&tables)
        .and_where(tables.entries.expr(EntryColumn::Slot).eq(PUBLISHED))
        .order_by((tables.entries, EntryColumn::ProvinceId), Order::Asc)
        .order_by((tables.entries, EntryColumn::Number), Order::Asc)
        .to_owned();
    tx.query_all(&query).await?.iter().map(row::read).collect()
}

fn point(latitude: Option<f64>, longitude: Option<f64>) -> Option<GeoPoint> {
    latitude.zip(longitude).map(|(latitude, longitude)| GeoPoint { latitude, longitude })
}

fn word<W: FromStr>(column: impl Into<TableColumn>, text: &str) -> Result<W, StoreError> {
    W::from_str(text).map_err(|_| corrupt(column.into(), text))
}

/// Reads a word; None where the text is empty.
fn word_or_blank<W: FromStr>(column: impl Into<TableColumn>, text: &str) -> Result<Option<W>, StoreError> {
    if text.is_empty() { Ok(None) } else { word(column, text).map(Some) }
}

fn json<T: serde::de::DeserializeOwned>(column: impl Into<TableColumn>, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|_| corrupt(column.into(), text))
}

fn corrupt(column: TableColumn, text: &str) -> StoreError {
    StoreError::corrupt(column, text.chars().take(60).collect::<String>(), "not a known word")
}

fn to_province(row: province::Model) -> Result<Province, StoreError> {
    Ok(Province {
        log: Log::new(row.province_id),
        unit: Id::new(row.unit_id),
        region: word(province::Column::Region, &row.region)?,
        capital: row.capital,
        area_km2: row.area_km2,
        population: row.population,
        location: point(row.latitude, row.longitude),
        neighbours: json(province::Column::Neighbours, &row.neighbours)?,
        source: row.source_id.map(Id::new),
    })
}

fn to_succession(row: succession::Model) -> Result<Succession, StoreError> {
    Ok(Succession {
        predecessor: Id::new(row.predecessor_id),
        successor: Id::new(row.successor_id),
        kind: word(succession::Column::Kind, &row.kind)?,
        effective_on: row.effective_on,
        legal_basis: row.legal_basis,
    })
}

fn to_country(row: country::Model) -> Result<Country, StoreError> {
    Ok(Country {
        id: Id::new(row.id),
        iso2: row.iso2,
        iso3: row.iso3,
        name: Bilingual { vi: Some(row.name_vi), en: Some(row.name_en) },
        region: word_or_blank(country::Column::Region, &row.region)?,
        subregion: word_or_blank(country::Column::Subregion, &row.subregion)?,
    })
}

fn to_term(row: term::Model) -> Result<Term, StoreError> {
    Ok(Term {
        id: Id::new(row.id),
        vocabulary: word(term::Column::Vocabulary, &row.vocabulary)?,
        code: row.code,
        name: Bilingual { vi: row.name_vi, en: row.name_en },
        parent: row.parent_id.map(Id::new),
        valid_from: row.valid_from,
        units: json(term::Column::Units, &row.units)?,
        is_additive: row.is_additive,
        source: row.source_id.map(Id::new),
    })
}

fn to_source(row: source::Model) -> Result<Source, StoreError> {
    Ok(Source {
        id: Id::new(row.id),
        code: row.code,
        title: row.title,
        address: row.address,
        kind: word(source::Column::Kind, &row.kind)?,
        titles: Bilingual { vi: row.title_vi, en: row.title_en },
        publisher: row.publisher,
        published: row.published_text.map(|text| FuzzyDate::parse(&text)).transpose()?,
        accessed_on: row.accessed_on,
        language: row.language,
        licence: row.licence,
        file: row.file_sha256,
    })
}

fn to_occasion(row: occasion::Model) -> Occasion {
    Occasion {
        id: Id::new(row.id),
        code: row.code,
        name: Bilingual { vi: row.name_vi, en: row.name_en },
        anchor: row.anchor_on,
        month_day: row.month_day,
        country: row.country_id.map(Id::new),
        source: row.source_id.map(Id::new),
    }
}

/// Groups child rows by their parent; their order stays.
fn by_parent<T>(children: Vec<(i32, T)>) -> HashMap<i32, Vec<T>> {
    let mut by_parent: HashMap<i32, Vec<T>> = HashMap::new();
    for (parent, child) in children {
        by_parent.entry(parent).or_default().push(child);
    }
    by_parent
}

async fn units(tx: &DatabaseTransaction) -> Result<Vec<AdminUnit>, StoreError> {
    let designation = |row: unit_designation::Model| {
        let designation = Designation {
            from: row.from_on,
            code: row.code,
            kind: word(unit_designation::Column::Kind, &row.kind)?,
            name: Bilingual { vi: Some(row.name_vi), en: Some(row.name_en) },
            legal_basis: row.legal_basis,
        };
        Ok((row.unit_id, designation))
    };
    let geography = |row: unit_geography::Model| {
        let content: Geography = json(unit_geography::Column::Content, &row.content)?;
        Ok((row.unit_id, content))
    };
    let unit = |row: admin_unit::Model| {
        Ok(AdminUnit {
            id: Id::new(row.id),
            slug: row.slug,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            split_from: row.split_from_id.map(Id::new),
            iso_3166_2: row.iso_3166_2,
            designations: Vec::new(),
            geography: Vec::new(),
        })
    };
    let mut designations = by_parent(rows(tx, unit_designation::Column::Rank, designation).await?);
    let mut geography = by_parent(rows(tx, unit_geography::Column::Rank, geography).await?);
    let mut units = rows(tx, admin_unit::Column::Id, unit).await?;
    for unit in &mut units {
        unit.designations = designations.remove(&unit.id.number()).unwrap_or_default();
        unit.geography = geography.remove(&unit.id.number()).unwrap_or_default();
    }
    Ok(units)
}

async fn localities(tx: &DatabaseTransaction) -> Result<Vec<Locality>, StoreError> {
    let alias = |row: locality_alias::Model| {
        let kind = word(locality_alias::Column::Kind, &row.kind)?;
        Ok((row.locality_id, Alias { name: row.name, language: row.language, kind }))
    };
    let locality = |row: locality::Model| {
        Ok(Locality {
            id: Id::new(row.id),
            slug: row.slug,
            name: Bilingual { vi: row.name_vi, en: row.name_en },
            native_name: row.native_name,
            aliases: Vec::new(),
            country: Id::new(row.country_id),
            level: row.level_id.map(Id::new),
            location: point(row.latitude, row.longitude),
            iso_3166_2: row.iso_3166_2,
            wikidata_id: row.wikidata_id,
            valid_to: row.valid_to.map(|text| FuzzyDate::parse(&text)).transpose()?,
            note: row.note,
            source: row.source_id.map(Id::new),
        })
    };
    let mut aliases = by_parent(rows(tx, locality_alias::Column::Rank, alias).await?);
    let mut localities = rows(tx, locality::Column::Id, locality).await?;
    for locality in &mut localities {
        locality.aliases = aliases.remove(&locality.id.number()).unwrap_or_default();
    }
    Ok(localities)
}
