//! Organizations: those of the file, and bodies that other files name.

use super::COMPILED_ON;
use super::bodies::{self, Body};
use super::entries::{Columns, Desk};
use super::figures::plain_qualifier;
use super::shapes::File;
use crate::table::Row;
use caunoi_domain::data_set::Coded;
use caunoi_domain::draft::{OrganizationDraft, QuantityDraft};
use caunoi_domain::locale::Bilingual;
use caunoi_domain::organization::Organization;
use caunoi_domain::refusal::Refusal;
use std::collections::HashSet;

const COLUMNS: &Columns = &[
    ("name", "name_en"),
    ("abbreviation", "name_en"),
    ("kind", "kind"),
    ("targetCountry", "country"),
    ("parent", "parent_id"),
    ("founded", "founded"),
    ("members", "members"),
    ("asOf", "as_of"),
    ("roles", "note"),
    ("note", "note"),
];

/// How a note says that another organization does the work.
const STANDING_AGENCY: &str = "its standing agency is ";

/// Reads the organizations of the file, then the bodies that it lacks, as the ministry's.
pub(super) fn read(desk: &mut Desk<'_>) -> Vec<Coded<Organization>> {
    let mut bodies = bodies::named(desk.tables);
    let mut organizations = Vec::new();
    for row in desk.tables[File::Organizations].rows() {
        let name = row.text("name_en");
        let same = bodies.iter().position(|body| bodies::is_same(body.name, name));
        let body = same.map_or_else(|| Body::new(name), |index| bodies.remove(index));
        check_standing_agency(desk, row);
        let parsed = draft(desk, row, &body).parse(desk.directory, COMPILED_ON);
        organizations.extend(desk.settle_at(row.text("id"), parsed, |path| body.place(row, COLUMNS, path)));
    }
    let mut codes = HashSet::new();
    for body in &bodies {
        let Some((row, naming)) = body.first() else { continue };
        let Some(code) = body.code() else {
            desk.flaws.note(row.flaw(naming, "has no letter or digit to make a code of"));
            continue;
        };
        if !codes.insert(code.clone()) {
            desk.flaws.note(row.flaw(naming, Refusal::Taken(code)));
            continue;
        }
        let parsed = body.draft(desk).parse(desk.directory, COMPILED_ON);
        let columns =
            [("name", naming), ("kind", naming), ("abbreviation", naming), ("country", "partner_country")];
        organizations.extend(desk.settle_at(&code, parsed, |path| body.place(row, &columns, path)));
    }
    organizations
}

fn draft(desk: &Desk<'_>, row: Row<'_>, body: &Body<'_>) -> OrganizationDraft {
    let name = row.owned("name_en");
    OrganizationDraft {
        common: desk.common(row, ""),
        abbreviation: bodies::abbreviation(&name).to_owned(),
        name: Bilingual { vi: None, en: Some(name) },
        kind: row.owned("kind"),
        stage: if row.text("kind") == "COMMITTEE" { "COMMITTEE".to_owned() } else { String::new() },
        country: String::new(),
        target_country: row.owned("country"),
        parent: row.owned("parent_id"),
        founded: row.owned("founded"),
        members: members(desk, row),
        as_of: row.owned("as_of"),
        roles: roles(desk, row),
        memberships: body.memberships(),
        posts: body.posts(),
        note: row.owned("note"),
        ..OrganizationDraft::default()
    }
}

/// The members; a figure of the same unit, number and source says how exact they are.
fn members(desk: &Desk<'_>, row: Row<'_>) -> QuantityDraft {
    if row.text("members").is_empty() {
        return QuantityDraft::default();
    }
    let figure = desk.tables[File::Figures].rows().find(|figure| {
        [("province_slug", "province_slug"), ("value", "members"), ("source_id", "source_id")]
            .iter()
            .all(|(theirs, ours)| figure.text(theirs) == row.text(ours))
    });
    QuantityDraft {
        value: row.owned("members"),
        qualifier: figure.map_or("EXACT", |figure| plain_qualifier(figure.text("qualifier"))).to_owned(),
        unit: row.owned("members_unit"),
        ..QuantityDraft::default()
    }
}

/// What other organizations say that this one does for them.
fn roles(desk: &Desk<'_>, row: Row<'_>) -> Vec<String> {
    let notes = desk.tables[File::Organizations].rows();
    notes
        .filter(|other| other.text("note").strip_prefix(STANDING_AGENCY) == Some(row.text("id")))
        .map(|other| format!("Standing agency of the {}", other.text("name_en")))
        .collect()
}

fn check_standing_agency(desk: &mut Desk<'_>, row: Row<'_>) {
    if let Some(agency) = row.text("note").strip_prefix(STANDING_AGENCY)
        && desk.tables[File::Organizations].find("id", agency).is_none()
    {
        desk.flaws.note(row.flaw("note", Refusal::unknown("organization", agency)));
    }
}
