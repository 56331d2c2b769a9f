//! Statuses that sources state without an act, and what is not known of them.

use serde_json::{Value, json};

use super::data;
use crate::harness::on_both_engines;

#[tokio::test]
async fn no_statement_with_an_evidence_year_begins_on_the_day_of_the_data_set() {
    on_both_engines(|server| async move {
        let data = data(
            &server,
            r#"{
                before: statistics(asOf: "2026-11-21") { ...Standing }
                on: statistics(asOf: "2026-11-22") { ...Standing }
            }
            fragment Standing on Statistics { relations { count inForce statusUnknown
                groups(by: [{key: STATUS}]) { nodes { keys { value } aggregate { count inForce statusUnknown } } } } }"#,
        )
        .await;
        let number = |value: &Value| value.as_i64().expect("a number");
        let (before, on) = (&data["before"]["relations"], &data["on"]["relations"]);
        for relations in [before, on] {
            let groups = relations["groups"]["nodes"].as_array().expect("groups");
            let sum = |field: &str| groups.iter().map(|group| number(&group["aggregate"][field])).sum::<i64>();
            assert_eq!(sum("statusUnknown"), number(&relations["statusUnknown"]));
            assert_eq!(sum("inForce"), number(&relations["inForce"]));
        }
        assert_eq!((&before["inForce"], &on["inForce"]), (&json!(214), &json!(249)));
        // What begins to be known that day neither has a date nor a year of evidence, so it counts
        // from that day on.
        assert_eq!(number(&on["inForce"]) - number(&before["inForce"]), 35);
        assert!(number(&on["count"]) - number(&before["count"]) >= 35);
    })
    .await;
}

#[tokio::test]
async fn dormant_relations_are_those_with_the_status() {
    on_both_engines(|server| async move {
        for day in ["2020-06-30", "2026-11-22", "2029-06-30", "2035-01-01"] {
            let document = format!(
                r#"{{ statistics(asOf: "{day}") {{
                    dormant(first: 100) {{ totalCount {{ value }} nodes {{ status(asOf: "{day}") }} }}
                    relations(filter: {{status: {{in: [DORMANT]}}}}) {{ count }}
                }} }}"#
            );
            let statistics = data(&server, &document).await["statistics"].take();
            assert_eq!(
                statistics["dormant"]["totalCount"]["value"], statistics["relations"]["count"],
                "{day}"
            );
            let nodes = statistics["dormant"]["nodes"].as_array().expect("a list");
            assert!(nodes.iter().all(|node| node["status"] == "DORMANT"), "{day}: {nodes:?}");
        }
    })
    .await;
}
