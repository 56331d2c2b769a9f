//! The reader of borders and coasts of units.

use super::csv_schemas::ShippedFile;
use super::reference::{ReferenceReader, note};
use crate::table::{CsvRow, number, word};
use caunoi_domain::date::FuzzyDate;
use caunoi_domain::quantity::{Qualifier, Quantity, QuantityParts};
use caunoi_domain::unit::{Geography, GeographyFact};
use caunoi_domain::validation::{Format, Reason, ReferenceKind, WordList};

/// Adds each length to its unit; units and localities must have been read.
pub(super) fn read(reader: &mut ReferenceReader<'_>) {
    for row in reader.tables[ShippedFile::Geography].rows() {
        read_geography(reader, row);
    }
}

/// Reads one length. It belongs to the unit valid on its day; without a day, to the oldest unit
/// with the slug.
fn read_geography(reader: &mut ReferenceReader<'_>, row: CsvRow<'_>) {
    let fact = reader.flaws.collect(row.read("fact", word::<GeographyFact>(WordList::GeographyFact)));
    let qualifier =
        reader.flaws.value_or_default(row.read("qualifier", word::<Qualifier>(WordList::Qualifier)));
    let length = reader.flaws.collect(row.read("value", |raw| {
        let value = Some(number(Format::Decimal)(raw)?);
        Quantity::new(QuantityParts { value, qualifier, unit: "km".to_owned(), ..QuantityParts::default() })
    }));
    let as_of = reader.flaws.value_or_default(row.read_optional("as_of", FuzzyDate::parse));
    let with_country = reader.optional_country(row, "with_country");
    let neighbours = row.list("neighbours");
    let neighbours = neighbours.iter().filter_map(|slug| reader.locality(row, "neighbours", slug)).collect();
    let note = reader.flaws.value_or_default(row.read_optional("note", note));
    let source = reader.source(row, "source_id");
    let slug = row.text("province_slug");
    let day = as_of.as_ref().and_then(FuzzyDate::first_latest);
    let units = &mut reader.reference.units;
    let valid =
        units.iter().position(|unit| unit.slug == slug && day.is_some_and(|day| unit.is_valid_on(day)));
    // Closed units come first, so the first unit with a slug is the oldest.
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
        None => reader.flaws.push(row.flaw("province_slug", Reason::unknown(ReferenceKind::Unit, slug))),
    }
}
