//! Impossible numbers are refused with a reason; empty selections return zeros instead of null.

use serde_json::{Value, json};

use super::{expect_data, expect_rejection};
use crate::harness::on_both_engines;

#[tokio::test]
async fn impossible_numbers_are_refused_with_a_reason() {
    on_both_engines(|server| async move {
        for (field, saying) in [
            (
                "agreements { groups(by: [{key: COUNTRY}, {key: FIELD}, {key: FORM}]) { totalCount { value } } }",
                "Group by one or two keys",
            ),
            ("agreements { groups(by: []) { totalCount { value } } }", "Group by one or two keys"),
            (
                "events { groups(by: [{bucket: {field: EXPIRES, unit: YEAR}}]) { totalCount { value } } }",
                "events have no EXPIRES to group by",
            ),
            (
                r#"events(period: "2025-02-01/2025-01-31") { count }"#,
                "period: The period 2025-02-01/2025-01-31 ends before it begins",
            ),
            (r#"events(period: "2025-Q5") { count }"#, "period: \"2025-Q5\" is not a period such as 2025"),
            (r#"coverage(period: "last year") { filed }"#, "period: \"last year\" is not a period such as"),
            (
                r#"agreements { compare(period: "2025-12/2025-01") { count } }"#,
                "\"2025-12\" is not a day such as 2025-07-01",
            ),
            ("expiring(withinDays: -1) { nodes { code } }", "-1 is not from 0 to 36525"),
            ("dormant(months: 0) { nodes { code } }", "0 is not from 1 to 1200"),
            ("expiring(first: 0) { nodes { code } }", "\"first\" must be from 1 to 100"),
            (r#"expiring(after: "nonsense") { nodes { code } }"#, "The cursor is not one of this list"),
        ] {
            expect_rejection(&server, &format!("{{ statistics {{ {field} }} }}"), Value::Null, saying).await;
        }
        let first = r#"{ statistics(asOf: "0001-06-30") { events { compare { count } } } }"#;
        expect_rejection(&server, first, Value::Null, "The calendar has nothing before that to compare with").await;
        let decade = "{ statistics { events { count } } }";
        expect_data(&server, decade, Value::Null).await;
    })
    .await;
}

#[tokio::test]
async fn empty_selection_returns_zeros_and_empty_groups() {
    on_both_engines(|server| async move {
        let data = expect_data(
            &server,
            r#"{ statistics {
                agreements(filter: {country: {in: ["AQ"]}}) {
                    count inForce distinct(of: COUNTRY) earliest latest
                    groups(by: [{key: COUNTRY}]) { nodes { keys { value } } totalCount { value } }
                    years: groups(by: [{bucket: {field: SIGNED_ON, unit: YEAR, fillGaps: true}}]) { totalCount { value } }
                    compare(asOf: "2020-01-01") { count inForce difference changePercent }
                }
                events(period: "0001") { count inForce sum(of: DELEGATES) { value } }
            } }"#,
            Value::Null,
        )
        .await;
        assert_eq!(
            data["statistics"],
            json!({
                "agreements": {
                    "count": 0, "inForce": 0, "distinct": 0, "earliest": null, "latest": null,
                    "groups": {"nodes": [], "totalCount": {"value": 0}},
                    "years": {"totalCount": {"value": 0}},
                    "compare": {"count": 0, "inForce": 0, "difference": 0, "changePercent": null},
                },
                "events": {"count": 0, "inForce": null, "sum": null},
            })
        );
    })
    .await;
}

#[tokio::test]
async fn last_year_of_the_calendar_is_accepted() {
    on_both_engines(|server| async move {
        let data = expect_data(
            &server,
            r#"{ statistics(asOf: "9999-12-31") {
                coverage { period { name from to } provinces filed }
                expiring(withinDays: 36525) { totalCount { value } nodes { code } }
                dormant { totalCount { value } }
                agreements { count compare { asOf count difference } }
                events(period: "9999") { count compare { period { name } } }
                alarms { rule }
            } }"#,
            Value::Null,
        )
        .await;
        let statistics = &data["statistics"];
        assert_eq!(
            statistics["coverage"],
            json!({"period": {"name": "9999", "from": "9999-01-01", "to": "9999-12-31"}, "provinces": 34, "filed": 0})
        );
        assert_eq!(statistics["expiring"], json!({"totalCount": {"value": 0}, "nodes": []}));
        assert_eq!(statistics["agreements"]["compare"]["asOf"], "9998-12-31");
        assert_eq!(statistics["agreements"]["compare"]["difference"], 0);
        assert_eq!(statistics["events"]["compare"]["period"]["name"], "9998");
    })
    .await;
}
