//! The table of relations.

use super::{
    ChildRow, ColumnValues, StoredContent, field_rows, id, locality_texts, span_rows, unit_texts, word,
};
use caunoi_domain::date::FuzzyDate;
use caunoi_domain::directory::Directory;
use caunoi_domain::id::Log;
use caunoi_domain::locale::Locale;
use caunoi_domain::relation::Relation;

impl StoredContent for Relation {
    const TABLE: &'static str = "relation";
    const CHILDREN: &'static [&'static str] = &["relation_field", "relation_span"];
    const FIELDS: Option<&'static str> = Some("relation_field");
    const SPANS: Option<&'static str> = Some("relation_span");
    const COUNTRY: Option<&'static str> = Some("country_id");

    fn first(&self) -> Option<&FuzzyDate> {
        self.established.as_ref()
    }

    fn name_parts(&self, log: Log, directory: &Directory, locale: Locale) -> Vec<String> {
        let partner =
            directory.locality(self.partner).map(|partner| partner.name.in_locale(locale).to_owned());
        let unit = directory.province(log).and_then(|province| directory.unit(province.unit));
        let province =
            unit.and_then(|unit| unit.designations.last()).map(|now| now.name.in_locale(locale).to_owned());
        vec![partner.unwrap_or_default(), province.unwrap_or_default()]
    }

    fn own_columns(&self, directory: &Directory) -> ColumnValues {
        let country = directory.locality(self.partner).map(|partner| partner.country);
        vec![
            ("partner_id", id(self.partner)),
            ("country_id", super::optional_id(country)),
            ("tier", word(self.tier)),
        ]
    }

    fn children(&self, _directory: &Directory) -> Vec<ChildRow> {
        field_rows("relation_field", &self.common.fields)
            .chain(span_rows("relation_span", &self.spans))
            .collect()
    }

    fn searchable(&self, directory: &Directory) -> Vec<String> {
        let mut texts = locality_texts(&[self.partner], directory);
        texts.extend(unit_texts(self.common.origin_unit, directory));
        texts
    }
}
