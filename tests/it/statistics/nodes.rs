//! The same query at the same state has the same response bytes on every node and after every
//! restart.

use reqwest::Method;
use serde_json::json;

use crate::harness::publisher::Publisher;
use crate::harness::{Server, on_postgres};

const QUESTION: &str = r#"{
    statistics {
        asOf cursor
        coverage { period { name } filed missing { slug } lastFiledOn byProvince { hasFiled lastFiledOn } }
        relations { count inForce distinct(of: LOCALITY) earliest latest
            groups(by: [{key: PROVINCE}, {key: STATUS}], first: 50) { nodes { keys { value label } aggregate { count } } } }
        agreements(period: "2020s") { count inForce compare { count changePercent }
            groups(by: [{bucket: {field: SIGNED_ON, unit: QUARTER, fillGaps: true}}], first: 50) {
                nodes { keys { value } aggregate { count inForce } } } }
        events { count sum(of: DELEGATES) { lower upper } groups(by: [{key: COUNTRY}]) { nodes { keys { label } } } }
        expiring(withinDays: 2000) { totalCount { value } nodes { code lapsesAfter } }
        frameworkOnly { totalCount { value } nodes { code } }
        dormant(months: 6) { totalCount { value } nodes { code }
            groups(by: [{key: COUNTRY}], first: 2) { pageInfo { endCursor } } }
        clashes(period: "2020s") { partnerLocality { slug } from to visits { code } }
        alarms { rule figures { code } computed { value } }
    }
    figures(first: 30) { nodes { code computed { value } gap } }
}"#;

async fn bytes(server: &Server) -> String {
    let request = server.http(Method::POST, "/graphql").json(&json!({ "query": QUESTION }));
    let response = request.send().await.expect("the server answers");
    let body = response.text().await.expect("the answer is whole");
    assert!(!body.contains("\"errors\""), "{body}");
    body
}

#[tokio::test]
async fn nodes_and_restarts_return_the_same_bytes() {
    on_postgres(|settings| async move {
        let one = Server::start(settings.clone()).await;
        let other = Server::start(settings.clone()).await;
        let before = bytes(&one).await;
        assert_eq!(before, bytes(&other).await);
        for (slug, node) in [("DONG_NAI", &one), ("HUE", &other), ("DONG_NAI", &other)] {
            Publisher::of(slug, node.register()).publish("Counted on both").await;
        }
        let confirm =
            r#"mutation { confirmPeriod(input: {province: "DA_NANG", period: "2026"}) { errors { code } } }"#;
        one.execute_as("publisher:DA_NANG", confirm, json!(null)).await;
        for node in [&one, &other] {
            node.register().catch_up().await.unwrap_or_else(|error| panic!("{error}"));
        }
        let after = bytes(&one).await;
        assert_ne!(before, after);
        assert!(after.contains("\"filed\":3"), "{after}");
        assert_eq!(after, bytes(&other).await);
        one.stop().await;
        let again = Server::start(settings).await;
        assert_eq!(after, bytes(&again).await);
        again.stop().await;
        other.stop().await;
    })
    .await;
}
