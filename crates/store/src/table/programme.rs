//! The table of programmes.

use super::{
    EntryTables, StoredContent, both_languages, id, locality_texts, optional_word, unique, unit_texts,
};
use crate::column::Table;
use crate::entity::{programme, programme_country, programme_partner};
use crate::insert::TableRow;
use caunoi_domain::date::FuzzyDate;
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::EntryKind;
use caunoi_domain::id::Log;
use caunoi_domain::locale::Locale;
use caunoi_domain::programme::Programme;

impl StoredContent for Programme {
    const FEW_PER_PROVINCE: bool = true;

    fn tables() -> EntryTables {
        EntryTables {
            partner: Some(programme_partner::Column::LocalityId.into()),
            countries: Some(programme_country::Column::CountryId.into()),
            term: Some(programme::Column::KindId.into()),
            direction: Some(programme::Column::Direction.into()),
            ..EntryTables::of(EntryKind::Programme, programme::Entity)
        }
    }

    fn child_tables() -> Vec<Table> {
        vec![Table::of(programme_country::Entity), Table::of(programme_partner::Entity)]
    }

    fn first(&self) -> Option<&FuzzyDate> {
        self.period.as_ref().or(self.as_of.as_ref())
    }

    fn name_parts(&self, _log: Log, _directory: &Directory, locale: Locale) -> Vec<String> {
        vec![self.title.in_locale(locale).to_owned()]
    }

    fn own_columns(&self, _directory: &Directory) -> TableRow {
        TableRow::new(programme::ActiveModel {
            kind_id: id(self.kind),
            direction: optional_word(self.direction),
            ..Default::default()
        })
    }

    fn children(&self, _directory: &Directory) -> Vec<TableRow> {
        let partners = unique(&self.partners).map(|partner| {
            TableRow::new(programme_partner::ActiveModel { locality_id: id(partner), ..Default::default() })
        });
        let countries = unique(&self.countries).map(|country| {
            TableRow::new(programme_country::ActiveModel { country_id: id(country), ..Default::default() })
        });
        partners.chain(countries).collect()
    }

    fn searchable(&self, directory: &Directory) -> Vec<String> {
        let mut texts: Vec<String> = both_languages(&self.title).chain(self.partner_body.clone()).collect();
        texts.extend(locality_texts(&self.partners, directory));
        texts.extend(unit_texts(self.common.origin_unit, directory));
        texts
    }
}
