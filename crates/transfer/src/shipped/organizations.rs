//! The reader of organizations: those of the file, and those that other files name.

use super::COMPILED_ON;
use super::csv_schemas::ShippedFile;
use super::entries::{ColumnMap, EntryReader};
use super::figures::plain_qualifier;
use super::named_organizations::{self, NamedOrganization};
use crate::table::CsvRow;
use caunoi_domain::data_set::Coded;
use caunoi_domain::draft::{OrganizationDraft, QuantityDraft};
use caunoi_domain::locale::Bilingual;
use caunoi_domain::organization::Organization;
use caunoi_domain::validation::{Reason, ReferenceKind};
use caunoi_texts::FileText;
use std::collections::HashSet;

const COLUMNS: &ColumnMap = &[
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

/// The prefix of a note that names the standing agency of an organization.
const STANDING_AGENCY: &str = "its standing agency is ";

/// Reads the organizations of the file, then adds those that only other files name.
pub(super) fn read(reader: &mut EntryReader<'_>) -> Vec<Coded<Organization>> {
    let mut named = named_organizations::list_named(reader.tables);
    let mut organizations = Vec::new();
    for row in reader.tables[ShippedFile::Organizations].rows() {
        let name = row.text("name_en");
        let same =
            named.iter().position(|organization| named_organizations::is_same_name(organization.name, name));
        let organization = same.map_or_else(|| NamedOrganization::new(name), |index| named.remove(index));
        check_standing_agency(reader, row);
        let parsed = draft(reader, row, &organization).parse(reader.directory, COMPILED_ON);
        organizations.extend(
            reader.collect_coded_at(row.text("id"), parsed, |path| organization.locate(row, COLUMNS, path)),
        );
    }
    let mut codes = HashSet::new();
    for organization in &named {
        let Some((row, naming)) = organization.first() else { continue };
        let Some(code) = organization.code() else {
            reader.flaws.push(row.flaw(naming, FileText::NoLetter));
            continue;
        };
        if !codes.insert(code.clone()) {
            reader.flaws.push(row.flaw(naming, Reason::Taken { given: code }));
            continue;
        }
        let parsed = organization.draft(reader).parse(reader.directory, COMPILED_ON);
        let columns =
            [("name", naming), ("kind", naming), ("abbreviation", naming), ("country", "partner_country")];
        organizations
            .extend(reader.collect_coded_at(&code, parsed, |path| organization.locate(row, &columns, path)));
    }
    organizations
}

fn draft(
    reader: &EntryReader<'_>,
    row: CsvRow<'_>,
    organization: &NamedOrganization<'_>,
) -> OrganizationDraft {
    let name = row.owned("name_en");
    OrganizationDraft {
        common: reader.common(row, ""),
        abbreviation: named_organizations::abbreviation(&name).to_owned(),
        name: Bilingual { vi: None, en: Some(name) },
        kind: row.owned("kind"),
        stage: if row.text("kind") == "COMMITTEE" { "COMMITTEE".to_owned() } else { String::new() },
        country: String::new(),
        target_country: row.owned("country"),
        parent: row.owned("parent_id"),
        founded: row.owned("founded"),
        members: members(reader, row),
        as_of: row.owned("as_of"),
        roles: roles(reader, row),
        memberships: organization.memberships(),
        posts: organization.posts(),
        note: row.owned("note"),
        ..OrganizationDraft::default()
    }
}

/// Returns the number of members. A figure with the same unit, number and source determines the
/// qualifier.
fn members(reader: &EntryReader<'_>, row: CsvRow<'_>) -> QuantityDraft {
    if row.text("members").is_empty() {
        return QuantityDraft::default();
    }
    let figure = reader.tables[ShippedFile::Figures].rows().find(|figure| {
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

/// Returns the roles that other organizations assign to this one.
fn roles(reader: &EntryReader<'_>, row: CsvRow<'_>) -> Vec<String> {
    let notes = reader.tables[ShippedFile::Organizations].rows();
    notes
        .filter(|other| other.text("note").strip_prefix(STANDING_AGENCY) == Some(row.text("id")))
        .map(|other| format!("Standing agency of the {}", other.text("name_en")))
        .collect()
}

fn check_standing_agency(reader: &mut EntryReader<'_>, row: CsvRow<'_>) {
    if let Some(agency) = row.text("note").strip_prefix(STANDING_AGENCY)
        && reader.tables[ShippedFile::Organizations].find("id", agency).is_none()
    {
        reader.flaws.push(row.flaw("note", Reason::unknown(ReferenceKind::Organization, agency)));
    }
}
