//! Seed 000: the foreign affairs of Dong Nai.

use serde_json::json;

use super::{fact, sorted, stated, tallied};
use crate::contract::matcher::walk;

/// Facts 1 and 2.
#[tokio::test]
async fn dong_nai_reported_88_agreements_of_which_27_in_effect() {
    fact(
        r#"{
            reported: figures(filter: {unit: {in: ["DONG_NAI"]}, indicator: {in: [
                "total_agreements", "agreements_in_effect", "partner_countries"]}}) { nodes { ...Figure } }
            recorded: agreements(asOf: "2025-11-30", filter: {province: {in: ["DONG_NAI"]}, status: {in: [IN_FORCE]}}) {
                totalCount { value }
                nodes { code status }
            }
        }"#,
        |data| {
            assert_eq!(
                stated(&data["reported"]),
                [
                    "agreements_in_effect of DONG_NAI: EXACT 27 agreement in -, as of 2025-11, REPORTED (seed-000)",
                    "partner_countries of DONG_NAI: EXACT 17 country_or_territory in -, as of 2025-11, REPORTED (seed-000)",
                    "total_agreements of DONG_NAI: EXACT 88 agreement in -, as of 2025-11, REPORTED (seed-000)",
                ]
            );
            // What the register itself knows is less, stands beside, and is never mixed in.
            assert_eq!(data["recorded"]["totalCount"]["value"], 2);
            assert_eq!(sorted(data, "recorded.nodes[*].code"), ["AGR-0023", "AGR-0041"]);
            assert_eq!(walk(data, "recorded.nodes[*].status"), json!(["IN_FORCE", "IN_FORCE"]));
        },
    )
    .await;
}

/// Fact 2.
#[tokio::test]
async fn the_88_agreements_of_november_do_not_come_back_for_june() {
    fact(
        r#"{
            of_the_unit: figures(asOf: "2025-06-30", filter: {unit: {in: ["DONG_NAI"]}}) { nodes { ...Figure } }
            of_the_province: province(slug: "DONG_NAI", asOf: "2025-06-30") {
                figures(filter: {indicator: {in: ["total_agreements"]}}) { totalCount { value } }
            }
        }"#,
        |data| {
            let indicators = sorted(data, "of_the_unit.nodes[*].indicator.code");
            assert!(!indicators.is_empty(), "older figures of the unit do come back");
            for later in ["total_agreements", "agreements_in_effect", "partner_countries"] {
                assert!(!indicators.iter().any(|indicator| indicator == later), "{indicators:?}");
            }
            assert_eq!(data["of_the_province"]["figures"]["totalCount"]["value"], 0);
        },
    )
    .await;
}

/// Fact 3. Of the seven strong fields the recorded agreements show four; high-tech agriculture, science and
/// technology, and environment are words of the vocabulary that no recorded agreement bears.
#[tokio::test]
async fn agreements_of_dong_nai_are_strong_in_trade_industry_energy_and_training() {
    fact(
        r#"{
            agreements(filter: {province: {in: ["DONG_NAI"]}, field: {in: [
                "TRADE_SERVICES", "SUPPORTING_INDUSTRY", "CLEAN_ENERGY", "HUMAN_RESOURCES",
                "AGRICULTURE_HIGHTECH", "SCIENCE_TECHNOLOGY", "ENVIRONMENT"]}}) {
                groups(by: [{key: FIELD}], first: 40) { nodes { keys { value label(locale: EN) } aggregate { count } } }
            }
            terms(vocabulary: FIELD) { code name(locale: EN) }
        }"#,
        |data| {
            let fields = sorted(data, "agreements.groups.nodes[*].keys[*].value");
            for strong in ["TRADE_SERVICES", "SUPPORTING_INDUSTRY", "CLEAN_ENERGY", "HUMAN_RESOURCES"] {
                assert!(fields.iter().any(|field| field == strong), "{fields:?}");
            }
            let known = sorted(data, "terms[*].code");
            for strong in ["AGRICULTURE_HIGHTECH", "SCIENCE_TECHNOLOGY", "ENVIRONMENT"] {
                assert!(known.iter().any(|field| field == strong), "{known:?}");
            }
        },
    )
    .await;
}

/// Fact 4.
#[tokio::test]
async fn dong_nai_exchanges_with_champasak_kratie_kampong_thom_and_pinar_del_rio() {
    fact(
        r#"{
            relations(filter: {unit: {in: ["DONG_NAI"]}, tier: {in: [FRIENDSHIP]}, country: {in: ["LA", "KH", "CU"]}}) {
                nodes { status partner { slug name(locale: EN) country { code } } sources { code } }
            }
        }"#,
        |data| {
            let partners = sorted(data, "relations.nodes[*].partner.slug");
            assert_eq!(partners, ["cu-pinar-del-rio", "kh-kampong-thom", "kh-kratie", "la-champasak"]);
            assert_eq!(walk(data, "relations.nodes[*].sources[*].code"), json!(vec!["seed-000"; 4]));
            assert_eq!(walk(data, "relations.nodes[*].status"), json!(vec!["ACTIVE"; 4]));
        },
    )
    .await;
}

/// Fact 5.
#[tokio::test]
async fn the_party_committees_of_dong_nai_and_pinar_del_rio_have_a_memorandum() {
    fact(
        r#"{
            agreements(filter: {pillar: {in: [PARTY]}, country: {in: ["CU"]}}) {
                nodes {
                    code title(locale: EN) form { code } province { slug } partner { slug }
                    sources { code } relation { tier }
                }
            }
            relations(filter: {tier: {in: [PARTY_TO_PARTY]}, province: {in: ["DONG_NAI"]}}) {
                nodes { pillar partner { slug } agreements { nodes { code } } }
            }
        }"#,
        |data| {
            assert_eq!(
                data["agreements"]["nodes"],
                json!([{
                    "code": "AGR-0045",
                    "title": "Memorandum of Understanding between the two provincial Party Committees",
                    "form": {"code": "MOU"},
                    "province": {"slug": "DONG_NAI"},
                    "partner": {"slug": "cu-pinar-del-rio"},
                    "sources": [{"code": "seed-000"}],
                    "relation": null,
                }])
            );
            assert_eq!(
                data["relations"]["nodes"],
                json!([{
                    "pillar": "PARTY",
                    "partner": {"slug": "cu-pinar-del-rio"},
                    "agreements": {"nodes": [{"code": "AGR-0045"}]},
                }])
            );
        },
    )
    .await;
}

/// Fact 6.
#[tokio::test]
async fn dong_nai_exchanges_civil_servants_and_youth_with_gyeongnam_and_jeollanam() {
    fact(
        r#"{
            programmes(filter: {unit: {in: ["DONG_NAI"]}, locality: {in: ["kr-gyeongsangnam"]}}) {
                nodes {
                    kind { code } asOf { edtf } countries { code } sources { code }
                    partners { ... on Locality { slug aliases } }
                }
            }
        }"#,
        |data| {
            assert_eq!(
                sorted(data, "programmes.nodes[*].kind.code"),
                ["CIVIL_SERVANT_EXCHANGE", "YOUTH_EXCHANGE"]
            );
            let partners = walk(data, "programmes.nodes[*].partners[*].slug");
            assert_eq!(
                partners,
                json!(["kr-gyeongsangnam", "kr-jeollanam", "kr-gyeongsangnam", "kr-jeollanam"])
            );
            assert_eq!(walk(data, "programmes.nodes[*].sources[*].code"), json!(["seed-000", "seed-000"]));
        },
    )
    .await;
}

/// Fact 7. Editions 1 to 3 are no entries, since no source gives them: the number alone says that they were.
#[tokio::test]
async fn the_framework_agreement_with_kansai_is_the_fourth() {
    fact(
        r#"{
            agreement(by: {code: "AGR-0044"}) {
                editionNo renews { code } renewedBy { code } form { code } province { slug } sources { code }
                partnerOrganization { name(locale: EN) kind { code } country { code } }
                fields { code }
            }
            figures(filter: {indicator: {in: ["framework_agreement_sequence_kansai"]}}) { nodes { ...Figure quote } }
        }"#,
        |data| {
            assert_eq!(
                data["agreement"],
                json!({
                    "editionNo": 4,
                    "renews": null,
                    "renewedBy": null,
                    "form": {"code": "FRAMEWORK"},
                    "province": {"slug": "DONG_NAI"},
                    "sources": [{"code": "seed-000"}],
                    "partnerOrganization": {
                        "name": "Kansai Bureau of Economy, Trade and Industry",
                        "kind": {"code": "REGIONAL_BUREAU"},
                        "country": {"code": "JP"},
                    },
                    "fields": [{"code": "SUPPORTING_INDUSTRY"}, {"code": "CLEAN_ENERGY"}, {"code": "HUMAN_RESOURCES"}],
                })
            );
            assert_eq!(
                data["figures"]["nodes"][0]["quote"],
                "re-signed the 4th Framework Agreement on Economic Cooperation"
            );
        },
    )
    .await;
}

/// Fact 7, shown at a chain whose editions are all known.
#[tokio::test]
async fn a_chain_of_renewals_can_be_walked_both_ways() {
    fact(
        r#"{
            last: agreement(by: {code: "AGR-0057"}) {
                editionNo renews { code editionNo renews { code editionNo renews { code } } }
            }
            first: agreement(by: {code: "AGR-0055"}) { renewedBy { code renewedBy { code renewedBy { code } } } }
        }"#,
        |data| {
            assert_eq!(
                data["last"],
                json!({"editionNo": 3, "renews": {"code": "AGR-0056", "editionNo": 2, "renews":
                    {"code": "AGR-0055", "editionNo": 1, "renews": null}}})
            );
            assert_eq!(
                data["first"],
                json!({"renewedBy": {"code": "AGR-0056", "renewedBy": {"code": "AGR-0057", "renewedBy": null}}})
            );
        },
    )
    .await;
}

/// Fact 8.
#[tokio::test]
async fn jiangsu_granted_full_scholarships_to_dong_nai_students_in_2023() {
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
async fn dong_nai_gives_20_scholarships_a_year_to_lao_and_cambodian_students() {
    fact(
        r#"{
            programmes(filter: {unit: {in: ["DONG_NAI"]}, kind: {in: ["SCHOLARSHIP"]}, direction: {in: [IN]},
                                country: {in: ["LA"]}, search: "of Dong Nai"}) {
                nodes { code seatsPerYear { value qualifier unit } countries { code } asOf { edtf } sources { code } }
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
                stated(&data["figures"]),
                ["annual_scholarships_laos_cambodia of DONG_NAI: EXACT 20 scholarship in -, as of 2025-11, REPORTED (seed-000)"]
            );
        },
    )
    .await;
}

/// Fact 10.
#[tokio::test]
async fn dong_nai_promotes_investment_at_home_and_in_seven_countries_and_territories() {
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
            let countries = sorted(data, "events.groups.nodes[*].keys[*].value");
            assert_eq!(countries, ["AU", "JP", "KH", "KR", "LA", "SG", "TW", "VN"]);
            // The ministry's list decides what a country is called.
            let labels = sorted(data, "events.groups.nodes[*].keys[*].en");
            for label in ["Taiwan (China)", "Lao PDR", "Republic of Korea"] {
                assert!(labels.iter().any(|known| known == label), "{labels:?}");
            }
            let labels = sorted(data, "events.groups.nodes[*].keys[*].vi");
            assert!(labels.iter().any(|known| known == "Đài Loan (Trung Quốc)"), "{labels:?}");
            let sources = sorted(data, "events.nodes[*].sources[*].code");
            assert!(sources.iter().all(|source| source == "seed-000"), "{sources:?}");
        },
    )
    .await;
}

/// Fact 11.
#[tokio::test]
async fn three_promotions_are_found_by_the_titles_that_were_printed() {
    fact(
        r#"fragment Hit on SearchConnection { nodes { ... on Event { code kind { code } audienceCountries { code } } } }
        {
            korea: search(query: "“Meet RoK”") { ...Hit }
            japan: search(query: "Vietnam – Japan Trade Promotion") { ...Hit }
            airport: search(query: "Investment Promotion in the area around Long Thanh International Airport") { ...Hit }
            in_a_list: events(filter: {search: "meet rok"}) { nodes { code series } }
        }"#,
        |data| {
            assert_eq!(
                data["korea"]["nodes"],
                json!([{"code": "EVT-0154", "kind": {"code": "INVESTMENT_PROMOTION"}, "audienceCountries": [{"code": "KR"}]}])
            );
            assert_eq!(
                data["japan"]["nodes"],
                json!([{"code": "EVT-0155", "kind": {"code": "TRADE_PROMOTION"}, "audienceCountries": [{"code": "JP"}]}])
            );
            assert_eq!(walk(data, "airport.nodes[*].code"), json!(["EVT-0153"]));
            assert_eq!(data["in_a_list"]["nodes"], json!([{"code": "EVT-0154", "series": "Meet RoK"}]));
        },
    )
    .await;
}

/// Fact 12.
#[tokio::test]
async fn the_friendship_week_of_2025_is_one_event_under_both_printed_names() {
    fact(
        r#"fragment Week on EventConnection {
            totalCount { value }
            nodes { code title(locale: EN) otherTitle series edition when { edtf } sources { code } }
        }
        {
            one: events(filter: {search: "Dong Nai Province Friendship Culture – Sports Week 2025"}) { ...Week }
            other: events(filter: {search: "Dong Nai Province Culture, Sports, and Friendship Week in 2025"}) { ...Week }
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
                        "when": {"edtf": "2025-10-30/2025-11-03"},
                        "sources": [{"code": "seed-000"}, {"code": "plo-878555"}],
                    }],
                })
            );
            assert_eq!(data["other"], data["one"]);
        },
    )
    .await;
}

/// Fact 13.
#[tokio::test]
async fn the_action_plan_on_economic_diplomacy_runs_from_2023_to_2026_and_names_four_regions() {
    fact(
        r#"{
            instruments(unit: "DONG_NAI") {
                code title(locale: EN) kind period { earliest latest } regions fields { code } sources { code }
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

/// Facts 1 and 10 at once: the same list, grouped by two keys.
#[tokio::test]
async fn relations_of_dong_nai_group_by_country_and_tier() {
    fact(
        r#"{
            relations(filter: {unit: {in: ["DONG_NAI"]}, country: {in: ["CU", "LA"]}}) {
                groups(by: [{key: COUNTRY}, {key: TIER}], orderBy: {by: KEY, direction: ASC}) {
                    nodes { keys { value } aggregate { count } }
                }
            }
        }"#,
        |data| {
            assert_eq!(
                tallied(&data["relations"]["groups"]),
                ["CU FRIENDSHIP: 1", "CU PARTY_TO_PARTY: 1", "LA FRIENDSHIP: 1"]
            );
        },
    )
    .await;
}
