//! Agreements that a province signed with partners abroad.

mod act;
mod act_list;
mod act_order;
mod act_table;
mod act_violations;
mod history;
mod status_fold;
mod term;

pub use act::{Act, ActKind};
pub use act_violations::{ActViolation, act_violations};
pub use history::AgreementHistory;
pub use term::{Lapse, RenewalDeadline};

use crate::date::{Day, FuzzyDate, day_or};
use crate::entry::{Common, Content, CountryId, EntryKind, LinkedActivity, TermId};
use crate::locale::Bilingual;
use crate::party::{AgreementParty, PartyRef, VietnameseParty};
use crate::place::LocalityId;
use crate::status::{AgreementStatus, Span, Stated};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumMessage, EnumString, IntoStaticStr, VariantArray};

/// The code of the form of framework agreements.
pub const FRAMEWORK: &str = "FRAMEWORK";

/// The level of government or the body that concluded an agreement.
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
pub enum SigningLevel {
    /// The province (cấp tỉnh).
    Province,
    /// The people’s council (Hội đồng nhân dân).
    Council,
    /// A department of the province (sở, ngành).
    Department,
    /// A district (cấp huyện). Districts were abolished on 2025-07-01.
    District,
    /// A commune at a land border (cấp xã ở khu vực biên giới).
    BorderCommune,
    /// An organization, for example a union of friendship organizations (tổ chức).
    Organization,
    /// A committee of the Party (cơ quan của Đảng).
    Party,
}

/// The first day after the abolition of districts.
pub const FIRST_DAY_WITHOUT_DISTRICTS: Day = day_or(2025, 7, 1, Day::MAX);

/// The way in which an agreement takes effect (hình thức có hiệu lực).
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
pub enum EntryIntoForce {
    /// It takes effect on signature.
    OnSignature,
    /// It takes effect after the parties have notified each other.
    OnNotification,
    /// It takes effect after approval by an authority.
    OnApproval,
    /// It takes effect on a day stated in it.
    OnDate,
    /// It takes effect in another way.
    Other,
}

/// A person who signed for the Vietnamese side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signatory {
    /// The person's name.
    pub name: String,
    /// The post that the person held at the time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<String>,
}

/// A file of the document. The register stores its metadata only, not its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentFile {
    /// The display name.
    pub name: String,
    /// The IANA media type: `application/pdf`.
    pub media_type: String,
    /// The SHA-256 of its bytes, 64 hexadecimal digits in lower case.
    pub sha256: String,
    /// Its length in bytes.
    pub size_bytes: i32,
    /// The language of its text, ISO 639.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Whether the register stores the file; else it is only described.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_stored: bool,
}

/// A link from an agreement to another entry, by its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AgreementLink {
    /// The agreement that it renews.
    Renews,
    /// The agreement that it is a subsidiary document of.
    Parent,
    /// The relation that it serves.
    Relation,
}

/// The content of an agreement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    /// The fields of every entry.
    pub common: Common,
    /// The title.
    pub title: Bilingual,
    /// A term of `AGREEMENT_FORM`.
    pub form: TermId,
    /// The level; None where the source does not state it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<SigningLevel>,
    /// The law or plan that it is based on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_basis: Option<String>,
    /// The languages that it is written in, ISO 639.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<String>,
    /// Its files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<DocumentFile>,
    /// The Vietnamese parties; empty where the province alone is the party.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub own_parties: Vec<VietnameseParty>,
    /// The parties of the other sides.
    pub parties: Vec<AgreementParty>,
    /// The partner's country.
    pub country: Option<CountryId>,
    /// The date of its SIGN act.
    pub signed: Option<FuzzyDate>,
    /// The place of signing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_at: Option<String>,
    /// The persons who signed for the Vietnamese side.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signed_by: Vec<Signatory>,
    /// How it takes effect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry_into_force: Option<EntryIntoForce>,
    /// The last day of the term as first agreed. [`Agreement::term`] follows extensions.
    pub expires: Option<FuzzyDate>,
    /// Whether it renews automatically at the end of its term.
    pub renews_automatically: bool,
    /// The notice period before the end of its term, in days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice_days: Option<i32>,
    /// The acts, in order of time.
    #[serde(with = "act_list")]
    pub acts: Vec<Act>,
    /// The highest number of a voided act where no act has a higher one, else 0. Numbers of acts
    /// are not used again.
    #[serde(default, skip_serializing_if = "act::is_zero")]
    pub last_void_act: i32,
    /// The status that the source states, and the day of the statement.
    pub stated: Option<Stated<AgreementStatus>>,
    /// The number within a chain of renewals, from 1.
    pub edition_no: Option<i32>,
    /// The code of the agreement that this one renews.
    pub renews: Option<String>,
    /// The code of the agreement that this one is a subsidiary document of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// The code of the relation that it belongs to.
    pub relation: Option<String>,
    /// The status over time, without gaps.
    pub spans: Vec<Span<AgreementStatus>>,
}

impl Agreement {
    /// Returns the numbers of the editions before this one that none of `recorded`, the earlier
    /// editions of its chain of renewals, has, ascending; empty without an edition number.
    #[must_use]
    pub fn missing_editions(&self, recorded: &[i32]) -> Vec<i32> {
        let earlier = 1..self.edition_no.unwrap_or(1);
        earlier.filter(|number| !recorded.contains(number)).collect()
    }

    /// Returns the code of the linked entry.
    #[must_use]
    pub fn link(&self, link: AgreementLink) -> Option<&str> {
        match link {
            AgreementLink::Renews => self.renews.as_deref(),
            AgreementLink::Parent => self.parent.as_deref(),
            AgreementLink::Relation => self.relation.as_deref(),
        }
    }

    /// Returns the parties that are localities, in their order.
    pub fn localities(&self) -> impl Iterator<Item = LocalityId> {
        self.parties.iter().filter_map(|party| match party.party {
            PartyRef::Locality(id) => Some(id),
            PartyRef::Organization(_) | PartyRef::Named(_) => None,
        })
    }

    /// Returns the first partner that is a locality.
    #[must_use]
    pub fn partner(&self) -> Option<LocalityId> {
        self.localities().next()
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

    fn chain_links(&self) -> Vec<(&'static str, &str)> {
        let renews = self.renews.as_deref().map(|code| ("renews", code));
        let parent = self.parent.as_deref().map(|code| ("parent", code));
        renews.into_iter().chain(parent).collect()
    }

    fn linked_activity(&self) -> Option<LinkedActivity> {
        let (unit, relation) = (self.common.origin_unit, self.relation.clone());
        let partners = self.localities().collect();
        self.activity_on().map(|on| LinkedActivity { on, unit, relation, partners })
    }
}
