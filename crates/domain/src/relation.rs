//! Relations: standing ties of a province with a locality abroad.

use crate::date::{Day, FuzzyDate};
use crate::directory::Directory;
use crate::entry::{Common, Content, EntryKind};
use crate::fact::{Fact, Period};
use crate::likeness::{Likeness, Partner};
use crate::place::LocalityId;
use crate::status::{RelationStatus, Span, Status};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

/// How close a tie is, as the source calls it.
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
pub enum RelationTier {
    /// Twinned (kết nghĩa).
    Sister,
    /// Friendly (hữu nghị).
    Friendship,
    /// Cooperation (hợp tác).
    Cooperation,
    /// Twinned across a land border.
    BorderTwin,
    /// Between Party committees.
    PartyToParty,
    /// Between two bodies, such as women's unions.
    OrganizationTwin,
    /// Around one project.
    Project,
    /// Contacts only.
    Contact,
}

/// How well a source knows.
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
pub enum Confidence {
    /// It says so itself.
    High,
    /// It can be read so.
    Medium,
    /// It can hardly be read so.
    Low,
}

/// What a relation tells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Relation {
    /// What every entry shares.
    pub common: Common,
    /// The partner.
    pub partner: LocalityId,
    /// How close the tie is.
    pub tier: RelationTier,
    /// When it was established.
    pub established: Option<FuzzyDate>,
    /// When it was ended.
    pub ended: Option<FuzzyDate>,
    /// The status that the source states, and the day it states it for.
    pub stated: Option<Stated<RelationStatus>>,
    /// The code of the agreement that founded it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub founding_agreement: Option<String>,
    /// The code of the relation that this one continues, after a succession.
    pub continues: Option<String>,
    /// The year of the source, where nothing else dates the relation.
    pub evidence_year: Option<i32>,
    /// How well the source knows.
    pub confidence: Option<Confidence>,
    /// A remark of the register.
    pub note: Option<String>,
    /// The last linked activity.
    pub last_activity_on: Option<Day>,
    /// The status through time, without gap.
    pub spans: Vec<Span<RelationStatus>>,
}

/// A status that a source states without naming the act behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stated<S> {
    /// What it states.
    pub status: S,
    /// The day it states it for; nothing is known of the days before.
    pub on: Day,
}

impl Content for Relation {
    const KIND: EntryKind = EntryKind::Relation;

    fn common(&self) -> &Common {
        &self.common
    }

    fn counted(&self, shared: Fact, directory: &Directory) -> Option<Fact> {
        Some(Fact {
            localities: vec![self.partner],
            country: directory.locality(self.partner).map(|partner| partner.country),
            tier: Some(self.tier),
            first: Period::of(self.established.as_ref()),
            spans: Span::each_as(&self.spans, Status::Relation),
            ..shared
        })
    }

    fn stated_on(&self) -> Option<Day> {
        self.stated.map(|stated| stated.on)
    }

    fn restated(mut self, before: &Self, today: Day) -> Self {
        let status = |relation: &Self| relation.stated.map(|stated| stated.status);
        if status(&self) != status(before) {
            self.stated = self.stated.map(|stated| Stated { on: today, ..stated });
        }
        self
    }

    fn likeness(&self) -> Option<Likeness> {
        let partners = vec![Partner::Locality(self.partner)];
        Some(Likeness::new(partners, self.established.as_ref(), [self.tier.to_string().as_str()]))
    }

    fn lives_with(&self) -> Option<LocalityId> {
        Some(self.partner)
    }

    fn with_signs(self, activity: &[Day]) -> Self {
        self.with_activity(activity)
    }
}
