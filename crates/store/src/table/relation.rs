//! The table of relations.

use super::{EntryTables, StoredContent, id, locality_texts, unit_texts, word};
use crate::column::Table;
use crate::entity::{relation, relation_field, relation_span};
use crate::insert::TableRow;
use caunoi_domain::date::FuzzyDate;
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::EntryKind;
use caunoi_domain::id::{Id, Log};
use caunoi_domain::locale::Locale;
use caunoi_domain::party::OrganizationRef;
use caunoi_domain::relation::Relation;
use sea_orm::ActiveValue::Set;

impl StoredContent for Relation {
    fn tables() -> EntryTables {
        EntryTables {
            fields: Some(relation_field::Column::TermId.into()),
            spans: Some(Table::of(relation_span::Entity)),
            partner: Some(relation::Column::PartnerId.into()),
            country: Some(relation::Column::CountryId.into()),
            ..EntryTables::of(EntryKind::Relation, relation::Entity)
        }
    }

    fn child_tables() -> Vec<Table> {
        vec![Table::of(relation_field::Entity), Table::of(relation_span::Entity)]
    }

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

    fn own_columns(&self, directory: &Directory) -> TableRow {
        let country = directory.locality(self.partner).map(|partner| partner.country);
        let row = relation::ActiveModel {
            partner_id: id(self.partner),
            tier: word(self.tier),
            ..Default::default()
        };
        // Null, which the table refuses, if the partner is unknown.
        TableRow::with_nullable(row, [(relation::Column::CountryId, country.map(Id::number).into())])
    }

    fn children(&self, _directory: &Directory) -> Vec<TableRow> {
        let fields = self.common.fields.iter().map(|field| {
            TableRow::new(relation_field::ActiveModel { term_id: id(*field), ..Default::default() })
        });
        let spans = self.spans.iter().map(|span| {
            TableRow::new(relation_span::ActiveModel {
                from_on: Set(span.from),
                to_on: Set(span.to),
                status: word(span.status),
                ..Default::default()
            })
        });
        fields.chain(spans).collect()
    }

    fn searchable(&self, directory: &Directory) -> Vec<String> {
        let mut texts = locality_texts(&[self.partner], directory);
        texts.extend(self.own_bodies.iter().chain(&self.partner_bodies).filter_map(|body| match body {
            OrganizationRef::Named(name) => Some(name.clone()),
            OrganizationRef::Code(_) => None,
        }));
        texts.extend(unit_texts(self.common.origin_unit, directory));
        texts
    }
}
