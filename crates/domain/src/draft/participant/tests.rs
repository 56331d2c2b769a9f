use super::*;
use crate::agreement::Agreement;
use crate::date::Day;
use crate::directory::{Directory, Reference};
use crate::draft::{ActDraft, AgreementDraft, CommonDraft, Draft as _, EventDraft, RelationDraft};
use crate::entry::Content as _;
use crate::event::Event;
use crate::id::{Id, Log};
use crate::locale::Bilingual;
use crate::place::Locality;
use crate::reference::{Term, Vocabulary};
use crate::unit::{AdminUnit, Province, SocioEconomicRegion, Succession, SuccessionKind};
use crate::validation::ValidationError;
use std::sync::LazyLock;

const OLD_CITY: UnitId = Id::new(1);
const NEIGHBOUR: UnitId = Id::new(2);
const CITY: UnitId = Id::new(3);
const OTHER: UnitId = Id::new(4);

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn text(text: &str) -> String {
    text.to_owned()
}

/// The units `OLD_CITY` and `NEIGHBOUR` became `CITY` on 2025-07-01; `OTHER` stayed as it was.
static DIRECTORY: LazyLock<Directory> = LazyLock::new(|| {
    let unit = |id, slug: &str, from: Option<&str>, to: Option<&str>| AdminUnit {
        id,
        slug: slug.to_owned(),
        valid_from: from.map(day),
        valid_to: to.map(day),
        split_from: None,
        iso_3166_2: None,
        designations: Vec::new(),
        geography: Vec::new(),
    };
    let succession = |predecessor| Succession {
        predecessor,
        successor: CITY,
        kind: SuccessionKind::Merged,
        effective_on: day("2025-07-01"),
        legal_basis: String::new(),
    };
    let province = |log, unit| Province {
        log: Log::new(log),
        unit,
        region: SocioEconomicRegion::Southeast,
        capital: None,
        area_km2: None,
        population: None,
        location: None,
        neighbours: Vec::new(),
        source: None,
    };
    let term = |id, vocabulary, code: &str| Term {
        id: Id::new(id),
        vocabulary,
        code: code.to_owned(),
        name: Bilingual::default(),
        parent: None,
        valid_from: None,
        units: Vec::new(),
        is_additive: true,
        source: None,
    };
    Directory::new(Reference {
        units: vec![
            unit(OLD_CITY, "HO_CHI_MINH", None, Some("2025-06-30")),
            unit(NEIGHBOUR, "BINH_DUONG", None, Some("2025-06-30")),
            unit(CITY, "HO_CHI_MINH", Some("2025-07-01"), None),
            unit(OTHER, "DONG_NAI", None, None),
        ],
        successions: vec![succession(OLD_CITY), succession(NEIGHBOUR)],
        provinces: vec![province(1, CITY), province(2, OTHER)],
        terms: vec![term(1, Vocabulary::AgreementForm, "MOU"), term(2, Vocabulary::EventKind, "CONFERENCE")],
        localities: vec![Locality {
            id: Id::new(1),
            slug: text("kh-kratie"),
            name: Bilingual::default(),
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
        }],
        ..Reference::default()
    })
});

fn title() -> Bilingual {
    Bilingual { vi: Some(text("Bản ghi nhớ")), en: None }
}

fn province(slug: &str) -> ParticipantDraft {
    ParticipantDraft { province: text(slug), ..ParticipantDraft::default() }
}

fn organization(name: &str) -> ParticipantDraft {
    ParticipantDraft { organization: text(name), ..ParticipantDraft::default() }
}

fn agreement(unit: &str, signed: &str, parties: Vec<ParticipantDraft>) -> AgreementDraft {
    let party = |party| VietnamesePartyDraft { party, signatory: text("Nguyễn A") };
    AgreementDraft {
        common: CommonDraft { unit: text(unit), ..CommonDraft::default() },
        title: title(),
        form: text("MOU"),
        acts: vec![ActDraft { kind: text("SIGN"), on: text(signed), ..ActDraft::default() }],
        vietnamese_parties: parties.into_iter().map(party).collect(),
        ..AgreementDraft::default()
    }
}

fn parse(draft: &AgreementDraft) -> Result<Agreement, Vec<String>> {
    let parsed = draft.parse(&DIRECTORY, day("2026-11-22"));
    let messages = |problems: Vec<ValidationError>| problems.iter().map(ToString::to_string).collect();
    parsed.map(|parsed| parsed.content).map_err(messages)
}

fn event(hosts: Vec<ParticipantDraft>, co_organizers: Vec<ParticipantDraft>) -> Event {
    let draft = EventDraft {
        common: CommonDraft { unit: text("DONG_NAI"), ..CommonDraft::default() },
        title: title(),
        kind: text("CONFERENCE"),
        when: text("2025-10"),
        hosts,
        co_organizers,
        ..EventDraft::default()
    };
    draft.parse(&DIRECTORY, day("2026-11-22")).unwrap().content
}

#[test]
fn units_among_the_parties_are_owners_as_of_the_day_of_signing() {
    let parties = || vec![province("DONG_NAI"), province("HO_CHI_MINH"), organization("Sở Công Thương")];
    let signed = |on| parse(&agreement("DONG_NAI", on, parties())).unwrap().common.shared_with;
    assert_eq!(signed("2019"), [OLD_CITY]);
    assert_eq!(signed("2025-07-01"), [CITY]);
}

#[test]
fn neighbour_that_was_merged_since_is_an_owner_within_one_province() {
    let both = vec![province("HO_CHI_MINH"), province("BINH_DUONG")];
    let common = parse(&agreement("HO_CHI_MINH", "2022", both)).unwrap().common;
    assert_eq!((common.origin_unit, common.shared_with.as_slice()), (Some(OLD_CITY), &[NEIGHBOUR][..]));
    assert!(common.shared_logs(Log::new(1), &DIRECTORY).is_empty());
    assert_eq!(common.shared_logs(Log::new(2), &DIRECTORY), [Log::new(1)].into());
}

#[test]
fn hosts_and_co_organizers_are_owners() {
    let alone = event(Vec::new(), vec![organization("VCCI")]);
    assert!(alone.common().shared_with.is_empty());
    let shared = event(vec![province("DONG_NAI")], vec![province("HO_CHI_MINH"), organization("VCCI")]);
    assert_eq!(shared.common().shared_with, [CITY]);
    assert_eq!(shared.co_organizers[1], Participant::Organization(OrganizationRef::Named(text("VCCI"))));
}

#[test]
fn participants_are_checked_with_their_paths() {
    let both = ParticipantDraft { province: text("DONG_NAI"), organization: text("Sở Công Thương") };
    let parties = vec![
        province("DONG_NAI"),
        province("DONG_NAI"),
        both,
        ParticipantDraft::default(),
        province("NOWHERE"),
        organization("ORG-HUE-0003"),
    ];
    assert_eq!(
        parse(&agreement("DONG_NAI", "2020", parties)).unwrap_err(),
        [
            "vietnameseParties.1.province: Invalid(ParticipantTwice { given: \"DONG_NAI\" })",
            "vietnameseParties.2.province: Invalid(ProvinceAndOrganization)",
            "vietnameseParties.3.province: Required",
            "vietnameseParties.4.province: Unknown { reference: Unit, given: \"NOWHERE\", candidates: [] }",
            "vietnameseParties.5.organization: Unknown { reference: PublishedOrganization, given: \"ORG-HUE-0003\", candidates: [] }",
        ]
    );
}

#[test]
fn drafts_of_shared_contents_parse_to_the_same_contents() {
    let parties = vec![province("HO_CHI_MINH"), organization("Tỉnh ủy Đồng Nai")];
    let content = parse(&agreement("DONG_NAI", "2019", parties)).unwrap();
    let draft = AgreementDraft::from_content(&content, Log::new(2), &DIRECTORY);
    assert_eq!(parse(&draft).unwrap(), content);
    let content = event(vec![organization("VCCI")], vec![province("HO_CHI_MINH")]);
    let draft = EventDraft::from_content(&content, Log::new(2), &DIRECTORY);
    assert_eq!(draft.parse(&DIRECTORY, day("2026-11-22")).unwrap().content, content);
}

#[test]
fn relation_names_the_bodies_of_both_sides() {
    let draft = RelationDraft {
        common: CommonDraft { unit: text("BINH_DUONG"), ..CommonDraft::default() },
        partner: text("kh-kratie"),
        tier: text("ORGANIZATION_TWIN"),
        own_bodies: vec![text("Hội Liên hiệp Phụ nữ tỉnh Bình Dương")],
        partner_bodies: vec![text(" "), text("Hội Phụ nữ tỉnh Kratie")],
        ..RelationDraft::default()
    };
    let relation = draft.parse(&DIRECTORY, day("2026-11-22")).unwrap().content;
    let named = |name| vec![OrganizationRef::Named(text(name))];
    assert_eq!(relation.own_bodies, named("Hội Liên hiệp Phụ nữ tỉnh Bình Dương"));
    assert_eq!(relation.partner_bodies, named("Hội Phụ nữ tỉnh Kratie"));
    let again = RelationDraft::from_content(&relation, Log::new(1), &DIRECTORY);
    assert_eq!(again.parse(&DIRECTORY, day("2026-11-22")).unwrap().content, relation);
}
