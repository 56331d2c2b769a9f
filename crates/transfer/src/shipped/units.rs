//! Units of the first tier: what closed, what lives, which followed which, and the provinces.
//!
//! A merger or a new name closes a unit and opens another, also where the slug stays the same;
//! an unchanged unit lives on, and its kind and name are dated.

use super::reference::{Keys, Reading, note, short, title};
use super::shapes::File;
use crate::table::{Row, word};
use caunoi_domain::date::{Day, parse_day};
use caunoi_domain::id::{Id, Log};
use caunoi_domain::locale::Bilingual;
use caunoi_domain::unit::{AdminUnit, Designation, Province, Succession, SuccessionKind, UnitKind};

/// What a row of the lineage tells.
struct Step<'t> {
    row: Row<'t>,
    predecessor: &'t str,
    successor: &'t str,
    /// None where the unit lives on unchanged.
    change: Option<SuccessionKind>,
    effective_on: Day,
    kind: UnitKind,
    name: Bilingual,
    legal_basis: String,
}

type UnitKeys = Keys<(String, Option<Day>), AdminUnit>;

/// Reads units, successions and provinces.
pub(super) fn read(reading: &mut Reading<'_>) {
    let steps = read_steps(reading);
    let mut keys = Keys::new(&reading.known.units, |unit| ((unit.slug.clone(), unit.valid_to), unit.id));
    for step in steps.iter().filter(|step| step.change.is_some()) {
        close_unit(reading, step, &mut keys);
    }
    let mut rows: Vec<Row<'_>> = reading.tables[File::Provinces].rows().collect();
    rows.sort_by_key(|row| row.text("code"));
    for row in &rows {
        let unit = read_living(reading, *row, &steps, &mut keys);
        reading.made.units.push(unit);
    }
    link(reading, &steps);
    read_provinces(reading, &rows);
}

fn read_steps<'t>(reading: &mut Reading<'t>) -> Vec<Step<'t>> {
    let mut steps = Vec::new();
    for row in reading.tables[File::Lineage].rows() {
        let change = match row.text("change") {
            "MERGED" => Some(SuccessionKind::Merged),
            "RENAMED" => Some(SuccessionKind::Renamed),
            "UNCHANGED" => None,
            other => {
                reading.flaws.note(
                    row.flaw("change", format!("\"{other}\" is not one of MERGED, RENAMED, UNCHANGED")),
                );
                continue;
            }
        };
        // The day of adoption is part of the printed legal basis; the register keeps the basis.
        reading.flaws.keep(row.read("adopted_date", parse_day));
        steps.push(Step {
            row,
            predecessor: row.text("predecessor_slug"),
            successor: row.text("successor_slug"),
            change,
            effective_on: reading.flaws.value(row.read("effective_date", parse_day)),
            kind: kind(reading, row, "predecessor_kind"),
            name: reading.name(row),
            legal_basis: reading.flaws.value(row.read("legal_basis", note)),
        });
    }
    steps
}

fn kind(reading: &mut Reading<'_>, row: Row<'_>, column: &str) -> UnitKind {
    let read = row.read(column, word::<UnitKind>("one of PROVINCE, CITY"));
    reading.flaws.keep(read).unwrap_or(UnitKind::Province)
}

fn close_unit(reading: &mut Reading<'_>, step: &Step<'_>, keys: &mut UnitKeys) {
    let row = step.row;
    let valid_to = step.effective_on.pred_opt();
    let unit = AdminUnit {
        id: keys.key(&(step.predecessor.to_owned(), valid_to)),
        slug: reading.flaws.value(row.read("predecessor_slug", short)),
        valid_from: None,
        valid_to,
        iso_3166_2: reading.flaws.value(row.read_optional("iso_3166_2", short)),
        designations: vec![Designation {
            from: None,
            code: reading.flaws.value(row.read("predecessor_code", short)),
            kind: step.kind,
            name: step.name.clone(),
            legal_basis: None,
        }],
        geography: Vec::new(),
    };
    reading.made.units.push(unit);
}

fn read_living(
    reading: &mut Reading<'_>,
    row: Row<'_>,
    steps: &[Step<'_>],
    keys: &mut UnitKeys,
) -> AdminUnit {
    let slug = row.text("slug");
    let unchanged = steps.iter().find(|step| step.change.is_none() && step.predecessor == slug);
    let opening = steps.iter().find(|step| step.change.is_some() && step.successor == slug);
    if unchanged.or(opening).is_none() {
        reading.flaws.note(row.flaw("slug", "no unit of the lineage became it"));
    }
    if !row.text("valid_to").is_empty() {
        reading.flaws.note(row.flaw("valid_to", "a province of today has no last day"));
    }
    let since = reading.flaws.value(row.read("valid_from", parse_day));
    let valid_from = if unchanged.is_some() { opening.map(|step| step.effective_on) } else { Some(since) };
    AdminUnit {
        id: keys.key(&(slug.to_owned(), None)),
        slug: reading.flaws.value(row.read("slug", short)),
        valid_from,
        valid_to: None,
        iso_3166_2: unchanged.map(|step| step.row.owned("iso_3166_2")).filter(|code| !code.is_empty()),
        designations: designations(reading, row, since, unchanged, opening),
        geography: Vec::new(),
    }
}

/// What a living unit was called: as the lineage has it, on the day of the reform, and after a
/// change of kind.
fn designations(
    reading: &mut Reading<'_>,
    row: Row<'_>,
    since: Day,
    unchanged: Option<&Step<'_>>,
    opening: Option<&Step<'_>>,
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
        code: reading.flaws.value(row.read("code", short)),
        kind: kind(reading, row, "kind_2025_07_01"),
        name: reading.name(row),
        legal_basis: unchanged.or(opening).map(|step| step.legal_basis.clone()),
    };
    let same = |first: &Designation| {
        (&first.code, first.kind, &first.name) == (&reformed.code, reformed.kind, &reformed.name)
    };
    if !designations.first().is_some_and(same) {
        designations.push(reformed.clone());
    }
    let present = kind(reading, row, "kind");
    let changed_on = reading.flaws.value(row.read_optional("kind_changed_on", parse_day));
    let basis = reading.flaws.value(row.read_optional("kind_basis", note));
    match changed_on {
        Some(day) => {
            designations.push(Designation { from: Some(day), kind: present, legal_basis: basis, ..reformed });
        }
        None if present != reformed.kind => {
            reading.flaws.note(row.flaw("kind_changed_on", "the kind changed, so its day is required"));
        }
        None => {}
    }
    designations
}

fn link(reading: &mut Reading<'_>, steps: &[Step<'_>]) {
    for step in steps {
        let Some(province) = reading.tables[File::Provinces].find("slug", step.successor) else {
            reading.flaws.note(
                step.row.flaw("successor_slug", format!("no province is known as \"{}\"", step.successor)),
            );
            continue;
        };
        if province.text("code") != step.row.text("successor_code") {
            let reason = format!("provinces.csv gives {} the code {}", step.successor, province.text("code"));
            reading.flaws.note(step.row.flaw("successor_code", reason));
        }
        let Some(kind) = step.change else {
            if step.predecessor != step.successor {
                reading.flaws.note(step.row.flaw("successor_slug", "an unchanged unit keeps its slug"));
            }
            continue;
        };
        let closed = step.effective_on.pred_opt();
        let unit = |slug: &str, valid_to: Option<Day>| {
            reading
                .made
                .units
                .iter()
                .find(|unit| unit.slug == slug && unit.valid_to == valid_to)
                .map(|unit| unit.id)
        };
        if let (Some(predecessor), Some(successor)) =
            (unit(step.predecessor, closed), unit(step.successor, None))
        {
            reading.made.successions.push(Succession {
                predecessor,
                successor,
                kind,
                effective_on: step.effective_on,
                legal_basis: step.legal_basis.clone(),
            });
        }
    }
}

fn read_provinces(reading: &mut Reading<'_>, rows: &[Row<'_>]) {
    let mut next = reading.known.provinces.iter().map(|province| province.log.number()).max().unwrap_or(0);
    for row in rows {
        let slug = row.text("slug");
        let unit = reading.made.units.iter().find(|unit| unit.slug == slug && unit.valid_to.is_none());
        let unit = unit.map_or(Id::new(0), |unit| unit.id);
        let known = reading
            .known
            .provinces
            .iter()
            .find(|province| province.unit == unit)
            .map(|province| province.log);
        let log = known.unwrap_or_else(|| {
            next += 1;
            Log::new(next)
        });
        let province = Province {
            log,
            unit,
            region: reading.flaws.value(row.read("region", short)),
            capital: reading.flaws.value(row.read_optional("capital", title)),
            area_km2: reading
                .flaws
                .value(row.read_optional("area_km2", word::<f64>("an area in square kilometres"))),
            population: reading
                .flaws
                .value(row.read_optional("population", word::<i64>("a number of people"))),
            location: reading.point(*row),
            neighbours: row
                .list("border_countries")
                .iter()
                .filter_map(|iso2| reading.country(*row, "border_countries", iso2))
                .collect(),
            source: reading.source(*row, "source"),
        };
        reading.made.provinces.push(province);
    }
}
