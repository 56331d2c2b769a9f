//! Reads of the reference data, and the commands that change it.

mod commands;
pub(crate) mod rows;

pub use commands::ReferenceUpdate;
pub use rows::ReferenceRow;

use crate::condition::PUBLISHED;
use crate::connect::{Store, column};
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
use sea_orm::sea_query::{ExprTrait, Order, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult};
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
        provinces: rows(tx, "province", "province_id", province).await?,
        units: units(tx).await?,
        successions: rows(tx, "succession", "predecessor_id", succession).await?,
        countries: rows(tx, "country", "id", country).await?,
        localities: localities(tx).await?,
        terms: rows(tx, "term", "id", term).await?,
        sources: rows(tx, "source", "id", source).await?,
        occasions: rows(tx, "occasion", "id", occasion).await?,
        organizations: published(tx).await?,
        instruments: published(tx).await?,
    })
}

async fn rows<T>(
    tx: &DatabaseTransaction,
    table: &'static str,
    by: &'static str,
    read: impl Fn(&QueryResult) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let query =
        Query::select().column(sea_orm::sea_query::Asterisk).from(table).order_by(by, Order::Asc).to_owned();
    tx.query_all(&query).await?.iter().map(read).collect()
}

async fn published<C: StoredContent>(tx: &DatabaseTransaction) -> Result<Vec<Entry<C>>, StoreError> {
    let query = select_entries::<C>()
        .and_where(column(C::TABLE, "slot").eq(PUBLISHED))
        .order_by((C::TABLE, "province_id"), Order::Asc)
        .order_by((C::TABLE, "number"), Order::Asc)
        .to_owned();
    tx.query_all(&query).await?.iter().map(row::read).collect()
}

fn bilingual(row: &QueryResult) -> Result<Bilingual, StoreError> {
    Ok(Bilingual { vi: row.try_get("", "name_vi")?, en: row.try_get("", "name_en")? })
}

fn id<T>(row: &QueryResult, name: &str) -> Result<Id<T>, StoreError> {
    Ok(Id::new(row.try_get("", name)?))
}

fn optional_id<T>(row: &QueryResult, name: &str) -> Result<Option<Id<T>>, StoreError> {
    Ok(row.try_get::<Option<i32>>("", name)?.map(Id::new))
}

fn point(row: &QueryResult) -> Result<Option<GeoPoint>, StoreError> {
    let latitude: Option<f64> = row.try_get("", "latitude")?;
    let longitude: Option<f64> = row.try_get("", "longitude")?;
    Ok(latitude.zip(longitude).map(|(latitude, longitude)| GeoPoint { latitude, longitude }))
}

fn word<W: FromStr>(row: &QueryResult, table: &'static str, name: &'static str) -> Result<W, StoreError> {
    let text: String = row.try_get("", name)?;
    W::from_str(&text).map_err(|_| corrupt(table, name, &text))
}

/// Reads a word; None where the text is empty.
fn word_or_blank<W: FromStr>(
    row: &QueryResult,
    table: &'static str,
    name: &'static str,
) -> Result<Option<W>, StoreError> {
    let text: String = row.try_get("", name)?;
    if text.is_empty() { Ok(None) } else { word(row, table, name).map(Some) }
}

fn json<T: serde::de::DeserializeOwned>(
    row: &QueryResult,
    table: &'static str,
    name: &'static str,
) -> Result<T, StoreError> {
    let text: String = row.try_get("", name)?;
    serde_json::from_str(&text).map_err(|_| corrupt(table, name, &text))
}

fn corrupt(table: &'static str, column: &'static str, text: &str) -> StoreError {
    StoreError::Corrupt {
        table,
        column,
        id: text.chars().take(60).collect(),
        why: "not a known word".to_owned(),
    }
}

fn province(row: &QueryResult) -> Result<Province, StoreError> {
    Ok(Province {
        log: Log::new(row.try_get("", "province_id")?),
        unit: id(row, "unit_id")?,
        region: word(row, "province", "region")?,
        capital: row.try_get("", "capital")?,
        area_km2: row.try_get("", "area_km2")?,
        population: row.try_get("", "population")?,
        location: point(row)?,
        neighbours: json(row, "province", "neighbours")?,
        source: optional_id(row, "source_id")?,
    })
}

fn succession(row: &QueryResult) -> Result<Succession, StoreError> {
    Ok(Succession {
        predecessor: id(row, "predecessor_id")?,
        successor: id(row, "successor_id")?,
        kind: word(row, "succession", "kind")?,
        effective_on: row.try_get("", "effective_on")?,
        legal_basis: row.try_get("", "legal_basis")?,
    })
}

fn country(row: &QueryResult) -> Result<Country, StoreError> {
    Ok(Country {
        id: id(row, "id")?,
        iso2: row.try_get("", "iso2")?,
        iso3: row.try_get("", "iso3")?,
        name: bilingual(row)?,
        region: word_or_blank(row, "country", "region")?,
        subregion: word_or_blank(row, "country", "subregion")?,
    })
}

fn term(row: &QueryResult) -> Result<Term, StoreError> {
    Ok(Term {
        id: id(row, "id")?,
        vocabulary: word(row, "term", "vocabulary")?,
        code: row.try_get("", "code")?,
        name: bilingual(row)?,
        parent: optional_id(row, "parent_id")?,
        valid_from: row.try_get("", "valid_from")?,
        units: json(row, "term", "units")?,
        is_additive: row.try_get("", "is_additive")?,
        source: optional_id(row, "source_id")?,
    })
}

fn source(row: &QueryResult) -> Result<Source, StoreError> {
    Ok(Source {
        id: id(row, "id")?,
        code: row.try_get("", "code")?,
        title: row.try_get("", "title")?,
        address: row.try_get("", "address")?,
        kind: word(row, "source", "kind")?,
    })
}

fn occasion(row: &QueryResult) -> Result<Occasion, StoreError> {
    Ok(Occasion {
        id: id(row, "id")?,
        code: row.try_get("", "code")?,
        name: bilingual(row)?,
        anchor: row.try_get("", "anchor_on")?,
        month_day: row.try_get("", "month_day")?,
        country: optional_id(row, "country_id")?,
        source: optional_id(row, "source_id")?,
    })
}

/// Reads the rows of a child table by the number of their parent, in the order of their rank.
async fn by_parent<T>(
    tx: &DatabaseTransaction,
    table: &'static str,
    parent: &'static str,
    read: impl Fn(&QueryResult) -> Result<T, StoreError>,
) -> Result<HashMap<i32, Vec<T>>, StoreError> {
    let mut children: HashMap<i32, Vec<T>> = HashMap::new();
    for (of, child) in
        rows(tx, table, "rank", |row| Ok((row.try_get::<i32>("", parent)?, read(row)?))).await?
    {
        children.entry(of).or_default().push(child);
    }
    Ok(children)
}

async fn units(tx: &DatabaseTransaction) -> Result<Vec<AdminUnit>, StoreError> {
    let mut designations = by_parent(tx, "unit_designation", "unit_id", |row| {
        Ok(Designation {
            from: row.try_get("", "from_on")?,
            code: row.try_get("", "code")?,
            kind: word(row, "unit_designation", "kind")?,
            name: bilingual(row)?,
            legal_basis: row.try_get("", "legal_basis")?,
        })
    })
    .await?;
    let mut geography =
        by_parent(tx, "unit_geography", "unit_id", |row| json::<Geography>(row, "unit_geography", "content"))
            .await?;
    let mut units = rows(tx, "admin_unit", "id", |row| {
        Ok(AdminUnit {
            id: id(row, "id")?,
            slug: row.try_get("", "slug")?,
            valid_from: row.try_get("", "valid_from")?,
            valid_to: row.try_get("", "valid_to")?,
            iso_3166_2: row.try_get("", "iso_3166_2")?,
            designations: Vec::new(),
            geography: Vec::new(),
        })
    })
    .await?;
    for unit in &mut units {
        unit.designations = designations.remove(&unit.id.number()).unwrap_or_default();
        unit.geography = geography.remove(&unit.id.number()).unwrap_or_default();
    }
    Ok(units)
}

async fn localities(tx: &DatabaseTransaction) -> Result<Vec<Locality>, StoreError> {
    let mut aliases = by_parent(tx, "locality_alias", "locality_id", |row| {
        Ok(Alias {
            name: row.try_get("", "name")?,
            language: row.try_get("", "language")?,
            kind: word(row, "locality_alias", "kind")?,
        })
    })
    .await?;
    let mut localities = rows(tx, "locality", "id", |row| {
        let valid_to: Option<String> = row.try_get("", "valid_to")?;
        Ok(Locality {
            id: id(row, "id")?,
            slug: row.try_get("", "slug")?,
            name: bilingual(row)?,
            native_name: row.try_get("", "native_name")?,
            aliases: Vec::new(),
            country: id(row, "country_id")?,
            level: optional_id(row, "level_id")?,
            location: point(row)?,
            iso_3166_2: row.try_get("", "iso_3166_2")?,
            wikidata_id: row.try_get("", "wikidata_id")?,
            valid_to: valid_to.map(|text| FuzzyDate::parse(&text)).transpose()?,
            note: row.try_get("", "note")?,
            source: optional_id(row, "source_id")?,
        })
    })
    .await?;
    for locality in &mut localities {
        locality.aliases = aliases.remove(&locality.id.number()).unwrap_or_default();
    }
    Ok(localities)
}
