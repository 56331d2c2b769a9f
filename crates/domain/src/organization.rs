//! Organizations: bodies at home and abroad that carry the relations.

use crate::date::{Day, FuzzyDate};
use crate::directory::Directory;
use crate::entry::{Common, Content, CountryId, EntryKind, SourceId, TermId, UnitId};
use crate::fact::{Fact, Period};
use crate::likeness::{Likeness, Partner};
use crate::locale::Bilingual;
use crate::quantity::Quantity;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

/// How far an organization has come.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OrganizationStage {
    /// A committee prepares it (ban vận động).
    Committee,
    /// It exists.
    Established,
    /// It rests.
    Suspended,
    /// It was dissolved.
    Dissolved,
}

/// What an organization tells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Organization {
    /// What every entry shares.
    pub common: Common,
    /// The name.
    pub name: Bilingual,
    /// The short name by which it is known: DUFO, ICF.
    pub abbreviation: Option<String>,
    /// A term of `ORGANIZATION_KIND`, where the source lets one tell.
    pub kind: Option<TermId>,
    /// Its stage as of the source; the last one of [`Organization::stages`] where there are any.
    pub stage: OrganizationStage,
    /// Its stages as far as sources date them, in order of time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<DatedStage>,
    /// Where it sits, for a body abroad.
    pub country: Option<CountryId>,
    /// For a friendship association: the country that it befriends.
    pub target_country: Option<CountryId>,
    /// The code of the organization above it.
    pub parent: Option<String>,
    /// When it was founded.
    pub founded: Option<FuzzyDate>,
    /// How many members, and as of when.
    pub members: Vec<MemberCount>,
    /// The date that the source speaks of.
    pub as_of: Option<FuzzyDate>,
    /// What it does for others: standing agency of a committee and the like.
    pub roles: Vec<String>,
    /// Networks that it, or its province, belongs to.
    pub memberships: Vec<Membership>,
    /// Its officials and their posts at a time.
    pub posts: Vec<Post>,
    /// A remark of the register.
    pub note: Option<String>,
}

/// A stage and when it began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatedStage {
    /// The stage.
    pub stage: OrganizationStage,
    /// When it began; a partial date counts from the last day that it may mean.
    pub from: FuzzyDate,
}

/// The first day of a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StageTurn {
    /// The day.
    pub on: Day,
    /// The stage from that day on.
    pub stage: OrganizationStage,
}

/// The stage on a day: that of the last turn until then; before all turns that of the first one,
/// because no source says what was before. None without a turn.
#[must_use]
pub fn stage_on(turns: &[StageTurn], day: Day) -> Option<OrganizationStage> {
    let latest = turns.iter().rev().find(|turn| turn.on <= day);
    latest.or_else(|| turns.first()).map(|turn| turn.stage)
}

/// A dated count of members.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MemberCount {
    /// The count.
    pub count: Quantity,
    /// The date that it speaks of.
    pub as_of: Option<FuzzyDate>,
}

/// Who holds which post, at the time of the source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// The official.
    pub person: String,
    /// The post.
    pub post: String,
    /// The date that the source speaks of.
    pub as_of: Option<FuzzyDate>,
    /// Where it was read.
    pub source: Option<SourceId>,
}

/// A network of localities, and who joined it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// The unit that belongs to it.
    pub unit: UnitId,
    /// When it joined.
    pub joined: Option<FuzzyDate>,
    /// The date that the source speaks of.
    pub as_of: Option<FuzzyDate>,
    /// Where it was read.
    pub source: Option<SourceId>,
}

impl Organization {
    /// The latest count of members that is not younger than this day.
    #[must_use]
    pub fn members_on(&self, day: Day) -> Option<&MemberCount> {
        self.members
            .iter()
            .filter(|count| count.as_of.as_ref().and_then(FuzzyDate::earliest).is_none_or(|on| on <= day))
            .max_by_key(|count| count.as_of.as_ref().and_then(FuzzyDate::latest))
    }
}

impl Organization {
    /// The dated turns of its stage, in order of time.
    #[must_use]
    pub fn stage_turns(&self) -> Vec<StageTurn> {
        let turn = |DatedStage { stage, from }: &DatedStage| {
            from.first_latest().map(|on| StageTurn { on, stage: *stage })
        };
        self.stages.iter().filter_map(turn).collect()
    }

    /// Its stage on a day; where nothing is dated, the stated one on every day.
    #[must_use]
    pub fn stage_on(&self, day: Day) -> OrganizationStage {
        stage_on(&self.stage_turns(), day).unwrap_or(self.stage)
    }
}

impl Content for Organization {
    const KIND: EntryKind = EntryKind::Organization;

    fn common(&self) -> &Common {
        &self.common
    }

    fn counted(&self, shared: Fact, _directory: &Directory) -> Option<Fact> {
        Some(Fact {
            country: self.target_country,
            term: self.kind,
            stage: Some(self.stage),
            stage_turns: self.stage_turns(),
            first: Period::of(self.founded.as_ref()),
            ..shared
        })
    }

    fn likeness(&self) -> Option<Likeness> {
        let countries = self.target_country.into_iter().chain(self.country).map(Partner::Country);
        Some(Likeness::new(countries.collect(), self.founded.as_ref(), self.name.texts()))
    }
}
