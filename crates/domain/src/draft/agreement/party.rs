//! Drafts of parties.

use super::AgreementDraft;
use crate::draft::{DraftReader, LONGEST_TITLE, MOST_MEMBERS};
use crate::party::{AgreementParty, OrganizationRef, PartyRef};
use crate::place::LocalityId;
use crate::validation::{InvalidReason, Reason};
use std::collections::HashSet;

/// Unchecked input for a party: a locality or an organization.
#[derive(Debug, Clone, Default)]
pub struct PartyDraft {
    /// The slug of a locality, or blank.
    pub locality: String,
    /// The printed name or the code of an organization, or blank.
    pub organization: String,
    /// The signatory of the party, or blank.
    pub signatory: String,
}

/// The paths of the three fields of a party.
struct PartyPaths<'a> {
    locality: &'a str,
    organization: &'a str,
    signatory: &'a str,
}

/// Parses the partner and the further parties; rejects a locality that occurs twice.
pub(super) fn parse_parties(reader: &mut DraftReader<'_>, draft: &AgreementDraft) -> Vec<AgreementParty> {
    let partner = PartyDraft {
        locality: draft.partner.clone(),
        organization: draft.partner_body.clone(),
        signatory: draft.partner_signatory.clone(),
    };
    let paths = PartyPaths {
        locality: "partnerLocality",
        organization: "partnerOrganization",
        signatory: "partnerSignatory",
    };
    let mut seen = HashSet::new();
    let mut parties = Vec::new();
    if !partner.is_blank() {
        parties.extend(partner.parse(reader, &paths, &mut seen));
    }
    for (index, party) in reader.bounded_list("parties", &draft.parties, MOST_MEMBERS).iter().enumerate() {
        let at = |field| format!("parties.{index}.{field}");
        let paths = PartyPaths {
            locality: &at("locality"),
            organization: &at("organization"),
            signatory: &at("signatory"),
        };
        parties.extend(party.parse(reader, &paths, &mut seen));
    }
    parties
}

impl PartyDraft {
    fn is_blank(&self) -> bool {
        [&self.locality, &self.organization, &self.signatory].iter().all(|text| text.trim().is_empty())
    }

    fn parse(
        &self,
        reader: &mut DraftReader<'_>,
        paths: &PartyPaths<'_>,
        seen: &mut HashSet<LocalityId>,
    ) -> Option<AgreementParty> {
        let signatory = reader.optional_text(paths.signatory, &self.signatory, LONGEST_TITLE);
        let party = match (self.locality.trim().is_empty(), self.organization.trim().is_empty()) {
            (false, false) => Err(InvalidReason::LocalityAndOrganization.into()),
            (true, true) => Err(Reason::Required),
            (false, true) => reader.find_locality(&self.locality).and_then(|locality| {
                // Otherwise a list of the agreements with the locality would contain this one
                // twice.
                let is_new = seen.insert(locality);
                is_new.then_some(PartyRef::Locality(locality)).ok_or_else(|| {
                    InvalidReason::PartyTwice { given: self.locality.trim().to_owned() }.into()
                })
            }),
            (true, false) => Ok(match reader.organization_ref(paths.organization, &self.organization)? {
                OrganizationRef::Code(code) => PartyRef::Organization(code),
                OrganizationRef::Named(name) => PartyRef::Named(name),
            }),
        };
        let party = reader.problems.take(paths.locality, party)?;
        Some(AgreementParty { party, signatory })
    }
}
