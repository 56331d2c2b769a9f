//! Reported figures with the values that the register computes, and the gaps.

use super::fact;

/// Returns each figure of a list as one line: reported value, computed value, gap.
fn comparison_lines(figures: &serde_json::Value) -> Vec<String> {
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
async fn reported_figures_have_computed_values_and_gaps() {
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
            assert_eq!(
                comparison_lines(&data["dong_nai"]),
                [
                    "agreements_in_effect: EXACT 27, computed EXACT 2, gap 25",
                    "annual_scholarships_laos_cambodia: EXACT 20, computed - -, gap -",
                    "framework_agreement_sequence_kansai: EXACT 4, computed - -, gap -",
                    "friendship_association_members: NEARLY 8000, computed - -, gap -",
                    "friendship_associations: EXACT 9, computed EXACT 9, gap 0",
                    "partner_countries: EXACT 17, computed EXACT 3, gap 14",
                    "people_to_people_events: MORE_THAN 40, computed EXACT 3, gap 37",
                    "total_agreements: EXACT 88, computed EXACT 3, gap 85",
                ]
            );
            for (figures, line) in [
                ("binh_duong", "partner_localities: EXACT 11, computed EXACT 12, gap -1"),
                ("nghe_an", "two_way_high_level_delegations_laos: MORE_THAN 60, computed EXACT 1, gap 59"),
                ("nation", "international_agreements_signed: EXACT 135, computed EXACT 7, gap 128"),
                ("nation", "fdi_total: EXACT 33690000000, computed - -, gap -"),
            ] {
                let lines = comparison_lines(&data[figures]);
                assert!(lines.iter().any(|received| received == line), "{lines:?}");
            }
            assert_eq!(data["signed"]["agreements"]["count"], 7);
            let words = &data["words"]["nodes"][0];
            assert!(
                words["en"].as_str().is_some_and(|text| text.contains("IN_FORCE on the day of the figure"))
            );
            assert!(words["vi"].as_str().is_some_and(|text| text.contains("đang có hiệu lực")));
        },
    )
    .await;
}
