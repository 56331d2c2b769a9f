//! The tables of entries: the columns and child rows of each kind of content.

mod agreement;
mod event;
mod figure;
mod instrument;
mod organization;
mod programme;
mod relation;

use crate::column::{Table, TableColumn};
use crate::insert::TableRow;
use caunoi_domain::date::{Day, FuzzyDate};
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::{Common, EntryKind, UnitId};
use caunoi_domain::fact::{DateBounds, FactSource};
use caunoi_domain::id::{Id, Log};
use caunoi_domain::locale::{Bilingual, Locale};
use caunoi_domain::party::{OrganizationRef, Participant};
use caunoi_domain::place::{Locality, LocalityId};
use caunoi_domain::search_index::Searchable;
use caunoi_domain::similarity::Comparable;
use sea_orm::ActiveValue::{self, Set};
use sea_orm::EntityTrait;
use std::collections::HashSet;

/// The tables of one kind of entry, and the columns that only some kinds have. Statements are built
/// from these values, so that their code exists once for all kinds.
#[derive(Debug, Clone, Copy)]
pub struct EntryTables {
    /// The kind.
    pub(crate) kind: EntryKind,
    /// The table of entries.
    pub(crate) entries: Table,
    /// The fields of cooperation in their child table, if the kind is filtered by them.
    pub(crate) fields: Option<TableColumn>,
    /// The child table of further owners, if an entry may have several.
    pub(crate) owners: Option<Table>,
    /// The child table of the entries that were merged into an entry, if the kind is merged.
    pub(crate) merged: Option<Table>,
    /// The child table of status spans.
    pub(crate) spans: Option<Table>,
    /// The partner locality: a column of the entry, or of a child table if there may be several.
    pub(crate) partner: Option<TableColumn>,
    /// All countries that an entry concerns, in their child table.
    pub(crate) countries: Option<TableColumn>,
    /// The form or kind.
    pub(crate) term: Option<TableColumn>,
    /// The country.
    pub(crate) country: Option<TableColumn>,
    /// The direction.
    pub(crate) direction: Option<TableColumn>,
}

impl EntryTables {
    /// Returns the tables of a kind without any of the columns that only some kinds have.
    pub(crate) fn of<E: EntityTrait>(kind: EntryKind, entries: E) -> Self {
        let (fields, spans, partner, countries) = (None, None, None, None);
        let (owners, merged, term, country, direction) = (None, None, None, None, None);
        let entries = Table::of(entries);
        Self { kind, entries, fields, owners, merged, spans, partner, countries, term, country, direction }
    }

    /// Returns the column of partner localities, if it is in a child table.
    pub(crate) fn child_partner(&self) -> Option<TableColumn> {
        self.partner.filter(|partner| partner.table != self.entries)
    }
}

/// A content that has a table.
pub trait StoredContent: FactSource + Comparable + Searchable {
    /// Whether a province has so few entries of the kind that the search for duplicates reads all.
    const FEW_PER_PROVINCE: bool = false;

    /// Returns the tables of the kind.
    fn tables() -> EntryTables;

    /// Returns all child tables.
    fn child_tables() -> Vec<Table>;

    /// Returns the date by which lists are ordered.
    fn first(&self) -> Option<&FuzzyDate>;

    /// Returns the texts of the name, the most important one first.
    fn name_parts(&self, log: Log, directory: &Directory, locale: Locale) -> Vec<String>;

    /// Returns the row of an entry with the columns that only this kind has.
    fn own_columns(&self, directory: &Directory) -> TableRow;

    /// Returns the rows of child tables, without the key of their entry.
    fn children(&self, directory: &Directory) -> Vec<TableRow>;

    /// Returns all texts that search finds the entry by.
    fn searchable(&self, directory: &Directory) -> Vec<String>;
}

pub(crate) fn id<T>(id: Id<T>) -> ActiveValue<i32> {
    Set(id.number())
}

pub(crate) fn optional_id<T>(id: Option<Id<T>>) -> ActiveValue<Option<i32>> {
    Set(id.map(Id::number))
}

pub(crate) fn text(text: Option<&str>) -> ActiveValue<Option<String>> {
    Set(text.map(str::to_owned))
}

pub(crate) fn edtf(date: Option<&FuzzyDate>) -> ActiveValue<Option<String>> {
    text(date.map(FuzzyDate::edtf))
}

pub(crate) fn word<W: Into<&'static str>>(word: W) -> ActiveValue<String> {
    Set(word.into().to_owned())
}

pub(crate) fn optional_word<W: Into<&'static str>>(word: Option<W>) -> ActiveValue<Option<String>> {
    text(word.map(Into::into))
}

pub(crate) fn bounds(date: Option<&FuzzyDate>) -> (Day, Day) {
    let period = DateBounds::from_date(date);
    (period.earliest, period.latest)
}

pub(crate) fn rank(index: usize) -> ActiveValue<i32> {
    Set(i32::try_from(index).unwrap_or(i32::MAX))
}

pub(crate) fn unique<T: Copy + Ord>(items: &[T]) -> impl Iterator<Item = T> {
    let mut items = items.to_vec();
    items.sort_unstable();
    items.dedup();
    items.into_iter()
}

/// A further owner of an entry.
pub(crate) struct Owner {
    /// The unit.
    pub(crate) unit: UnitId,
    /// The log of the province that it belongs to.
    pub(crate) log: Log,
    /// Whether no owner before it has this log.
    pub(crate) is_first: bool,
}

/// Returns the further owners of an entry.
pub(crate) fn owners(common: &Common, directory: &Directory) -> Vec<Owner> {
    let mut seen = HashSet::new();
    let owner = |unit: &UnitId| {
        let log = directory.province_of(*unit)?.log;
        Some(Owner { unit: *unit, log, is_first: seen.insert(log) })
    };
    common.shared_with.iter().filter_map(owner).collect()
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

/// Returns the names of these units and the printed names among these participants, for search.
/// Names of organizations that have an entry are found by that entry.
pub(crate) fn participant_texts<'a>(
    participants: impl IntoIterator<Item = &'a Participant>,
    directory: &Directory,
) -> Vec<String> {
    let texts = |participant: &Participant| match participant {
        Participant::Unit(unit) => unit_texts(Some(*unit), directory),
        Participant::Organization(OrganizationRef::Named(name)) => vec![name.clone()],
        Participant::Organization(OrganizationRef::Code(_)) => Vec::new(),
    };
    participants.into_iter().flat_map(texts).collect()
}

/// Returns all names that the unit of origin has had, for search.
pub(crate) fn unit_texts(unit: Option<UnitId>, directory: &Directory) -> Vec<String> {
    unit.and_then(|unit| directory.unit(unit))
        .into_iter()
        .flat_map(|unit| unit.designations.iter().flat_map(|designation| both_languages(&designation.name)))
        .collect()
}
