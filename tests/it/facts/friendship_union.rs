//! Seed 001: people-to-people diplomacy of Dong Nai, and its union of friendship organizations (DUFO).

use serde_json::json;

use super::{fact, figure_lines, sorted_values};
use crate::contract::matcher::walk;

/// Facts 15 and 17.
#[tokio::test]
async fn dufo_exists_since_2014_and_has_nearly_8000_members() {
    fact(
        r#"{
            organization(by: {code: "ORG-0001"}) {
                abbreviation kind { code } stage founded { edtf earliest latest }
                members { value qualifier } asOf { edtf } sources { code }
            }
            search(query: "DUFO", first: 1) { nodes { ... on Organization { code } } }
            figures(filter: {unit: {in: ["DONG_NAI"]}, indicator: {in: ["friendship_association_members"]}}) {
                nodes { ...Figure quantity { text(locale: EN) vi: text(locale: VI) } }
            }
        }"#,
        |data| {
            assert_eq!(
                data["organization"],
                json!({
                    "abbreviation": "DUFO",
                    "kind": {"code": "UNION"},
                    "stage": "ESTABLISHED",
                    "founded": {"edtf": "2014", "earliest": "2014-01-01", "latest": "2014-12-31"},
                    "members": {"value": "8000", "qualifier": "NEARLY"},
                    "asOf": {"edtf": "2021-04"},
                    "sources": [{"code": "seed-001"}],
                })
            );
            assert_eq!(data["search"]["nodes"], json!([{"code": "ORG-0001"}]));
            assert_eq!(
                figure_lines(&data["figures"]),
                ["friendship_association_members of DONG_NAI: NEARLY 8000 person, as of 2021-04, REPORTED, seed-001"]
            );
            let quantity = &data["figures"]["nodes"][0]["quantity"];
            assert_eq!((&quantity["lower"], &quantity["upper"]), (&json!(null), &json!("8000")));
            assert!(quantity["text"].as_str().is_some_and(|text| text.starts_with("nearly 8,000")), "{quantity}");
            assert!(quantity["vi"].as_str().is_some_and(|text| text.starts_with("gần 8.000")), "{quantity}");
        },
    )
    .await;
}

/// Fact 16.
#[tokio::test]
async fn dong_nai_had_nine_bilateral_associations_in_april_2021() {
    fact(
        r#"fragment Nine on OrganizationConnection {
            aggregate { count }
            nodes { targetCountry { code } stage parent { code } asOf { edtf } sources { code } }
        }
        {
            april: organizations(asOf: "2021-04-30", filter: {unit: {in: ["DONG_NAI"]}, kind: {in: [
                "ASSOCIATION"]}}) { ...Nine }
            march: organizations(asOf: "2021-03-31", filter: {unit: {in: ["DONG_NAI"]}, kind: {in: [
                "ASSOCIATION"]}}) { ...Nine }
            figures(filter: {unit: {in: ["DONG_NAI"]}, indicator: {in: ["friendship_associations"]}}) {
                nodes { ...Figure } }
        }"#,
        |data| {
            assert_eq!(
                sorted_values(data, "april.nodes[*].targetCountry.code"),
                ["CN", "FR", "JP", "KH", "KR", "LA", "RU", "TH", "US"]
            );
            assert_eq!(walk(data, "april.nodes[*].parent.code"), json!(vec!["ORG-0001"; 9]));
            assert_eq!(walk(data, "april.nodes[*].asOf.edtf"), json!(vec!["2021-04"; 9]));
            assert_eq!(walk(data, "april.nodes[*].sources[*].code"), json!(vec!["seed-001"; 9]));
            assert_eq!(data["april"]["aggregate"]["count"], 9);
            // The register has no data for the month before.
            assert_eq!(data["march"], json!({"aggregate": {"count": 0}, "nodes": []}));
            assert_eq!(
                figure_lines(&data["figures"]),
                ["friendship_associations of DONG_NAI: EXACT 9 association, as of 2021-04, REPORTED, seed-001"]
            );
        },
    )
    .await;
}

/// Fact 18.
#[tokio::test]
async fn dufo_held_more_than_40_events_since_2014() {
    fact(
        r#"{
            reported: figures(filter: {unit: {in: ["DONG_NAI"]}, indicator: {in: [
                "people_to_people_events"]}}) {
                nodes { ...Figure period { earliest latest } }
            }
            recorded: events(filter: {unit: {in: ["DONG_NAI"]}, pillar: {in: [PEOPLE]}, heldOn: {gte:
                "2014-01-01"}}) {
                totalCount { value }
                nodes { pillar }
            }
        }"#,
        |data| {
            assert_eq!(
                figure_lines(&data["reported"]),
                ["people_to_people_events of DONG_NAI: MORE_THAN 40 event in 2014/.., REPORTED, seed-001"]
            );
            assert_eq!(
                data["reported"]["nodes"][0]["period"],
                json!({"edtf": "2014/..", "earliest": "2014-01-01", "latest": null})
            );
            let recorded = &data["recorded"];
            assert_eq!(recorded["totalCount"]["value"], recorded["nodes"].as_array().map_or(0, Vec::len));
            assert!(
                recorded["totalCount"]["value"].as_u64().is_some_and(|count| (1..40).contains(&count)),
                "{recorded}"
            );
        },
    )
    .await;
}

/// Fact 19.
#[tokio::test]
async fn document_8485_implements_directive_38() {
    fact(
        r#"{
            instrument(number: "8485-CV/TU") {
                issued { edtf } issuer province { slug } sources { code }
                implements { number issued { edtf } kind implementedBy { number } }
            }
        }"#,
        |data| {
            assert_eq!(
                data["instrument"],
                json!({
                    "issued": {"edtf": "2020-02-17"},
                    "issuer": "Standing Committee of the Dong Nai Provincial Party Committee",
                    "province": {"slug": "DONG_NAI"},
                    "sources": [{"code": "seed-001"}],
                    "implements": [{
                        "number": "38-CT/TW",
                        "issued": {"edtf": "2019-09-19"},
                        "kind": "DIRECTIVE",
                        "implementedBy": [{"number": "8485-CV/TU"}],
                    }],
                })
            );
        },
    )
    .await;
}

/// Fact 20.
#[tokio::test]
async fn dufo_is_the_standing_agency_of_the_committee_on_foreign_ngos() {
    fact(
        r#"{
            organization(by: {code: "ORG-0001"}) { roles }
            organizations(filter: {unit: {in: ["DONG_NAI"]}, kind: {in: ["NGO_COMMITTEE"]}}) {
                nodes { name(locale: EN) asOf { edtf } sources { code } }
            }
        }"#,
        |data| {
            assert_eq!(
                data["organization"]["roles"],
                json!(["Standing agency of the Committee on Non-governmental Organizations of Dong Nai"])
            );
            assert_eq!(
                data["organizations"]["nodes"],
                json!([{
                    "name": "Committee on Non-governmental Organizations of Dong Nai",
                    "asOf": {"edtf": "2021-04"},
                    "sources": [{"code": "seed-001"}],
                }])
            );
        },
    )
    .await;
}
