//! Instruments.

use super::COMPILED_ON;
use super::entries::{Columns, Desk, period};
use super::shapes::File;
use crate::table::{Row, one_of};
use caunoi_domain::data_set::Coded;
use caunoi_domain::draft::{CommonDraft, InstrumentDraft, MINISTRY};
use caunoi_domain::instrument::Instrument;
use caunoi_domain::locale::Bilingual;

const COLUMNS: &Columns = &[
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

/// The kinds that the files know; the register itself takes any word.
const KINDS: &[&str] =
    &["RESOLUTION", "DIRECTIVE", "DOCUMENT", "ACTION_PLAN", "STRATEGY", "LAW", "DECREE", "DECISION"];

/// Reads the instruments.
pub(super) fn read(desk: &mut Desk<'_>) -> Vec<Coded<Instrument>> {
    let mut instruments = Vec::new();
    for row in desk.tables[File::Instruments].rows() {
        desk.flaws.keep(row.read("kind", one_of(KINDS)));
        let parsed = draft(desk, row).parse(desk.directory, COMPILED_ON);
        instruments.extend(desk.settle(row, COLUMNS, parsed));
    }
    instruments
}

fn draft(desk: &Desk<'_>, row: Row<'_>) -> InstrumentDraft {
    let unit = match row.text("scope") {
        "NATIONAL" => MINISTRY,
        unit => unit,
    };
    InstrumentDraft {
        common: CommonDraft {
            unit: unit.to_owned(),
            pillar: String::new(),
            fields: row.list("fields"),
            sources: desk.sources(&[row]),
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
