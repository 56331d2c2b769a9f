//! Scholarships, promotions, festivals and plans.

use serde_json::json;

use crate::contract::matcher::walk;
use crate::facts::{fact, figure_lines, sorted_values};

/// Fact 8.
#[tokio::test]
async fn jiangsu_granted_full_scholarships_to_dong_nai_in_2023() {
    fact(
        r#"{
            programmes(filter: {unit: {in: ["DONG_NAI"]}, kind: {in: ["SCHOLARSHIP"]}, direction: {in: [OUT]},
                                locality: {in: ["cn-jiangsu"]}}) {
                nodes { title(locale: EN) period { edtf } quantity { value qualifier } sources { code } }
            }
        }"#,
        |data| {
            assert_eq!(
                data["programmes"]["nodes"],
                json!([{
                    "title": "Full scholarships of Jiangsu for Dong Nai students at Chinese universities",
                    "period": {"edtf": "2023"},
                    "quantity": {"value": null, "qualifier": "UNQUANTIFIED"},
                    "sources": [{"code": "seed-000"}],
                }])
            );
        },
    )
    .await;
}

/// Fact 9.
#[tokio::test]
async fn dong_nai_gives_20_scholarships_a_year_to_laos_and_cambodia() {
    fact(
        r#"{
            programmes(filter: {unit: {in: ["DONG_NAI"]}, kind: {in: ["SCHOLARSHIP"]}, direction: {in: [IN]},
                                country: {in: ["LA"]}, search: "of Dong Nai"}) {
                nodes { code seatsPerYear { value qualifier unit } countries { code } asOf { edtf } sources
                    { code } }
            }
            figures(filter: {indicator: {in: ["annual_scholarships_laos_cambodia"]}}) { nodes { ...Figure } }
        }"#,
        |data| {
            let of_the_province = &data["programmes"]["nodes"]
                .as_array()
                .and_then(|all| all.iter().find(|programme| !programme["seatsPerYear"].is_null()))
                .expect("a programme that states its seats");
            assert_eq!(
                **of_the_province,
                json!({
                    "code": "PRG-0001",
                    "seatsPerYear": {"value": "20", "qualifier": "EXACT", "unit": "scholarship"},
                    "countries": [{"code": "LA"}, {"code": "KH"}],
                    "asOf": {"edtf": "2025"},
                    "sources": [{"code": "seed-000"}],
                })
            );
            assert_eq!(
                figure_lines(&data["figures"]),
                ["annual_scholarships_laos_cambodia of DONG_NAI: EXACT 20 scholarship, as of 2025-11, REPORTED, seed-000"]
            );
        },
    )
    .await;
}

/// Fact 10.
#[tokio::test]
async fn dong_nai_promotes_investment_in_seven_countries() {
    fact(
        r#"{
            events(filter: {unit: {in: ["DONG_NAI"]}, kind: {in: ["INVESTMENT_PROMOTION"]}}) {
                groups(by: [{key: COUNTRY}]) {
                    nodes { keys { value vi: label(locale: VI) en: label(locale: EN) } aggregate { count } }
                }
                nodes { sources { code } }
            }
        }"#,
        |data| {
            let countries = sorted_values(data, "events.groups.nodes[*].keys[*].value");
            assert_eq!(countries, ["AU", "JP", "KH", "KR", "LA", "SG", "TW", "VN"]);
            // Country names come from the list of the ministry.
            let labels = sorted_values(data, "events.groups.nodes[*].keys[*].en");
            for label in ["Taiwan (China)", "Lao PDR", "Republic of Korea"] {
                assert!(labels.iter().any(|known| known == label), "{labels:?}");
            }
            let labels = sorted_values(data, "events.groups.nodes[*].keys[*].vi");
            assert!(labels.iter().any(|known| known == "Đài Loan (Trung Quốc)"), "{labels:?}");
            let sources = sorted_values(data, "events.nodes[*].sources[*].code");
            assert!(sources.iter().all(|source| source == "seed-000"), "{sources:?}");
        },
    )
    .await;
}

/// Fact 11.
#[tokio::test]
async fn three_promotions_are_found_by_printed_title() {
    fact(
        r#"fragment Hit on SearchConnection { nodes { ... on Event { code kind { code } audienceCountries { code } } } }
        {
            korea: search(query: "“Meet RoK”") { ...Hit }
            japan: search(query: "Vietnam – Japan Trade Promotion") { ...Hit }
            airport: search(query:
                "Investment Promotion in the area around Long Thanh International Airport") { ...Hit }
            in_a_list: events(filter: {search: "meet rok"}) { nodes { code series } }
        }"#,
        |data| {
            // Hits that have the words in other places follow.
            assert_eq!(
                data["korea"]["nodes"][0],
                json!({"code": "EVT-0154", "kind": {"code": "INVESTMENT_PROMOTION"}, "audienceCountries": [{"code": "KR"}]})
            );
            assert_eq!(
                data["japan"]["nodes"][0],
                json!({"code": "EVT-0155", "kind": {"code": "TRADE_PROMOTION"}, "audienceCountries": [{"code": "JP"}]})
            );
            assert_eq!(walk(data, "airport.nodes[*].code"), json!(["EVT-0153"]));
            assert_eq!(data["in_a_list"]["nodes"], json!([{"code": "EVT-0154", "series": "Meet RoK"}]));
        },
    )
    .await;
}

/// Fact 12.
#[tokio::test]
async fn friendship_week_2025_is_one_event_with_two_titles() {
    fact(
        r#"fragment Week on EventConnection {
            totalCount { value }
            nodes { code title(locale: EN) otherTitle series edition heldOn { edtf } sources { code } }
        }
        {
            one: events(filter: {search: "Dong Nai Province Friendship Culture – Sports Week 2025"}) {
                ...Week }
            other: events(filter: {search:
                "Dong Nai Province Culture, Sports, and Friendship Week in 2025"}) { ...Week }
            edition: events(filter: {series: {in: ["Đồng Nai friendship culture – sports week"]},
                edition: {in: ["2025"]}}) { ...Week }
            next: events(filter: {series: {in: ["Dong Nai Friendship Culture - Sports Week"]},
                edition: {in: ["2026"]}}) { totalCount { value } }
        }"#,
        |data| {
            assert_eq!(
                data["one"],
                json!({
                    "totalCount": {"value": 1},
                    "nodes": [{
                        "code": "EVT-0135",
                        "title": "Dong Nai Province Friendship Culture - Sports Week 2025",
                        "otherTitle": "Dong Nai Province Culture, Sports, and Friendship Week in 2025",
                        "series": "Dong Nai Friendship Culture - Sports Week",
                        "edition": "2025",
                        "heldOn": {"edtf": "2025-10-30/2025-11-03"},
                        "sources": [{"code": "seed-000"}, {"code": "plo-878555"}],
                    }],
                })
            );
            assert_eq!(data["other"], data["one"]);
            assert_eq!(data["edition"], data["one"]);
            assert_eq!(data["next"]["totalCount"]["value"], 0);
        },
    )
    .await;
}

/// Fact 13.
#[tokio::test]
async fn economic_diplomacy_plan_runs_2023_to_2026() {
    fact(
        r#"{
            instruments(unit: "DONG_NAI") {
                code title(locale: EN) kind period { earliest latest } regions fields { code } sources {
                    code }
            }
        }"#,
        |data| {
            let plans = data["instruments"].as_array().expect("a list");
            let plan = plans.iter().find(|plan| !plan["period"].is_null()).expect("a plan with a period");
            assert_eq!(
                *plan,
                json!({
                    "code": "INS-0003",
                    "title": "Action Plan on Economic Diplomacy for 2023-2026",
                    "kind": "ACTION_PLAN",
                    "period": {"earliest": "2023-01-01", "latest": "2026-12-31"},
                    "regions": ["Northern Australia", "Middle East", "Africa", "Mekong sub-region"],
                    "fields": [{"code": "ECONOMY"}],
                    "sources": [{"code": "seed-000"}],
                })
            );
        },
    )
    .await;
}

/// Fact 14.
#[tokio::test]
async fn plans_of_dong_nai_implement_resolution_34() {
    fact(
        r#"{
            instrument(number: "34-NQ/TW") {
                issued { edtf } issuer kind sources { code }
                implementedBy { title(locale: EN) province { slug } implements { number } }
            }
        }"#,
        |data| {
            assert_eq!(
                data["instrument"],
                json!({
                    "issued": {"edtf": "2023-04-25"},
                    "issuer": "Politburo",
                    "kind": "RESOLUTION",
                    "sources": [{"code": "seed-000"}],
                    "implementedBy": [{
                        "title": "Plans of Dong Nai to implement Resolution 34-NQ/TW",
                        "province": {"slug": "DONG_NAI"},
                        "implements": [{"number": "34-NQ/TW"}],
                    }],
                })
            );
        },
    )
    .await;
}
