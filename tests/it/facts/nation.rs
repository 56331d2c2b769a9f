//! Seed 004: how the diplomatic sector accompanied the localities in 2025.

use serde_json::json;

use super::{fact, figure_lines};
use crate::contract::matcher::walk;

/// Fact 37.
#[tokio::test]
async fn localities_reported_135_agreements_signed_in_2025() {
    fact(
        r#"{
            reported: figures(filter: {national: true, indicator: {in: [
                "international_agreements_signed"]}}) { nodes { ...Figure } }
            recorded: statistics(asOf: "2025-12-31") {
                agreements {
                    groups(by: [{bucket: {field: SIGNED_ON, unit: YEAR}}], first: 100) {
                        nodes { keys { value } aggregate { count } }
                    }
                }
                of_the_year: agreements(filter: {signedOn: {gte: "2025-01-01", lte: "2025-12-31"}}) { count }
            }
        }"#,
        |data| {
            assert_eq!(
                figure_lines(&data["reported"]),
                ["international_agreements_signed: EXACT 135 agreement in 2025, as of 2025, REPORTED, seed-004"]
            );
            let years = walk(data, "recorded.agreements.groups.nodes[*]");
            let year = years.as_array().into_iter().flatten().find(|year| walk(year, "keys[*].value") == json!(["2025"]));
            assert_eq!(year.map(|year| &year["aggregate"]["count"]), Some(&json!(7)));
            assert_eq!(data["recorded"]["of_the_year"]["count"], 7);
        },
    )
    .await;
}

/// Fact 38.
#[tokio::test]
async fn four_conferences_had_1_600_to_3_200_delegates_together() {
    fact(
        r#"{
            events(filter: {series: {in: ["Conferences connecting localities with international partners"]}}) {
                aggregate {
                    delegates: sum(of: DELEGATES) { value lower upper qualifier unit text(locale: EN) }
                    connections: sum(of: CONNECTIONS) { value }
                }
                nodes { occurrences delegates { value lower upper qualifier unit } heldOn { edtf } province {
                    slug } sources { code } }
            }
            figures(filter: {national: true, indicator: {in: ["major_connecting_conferences",
                "delegates_per_conference_max"]}}) {
                nodes { ...Figure }
            }
        }"#,
        |data| {
            assert_eq!(
                data["events"]["aggregate"],
                json!({
                    "delegates": {"value": null, "lower": "1600", "upper": "3200", "qualifier": "RANGE",
                        "unit": "person", "text": "1,600 to 3,200 persons"},
                    "connections": null,
                })
            );
            assert_eq!(
                data["events"]["nodes"],
                json!([{
                    "occurrences": 4,
                    "delegates": {"value": null, "lower": "400", "upper": "800", "qualifier": "RANGE", "unit": "person"},
                    "heldOn": {"edtf": "2025"},
                    "province": null,
                    "sources": [{"code": "seed-004"}],
                }])
            );
            assert_eq!(
                figure_lines(&data["figures"]),
                [
                    "delegates_per_conference_max: RANGE 400 to 800 person in 2025, as of 2025, REPORTED, seed-004",
                    "major_connecting_conferences: EXACT 4 conference in 2025, as of 2025, REPORTED, seed-004",
                ]
            );
        },
    )
    .await;
}

/// Fact 39.
#[tokio::test]
async fn foreign_investment_of_eleven_months_grew_by_7_4_percent() {
    fact(
        r#"{ figures(filter: {national: true, indicator: {in: ["fdi_total"]}}) { nodes { ...Figure } } }"#,
        |data| {
            assert_eq!(
                figure_lines(&data["figures"]),
                ["fdi_total: EXACT 33690000000 USD in 2025-01/2025-11, as of 2025-11, REPORTED, seed-004"]
            );
            assert_eq!(data["figures"]["nodes"][0]["changePercent"], "7.4");
        },
    )
    .await;
}

/// Fact 40.
#[tokio::test]
async fn manufacturing_has_57_5_percent_of_new_registered_capital() {
    fact(
        r#"{
            figures(filter: {national: true, indicator: {in: ["fdi_projects_licensed",
                "fdi_registered_capital",
                "fdi_manufacturing_capital", "fdi_manufacturing_share"]}}) {
                nodes { ...Figure indicator { name(locale: EN) } quote }
            }
        }"#,
        |data| {
            assert_eq!(
                figure_lines(&data["figures"]),
                [
                    "fdi_manufacturing_capital: EXACT 9170000000 USD in 2025-01/2025-11, as of 2025-11, REPORTED, seed-004",
                    "fdi_manufacturing_share: EXACT 57.5 percent in 2025-01/2025-11, as of 2025-11, REPORTED, seed-004",
                    "fdi_projects_licensed: EXACT 3695 project in 2025-01/2025-11, as of 2025-11, REPORTED, seed-004",
                    "fdi_registered_capital: EXACT 15960000000 USD in 2025-01/2025-11, as of 2025-11, REPORTED, seed-004",
                ]
            );
            let figures = data["figures"]["nodes"].as_array().expect("a list");
            let of = |code: &str| figures.iter().find(|figure| figure["indicator"]["code"] == code).expect("a figure");
            assert_eq!(of("fdi_projects_licensed")["changePercent"], "21.7");
            // Of the new capital, not of all: 9.17 of 15.96 billion.
            let share = of("fdi_manufacturing_share");
            assert_eq!(share["indicator"]["name"], "Share of manufacturing in newly registered FDI");
            assert_eq!(share["quote"], "57.5% of the total newly registered capital");
            assert_eq!(share["isAdditive"], false);
        },
    )
    .await;
}

/// Fact 41.
#[tokio::test]
async fn heritage_counts_are_not_additive_over_provinces() {
    fact(
        r#"{
            figures(filter: {national: true, indicator: {in: ["localities_with_heritage_dossiers",
                "heritage_dossiers",
                "unesco_titles_new", "unesco_titles_total"]}}) { nodes { ...Figure } }
            programmes(filter: {kind: {in: ["HERITAGE_DOSSIER", "HERITAGE_TITLE"]}}) {
                nodes { code quantity { value unit } province { slug } asOf { edtf } sources { code } }
            }
        }"#,
        |data| {
            assert_eq!(
                figure_lines(&data["figures"]),
                [
                    "heritage_dossiers: EXACT 48 dossier in 2025, as of 2025, REPORTED, seed-004",
                    "localities_with_heritage_dossiers: EXACT 23 locality in 2025, as of 2025, REPORTED, seed-004",
                    "unesco_titles_new: EXACT 7 title in 2025, as of 2025, REPORTED, seed-004",
                    "unesco_titles_total: EXACT 77 title, as of 2025, REPORTED, seed-004",
                ]
            );
            assert_eq!(walk(data, "figures.nodes[*].isAdditive"), json!([false, false, false, false]));
            let mut quantities: Vec<_> = walk(data, "programmes.nodes[*].quantity.value").as_array().cloned().unwrap_or_default();
            quantities.sort_by_key(ToString::to_string);
            assert_eq!(quantities, ["48", "7", "77"]);
            assert_eq!(walk(data, "programmes.nodes[*].province"), json!([null, null, null]));
        },
    )
    .await;
}

/// Fact 42.
#[tokio::test]
async fn eight_projects_abroad_honour_president_ho_chi_minh() {
    fact(
        r#"{
            programmes(filter: {kind: {in: ["MEMORIAL_PROJECT"]}, search: "projects honouring"}) {
                nodes { direction quantity { value qualifier unit } period { edtf } asOf { edtf } sources {
                    code } }
            }
            figures(filter: {indicator: {in: ["ho_chi_minh_honour_projects_abroad"]}}) { nodes { ...Figure } }
        }"#,
        |data| {
            assert_eq!(
                data["programmes"]["nodes"],
                json!([{
                    "direction": "OUT",
                    "quantity": {"value": "8", "qualifier": "EXACT", "unit": "project"},
                    "period": {"edtf": "2025"},
                    "asOf": {"edtf": "2025"},
                    "sources": [{"code": "seed-004"}],
                }])
            );
            assert_eq!(
                figure_lines(&data["figures"]),
                ["ho_chi_minh_honour_projects_abroad: EXACT 8 project in 2025, as of 2025, REPORTED, seed-004"]
            );
        },
    )
    .await;
}
