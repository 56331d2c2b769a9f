//! Figures, and how the qualifiers of the file map to quantities.

use super::COMPILED_ON;
use super::entries::{Columns, Desk, period};
use super::files::Tables;
use super::shapes::File;
use crate::table::Row;
use caunoi_domain::data_set::Coded;
use caunoi_domain::draft::{FigureDraft, QuantityDraft};
use caunoi_domain::figure::Figure;
use caunoi_domain::reference::Vocabulary;

const COLUMNS: &Columns = &[
    ("indicator", "indicator"),
    ("quantity", "value|qualifier"),
    ("basis", "qualifier"),
    ("period", "period_start|period_end"),
    ("asOf", "as_of"),
    ("changePercent", "indicator"),
    ("quote", "quote"),
    ("note", "qualifier"),
];

/// Indicators whose change against the period before is a figure of its own.
const GROWTH: [(&str, &str); 2] =
    [("fdi_total", "fdi_total_growth"), ("fdi_projects_licensed", "fdi_projects_growth")];

/// How the register says that a number is its own count.
const COUNTED: &str = "counted by the register's compilers from a list";

/// Reads the figures.
pub(super) fn read(desk: &mut Desk<'_>) -> Vec<Coded<Figure>> {
    let mut figures = Vec::new();
    for row in desk.tables[File::Figures].rows() {
        check_unit(desk, row);
        let parsed = draft(desk, row).parse(desk.directory, COMPILED_ON);
        figures.extend(desk.settle(row, COLUMNS, parsed));
    }
    figures
}

fn draft(desk: &Desk<'_>, row: Row<'_>) -> FigureDraft {
    let (basis, note) = match row.text("qualifier") {
        "EXPECTED" => ("ESTIMATE", ""),
        "COUNTED" => ("", COUNTED),
        _ => ("", ""),
    };
    let change = GROWTH.iter().find(|(indicator, _)| *indicator == row.text("indicator"));
    let change = change.and_then(|(_, growth)| beside(desk.tables, row, growth));
    FigureDraft {
        common: desk.common(row, ""),
        indicator: row.owned("indicator"),
        quantity: quantity(desk.tables, row),
        basis: basis.to_owned(),
        period: period(row.text("period_start"), row.text("period_end")),
        as_of: row.owned("as_of"),
        change_percent: change.map(|row| row.owned("value")).unwrap_or_default(),
        quote: row.owned("quote"),
        note: note.to_owned(),
        ..FigureDraft::default()
    }
}

/// The number with its qualifier.
///
/// A least and a most of the same thing are the two bounds of one range and both rows bear it. A
/// least alone is `AT_LEAST`. A most alone is a range from zero: no figure counts below it, and
/// `NEARLY` would claim that the number comes close.
fn quantity(tables: &Tables, row: Row<'_>) -> QuantityDraft {
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

/// The register's word for a qualifier that needs no second row.
pub(super) fn plain_qualifier(word: &str) -> &str {
    match word {
        "EXPECTED" | "COUNTED" => "EXACT",
        other => other,
    }
}

/// The other bound of the same thing: the value of the row whose indicator differs in the suffix.
fn bound(tables: &Tables, row: Row<'_>, suffix: &str, other: &str, qualifier: &str) -> Option<String> {
    let stem = row.text("indicator").strip_suffix(suffix)?;
    let bound = beside(tables, row, &format!("{stem}{other}"))?;
    let fits = bound.text("unit") == row.text("unit") && bound.text("qualifier") == qualifier;
    fits.then(|| bound.owned("value"))
}

/// The row of another indicator for the same unit, period and date.
fn beside<'t>(tables: &'t Tables, row: Row<'_>, indicator: &str) -> Option<Row<'t>> {
    const SAME: [&str; 4] = ["province_slug", "period_start", "period_end", "as_of"];
    tables[File::Figures]
        .rows()
        .filter(|other| other.text("indicator") == indicator)
        .find(|other| SAME.iter().all(|column| other.text(column) == row.text(column)))
}

/// An indicator is stated in the units of its term only.
fn check_unit(desk: &mut Desk<'_>, row: Row<'_>) {
    let term = desk.directory.term_by_code(Vocabulary::Indicator, row.text("indicator"));
    if let Some(term) = term.filter(|term| !term.units.iter().any(|unit| unit == row.text("unit"))) {
        desk.flaws.note(row.flaw("unit", format!("{} is stated in {}", term.code, term.units.join(" or "))));
    }
}
