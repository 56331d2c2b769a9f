//! The reader of agreements.

use super::COMPILED_ON;
use super::csv_schemas::ShippedFile;
use super::entries::{ColumnMap, EntryReader};
use super::named_organizations::is_same_name;
use super::participants;
use crate::table::CsvRow;
use caunoi_domain::agreement::Agreement;
use caunoi_domain::data_set::Coded;
use caunoi_domain::draft::{ActDraft, AgreementDraft};
use caunoi_domain::locale::Bilingual;
use caunoi_domain::reference::Vocabulary;
use caunoi_domain::validation::{Reason, ReferenceKind};
use caunoi_texts::FileText;
use std::collections::HashMap;

const COLUMNS: &ColumnMap = &[
    ("pillar", "pillar"),
    ("fields", "fields"),
    ("title", "title_en"),
    ("form", "type"),
    ("vietnameseParties", "id"),
    ("parties", "id"),
    ("partnerLocality", "partner_id"),
    ("partnerOrganization", "partner_agency"),
    ("country", "partner_country"),
    ("acts", "signed"),
    ("expires", "expires"),
    ("status", "status"),
    ("editionNo", "sequence_no"),
    ("renews", "renewal_of"),
];

/// The codes of the vocabulary FIELD by free word; a word may map to several.
type FieldMap<'t> = HashMap<&'t str, Vec<&'t str>>;

/// Reads the agreements; the directory must contain the organizations.
pub(super) fn read(reader: &mut EntryReader<'_>) -> Vec<Coded<Agreement>> {
    let map = field_map(reader);
    let mut agreements = Vec::new();
    for row in reader.tables[ShippedFile::Agreements].rows() {
        let fields = fields(reader, &map, row);
        check_country(reader, row);
        let parsed = draft(reader, row, fields).parse(reader.directory, COMPILED_ON);
        agreements.extend(reader.collect_coded(row, COLUMNS, parsed));
    }
    agreements
}

fn draft(reader: &EntryReader<'_>, row: CsvRow<'_>, fields: Vec<String>) -> AgreementDraft {
    let status = match row.text("status") {
        "IN_EFFECT" => "IN_FORCE",
        other => other,
    };
    let signed = row.owned("signed");
    let sign = ActDraft { kind: "SIGN".to_owned(), on: signed, ..ActDraft::default() };
    let agency = row.text("partner_agency");
    let organization = reader.directory.organizations().iter().find(|organization| {
        !agency.is_empty()
            && organization.content.name.en.as_deref().is_some_and(|name| is_same_name(name, agency))
    });
    let mut common = reader.common(row, row.text("pillar"));
    common.fields = fields;
    let participants = participants::rows(reader.tables, row.text("id"));
    common.sources = reader.sources(&[&[row], participants.as_slice()].concat());
    AgreementDraft {
        common,
        title: Bilingual { vi: None, en: Some(row.owned("title_en")) },
        form: row.owned("type"),
        partner: row.owned("partner_id"),
        partner_body: organization
            .map_or_else(|| agency.to_owned(), |organization| organization.meta.code.clone()),
        vietnamese_parties: participants::vietnamese_parties(reader.tables, row.text("id")),
        parties: participants::partners(reader.tables, row.text("id")),
        country: row.owned("partner_country"),
        acts: Some(sign).filter(|act| !act.on.is_empty()).into_iter().collect(),
        expires: row.owned("expires"),
        status: status.to_owned(),
        edition_no: row.owned("sequence_no"),
        renews: row.owned("renewal_of"),
        // Fields without a column stay empty, in particular the level.
        ..AgreementDraft::default()
    }
}

fn field_map<'t>(reader: &mut EntryReader<'t>) -> FieldMap<'t> {
    let mut map = FieldMap::new();
    for row in reader.tables[ShippedFile::FieldMap].rows() {
        let code = row.text("field_code");
        let codes = map.entry(row.text("word")).or_default();
        if reader.directory.term_by_code(Vocabulary::Field, code).is_some() {
            codes.push(code);
        } else {
            reader.flaws.push(row.flaw("field_code", Reason::unknown(ReferenceKind::FieldTerm, code)));
        }
    }
    map
}

fn fields(reader: &mut EntryReader<'_>, map: &FieldMap<'_>, row: CsvRow<'_>) -> Vec<String> {
    let mut codes = Vec::new();
    for word in row.list("fields") {
        match map.get(word.as_str()) {
            Some(found) => codes.extend(found.iter().map(|code| (*code).to_owned())),
            None => reader.flaws.push(row.flaw("fields", Reason::unknown(ReferenceKind::FieldWord, &word))),
        }
    }
    codes
}

/// Checks that the country column agrees with the locality, from which the register derives the
/// country.
fn check_country(reader: &mut EntryReader<'_>, row: CsvRow<'_>) {
    let Some(partner) = reader.directory.locality_by_slug(row.text("partner_id")) else { return };
    let Some(country) = reader.directory.country(partner.country) else { return };
    if country.iso2 != row.text("partner_country") {
        let (locality, country) = (partner.slug.clone(), country.iso2.clone());
        let reason = FileText::CountryDiffers { locality, country };
        reader.flaws.push(row.flaw("partner_country", reason));
    }
}
