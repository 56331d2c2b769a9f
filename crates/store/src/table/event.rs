//! The table of events.

use super::{
    ChildRow, ColumnValues, StoredContent, both_languages, bounds, field_rows, id, locality_rows,
    locality_texts, optional_id, optional_word, text, unique, unit_texts,
};
use caunoi_domain::date::FuzzyDate;
use caunoi_domain::directory::Directory;
use caunoi_domain::event::Event;
use caunoi_domain::id::Log;
use caunoi_domain::locale::Locale;
use caunoi_domain::text::fold_name;
use sea_orm::Value;

impl StoredContent for Event {
    const TABLE: &'static str = "event";
    const CHILDREN: &'static [&'static str] = &["event_field", "event_partner", "event_country"];
    const FIELDS: Option<&'static str> = Some("event_field");
    const LOCALITIES: Option<&'static str> = Some("event_partner");
    const COUNTRIES: Option<&'static str> = Some("event_country");
    const TERM: Option<&'static str> = Some("kind_id");
    const COUNTRY: Option<&'static str> = Some("country_id");

    fn first(&self) -> Option<&FuzzyDate> {
        self.when.as_ref()
    }

    fn name_parts(&self, _log: Log, _directory: &Directory, locale: Locale) -> Vec<String> {
        vec![self.title.in_locale(locale).to_owned()]
    }

    fn own_columns(&self, _directory: &Directory) -> ColumnValues {
        vec![
            ("kind_id", id(self.kind)),
            ("country_id", optional_id(self.country)),
            ("direction", optional_word(self.direction)),
            ("relation_code", text(self.relation.as_deref())),
            ("event_level", optional_word(self.level)),
            ("mode", optional_word(self.mode)),
            ("series", name(self.series.as_deref())),
            ("edition", name(self.edition.as_deref())),
        ]
    }

    fn children(&self, directory: &Directory) -> Vec<ChildRow> {
        let countries = self.countries(directory);
        let (first, _) = bounds(self.first());
        field_rows("event_field", &self.common.fields)
            .chain(locality_rows("event_partner", &self.partners).map(move |mut partner| {
                partner.columns.push(("first_earliest", first.into()));
                partner
            }))
            .chain(
                unique(&countries)
                    .map(|country| ChildRow::new("event_country", vec![("country_id", id(country))])),
            )
            .collect()
    }

    fn searchable(&self, directory: &Directory) -> Vec<String> {
        let mut texts: Vec<String> = both_languages(&self.title)
            .chain(self.other_title.clone())
            .chain(self.series.clone())
            .chain(self.place.clone())
            .collect();
        texts.extend(locality_texts(&self.partners, directory));
        texts.extend(unit_texts(self.common.origin_unit, directory));
        texts
    }
}

/// Returns a name in the form that filters compare.
fn name(name: Option<&str>) -> Value {
    text(name.map(fold_name).as_deref())
}
