//! Checks on columns that several files share: what stands twice must agree.

use super::files::Tables;
use super::shapes::File;
use crate::table::{Flaws, Row, Table};
use caunoi_domain::date::FuzzyDate;
use caunoi_domain::draft::MINISTRY;
use caunoi_domain::refusal::Refusal;

/// Columns that hold the code of a row: file, column, file of that row, its column, its name.
const REFERENCES: [(File, &str, File, &str, &str); 6] = [
    (File::CountryLabels, "iso2", File::Countries, "iso2", "country"),
    (File::EventDetails, "event_id", File::Events, "id", "event"),
    (File::Relations, "continues_id", File::Relations, "id", "relation"),
    (File::Agreements, "renewal_of", File::Agreements, "id", "agreement"),
    (File::Organizations, "parent_id", File::Organizations, "id", "organization"),
    (File::Geography, "figure_id", File::Figures, "id", "figure"),
];

/// Notes what does not agree between the files.
pub(super) fn check(tables: &Tables, flaws: &mut Flaws) {
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
                flaws.note(row.flaw(column, Refusal::unknown(what, code)));
            }
        }
    }
}

/// A row repeats the title and the address of its source.
fn check_source(tables: &Tables, table: &Table, row: Row<'_>, flaws: &mut Flaws) {
    if !table.has("source_id") {
        return;
    }
    let source = row.read("source_id", |code| {
        tables[File::Sources].find("id", code).ok_or_else(|| Refusal::unknown("source", code))
    });
    let Some(source) = flaws.keep(source) else { return };
    for (column, original) in [("source_title", "title"), ("source_url", "address"), ("source", "address")] {
        if table.has(column) && row.text(column) != source.text(original) {
            flaws.note(row.flaw(column, format!("is not the {original} of the source in sources.csv")));
        }
    }
}

/// The unit of today follows from the lineage. Units that nobody knows are refused elsewhere.
fn check_successor(tables: &Tables, table: &Table, row: Row<'_>, flaws: &mut Flaws) {
    if !table.has("province_slug") {
        return;
    }
    let unit = row.text("province_slug");
    let step = tables[File::Lineage].find("predecessor_slug", unit).map(|step| step.text("successor_slug"));
    let living = || tables[File::Provinces].find("slug", unit).map(|province| province.text("slug"));
    let expected = if unit == MINISTRY { Some(MINISTRY) } else { step.or_else(living) };
    if let Some(expected) = expected.filter(|expected| *expected != row.text("successor_slug")) {
        flaws.note(row.flaw("successor_slug", format!("the lineage says {expected}")));
    }
}

/// The stated precision fits the date; a date that cannot be read is refused elsewhere.
fn check_precision(table: &Table, row: Row<'_>, flaws: &mut Flaws) {
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
        flaws.note(row.flaw("date_precision", format!("the date in {column} is of precision {precision}")));
    }
}
