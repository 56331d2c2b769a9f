//! The reader of relations, with the activity that follows from agreements and events.

use super::COMPILED_ON;
use super::csv_schemas::ShippedFile;
use super::entries::{ColumnMap, EntryReader};
use super::participants::{self, ParticipantRole};
use crate::table::CsvRow;
use caunoi_domain::agreement::Agreement;
use caunoi_domain::data_set::Coded;
use caunoi_domain::date::Day;
use caunoi_domain::directory::Directory;
use caunoi_domain::draft::{ParsedDraft, RelationDraft};
use caunoi_domain::entry::{Content, LinkedActivity};
use caunoi_domain::event::Event;
use caunoi_domain::id::Log;
use caunoi_domain::relation::{PartnerActivity, Relation};

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

/// Reads the relations. Their activity comes from agreements and events in the same log with the same
/// partner.
pub(super) fn read(
    reader: &mut EntryReader<'_>,
    agreements: &[Coded<Agreement>],
    events: &[Coded<Event>],
) -> Vec<Coded<Relation>> {
    let mut relations: Vec<Coded<Relation>> = Vec::new();
    for row in reader.tables[ShippedFile::Relations].rows() {
        let parsed = draft(reader, row).parse(reader.directory, COMPILED_ON);
        relations.extend(reader.collect_coded(row, COLUMNS, parsed));
    }
    let days: Vec<_> = relations
        .iter()
        .map(|relation| {
            let activity = activity(relation, &relations, agreements, events, reader.directory);
            activity.days_of(relation.parsed.content.common.origin_unit, reader.directory)
        })
        .collect();
    let with_days = |(mut relation, days): (Coded<Relation>, Vec<Day>)| {
        relation.parsed.content = relation.parsed.content.with_activity(&days);
        relation
    };
    relations.into_iter().zip(days).map(with_days).collect()
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

/// Returns the activity with the partner of a relation.
fn activity(
    relation: &Coded<Relation>,
    relations: &[Coded<Relation>],
    agreements: &[Coded<Agreement>],
    events: &[Coded<Event>],
    directory: &Directory,
) -> PartnerActivity {
    let Coded { code, parsed: ParsedDraft { log, content } } = relation;
    let is_other = |other: &&Coded<Relation>| {
        other.parsed.log == *log && other.parsed.content.partner == content.partner && other.code != *code
    };
    let others = relations.iter().filter(is_other).map(|other| other.parsed.content.common.origin_unit);
    let mut activity = PartnerActivity { other_units: others.collect(), ..PartnerActivity::default() };
    let signed = agreements.iter().flat_map(|one| activity_of_owners(&one.parsed, directory));
    let held = events.iter().flat_map(|one| activity_of_owners(&one.parsed, directory));
    for (_, sign) in signed.chain(held).filter(|(owner, _)| owner == log) {
        activity.add(&sign, code, content.partner);
    }
    activity
}

fn activity_of_owners<C: Content>(
    ParsedDraft { log, content }: &ParsedDraft<C>,
    directory: &Directory,
) -> Vec<(Log, LinkedActivity)> {
    let linked = content.linked_activity();
    linked.map(|linked| content.common().activity_of_owners(*log, &linked, directory)).unwrap_or_default()
}
