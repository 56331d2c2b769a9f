//! Relations: long-term partnerships of a province with a locality abroad.

mod activity;
mod history;
mod link;

pub use activity::{ActivityPeriod, DORMANT_AFTER_MONTHS, dormant_from, is_dormant, last_active_on};
pub use history::RelationHistory;
pub use link::{PartnerActivity, nearest_units};

use crate::date::{Day, FuzzyDate};
use crate::entry::{Common, Content, EntryKind, Pillar};
use crate::party::OrganizationRef;
use crate::place::LocalityId;
use crate::status::{RelationStatus, Span, Stated};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumMessage, EnumString, IntoStaticStr, VariantArray};

/// The tier of a relation, as named in its source.
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
pub enum RelationTier {
    /// A sister relation (kết nghĩa).
    Sister,
    /// A friendship relation (hữu nghị).
    Friendship,
    /// A cooperation relation (hợp tác).
    Cooperation,
    /// A sister relation across a land border (kết nghĩa hai bên biên giới).
    BorderTwin,
    /// A relation between Party committees (kênh Đảng).
    PartyToParty,
    /// A relation between two organizations, for example women’s unions.
    OrganizationTwin,
    /// A relation for one project.
    Project,
    /// Contacts without a formal relation.
    Contact,
}

/// The reliability of the source of a relation.
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
pub enum Confidence {
    /// An official body or a dated report states the relation.
    High,
    /// A list or an indirect mention states it.
    Medium,
    /// Only an old data set states it.
    Low,
}

/// The content of a relation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Relation {
    /// The fields of every entry.
    pub common: Common,
    /// The partner.
    pub partner: LocalityId,
    /// The tier.
    pub tier: RelationTier,
    /// The organizations of the province that maintain the relation, such as its women's union.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub own_bodies: Vec<OrganizationRef>,
    /// Their counterparts in the partner locality.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub partner_bodies: Vec<OrganizationRef>,
    /// The date of establishment.
    pub established: Option<FuzzyDate>,
    /// The date of its end.
    pub ended: Option<FuzzyDate>,
    /// The status that the source states, and the day of the statement.
    pub stated: Option<Stated<RelationStatus>>,
    /// The first day for which the source attests that status, if earlier than the statement: the
    /// last day of the year of its evidence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stated_since: Option<Day>,
    /// The code of the agreement that established it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub founding_agreement: Option<String>,
    /// The code of the relation that this one continues, after a succession.
    pub continues: Option<String>,
    /// The year of the source, where nothing else dates the relation.
    pub evidence_year: Option<i32>,
    /// How certain the source is.
    pub confidence: Option<Confidence>,
    /// A remark of the register.
    pub note: Option<String>,
    /// The day of the last linked activity.
    pub last_activity_on: Option<Day>,
    /// The days of linked activity, in order of time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub activity: Vec<Day>,
    /// The status over time, without gaps.
    pub spans: Vec<Span<RelationStatus>>,
}

impl Relation {
    /// Returns whether entries of a pillar can belong to the relation where they name none: those of
    /// the Party belong to relations between Party committees, all others to relations between the
    /// provinces themselves.
    #[must_use]
    pub fn accepts_entries_of(&self, pillar: Option<Pillar>) -> bool {
        match self.tier {
            RelationTier::PartyToParty => pillar == Some(Pillar::Party),
            RelationTier::OrganizationTwin => false,
            RelationTier::Sister
            | RelationTier::Friendship
            | RelationTier::Cooperation
            | RelationTier::BorderTwin
            | RelationTier::Project
            | RelationTier::Contact => pillar != Some(Pillar::Party),
        }
    }
}

impl Content for Relation {
    const KIND: EntryKind = EntryKind::Relation;

    fn common(&self) -> &Common {
        &self.common
    }

    fn chain_links(&self) -> Vec<(&'static str, &str)> {
        self.continues.as_deref().map(|code| ("continues", code)).into_iter().collect()
    }

    fn stated_on(&self) -> Option<Day> {
        self.stated.map(|stated| stated.on)
    }

    /// A new status is stated today, and for earlier days only where new evidence is named with it.
    fn with_statement_day(mut self, before: &Self, today: Day) -> Self {
        let status = |relation: &Self| relation.stated.map(|stated| stated.status);
        let has_new_status = status(&self) != status(before);
        if has_new_status {
            self.stated = self.stated.map(|stated| Stated { on: today, ..stated });
        }
        if self.evidence_year == before.evidence_year {
            self.stated_since = before.stated_since.filter(|_| !has_new_status);
        }
        self
    }

    fn activity_partner(&self) -> Option<LocalityId> {
        Some(self.partner)
    }

    fn with_activity_status(self, activity: &[Day]) -> Self {
        self.with_activity(activity)
    }
}
