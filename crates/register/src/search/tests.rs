//! Tests of the rank of search hits.

use super::*;
use caunoi_domain::directory::Reference;
use caunoi_domain::entry::{Common, EntryMeta, Publication};
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
        split_from: None,
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
    let meta = EntryMeta {
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
    Entry { meta, content }
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
        own_bodies: Vec::new(),
        partner_bodies: Vec::new(),
        established: None,
        ended: None,
        stated: None,
        continues: None,
        evidence_year: None,
        founding_agreement: None,
        confidence: None,
        note: None,
        last_activity_on: None,
        stated_since: None,
        lapses: Vec::new(),
        activity: Vec::new(),
        spans: Vec::new(),
    };
    entry(1, "REL-0001", content)
}

/// `AGR-0001`; its title contains the names of unit 3 and locality 1.
fn agreement() -> Entry<Agreement> {
    let content = Agreement {
        common: Common::default(),
        title: both("Đồng Nai – Gyeongnam", "Dong Nai – Gyeongnam"),
        form: Id::new(1),
        level: None,
        legal_basis: None,
        languages: Vec::new(),
        files: Vec::new(),
        own_parties: Vec::new(),
        parties: Vec::new(),
        country: None,
        signed: None,
        signed_at: None,
        signed_by: Vec::new(),
        entry_into_force: None,
        expires: None,
        renews_automatically: false,
        notice_days: None,
        last_void_act: 0,
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

/// Returns the hits in the directory, the relation and the agreement, as (name of the item, rank,
/// highlights).
fn search(typed: &str) -> Vec<(String, Rank, Vec<String>)> {
    let matches = EntryMatches {
        relations: vec![relation()],
        agreements: vec![agreement()],
        ..EntryMatches::default()
    };
    let shown = |found: HitItem| match found {
        HitItem::Unit(id) => format!("unit {}", id.number()),
        HitItem::Locality(id) => format!("locality {}", id.number()),
        HitItem::Organization(_, number) => format!("organization {number}"),
        HitItem::Relation(entry) => entry.meta.code,
        HitItem::Agreement(entry) => entry.meta.code,
        HitItem::Event(entry) => entry.meta.code,
    };
    let hits = rank(&directory(), &SearchTerms::parse(typed).unwrap(), matches).into_iter();
    hits.map(|hit| (shown(hit.item), hit.rank, hit.highlights)).collect()
}

fn hits(rows: &[(&str, Rank, &[&str])]) -> Vec<(String, Rank, Vec<String>)> {
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    rows.iter().map(|(what, rank, texts)| ((*what).to_owned(), *rank, owned(texts))).collect()
}

#[test]
fn relation_matches_names_of_its_partner_and_unit() {
    let partner = hits(&[
        ("locality 1", Rank::Exact, &["Gyeongnam"]),
        ("REL-0001", Rank::Exact, &["Gyeongnam"]),
        ("AGR-0001", Rank::Words, &["Đồng Nai – Gyeongnam"]),
    ]);
    assert_eq!(search("gyeongnam"), partner);
    let of_both = hits(&[
        ("AGR-0001", Rank::Same, &["Đồng Nai – Gyeongnam"]),
        ("REL-0001", Rank::Begins, &["Đồng Nai", "Gyeongnam"]),
    ]);
    assert_eq!(search("dong nai gyeongnam"), of_both);
}

#[test]
fn equal_ranks_order_living_units_then_ended_units_then_rest() {
    let living_first = hits(&[
        ("unit 3", Rank::Exact, &["Đồng Nai"]),
        ("unit 2", Rank::Exact, &["Đồng Nai"]),
        ("REL-0001", Rank::Exact, &["Đồng Nai"]),
        ("AGR-0001", Rank::Prefix, &["Đồng Nai – Gyeongnam"]),
    ]);
    assert_eq!(search("Đồng Nai"), living_first);
    let found = search("hòa bình");
    let places = found.iter().map(|(what, rank, _)| (what.as_str(), *rank)).take(2);
    assert!(places.eq([("unit 1", Rank::Exact), ("locality 2", Rank::Exact)]), "{found:?}");
}

#[test]
fn entry_with_the_code_ranks_first() {
    let relation = search("rel-0001");
    let first =
        hits(&[("REL-0001", Rank::Code, &["REL-0001"]), ("organization 1", Rank::Exact, &["REL-0001"])]);
    assert_eq!(relation[..2], first);
    assert_eq!(search("AGR-0001")[0], hits(&[("AGR-0001", Rank::Code, &["AGR-0001"])])[0]);
    assert_eq!(search("org-0001")[0], hits(&[("organization 1", Rank::Code, &["ORG-0001"])])[0]);
}

#[test]
fn hits_at_the_limit_are_incomplete() {
    let of = |count| EntryMatches { relations: vec![relation(); count], ..EntryMatches::default() };
    assert!(of(MAX_HITS - 1).is_complete());
    assert!(!of(MAX_HITS).is_complete());
}
