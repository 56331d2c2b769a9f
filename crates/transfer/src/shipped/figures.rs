//! The reader of figures; maps the qualifiers of the file to quantities.

use super::COMPILED_ON;
use super::csv_schemas::ShippedFile;
use super::entries::{ColumnMap, EntryReader, period};
use super::files::ShippedTables;
use crate::table::CsvRow;
use caunoi_domain::data_set::Coded;
use caunoi_domain::draft::{CommonDraft, FigureDraft, QuantityDraft};
use caunoi_domain::figure::Figure;
use caunoi_domain::reference::Vocabulary;
use caunoi_texts::FileText;

const COLUMNS: &ColumnMap = &[
    ("indicator", "indicator"),
    ("quantity", "value|qualifier"),
    ("basis", "qualifier"),
    ("period", "period_start|period_end"),
    ("asOf", "as_of"),
    ("changePercent", "indicator"),
    ("quote", "quote"),
    ("note", "qualifier"),
    ("fields", "id"),
];

/// Indicators, and the indicator that contains their change against the previous period.
const GROWTH: [(&str, &str); 2] =
    [("fdi_total", "fdi_total_growth"), ("fdi_projects_licensed", "fdi_projects_growth")];

/// The note of a figure that the compilers of the data set counted themselves.
const COUNTED: &str = "counted by the register's compilers from a list";

/// Reads the figures.
pub(super) fn read(reader: &mut EntryReader<'_>) -> Vec<Coded<Figure>> {
    let mut figures = Vec::new();
    for row in reader.tables[ShippedFile::Figures].rows() {
        check_unit(reader, row);
        let parsed = draft(reader, row).parse(reader.directory, COMPILED_ON);
        figures.extend(reader.collect_coded(row, COLUMNS, parsed));
    }
    figures
}

fn draft(reader: &EntryReader<'_>, row: CsvRow<'_>) -> FigureDraft {
    let (basis, note) = match row.text("qualifier") {
        "EXPECTED" => ("ESTIMATE", ""),
        "COUNTED" => ("", COUNTED),
        _ => ("", ""),
    };
    let change = GROWTH.iter().find(|(indicator, _)| *indicator == row.text("indicator"));
    let change = change.and_then(|(_, growth)| sibling(reader.tables, row, growth));
    FigureDraft {
        common: CommonDraft { fields: fields(reader.tables, row), ..reader.common(row, "") },
        indicator: row.owned("indicator"),
        quantity: quantity(reader.tables, row),
        basis: basis.to_owned(),
        period: period(row.text("period_start"), row.text("period_end")),
        as_of: row.owned("as_of"),
        change_percent: change.map(|row| row.owned("value")).unwrap_or_default(),
        quote: row.owned("quote"),
        note: note.to_owned(),
        ..FigureDraft::default()
    }
}

/// Returns the codes of the fields that a source names with a figure, in its order.
fn fields(tables: &ShippedTables, row: CsvRow<'_>) -> Vec<String> {
    let named =
        tables[ShippedFile::FigureFields].rows().filter(|field| field.text("figure_id") == row.text("id"));
    named.map(|field| field.owned("field_code")).collect()
}

/// Returns the quantity of a figure.
///
/// A minimum and a maximum of the same quantity are the bounds of one range, which both rows get. A
/// minimum alone becomes `AT_LEAST`. A maximum alone becomes a range from zero, since no figure is
/// below zero and `NEARLY` would claim that the number comes close.
fn quantity(tables: &ShippedTables, row: CsvRow<'_>) -> QuantityDraft {
    let unit = row.text("unit");
    let value = row.owned("value");
    let plain = QuantityDraft {
        unit: unit.to_owned(),
        currency: if unit == "USD" { unit.to_owned() } else { String::new() },
        ..QuantityDraft::default()
    };
    let range = |lower, upper| QuantityDraft { lower, upper, qualifier: "RANGE".to_owned(), ..plain.clone() };
    match row.text("qualifier") {
        "MIN" => match bound(tables, row, "_min", "_max", "MAX") {
            Some(most) => range(value, most),
            None => QuantityDraft { value, qualifier: "AT_LEAST".to_owned(), ..plain },
        },
        "MAX" => match bound(tables, row, "_max", "_min", "MIN") {
            Some(least) => range(least, value),
            None => range("0".to_owned(), value),
        },
        other => QuantityDraft { value, qualifier: plain_qualifier(other).to_owned(), ..plain },
    }
}

/// Returns the register's qualifier for one that depends on no second row.
pub(super) fn plain_qualifier(word: &str) -> &str {
    match word {
        "EXPECTED" | "COUNTED" => "EXACT",
        other => other,
    }
}

/// Returns the other bound: the value of the row whose indicator differs only in the suffix.
fn bound(
    tables: &ShippedTables,
    row: CsvRow<'_>,
    suffix: &str,
    other: &str,
    qualifier: &str,
) -> Option<String> {
    let stem = row.text("indicator").strip_suffix(suffix)?;
    let bound = sibling(tables, row, &format!("{stem}{other}"))?;
    let fits = bound.text("unit") == row.text("unit") && bound.text("qualifier") == qualifier;
    fits.then(|| bound.owned("value"))
}

/// Returns the row of another indicator for the same unit, period and date.
fn sibling<'t>(tables: &'t ShippedTables, row: CsvRow<'_>, indicator: &str) -> Option<CsvRow<'t>> {
    const SAME: [&str; 4] = ["province_slug", "period_start", "period_end", "as_of"];
    tables[ShippedFile::Figures]
        .rows()
        .filter(|other| other.text("indicator") == indicator)
        .find(|other| SAME.iter().all(|column| other.text(column) == row.text(column)))
}

/// Checks that the unit of measure is one of the indicator's.
fn check_unit(reader: &mut EntryReader<'_>, row: CsvRow<'_>) {
    let term = reader.directory.term_by_code(Vocabulary::Indicator, row.text("indicator"));
    if let Some(term) = term.filter(|term| !term.units.iter().any(|unit| unit == row.text("unit"))) {
        reader.flaws.push(
            row.flaw("unit", FileText::UnitDiffers { term: term.code.clone(), units: term.units.clone() }),
        );
    }
}
