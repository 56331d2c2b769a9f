//! Agreements.

use super::COMPILED_ON;
use super::bodies::is_same;
use super::entries::{Columns, Desk};
use super::shapes::File;
use crate::table::Row;
use caunoi_domain::agreement::Agreement;
use caunoi_domain::data_set::Coded;
use caunoi_domain::draft::{ActDraft, AgreementDraft};
use caunoi_domain::locale::Bilingual;
use caunoi_domain::reference::Vocabulary;
use caunoi_domain::refusal::Refusal;
use std::collections::HashMap;

const COLUMNS: &Columns = &[
    ("pillar", "pillar"),
    ("fields", "fields"),
    ("title", "title_en"),
    ("form", "type"),
    ("partner", "partner_id"),
    ("partnerOrganization", "partner_agency"),
    ("country", "partner_country"),
    ("acts", "signed"),
    ("expires", "expires"),
    ("status", "status"),
    ("editionNo", "sequence_no"),
    ("renews", "renewal_of"),
];

/// The codes of FIELD for each free word; a word may stand for several.
type FieldMap<'t> = HashMap<&'t str, Vec<&'t str>>;

/// Reads the agreements; the directory must hold the organizations.
pub(super) fn read(desk: &mut Desk<'_>) -> Vec<Coded<Agreement>> {
    let map = field_map(desk);
    let mut agreements = Vec::new();
    for row in desk.tables[File::Agreements].rows() {
        let fields = fields(desk, &map, row);
        check_country(desk, row);
        let parsed = draft(desk, row, fields).parse(desk.directory, COMPILED_ON);
        agreements.extend(desk.settle(row, COLUMNS, parsed));
    }
    agreements
}

fn draft(desk: &Desk<'_>, row: Row<'_>, fields: Vec<String>) -> AgreementDraft {
    let status = match row.text("status") {
        "IN_EFFECT" => "IN_FORCE",
        other => other,
    };
    let signed = row.owned("signed");
    let sign = ActDraft { kind: "SIGN".to_owned(), on: signed, ..ActDraft::default() };
    let agency = row.text("partner_agency");
    let body = desk.directory.organizations().iter().find(|body| {
        !agency.is_empty() && body.content.name.en.as_deref().is_some_and(|name| is_same(name, agency))
    });
    let mut common = desk.common(row, row.text("pillar"));
    common.fields = fields;
    AgreementDraft {
        common,
        title: Bilingual { vi: None, en: Some(row.owned("title_en")) },
        form: row.owned("type"),
        partner: row.owned("partner_id"),
        partner_body: body.map_or_else(|| agency.to_owned(), |body| body.stamp.code.clone()),
        country: row.owned("partner_country"),
        acts: Some(sign).filter(|act| !act.on.is_empty()).into_iter().collect(),
        expires: row.owned("expires"),
        status: status.to_owned(),
        edition_no: row.owned("sequence_no"),
        renews: row.owned("renewal_of"),
        // What the file has no column for stays unsaid, the level above all.
        ..AgreementDraft::default()
    }
}

fn field_map<'t>(desk: &mut Desk<'t>) -> FieldMap<'t> {
    let mut map = FieldMap::new();
    for row in desk.tables[File::FieldMap].rows() {
        let code = row.text("field_code");
        let codes = map.entry(row.text("word")).or_default();
        if desk.directory.term_by_code(Vocabulary::Field, code).is_some() {
            codes.push(code);
        } else {
            desk.flaws.note(row.flaw("field_code", Refusal::unknown("term of FIELD", code)));
        }
    }
    map
}

fn fields(desk: &mut Desk<'_>, map: &FieldMap<'_>, row: Row<'_>) -> Vec<String> {
    let mut codes = Vec::new();
    for word in row.list("fields") {
        match map.get(word.as_str()) {
            Some(found) => codes.extend(found.iter().map(|code| (*code).to_owned())),
            None => desk.flaws.note(row.flaw("fields", Refusal::unknown("word of field_map.csv", &word))),
        }
    }
    codes
}

/// The file states the country of a locality again; the register takes it from the locality.
fn check_country(desk: &mut Desk<'_>, row: Row<'_>) {
    let Some(partner) = desk.directory.locality_by_slug(row.text("partner_id")) else { return };
    let Some(country) = desk.directory.country(partner.country) else { return };
    if country.iso2 != row.text("partner_country") {
        let reason = format!("{} lies in {}", partner.slug, country.iso2);
        desk.flaws.note(row.flaw("partner_country", reason));
    }
}
