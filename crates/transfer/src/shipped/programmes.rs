//! The reader of programmes.

use super::COMPILED_ON;
use super::csv_schemas::ShippedFile;
use super::entries::{ColumnMap, EntryReader, period};
use crate::table::CsvRow;
use caunoi_domain::data_set::Coded;
use caunoi_domain::draft::{ProgrammeDraft, QuantityDraft};
use caunoi_domain::locale::Bilingual;
use caunoi_domain::programme::Programme;

const COLUMNS: &ColumnMap = &[
    ("pillar", "pillar"),
    ("title", "title_en"),
    ("kind", "kind"),
    ("direction", "direction"),
    ("partnerLocalities", "partner_ids"),
    ("partnerName", "partner_agency"),
    ("countries", "countries"),
    ("period", "period_start|period_end"),
    ("asOf", "as_of"),
    ("seatsPerYear", "seats_per_year"),
    ("quantity", "quantity_value|quantity_qualifier|unit"),
    ("amount", "quantity_value|quantity_qualifier|currency"),
];

/// Reads the programmes.
pub(super) fn read(reader: &mut EntryReader<'_>) -> Vec<Coded<Programme>> {
    let mut programmes = Vec::new();
    for row in reader.tables[ShippedFile::Programmes].rows() {
        let parsed = draft(reader, row).parse(reader.directory, COMPILED_ON);
        programmes.extend(reader.collect_coded(row, COLUMNS, parsed));
    }
    programmes
}

fn draft(reader: &EntryReader<'_>, row: CsvRow<'_>) -> ProgrammeDraft {
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
        common: reader.common(row, row.text("pillar")),
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
