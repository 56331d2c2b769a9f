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
