//! The table of events.

use super::{
    EntryTables, StoredContent, both_languages, bounds, id, locality_texts, optional_id, optional_word,
    owners, participant_texts, text, unique, unit_texts,
};
use crate::column::Table;
use crate::entity::{event, event_country, event_field, event_merged, event_owner, event_partner};
use crate::insert::TableRow;
use caunoi_domain::date::FuzzyDate;
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::EntryKind;
use caunoi_domain::event::Event;
use caunoi_domain::fact::DateBounds;
use caunoi_domain::id::Log;
use caunoi_domain::locale::Locale;
use caunoi_domain::text::fold_name;
use sea_orm::ActiveValue::{self, Set};

impl StoredContent for Event {
    fn tables() -> EntryTables {
        EntryTables {
            fields: Some(event_field::Column::TermId.into()),
            owners: Some(Table::of(event_owner::Entity)),
            merged: Some(Table::of(event_merged::Entity)),
            partner: Some(event_partner::Column::LocalityId.into()),
            countries: Some(event_country::Column::CountryId.into()),
            term: Some(event::Column::KindId.into()),
            country: Some(event::Column::CountryId.into()),
            direction: Some(event::Column::Direction.into()),
            ..EntryTables::of(EntryKind::Event, event::Entity)
        }
    }

    fn child_tables() -> Vec<Table> {
        vec![
            Table::of(event_field::Entity),
            Table::of(event_owner::Entity),
            Table::of(event_merged::Entity),
            Table::of(event_partner::Entity),
            Table::of(event_country::Entity),
        ]
    }

    fn first(&self) -> Option<&FuzzyDate> {
        self.when.as_ref()
    }

    fn name_parts(&self, _log: Log, _directory: &Directory, locale: Locale) -> Vec<String> {
        vec![self.title.in_locale(locale).to_owned()]
    }

    fn own_columns(&self, _directory: &Directory) -> TableRow {
        let DateBounds { start, end, .. } = DateBounds::from_date(self.when.as_ref());
        TableRow::new(event::ActiveModel {
            kind_id: id(self.kind),
            country_id: optional_id(self.country),
            direction: optional_word(self.direction),
            relation_code: text(self.relation.as_deref()),
            event_level: optional_word(self.level),
            mode: optional_word(self.mode),
            state: optional_word(self.state),
            series: name(self.series.as_deref()),
            edition: name(self.edition.as_deref()),
            start_earliest: Set(start.earliest),
            start_latest: Set(start.latest),
            end_earliest: Set(end.earliest),
            end_latest: Set(end.latest),
            ..Default::default()
        })
    }

    fn children(&self, directory: &Directory) -> Vec<TableRow> {
        let (first, _) = bounds(self.first());
        let merged = self.common.merged.iter().map(|entry| {
            TableRow::new(event_merged::ActiveModel {
                merged_code: Set(entry.code.clone()),
                merged_province_id: Set(entry.log.number()),
                merged_number: Set(entry.number),
                merged_unit_id: optional_id(entry.origin_unit),
                merged_relation_code: text(entry.relation.as_deref()),
                ..Default::default()
            })
        });
        let owners = owners(&self.common, directory).into_iter().map(|owner| {
            TableRow::new(event_owner::ActiveModel {
                unit_id: id(owner.unit),
                owner_id: Set(owner.log.number()),
                is_first: Set(owner.is_first),
                ..Default::default()
            })
        });
        let fields = self.common.fields.iter().map(|field| {
            TableRow::new(event_field::ActiveModel { term_id: id(*field), ..Default::default() })
        });
        let partners = unique(&self.partners).map(|partner| {
            TableRow::new(event_partner::ActiveModel {
                locality_id: id(partner),
                first_earliest: Set(first),
                ..Default::default()
            })
        });
        let countries = self.countries(directory);
        let countries = unique(&countries).map(|country| {
            TableRow::new(event_country::ActiveModel { country_id: id(country), ..Default::default() })
        });
        fields.chain(owners).chain(merged).chain(partners).chain(countries).collect()
    }

    fn searchable(&self, directory: &Directory) -> Vec<String> {
        let mut texts: Vec<String> = both_languages(&self.title)
            .chain(self.other_title.clone())
            .chain(self.series.clone())
            .chain(self.place.clone())
            .collect();
        texts.extend(locality_texts(&self.partners, directory));
        texts.extend(participant_texts(self.hosts.iter().chain(&self.co_organizers), directory));
        texts.extend(unit_texts(self.common.origin_unit, directory));
        texts
    }
}

/// Returns a name in the form that filters compare.
fn name(name: Option<&str>) -> ActiveValue<Option<String>> {
    text(name.map(fold_name).as_deref())
}
