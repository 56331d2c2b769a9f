//! Seed 003: the foreign affairs of Nghe An.

use serde_json::json;

use super::{fact, figure_lines, group_lines, sorted_values};
use crate::contract::matcher::walk;

/// Fact 29. The nine are listed here, because other sources name more partners of the province.
#[tokio::test]
async fn nghe_an_has_nine_partner_localities_in_five_countries() {
    fact(
        r#"{
            relations(filter: {unit: {in: ["NGHE_AN"]}, status: {in: [ACTIVE]}, locality: {in: [
                "la-xieng-khouang", "la-houaphanh", "la-bolikhamxay", "cn-guangxi", "cn-hunan",
                "kr-gwangju", "kr-gyeonggi", "jp-gifu", "ru-ulyanovsk"]}}) {
                aggregate { count localities: distinct(of: LOCALITY) countries: distinct(of: COUNTRY) }
                groups(by: [{key: COUNTRY}]) { nodes { keys { value } aggregate { count } } }
                nodes { sources { code } }
            }
        }"#,
        |data| {
            assert_eq!(data["relations"]["aggregate"], json!({"count": 9, "localities": 9, "countries": 5}));
            assert_eq!(
                group_lines(&data["relations"]["groups"]),
                ["LA: 3", "CN: 2", "KR: 2", "JP: 1", "RU: 1"]
            );
            let sources = sorted_values(data, "relations.nodes[*].sources[*].code");
            assert_eq!(sources.iter().filter(|source| *source == "seed-003").count(), 8);
        },
    )
    .await;
}

/// Fact 30.
#[tokio::test]
async fn printed_names_of_localities_resolve_to_one_each() {
    fact(
        r#"fragment Found on LocalityConnection { nodes { slug aliases } }
        fragment Hit on SearchConnection { nodes { ... on Locality { slug } } }
        {
            hua_phan: localities(search: "Hua Phan") { ...Found }
            bolikhamxay: localities(search: "Bo Ly Kham Xay") { ...Found }
            ulyanovsk: localities(search: "Ulianov") { ...Found }
            hua_phan_named: locality(slug: "Hua Phan") { slug }
            bolikhamxay_named: locality(slug: "Bo Ly Kham Xay") { slug }
            ulyanovsk_named: locality(slug: "Ulianov") { slug }
            everywhere: search(query: "Hua Phan", first: 1) { ...Hit }
        }"#,
        |data| {
            for (asked, slug, printed) in [
                ("hua_phan", "la-houaphanh", "Hua Phan"),
                ("bolikhamxay", "la-bolikhamxay", "Bo Ly Kham Xay"),
                ("ulyanovsk", "ru-ulyanovsk", "Ulianov"),
            ] {
                let found = &data[asked];
                // Null if several had the name.
                assert_eq!(data[format!("{asked}_named")]["slug"], slug);
                assert_eq!(found["nodes"][0]["slug"], slug, "{found}");
                assert!(
                    sorted_values(&found["nodes"][0], "aliases[*]").iter().any(|alias| alias == printed),
                    "{found}"
                );
            }
            assert_eq!(data["everywhere"]["nodes"], json!([{"slug": "la-houaphanh"}]));
        },
    )
    .await;
}

/// Fact 31. No source states the rank of a delegation, so the test uses kind and direction.
#[tokio::test]
async fn nghe_an_and_laos_exchanged_over_60_high_level_delegations() {
    fact(
        r#"{
            reported: figures(filter: {unit: {in: ["NGHE_AN"]}, indicator: {in: [
                "two_way_high_level_delegations_laos"]}}) {
                nodes { ...Figure }
            }
            recorded: events(filter: {unit: {in: ["NGHE_AN"]}, kind: {in: ["DELEGATION_VISIT"]},
                withCountry: {in: ["LA"]},
                                      direction: {in: [IN, OUT]}, heldOn: {gte: "2020-01-01", lte:
                                          "2025-12-31"}}) {
                groups(by: [{key: DIRECTION}]) { nodes { keys { value } aggregate { count } } }
            }
        }"#,
        |data| {
            assert_eq!(
                figure_lines(&data["reported"]),
                ["two_way_high_level_delegations_laos of NGHE_AN: MORE_THAN 60 delegation in 2020/2025, as of 2025, REPORTED, seed-003"]
            );
            assert_eq!(group_lines(&data["recorded"]["groups"]), ["IN: 1"]);
        },
    )
    .await;
}

/// Fact 32.
#[tokio::test]
async fn nghe_an_signed_over_20_documents_with_laos_and_15_others() {
    fact(
        r#"{
            figures(filter: {unit: {in: ["NGHE_AN"]}, indicator: {in: [
                "cooperation_documents_laos", "memoranda_and_agreements_other"]}}) { nodes { ...Figure } }
        }"#,
        |data| {
            assert_eq!(
                figure_lines(&data["figures"]),
                [
                    "cooperation_documents_laos of NGHE_AN: MORE_THAN 20 document in 2020/2025, as of 2025, REPORTED, seed-003",
                    "memoranda_and_agreements_other of NGHE_AN: EXACT 15 document, as of 2025, REPORTED, seed-003",
                ]
            );
        },
    )
    .await;
}

/// Fact 33.
#[tokio::test]
async fn nghe_an_exports_are_reported_2024_and_estimated_2025() {
    fact(
        r#"{ figures(filter: {unit: {in: ["NGHE_AN"]}, indicator: {in: ["export_turnover"]}}) { nodes { ...Figure } } }"#,
        |data| {
            assert_eq!(
                figure_lines(&data["figures"]),
                [
                    "export_turnover of NGHE_AN: EXACT 4500000000 USD in 2025, as of 2025, ESTIMATE, seed-003",
                    "export_turnover of NGHE_AN: MORE_THAN 3200000000 USD in 2024, as of 2025, REPORTED, seed-003",
                ]
            );
        },
    )
    .await;
}

/// Fact 34.
#[tokio::test]
async fn nghe_an_has_468_km_of_lao_border_and_82_km_of_coast() {
    fact(
        r#"{
            unit(by: {slug: "NGHE_AN"}) {
                borderKm { value qualifier unit } coastKm { value qualifier unit }
                neighbours { code } borderLocalities { slug country { code } }
            }
            figures(filter: {unit: {in: ["NGHE_AN"]}, indicator: {in: [
                "border_length_laos", "bordering_lao_provinces", "coastline_length"]}}) { nodes { ...Figure
                    } }
        }"#,
        |data| {
            assert_eq!(
                data["unit"],
                json!({
                    "borderKm": {"value": "468", "qualifier": "EXACT", "unit": "km"},
                    "coastKm": {"value": "82", "qualifier": "EXACT", "unit": "km"},
                    "neighbours": [{"code": "LA"}],
                    "borderLocalities": [
                        {"slug": "la-houaphanh", "country": {"code": "LA"}},
                        {"slug": "la-xieng-khouang", "country": {"code": "LA"}},
                        {"slug": "la-bolikhamxay", "country": {"code": "LA"}},
                    ],
                })
            );
            assert_eq!(
                figure_lines(&data["figures"]),
                [
                    "border_length_laos of NGHE_AN: EXACT 468 km, as of 2025, REPORTED, seed-003",
                    "bordering_lao_provinces of NGHE_AN: EXACT 3 province, as of 2025, REPORTED, seed-003",
                    "coastline_length of NGHE_AN: EXACT 82 km, as of 2025, REPORTED, seed-003",
                ]
            );
        },
    )
    .await;
}

/// Fact 35.
#[tokio::test]
async fn resolution_59_and_directive_15_are_known_by_number() {
    fact(
        r#"fragment Document on Instrument { number kind issued { edtf } issuer sources { code } province { slug } }
        {
            integration: instrument(number: "59-NQ/TW") { ...Document }
            economy: instrument(number: "15-CT/TW") { ...Document }
        }"#,
        |data| {
            assert_eq!(
                *data,
                json!({
                    "integration": {
                        "number": "59-NQ/TW", "kind": "RESOLUTION", "issued": {"edtf": "2025-01-24"},
                        "issuer": "Politburo", "sources": [{"code": "seed-003"}], "province": null,
                    },
                    "economy": {
                        "number": "15-CT/TW", "kind": "DIRECTIVE", "issued": {"edtf": "2022-08-10"},
                        "issuer": "Central Secretariat", "sources": [{"code": "seed-003"}], "province": null,
                    },
                })
            );
        },
    )
    .await;
}

/// Fact 36.
#[tokio::test]
async fn nghe_an_holds_sen_village_festival_and_shows_vi_giam_abroad() {
    fact(
        r#"fragment Series on EventConnection { totalCount { value } nodes { code series kind { code } direction sources { code } } }
        {
            sen: events(filter: {unit: {in: ["NGHE_AN"]}, series: {in: ["Sen Village Festival"]}}) { ...Series }
            vi_giam: events(filter: {series: {in: ["Ví Giặm folk song exchanges"]}, direction: {in: [OUT]}}) {
                ...Series
            }
        }"#,
        |data| {
            assert_eq!(walk(data, "sen.totalCount.value"), 1);
            assert_eq!(walk(data, "vi_giam.totalCount.value"), 1);
            assert_eq!(
                data["sen"]["nodes"],
                json!([{
                    "code": "EVT-0159", "series": "Sen Village Festival", "kind": {"code": "FESTIVAL"},
                    "direction": null, "sources": [{"code": "seed-003"}],
                }])
            );
            assert_eq!(
                data["vi_giam"]["nodes"],
                json!([{
                    "code": "EVT-0160", "series": "Vi Giam folk song exchanges", "kind": {"code": "ART_EXCHANGE"},
                    "direction": "OUT", "sources": [{"code": "seed-003"}],
                }])
            );
        },
    )
    .await;
}

/// Fact 29 in the other direction: a partner returns the provinces of its relations.
#[tokio::test]
async fn houaphanh_is_a_partner_of_nghe_an() {
    fact(
        r#"{ locality(slug: "la-houaphanh") { country { code } relations(filter: {province: {in: ["NGHE_AN"]}}) { nodes { tier sources { code } } } } }"#,
        |data| {
            assert_eq!(walk(data, "locality.country.code"), "LA");
            assert_eq!(
                data["locality"]["relations"]["nodes"],
                json!([{"tier": "FRIENDSHIP", "sources": [{"code": "seed-003"}]}])
            );
        },
    )
    .await;
}
