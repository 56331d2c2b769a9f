//! Coverage: publications and confirmations count as filings, nothing else does.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::contract::matcher::walk;
use crate::harness::publisher::Publisher;
use crate::harness::{Server, database_location, on_both_engines};

const COVERAGE: &str = "query($period: Period) { statistics { asOf coverage(period: $period) {
    period { name } provinces filed missing { slug } lastFiledOn
    byProvince { province { slug } hasFiled lastFiledOn }
} } }";

const CONFIRM: &str = "mutation($province: String!, $period: Period!) {
    confirmPeriod(input: {province: $province, period: $period}) {
        province { slug } period { name from to } cursor
        errors { code path en: message(locale: EN) vi: message(locale: VI) }
        query { statistics { cursor coverage { filed } } }
    }
}";

async fn coverage(server: &Server, period: Option<&str>) -> Value {
    let mut answer = server.execute(COVERAGE, json!({"period": period})).await;
    assert!(answer["errors"].is_null(), "{answer}");
    answer["data"]["statistics"]["coverage"].take()
}

async fn confirm(server: &Server, caller: &str, province: &str, period: &str) -> Value {
    let variables = json!({"province": province, "period": period});
    let mut answer = server.execute_as(caller, CONFIRM, variables).await;
    assert!(answer["errors"].is_null(), "{answer}");
    answer["data"]["confirmPeriod"].take()
}

async fn verify(server: &Server) {
    let verdict = caunoi_register::verify(&database_location(server.settings())).await;
    verdict.unwrap_or_else(|error| panic!("{error}")).unwrap_or_else(|broken| panic!("{broken}"));
}

/// Fact 45.
#[tokio::test]
async fn coverage_counts_31_of_34_provinces() {
    on_both_engines(|server: Arc<Server>| async move {
        let before = coverage(&server, None).await;
        assert_eq!(
            (&before["provinces"], &before["filed"]),
            (&json!(34), &json!(0)),
            "loading is not filing"
        );
        assert_eq!(before["missing"].as_array().map(Vec::len), Some(34));
        assert_eq!(before["lastFiledOn"], Value::Null);
        let year = before["period"]["name"].as_str().expect("the year of the day").to_owned();
        let late = ["DONG_NAI", "HUE", "NGHE_AN"];
        let slugs = walk(&before, "missing[*].slug");
        let slugs = slugs.as_array().expect("all provinces").iter().filter_map(Value::as_str);
        let mut filed = 0;
        for slug in slugs.filter(|slug| !late.contains(slug)) {
            let received = confirm(&server, &format!("publisher:{slug}"), slug, &year).await;
            filed += 1;
            assert_eq!((&received["errors"], &received["province"]["slug"]), (&json!([]), &json!(slug)));
            assert_eq!(received["period"]["from"], format!("{year}-01-01"));
            let statistics = &received["query"]["statistics"];
            assert_eq!(statistics["coverage"]["filed"], filed);
            assert_eq!(statistics["cursor"], received["cursor"]);
        }
        let after = coverage(&server, None).await;
        assert_eq!((&after["provinces"], &after["filed"]), (&json!(34), &json!(31)));
        let missing = walk(&after, "missing[*].slug");
        let mut missing: Vec<&str> =
            missing.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        missing.sort_unstable();
        assert_eq!(missing, late);
        let fresh = after["byProvince"].as_array().expect("all provinces");
        for province in fresh {
            let is_late = late.contains(&province["province"]["slug"].as_str().unwrap_or_default());
            assert_eq!(province["hasFiled"], !is_late, "{province}");
            assert_eq!(province["lastFiledOn"].is_null(), is_late, "{province}");
        }
        // A quarter of a confirmed year is confirmed; the year before is not.
        assert_eq!(coverage(&server, Some(&format!("{year}-Q1"))).await["filed"], 31);
        let earlier = format!("{:04}", year.parse::<i32>().expect("a year") - 1);
        assert_eq!(coverage(&server, Some(&earlier)).await["filed"], 0);
        verify(&server).await;
    })
    .await;
}

#[tokio::test]
async fn publication_counts_as_filing_and_draft_does_not() {
    on_both_engines(|server: Arc<Server>| async move {
        let publisher = Publisher::of("DONG_NAI", server.register());
        let draft = publisher.draft("Ngày hội hữu nghị").await;
        assert_eq!(coverage(&server, None).await["filed"], 0);
        publisher.transition(&draft, caunoi_domain::policy::Action::Publish).await;
        publisher.publish("Another one on the same day").await;
        let after = coverage(&server, None).await;
        assert_eq!(after["filed"], 1);
        let answer = server.execute("{ statistics { asOf } }", Value::Null).await;
        let today = answer["data"]["statistics"]["asOf"].as_str().expect("a day").to_owned();
        assert_eq!(after["lastFiledOn"], today.as_str());
        assert_eq!(coverage(&server, Some(&today)).await["filed"], 1);
        assert_eq!(coverage(&server, Some("2025")).await["filed"], 0);
        let earlier =
            r#"{ statistics(asOf: "2026-11-22") { coverage(period: "2020s") { filed lastFiledOn } } }"#;
        let answer = server.execute(earlier, Value::Null).await;
        assert_eq!(
            answer["data"]["statistics"]["coverage"],
            json!({"filed": 1, "lastFiledOn": today}),
            "a filing counts for its period, whenever it was made: {answer}"
        );
        verify(&server).await;
    })
    .await;
}

/// Fact 45 on a past day.
#[tokio::test]
async fn period_filed_later_is_filed_for_an_earlier_day() {
    on_both_engines(|server: Arc<Server>| async move {
        let past = "query($knownAt: KnownAt) { statistics(asOf: \"2025-12-31\", knownAt: $knownAt) {
            cursor coverage(period: \"2025-12\") { filed } } }";
        let ask = async |known_at: &Value| {
            server.execute(past, json!({"knownAt": known_at})).await["data"]["statistics"].take()
        };
        let before = ask(&Value::Null).await;
        assert_eq!(before["coverage"]["filed"], 0);
        confirm(&server, "publisher:HUE", "HUE", "2025-12").await;
        assert_eq!(ask(&Value::Null).await["coverage"]["filed"], 1);
        assert_eq!(ask(&before["cursor"]).await["coverage"]["filed"], 0, "it was not known then");
    })
    .await;
}

#[tokio::test]
async fn period_is_confirmed_once_by_publisher_only() {
    on_both_engines(|server: Arc<Server>| async move {
        for (caller, code) in [
            (None, "UNAUTHENTICATED"),
            (Some("clerk:HUE"), "FORBIDDEN"),
            (Some("publisher:DA_NANG"), "FORBIDDEN"),
            (Some("steward"), "FORBIDDEN"),
            (Some("analyst"), "FORBIDDEN"),
        ] {
            let variables = json!({"province": "HUE", "period": "2025"});
            let answer = match caller {
                Some(caller) => server.execute_as(caller, CONFIRM, variables).await,
                None => server.execute(CONFIRM, variables).await,
            };
            assert_eq!(answer["errors"][0]["extensions"]["code"], code, "{caller:?}: {answer}");
        }
        let once = confirm(&server, "publisher:HUE", "HUE", "2025-Q4").await;
        let again = confirm(&server, "publisher:HUE", "HUE", " 2025-Q4").await;
        assert_eq!(once["cursor"], again["cursor"], "nothing was written again");
        assert_eq!(coverage(&server, Some("2025-11")).await["filed"], 1);
        for (period, saying, vi) in [
            ("2025-13", "There is no month 2025-13", "tháng không tồn tại"),
            ("2025-Q5", "is not a period such as 2025", "2025-Q4"),
            ("2025-02-01/2025-01-01", "ends before it begins", "trước ngày bắt đầu"),
            ("2025-01-01/2025-01-09", "a month, a quarter or a year can", "một tháng"),
            ("2020s", "a month, a quarter or a year can", "một tháng"),
            ("9999", "The period 9999 has not begun", "chưa bắt đầu"),
        ] {
            let received = confirm(&server, "publisher:HUE", "HUE", period).await;
            let error = &received["errors"][0];
            assert_eq!(
                (&error["code"], &error["path"]),
                (&json!("INVALID"), &json!(["period"])),
                "{received}"
            );
            assert!(error["en"].as_str().is_some_and(|text| text.contains(saying)), "{received}");
            assert!(error["vi"].as_str().is_some_and(|text| text.contains(vi)), "{received}");
            assert_eq!((&received["province"], &received["cursor"]), (&Value::Null, &Value::Null));
        }
        let received = confirm(&server, "publisher:HUE", "ATLANTIS", "x").await;
        let errors = walk(&received, "errors[*].path");
        assert_eq!(errors, json!([["province"], ["period"]]), "{received}");
        verify(&server).await;
    })
    .await;
}

#[tokio::test]
async fn confirmation_is_idempotent_and_conflicts_on_other_input() {
    const UNDER_A_KEY: &str = "mutation($period: Period!) {
        confirmPeriod(input: {province: \"HUE\", period: $period}) @idempotent(key: \"k\") { cursor errors { code path } }
    }";
    on_both_engines(|server: Arc<Server>| async move {
        let execute = async |period: &str| {
            let answer = server.execute_as("publisher:HUE", UNDER_A_KEY, json!({"period": period})).await;
            answer["data"]["confirmPeriod"].clone()
        };
        let once = execute("2025").await;
        Publisher::of("HUE", server.register()).publish("In between").await;
        assert_eq!(execute("2025").await, once);
        let other = execute("2024").await;
        assert_eq!(other["errors"], json!([{"code": "IDEMPOTENCY_CONFLICT", "path": ["key"]}]));
        assert_eq!(coverage(&server, Some("2024")).await["filed"], 0);
    })
    .await;
}
