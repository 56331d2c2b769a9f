//! Relations, with the activity that agreements and events show.

use super::COMPILED_ON;
use super::entries::{Columns, Desk};
use super::shapes::File;
use crate::table::Row;
use caunoi_domain::agreement::Agreement;
use caunoi_domain::data_set::Coded;
use caunoi_domain::date::Day;
use caunoi_domain::draft::RelationDraft;
use caunoi_domain::event::Event;
use caunoi_domain::id::Log;
use caunoi_domain::place::LocalityId;
use caunoi_domain::relation::Relation;
use std::collections::BTreeSet;
use std::collections::HashMap;

const COLUMNS: &Columns = &[
    ("pillar", "kind"),
    ("partner", "partner_id"),
    ("tier", "kind"),
    ("established", "established"),
    ("ended", "ended"),
    ("status", "status"),
    ("continues", "continues_id"),
    ("evidenceYear", "evidence_year"),
    ("confidence", "confidence"),
    ("note", "note"),
];

/// Reads the relations; the same log's agreements and events with a partner are its activity.
pub(super) fn read(
    desk: &mut Desk<'_>,
    agreements: &[Coded<Agreement>],
    events: &[Coded<Event>],
) -> Vec<Coded<Relation>> {
    let activity = activity(agreements, events);
    let mut relations = Vec::new();
    for row in desk.tables[File::Relations].rows() {
        let parsed = draft(desk, row).parse(desk.directory, COMPILED_ON);
        let Some(mut relation) = desk.settle(row, COLUMNS, parsed) else { continue };
        let days = activity.get(&(relation.placed.log, relation.placed.content.partner));
        let days: Vec<Day> = days.into_iter().flatten().copied().collect();
        relation.placed.content = relation.placed.content.with_activity(&days);
        relations.push(relation);
    }
    relations
}

fn draft(desk: &Desk<'_>, row: Row<'_>) -> RelationDraft {
    let tier = row.text("kind");
    let status = match row.text("status") {
        "TERMINATED" => "ENDED",
        other => other,
    };
    RelationDraft {
        common: desk.common(row, if tier == "PARTY_TO_PARTY" { "PARTY" } else { "" }),
        partner: row.owned("partner_id"),
        tier: tier.to_owned(),
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

fn activity(
    agreements: &[Coded<Agreement>],
    events: &[Coded<Event>],
) -> HashMap<(Log, LocalityId), BTreeSet<Day>> {
    let mut days: HashMap<(Log, LocalityId), BTreeSet<Day>> = HashMap::new();
    for Coded { placed, .. } in agreements {
        if let Some((partner, day)) = placed.content.partner().zip(placed.content.activity_on()) {
            days.entry((placed.log, partner)).or_default().insert(day);
        }
    }
    for Coded { placed, .. } in events {
        for (partner, day) in
            placed.content.partners.iter().zip(std::iter::repeat(placed.content.activity_on()))
        {
            days.entry((placed.log, *partner)).or_default().extend(day);
        }
    }
    days
}
