//! What the register counts beside what the articles report, and the gap between the two.

use super::fact;

/// The figures of a list in one line each: what is reported, what is computed, the gap.
fn beside(figures: &serde_json::Value) -> Vec<String> {
    let line = |figure: &serde_json::Value| {
        let word = |value: &serde_json::Value| value.as_str().unwrap_or("-").to_owned();
        let [reported, computed] = [&figure["quantity"], &figure["computed"]];
        format!(
            "{}: {} {}, computed {} {}, gap {}",
            word(&figure["indicator"]["code"]),
            word(&reported["qualifier"]),
            word(&reported["value"]),
            word(&computed["qualifier"]),
            word(&computed["value"]),
            word(&figure["gap"])
        )
    };
    let mut lines: Vec<String> = figures["nodes"].as_array().into_iter().flatten().map(line).collect();
    lines.sort();
    lines
}

/// Facts 1, 18, 23, 31, 37.
#[tokio::test]
async fn what_is_computed_stands_beside_what_is_reported_with_the_gap() {
    fact(
        r#"{
            dong_nai: figures(filter: {unit: {in: ["DONG_NAI"]}}, first: 100) { nodes { ...Beside } }
            binh_duong: figures(filter: {unit: {in: ["BINH_DUONG"]}}) { nodes { ...Beside } }
            nghe_an: figures(filter: {unit: {in: ["NGHE_AN"]}}) { nodes { ...Beside } }
            nation: figures(filter: {national: true, indicator: {in: ["international_agreements_signed",
                "fdi_total", "sister_pairs_with_thailand"]}}) { nodes { ...Beside } }
            signed: statistics(asOf: "2025-12-31") { agreements(period: "2025") { count } }
            words: figures(filter: {indicator: {in: ["agreements_in_effect"]}}) {
                nodes { en: definition(locale: EN) vi: definition(locale: VI) } }
        }
        fragment Beside on Figure {
            indicator { code } quantity { value qualifier } computed { value qualifier unit } gap
        }"#,
        |data| {
            assert_eq!(beside(&data["dong_nai"]), ["?"]);
            assert_eq!(beside(&data["binh_duong"]), ["?"]);
            assert_eq!(beside(&data["nghe_an"]), ["?"]);
            assert_eq!(beside(&data["nation"]), ["?"]);
            assert_eq!(data["signed"]["agreements"]["count"], 9);
            let words = &data["words"]["nodes"][0];
            assert!(
                words["en"].as_str().is_some_and(|text| text.contains("IN_FORCE on the day of the figure"))
            );
            assert!(words["vi"].as_str().is_some_and(|text| text.contains("đang có hiệu lực")));
        },
    )
    .await;
}
