//! The table of instruments.

use super::{EntryTables, StoredContent, both_languages, text};
use crate::column::Table;
use crate::entity::{instrument, instrument_implements};
use crate::insert::TableRow;
use caunoi_domain::date::FuzzyDate;
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::EntryKind;
use caunoi_domain::id::Log;
use caunoi_domain::instrument::Instrument;
use caunoi_domain::locale::Locale;
use sea_orm::ActiveValue::Set;

impl StoredContent for Instrument {
    fn tables() -> EntryTables {
        EntryTables::of(EntryKind::Instrument, instrument::Entity)
    }

    fn child_tables() -> Vec<Table> {
        vec![Table::of(instrument_implements::Entity)]
    }

    fn first(&self) -> Option<&FuzzyDate> {
        self.issued.as_ref().or(self.effective.as_ref()).or(self.period.as_ref())
    }

    fn name_parts(&self, _log: Log, _directory: &Directory, locale: Locale) -> Vec<String> {
        vec![self.title.in_locale(locale).to_owned()]
    }

    fn own_columns(&self, _directory: &Directory) -> TableRow {
        let printed_number = text(self.number.as_deref());
        TableRow::new(instrument::ActiveModel { printed_number, ..Default::default() })
    }

    fn children(&self, _directory: &Directory) -> Vec<TableRow> {
        let mut numbers = self.implements.clone();
        numbers.sort_unstable();
        numbers.dedup();
        let row = |number| {
            TableRow::new(instrument_implements::ActiveModel {
                printed_number: Set(number),
                ..Default::default()
            })
        };
        numbers.into_iter().map(row).collect()
    }

    fn searchable(&self, _directory: &Directory) -> Vec<String> {
        both_languages(&self.title).chain(self.number.clone()).chain(self.issuer.clone()).collect()
    }
}
