//! Programmes.

use super::COMPILED_ON;
use super::entries::{Columns, Desk, period};
use super::shapes::File;
use crate::table::Row;
use caunoi_domain::data_set::Coded;
use caunoi_domain::draft::{ProgrammeDraft, QuantityDraft};
use caunoi_domain::locale::Bilingual;
use caunoi_domain::programme::Programme;

const COLUMNS: &Columns = &[
    ("pillar", "pillar"),
    ("title", "title_en"),
    ("kind", "kind"),
    ("direction", "direction"),
    ("partners", "partner_ids"),
    ("partnerBody", "partner_agency"),
    ("countries", "countries"),
    ("period", "period_start|period_end"),
    ("asOf", "as_of"),
    ("seatsPerYear", "seats_per_year"),
    ("quantity", "quantity_value|quantity_qualifier|unit"),
    ("amount", "quantity_value|quantity_qualifier|currency"),
];

/// Reads the programmes.
pub(super) fn read(desk: &mut Desk<'_>) -> Vec<Coded<Programme>> {
    let mut programmes = Vec::new();
    for row in desk.tables[File::Programmes].rows() {
        let parsed = draft(desk, row).parse(desk.directory, COMPILED_ON);
        programmes.extend(desk.settle(row, COLUMNS, parsed));
    }
    programmes
}

fn draft(desk: &Desk<'_>, row: Row<'_>) -> ProgrammeDraft {
    let stated = QuantityDraft {
        value: row.owned("quantity_value"),
        qualifier: row.owned("quantity_qualifier"),
        unit: row.owned("unit"),
        currency: row.owned("currency"),
        ..QuantityDraft::default()
    };
    let (quantity, amount) = match row.text("currency") {
        "" => (stated, QuantityDraft::default()),
        _ => (QuantityDraft::default(), stated),
    };
    ProgrammeDraft {
        common: desk.common(row, row.text("pillar")),
        title: Bilingual { vi: None, en: Some(row.owned("title_en")) },
        kind: row.owned("kind"),
        direction: row.owned("direction"),
        partners: row.list("partner_ids"),
        partner_body: row.owned("partner_agency"),
        countries: row.list("countries"),
        period: period(row.text("period_start"), row.text("period_end")),
        as_of: row.owned("as_of"),
        seats_per_year: QuantityDraft {
            value: row.owned("seats_per_year"),
            unit: row.owned("unit"),
            ..QuantityDraft::default()
        },
        quantity,
        amount,
    }
}
