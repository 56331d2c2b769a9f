//! Organizations in Vietnam and abroad that maintain relations.

use crate::date::{Day, FuzzyDate};
use crate::entry::{Common, Content, CountryId, EntryKind, SourceId, TermId, UnitId};
use crate::locale::Bilingual;
use crate::quantity::Quantity;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumMessage, EnumString, IntoStaticStr, VariantArray};

/// The stage of an organization.
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
    EnumMessage,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OrganizationStage {
    /// A committee prepares its foundation (ban vận động).
    Committee,
    /// It is established.
    Established,
    /// Its activity is suspended.
    Suspended,
    /// It is dissolved.
    Dissolved,
}

/// The content of an organization.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Organization {
    /// The fields of every entry.
    pub common: Common,
    /// The name.
    pub name: Bilingual,
    /// The abbreviation: DUFO, ICF.
    pub abbreviation: Option<String>,
    /// A term of `ORGANIZATION_KIND`; None where the source does not say.
    pub kind: Option<TermId>,
    /// The stage as of the source; the last of [`Organization::stages`] where there are any.
    pub stage: OrganizationStage,
    /// The stages that sources date, in order of time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<DatedStage>,
    /// The country of its seat, for an organization abroad.
    pub country: Option<CountryId>,
    /// The partner country, for a friendship association.
    pub target_country: Option<CountryId>,
    /// The code of the organization above it.
    pub parent: Option<String>,
    /// The date of foundation.
    pub founded: Option<FuzzyDate>,
    /// Dated counts of members.
    pub members: Vec<MemberCount>,
    /// The date that the source refers to.
    pub as_of: Option<FuzzyDate>,
    /// Its roles for others, such as standing agency of a committee.
    pub roles: Vec<String>,
    /// Networks that it or its province is a member of.
    pub memberships: Vec<Membership>,
    /// Its officials and their posts.
    pub posts: Vec<Post>,
    /// A remark of the register.
    pub note: Option<String>,
}

/// A stage and when it began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatedStage {
    /// The stage.
    pub stage: OrganizationStage,
    /// The start; a partial date counts from the last day that it may mean.
    pub from: FuzzyDate,
}

/// The first day of a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StageStart {
    /// The day.
    pub on: Day,
    /// The stage from that day on.
    pub stage: OrganizationStage,
}

/// Returns the stage on a day: the last one that started by then; before all starts the first
/// one, because no source states an earlier one. None without stages.
#[must_use]
pub fn stage_on(starts: &[StageStart], day: Day) -> Option<OrganizationStage> {
    let latest = starts.iter().rev().find(|start| start.on <= day);
    latest.or_else(|| starts.first()).map(|start| start.stage)
}

/// A dated count of members.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MemberCount {
    /// The count.
    pub count: Quantity,
    /// The date that it refers to.
    pub as_of: Option<FuzzyDate>,
}

/// An official and their post, at the time of the source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// The official.
    pub person: String,
    /// The post.
    pub post: String,
    /// The date that the source refers to.
    pub as_of: Option<FuzzyDate>,
    /// The source.
    pub source: Option<SourceId>,
}

/// A membership in a network of localities.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// The unit that is a member.
    pub unit: UnitId,
    /// The date of joining.
    pub joined: Option<FuzzyDate>,
    /// The date that the source refers to.
    pub as_of: Option<FuzzyDate>,
    /// The source.
    pub source: Option<SourceId>,
}

impl Organization {
    /// Returns the latest count of members dated on this day or before, or undated.
    #[must_use]
    pub fn members_on(&self, day: Day) -> Option<&MemberCount> {
        self.members
            .iter()
            .filter(|count| count.as_of.as_ref().and_then(FuzzyDate::earliest).is_none_or(|on| on <= day))
            .max_by_key(|count| count.as_of.as_ref().and_then(FuzzyDate::latest))
    }

    /// Returns the first days of its stages, in order of time.
    #[must_use]
    pub fn stage_starts(&self) -> Vec<StageStart> {
        let start = |DatedStage { stage, from }: &DatedStage| {
            from.first_latest().map(|on| StageStart { on, stage: *stage })
        };
        self.stages.iter().filter_map(start).collect()
    }

    /// Returns its stage on a day; where no stage is dated, the stated one on every day.
    #[must_use]
    pub fn stage_on(&self, day: Day) -> OrganizationStage {
        stage_on(&self.stage_starts(), day).unwrap_or(self.stage)
    }
}

impl Content for Organization {
    const KIND: EntryKind = EntryKind::Organization;

    fn common(&self) -> &Common {
        &self.common
    }
}
