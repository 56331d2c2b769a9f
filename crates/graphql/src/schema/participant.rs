//! Participants: Vietnamese parties to agreements, hosts of events, bodies of relations.

use super::organization::OrganizationObject;
use super::province::ProvinceObject;
use super::request_context::RequestContext;
use super::unit::UnitObject;
use async_graphql::{Context, Object};
use caunoi_domain::party::{OrganizationRef, Participant, VietnameseParty};

/// The GraphQL object of a participant.
pub(crate) struct ParticipantObject(pub(crate) Participant);

impl ParticipantObject {
    /// Returns the objects of participants, in the same order.
    pub(crate) fn list(participants: &[Participant]) -> Vec<Self> {
        participants.iter().cloned().map(Self).collect()
    }

    /// Returns the objects of organizations, in the same order.
    pub(crate) fn list_organizations(organizations: &[OrganizationRef]) -> Vec<Self> {
        organizations.iter().cloned().map(Participant::Organization).map(Self).collect()
    }

    /// Returns the province that a unit belongs to today; `None` for an organization.
    pub(crate) fn find_province(&self, ctx: &Context<'_>) -> Option<ProvinceObject> {
        let Participant::Unit(unit) = self.0 else { return None };
        let request = RequestContext::of(ctx);
        let province = request.directory().province_of(unit)?;
        Some(ProvinceObject::new(province))
    }

    /// Returns the organization of the register; `None` for a unit or a printed name.
    pub(crate) fn find_organization(&self, ctx: &Context<'_>) -> Option<OrganizationObject> {
        match &self.0 {
            Participant::Organization(OrganizationRef::Code(code)) => {
                OrganizationObject::of_code(RequestContext::of(ctx), code)
            }
            Participant::Organization(OrganizationRef::Named(_)) | Participant::Unit(_) => None,
        }
    }

    /// Returns the printed name of an organization without an entry.
    pub(crate) fn name(&self) -> Option<&str> {
        match &self.0 {
            Participant::Organization(OrganizationRef::Named(name)) => Some(name),
            Participant::Organization(OrganizationRef::Code(_)) | Participant::Unit(_) => None,
        }
    }
}

/// A participant: a province or former unit of Vietnam, or an organization such as a department, a
/// Party committee or an association.
#[Object(name = "Participant")]
impl ParticipantObject {
    /// The administrative unit that took part, as it was at the time of the fact: `BINH_DUONG` in
    /// 2022. Null for an organization.
    async fn unit(&self, ctx: &Context<'_>) -> Option<UnitObject> {
        let Participant::Unit(unit) = self.0 else { return None };
        UnitObject::find(RequestContext::of(ctx), unit)
    }

    /// The province that this unit belongs to today. Null for an organization.
    async fn province(&self, ctx: &Context<'_>) -> Option<ProvinceObject> {
        self.find_province(ctx)
    }

    /// The organization, if the register has an entry for it. Null for a unit, for a printed name,
    /// and if the entry is not published.
    async fn organization(&self, ctx: &Context<'_>) -> Option<OrganizationObject> {
        self.find_organization(ctx)
    }

    /// The printed name of an organization without an entry: `Tỉnh ủy Đồng Nai`. Null otherwise.
    async fn printed_name(&self) -> Option<&str> {
        self.name()
    }
}

/// The GraphQL object of a Vietnamese party.
pub(crate) struct VietnamesePartyObject(VietnameseParty);

impl VietnamesePartyObject {
    /// Returns the objects of parties, in the same order.
    pub(crate) fn list(parties: &[VietnameseParty]) -> Vec<Self> {
        parties.iter().cloned().map(Self).collect()
    }
}

/// A party to an agreement on the Vietnamese side.
#[Object(name = "VietnameseParty")]
impl VietnamesePartyObject {
    /// The party: a province or an organization.
    async fn participant(&self) -> ParticipantObject {
        ParticipantObject(self.0.party.clone())
    }

    /// The person who signed for this party. Null if not recorded.
    async fn signatory(&self) -> Option<&str> {
        self.0.signatory.as_deref()
    }
}
