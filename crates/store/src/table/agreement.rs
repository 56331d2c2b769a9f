//! The table of agreements.

use super::{
    EntryTables, StoredContent, both_languages, bounds, edtf, id, locality_texts, optional_id, optional_word,
    owners, participant_texts, rank, text, unit_texts, word,
};
use crate::column::Table;
use crate::entity::{
    agreement, agreement_act, agreement_field, agreement_file, agreement_merged, agreement_owner,
    agreement_party, agreement_span,
};
use crate::insert::TableRow;
use caunoi_domain::agreement::Agreement;
use caunoi_domain::date::FuzzyDate;
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::EntryKind;
use caunoi_domain::id::Log;
use caunoi_domain::locale::Locale;
use caunoi_domain::party::PartyRef;
use sea_orm::ActiveValue::Set;
use std::collections::BTreeSet;

impl StoredContent for Agreement {
    fn tables() -> EntryTables {
        EntryTables {
            fields: Some(agreement_field::Column::TermId.into()),
            owners: Some(Table::of(agreement_owner::Entity)),
            merged: Some(Table::of(agreement_merged::Entity)),
            spans: Some(Table::of(agreement_span::Entity)),
            partner: Some(agreement_party::Column::LocalityId.into()),
            term: Some(agreement::Column::FormId.into()),
            country: Some(agreement::Column::CountryId.into()),
            ..EntryTables::of(EntryKind::Agreement, agreement::Entity)
        }
    }

    fn child_tables() -> Vec<Table> {
        vec![
            Table::of(agreement_party::Entity),
            Table::of(agreement_act::Entity),
            Table::of(agreement_field::Entity),
            Table::of(agreement_owner::Entity),
            Table::of(agreement_merged::Entity),
            Table::of(agreement_file::Entity),
            Table::of(agreement_span::Entity),
        ]
    }

    fn first(&self) -> Option<&FuzzyDate> {
        self.signed.as_ref()
    }

    fn name_parts(&self, _log: Log, _directory: &Directory, locale: Locale) -> Vec<String> {
        vec![self.title.in_locale(locale).to_owned()]
    }

    fn own_columns(&self, _directory: &Directory) -> TableRow {
        let term = self.term();
        let (earliest, latest) = bounds(term);
        TableRow::new(agreement::ActiveModel {
            form_id: id(self.form),
            level: optional_word(self.level),
            country_id: optional_id(self.country),
            expires_text: edtf(term),
            expires_earliest: Set(earliest),
            expires_latest: Set(latest),
            renews_code: text(self.renews.as_deref()),
            parent_code: text(self.parent.as_deref()),
            relation_code: text(self.relation.as_deref()),
            ..Default::default()
        })
    }

    fn children(&self, directory: &Directory) -> Vec<TableRow> {
        let parties = party_rows(self);
        let acts = self.acts.iter().enumerate().map(|(index, act)| {
            let (earliest, latest) = bounds(Some(&act.on));
            TableRow::new(agreement_act::ActiveModel {
                rank: rank(index),
                kind: word(act.kind),
                on_text: Set(act.on.edtf().to_owned()),
                on_earliest: Set(earliest),
                on_latest: Set(latest),
                ..Default::default()
            })
        });
        let merged = self.common.merged.iter().map(|entry| {
            TableRow::new(agreement_merged::ActiveModel {
                merged_code: Set(entry.code.clone()),
                merged_province_id: Set(entry.log.number()),
                merged_number: Set(entry.number),
                merged_unit_id: optional_id(entry.origin_unit),
                merged_relation_code: text(entry.relation.as_deref()),
                ..Default::default()
            })
        });
        let owners = owners(&self.common, directory).into_iter().map(|owner| {
            TableRow::new(agreement_owner::ActiveModel {
                unit_id: id(owner.unit),
                owner_id: Set(owner.log.number()),
                is_first: Set(owner.is_first),
                ..Default::default()
            })
        });
        let fields = self.common.fields.iter().map(|field| {
            TableRow::new(agreement_field::ActiveModel { term_id: id(*field), ..Default::default() })
        });
        let spans = self.spans.iter().map(|span| {
            TableRow::new(agreement_span::ActiveModel {
                from_on: Set(span.from),
                to_on: Set(span.to),
                status: word(span.status),
                ..Default::default()
            })
        });
        let hashes: BTreeSet<&str> = self.files.iter().map(|file| file.sha256.as_str()).collect();
        let files = hashes.into_iter().map(|sha256| {
            TableRow::new(agreement_file::ActiveModel {
                sha256: Set(sha256.to_owned()),
                ..Default::default()
            })
        });
        parties.chain(acts).chain(fields).chain(owners).chain(merged).chain(spans).chain(files).collect()
    }

    fn searchable(&self, directory: &Directory) -> Vec<String> {
        let mut texts: Vec<String> = both_languages(&self.title).collect();
        for party in &self.parties {
            match &party.party {
                PartyRef::Locality(locality) => texts.extend(locality_texts(&[*locality], directory)),
                PartyRef::Organization(code) => {
                    let body = directory.organization_by_code(code);
                    texts.extend(body.into_iter().flat_map(|body| both_languages(&body.content.name)));
                }
                PartyRef::Named(name) => texts.push(name.clone()),
            }
        }
        texts.extend(participant_texts(self.own_parties.iter().map(|own| &own.party), directory));
        texts.extend(unit_texts(self.common.origin_unit, directory));
        texts
    }
}

fn party_rows(agreement: &Agreement) -> impl Iterator<Item = TableRow> {
    let (first, _) = bounds(agreement.first());
    agreement.parties.iter().enumerate().map(move |(index, party)| {
        let (locality, organization, name) = match &party.party {
            PartyRef::Locality(locality) => (Some(*locality), None, None),
            PartyRef::Organization(code) => (None, Some(code.as_str()), None),
            PartyRef::Named(name) => (None, None, Some(name.as_str())),
        };
        TableRow::new(agreement_party::ActiveModel {
            rank: rank(index),
            locality_id: optional_id(locality),
            organization_code: text(organization),
            name: text(name),
            signatory: text(party.signatory.as_deref()),
            first_earliest: Set(first),
            ..Default::default()
        })
    })
}
