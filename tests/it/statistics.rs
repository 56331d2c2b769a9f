//! Statistics of the ministry other than plain counts: coverage, expiring agreements, comparisons,
//! and equal results on every node.

mod coverage;
mod event_dates;
mod frameworks;
mod known_at;
mod nodes;
mod publication;
mod rules;
mod statements;

use serde_json::{Value, json};

use crate::contract::matcher::walk;
use crate::harness::{Server, on_both_engines};

/// Returns the data of a response without errors.
async fn data(server: &Server, document: &str) -> Value {
    let mut answer = server.execute(document, Value::Null).await;
    assert!(answer["errors"].is_null(), "{document}: {answer}");
    answer["data"].take()
}

#[tokio::test]
async fn expiring_agreements_are_ordered_by_end_of_term() {
    on_both_engines(|server| async move {
        let data = data(
            &server,
            r#"{
                statistics(asOf: "2028-11-01") {
                    soon: expiring { totalCount { value } nodes { code } }
                    late: expiring(withinDays: 800, first: 100) {
                        totalCount { value }
                        nodes {
                            status(asOf: "2028-11-01") lapsesAfter(asOf: "2028-11-01") renewBy(asOf: "2028-11-01") { on }
                            noticeDays expires { latest } renewsAutomatically
                        }
                    }
                    none: expiring(withinDays: 0) { totalCount { value } nodes { code } }
                }
                day: statistics(asOf: "2028-12-31") {
                    expiring(withinDays: 0) { nodes { code lapsesAfter(asOf: "2028-12-31") } }
                }
            }"#,
        )
        .await;
        let soon = walk(&data, "statistics.soon.nodes[*].code");
        assert!(soon.as_array().is_some_and(|codes| codes.contains(&json!("AGR-0088"))), "{soon}");
        let late = data["statistics"]["late"]["nodes"].as_array().expect("a list");
        assert_eq!(json!(late.len()), data["statistics"]["late"]["totalCount"]["value"]);
        assert!(late.len() >= soon.as_array().map_or(0, Vec::len));
        assert!(late.iter().map(|node| node["lapsesAfter"].as_str()).is_sorted(), "{late:?}");
        for node in late {
            assert_eq!(node["status"], "IN_FORCE", "{node}");
            assert_eq!(node["lapsesAfter"], node["expires"]["latest"], "{node}");
            assert!(node["renewBy"].is_null(), "nothing shipped states a notice: {node}");
            assert_eq!(node["renewsAutomatically"], false, "{node}");
        }
        assert_eq!(data["statistics"]["none"], json!({"totalCount": {"value": 0}, "nodes": []}));
        let day = walk(&data, "day.expiring.nodes[*].lapsesAfter");
        assert!(
            day.as_array().is_some_and(|days| !days.is_empty() && days.iter().all(|day| day == "2028-12-31"))
        );
    })
    .await;
}

#[tokio::test]
async fn relation_is_dormant_after_months_without_activity() {
    on_both_engines(|server| async move {
        let data = data(
            &server,
            r#"{
                statistics(asOf: "2029-06-30") {
                    all: dormant(months: 1, first: 100) {
                        totalCount { value }
                        nodes { code status(asOf: "2029-06-30") lastActivityOn }
                    }
                    usual: dormant { totalCount { value } nodes { code } }
                    first: dormant(first: 1) { nodes { code } pageInfo { endCursor hasNextPage } }
                    long: dormant(months: 1200) { totalCount { value } }
                }
                # Every source stated on 2026-11-22 that its relation is active.
                early: statistics(asOf: "2027-06-30") {
                    some: dormant(months: 7) { totalCount { value } }
                    usual: dormant { totalCount { value } }
                }
            }"#,
        )
        .await;
        let statistics = &data["statistics"];
        let all = statistics["all"]["nodes"].as_array().expect("a list");
        assert!(all.len() > 20, "{}", all.len());
        for node in all {
            assert!(["ACTIVE", "DORMANT"].contains(&node["status"].as_str().unwrap_or_default()), "{node}");
            assert!(node["lastActivityOn"].is_string(), "{node}");
        }
        let total = |field: &str| statistics[field]["totalCount"]["value"].as_u64().expect("a number");
        assert!(0 < total("usual") && total("usual") <= total("all"), "{} of {}", total("usual"), total("all"));
        let early = &data["early"];
        assert_eq!(early["some"]["totalCount"], statistics["usual"]["totalCount"]);
        assert_eq!(early["usual"]["totalCount"]["value"], 0);
        assert_eq!(statistics["long"]["totalCount"]["value"], 0);
        assert_eq!(statistics["first"]["nodes"][0], statistics["usual"]["nodes"][0]);
        let cursor = statistics["first"]["pageInfo"]["endCursor"].clone();
        let rest = r#"query($after: String) { statistics(asOf: "2029-06-30") { dormant(after: $after) { nodes { code } } } }"#;
        let rest = server.execute(rest, json!({"after": cursor})).await;
        let rest = walk(&rest, "data.statistics.dormant.nodes[*].code");
        assert_eq!(rest[0], statistics["usual"]["nodes"][1]["code"], "{rest}");
    })
    .await;
}

#[tokio::test]
async fn count_is_compared_with_another_day_or_period() {
    on_both_engines(|server| async move {
        let data = data(
            &server,
            r#"{
                statistics(asOf: "2026-11-22") {
                    year: agreements(period: "2025") {
                        count reportedMissing coverage { filed provinces }
                        before: compare { coverage { period { name } filed } reportedMissing
                            asOf period { name from to } count difference changePercent inForce }
                        named: compare(period: "2023") { period { name } count }
                    }
                    by_filter: agreements(filter: {signedOn: {gte: "2024-01-01", lte: "2024-12-31"}}) { count }
                    all: agreements {
                        count
                        before: compare { asOf period { name } count difference }
                        then: compare(asOf: "2025-06-30") { asOf count inForce difference }
                    }
                    nothing: events(period: "1900") { count compare { count difference changePercent } }
                }
                then: statistics(asOf: "2025-06-30") { agreements { count inForce } }
                a_year_before: statistics(asOf: "2025-11-22") { agreements { count } }
            }"#,
        )
        .await;
        let (statistics, number) = (&data["statistics"], |value: &Value| value.as_i64().expect("a number"));
        let year = &statistics["year"];
        assert_eq!(year["before"]["period"], json!({"name": "2024", "from": "2024-01-01", "to": "2024-12-31"}));
        assert_eq!(year["before"]["asOf"], "2026-11-22");
        assert_eq!(year["before"]["count"], statistics["by_filter"]["count"]);
        // 135 were reported for 2025, and no number for 2024.
        assert_eq!(number(&year["reportedMissing"]), 135 - number(&year["count"]));
        assert_eq!(year["coverage"], json!({"filed": 0, "provinces": 34}));
        assert_eq!(year["before"]["reportedMissing"], Value::Null);
        assert_eq!(year["before"]["coverage"], json!({"period": {"name": "2024"}, "filed": 0}));
        let (now, before) = (number(&year["count"]), number(&year["before"]["count"]));
        assert_eq!(number(&year["before"]["difference"]), now - before);
        assert!(year["before"]["changePercent"].is_string(), "{year}");
        assert_eq!(year["named"]["period"]["name"], "2023");
        let all = &statistics["all"];
        assert_eq!(all["then"]["count"], data["then"]["agreements"]["count"]);
        assert_eq!(all["then"]["inForce"], data["then"]["agreements"]["inForce"]);
        assert_eq!((&all["before"]["asOf"], &all["before"]["period"]), (&json!("2025-11-22"), &Value::Null));
        assert_eq!(all["before"]["count"], data["a_year_before"]["agreements"]["count"]);
        assert_eq!(
            statistics["nothing"],
            json!({"count": 0, "compare": {"count": 0, "difference": 0, "changePercent": null}})
        );
    })
    .await;
}

#[tokio::test]
async fn reported_figure_unlike_computed_raises_an_alarm() {
    on_both_engines(|server| async move {
        let data = data(
            &server,
            r#"{
                statistics(asOf: "2026-11-22") {
                    alarms { rule message(locale: EN) figures { code unit { slug } quantity { value } computed { value } }
                        computed { value unit } }
                }
                before: statistics(asOf: "2019-01-01") { alarms { rule } }
            }"#,
        )
        .await;
        let alarms = data["statistics"]["alarms"].as_array().expect("a list");
        let dong_nai = alarms.iter().find(|alarm| alarm["figures"][0]["unit"]["slug"] == "DONG_NAI");
        let dong_nai = dong_nai.expect("17 countries were reported");
        assert_eq!(dong_nai["rule"], "COUNTRIES_UNLIKE_COMPUTED");
        assert_eq!(dong_nai["figures"][0]["quantity"]["value"], "17");
        assert_eq!(dong_nai["computed"]["value"], dong_nai["figures"][0]["computed"]["value"]);
        assert_eq!(dong_nai["computed"]["unit"], "country_or_territory");
        assert!(dong_nai["message"].as_str().is_some_and(|text| text.contains("not the one that the register counts")));
        assert!(alarms.iter().all(|alarm| alarm["rule"] == "COUNTRIES_UNLIKE_COMPUTED"), "{alarms:?}");
        assert_eq!(data["before"]["alarms"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn groups_by_label_follow_the_collation_of_the_language() {
    on_both_engines(|server| async move {
        let groups = |direction: &str, locale: &str| {
            format!(
                "{{ relations {{ groups(by: [{{key: PROVINCE}}], first: 100, orderBy: {{by: LABEL, direction: {direction}}}) {{
                    nodes {{ keys {{ label(locale: {locale}) }} }}
                }} }} }}"
            )
        };
        let labels = |answer: &Value| -> Vec<String> {
            let labels = walk(answer, "data.relations.groups.nodes[*].keys[0].label");
            let labels = labels.as_array().unwrap_or_else(|| panic!("{answer}")).iter();
            labels.map(|label| label.as_str().expect("a label").to_owned()).collect()
        };
        let vietnamese = labels(&server.execute(&groups("ASC", "VI"), Value::Null).await);
        let place = |name: &str| vietnamese.iter().position(|label| label == name).expect("a province");
        let order = ["Cần Thơ", "Đà Nẵng", "Đồng Nai", "Hà Nội", "Hải Phòng", "Hồ Chí Minh", "Huế", "Nghệ An"];
        assert!(order.map(place).is_sorted(), "{vietnamese:?}");
        let mut last_first = labels(&server.execute(&groups("DESC", "VI"), Value::Null).await);
        last_first.reverse();
        assert_eq!(last_first, vietnamese);
        // In English Đ is a variant of D.
        let english = labels(&server.execute_in_english(&groups("ASC", "EN"), Value::Null).await);
        let place = |name: &str| english.iter().position(|label| label == name).expect("a province");
        assert!(["Da Nang", "Dak Lak", "Dong Nai", "Hai Phong", "Hanoi"].map(place).is_sorted(), "{english:?}");

        let document = "{ statistics { events { groups(by: [{bucket: {field: HELD_ON, unit: MONTH}}], first: 100,
            orderBy: {by: LABEL, direction: ASC}) { nodes { keys { value } } } } } }";
        let periods = walk(&server.execute(document, Value::Null).await, "data.statistics.events.groups.nodes[*].keys[0].value");
        let periods: Vec<&str> = periods.as_array().expect("periods").iter().filter_map(Value::as_str).collect();
        assert!(periods.len() > 3 && periods.is_sorted(), "periods are in chronological order: {periods:?}");
    })
    .await;
}
