//! The reader of participants: Vietnamese parties and further partners of agreements, hosts and
//! co-organizers of events, bodies of relations.

use super::csv_schemas::ShippedFile;
use super::files::ShippedTables;
use crate::table::{CsvRow, Flaws};
use caunoi_domain::draft::{ParticipantDraft, PartyDraft, VietnamesePartyDraft};
use caunoi_domain::validation::{Reason, ReferenceKind};

/// The role of a participant in an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ParticipantRole {
    /// A Vietnamese party to an agreement.
    Party,
    /// A party of the other side other than the partner that the agreement names.
    Partner,
    /// A host of an event.
    Host,
    /// A co-organizer of an event.
    CoOrganizer,
    /// An organization of the province that maintains a relation.
    Body,
    /// Its counterpart.
    PartnerBody,
}

/// The word of each role, and the file of its entries.
const ROLES: [(ParticipantRole, &str, ShippedFile, ReferenceKind); 6] = [
    (ParticipantRole::Party, "PARTY", ShippedFile::Agreements, ReferenceKind::Agreement),
    (ParticipantRole::Partner, "PARTNER", ShippedFile::Agreements, ReferenceKind::Agreement),
    (ParticipantRole::Host, "HOST", ShippedFile::Events, ReferenceKind::Event),
    (ParticipantRole::CoOrganizer, "CO_ORGANIZER", ShippedFile::Events, ReferenceKind::Event),
    (ParticipantRole::Body, "BODY", ShippedFile::Relations, ReferenceKind::Relation),
    (ParticipantRole::PartnerBody, "PARTNER_BODY", ShippedFile::Relations, ReferenceKind::Relation),
];

/// Collects rows of unknown roles or entries as flaws.
pub(super) fn check(tables: &ShippedTables, flaws: &mut Flaws) {
    for row in tables[ShippedFile::Participants].rows() {
        let (role, entry) = (row.text("role"), row.text("entry_id"));
        match ROLES.iter().find(|(_, word, _, _)| *word == role) {
            None => flaws.push(row.flaw("role", Reason::unknown(ReferenceKind::Entry, role))),
            Some((_, _, file, kind)) if tables[*file].find("id", entry).is_none() => {
                flaws.push(row.flaw("entry_id", Reason::unknown(*kind, entry)));
            }
            Some(_) => {}
        }
    }
}

/// Returns the rows of an entry, in the order of the file.
pub(super) fn rows<'t>(tables: &'t ShippedTables, entry: &str) -> Vec<CsvRow<'t>> {
    tables[ShippedFile::Participants].rows().filter(|row| row.text("entry_id") == entry).collect()
}

/// Returns the participants of an entry in a role.
pub(super) fn read(tables: &ShippedTables, entry: &str, role: ParticipantRole) -> Vec<ParticipantDraft> {
    let is_of_role = |row: &CsvRow<'_>| {
        ROLES.iter().any(|(known, word, _, _)| *known == role && *word == row.text("role"))
    };
    let draft = |row: CsvRow<'_>| ParticipantDraft {
        province: row.owned("province"),
        organization: row.owned("organization"),
    };
    rows(tables, entry).into_iter().filter(is_of_role).map(draft).collect()
}

/// Returns the Vietnamese parties to an agreement.
pub(super) fn vietnamese_parties(tables: &ShippedTables, agreement: &str) -> Vec<VietnamesePartyDraft> {
    let party = |party| VietnamesePartyDraft { party, ..VietnamesePartyDraft::default() };
    read(tables, agreement, ParticipantRole::Party).into_iter().map(party).collect()
}

/// Returns the parties of the other side other than the partner.
pub(super) fn partners(tables: &ShippedTables, agreement: &str) -> Vec<PartyDraft> {
    let party = |partner: ParticipantDraft| PartyDraft {
        organization: partner.organization,
        ..PartyDraft::default()
    };
    read(tables, agreement, ParticipantRole::Partner).into_iter().map(party).collect()
}

/// Returns the organizations on one side of a relation.
pub(super) fn bodies(tables: &ShippedTables, relation: &str, role: ParticipantRole) -> Vec<String> {
    read(tables, relation, role).into_iter().map(|body| body.organization).collect()
}
