//! The reader of dated changes of units that end no unit: a part becomes a unit of its own, or the
//! kind changes.

use super::csv_schemas::ShippedFile;
use super::reference::{ReferenceReader, note};
use crate::table::{CsvRow, word};
use caunoi_domain::date::{Day, parse_day};
use caunoi_domain::unit::{AdminUnit, UnitKind};
use caunoi_domain::validation::{InvalidReason, Reason, ReferenceKind, WordList};

/// The day and the legal act of a change.
struct Effect {
    on: Day,
    legal_basis: Option<String>,
}

/// Applies each change to the unit that its slug named on the first day of the change; units must
/// have been read.
pub(super) fn read(reader: &mut ReferenceReader<'_>) {
    for row in reader.tables[ShippedFile::UnitChanges].rows() {
        let Some(on) = reader.flaws.collect(row.read("effective_date", parse_day)) else { continue };
        let legal_basis = reader.flaws.collect(row.read("legal_basis", note));
        reader.source(row, "source_id");
        let effect = Effect { on, legal_basis };
        match row.text("change") {
            "SPLIT" => split(reader, row, effect),
            "KIND" => change_kind(reader, row, effect),
            other => {
                let (list, given) = (WordList::UnitChange, other.to_owned());
                let permitted = vec!["KIND", "SPLIT"];
                let reason = Reason::from(InvalidReason::UnknownWord { list, given, permitted });
                reader.flaws.push(row.flaw("change", reason));
            }
        }
    }
}

/// Begins a unit on the day on which it was split from another one.
fn split(reader: &mut ReferenceReader<'_>, row: CsvRow<'_>, effect: Effect) {
    let last_day_before = effect.on.pred_opt().unwrap_or(effect.on);
    let origin = find(reader, row, "split_from", last_day_before).map(|unit| unit.id);
    let Some(unit) = find(reader, row, "unit_slug", effect.on) else { return };
    unit.valid_from = Some(effect.on);
    unit.split_from = origin;
    if let Some(first) = unit.designations.first_mut() {
        first.legal_basis = effect.legal_basis;
    }
}

/// Puts the kind before the change in front of the designations of a unit.
fn change_kind(reader: &mut ReferenceReader<'_>, row: CsvRow<'_>, effect: Effect) {
    let kind = reader.flaws.collect(row.read("kind_before", word::<UnitKind>(WordList::UnitKind)));
    let Some(unit) = find(reader, row, "unit_slug", effect.on) else { return };
    let Some((kind, first)) = kind.zip(unit.designations.first_mut()) else { return };
    let mut before = first.clone();
    before.kind = kind;
    first.from = Some(effect.on);
    first.legal_basis = effect.legal_basis;
    unit.designations.insert(0, before);
}

/// Returns the unit that has the slug of a column on a day.
fn find<'r>(
    reader: &'r mut ReferenceReader<'_>,
    row: CsvRow<'_>,
    column: &str,
    day: Day,
) -> Option<&'r mut AdminUnit> {
    let slug = row.text(column);
    let units = &mut reader.reference.units;
    let found = units.iter_mut().find(|unit| unit.slug == slug && unit.is_valid_on(day));
    if found.is_none() {
        reader.flaws.push(row.flaw(column, Reason::unknown(ReferenceKind::Unit, slug)));
    }
    found
}
