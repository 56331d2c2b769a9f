//! The table of instruments.

use super::{ChildRow, ColumnValues, StoredContent, both_languages, text};
use caunoi_domain::date::FuzzyDate;
use caunoi_domain::directory::Directory;
use caunoi_domain::id::Log;
use caunoi_domain::instrument::Instrument;
use caunoi_domain::locale::Locale;

impl StoredContent for Instrument {
    const TABLE: &'static str = "instrument";
    const CHILDREN: &'static [&'static str] = &["instrument_implements"];

    fn first(&self) -> Option<&FuzzyDate> {
        self.issued.as_ref().or(self.effective.as_ref()).or(self.period.as_ref())
    }

    fn name_parts(&self, _log: Log, _directory: &Directory, locale: Locale) -> Vec<String> {
        vec![self.title.in_locale(locale).to_owned()]
    }

    fn own_columns(&self, _directory: &Directory) -> ColumnValues {
        vec![("printed_number", text(self.number.as_deref()))]
    }

    fn children(&self, _directory: &Directory) -> Vec<ChildRow> {
        let mut numbers = self.implements.clone();
        numbers.sort_unstable();
        numbers.dedup();
        let row =
            |number: String| ChildRow::new("instrument_implements", vec![("printed_number", number.into())]);
        numbers.into_iter().map(row).collect()
    }

    fn searchable(&self, _directory: &Directory) -> Vec<String> {
        both_languages(&self.title).chain(self.number.clone()).chain(self.issuer.clone()).collect()
    }
}
