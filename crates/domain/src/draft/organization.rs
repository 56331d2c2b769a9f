//! Drafts of organizations.

use super::{CommonDraft, Dating, LONGEST_NOTE, LONGEST_TITLE, LONGEST_WORD, Placed, QuantityDraft, Reading};
use crate::date::Day;
use crate::directory::Directory;
use crate::locale::Bilingual;
use crate::organization::{MemberCount, Membership, Organization, OrganizationStage, Post};
use crate::reference::Vocabulary;
use crate::refusal::{Problem, Refusal};

/// An organization as somebody wrote it.
#[derive(Debug, Clone, Default)]
pub struct OrganizationDraft {
    /// What every draft shares.
    pub common: CommonDraft,
    /// The name.
    pub name: Bilingual,
    /// The short name, or blank.
    pub abbreviation: String,
    /// A code of `ORGANIZATION_KIND`, or blank.
    pub kind: String,
    /// A stage; blank means established, or a committee for the kind COMMITTEE.
    pub stage: String,
    /// Where a body abroad sits, or blank.
    pub country: String,
    /// The country that it befriends, or blank.
    pub target_country: String,
    /// The code of the organization above it, or blank.
    pub parent: String,
    /// EDTF, or blank.
    pub founded: String,
    /// How many members.
    pub members: QuantityDraft,
    /// The date that the source speaks of, or blank.
    pub as_of: String,
    /// What it does for others.
    pub roles: Vec<String>,
    /// Networks: the units that belong to this one.
    pub memberships: Vec<MembershipDraft>,
    /// Its officials.
    pub posts: Vec<PostDraft>,
    /// A remark, or blank.
    pub note: String,
}

/// A unit that belongs to a network, as somebody wrote it.
#[derive(Debug, Clone, Default)]
pub struct MembershipDraft {
    /// The slug of the unit.
    pub unit: String,
    /// EDTF, or blank.
    pub joined: String,
    /// EDTF, or blank.
    pub as_of: String,
    /// The code of the source.
    pub source: String,
}

/// A post, as somebody wrote it.
#[derive(Debug, Clone, Default)]
pub struct PostDraft {
    /// The official.
    pub person: String,
    /// The post.
    pub post: String,
    /// EDTF, or blank.
    pub as_of: String,
    /// The code of the source.
    pub source: String,
}

impl OrganizationDraft {
    /// Checks every field.
    ///
    /// # Errors
    /// Every problem found, by path.
    pub fn parse(
        &self,
        directory: &Directory,
        brought_on: Day,
    ) -> Result<Placed<Organization>, Vec<Problem>> {
        let mut reading = Reading::new(directory);
        let founded = reading.date("founded", &self.founded);
        let as_of = reading.date("asOf", &self.as_of);
        let dating = Dating { first: founded.as_ref().or(as_of.as_ref()), evidence_year: None, brought_on };
        let common = reading.common(&self.common, dating);
        let name = reading.bilingual("name", &self.name, LONGEST_TITLE);
        let kind = reading.optional_term("kind", Vocabulary::OrganizationKind, &self.kind);
        let stated_stage = reading.word::<OrganizationStage>("stage", &self.stage, "a stage");
        let usual = if self.kind == "COMMITTEE" {
            OrganizationStage::Committee
        } else {
            OrganizationStage::Established
        };
        let abbreviation = reading.optional_text("abbreviation", &self.abbreviation, LONGEST_WORD);
        let country = reading.country("country", &self.country);
        let target_country = reading.country("targetCountry", &self.target_country);
        let parent = reading.optional_text("parent", &self.parent, LONGEST_WORD);
        let members = reading.quantity("members", &self.members);
        let members = members.map(|count| MemberCount { count, as_of: as_of.clone() }).into_iter().collect();
        let roles = self
            .roles
            .iter()
            .filter_map(|role| reading.optional_text("roles", role, LONGEST_TITLE))
            .collect();
        let note = reading.optional_text("note", &self.note, LONGEST_NOTE);
        let memberships = self.memberships(&mut reading, brought_on);
        let posts = self.posts(&mut reading);
        let made = common.zip(name).map(|((log, common), name)| Placed {
            log,
            content: Organization {
                common,
                name,
                abbreviation,
                kind,
                stage: stated_stage.unwrap_or(usual),
                country,
                target_country,
                parent,
                founded,
                members,
                as_of,
                roles,
                memberships,
                posts,
                note,
            },
        });
        reading.problems.settle(made)
    }

    fn memberships(&self, reading: &mut Reading<'_>, brought_on: Day) -> Vec<Membership> {
        let mut memberships = Vec::new();
        for (index, draft) in self.memberships.iter().enumerate() {
            let path = |field: &str| format!("memberships.{index}.{field}");
            let joined = reading.date(&path("joined"), &draft.joined);
            let as_of = reading.date(&path("asOf"), &draft.as_of);
            let day = as_of.as_ref().and_then(crate::date::FuzzyDate::first_latest).unwrap_or(brought_on);
            let unit = reading.directory.unit_by_slug_on(&draft.unit, day).map(|unit| unit.id);
            let unit = unit.ok_or_else(|| Refusal::unknown("unit", &draft.unit));
            let source = reading.source(&draft.source);
            let unit = reading.problems.take(&path("unit"), unit);
            let source = reading.problems.take(&path("source"), source);
            memberships.extend(unit.map(|unit| Membership { unit, joined, as_of, source }));
        }
        memberships
    }

    fn posts(&self, reading: &mut Reading<'_>) -> Vec<Post> {
        let mut posts = Vec::new();
        for (index, draft) in self.posts.iter().enumerate() {
            let path = |field: &str| format!("posts.{index}.{field}");
            let person = reading.text(&path("person"), &draft.person, LONGEST_TITLE);
            let post = reading.text(&path("post"), &draft.post, LONGEST_TITLE);
            let as_of = reading.date(&path("asOf"), &draft.as_of);
            let source = reading.source(&draft.source);
            let source = reading.problems.take(&path("source"), source);
            posts.extend(person.zip(post).map(|(person, post)| Post { person, post, as_of, source }));
        }
        posts
    }
}
