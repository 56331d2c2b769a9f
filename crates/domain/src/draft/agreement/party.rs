//! Drafts of parties.

use super::AgreementDraft;
use crate::agreement::{AgreementParty, PartyRef};
use crate::draft::{DraftReader, LONGEST_TITLE, MOST_MEMBERS};
use crate::entry::EntryKind;
use crate::place::LocalityId;
use crate::validation::{InvalidReason, Reason, ReferenceKind};
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
            (true, false) => {
                let name = reader.text(paths.organization, &self.organization, LONGEST_TITLE)?;
                if reader.directory.organization_by_code(&name).is_some() {
                    Ok(PartyRef::Organization(name))
                } else if is_code(&name) {
                    // As a name it would disclose the code of a draft or of a withdrawn
                    // organization.
                    let reason = Reason::unknown(ReferenceKind::PublishedOrganization, &name);
                    reader.problems.note(paths.organization, reason);
                    return None;
                } else {
                    Ok(PartyRef::Named(name))
                }
            }
        };
        let party = reader.problems.take(paths.locality, party)?;
        Some(AgreementParty { party, signatory })
    }
}

/// Returns whether a text has the form of an organization code, such as `ORG-HUE-0003`.
fn is_code(text: &str) -> bool {
    let prefix = format!("{}-", EntryKind::Organization.prefix());
    let is_code_char = |sign: char| sign.is_ascii_uppercase() || sign.is_ascii_digit() || "-_".contains(sign);
    text.contains(&prefix) && text.chars().all(is_code_char)
}
