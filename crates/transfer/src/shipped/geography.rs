//! Borders and coasts of units.

use super::reference::{Reading, note};
use super::shapes::File;
use crate::table::{Row, word};
use caunoi_domain::date::FuzzyDate;
use caunoi_domain::quantity::{Qualifier, Quantity, QuantityParts};
use caunoi_domain::unit::{Geography, GeographyFact};

/// Hangs every length on its unit; units and localities must have been read.
pub(super) fn read(reading: &mut Reading<'_>) {
    for row in reading.tables[File::Geography].rows() {
        read_geography(reading, row);
    }
}

/// The unit of a length is the one valid on its day; without a day, the oldest of the slug.
fn read_geography(reading: &mut Reading<'_>, row: Row<'_>) {
    let fact = reading.flaws.keep(row.read("fact", word::<GeographyFact>("one of BORDER_KM, COAST_KM")));
    let qualifier = reading.flaws.value(row.read("qualifier", word::<Qualifier>("a qualifier")));
    let length = reading.flaws.keep(row.read("value", |raw| {
        let value = Some(word("a number")(raw)?);
        Quantity::new(QuantityParts { value, qualifier, unit: "km".to_owned(), ..QuantityParts::default() })
    }));
    let as_of = reading.flaws.value(row.read_optional("as_of", FuzzyDate::parse));
    let with_country = reading.optional_country(row, "with_country");
    let neighbours = row.list("neighbours");
    let neighbours = neighbours.iter().filter_map(|slug| reading.locality(row, "neighbours", slug)).collect();
    let note = reading.flaws.value(row.read_optional("note", note));
    let source = reading.source(row, "source_id");
    let slug = row.text("province_slug");
    let day = as_of.as_ref().and_then(FuzzyDate::first_latest);
    let units = &mut reading.made.units;
    let valid =
        units.iter().position(|unit| unit.slug == slug && day.is_some_and(|day| unit.is_valid_on(day)));
    // Closed units stand first, so the first of a slug is the oldest.
    let at = valid.or_else(|| units.iter().position(|unit| unit.slug == slug));
    match at.and_then(|at| units.get_mut(at)) {
        Some(unit) => unit.geography.extend(fact.zip(length).map(|(fact, length)| Geography {
            fact,
            with_country,
            neighbours,
            length,
            note,
            source,
        })),
        None => reading.flaws.note(row.flaw("province_slug", format!("no unit is known as \"{slug}\""))),
    }
}
