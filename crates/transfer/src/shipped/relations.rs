//! Relations, with the activity that agreements and events show.

use super::COMPILED_ON;
use super::entries::{Columns, Desk};
use super::shapes::File;
use crate::table::Row;
use caunoi_domain::agreement::Agreement;
use caunoi_domain::data_set::Coded;
use caunoi_domain::date::Day;
use caunoi_domain::draft::{Placed, RelationDraft};
use caunoi_domain::entry::{Content as _, SignOfLife};
use caunoi_domain::event::Event;
use caunoi_domain::id::Log;
use caunoi_domain::relation::Relation;

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

/// Reads the relations; agreements of the same log with the same partner and the events that serve
/// them are their activity.
pub(super) fn read(
    desk: &mut Desk<'_>,
    agreements: &[Coded<Agreement>],
    events: &[Coded<Event>],
) -> Vec<Coded<Relation>> {
    let mut relations = Vec::new();
    for row in desk.tables[File::Relations].rows() {
        let parsed = draft(desk, row).parse(desk.directory, COMPILED_ON);
        let Some(mut relation) = desk.settle(row, COLUMNS, parsed) else { continue };
        let days = activity(&relation, agreements, events);
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

/// The days on which agreements and events show that a relation lives, in order of time.
fn activity(
    relation: &Coded<Relation>,
    agreements: &[Coded<Agreement>],
    events: &[Coded<Event>],
) -> Vec<Day> {
    let Coded { code, placed: Placed { log, content } } = relation;
    let own = |of: Log, sign: Option<SignOfLife>| sign.filter(|_| of == *log);
    let signed = agreements.iter().filter_map(|one| own(one.placed.log, one.placed.content.sign_of_life()));
    let held = events.iter().filter_map(|one| own(one.placed.log, one.placed.content.sign_of_life()));
    let signs = signed.chain(held).filter(|sign| sign.is_for(code, content.partner));
    let mut days: Vec<Day> = signs.map(|sign| sign.on).collect();
    days.sort_unstable();
    days.dedup();
    days
}
