//! The reader of legal instruments.

use super::COMPILED_ON;
use super::csv_schemas::ShippedFile;
use super::entries::{ColumnMap, EntryReader, period};
use crate::table::CsvRow;
use caunoi_domain::data_set::Coded;
use caunoi_domain::draft::{CommonDraft, InstrumentDraft, MINISTRY};
use caunoi_domain::instrument::Instrument;
use caunoi_domain::locale::Bilingual;

const COLUMNS: &ColumnMap = &[
    ("unit", "scope"),
    ("fields", "fields"),
    ("number", "number"),
    ("title", "title_en"),
    ("kind", "kind"),
    ("issuer", "issuer"),
    ("issued", "issued_on"),
    ("effective", "effective_on"),
    ("period", "period_from|period_to"),
    ("implements", "implements"),
    ("regions", "regions"),
    ("note", "note"),
];

/// Reads the instruments.
pub(super) fn read(reader: &mut EntryReader<'_>) -> Vec<Coded<Instrument>> {
    let mut instruments = Vec::new();
    for row in reader.tables[ShippedFile::Instruments].rows() {
        let parsed = draft(reader, row).parse(reader.directory, COMPILED_ON);
        instruments.extend(reader.collect_coded(row, COLUMNS, parsed));
    }
    instruments
}

fn draft(reader: &EntryReader<'_>, row: CsvRow<'_>) -> InstrumentDraft {
    let unit = match row.text("scope") {
        "NATIONAL" => MINISTRY,
        unit => unit,
    };
    InstrumentDraft {
        common: CommonDraft {
            unit: unit.to_owned(),
            pillar: String::new(),
            fields: row.list("fields"),
            sources: reader.sources(&[row]),
            ..CommonDraft::default()
        },
        number: row.owned("number"),
        title: Bilingual { vi: None, en: Some(row.owned("title_en")) },
        kind: row.owned("kind"),
        issuer: row.owned("issuer"),
        issued: row.owned("issued_on"),
        effective: row.owned("effective_on"),
        period: period(row.text("period_from"), row.text("period_to")),
        implements: Some(row.owned("implements")).filter(|number| !number.is_empty()).into_iter().collect(),
        regions: row.list("regions"),
        note: row.owned("note"),
    }
}
