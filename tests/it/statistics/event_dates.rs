//! Events count in the period of their first day, and filters test the start and the end: extent is
//! not uncertainty. Lists by SQL, counts in memory and sums of delegates agree on both engines.

use serde_json::{Value, json};

use super::data;
use crate::harness::{Server, on_both_engines};
use crate::mutations::{transition, write};

/// The dates of the published events, in the order of their titles.
const DATES: [&str; 6] = [
    "2025-10-30/2025-11-03",
    "2025-12-30/2026-01-02",
    "2025-10/..",
    "2025~",
    "2025-11",
    "2025-10-30~/2025-11-03",
];

/// Publishes an event for each date, with a title of its own.
async fn publish_events(server: &Server) {
    for (number, date) in DATES.iter().enumerate() {
        let input = json!({
            "province": "DONG_NAI",
            "title": {"vi": format!("Tuần lễ kiểm thử {number}"), "en": format!("Trial week {number}")},
            "kind": "CULTURE_WEEK",
            "pillar": "STATE",
            "heldOn": date,
            "place": "Biên Hòa",
            "partnerLocalities": ["kr-gyeongsangnam"],
        });
        let entry = write(server, "publisher:DONG_NAI", "createEvent", input).await.expect_entry();
        transition(server, "publisher:DONG_NAI", "publishEntry", &entry).await.expect_entry();
    }
}

/// Returns the numbers in the titles of the events that match a filter, from the list by SQL, after
/// checking that memory counts as many.
async fn found(server: &Server, filter: Value) -> Vec<String> {
    let document = "query($filter: EventFilter) { events(filter: $filter, first: 100) {
        nodes { title(locale: EN) } aggregate { count } totalCount { value }
    } }";
    let filter = json!({"allOf": [{"search": "trial week"}, filter]});
    let mut answer = server.execute(document, json!({"filter": filter})).await;
    assert!(answer["errors"].is_null(), "{answer}");
    let list = answer["data"]["events"].take();
    let mut titles: Vec<String> = list["nodes"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|node| node["title"].as_str().expect("a title").replace("Trial week ", ""))
        .collect();
    titles.sort();
    assert_eq!(list["aggregate"]["count"], titles.len(), "{filter}");
    assert_eq!(list["totalCount"]["value"], titles.len(), "{filter}");
    titles
}

#[tokio::test]
async fn events_over_the_end_of_a_month_are_in_the_month_of_their_start() {
    on_both_engines(|server| async move {
        publish_events(&server).await;
        let bucket = |unit: &str| {
            format!(
                "groups(by: [{{bucket: {{field: HELD_ON, unit: {unit}}}}}], orderBy: [{{by: KEY, direction: ASC}}]) {{
                    notKnown nodes {{ keys {{ value }} aggregate {{ count }} }}
                }}"
            )
        };
        let document = format!(
            r#"{{ events(filter: {{search: "trial week"}}) {{
                aggregate {{ count }} month: {} quarter: {} year: {} decade: {}
                kind: groups(by: [{{key: KIND}}]) {{ notKnown }}
            }} }}"#,
            bucket("MONTH"),
            bucket("QUARTER"),
            bucket("YEAR"),
            bucket("DECADE")
        );
        let events = data(&server, &document).await["events"].take();
        let groups = |unit: &str| {
            let nodes = events[unit]["nodes"].as_array().expect("a list").iter();
            let nodes: Vec<String> = nodes
                .map(|node| {
                    format!("{} {}", node["keys"][0]["value"].as_str().unwrap_or("-"), node["aggregate"]["count"])
                })
                .collect();
            let sum: u64 = events[unit]["nodes"]
                .as_array()
                .expect("a list")
                .iter()
                .filter_map(|node| node["aggregate"]["count"].as_u64())
                .sum();
            let not_known = events[unit]["notKnown"].as_u64().expect("a number");
            assert_eq!(json!(sum + not_known), events["aggregate"]["count"], "{unit}");
            (nodes.join(", "), not_known)
        };
        assert_eq!(groups("month"), ("2025-10 2, 2025-11 1, 2025-12 1".to_owned(), 2));
        assert_eq!(groups("quarter"), ("2025-Q4 4".to_owned(), 2));
        assert_eq!(groups("year"), ("2025 4".to_owned(), 2));
        assert_eq!(groups("decade"), ("2020s 4".to_owned(), 2));
        assert_eq!(events["kind"], json!({"notKnown": null}));
    })
    .await;
}

#[tokio::test]
async fn filters_test_the_start_and_the_end_of_events() {
    on_both_engines(|server| async move {
        publish_events(&server).await;
        for (filter, numbers) in [
            (json!({"starts": {"gte": "2025-10-01", "lte": "2025-10-31"}}), vec!["0", "2"]),
            (json!({"starts": {"lte": "2025-11-03"}}), vec!["0", "2", "5"]),
            (json!({"ends": {"gte": "2025-11-01", "lte": "2025-11-30"}}), vec!["0", "4", "5"]),
            (json!({"ends": {"gt": "2025-12-31"}}), vec!["1"]),
            (json!({"starts": {"isNull": false}}), vec!["0", "1", "2", "3", "4", "5"]),
            (json!({"overlaps": "2025-10"}), vec!["0", "2"]),
            (json!({"overlaps": "2025-11-03"}), vec!["0", "5"]),
            (json!({"overlaps": "2025-11"}), vec!["0", "4", "5"]),
            (json!({"overlaps": "2026-01-01/2026-01-31"}), vec!["1"]),
            (json!({"heldOn": {"lte": "2025-10-31"}}), vec![]),
            (json!({"heldOn": {"gte": "2025-10-01", "lte": "2025-11-30"}}), vec!["0", "4", "5"]),
        ] {
            assert_eq!(found(&server, filter.clone()).await, numbers, "{filter}");
            let mut others = found(&server, json!({"not": filter})).await;
            others.extend(numbers.iter().map(|number| (*number).to_owned()));
            assert_eq!(others.len(), DATES.len(), "{filter} and its contrary");
        }
    })
    .await;
}

#[tokio::test]
async fn period_counts_first_days_and_says_what_is_not_known() {
    on_both_engines(|server| async move {
        publish_events(&server).await;
        let document = r#"{ statistics(asOf: "2027-01-01") {
            october: events(period: "2025-10", filter: {search: "trial week"}) {
                count notKnown compare(period: "2025-12") { count notKnown difference }
            }
            all: events(filter: {search: "trial week"}) { count notKnown }
        } }"#;
        let statistics = data(&server, document).await["statistics"].take();
        assert_eq!(
            statistics,
            json!({
                "october": {"count": 2, "notKnown": 2,
                    "compare": {"count": 1, "notKnown": 1, "difference": 1}},
                "all": {"count": 6, "notKnown": null},
            })
        );
    })
    .await;
}
