//! Invalid dates, and the first and last valid ones.

use serde_json::{Value, json};

use super::{expect_data, expect_rejection};
use crate::harness::on_both_engines;

#[tokio::test]
async fn malformed_days_are_refused_with_a_reason() {
    on_both_engines(|server| async move {
        let document = "query($day: LocalDate) { units(asOf: $day) { slug } }";
        for (day, saying) in [
            ("yesterday", "\"yesterday\" is not a day"),
            ("2025-13-01", "There is no day 2025-13-01"),
            ("2025-02-29", "There is no day 2025-02-29"),
            ("2025-02", "is not a day such as"),
            ("2025-2-1", "Write 2025-02-01 for \"2025-2-1\""),
            ("", "is not a day such as"),
            ("0000-01-01", "years run from 0001 to 9999"),
            ("10000-01-01", "is not a day such as"),
            ("-001-01-01", "is not a day such as"),
            ("2025-01-01T00:00:00Z", "is not a day such as"),
            ("٢٠٢٥-٠١-٠١", "is not a day such as"),
            ("2025-01-01\0", "is not a day such as"),
        ] {
            expect_rejection(&server, document, json!({"day": day}), saying).await;
        }
        expect_rejection(&server, document, json!({"day": 20_250_101}), "LocalDate").await;
        let inside = r#"{ relations(filter: {established: {gte: "1996-05~"}}) { totalCount { value } } }"#;
        expect_rejection(&server, inside, Value::Null, "\"1996-05~\" is not a day").await;
    })
    .await;
}

/// Units are known from 1997-01-01 on. Under the boundaries of today any day may be asked, because
/// entries may be older.
#[tokio::test]
async fn units_of_a_day_before_1997_are_refused() {
    on_both_engines(|server| async move {
        for field in [
            "units(asOf: $day) { slug }",
            "unit(by: {slug: \"NGHE_AN\"}, asOf: $day) { slug }",
            "unit(by: {code: \"40\"}, asOf: $day) { slug }",
            "province(slug: \"NGHE_AN\") { kind(asOf: $day) }",
            "province(slug: \"NGHE_AN\") { unit { code(asOf: $day) } }",
            "province(slug: \"NGHE_AN\") { unit { name(asOf: $day) } }",
            "province(slug: \"NGHE_AN\") { unit { legalBasis(asOf: $day) } }",
            "province(slug: \"NGHE_AN\") { events(asOf: $day, boundaries: AT_THE_TIME) { totalCount { value } } }",
            "provinces { relations(asOf: $day, boundaries: AT_THE_TIME) { totalCount { value } } }",
            "statistics(asOf: $day, boundaries: AT_THE_TIME) { relations { count } }",
            "relations(asOf: $day, boundaries: AT_THE_TIME) { totalCount { value } }",
            "agreements(asOf: $day, boundaries: AT_THE_TIME) { totalCount { value } }",
            "events(asOf: $day, boundaries: AT_THE_TIME) { totalCount { value } }",
            "locality(slug: \"kr-busan\") { relations(asOf: $day, boundaries: AT_THE_TIME) { totalCount { value } } }",
            "statistics(asOf: \"1997-01-01\", boundaries: AT_THE_TIME) {
                agreements { compare(asOf: $day) { count } } }",
        ] {
            let document = format!("query($day: LocalDate) {{ {field} }}");
            let saying = "asOf: The units of 1996-12-31 are not known before 1997-01-01";
            expect_rejection(&server, &document, json!({"day": "1996-12-31"}), saying).await;
            let known = server.execute(&document, json!({"day": "1997-01-01"})).await;
            assert!(known["errors"].is_null(), "{known}");
        }
        let today = "{ relations(asOf: \"1996-12-31\") { nodes { province { name } originUnit { name } } }
            statistics(asOf: \"1996-12-31\") { relations { count groups(by: [{key: PROVINCE}]) { totalCount { value } } } } }";
        expect_data(&server, today, Value::Null).await;
    })
    .await;
}

#[tokio::test]
async fn first_and_last_day_of_the_calendar_are_accepted() {
    on_both_engines(|server| async move {
        for (day, relations, in_force) in [("0001-01-01", 0, 0), ("9999-12-31", 302, 2)] {
            let data = expect_data(
                &server,
                "query($day: LocalDate!) {
                    relations(asOf: $day) { totalCount { value } nodes { status(asOf: $day) } }
                    statistics(asOf: $day) {
                        relations { count } agreements { inForce } events { count }
                    }
                    province(slug: \"HUE\") { name kind agreements(asOf: $day) { totalCount { value } } }
                    agreements(filter: {signedOn: {gt: $day}, expires: {lt: $day}}) { totalCount { value } }
                }",
                json!({"day": day}),
            )
            .await;
            assert_eq!(data["relations"]["totalCount"]["value"], relations, "{day}");
            assert_eq!(data["statistics"]["relations"]["count"], relations, "{day}");
            assert_eq!(data["statistics"]["agreements"]["inForce"], in_force, "{day}");
        }
    })
    .await;
}
