//! How hits rank.

use super::*;
use caunoi_domain::directory::Reference;
use caunoi_domain::entry::{Common, Publication, Stamp};
use caunoi_domain::id::Id;
use caunoi_domain::organization::{Organization, OrganizationStage};
use caunoi_domain::place::Locality;
use caunoi_domain::relation::RelationTier;
use caunoi_domain::unit::{AdminUnit, Designation, UnitKind};

fn both(vi: &str, en: &str) -> Bilingual {
    Bilingual::both(vi.to_owned(), en.to_owned())
}

fn unit(number: i32, name: Bilingual, is_living: bool) -> AdminUnit {
    let kind = UnitKind::Province;
    AdminUnit {
        id: Id::new(number),
        slug: String::new(),
        valid_from: None,
        valid_to: (!is_living).then(|| "2025-06-30".parse().unwrap()),
        iso_3166_2: None,
        designations: vec![Designation { from: None, code: String::new(), kind, name, legal_basis: None }],
        geography: Vec::new(),
    }
}

fn locality(number: i32, name: Bilingual) -> Locality {
    Locality {
        id: Id::new(number),
        slug: String::new(),
        name,
        native_name: None,
        aliases: Vec::new(),
        country: Id::new(1),
        level: None,
        location: None,
        iso_3166_2: None,
        wikidata_id: None,
        valid_to: None,
        note: None,
        source: None,
    }
}

fn entry<C>(number: i32, code: &str, content: C) -> Entry<C> {
    let stamp = Stamp {
        log: Log::new(1),
        number,
        code: code.to_owned(),
        version: 1,
        last_version: 1,
        publication: Publication::Published,
        pending: None,
        published_at_us: None,
        updated_at_us: 0,
    };
    Entry { stamp, content }
}

fn organization(name: &str) -> Organization {
    Organization {
        common: Common::default(),
        name: both(name, name),
        abbreviation: None,
        kind: None,
        stage: OrganizationStage::Established,
        stages: Vec::new(),
        country: None,
        target_country: None,
        parent: None,
        founded: None,
        members: Vec::new(),
        as_of: None,
        roles: Vec::new(),
        memberships: Vec::new(),
        posts: Vec::new(),
        note: None,
    }
}

/// Units 1 `Hòa Bình` (ended), 2 `Đồng Nai` (ended), 3 `Đồng Nai`; localities 1 `Gyeongnam` and 2
/// `Hòa Bình`; organization `ORG-0001`.
fn directory() -> Directory {
    Directory::new(Reference {
        units: vec![
            unit(1, both("Hòa Bình", "Hoa Binh"), false),
            unit(2, both("Đồng Nai", "Dong Nai"), false),
            unit(3, both("Đồng Nai", "Dong Nai"), true),
        ],
        localities: vec![locality(1, both("Gyeongnam", "Gyeongnam")), locality(2, both("Hòa Bình", "Peace"))],
        organizations: vec![entry(1, "ORG-0001", organization("REL-0001"))],
        ..Reference::default()
    })
}

/// `REL-0001`, of unit 3 with locality 1.
fn relation() -> Entry<Relation> {
    let content = Relation {
        common: Common { origin_unit: Some(Id::new(3)), ..Common::default() },
        partner: Id::new(1),
        tier: RelationTier::Sister,
        established: None,
        ended: None,
        stated: None,
        continues: None,
        evidence_year: None,
        founding_agreement: None,
        confidence: None,
        note: None,
        last_activity_on: None,
        spans: Vec::new(),
    };
    entry(1, "REL-0001", content)
}

/// `AGR-0001`, with a title that names unit and partner.
fn agreement() -> Entry<Agreement> {
    let content = Agreement {
        common: Common::default(),
        title: both("Đồng Nai – Gyeongnam", "Dong Nai – Gyeongnam"),
        form: Id::new(1),
        level: None,
        legal_basis: None,
        languages: Vec::new(),
        files: Vec::new(),
        parties: Vec::new(),
        country: None,
        signed: None,
        signed_at: None,
        signed_by: Vec::new(),
        entry_into_force: None,
        expires: None,
        renews_automatically: false,
        notice_days: None,
        acts: Vec::new(),
        stated: None,
        edition_no: None,
        renews: None,
        parent: None,
        relation: None,
        spans: Vec::new(),
    };
    entry(1, "AGR-0001", content)
}

/// What a search finds in the directory and, by its words, among one relation and one agreement:
/// `name of what was found, rank, highlights`.
fn found(typed: &str) -> Vec<(String, Rank, Vec<String>)> {
    let answering =
        Answering { relations: vec![relation()], agreements: vec![agreement()], ..Answering::default() };
    let shown = |found: Found| match found {
        Found::Unit(id) => format!("unit {}", id.number()),
        Found::Locality(id) => format!("locality {}", id.number()),
        Found::Organization(_, number) => format!("organization {number}"),
        Found::Relation(entry) => entry.stamp.code,
        Found::Agreement(entry) => entry.stamp.code,
        Found::Event(entry) => entry.stamp.code,
    };
    let hits = rank(&directory(), &Words::parse(typed).unwrap(), answering).into_iter();
    hits.map(|hit| (shown(hit.found), hit.rank, hit.highlights)).collect()
}

fn told(rows: &[(&str, Rank, &[&str])]) -> Vec<(String, Rank, Vec<String>)> {
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    rows.iter().map(|(what, rank, texts)| ((*what).to_owned(), *rank, owned(texts))).collect()
}

#[test]
fn a_relation_answers_by_the_names_of_its_partner_and_its_unit() {
    let partner = told(&[
        ("locality 1", Rank::Exact, &["Gyeongnam"]),
        ("REL-0001", Rank::Exact, &["Gyeongnam"]),
        ("AGR-0001", Rank::Words, &["Đồng Nai – Gyeongnam"]),
    ]);
    assert_eq!(found("gyeongnam"), partner);
    let of_both = told(&[
        ("AGR-0001", Rank::Same, &["Đồng Nai – Gyeongnam"]),
        ("REL-0001", Rank::Begins, &["Đồng Nai", "Gyeongnam"]),
    ]);
    assert_eq!(found("dong nai gyeongnam"), of_both);
}

#[test]
fn among_equals_units_that_live_come_before_units_that_ended_and_both_before_the_rest() {
    let living_first = told(&[
        ("unit 3", Rank::Exact, &["Đồng Nai"]),
        ("unit 2", Rank::Exact, &["Đồng Nai"]),
        ("REL-0001", Rank::Exact, &["Đồng Nai"]),
        ("AGR-0001", Rank::Prefix, &["Đồng Nai – Gyeongnam"]),
    ]);
    assert_eq!(found("Đồng Nai"), living_first);
    let found = found("hòa bình");
    let places = found.iter().map(|(what, rank, _)| (what.as_str(), *rank)).take(2);
    assert!(places.eq([("unit 1", Rank::Exact), ("locality 2", Rank::Exact)]), "{found:?}");
}

#[test]
fn the_entry_whose_code_was_typed_comes_first() {
    let relation = found("rel-0001");
    let first =
        told(&[("REL-0001", Rank::Code, &["REL-0001"]), ("organization 1", Rank::Exact, &["REL-0001"])]);
    assert_eq!(relation[..2], first);
    assert_eq!(found("AGR-0001")[0], told(&[("AGR-0001", Rank::Code, &["AGR-0001"])])[0]);
    assert_eq!(found("org-0001")[0], told(&[("organization 1", Rank::Code, &["ORG-0001"])])[0]);
}

#[test]
fn as_many_entries_as_one_search_looks_at_are_not_all() {
    let of = |count| Answering { relations: vec![relation(); count], ..Answering::default() };
    assert!(of(MOST_HITS - 1).is_all());
    assert!(!of(MOST_HITS).is_all());
}
