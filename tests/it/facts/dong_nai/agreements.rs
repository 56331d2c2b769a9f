//! Its partners and agreements.

use serde_json::json;

use crate::contract::matcher::walk;
use crate::facts::{fact, figure_lines, group_lines, sorted_values};

/// Facts 1 and 2.
#[tokio::test]
async fn dong_nai_reported_88_agreements_of_which_27_in_effect() {
    fact(
        r#"{
            reported: figures(filter: {unit: {in: ["DONG_NAI"]}, indicator: {in: [
                "total_agreements", "agreements_in_effect", "partner_countries"]}}) { nodes { ...Figure } }
            recorded: agreements(asOf: "2025-11-30", filter: {province: {in: ["DONG_NAI"]}, status: {in: [
                IN_FORCE]}}) {
                totalCount { value }
                nodes { code status(asOf: "2025-11-30") }
            }
        }"#,
        |data| {
            assert_eq!(
                figure_lines(&data["reported"]),
                [
                    "agreements_in_effect of DONG_NAI: EXACT 27 agreement, as of 2025-11, REPORTED, seed-000",
                    "partner_countries of DONG_NAI: EXACT 17 country_or_territory, as of 2025-11, REPORTED, seed-000",
                    "total_agreements of DONG_NAI: EXACT 88 agreement, as of 2025-11, REPORTED, seed-000",
                ]
            );
            // The register itself has fewer agreements; they are separate from the reported
            // figure.
            assert_eq!(data["recorded"]["totalCount"]["value"], 2);
            assert_eq!(sorted_values(data, "recorded.nodes[*].code"), ["AGR-0023", "AGR-0041"]);
            assert_eq!(walk(data, "recorded.nodes[*].status"), json!(["IN_FORCE", "IN_FORCE"]));
        },
    )
    .await;
}

/// Fact 2.
#[tokio::test]
async fn figure_of_november_is_not_returned_for_june() {
    fact(
        r#"{
            of_the_unit: figures(asOf: "2025-06-30", filter: {unit: {in: ["DONG_NAI"]}}) {
                nodes { ...Figure }
            }
            of_the_province: province(slug: "DONG_NAI") {
                figures(asOf: "2025-06-30", filter: {indicator: {in: ["total_agreements"]}}) { totalCount { value } }
            }
        }"#,
        |data| {
            let indicators = sorted_values(data, "of_the_unit.nodes[*].indicator.code");
            assert!(!indicators.is_empty(), "older figures of the unit do come back");
            for later in ["total_agreements", "agreements_in_effect", "partner_countries"] {
                assert!(!indicators.iter().any(|indicator| indicator == later), "{indicators:?}");
            }
            assert_eq!(data["of_the_province"]["figures"]["totalCount"]["value"], 0);
        },
    )
    .await;
}

/// Fact 3. The figure has all seven fields; of the recorded agreements none has high-tech
/// agriculture, science and technology, or environment.
#[tokio::test]
async fn dong_nai_agreements_cover_trade_industry_energy_training() {
    fact(
        r#"{
            agreements(filter: {province: {in: ["DONG_NAI"]}, field: {in: [
                "TRADE_SERVICES", "SUPPORTING_INDUSTRY", "CLEAN_ENERGY", "HUMAN_RESOURCES",
                "AGRICULTURE_HIGHTECH", "SCIENCE_TECHNOLOGY", "ENVIRONMENT"]}}) {
                groups(by: [{key: FIELD}], first: 40) { nodes { keys { value label(locale: EN) } aggregate
                    { count } } }
            }
            figures(filter: {unit: {in: ["DONG_NAI"]}, indicator: {in: ["total_agreements"]}}) {
                nodes { fields { code } sources { code } }
            }
        }"#,
        |data| {
            let fields = sorted_values(data, "agreements.groups.nodes[*].keys[*].value");
            for strong in ["TRADE_SERVICES", "SUPPORTING_INDUSTRY", "CLEAN_ENERGY", "HUMAN_RESOURCES"] {
                assert!(fields.iter().any(|field| field == strong), "{fields:?}");
            }
            assert_eq!(
                data["figures"]["nodes"],
                json!([{
                    "fields": [
                        {"code": "TRADE_SERVICES"}, {"code": "SUPPORTING_INDUSTRY"}, {"code": "CLEAN_ENERGY"},
                        {"code": "HUMAN_RESOURCES"}, {"code": "AGRICULTURE_HIGHTECH"},
                        {"code": "SCIENCE_TECHNOLOGY"}, {"code": "ENVIRONMENT"},
                    ],
                    "sources": [{"code": "seed-000"}],
                }])
            );
        },
    )
    .await;
}

/// Fact 4.
#[tokio::test]
async fn dong_nai_has_relations_with_four_partner_localities() {
    fact(
        r#"{
            relations(filter: {unit: {in: ["DONG_NAI"]}, tier: {in: [FRIENDSHIP]}, country: {in: ["LA",
                "KH", "CU"]}}) {
                nodes { status partnerLocality { slug name(locale: EN) country { code } } sources { code } }
            }
        }"#,
        |data| {
            let partners = sorted_values(data, "relations.nodes[*].partnerLocality.slug");
            assert_eq!(partners, ["cu-pinar-del-rio", "kh-kampong-thom", "kh-kratie", "la-champasak"]);
            assert_eq!(walk(data, "relations.nodes[*].sources[*].code"), json!(vec!["seed-000"; 4]));
            assert_eq!(walk(data, "relations.nodes[*].status"), json!(vec!["ACTIVE"; 4]));
        },
    )
    .await;
}

/// Fact 5.
#[tokio::test]
async fn party_committees_of_dong_nai_and_pinar_del_rio_have_mou() {
    fact(
        r#"{
            agreements(filter: {pillar: {in: [PARTY]}, country: {in: ["CU"]}}) {
                nodes {
                    code title(locale: EN) form { code } province { slug } partnerLocality { slug }
                    sources { code } relation { tier } isShared
                    vietnameseParties { participant { organization { name(locale: EN) } } }
                    parties { printedName }
                }
            }
            relations(filter: {tier: {in: [PARTY_TO_PARTY]}, province: {in: ["DONG_NAI"]}}) {
                nodes { pillar partnerLocality { slug } agreements { nodes { code } } }
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
                    "partnerLocality": {"slug": "cu-pinar-del-rio"},
                    "sources": [{"code": "seed-000"}],
                    "relation": {"tier": "PARTY_TO_PARTY"},
                    "isShared": false,
                    "vietnameseParties": [
                        {"participant": {"organization": {"name": "Dong Nai Provincial Party Committee"}}},
                    ],
                    "parties": [
                        {"printedName": null},
                        {"printedName": null},
                        {"printedName": "Pinar del Rio Provincial Party Committee"},
                    ],
                }])
            );
            assert_eq!(
                data["relations"]["nodes"],
                json!([{
                    "pillar": "PARTY",
                    "partnerLocality": {"slug": "cu-pinar-del-rio"},
                    "agreements": {"nodes": [{"code": "AGR-0045"}]},
                }])
            );
        },
    )
    .await;
}

/// Fact 6.
#[tokio::test]
async fn dong_nai_exchanges_civil_servants_and_youth_with_korea() {
    fact(
        r#"{
            programmes(filter: {unit: {in: ["DONG_NAI"]}, locality: {in: ["kr-gyeongsangnam"]}}) {
                nodes {
                    kind { code } asOf { edtf } countries { code } sources { code }
                    partnerLocalities { ... on Locality { slug aliases } }
                }
            }
        }"#,
        |data| {
            assert_eq!(
                sorted_values(data, "programmes.nodes[*].kind.code"),
                ["CIVIL_SERVANT_EXCHANGE", "YOUTH_EXCHANGE"]
            );
            let partners = walk(data, "programmes.nodes[*].partnerLocalities[*].slug");
            assert_eq!(
                partners,
                json!(["kr-gyeongsangnam", "kr-jeollanam", "kr-gyeongsangnam", "kr-jeollanam"])
            );
            assert_eq!(walk(data, "programmes.nodes[*].sources[*].code"), json!(["seed-000", "seed-000"]));
        },
    )
    .await;
}

/// Fact 7. Editions 1 to 3 are no entries, because no source describes them; only the edition
/// number shows that they existed.
#[tokio::test]
async fn framework_agreement_with_kansai_is_edition_four() {
    fact(
        r#"{
            agreement(by: {code: "AGR-0044"}) {
                editionNo missingEditions renews { code } renewedBy { code } form { code } province { slug } sources { code }
                partnerOrganization { name(locale: EN) kind { code } country { code } }
                fields { code }
            }
            figures(filter: {indicator: {in: ["framework_agreement_sequence_kansai"]}}) { nodes { ...Figure
                quote } }
        }"#,
        |data| {
            assert_eq!(
                data["agreement"],
                json!({
                    "editionNo": 4,
                    "missingEditions": [1, 2, 3],
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

/// Fact 7, on a chain whose editions are all recorded.
#[tokio::test]
async fn renewal_chain_is_readable_in_both_directions() {
    fact(
        r#"{
            last: agreement(by: {code: "AGR-0057"}) {
                editionNo missingEditions
                renews { code editionNo missingEditions renews { code editionNo renews { code } } }
            }
            first: agreement(by: {code: "AGR-0055"}) { renewedBy { code renewedBy { code renewedBy { code }
                } } }
        }"#,
        |data| {
            assert_eq!(
                data["last"],
                json!({"editionNo": 3, "missingEditions": [], "renews":
                    {"code": "AGR-0056", "editionNo": 2, "missingEditions": [], "renews":
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

/// Facts 4 and 5 in one list, grouped by two keys.
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
                group_lines(&data["relations"]["groups"]),
                ["CU FRIENDSHIP: 1", "CU PARTY_TO_PARTY: 1", "LA FRIENDSHIP: 1"]
            );
        },
    )
    .await;
}
