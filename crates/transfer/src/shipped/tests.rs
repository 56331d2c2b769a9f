//! Tests of the shipped data set.

mod flaws;
mod units;

use super::*;
use caunoi_domain::agreement::{ActKind, act_violations};
use caunoi_domain::data_set::Coded;
use caunoi_domain::draft::{AgreementDraft, Draft, EventDraft, ParsedDraft, RelationDraft};
use caunoi_domain::entry::Content as _;
use caunoi_domain::figure::Basis;
use caunoi_domain::organization::OrganizationStage;
use caunoi_domain::party::{OrganizationRef, Participant, PartyRef};
use caunoi_domain::quantity::{Qualifier, Quantity};
use caunoi_domain::status;
use std::sync::LazyLock;

/// The shipped data set, read once for all tests.
static SHIPPED: LazyLock<DataSet> =
    LazyLock::new(|| data_set(&Reference::default()).unwrap_or_else(|flaws| panic!("{flaws:?}")));

static DIRECTORY: LazyLock<Directory> = LazyLock::new(|| Directory::new(SHIPPED.reference.clone()));

/// The shipped files as tables.
static TABLES: LazyLock<ShippedTables> =
    LazyLock::new(|| ShippedTables::read(&Files::shipped(), &mut Flaws::default()).unwrap());

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn content<'a, C>(entries: &'a [Coded<C>], code: &str) -> &'a C {
    &entries.iter().find(|entry| entry.code == code).unwrap().parsed.content
}

/// Formats a quantity as `QUALIFIER value lower upper`, with `-` for `None`.
fn format_quantity(quantity: &Quantity) -> String {
    let numbers = [quantity.value, quantity.lower, quantity.upper];
    let numbers = numbers.map(|number| number.map_or("-".to_owned(), |number| number.to_string()));
    format!("{} {}", quantity.qualifier, numbers.join(" "))
}

#[test]
fn every_row_is_read() {
    let reference = &SHIPPED.reference;
    assert_eq!(reference.provinces.len(), 34);
    assert_eq!(reference.units.len(), 54 + 34);
    assert_eq!(reference.successions.len(), 54);
    assert_eq!(reference.countries.len(), 249);
    assert_eq!(reference.localities.len(), 222);
    assert_eq!(reference.localities.iter().map(|locality| locality.aliases.len()).sum::<usize>(), 360);
    assert_eq!(reference.terms.len(), 166);
    assert_eq!(reference.sources.len(), 273);
    assert_eq!(reference.occasions.len(), 33);
    assert!(reference.organizations.is_empty() && reference.instruments.is_empty());
    assert_eq!(SHIPPED.relations.len(), 302);
    assert_eq!(SHIPPED.agreements.len(), 144);
    assert_eq!(SHIPPED.events.len(), 183);
    assert_eq!(SHIPPED.figures.len(), 75);
    assert_eq!(SHIPPED.programmes.len(), 21);
    assert_eq!(SHIPPED.instruments.len(), 17);
}

#[test]
fn version_is_the_day_and_a_hash_of_the_texts() {
    assert_eq!(SHIPPED.version, version());
    let digits = version().strip_prefix("2026-11-22.").map(str::len);
    assert_eq!(digits, Some(16));
    let other = Files::shipped().with("posts.csv", b"person".to_vec()).unwrap();
    assert_ne!(version_of(&other), version());
    assert!(Files::shipped().with("posts", Vec::new()).is_none());
}

#[test]
fn agreements_have_the_stated_status() {
    for entry in &SHIPPED.agreements {
        let stated = match TABLES[csv_schemas::ShippedFile::Agreements]
            .find("id", &entry.code)
            .unwrap()
            .text("status")
        {
            "IN_EFFECT" => "IN_FORCE",
            other => other,
        };
        let computed = status::on(&entry.parsed.content.spans, COMPILED_ON).unwrap();
        assert_eq!(computed.to_string(), stated, "{}", entry.code);
    }
}

#[test]
fn acts_break_no_rule() {
    for entry in &SHIPPED.agreements {
        let found = act_violations(&entry.parsed.content, COMPILED_ON, &DIRECTORY);
        assert!(found.is_empty(), "{}: {found:?}", entry.code);
    }
}

#[test]
fn relations_have_the_stated_status() {
    for entry in &SHIPPED.relations {
        let stated =
            match TABLES[csv_schemas::ShippedFile::Relations].find("id", &entry.code).unwrap().text("status")
            {
                "TERMINATED" => "ENDED",
                other => other,
            };
        let computed = status::on(&entry.parsed.content.spans, COMPILED_ON).unwrap();
        assert_eq!(computed.to_string(), stated, "{}", entry.code);
    }
}

#[test]
fn activity_comes_from_the_same_log_and_partner() {
    let relation = &SHIPPED.relations.iter().find(|entry| entry.code == "REL-0001").unwrap().parsed;
    // AGR-0001 of the same pair was signed on that day.
    assert!(relation.content.last_activity_on >= Some(day("2022-10-12")));
    assert!(SHIPPED.relations.iter().any(|entry| entry.parsed.content.last_activity_on.is_none()));
}

#[test]
fn hosts_are_organizations_by_code() {
    let file = csv_schemas::ShippedFile::Participants;
    let text = Files::shipped().text(file).replacen("AGR-0045,PARTY,", "EVT-0001,HOST,", 1);
    let name = csv_schemas::SCHEMAS[file as usize].file;
    let files = Files::shipped().with(name, text.into_bytes()).unwrap();
    let read = read(&files, &Reference::default()).unwrap_or_else(|flaws| panic!("{flaws:?}"));
    let host = OrganizationRef::Code("ORG-0048".to_owned());
    assert!(content(&read.events, "EVT-0001").hosts.contains(&Participant::Organization(host)));
}

/// The directory of a node that has loaded the data set.
static LOADED: LazyLock<Directory> = LazyLock::new(|| {
    let organizations = entries::published(&SHIPPED.organizations);
    Directory::new(Reference { organizations, ..SHIPPED.reference.clone() })
});

/// Returns the content after a conversion to a draft and back.
fn round_trip<D: Draft>(entry: &Coded<D::Content>) -> D::Content {
    let ParsedDraft { log, content } = &entry.parsed;
    let dated = content.stated_on().or(content.common().counts_from).unwrap();
    let parsed = D::from_content(content, *log, &LOADED).to_content(&LOADED, dated).unwrap();
    assert_eq!(parsed.log, *log, "{}", entry.code);
    parsed.content
}

#[test]
fn draft_made_from_a_content_parses_to_the_same_content() {
    for entry in &SHIPPED.agreements {
        assert_eq!(round_trip::<AgreementDraft>(entry), entry.parsed.content, "{}", entry.code);
    }
    for entry in &SHIPPED.events {
        assert_eq!(round_trip::<EventDraft>(entry), entry.parsed.content, "{}", entry.code);
    }
    for entry in &SHIPPED.relations {
        let content = entry.parsed.content.clone();
        assert_eq!(round_trip::<RelationDraft>(entry), content.with_activity(&[]), "{}", entry.code);
    }
}

#[test]
fn relations_of_a_closed_unit_are_in_the_log_of_its_successor() {
    let city = DIRECTORY.province_by_slug("HO_CHI_MINH").unwrap().log;
    let closed = DIRECTORY.units_by_slug("BINH_DUONG");
    assert_eq!(closed.len(), 1);
    let rows = TABLES[csv_schemas::ShippedFile::Relations]
        .rows()
        .filter(|row| row.text("province_slug") == "BINH_DUONG");
    let mut count = 0;
    for row in rows {
        let parsed = &SHIPPED.relations.iter().find(|entry| entry.code == row.text("id")).unwrap().parsed;
        assert_eq!((parsed.log, parsed.content.common.origin_unit), (city, Some(closed[0])));
        count += 1;
    }
    assert!(count > 5);
}

#[test]
fn agreement_has_acts_fields_and_renewal() {
    let agreement = content(&SHIPPED.agreements, "AGR-0001");
    assert_eq!(agreement.acts.len(), 1);
    assert_eq!(agreement.acts[0].kind, ActKind::Sign);
    let fields: Vec<&str> =
        agreement.common.fields.iter().map(|field| DIRECTORY.term(*field).unwrap().code.as_str()).collect();
    assert_eq!(fields, ["BORDER", "EDUCATION", "TRADE_SERVICES"]);
    assert_eq!(SHIPPED.agreements.iter().filter(|entry| entry.parsed.content.renews.is_some()).count(), 13);
}

#[test]
fn partner_agencies_are_organizations_of_the_ministry() {
    let codes: Vec<&str> = SHIPPED
        .agreements
        .iter()
        .filter_map(|entry| match &entry.parsed.content.parties.first()?.party {
            PartyRef::Organization(code) => Some(code.as_str()),
            PartyRef::Named(name) => panic!("{name} is no organization"),
            PartyRef::Locality(_) => None,
        })
        .collect();
    assert_eq!(codes.len(), 6);
    let code = "ORG-KANSAI_BUREAU_OF_ECONOMY_TRADE_AND";
    assert_eq!(codes.iter().filter(|organization| **organization == code).count(), 3);
    let bureau = &SHIPPED.organizations.iter().find(|entry| entry.code == code).unwrap().parsed;
    assert_eq!(bureau.log, caunoi_domain::id::Log::MINISTRY);
    assert_eq!(DIRECTORY.country(bureau.content.country.unwrap()).unwrap().iso2, "JP");
    assert_eq!(DIRECTORY.term(bureau.content.kind.unwrap()).unwrap().code, "REGIONAL_BUREAU");
}

#[test]
fn organizations_have_members_roles_posts_and_networks() {
    let union = content(&SHIPPED.organizations, "ORG-0001");
    assert_eq!(union.abbreviation.as_deref(), Some("DUFO"));
    assert_eq!(format_quantity(&union.members[0].count), "NEARLY 8000 - 8000");
    assert_eq!(
        union.roles,
        ["Standing agency of the Committee on Non-governmental Organizations of Dong Nai"]
    );
    assert_eq!(
        format_quantity(&content(&SHIPPED.organizations, "ORG-0016").members[0].count),
        "MORE_THAN 5000 5000 -"
    );
    assert_eq!(content(&SHIPPED.organizations, "ORG-0012").stage, OrganizationStage::Committee);
    assert_eq!(content(&SHIPPED.organizations, "ORG-0048").posts.len(), 1);
    let network = content(&SHIPPED.organizations, "ORG-INTELLIGENT_COMMUNITY_FORUM");
    assert_eq!(network.abbreviation.as_deref(), Some("ICF"));
    assert_eq!(network.memberships[0].unit, DIRECTORY.units_by_slug("BINH_DUONG")[0]);
    assert_eq!(SHIPPED.organizations.iter().map(|entry| entry.parsed.content.posts.len()).sum::<usize>(), 11);
    assert_eq!(SHIPPED.organizations.len(), 51 + 4 + 3 + 6);
}

#[test]
fn repeated_conferences_are_one_event_with_a_range() {
    let event = content(&SHIPPED.events, "EVT-0137");
    assert_eq!(event.occurrences, Some(4));
    assert_eq!(format_quantity(event.delegates.as_ref().unwrap()), "RANGE - 400 800");
    let forum = content(&SHIPPED.events, "EVT-0177");
    assert_eq!(format_quantity(forum.delegates.as_ref().unwrap()), "NEARLY 800 - 800");
    let week = content(&SHIPPED.events, "EVT-0135");
    assert_eq!(week.when.as_ref().unwrap().edtf(), "2025-10-30/2025-11-03");
    assert_eq!(content(&SHIPPED.events, "EVT-0001").when.as_ref().unwrap().edtf(), "2006-06-16/2006-06-17");
    assert_eq!(content(&SHIPPED.events, "EVT-0002").when.as_ref().unwrap().edtf(), "2013-05-27");
    assert_eq!(content(&SHIPPED.events, "EVT-0151").occasions.len(), 2);
}

#[test]
fn figures_have_qualifiers() {
    for (code, expected) in [
        ("FIG-0001", "EXACT 88 88 88"),
        ("FIG-0007", "NEARLY 8000 - 8000"),
        ("FIG-0014", "EXACT 3 3 3"),
        ("FIG-0022", "EXACT 4500000000 4500000000 4500000000"),
        ("FIG-0023", "TOP 10 - -"),
        ("FIG-0026", "RANGE - 400 800"),
        ("FIG-0027", "RANGE - 400 800"),
    ] {
        assert_eq!(format_quantity(&content(&SHIPPED.figures, code).quantity), expected, "{code}");
    }
    let counted = content(&SHIPPED.figures, "FIG-0014");
    assert_eq!(counted.note.as_deref(), Some("counted by the register's compilers from a list"));
    let expected = content(&SHIPPED.figures, "FIG-0022");
    assert_eq!((expected.basis, expected.quantity.currency.as_deref()), (Basis::Estimate, Some("USD")));
    let change = |code| content(&SHIPPED.figures, code).change_percent.map(|change| change.to_string());
    assert_eq!(change("FIG-0029").as_deref(), Some("7.4"));
    assert_eq!(change("FIG-0031").as_deref(), Some("21.7"));
    assert_eq!(
        SHIPPED.figures.iter().filter(|entry| entry.parsed.content.change_percent.is_some()).count(),
        2
    );
    assert_eq!(content(&SHIPPED.figures, "FIG-0046").period.as_ref().unwrap().edtf(), "2020-01-01/..");
}

#[test]
fn programmes_have_amounts_quantities_or_seats() {
    let programme = |code| content(&SHIPPED.programmes, code);
    assert_eq!(format_quantity(programme("PRG-0001").seats_per_year.as_ref().unwrap()), "EXACT 20 20 20");
    assert_eq!(programme("PRG-0001").quantity, None);
    assert_eq!(programme("PRG-0002").quantity.as_ref().unwrap().qualifier, Qualifier::Unquantified);
    assert_eq!(programme("PRG-0003").quantity, None);
    assert_eq!(programme("PRG-0013").amount.as_ref().unwrap().currency.as_deref(), Some("USD"));
    assert_eq!(programme("PRG-0020").partner_body.as_deref(), Some("UNESCO"));
}

#[test]
fn instruments_belong_to_the_nation_or_a_unit() {
    let strategy = &SHIPPED.instruments.iter().find(|entry| entry.code == "INS-0004").unwrap().parsed;
    assert_eq!(strategy.log, caunoi_domain::id::Log::MINISTRY);
    assert_eq!(strategy.content.number, None);
    assert_eq!(strategy.content.period.as_ref().unwrap().edtf(), "../2030");
    let plan = content(&SHIPPED.instruments, "INS-0003");
    assert_eq!(plan.regions.len(), 4);
    assert_eq!(content(&SHIPPED.instruments, "INS-0006").implements, ["38-CT/TW"]);
}

#[test]
fn localities_have_names_in_both_languages() {
    let sofia = DIRECTORY.locality_by_slug("bg-sofia").unwrap();
    assert_eq!((sofia.name.vi.as_deref(), sofia.name.en.as_deref()), (Some("Xô-phi-a"), Some("Sofia")));
    let region = DIRECTORY.locality_by_slug("fr-aquitaine").unwrap();
    assert_eq!(region.valid_to.as_ref().unwrap().edtf(), "2015-12-31");
    let korea = DIRECTORY.country_by_iso2("KR").unwrap();
    assert_eq!(
        (korea.name.vi.as_deref(), korea.name.en.as_deref()),
        (Some("Hàn Quốc"), Some("Republic of Korea"))
    );
}
