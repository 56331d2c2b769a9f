//! Drafts of participants: units and organizations on the Vietnamese side, and organizations of
//! either side.

use super::writer::{DraftWriter, text};
use super::{DraftReader, LONGEST_TITLE, MOST_MEMBERS};
use crate::date::DayRange;
use crate::entry::{EntryKind, UnitId};
use crate::party::{OrganizationRef, Participant, VietnameseParty};
use crate::validation::{InvalidReason, Reason, ReferenceKind};

/// Unchecked input for a participant: a unit or an organization.
#[derive(Debug, Clone, Default)]
pub struct ParticipantDraft {
    /// The slug of a unit at the time of the fact, or blank.
    pub province: String,
    /// The printed name or the code of an organization, or blank.
    pub organization: String,
}

/// Unchecked input for a Vietnamese party to an agreement.
#[derive(Debug, Clone, Default)]
pub struct VietnamesePartyDraft {
    /// The party.
    pub party: ParticipantDraft,
    /// The signatory of the party, or blank.
    pub signatory: String,
}

impl DraftReader<'_> {
    /// Parses a list of participants; rejects one that occurs twice.
    pub(super) fn participants(
        &mut self,
        path: &str,
        drafts: &[ParticipantDraft],
        days: DayRange,
    ) -> Vec<Participant> {
        let mut participants = Vec::new();
        for (index, draft) in self.bounded_list(path, drafts, MOST_MEMBERS).iter().enumerate() {
            participants.extend(self.participant(&format!("{path}.{index}"), draft, days, &participants));
        }
        participants
    }

    /// Parses the Vietnamese parties; rejects one that occurs twice.
    pub(super) fn vietnamese_parties(
        &mut self,
        path: &str,
        drafts: &[VietnamesePartyDraft],
        days: DayRange,
    ) -> Vec<VietnameseParty> {
        let (mut parties, mut seen) = (Vec::new(), Vec::new());
        for (index, draft) in self.bounded_list(path, drafts, MOST_MEMBERS).iter().enumerate() {
            let at = format!("{path}.{index}");
            let signatory = self.optional_text(&format!("{at}.signatory"), &draft.signatory, LONGEST_TITLE);
            if let Some(party) = self.participant(&at, &draft.party, days, &seen) {
                seen.push(party.clone());
                parties.push(VietnameseParty { party, signatory });
            }
        }
        parties
    }

    /// Parses a list of organizations; skips blank ones.
    pub(super) fn organizations(&mut self, path: &str, raw: &[String]) -> Vec<OrganizationRef> {
        let mut organizations = Vec::new();
        for (index, raw) in self.bounded_list(path, raw, MOST_MEMBERS).iter().enumerate() {
            if !raw.trim().is_empty() {
                organizations.extend(self.organization_ref(&format!("{path}.{index}"), raw));
            }
        }
        organizations
    }

    /// Parses the code or the printed name of an organization.
    pub(super) fn organization_ref(&mut self, path: &str, raw: &str) -> Option<OrganizationRef> {
        let name = self.text(path, raw, LONGEST_TITLE)?;
        if self.directory.organization_by_code(&name).is_some() {
            return Some(OrganizationRef::Code(name));
        }
        if is_code(&name) {
            // As a name it would disclose the code of a draft or of a withdrawn organization.
            self.problems.note(path, Reason::unknown(ReferenceKind::PublishedOrganization, &name));
            return None;
        }
        Some(OrganizationRef::Named(name))
    }

    fn participant(
        &mut self,
        path: &str,
        draft: &ParticipantDraft,
        days: DayRange,
        others: &[Participant],
    ) -> Option<Participant> {
        let ParticipantDraft { province, organization } = draft;
        let province_path = format!("{path}.province");
        let participant = match (province.trim().is_empty(), organization.trim().is_empty()) {
            (false, false) => Err(InvalidReason::ProvinceAndOrganization.into()),
            (true, true) => Err(Reason::Required),
            (false, true) => Ok(Participant::Unit(self.unit_of_province(&province_path, province, days)?)),
            (true, false) => Ok(Participant::Organization(
                self.organization_ref(&format!("{path}.organization"), organization)?,
            )),
        };
        let given = [province, organization].map(|text| text.trim()).concat();
        let is_new = |participant: Participant| {
            let twice = || InvalidReason::ParticipantTwice { given }.into();
            if others.contains(&participant) { Err(twice()) } else { Ok(participant) }
        };
        self.problems.take(&province_path, participant.and_then(is_new))
    }

    /// Parses the slug or name of a unit that belongs to a province of today.
    fn unit_of_province(&mut self, path: &str, given: &str, days: DayRange) -> Option<UnitId> {
        let unit = self.require_unit(path, given, days)?;
        let is_of_province = self.directory.province_of(unit).is_some();
        let known = if is_of_province { Ok(unit) } else { Err(Reason::unknown(ReferenceKind::Unit, given)) };
        self.problems.take(path, known)
    }
}

/// Returns whether a text has the form of an organization code, such as `ORG-HUE-0003`.
fn is_code(text: &str) -> bool {
    let prefix = format!("{}-", EntryKind::Organization.prefix());
    let is_code_char = |sign: char| sign.is_ascii_uppercase() || sign.is_ascii_digit() || "-_".contains(sign);
    text.contains(&prefix) && text.chars().all(is_code_char)
}

impl DraftWriter<'_> {
    pub(super) fn participant(&self, participant: &Participant) -> ParticipantDraft {
        match participant {
            Participant::Unit(unit) => {
                let slug = self.directory.unit(*unit).map(|unit| unit.slug.clone());
                ParticipantDraft { province: slug.unwrap_or_default(), organization: String::new() }
            }
            Participant::Organization(organization) => {
                ParticipantDraft { province: String::new(), organization: code_or_name(organization) }
            }
        }
    }

    pub(super) fn vietnamese_party(&self, party: &VietnameseParty) -> VietnamesePartyDraft {
        VietnamesePartyDraft {
            party: self.participant(&party.party),
            signatory: text(party.signatory.as_ref()),
        }
    }
}

/// Returns the text that [`DraftReader::organization_ref`] parses to this organization.
pub(super) fn code_or_name(organization: &OrganizationRef) -> String {
    match organization {
        OrganizationRef::Code(text) | OrganizationRef::Named(text) => text.clone(),
    }
}

#[cfg(test)]
mod tests;
