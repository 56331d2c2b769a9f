//! Administrative units, their merger, and the relations that continue after it.

use serde_json::json;

use super::{fact, sorted_values};

/// Fact 43.
#[tokio::test]
async fn there_were_63_units_until_june_2025_and_34_since() {
    fact(
        r#"{
            last_day: units(asOf: "2025-06-30") { slug validTo }
            first_day: units(asOf: "2025-07-01") { slug validFrom }
            provinces { slug }
        }"#,
        |data| {
            assert_eq!(sorted_values(data, "last_day[*].slug").len(), 63);
            assert_eq!(sorted_values(data, "first_day[*].slug").len(), 34);
            assert_eq!(sorted_values(data, "provinces[*].slug"), sorted_values(data, "first_day[*].slug"));
        },
    )
    .await;
}

#[tokio::test]
async fn number_of_units_changed_in_2004_2008_and_2025() {
    fact(
        r#"{
            first: units(asOf: "1997-01-01") { slug }
            before2004: units(asOf: "2003-12-31") { slug }
            from2004: units(asOf: "2004-01-01") { slug }
            before2008: units(asOf: "2008-07-31") { slug }
            from2008: units(asOf: "2008-08-01") { slug }
            before2025: units(asOf: "2025-06-30") { slug }
            from2025: units(asOf: "2025-07-01") { slug }
        }"#,
        |data| {
            let days =
                ["first", "before2004", "from2004", "before2008", "from2008", "before2025", "from2025"];
            let counts = days.map(|day| data[day].as_array().map_or(0, Vec::len));
            assert_eq!(counts, [61, 61, 64, 64, 63, 63, 34]);
            let slugs = |day: &str| sorted_values(data, &format!("{day}[*].slug"));
            let new: Vec<_> =
                slugs("from2004").into_iter().filter(|slug| !slugs("before2004").contains(slug)).collect();
            assert_eq!(new, ["DAK_NONG", "DIEN_BIEN", "HAU_GIANG"]);
            let gone: Vec<_> =
                slugs("before2008").into_iter().filter(|slug| !slugs("from2008").contains(slug)).collect();
            assert_eq!(gone, ["HA_TAY"]);
        },
    )
    .await;
}

#[tokio::test]
async fn units_before_2025_tell_their_origin_and_their_province() {
    fact(
        r#"{
            haTay: unit(by: {slug: "HA_TAY"}) {
                code validFrom validTo successors { slug } province { slug } sameDay: code(asOf: "2008-07-31") }
            haNoi: unit(by: {slug: "HA_NOI"}) { validFrom predecessors { slug } splitFrom { slug } }
            dakNong: unit(by: {slug: "DAK_NONG"}, asOf: "2004-01-01") {
                validFrom validTo legalBasis(asOf: "2004-01-01") splitFrom { slug splitInto { slug } successors { slug } }
                province { slug } }
            canTho: unit(by: {slug: "CAN_THO"}, asOf: "2003-12-31") {
                kind(asOf: "2003-12-31") from2004: kind(asOf: "2004-01-01") splitInto { slug } }
        }"#,
        |data| {
            let ha_tay = json!({"code": "28", "validFrom": null, "validTo": "2008-07-31",
                "successors": [{"slug": "HA_NOI"}], "province": {"slug": "HA_NOI"}, "sameDay": "28"});
            assert_eq!(data["haTay"], ha_tay);
            let ha_noi = json!({"validFrom": null, "predecessors": [{"slug": "HA_TAY"}], "splitFrom": null});
            assert_eq!(data["haNoi"], ha_noi);
            let dak_lak = json!({"slug": "DAK_LAK", "splitInto": [{"slug": "DAK_NONG"}],
                "successors": [{"slug": "DAK_LAK"}]});
            let dak_nong = json!({"validFrom": "2004-01-01", "validTo": "2025-06-30",
                "legalBasis": "Resolution 22/2003/QH11", "splitFrom": dak_lak, "province": {"slug": "LAM_DONG"}});
            assert_eq!(data["dakNong"], dak_nong);
            let can_tho = json!({"kind": "PROVINCE", "from2004": "CITY", "splitInto": [{"slug": "HAU_GIANG"}]});
            assert_eq!(data["canTho"], can_tho);
        },
    )
    .await;
}

/// Fact 44.
#[tokio::test]
async fn da_nang_and_yongin_continue_the_relation_of_quang_nam() {
    fact(
        r#"{
            relations(filter: {locality: {in: ["kr-yongin"]}, established: {gte: "2026-01-01"}}) {
                nodes {
                    established { edtf } originUnit { slug } sources { code }
                    continues { established { edtf } originUnit { slug }
                        province { slug } continues { code } }
                }
            }
        }"#,
        |data| {
            assert_eq!(
                data["relations"]["nodes"],
                json!([{
                    "established": {"edtf": "2026-01-14"},
                    "originUnit": {"slug": "DA_NANG"},
                    "sources": [{"code": "asiae-yongin"}],
                    "continues": {
                        "established": {"edtf": "2013"},
                        "originUnit": {"slug": "QUANG_NAM"},
                        "province": {"slug": "DA_NANG"},
                        "continues": null,
                    },
                }])
            );
        },
    )
    .await;
}

/// Fact 44. No new agreement was signed here: the same relation is found under the successor and
/// shows its origin.
#[tokio::test]
async fn yamanashi_relation_of_quang_binh_moves_to_quang_tri() {
    fact(
        r#"{
            relations(filter: {locality: {in: ["jp-yamanashi"]}, province: {in: ["QUANG_TRI"]}}) {
                nodes { tier established { edtf } originUnit { slug successors { slug } } province { slug }
                    note sources { code } }
            }
        }"#,
        |data| {
            assert_eq!(
                data["relations"]["nodes"],
                json!([{
                    "tier": "SISTER",
                    "established": {"edtf": "2023"},
                    "originUnit": {"slug": "QUANG_BINH", "successors": [{"slug": "QUANG_TRI"}]},
                    "province": {"slug": "QUANG_TRI"},
                    "note": "the prefecture now lists the partner as Quang Tri",
                    "sources": [{"code": "yamanashi-qb"}],
                }])
            );
        },
    )
    .await;
}
