//! Drafts of organizations.

use super::{
    CommonDraft, Dating, LONGEST_NOTE, LONGEST_TITLE, LONGEST_WORD, MOST_MEMBERS, Placed, QuantityDraft,
    Reading,
};
use crate::date::{Day, FuzzyDate};
use crate::directory::Directory;
use crate::locale::Bilingual;
use crate::organization::{DatedStage, MemberCount, Membership, Organization, OrganizationStage, Post};
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
    /// A stage; blank means the last of the dated ones; without any established, or a committee
    /// for the kind COMMITTEE.
    pub stage: String,
    /// Its stages as far as they are dated.
    pub stages: Vec<StageDraft>,
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

/// A dated stage, as somebody wrote it.
#[derive(Debug, Clone, Default)]
pub struct StageDraft {
    /// The stage.
    pub stage: String,
    /// EDTF: when it began.
    pub from: String,
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
        let stages = self.stages(&mut reading);
        let stage = self.stage(&mut reading, &stages);
        let abbreviation = reading.optional_text("abbreviation", &self.abbreviation, LONGEST_WORD);
        let country = reading.country("country", &self.country);
        let target_country = reading.country("targetCountry", &self.target_country);
        let parent = reading.optional_text("parent", &self.parent, LONGEST_WORD);
        let members = reading.quantity("members", &self.members);
        let members = members.map(|count| MemberCount { count, as_of: as_of.clone() }).into_iter().collect();
        let roles = reading.texts("roles", &self.roles, LONGEST_TITLE);
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
        reading.problems.settle(made)
    }

    /// The dated stages in order of time.
    fn stages(&self, reading: &mut Reading<'_>) -> Vec<DatedStage> {
        let mut stages = Vec::new();
        for (index, draft) in reading.bounded("stages", &self.stages, MOST_MEMBERS).iter().enumerate() {
            let path = |field: &str| format!("stages.{index}.{field}");
            let stage = reading.required_word::<OrganizationStage>(&path("stage"), &draft.stage, "a stage");
            reading.present(&path("from"), &draft.from);
            let Some(from) = reading.date(&path("from"), &draft.from) else { continue };
            let Some(day) = from.first_latest() else {
                reading.problems.note(&path("from"), Refusal::Invalid("the beginning is open".to_owned()));
                continue;
            };
            stages.extend(stage.map(|stage| (day, DatedStage { stage, from })));
        }
        stages.sort_by_key(|(day, _)| *day);
        if stages.windows(2).any(|pair| pair[0].0 == pair[1].0) {
            reading.problems.note("stages", Refusal::Invalid("two stages begin on one day".to_owned()));
        }
        stages.into_iter().map(|(_, stage)| stage).collect()
    }

    /// The stated stage, which must be the last of the dated ones.
    fn stage(&self, reading: &mut Reading<'_>, stages: &[DatedStage]) -> OrganizationStage {
        let stated = reading.word::<OrganizationStage>("stage", &self.stage, "a stage");
        let last = stages.last().map(|last| last.stage);
        if let Some((_, last)) = stated.zip(last).filter(|(stated, last)| stated != last) {
            let reason = format!("the last of the dated stages is {last}");
            reading.problems.note("stage", Refusal::Invalid(reason));
        }
        let is_committee = self.kind == "COMMITTEE";
        let usual = if is_committee { OrganizationStage::Committee } else { OrganizationStage::Established };
        stated.or(last).unwrap_or(usual)
    }

    fn memberships(&self, reading: &mut Reading<'_>, brought_on: Day) -> Vec<Membership> {
        let mut memberships = Vec::new();
        let drafts = reading.bounded("memberships", &self.memberships, MOST_MEMBERS);
        for (index, draft) in drafts.iter().enumerate() {
            let path = |field: &str| format!("memberships.{index}.{field}");
            let joined = reading.date(&path("joined"), &draft.joined);
            let as_of = reading.date(&path("asOf"), &draft.as_of);
            let day = as_of.as_ref().and_then(FuzzyDate::first_latest).unwrap_or(brought_on);
            let unit = reading.directory.unit_by_slug_on(&draft.unit, day).map(|unit| unit.id);
            let unit = unit.ok_or_else(|| Refusal::unknown("unit", &draft.unit));
            let unit = match reading.present(&path("unit"), &draft.unit) {
                Some(()) => reading.problems.take(&path("unit"), unit),
                None => None,
            };
            let source = reading.optional_source(&path("source"), &draft.source);
            memberships.extend(unit.map(|unit| Membership { unit, joined, as_of, source }));
        }
        memberships
    }

    fn posts(&self, reading: &mut Reading<'_>) -> Vec<Post> {
        let mut posts = Vec::new();
        for (index, draft) in reading.bounded("posts", &self.posts, MOST_MEMBERS).iter().enumerate() {
            let path = |field: &str| format!("posts.{index}.{field}");
            let person = reading.text(&path("person"), &draft.person, LONGEST_TITLE);
            let post = reading.text(&path("post"), &draft.post, LONGEST_TITLE);
            let as_of = reading.date(&path("asOf"), &draft.as_of);
            let source = reading.optional_source(&path("source"), &draft.source);
            posts.extend(person.zip(post).map(|(person, post)| Post { person, post, as_of, source }));
        }
        posts
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
        let placed = draft.parse(&Directory::new(Reference::default()), day("2026-11-22"));
        let told = |problems: Vec<Problem>| problems.iter().map(ToString::to_string).collect();
        placed.map(|placed| placed.content).map_err(told)
    }

    fn day(text: &str) -> Day {
        crate::date::parse_day(text).unwrap()
    }

    #[test]
    fn a_stage_holds_from_the_last_day_that_its_date_may_mean() {
        let founded_later = parse("", &[("ESTABLISHED", "2022-05"), ("COMMITTEE", "2019")]).unwrap();
        let stage = |on| founded_later.stage_on(day(on)).to_string();
        assert_eq!(stage("2010-01-01"), "COMMITTEE");
        assert_eq!(stage("2022-05-30"), "COMMITTEE");
        assert_eq!(stage("2022-05-31"), "ESTABLISHED");
        assert_eq!(founded_later.stage, OrganizationStage::Established);
    }

    #[test]
    fn a_stage_without_a_date_holds_on_every_day() {
        let organization = parse("SUSPENDED", &[]).unwrap();
        assert_eq!(organization.stage_on(day("1990-01-01")), OrganizationStage::Suspended);
        assert!(serde_json::to_value(&organization).unwrap().get("stages").is_none());
    }

    #[test]
    fn dated_stages_must_agree_with_one_another_and_the_stated_one() {
        let refused = |stage, stages| parse(stage, stages).unwrap_err().join("; ");
        let turns = [("COMMITTEE", "2019"), ("ESTABLISHED", "2022")];
        assert_eq!(refused("DISSOLVED", &turns), "stage: the last of the dated stages is ESTABLISHED");
        assert_eq!(
            refused("", &[("COMMITTEE", "2019"), ("DISSOLVED", "2019-12-31")]),
            "stages: two stages begin on one day"
        );
        assert_eq!(refused("", &[("COMMITTEE", "")]), "stages.0.from: is required");
        assert_eq!(refused("", &[("COMMITTEE", "../2019")]), "stages.0.from: the beginning is open");
    }
}
