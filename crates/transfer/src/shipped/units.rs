//! The reader of units of the first tier: closed and living units, successions, provinces.
//!
//! A merger or a new name closes a unit and opens another, even with the same slug; an unchanged
//! unit continues, with dated kinds and names, also where another one became part of it.

use super::csv_schemas::ShippedFile;
use super::reference::{KeyAllocator, ReferenceReader, note, short, title};
use crate::table::{CsvRow, number, word};
use caunoi_domain::date::{Day, parse_day};
use caunoi_domain::id::{Id, Log};
use caunoi_domain::locale::Bilingual;
use caunoi_domain::unit::{
    AdminUnit, Designation, Province, SocioEconomicRegion, Succession, SuccessionKind, UnitKind,
};
use caunoi_domain::validation::{Format, InvalidReason, Reason, ReferenceKind, WordList};
use caunoi_texts::FileText;

/// One row of the lineage.
struct LineageStep<'t> {
    row: CsvRow<'t>,
    predecessor: &'t str,
    successor: &'t str,
    /// `None` if the unit continues unchanged.
    change: Option<SuccessionKind>,
    effective_on: Day,
    kind: UnitKind,
    name: Bilingual,
    legal_basis: String,
}

type UnitKeyAllocator = KeyAllocator<(String, Option<Day>), AdminUnit>;

/// Reads units, successions and provinces.
pub(super) fn read(reader: &mut ReferenceReader<'_>) {
    let steps = read_steps(reader);
    let mut keys =
        KeyAllocator::new(&reader.known.units, |unit| ((unit.slug.clone(), unit.valid_to), unit.id));
    for step in steps.iter().filter(|step| step.change.is_some()) {
        close_unit(reader, step, &mut keys);
    }
    let mut rows: Vec<CsvRow<'_>> = reader.tables[ShippedFile::Provinces].rows().collect();
    rows.sort_by_key(|row| row.text("code"));
    for row in &rows {
        let unit = read_living_unit(reader, *row, &steps, &mut keys);
        reader.reference.units.push(unit);
    }
    add_successions(reader, &steps);
    read_provinces(reader, &rows);
}

fn read_steps<'t>(reader: &mut ReferenceReader<'t>) -> Vec<LineageStep<'t>> {
    let mut steps = Vec::new();
    for row in reader.tables[ShippedFile::Lineage].rows() {
        let change = match row.text("change") {
            "MERGED" => Some(SuccessionKind::Merged),
            "RENAMED" => Some(SuccessionKind::Renamed),
            "UNCHANGED" => None,
            other => {
                let (list, given) = (WordList::UnitChange, other.to_owned());
                let permitted = vec!["MERGED", "RENAMED", "UNCHANGED"];
                let reason = Reason::from(InvalidReason::UnknownWord { list, given, permitted });
                reader.flaws.push(row.flaw("change", reason));
                continue;
            }
        };
        // The day of adoption is part of the legal basis, which the register stores as text.
        reader.flaws.collect(row.read_optional("adopted_date", parse_day));
        steps.push(LineageStep {
            row,
            predecessor: row.text("predecessor_slug"),
            successor: row.text("successor_slug"),
            change,
            effective_on: reader.flaws.value_or_default(row.read("effective_date", parse_day)),
            kind: kind(reader, row, "predecessor_kind"),
            name: reader.name(row),
            legal_basis: reader.flaws.value_or_default(row.read("legal_basis", note)),
        });
    }
    steps
}

fn kind(reader: &mut ReferenceReader<'_>, row: CsvRow<'_>, column: &str) -> UnitKind {
    let read = row.read(column, word::<UnitKind>(WordList::UnitKind));
    reader.flaws.collect(read).unwrap_or(UnitKind::Province)
}

fn close_unit(reader: &mut ReferenceReader<'_>, step: &LineageStep<'_>, keys: &mut UnitKeyAllocator) {
    let row = step.row;
    let valid_to = step.effective_on.pred_opt();
    let unit = AdminUnit {
        id: keys.key(&(step.predecessor.to_owned(), valid_to)),
        slug: reader.flaws.value_or_default(row.read("predecessor_slug", short)),
        valid_from: None,
        valid_to,
        split_from: None,
        iso_3166_2: reader.flaws.value_or_default(row.read_optional("iso_3166_2", short)),
        designations: vec![Designation {
            from: None,
            code: reader.flaws.value_or_default(row.read("predecessor_code", short)),
            kind: step.kind,
            name: step.name.clone(),
            legal_basis: None,
        }],
        geography: Vec::new(),
    };
    reader.reference.units.push(unit);
}

fn read_living_unit(
    reader: &mut ReferenceReader<'_>,
    row: CsvRow<'_>,
    steps: &[LineageStep<'_>],
    keys: &mut UnitKeyAllocator,
) -> AdminUnit {
    let slug = row.text("slug");
    let unchanged = steps.iter().find(|step| step.change.is_none() && step.predecessor == slug);
    // Units that become part of an unchanged one do not open it.
    let opening = steps.iter().find(|step| {
        let opens = match step.change {
            Some(SuccessionKind::Merged) => unchanged.is_none(),
            Some(SuccessionKind::Renamed) => true,
            None => false,
        };
        opens && step.successor == slug
    });
    if unchanged.or(opening).is_none() {
        reader.flaws.push(row.flaw("slug", FileText::NothingPrecedes));
    }
    if !row.text("valid_to").is_empty() {
        reader.flaws.push(row.flaw("valid_to", FileText::PresentHasNoEnd));
    }
    let since = reader.flaws.value_or_default(row.read("valid_from", parse_day));
    let valid_from = if unchanged.is_some() { opening.map(|step| step.effective_on) } else { Some(since) };
    AdminUnit {
        id: keys.key(&(slug.to_owned(), None)),
        slug: reader.flaws.value_or_default(row.read("slug", short)),
        valid_from,
        valid_to: None,
        split_from: None,
        iso_3166_2: unchanged.map(|step| step.row.owned("iso_3166_2")).filter(|code| !code.is_empty()),
        designations: designations(reader, row, since, unchanged, opening),
        geography: Vec::new(),
    }
}

/// Returns the designations of a living unit: from the lineage, from the day of the reform, and
/// after a change of kind.
fn designations(
    reader: &mut ReferenceReader<'_>,
    row: CsvRow<'_>,
    since: Day,
    unchanged: Option<&LineageStep<'_>>,
    opening: Option<&LineageStep<'_>>,
) -> Vec<Designation> {
    let mut designations = Vec::new();
    if let Some(step) = unchanged {
        designations.push(Designation {
            from: opening.map(|step| step.effective_on),
            code: step.row.owned("predecessor_code"),
            kind: step.kind,
            name: step.name.clone(),
            legal_basis: opening.map(|step| step.legal_basis.clone()),
        });
    }
    let reformed = Designation {
        from: Some(since),
        code: reader.flaws.value_or_default(row.read("code", short)),
        kind: kind(reader, row, "kind_2025_07_01"),
        name: reader.name(row),
        legal_basis: unchanged.or(opening).map(|step| step.legal_basis.clone()),
    };
    let same = |first: &Designation| {
        (&first.code, first.kind, &first.name) == (&reformed.code, reformed.kind, &reformed.name)
    };
    if !designations.first().is_some_and(same) {
        designations.push(reformed.clone());
    }
    let present = kind(reader, row, "kind");
    let changed_on = reader.flaws.value_or_default(row.read_optional("kind_changed_on", parse_day));
    let basis = reader.flaws.value_or_default(row.read_optional("kind_basis", note));
    match changed_on {
        Some(day) => {
            designations.push(Designation { from: Some(day), kind: present, legal_basis: basis, ..reformed });
        }
        None if present != reformed.kind => {
            reader.flaws.push(row.flaw("kind_changed_on", FileText::KindDayRequired));
        }
        None => {}
    }
    designations
}

fn add_successions(reader: &mut ReferenceReader<'_>, steps: &[LineageStep<'_>]) {
    for step in steps {
        let Some(province) = reader.tables[ShippedFile::Provinces].find("slug", step.successor) else {
            let reason = Reason::unknown(ReferenceKind::Province, step.successor);
            reader.flaws.push(step.row.flaw("successor_slug", reason));
            continue;
        };
        if province.text("code") != step.row.text("successor_code") {
            let (slug, code) = (step.successor.to_owned(), province.owned("code"));
            let reason = FileText::CodeDiffers { slug, code };
            reader.flaws.push(step.row.flaw("successor_code", reason));
        }
        let Some(kind) = step.change else {
            if step.predecessor != step.successor {
                reader.flaws.push(step.row.flaw("successor_slug", FileText::SlugKept));
            }
            continue;
        };
        let closed = step.effective_on.pred_opt();
        let unit = |slug: &str, valid_to: Option<Day>| {
            reader
                .reference
                .units
                .iter()
                .find(|unit| unit.slug == slug && unit.valid_to == valid_to)
                .map(|unit| unit.id)
        };
        if let (Some(predecessor), Some(successor)) =
            (unit(step.predecessor, closed), unit(step.successor, None))
        {
            reader.reference.successions.push(Succession {
                predecessor,
                successor,
                kind,
                effective_on: step.effective_on,
                legal_basis: step.legal_basis.clone(),
            });
        }
    }
}

fn read_provinces(reader: &mut ReferenceReader<'_>, rows: &[CsvRow<'_>]) {
    let mut next = reader.known.provinces.iter().map(|province| province.log.number()).max().unwrap_or(0);
    for row in rows {
        let slug = row.text("slug");
        let unit = reader.reference.units.iter().find(|unit| unit.slug == slug && unit.valid_to.is_none());
        let unit = unit.map_or(Id::new(0), |unit| unit.id);
        let known =
            reader.known.provinces.iter().find(|province| province.unit == unit).map(|province| province.log);
        let log = known.unwrap_or_else(|| {
            next += 1;
            Log::new(next)
        });
        let province = Province {
            log,
            unit,
            region: reader
                .flaws
                .collect(row.read("region", word(WordList::SocioEconomicRegion)))
                .unwrap_or(SocioEconomicRegion::Southeast),
            capital: reader.flaws.value_or_default(row.read_optional("capital", title)),
            area_km2: reader
                .flaws
                .value_or_default(row.read_optional("area_km2", number::<f64>(Format::Area))),
            population: reader
                .flaws
                .value_or_default(row.read_optional("population", number::<i64>(Format::Population))),
            location: reader.point(*row),
            neighbours: row
                .list("border_countries")
                .iter()
                .filter_map(|iso2| reader.country(*row, "border_countries", iso2))
                .collect(),
            source: reader.source(*row, "source"),
        };
        reader.reference.provinces.push(province);
    }
}
