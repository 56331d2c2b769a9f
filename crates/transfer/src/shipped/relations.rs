//! The reader of relations, with the activity that follows from agreements and events.

use super::COMPILED_ON;
use super::csv_schemas::ShippedFile;
use super::entries::{ColumnMap, EntryReader};
use super::participants::{self, ParticipantRole};
use crate::table::CsvRow;
use caunoi_domain::agreement::Agreement;
use caunoi_domain::data_set::Coded;
use caunoi_domain::date::Day;
use caunoi_domain::draft::{ParsedDraft, RelationDraft};
use caunoi_domain::entry::{Content as _, LinkedActivity};
use caunoi_domain::event::Event;
use caunoi_domain::id::Log;
use caunoi_domain::relation::Relation;

const COLUMNS: &ColumnMap = &[
    ("pillar", "kind"),
    ("partnerLocality", "partner_id"),
    ("tier", "kind"),
    ("vietnameseBodies", "id"),
    ("partnerBodies", "id"),
    ("established", "established"),
    ("ended", "ended"),
    ("status", "status"),
    ("continues", "continues_id"),
    ("evidenceYear", "evidence_year"),
    ("confidence", "confidence"),
    ("note", "note"),
];

/// Reads the relations. Their activity comes from agreements in the same log with the same partner,
/// and from events that refer to them.
pub(super) fn read(
    reader: &mut EntryReader<'_>,
    agreements: &[Coded<Agreement>],
    events: &[Coded<Event>],
) -> Vec<Coded<Relation>> {
    let mut relations = Vec::new();
    for row in reader.tables[ShippedFile::Relations].rows() {
        let parsed = draft(reader, row).parse(reader.directory, COMPILED_ON);
        let Some(mut relation) = reader.collect_coded(row, COLUMNS, parsed) else { continue };
        let days = activity(&relation, agreements, events);
        relation.parsed.content = relation.parsed.content.with_activity(&days);
        relations.push(relation);
    }
    relations
}

fn draft(reader: &EntryReader<'_>, row: CsvRow<'_>) -> RelationDraft {
    let tier = row.text("kind");
    let status = match row.text("status") {
        "TERMINATED" => "ENDED",
        other => other,
    };
    RelationDraft {
        common: reader.common(row, if tier == "PARTY_TO_PARTY" { "PARTY" } else { "" }),
        partner: row.owned("partner_id"),
        tier: tier.to_owned(),
        own_bodies: participants::bodies(reader.tables, row.text("id"), ParticipantRole::Body),
        partner_bodies: participants::bodies(reader.tables, row.text("id"), ParticipantRole::PartnerBody),
        established: row.owned("established"),
        ended: row.owned("ended"),
        status: status.to_owned(),
        founding_agreement: String::new(),
        continues: row.owned("continues_id"),
        evidence_year: row.owned("evidence_year"),
        confidence: row.owned("confidence"),
        note: row.owned("note"),
    }
}

/// Returns the days of activity of a relation, in ascending order.
fn activity(
    relation: &Coded<Relation>,
    agreements: &[Coded<Agreement>],
    events: &[Coded<Event>],
) -> Vec<Day> {
    let Coded { code, parsed: ParsedDraft { log, content } } = relation;
    let own = |of: Log, sign: Option<LinkedActivity>| sign.filter(|_| of == *log);
    let signed =
        agreements.iter().filter_map(|one| own(one.parsed.log, one.parsed.content.linked_activity()));
    let held = events.iter().filter_map(|one| own(one.parsed.log, one.parsed.content.linked_activity()));
    let signs = signed.chain(held).filter(|sign| sign.is_for(code, content.partner));
    let mut days: Vec<Day> = signs.map(|sign| sign.on).collect();
    days.sort_unstable();
    days.dedup();
    days
}
