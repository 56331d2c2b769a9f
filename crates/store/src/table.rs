//! How the content of each kind of entry lies in its table.

mod agreement;
mod event;
mod figure;
mod instrument;
mod organization;
mod programme;
mod relation;

use caunoi_domain::date::{Day, FuzzyDate};
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::{Content, TermId, UnitId};
use caunoi_domain::fact::Period;
use caunoi_domain::id::{Id, Log};
use caunoi_domain::locale::{Bilingual, Locale};
use caunoi_domain::place::{Locality, LocalityId};
use caunoi_domain::status::Span;
use sea_orm::Value;

/// A content that has a table.
pub trait Stored: Content {
    /// The table.
    const TABLE: &'static str;
    /// Every child table.
    const CHILDREN: &'static [&'static str];
    /// The child table of fields of cooperation, where the kind is filtered by them.
    const FIELDS: Option<&'static str> = None;
    /// The child table of status spans.
    const SPANS: Option<&'static str> = None;
    /// The child table of partner localities; `locality_id` is its column.
    const LOCALITIES: Option<&'static str> = None;
    /// The child table of all countries that an entry has to do with.
    const COUNTRIES: Option<&'static str> = None;
    /// The column of the form or kind.
    const TERM: Option<&'static str> = None;
    /// The column of the country.
    const COUNTRY: Option<&'static str> = None;

    /// Whether a province has so few of the kind that looking for doubles reads all of them.
    const ARE_FEW: bool = false;

    /// The date that the list is ordered by.
    fn first(&self) -> Option<&FuzzyDate>;

    /// The texts that make the name, the most important one first.
    fn name_parts(&self, log: Log, directory: &Directory, locale: Locale) -> Vec<String>;

    /// The columns that this kind alone has.
    fn own_columns(&self, directory: &Directory) -> Columns;

    /// The rows of child tables.
    fn children(&self, directory: &Directory) -> Vec<Child>;

    /// Every text that a search may find it by.
    fn searchable(&self, directory: &Directory) -> Vec<String>;
}

/// Columns and their values.
pub type Columns = Vec<(&'static str, Value)>;

/// A row of a child table, without the key of its entry.
#[derive(Debug, Clone)]
pub struct Child {
    pub(crate) table: &'static str,
    pub(crate) columns: Columns,
}

impl Child {
    pub(crate) fn new(table: &'static str, columns: Columns) -> Self {
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
    let period = Period::of(date);
    (period.earliest, period.latest)
}

pub(crate) fn rank(index: usize) -> Value {
    i32::try_from(index).unwrap_or(i32::MAX).into()
}

pub(crate) fn field_rows(table: &'static str, fields: &[TermId]) -> impl Iterator<Item = Child> {
    fields.iter().map(move |field| Child::new(table, vec![("term_id", id(*field))]))
}

pub(crate) fn span_rows<S: Copy + Into<&'static str>>(
    table: &'static str,
    spans: &[Span<S>],
) -> impl Iterator<Item = Child> {
    spans.iter().map(move |span| {
        Child::new(
            table,
            vec![("from_on", span.from.into()), ("to_on", span.to.into()), ("status", word(span.status))],
        )
    })
}

pub(crate) fn locality_rows(table: &'static str, localities: &[LocalityId]) -> impl Iterator<Item = Child> {
    unique(localities).map(move |locality| Child::new(table, vec![("locality_id", id(locality))]))
}

pub(crate) fn unique<T: Copy + Ord>(items: &[T]) -> impl Iterator<Item = T> {
    let mut items = items.to_vec();
    items.sort_unstable();
    items.dedup();
    items.into_iter()
}

/// Both languages of a text, for a search.
pub(crate) fn both(text: &Bilingual) -> impl Iterator<Item = String> {
    text.vi.iter().chain(text.en.iter()).cloned()
}

/// Every name of these localities, for a search.
pub(crate) fn locality_texts(localities: &[LocalityId], directory: &Directory) -> Vec<String> {
    let names = |locality: &Locality| -> Vec<String> {
        both(&locality.name)
            .chain(locality.native_name.clone())
            .chain(locality.aliases.iter().map(|alias| alias.name.clone()))
            .collect()
    };
    localities.iter().filter_map(|id| directory.locality(*id)).flat_map(names).collect()
}

/// Every name that the unit of origin bore, for a search.
pub(crate) fn unit_texts(unit: Option<UnitId>, directory: &Directory) -> Vec<String> {
    unit.and_then(|unit| directory.unit(unit))
        .into_iter()
        .flat_map(|unit| unit.designations.iter().flat_map(|designation| both(&designation.name)))
        .collect()
}
