//! Checks between files: repeated data must agree, references must resolve.

use super::csv_schemas::ShippedFile;
use super::files::ShippedTables;
use crate::table::{CsvRow, CsvTable, Flaws};
use caunoi_domain::date::FuzzyDate;
use caunoi_domain::draft::MINISTRY;
use caunoi_domain::validation::{Reason, ReferenceKind};
use caunoi_texts::FileText;

/// Columns that refer to a row: file, column, file of that row, its key column, its noun in errors.
const REFERENCES: [(ShippedFile, &str, ShippedFile, &str, ReferenceKind); 7] = [
    (ShippedFile::CountryLabels, "iso2", ShippedFile::Countries, "iso2", ReferenceKind::Country),
    (ShippedFile::EventDetails, "event_id", ShippedFile::Events, "id", ReferenceKind::Event),
    (ShippedFile::FigureFields, "figure_id", ShippedFile::Figures, "id", ReferenceKind::Figure),
    (ShippedFile::Relations, "continues_id", ShippedFile::Relations, "id", ReferenceKind::Relation),
    (ShippedFile::Agreements, "renewal_of", ShippedFile::Agreements, "id", ReferenceKind::Agreement),
    (ShippedFile::Organizations, "parent_id", ShippedFile::Organizations, "id", ReferenceKind::Organization),
    (ShippedFile::Geography, "figure_id", ShippedFile::Figures, "id", ReferenceKind::Figure),
];

/// Collects inconsistencies between the files as flaws.
pub(super) fn check(tables: &ShippedTables, flaws: &mut Flaws) {
    for table in tables.all() {
        for row in table.rows() {
            check_source(tables, table, row, flaws);
            check_successor(tables, table, row, flaws);
            check_precision(table, row, flaws);
        }
    }
    for (file, column, target, key, what) in REFERENCES {
        for row in tables[file].rows() {
            let code = row.text(column);
            if !code.is_empty() && tables[target].find(key, code).is_none() {
                flaws.push(row.flaw(column, Reason::unknown(what, code)));
            }
        }
    }
}

/// Checks title and address that a row repeats from its source.
fn check_source(tables: &ShippedTables, table: &CsvTable, row: CsvRow<'_>, flaws: &mut Flaws) {
    if !table.has("source_id") {
        return;
    }
    let source = row.read("source_id", |code| {
        tables[ShippedFile::Sources]
            .find("id", code)
            .ok_or_else(|| Reason::unknown(ReferenceKind::Source, code))
    });
    let Some(source) = flaws.collect(source) else { return };
    for (column, original) in [("source_title", "title"), ("source_url", "address"), ("source", "address")] {
        if table.has(column) && row.text(column) != source.text(original) {
            flaws.push(row.flaw(column, FileText::SourceDiffers { original: original.to_owned() }));
        }
    }
}

/// Checks the present unit against the lineage. Unknown units are reported by the readers.
fn check_successor(tables: &ShippedTables, table: &CsvTable, row: CsvRow<'_>, flaws: &mut Flaws) {
    if !table.has("province_slug") {
        return;
    }
    let unit = row.text("province_slug");
    let step =
        tables[ShippedFile::Lineage].find("predecessor_slug", unit).map(|step| step.text("successor_slug"));
    let living = || tables[ShippedFile::Provinces].find("slug", unit).map(|province| province.text("slug"));
    let expected = if unit == MINISTRY { Some(MINISTRY) } else { step.or_else(living) };
    if let Some(expected) = expected.filter(|expected| *expected != row.text("successor_slug")) {
        flaws.push(row.flaw("successor_slug", FileText::LineageDiffers { expected: expected.to_owned() }));
    }
}

/// Checks the stated precision against the date. Unreadable dates are reported by the readers.
fn check_precision(table: &CsvTable, row: CsvRow<'_>, flaws: &mut Flaws) {
    if !table.has("date_precision") {
        return;
    }
    let Some(column) = ["established", "signed", "start"].into_iter().find(|column| table.has(column)) else {
        return;
    };
    let date = row.text(column);
    let precision = match (date.len(), FuzzyDate::parse(date).is_ok()) {
        (0, _) => "UNKNOWN",
        (4, true) => "YEAR",
        (7, true) => "MONTH",
        (10, true) => "DAY",
        _ => return,
    };
    if row.text("date_precision") != precision {
        let (column, precision) = (column.to_owned(), precision.to_owned());
        flaws.push(row.flaw("date_precision", FileText::PrecisionDiffers { column, precision }));
    }
}
