//! The table of programmes.

use super::{
    ChildRow, ColumnValues, StoredContent, both_languages, id, locality_rows, locality_texts, optional_word,
    unique, unit_texts,
};
use caunoi_domain::date::FuzzyDate;
use caunoi_domain::directory::Directory;
use caunoi_domain::id::Log;
use caunoi_domain::locale::Locale;
use caunoi_domain::programme::Programme;

impl StoredContent for Programme {
    const TABLE: &'static str = "programme";
    const CHILDREN: &'static [&'static str] = &["programme_country", "programme_partner"];
    const LOCALITIES: Option<&'static str> = Some("programme_partner");
    const COUNTRIES: Option<&'static str> = Some("programme_country");
    const TERM: Option<&'static str> = Some("kind_id");
    const FEW_PER_PROVINCE: bool = true;

    fn first(&self) -> Option<&FuzzyDate> {
        self.period.as_ref().or(self.as_of.as_ref())
    }

    fn name_parts(&self, _log: Log, _directory: &Directory, locale: Locale) -> Vec<String> {
        vec![self.title.in_locale(locale).to_owned()]
    }

    fn own_columns(&self, _directory: &Directory) -> ColumnValues {
        vec![("kind_id", id(self.kind)), ("direction", optional_word(self.direction))]
    }

    fn children(&self, _directory: &Directory) -> Vec<ChildRow> {
        let countries = unique(&self.countries)
            .map(|country| ChildRow::new("programme_country", vec![("country_id", id(country))]));
        locality_rows("programme_partner", &self.partners).chain(countries).collect()
    }

    fn searchable(&self, directory: &Directory) -> Vec<String> {
        let mut texts: Vec<String> = both_languages(&self.title).chain(self.partner_body.clone()).collect();
        texts.extend(locality_texts(&self.partners, directory));
        texts.extend(unit_texts(self.common.origin_unit, directory));
        texts
    }
}
