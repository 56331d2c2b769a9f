//! Agreements: documents that a province signed with partners abroad.

use crate::date::{Day, FuzzyDate};
use crate::entry::{Common, Content, CountryId, EntryKind, Pillar, SourceId, TermId};
use crate::likeness::{Likeness, Partner};
use crate::locale::Bilingual;
use crate::place::LocalityId;
use crate::relation::{Relation, RelationTier, Stated};
use crate::status::{AgreementStatus, Span};
use crate::text;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

/// What can happen to an agreement.
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
pub enum ActKind {
    /// It was signed.
    Sign,
    /// It took effect.
    EnterIntoForce,
    /// Its text was changed.
    Amend,
    /// Its term was prolonged.
    Extend,
    /// It was concluded anew.
    Renew,
    /// Its effect was paused.
    Suspend,
    /// Its effect goes on after a pause.
    Resume,
    /// One side left it.
    Withdraw,
    /// It was ended.
    Terminate,
    /// Its term ran out.
    Expire,
    /// Another document took its place.
    Supersede,
    /// A successor unit took it over.
    Succeed,
    /// An error of the register was mended.
    Correct,
}

/// One dated act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// What happened.
    pub kind: ActKind,
    /// When.
    pub on: FuzzyDate,
    /// The last day of the new term, for an extension or renewal.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub until: Option<FuzzyDate>,
    /// A remark.
    #[serde(default)]
    pub note: Bilingual,
    /// Where it was read.
    pub source: Option<SourceId>,
}

/// Who stands on the other side, or beside the province.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PartyRef {
    /// A locality abroad.
    Locality(LocalityId),
    /// A body, by its code.
    Organization(String),
    /// A body that the register knows by its printed name alone.
    Named(String),
}

/// One party to an agreement, besides the province that registers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreementParty {
    /// Who.
    pub party: PartyRef,
    /// Who signed for it.
    pub signatory: Option<String>,
}

/// What an agreement tells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    /// What every entry shares.
    pub common: Common,
    /// The title.
    pub title: Bilingual,
    /// A term of `AGREEMENT_FORM`.
    pub form: TermId,
    /// The parties besides the province.
    pub parties: Vec<AgreementParty>,
    /// The partner's country.
    pub country: Option<CountryId>,
    /// When it was signed: the date of its SIGN act.
    pub signed: Option<FuzzyDate>,
    /// The last day of its term.
    pub expires: Option<FuzzyDate>,
    /// Whether it renews itself at the end of its term.
    pub renews_automatically: bool,
    /// What happened, in order of time.
    pub acts: Vec<Act>,
    /// The status that the source states, and the day it states it for.
    pub stated: Option<Stated<AgreementStatus>>,
    /// Which edition in a chain of renewals.
    pub edition_no: Option<i32>,
    /// The code of the agreement that this one renews.
    pub renews: Option<String>,
    /// The code of the relation that it serves.
    pub relation: Option<String>,
    /// The status through time, without gap.
    pub spans: Vec<Span<AgreementStatus>>,
}

impl Agreement {
    /// Whether it belongs beside this relation of the same province with the same partner, where
    /// its source does not say: Party agreements beside ties of the Party, all others beside ties
    /// of the provinces themselves.
    #[must_use]
    pub fn belongs_to(&self, relation: &Relation) -> bool {
        match relation.tier {
            RelationTier::PartyToParty => self.common.pillar == Some(Pillar::Party),
            RelationTier::OrganizationTwin => false,
            RelationTier::Sister
            | RelationTier::Friendship
            | RelationTier::Cooperation
            | RelationTier::BorderTwin
            | RelationTier::Project
            | RelationTier::Contact => self.common.pillar != Some(Pillar::Party),
        }
    }

    /// The first partner that is a locality.
    #[must_use]
    pub fn partner(&self) -> Option<LocalityId> {
        self.parties.iter().find_map(|party| match party.party {
            PartyRef::Locality(id) => Some(id),
            PartyRef::Organization(_) | PartyRef::Named(_) => None,
        })
    }
}

impl Content for Agreement {
    const KIND: EntryKind = EntryKind::Agreement;

    fn common(&self) -> &Common {
        &self.common
    }

    fn stated_on(&self) -> Option<Day> {
        self.stated.map(|stated| stated.on)
    }

    fn likeness(&self) -> Option<Likeness> {
        let partners = self.parties.iter().map(|party| match &party.party {
            PartyRef::Locality(locality) => Partner::Locality(*locality),
            PartyRef::Organization(code) => Partner::Body(code.clone()),
            PartyRef::Named(name) => Partner::Body(text::fold(name)),
        });
        Some(Likeness::new(partners.collect(), self.signed.as_ref(), self.title.texts()))
    }

    fn signs_of_life(&self) -> Vec<(LocalityId, Day)> {
        self.partner().zip(self.activity_on()).into_iter().collect()
    }
}
