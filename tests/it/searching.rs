//! Searches that more entries answer than one search ranks.

use std::collections::BTreeSet;

use caunoi_transfer::synthetic::Wish;
use serde_json::{Value, json};

use crate::harness::desk::Desk;
use crate::harness::generated::fill;
use crate::harness::{Server, on_both_databases};

/// More agreements and events than are ranked, and all of them have the words of `QUERY`.
const WISH: Wish = Wish { relations: 40, agreements: 900, events: 500, seed: 7 };
const QUERY: &str = "dữ liệu giả lập";

#[tokio::test]
async fn the_best_answer_is_found_among_many_and_no_province_takes_all_places() {
    on_both_databases(|settings| async move {
        fill(&settings, WISH).await;
        let server = Server::start(settings).await;
        // A province whose log comes late, and a name that is what is typed.
        let best = Desk::of("CA_MAU", server.register()).publish("Dữ liệu giả lập").await;
        let document = "query($q: String!) { search(query: $q, first: 100) {
            totalCount { value isExact }
            nodes { __typename ... on Event { code province { slug } } ... on Agreement { code province { slug } } }
        } }";
        let answer = server.ask(document, json!({ "q": QUERY })).await;
        let nodes = answer["data"]["search"]["nodes"].as_array().unwrap_or_else(|| panic!("{answer}"));
        assert_eq!(nodes.len(), 100);
        assert_eq!(nodes[0]["code"], Value::from(best.stamp.code.as_str()), "{}", nodes[0]);
        let provinces: BTreeSet<&str> =
            nodes.iter().filter_map(|node| node["province"]["slug"].as_str()).collect();
        assert!(provinces.len() >= 10, "{provinces:?}");
        assert_eq!(answer["data"]["search"]["totalCount"]["isExact"], false);
        server.stop().await;
    })
    .await;
}
