//! The table of figures.

use super::{ChildRow, ColumnValues, StoredContent, both_languages, id, optional_id, word};
use caunoi_domain::date::FuzzyDate;
use caunoi_domain::directory::Directory;
use caunoi_domain::figure::Figure;
use caunoi_domain::id::Log;
use caunoi_domain::locale::Locale;

impl StoredContent for Figure {
    const TABLE: &'static str = "figure";
    const CHILDREN: &'static [&'static str] = &[];
    const TERM: Option<&'static str> = Some("indicator_id");
    const COUNTRY: Option<&'static str> = Some("country_id");

    fn first(&self) -> Option<&FuzzyDate> {
        self.as_of.as_ref().or(self.period.as_ref())
    }

    fn name_parts(&self, _log: Log, directory: &Directory, locale: Locale) -> Vec<String> {
        let indicator = directory.term(self.indicator).map(|term| term.name.in_locale(locale).to_owned());
        vec![indicator.unwrap_or_default()]
    }

    fn own_columns(&self, _directory: &Directory) -> ColumnValues {
        vec![
            ("indicator_id", id(self.indicator)),
            ("country_id", optional_id(self.country)),
            ("basis", word(self.basis)),
        ]
    }

    fn children(&self, _directory: &Directory) -> Vec<ChildRow> {
        Vec::new()
    }

    fn searchable(&self, directory: &Directory) -> Vec<String> {
        directory.term(self.indicator).into_iter().flat_map(|term| both_languages(&term.name)).collect()
    }
}
