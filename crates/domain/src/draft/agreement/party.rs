//! Drafts of parties.

use super::AgreementDraft;
use crate::agreement::{AgreementParty, PartyRef};
use crate::draft::{LONGEST_TITLE, MOST_MEMBERS, Reading};
use crate::entry::EntryKind;
use crate::place::LocalityId;
use crate::refusal::Refusal;
use std::collections::HashSet;

/// A party as somebody wrote it: a locality or a body.
#[derive(Debug, Clone, Default)]
pub struct PartyDraft {
    /// The slug of a locality, or blank.
    pub locality: String,
    /// The printed name or the code of a body, or blank.
    pub organization: String,
    /// Who signed for it, or blank.
    pub signatory: String,
}

/// The paths of the three fields of a party.
struct Paths<'a> {
    locality: &'a str,
    organization: &'a str,
    signatory: &'a str,
}

/// The partner and the parties beside it, each locality once.
pub(super) fn read(reading: &mut Reading<'_>, draft: &AgreementDraft) -> Vec<AgreementParty> {
    let partner = PartyDraft {
        locality: draft.partner.clone(),
        organization: draft.partner_body.clone(),
        signatory: draft.partner_signatory.clone(),
    };
    let paths =
        Paths { locality: "partner", organization: "partnerOrganization", signatory: "partnerSignatory" };
    let mut seen = HashSet::new();
    let mut parties = Vec::new();
    if !partner.is_blank() {
        parties.extend(partner.read(reading, &paths, &mut seen));
    }
    for (index, party) in reading.bounded("parties", &draft.parties, MOST_MEMBERS).iter().enumerate() {
        let at = |field| format!("parties.{index}.{field}");
        let paths = Paths {
            locality: &at("locality"),
            organization: &at("organization"),
            signatory: &at("signatory"),
        };
        parties.extend(party.read(reading, &paths, &mut seen));
    }
    parties
}

impl PartyDraft {
    fn is_blank(&self) -> bool {
        [&self.locality, &self.organization, &self.signatory].iter().all(|text| text.trim().is_empty())
    }

    fn read(
        &self,
        reading: &mut Reading<'_>,
        paths: &Paths<'_>,
        seen: &mut HashSet<LocalityId>,
    ) -> Option<AgreementParty> {
        let signatory = reading.optional_text(paths.signatory, &self.signatory, LONGEST_TITLE);
        let party = match (self.locality.trim().is_empty(), self.organization.trim().is_empty()) {
            (false, false) => Err(Refusal::Invalid("give a locality or a body, not both".to_owned())),
            (true, true) => Err(Refusal::Required),
            (false, true) => reading.find_locality(&self.locality).and_then(|locality| {
                // A list of the agreements with a locality would else tell this one twice.
                let is_new = seen.insert(locality);
                is_new.then_some(PartyRef::Locality(locality)).ok_or_else(|| {
                    Refusal::Invalid(format!("\"{}\" is a party already", self.locality.trim()))
                })
            }),
            (true, false) => {
                let name = reading.text(paths.organization, &self.organization, LONGEST_TITLE)?;
                if reading.directory.organization_by_code(&name).is_some() {
                    Ok(PartyRef::Organization(name))
                } else if is_code(&name) {
                    // Printed it would tell the code of a draft, or of what was taken back.
                    let refusal = Refusal::unknown("published organization", &name);
                    reading.problems.note(paths.organization, refusal);
                    return None;
                } else {
                    Ok(PartyRef::Named(name))
                }
            }
        };
        let party = reading.problems.take(paths.locality, party)?;
        Some(AgreementParty { party, signatory })
    }
}

/// Whether a text is written like the code of a body, such as `ORG-HUE-0003`.
fn is_code(text: &str) -> bool {
    let prefix = format!("{}-", EntryKind::Organization.prefix());
    let is_mark = |sign: char| sign.is_ascii_uppercase() || sign.is_ascii_digit() || "-_".contains(sign);
    text.contains(&prefix) && text.chars().all(is_mark)
}
