//! The table of organizations.

use super::{
    ChildRow, ColumnValues, StoredContent, both_languages, edtf, id, optional_id, rank, text, unit_texts,
    word,
};
use caunoi_domain::date::FuzzyDate;
use caunoi_domain::directory::Directory;
use caunoi_domain::id::Log;
use caunoi_domain::locale::Locale;
use caunoi_domain::organization::Organization;

impl StoredContent for Organization {
    const TABLE: &'static str = "organization";
    const CHILDREN: &'static [&'static str] = &["membership", "post"];
    const TERM: Option<&'static str> = Some("kind_id");
    const COUNTRY: Option<&'static str> = Some("target_country_id");
    const FEW_PER_PROVINCE: bool = true;

    fn first(&self) -> Option<&FuzzyDate> {
        self.founded.as_ref()
    }

    fn name_parts(&self, _log: Log, _directory: &Directory, locale: Locale) -> Vec<String> {
        vec![self.name.in_locale(locale).to_owned()]
    }

    fn own_columns(&self, _directory: &Directory) -> ColumnValues {
        vec![
            ("kind_id", optional_id(self.kind)),
            ("target_country_id", optional_id(self.target_country)),
            ("stage", word(self.stage)),
            ("parent_code", text(self.parent.as_deref())),
        ]
    }

    fn children(&self, _directory: &Directory) -> Vec<ChildRow> {
        let memberships = self.memberships.iter().enumerate().map(|(index, membership)| {
            ChildRow::new(
                "membership",
                vec![
                    ("rank", rank(index)),
                    ("unit_id", id(membership.unit)),
                    ("joined", edtf(membership.joined.as_ref())),
                    ("as_of", edtf(membership.as_of.as_ref())),
                ],
            )
        });
        let posts = self.posts.iter().enumerate().map(|(index, post)| {
            ChildRow::new(
                "post",
                vec![
                    ("rank", rank(index)),
                    ("person", text(Some(&post.person))),
                    ("post", text(Some(&post.post))),
                    ("as_of", edtf(post.as_of.as_ref())),
                ],
            )
        });
        memberships.chain(posts).collect()
    }

    fn searchable(&self, directory: &Directory) -> Vec<String> {
        let mut texts: Vec<String> = both_languages(&self.name).chain(self.abbreviation.clone()).collect();
        texts.extend(unit_texts(self.common.origin_unit, directory));
        texts
    }
}
