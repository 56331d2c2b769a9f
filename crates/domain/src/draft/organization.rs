//! Drafts of organizations.

use super::Draft;
use super::writer::{DraftWriter, edtf, quantity, text, word};
use super::{
    CommonDraft, DateEvidence, DraftReader, LONGEST_NOTE, LONGEST_TITLE, LONGEST_WORD, MOST_MEMBERS,
    ParsedDraft, QuantityDraft,
};
use crate::date::{Day, DayRange, FuzzyDate};
use crate::directory::Directory;
use crate::entry::{CountryId, SourceId};
use crate::id::Log;
use crate::locale::Bilingual;
use crate::organization::{DatedStage, MemberCount, Membership, Organization, OrganizationStage, Post};
use crate::quantity::Measure;
use crate::reference::Vocabulary;
use crate::validation::{InvalidReason, ValidationError, WordList};

/// The kind of a committee that prepares an organization.
const COMMITTEE: &str = "COMMITTEE";

/// Unchecked input for an organization.
#[derive(Debug, Clone, Default)]
pub struct OrganizationDraft {
    /// The fields that all kinds have.
    pub common: CommonDraft,
    /// The name.
    pub name: Bilingual,
    /// The abbreviation, or blank.
    pub abbreviation: String,
    /// A code of `ORGANIZATION_KIND`, or blank.
    pub kind: String,
    /// A stage. Blank means that of the last dated stage; without dated stages it means
    /// ESTABLISHED, or COMMITTEE for the kind COMMITTEE.
    pub stage: String,
    /// Its dated stages.
    pub stages: Vec<StageDraft>,
    /// The country of an organization abroad, or blank.
    pub country: String,
    /// The country that a friendship association is for, or blank.
    pub target_country: String,
    /// The code of the parent organization, or blank.
    pub parent: String,
    /// EDTF, or blank.
    pub founded: String,
    /// The number of members.
    pub members: QuantityDraft,
    /// The date of the source's statements, or blank.
    pub as_of: String,
    /// Its roles.
    pub roles: Vec<String>,
    /// For networks: the member units.
    pub memberships: Vec<MembershipDraft>,
    /// Its officials.
    pub posts: Vec<PostDraft>,
    /// A remark, or blank.
    pub note: String,
}

/// Unchecked input for a dated stage.
#[derive(Debug, Clone, Default)]
pub struct StageDraft {
    /// The stage.
    pub stage: String,
    /// The first day of the stage, EDTF.
    pub from: String,
}

/// Unchecked input for the membership of a unit in a network.
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

/// Unchecked input for a post.
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
    /// All errors, each with its path.
    pub fn parse(
        &self,
        directory: &Directory,
        received_on: Day,
    ) -> Result<ParsedDraft<Organization>, Vec<ValidationError>> {
        let mut reader = DraftReader::new(directory);
        let founded = reader.date("founded", &self.founded);
        let as_of = reader.date("asOf", &self.as_of);
        let evidence =
            DateEvidence { first: founded.as_ref().or(as_of.as_ref()), evidence_year: None, received_on };
        let common = reader.common(&self.common, evidence);
        let name = reader.bilingual("name", &self.name, LONGEST_TITLE);
        let kind = reader.optional_term("kind", Vocabulary::OrganizationKind, &self.kind);
        let stages = self.stages(&mut reader);
        let is_committee =
            kind.and_then(|kind| directory.term(kind)).is_some_and(|kind| kind.code == COMMITTEE);
        let stage = self.stage(&mut reader, &stages, is_committee);
        let abbreviation = reader.optional_text("abbreviation", &self.abbreviation, LONGEST_WORD);
        let country = reader.country("country", &self.country);
        let target_country = reader.country("targetCountry", &self.target_country);
        let parent = reader.optional_text("parent", &self.parent, LONGEST_WORD);
        let members = reader.quantity("members", &self.members, Measure::Members);
        let members = members.map(|count| MemberCount { count, as_of: as_of.clone() }).into_iter().collect();
        let roles = reader.texts("roles", &self.roles, LONGEST_TITLE);
        let note = reader.optional_text("note", &self.note, LONGEST_NOTE);
        let memberships = self.memberships(&mut reader, received_on);
        let posts = self.posts(&mut reader);
        let parsed = common.zip(name).map(|((log, common), name)| ParsedDraft {
            log,
            content: Organization {
                common,
                name,
                abbreviation,
                kind,
                stage,
                stages,
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
        reader.problems.settle(parsed)
    }

    /// Parses the dated stages; returns them in order of time.
    fn stages(&self, reader: &mut DraftReader<'_>) -> Vec<DatedStage> {
        let mut stages = Vec::new();
        for (index, draft) in reader.bounded_list("stages", &self.stages, MOST_MEMBERS).iter().enumerate() {
            let path = |field: &str| format!("stages.{index}.{field}");
            let stage = reader.required_enum::<OrganizationStage>(
                &path("stage"),
                &draft.stage,
                WordList::OrganizationStage,
            );
            reader.require(&path("from"), &draft.from);
            let Some(from) = reader.date(&path("from"), &draft.from) else { continue };
            let Some(day) = from.first_latest() else {
                reader.problems.note(&path("from"), InvalidReason::StageStartOpen.into());
                continue;
            };
            stages.extend(stage.map(|stage| (day, DatedStage { stage, from })));
        }
        stages.sort_by_key(|(day, _)| *day);
        if stages.windows(2).any(|pair| pair[0].0 == pair[1].0) {
            reader.problems.note("stages", InvalidReason::StagesOnOneDay.into());
        }
        stages.into_iter().map(|(_, stage)| stage).collect()
    }

    /// Parses the stated stage, which must equal the last dated one.
    fn stage(
        &self,
        reader: &mut DraftReader<'_>,
        stages: &[DatedStage],
        is_committee: bool,
    ) -> OrganizationStage {
        let stated =
            reader.enum_value::<OrganizationStage>("stage", &self.stage, WordList::OrganizationStage);
        let last = stages.last().map(|last| last.stage);
        if let Some((_, last)) = stated.zip(last).filter(|(stated, last)| stated != last) {
            reader.problems.note("stage", InvalidReason::StageContradicted { last: last.into() }.into());
        }
        let usual = if is_committee { OrganizationStage::Committee } else { OrganizationStage::Established };
        stated.or(last).unwrap_or(usual)
    }

    fn memberships(&self, reader: &mut DraftReader<'_>, received_on: Day) -> Vec<Membership> {
        let mut memberships = Vec::new();
        let drafts = reader.bounded_list("memberships", &self.memberships, MOST_MEMBERS);
        for (index, draft) in drafts.iter().enumerate() {
            let path = |field: &str| format!("memberships.{index}.{field}");
            let joined = reader.date(&path("joined"), &draft.joined);
            let as_of = reader.date(&path("asOf"), &draft.as_of);
            let day = as_of.as_ref().and_then(FuzzyDate::first_latest).unwrap_or(received_on);
            let unit = reader.require_unit(&path("unit"), &draft.unit, DayRange::of_day(day));
            let source = reader.optional_source(&path("source"), &draft.source);
            memberships.extend(unit.map(|unit| Membership { unit, joined, as_of, source }));
        }
        memberships
    }

    fn posts(&self, reader: &mut DraftReader<'_>) -> Vec<Post> {
        let mut posts = Vec::new();
        for (index, draft) in reader.bounded_list("posts", &self.posts, MOST_MEMBERS).iter().enumerate() {
            let path = |field: &str| format!("posts.{index}.{field}");
            let person = reader.text(&path("person"), &draft.person, LONGEST_TITLE);
            let post = reader.text(&path("post"), &draft.post, LONGEST_TITLE);
            let as_of = reader.date(&path("asOf"), &draft.as_of);
            let source = reader.optional_source(&path("source"), &draft.source);
            posts.extend(person.zip(post).map(|(person, post)| Post { person, post, as_of, source }));
        }
        posts
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::Reference;
    use crate::draft::MINISTRY;

    fn parse(stage: &str, stages: &[(&str, &str)]) -> Result<Organization, Vec<String>> {
        let stages = stages
            .iter()
            .map(|(stage, from)| StageDraft { stage: (*stage).to_owned(), from: (*from).to_owned() });
        let draft = OrganizationDraft {
            common: CommonDraft { unit: MINISTRY.to_owned(), ..CommonDraft::default() },
            name: Bilingual { vi: None, en: Some("Association".to_owned()) },
            stage: stage.to_owned(),
            stages: stages.collect(),
            ..OrganizationDraft::default()
        };
        let parsed = draft.parse(&Directory::new(Reference::default()), day("2026-11-22"));
        let messages = |problems: Vec<ValidationError>| problems.iter().map(ToString::to_string).collect();
        parsed.map(|parsed| parsed.content).map_err(messages)
    }

    fn day(text: &str) -> Day {
        crate::date::parse_day(text).unwrap()
    }

    #[test]
    fn stage_begins_on_the_latest_day_of_its_date() {
        let founded_later = parse("", &[("ESTABLISHED", "2022-05"), ("COMMITTEE", "2019")]).unwrap();
        let stage = |on| founded_later.stage_on(day(on)).to_string();
        assert_eq!(stage("2010-01-01"), "COMMITTEE");
        assert_eq!(stage("2022-05-30"), "COMMITTEE");
        assert_eq!(stage("2022-05-31"), "ESTABLISHED");
        assert_eq!(founded_later.stage, OrganizationStage::Established);
    }

    #[test]
    fn stage_without_a_date_applies_on_every_day() {
        let organization = parse("SUSPENDED", &[]).unwrap();
        assert_eq!(organization.stage_on(day("1990-01-01")), OrganizationStage::Suspended);
        assert!(serde_json::to_value(&organization).unwrap().get("stages").is_none());
    }

    #[test]
    fn dated_stages_agree_with_the_stated_stage() {
        let errors = |stage, stages| parse(stage, stages).unwrap_err().join("; ");
        let stages = [("COMMITTEE", "2019"), ("ESTABLISHED", "2022")];
        assert_eq!(
            errors("DISSOLVED", &stages),
            r#"stage: Invalid(StageContradicted { last: "ESTABLISHED" })"#
        );
        assert_eq!(
            errors("", &[("COMMITTEE", "2019"), ("DISSOLVED", "2019-12-31")]),
            "stages: Invalid(StagesOnOneDay)"
        );
        assert_eq!(errors("", &[("COMMITTEE", "")]), "stages.0.from: Required");
        assert_eq!(errors("", &[("COMMITTEE", "../2019")]), "stages.0.from: Invalid(StageStartOpen)");
    }
}
