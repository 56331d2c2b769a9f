//! Agreements: documents that a province signed with partners abroad.

use crate::date::{Day, FuzzyDate, day_or};
use crate::directory::Directory;
use crate::entry::{Common, Content, CountryId, EntryKind, Pillar, SignOfLife, SourceId, TermId};
use crate::fact::{Fact, Period};
use crate::likeness::{Likeness, Partner};
use crate::locale::Bilingual;
use crate::place::LocalityId;
use crate::relation::{Relation, RelationTier, Stated};
use crate::status::{AgreementStatus, Span, Status};
use crate::text;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

/// The code of the form of framework agreements.
pub const FRAMEWORK: &str = "FRAMEWORK";

/// At which level of government, or by whom else, an agreement was concluded.
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
pub enum AgreementLevel {
    /// The province.
    Province,
    /// The people's council.
    Council,
    /// A department of the province.
    Department,
    /// A district; there are none since [`FIRST_DAY_WITHOUT_DISTRICTS`].
    District,
    /// A commune at a land border.
    BorderCommune,
    /// A body, such as a union of friendship organizations.
    Organization,
    /// A committee of the Party.
    Party,
}

/// Districts ended on the day before.
pub const FIRST_DAY_WITHOUT_DISTRICTS: Day = day_or(2025, 7, 1, Day::MAX);

/// How an agreement takes effect.
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
pub enum EntryIntoForce {
    /// With its signature.
    OnSignature,
    /// Once the sides have notified each other.
    OnNotification,
    /// Once an authority has approved it.
    OnApproval,
    /// On a day that it names.
    OnDate,
    /// Otherwise.
    Other,
}

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

/// Who signed for the own side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signatory {
    /// The person's name.
    pub name: String,
    /// The post that the person held at the time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<String>,
}

/// A file of the document. The register knows what it is; the bytes lie elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentFile {
    /// What people call it.
    pub name: String,
    /// As IANA registers it: `application/pdf`.
    pub media_type: String,
    /// The SHA-256 of its bytes, 64 hexadecimal digits in lower case.
    pub sha256: String,
    /// Its length in bytes.
    pub size_bytes: i32,
    /// The language of its text, ISO 639.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

/// What an agreement names another entry for, by its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AgreementLink {
    /// The agreement that it renews.
    Renews,
    /// The agreement that it is a subsidiary document of.
    Parent,
    /// The relation that it serves.
    Relation,
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
    /// Its level, where its source says one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<AgreementLevel>,
    /// What law or plan it rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_basis: Option<String>,
    /// The languages that it is written in, ISO 639.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<String>,
    /// Its files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<DocumentFile>,
    /// The parties besides the province.
    pub parties: Vec<AgreementParty>,
    /// The partner's country.
    pub country: Option<CountryId>,
    /// When it was signed: the date of its SIGN act.
    pub signed: Option<FuzzyDate>,
    /// Where it was signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_at: Option<String>,
    /// Who signed for the own side.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signed_by: Vec<Signatory>,
    /// How it takes effect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry_into_force: Option<EntryIntoForce>,
    /// The last day of its term.
    pub expires: Option<FuzzyDate>,
    /// Whether it renews itself at the end of its term.
    pub renews_automatically: bool,
    /// How many days before the end of its term notice must be given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice_days: Option<i32>,
    /// What happened, in order of time.
    pub acts: Vec<Act>,
    /// The status that the source states, and the day it states it for.
    pub stated: Option<Stated<AgreementStatus>>,
    /// Which edition in a chain of renewals.
    pub edition_no: Option<i32>,
    /// The code of the agreement that this one renews.
    pub renews: Option<String>,
    /// The code of the agreement that this one is a subsidiary document of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
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

    /// The code of the entry that it names for this.
    #[must_use]
    pub fn link(&self, link: AgreementLink) -> Option<&str> {
        match link {
            AgreementLink::Renews => self.renews.as_deref(),
            AgreementLink::Parent => self.parent.as_deref(),
            AgreementLink::Relation => self.relation.as_deref(),
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

    fn counted(&self, shared: Fact, _directory: &Directory) -> Option<Fact> {
        let localities = self.parties.iter().filter_map(|party| match party.party {
            PartyRef::Locality(locality) => Some(locality),
            PartyRef::Organization(_) | PartyRef::Named(_) => None,
        });
        Some(Fact {
            localities: localities.collect(),
            country: self.country,
            level: self.level,
            term: Some(self.form),
            first: Period::of(self.signed.as_ref()),
            expires: Period::of(self.expires.as_ref()),
            spans: Span::each_as(&self.spans, Status::Agreement),
            ..shared
        })
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

    fn sign_of_life(&self) -> Option<SignOfLife> {
        let partners = self.partner().into_iter().collect();
        self.activity_on().map(|on| SignOfLife { on, relation: self.relation.clone(), partners })
    }
}
