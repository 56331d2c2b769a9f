//! The table of organizations.

use super::{
    EntryTables, StoredContent, both_languages, edtf, id, optional_id, rank, text, unit_texts, word,
};
use crate::column::Table;
use crate::entity::{membership, organization, post};
use crate::insert::TableRow;
use caunoi_domain::date::FuzzyDate;
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::EntryKind;
use caunoi_domain::id::Log;
use caunoi_domain::locale::Locale;
use caunoi_domain::organization::Organization;
use sea_orm::ActiveValue::Set;

impl StoredContent for Organization {
    const FEW_PER_PROVINCE: bool = true;

    fn tables() -> EntryTables {
        EntryTables {
            term: Some(organization::Column::KindId.into()),
            country: Some(organization::Column::TargetCountryId.into()),
            ..EntryTables::of(EntryKind::Organization, organization::Entity)
        }
    }

    fn child_tables() -> Vec<Table> {
        vec![Table::of(membership::Entity), Table::of(post::Entity)]
    }

    fn first(&self) -> Option<&FuzzyDate> {
        self.founded.as_ref()
    }

    fn name_parts(&self, _log: Log, _directory: &Directory, locale: Locale) -> Vec<String> {
        vec![self.name.in_locale(locale).to_owned()]
    }

    fn own_columns(&self, _directory: &Directory) -> TableRow {
        TableRow::new(organization::ActiveModel {
            kind_id: optional_id(self.kind),
            target_country_id: optional_id(self.target_country),
            stage: word(self.stage),
            parent_code: text(self.parent.as_deref()),
            ..Default::default()
        })
    }

    fn children(&self, _directory: &Directory) -> Vec<TableRow> {
        let memberships = self.memberships.iter().enumerate().map(|(index, membership)| {
            TableRow::new(membership::ActiveModel {
                rank: rank(index),
                unit_id: id(membership.unit),
                joined: edtf(membership.joined.as_ref()),
                as_of: edtf(membership.as_of.as_ref()),
                ..Default::default()
            })
        });
        let posts = self.posts.iter().enumerate().map(|(index, post)| {
            TableRow::new(post::ActiveModel {
                rank: rank(index),
                person: Set(post.person.clone()),
                post: Set(post.post.clone()),
                as_of: edtf(post.as_of.as_ref()),
                ..Default::default()
            })
        });
        memberships.chain(posts).collect()
    }

    fn searchable(&self, directory: &Directory) -> Vec<String> {
        let mut texts: Vec<String> = both_languages(&self.name).chain(self.abbreviation.clone()).collect();
        texts.extend(unit_texts(self.common.origin_unit, directory));
        texts
    }
}
