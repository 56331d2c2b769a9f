//! Drafts of stored organizations.

use super::{DraftWriter, edtf, quantity, text, word};
use crate::date::Day;
use crate::directory::Directory;
use crate::draft::{
    CommonDraft, Draft, MembershipDraft, OrganizationDraft, ParsedDraft, PostDraft, StageDraft,
};
use crate::entry::{CountryId, SourceId};
use crate::id::Log;
use crate::organization::{DatedStage, Membership, Organization, Post};
use crate::validation::ValidationError;

impl DraftWriter<'_> {
    fn optional_country(&self, country: Option<CountryId>) -> String {
        country.map(|country| self.country(country)).unwrap_or_default()
    }

    fn optional_source(&self, source: Option<SourceId>) -> String {
        source.map(|source| self.source(source)).unwrap_or_default()
    }

    fn membership(&self, membership: &Membership) -> MembershipDraft {
        MembershipDraft {
            unit: self.directory.unit(membership.unit).map(|unit| unit.slug.clone()).unwrap_or_default(),
            joined: edtf(membership.joined.as_ref()),
            as_of: edtf(membership.as_of.as_ref()),
            source: self.optional_source(membership.source),
        }
    }

    fn post(&self, post: &Post) -> PostDraft {
        PostDraft {
            person: post.person.clone(),
            post: post.post.clone(),
            as_of: edtf(post.as_of.as_ref()),
            source: self.optional_source(post.source),
        }
    }
}

fn stage(DatedStage { stage, from }: &DatedStage) -> StageDraft {
    StageDraft { stage: word(Some(*stage)), from: from.edtf().to_owned() }
}

impl Draft for OrganizationDraft {
    type Content = Organization;

    fn from_content(organization: &Organization, log: Log, directory: &Directory) -> Self {
        let writer = DraftWriter { directory };
        // Left blank when the last dated stage states it, so that adding a stage needs one change
        // only.
        let stated = Some(organization.stage).filter(|_| organization.stages.is_empty());
        Self {
            common: writer.common(&organization.common, log),
            name: organization.name.clone(),
            abbreviation: text(organization.abbreviation.as_ref()),
            kind: organization.kind.map(|kind| writer.term(kind)).unwrap_or_default(),
            stage: word(stated),
            stages: organization.stages.iter().map(stage).collect(),
            country: writer.optional_country(organization.country),
            target_country: writer.optional_country(organization.target_country),
            parent: text(organization.parent.as_ref()),
            founded: edtf(organization.founded.as_ref()),
            members: quantity(organization.members.first().map(|members| &members.count)),
            as_of: edtf(organization.as_of.as_ref()),
            roles: organization.roles.clone(),
            memberships: organization.memberships.iter().map(|unit| writer.membership(unit)).collect(),
            posts: organization.posts.iter().map(|post| writer.post(post)).collect(),
            note: text(organization.note.as_ref()),
        }
    }

    fn common(&self) -> &CommonDraft {
        &self.common
    }

    fn to_content(
        &self,
        directory: &Directory,
        received_on: Day,
    ) -> Result<ParsedDraft<Organization>, Vec<ValidationError>> {
        self.parse(directory, received_on)
    }
}
