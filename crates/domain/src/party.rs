//! Parties: units, localities and organizations that take part in an entry.

use crate::place::LocalityId;
use crate::unit::UnitId;
use serde::{Deserialize, Serialize};

/// A reference to an organization.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OrganizationRef {
    /// An organization of the register, by its code.
    Code(String),
    /// An organization without an entry, by its printed name: a Party committee, a department.
    Named(String),
}

/// A reference to a participant: an administrative unit of Vietnam or an organization.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Participant {
    /// A unit, as of the time of the fact.
    Unit(UnitId),
    /// An organization.
    Organization(OrganizationRef),
}

/// A Vietnamese party to an agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VietnameseParty {
    /// The party.
    pub party: Participant,
    /// The person who signed for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signatory: Option<String>,
}

/// A reference to a party of an agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PartyRef {
    /// A locality abroad.
    Locality(LocalityId),
    /// An organization, by its code.
    Organization(String),
    /// An organization without an entry, by its printed name.
    Named(String),
}

/// One party to an agreement of another side than the Vietnamese.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreementParty {
    /// The party.
    pub party: PartyRef,
    /// The person who signed for it.
    pub signatory: Option<String>,
}
