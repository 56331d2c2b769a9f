//! The tables of entries: the columns and child rows of each kind of content.

mod agreement;
mod event;
mod figure;
mod instrument;
mod organization;
mod programme;
mod relation;

use caunoi_domain::date::{Day, FuzzyDate};
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::{TermId, UnitId};
use caunoi_domain::fact::{DateBounds, FactSource};
use caunoi_domain::id::{Id, Log};
use caunoi_domain::locale::{Bilingual, Locale};
use caunoi_domain::place::{Locality, LocalityId};
use caunoi_domain::similarity::Comparable;
use caunoi_domain::status::Span;
use sea_orm::Value;

/// A content that has a table.
pub trait StoredContent: FactSource + Comparable {
    /// The name of the table.
    const TABLE: &'static str;
    /// All child tables.
    const CHILDREN: &'static [&'static str];
    /// The child table of fields of cooperation, if the kind is filtered by them.
    const FIELDS: Option<&'static str> = None;
    /// The child table of status spans.
    const SPANS: Option<&'static str> = None;
    /// The child table of partner localities, with the column `locality_id`.
    const LOCALITIES: Option<&'static str> = None;
    /// The child table of all countries that an entry concerns.
    const COUNTRIES: Option<&'static str> = None;
    /// The column of the form or kind.
    const TERM: Option<&'static str> = None;
    /// The column of the country.
    const COUNTRY: Option<&'static str> = None;

    /// Whether a province has so few entries of the kind that the search for duplicates reads all.
    const FEW_PER_PROVINCE: bool = false;

    /// Returns the date by which lists are ordered.
    fn first(&self) -> Option<&FuzzyDate>;

    /// Returns the texts of the name, the most important one first.
    fn name_parts(&self, log: Log, directory: &Directory, locale: Locale) -> Vec<String>;

    /// Returns the columns that only this kind has.
    fn own_columns(&self, directory: &Directory) -> ColumnValues;

    /// Returns the rows of child tables.
    fn children(&self, directory: &Directory) -> Vec<ChildRow>;

    /// Returns all texts that search finds the entry by.
    fn searchable(&self, directory: &Directory) -> Vec<String>;
}

/// Columns and their values.
pub type ColumnValues = Vec<(&'static str, Value)>;

/// A row of a child table, without the key of its entry.
#[derive(Debug, Clone)]
pub struct ChildRow {
    pub(crate) table: &'static str,
    pub(crate) columns: ColumnValues,
}

impl ChildRow {
    pub(crate) fn new(table: &'static str, columns: ColumnValues) -> Self {
        Self { table, columns }
    }
}

pub(crate) fn id<T>(id: Id<T>) -> Value {
    id.number().into()
}

pub(crate) fn optional_id<T>(id: Option<Id<T>>) -> Value {
    id.map(Id::number).into()
}

pub(crate) fn text(text: Option<&str>) -> Value {
    text.map(str::to_owned).into()
}

pub(crate) fn edtf(date: Option<&FuzzyDate>) -> Value {
    text(date.map(FuzzyDate::edtf))
}

pub(crate) fn word<W: Into<&'static str>>(word: W) -> Value {
    let word: &'static str = word.into();
    word.to_owned().into()
}

pub(crate) fn optional_word<W: Into<&'static str>>(word: Option<W>) -> Value {
    text(word.map(Into::into))
}

pub(crate) fn bounds(date: Option<&FuzzyDate>) -> (Day, Day) {
    let period = DateBounds::from_date(date);
    (period.earliest, period.latest)
}

pub(crate) fn rank(index: usize) -> Value {
    i32::try_from(index).unwrap_or(i32::MAX).into()
}

pub(crate) fn field_rows(table: &'static str, fields: &[TermId]) -> impl Iterator<Item = ChildRow> {
    fields.iter().map(move |field| ChildRow::new(table, vec![("term_id", id(*field))]))
}

pub(crate) fn span_rows<S: Copy + Into<&'static str>>(
    table: &'static str,
    spans: &[Span<S>],
) -> impl Iterator<Item = ChildRow> {
    spans.iter().map(move |span| {
        ChildRow::new(
            table,
            vec![("from_on", span.from.into()), ("to_on", span.to.into()), ("status", word(span.status))],
        )
    })
}

pub(crate) fn locality_rows(
    table: &'static str,
    localities: &[LocalityId],
) -> impl Iterator<Item = ChildRow> {
    unique(localities).map(move |locality| ChildRow::new(table, vec![("locality_id", id(locality))]))
}

pub(crate) fn unique<T: Copy + Ord>(items: &[T]) -> impl Iterator<Item = T> {
    let mut items = items.to_vec();
    items.sort_unstable();
    items.dedup();
    items.into_iter()
}

/// Returns both languages of a text, for search.
pub(crate) fn both_languages(text: &Bilingual) -> impl Iterator<Item = String> {
    text.vi.iter().chain(text.en.iter()).cloned()
}

/// Returns all names of these localities, for search.
pub(crate) fn locality_texts(localities: &[LocalityId], directory: &Directory) -> Vec<String> {
    let names = |locality: &Locality| -> Vec<String> {
        both_languages(&locality.name)
            .chain(locality.native_name.clone())
            .chain(locality.aliases.iter().map(|alias| alias.name.clone()))
            .collect()
    };
    localities.iter().filter_map(|id| directory.locality(*id)).flat_map(names).collect()
}

/// Returns all names that the unit of origin has had, for search.
pub(crate) fn unit_texts(unit: Option<UnitId>, directory: &Directory) -> Vec<String> {
    unit.and_then(|unit| directory.unit(unit))
        .into_iter()
        .flat_map(|unit| unit.designations.iter().flat_map(|designation| both_languages(&designation.name)))
        .collect()
}
