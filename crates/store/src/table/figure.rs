//! The table of figures.

use super::{EntryTables, StoredContent, both_languages, id, optional_id, word};
use crate::column::Table;
use crate::entity::figure;
use crate::insert::TableRow;
use caunoi_domain::date::FuzzyDate;
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::EntryKind;
use caunoi_domain::figure::Figure;
use caunoi_domain::id::Log;
use caunoi_domain::locale::Locale;

impl StoredContent for Figure {
    fn tables() -> EntryTables {
        EntryTables {
            term: Some(figure::Column::IndicatorId.into()),
            country: Some(figure::Column::CountryId.into()),
            ..EntryTables::of(EntryKind::Figure, figure::Entity)
        }
    }

    fn child_tables() -> Vec<Table> {
        Vec::new()
    }

    fn first(&self) -> Option<&FuzzyDate> {
        self.as_of.as_ref().or(self.period.as_ref())
    }

    fn name_parts(&self, _log: Log, directory: &Directory, locale: Locale) -> Vec<String> {
        let indicator = directory.term(self.indicator).map(|term| term.name.in_locale(locale).to_owned());
        vec![indicator.unwrap_or_default()]
    }

    fn own_columns(&self, _directory: &Directory) -> TableRow {
        TableRow::new(figure::ActiveModel {
            indicator_id: id(self.indicator),
            country_id: optional_id(self.country),
            basis: word(self.basis),
            ..Default::default()
        })
    }

    fn children(&self, _directory: &Directory) -> Vec<TableRow> {
        Vec::new()
    }

    fn searchable(&self, directory: &Directory) -> Vec<String> {
        directory.term(self.indicator).into_iter().flat_map(|term| both_languages(&term.name)).collect()
    }
}
