//! Seed 002: people-to-people diplomacy of Binh Duong, which became part of Ho Chi Minh City.

use serde_json::json;

use super::{fact, figure_lines, group_lines, sorted_values};
use crate::contract::matcher::walk;

/// Fact 21. The register knows two of the nine by name.
#[tokio::test]
async fn binh_duong_had_nine_associations_and_one_committee() {
    fact(
        r#"{
            reported: figures(filter: {unit: {in: ["BINH_DUONG"]}, indicator: {in: [
                "friendship_associations", "preparatory_committees"]}}) { nodes { ...Figure } }
            recorded: organizations(filter: {unit: {in: ["BINH_DUONG"]}, kind: {in: ["ASSOCIATION",
                "COMMITTEE"]}}) {
                groups(by: [{key: STAGE}]) { nodes { keys { value } aggregate { count } } }
            }
            committee: organizations(filter: {unit: {in: ["BINH_DUONG"]}, targetCountry: {in: ["NL"]}}) {
                nodes { kind { code } stage asOf { edtf } sources { code } }
            }
        }"#,
        |data| {
            assert_eq!(
                figure_lines(&data["reported"]),
                [
                    "friendship_associations of BINH_DUONG: EXACT 9 association, as of 2022, REPORTED, seed-002",
                    "preparatory_committees of BINH_DUONG: EXACT 1 committee, as of 2022, REPORTED, seed-002",
                ]
            );
            assert_eq!(group_lines(&data["recorded"]["groups"]), ["ESTABLISHED: 2", "COMMITTEE: 1"]);
            assert_eq!(
                data["committee"]["nodes"],
                json!([{
                    "kind": {"code": "COMMITTEE"},
                    "stage": "COMMITTEE",
                    "asOf": {"edtf": "2022"},
                    "sources": [{"code": "seed-002"}],
                }])
            );
        },
    )
    .await;
}

/// Fact 22.
#[tokio::test]
async fn the_union_of_binh_duong_has_1600_members() {
    fact(
        r#"{
            figures(filter: {unit: {in: ["BINH_DUONG"]}, indicator: {in: ["union_members"]}}) {
                nodes { ...Figure }
            }
            organizations(filter: {unit: {in: ["BINH_DUONG"]}, kind: {in: ["UNION"]}}) {
                nodes { members { value qualifier } asOf { edtf } originUnit { slug } province { slug } }
            }
        }"#,
        |data| {
            assert_eq!(
                figure_lines(&data["figures"]),
                ["union_members of BINH_DUONG: EXACT 1600 person, as of 2022, REPORTED, seed-002"]
            );
            assert_eq!(
                data["organizations"]["nodes"],
                json!([{
                    "members": {"value": "1600", "qualifier": "EXACT"},
                    "asOf": {"edtf": "2022"},
                    "originUnit": {"slug": "BINH_DUONG"},
                    "province": {"slug": "HO_CHI_MINH"},
                }])
            );
        },
    )
    .await;
}

/// Fact 23.
#[tokio::test]
async fn binh_duong_reported_11_partner_localities() {
    fact(
        r#"{
            reported: figures(filter: {unit: {in: ["BINH_DUONG"]}, indicator: {in: [
                "partner_localities"]}}) { nodes { ...Figure } }
            recorded: statistics(asOf: "2022-12-31", boundaries: AT_THE_TIME) {
                relations(filter: {province: {in: ["BINH_DUONG"]}}) { distinct(of: LOCALITY) }
            }
        }"#,
        |data| {
            assert_eq!(
                figure_lines(&data["reported"]),
                [
                    "partner_localities of BINH_DUONG: EXACT 10 locality, as of 2019-12, REPORTED, bd-friend-2019",
                    "partner_localities of BINH_DUONG: EXACT 11 locality, as of 2022, REPORTED, seed-002",
                ]
            );
            assert_eq!(data["recorded"]["relations"]["distinct"], 12);
        },
    )
    .await;
}

/// Fact 24.
#[tokio::test]
async fn binh_duong_is_a_member_of_icf_horasis_and_wtca() {
    fact(
        r#"{
            organizations(filter: {kind: {in: ["NETWORK"]}}) {
                nodes { abbreviation memberships { unit { slug } asOf { edtf } source { code } } }
            }
            figures(filter: {indicator: {in: ["international_memberships"]}}) { nodes { ...Figure note } }
        }"#,
        |data| {
            assert_eq!(sorted_values(data, "organizations.nodes[*].abbreviation"), ["Horasis", "ICF", "WTCA"]);
            assert_eq!(
                walk(data, "organizations.nodes[*].memberships[*]"),
                json!(vec![json!({"unit": {"slug": "BINH_DUONG"}, "asOf": {"edtf": "2022"}, "source": {"code": "seed-002"}}); 3])
            );
            // The source does not state the number; the register marks it as counted.
            assert_eq!(data["figures"]["nodes"][0]["quantity"]["value"], "3");
            assert!(data["figures"]["nodes"][0]["note"].as_str().is_some_and(|note| note.contains("counted")), "{data}");
        },
    )
    .await;
}

/// Fact 25.
#[tokio::test]
async fn binh_duong_mobilised_120000_dollars_in_the_pandemic() {
    fact(
        r#"{
            programmes(filter: {kind: {in: ["AID"]}, unit: {in: ["BINH_DUONG"]}, search: "pandemic"}) {
                nodes {
                    direction amount { amount currency } period { edtf } asOf { edtf } countries { code }
                        sources { code }
                    originUnit { slug } province { slug }
                }
            }
            figures(filter: {indicator: {in: ["aid_to_foreign_people"]}}) { nodes { ...Figure } }
        }"#,
        |data| {
            assert_eq!(
                data["programmes"]["nodes"],
                json!([{
                    "direction": "OUT",
                    "amount": {"amount": "120000", "currency": "USD"},
                    "period": {"edtf": "2021"},
                    "asOf": {"edtf": "2022"},
                    "countries": [{"code": "LA"}, {"code": "KH"}],
                    "sources": [{"code": "seed-002"}],
                    "originUnit": {"slug": "BINH_DUONG"},
                    "province": {"slug": "HO_CHI_MINH"},
                }])
            );
            assert_eq!(
                figure_lines(&data["figures"]),
                ["aid_to_foreign_people of BINH_DUONG: EXACT 120000 USD in 2021, as of 2022, REPORTED, seed-002"]
            );
        },
    )
    .await;
}

/// Fact 26.
#[tokio::test]
async fn binh_duong_womens_unions_are_twinned_since_2022() {
    fact(
        r#"{
            relations(filter: {tier: {in: [ORGANIZATION_TWIN]}, unit: {in: ["BINH_DUONG"]}}) {
                nodes {
                    partnerLocality { slug } established { edtf } note sources { code }
                    vietnameseBodies { organization { name(locale: EN) } } partnerBodies { printedName }
                }
            }
        }"#,
        |data| {
            assert_eq!(
                walk(data, "relations.nodes[*].vietnameseBodies[*].organization.name"),
                json!(["Women's Union of Binh Duong", "Women's Union of Binh Duong"])
            );
            assert_eq!(
                sorted_values(data, "relations.nodes[*].partnerBodies[*].printedName"),
                ["Women's Union of Kandal", "Women's Union of Kratie"]
            );
            assert_eq!(
                sorted_values(data, "relations.nodes[*].partnerLocality.slug"),
                ["kh-kandal", "kh-kratie"]
            );
            assert_eq!(walk(data, "relations.nodes[*].established.edtf"), json!(["2022", "2022"]));
            assert_eq!(walk(data, "relations.nodes[*].sources[*].code"), json!(["seed-002", "seed-002"]));
            let notes = sorted_values(data, "relations.nodes[*].note");
            assert!(notes.iter().all(|note| note.starts_with("women's unions of Binh Duong")), "{notes:?}");
        },
    )
    .await;
}

/// Fact 27.
#[tokio::test]
async fn binh_duong_celebrates_the_lao_and_cambodian_new_year() {
    fact(
        r#"{
            events(filter: {unit: {in: ["BINH_DUONG"]}, kind: {in: ["FESTIVAL"]}, withCountry: {in: [
                "LA"]}}) {
                nodes { title(locale: EN) series occasions { code country { code } } audienceCountries {
                    code } heldOn { edtf } sources { code } }
            }
        }"#,
        |data| {
            assert_eq!(
                data["events"]["nodes"],
                json!([{
                    "title": "Lao and Cambodian traditional New Year festivals",
                    "series": "Lao and Cambodian New Year festivals of Binh Duong",
                    "occasions": [
                        {"code": "LAO_NEW_YEAR", "country": {"code": "LA"}},
                        {"code": "KHMER_NEW_YEAR", "country": {"code": "KH"}},
                    ],
                    "audienceCountries": [{"code": "LA"}, {"code": "KH"}],
                    "heldOn": null,
                    "sources": [{"code": "seed-002"}],
                }])
            );
        },
    )
    .await;
}

/// Fact 28.
#[tokio::test]
async fn binh_duong_entries_are_found_under_both_units() {
    fact(
        r#"fragment Answer on RelationConnection {
            totalCount { value }
            groups(by: [{key: PROVINCE}]) { nodes { keys { value } aggregate { count } } }
            nodes { originUnit { slug } province { slug } }
        }
        {
            today: relations(first: 100, filter: {province: {in: ["BINH_DUONG"]}}) { ...Answer }
            then: relations(first: 100, boundaries: AT_THE_TIME, filter: {province: {in: ["BINH_DUONG"]}})
                { ...Answer }
            city: province(slug: "HO_CHI_MINH") {
                inheritedUnits { slug }
                relations(first: 100) { totalCount { value } nodes { originUnit { slug } } }
            }
            city_then: relations(first: 100, boundaries: AT_THE_TIME, filter: {province: {in: [
                "HO_CHI_MINH"]}}) {
                nodes { originUnit { slug } }
            }
        }"#,
        |data| {
            assert_eq!(group_lines(&data["today"]["groups"]), ["HO_CHI_MINH: 15"]);
            assert_eq!(group_lines(&data["then"]["groups"]), ["BINH_DUONG: 15"]);
            for answer in ["today", "then"] {
                let origins = walk(data, &format!("{answer}.nodes[*].originUnit.slug"));
                assert_eq!(origins, json!(vec!["BINH_DUONG"; 15]));
                let provinces = walk(data, &format!("{answer}.nodes[*].province.slug"));
                assert_eq!(provinces, json!(vec!["HO_CHI_MINH"; 15]));
            }
            let inherited = sorted_values(data, "city.inheritedUnits[*].slug");
            assert_eq!(inherited, ["BA_RIA_VUNG_TAU", "BINH_DUONG", "HO_CHI_MINH"]);
            let origins = sorted_values(data, "city.relations.nodes[*].originUnit.slug");
            assert_eq!(origins.iter().filter(|origin| *origin == "BINH_DUONG").count(), 15);
            let origins = sorted_values(data, "city_then.nodes[*].originUnit.slug");
            assert!(
                !origins.is_empty() && origins.iter().all(|origin| origin == "HO_CHI_MINH"),
                "{origins:?}"
            );
        },
    )
    .await;
}
