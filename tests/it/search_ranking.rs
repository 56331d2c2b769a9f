//! Searches with many matching entries.

use std::collections::BTreeSet;

use caunoi_transfer::synthetic::SyntheticSpec;
use serde_json::{Value, json};

use crate::harness::publisher::Publisher;
use crate::harness::synthetic_register::generate_entries;
use crate::harness::{Server, on_both_databases};

/// All agreements and events contain the words of `QUERY`.
const SPEC: SyntheticSpec = SyntheticSpec { relations: 40, agreements: 900, events: 500, seed: 7 };
const QUERY: &str = "dữ liệu giả lập";

#[tokio::test]
async fn search_ranks_best_match_first_across_provinces() {
    on_both_databases(|settings| async move {
        generate_entries(&settings, SPEC).await;
        let server = Server::start(settings).await;
        // A province with a high log number, and a name that equals the search text.
        let best = Publisher::of("CA_MAU", server.register()).publish("Dữ liệu giả lập").await;
        let document = "query($q: String!) { search(query: $q, first: 100) {
            totalCount { value isExact }
            nodes { __typename ... on Event { code province { slug } } ... on Agreement { code province { slug } } }
        } }";
        let answer = server.execute(document, json!({ "q": QUERY })).await;
        let nodes = answer["data"]["search"]["nodes"].as_array().unwrap_or_else(|| panic!("{answer}"));
        assert_eq!(nodes.len(), 100);
        assert_eq!(nodes[0]["code"], Value::from(best.meta.code.as_str()), "{}", nodes[0]);
        let provinces: BTreeSet<&str> =
            nodes.iter().filter_map(|node| node["province"]["slug"].as_str()).collect();
        assert!(provinces.len() >= 10, "{provinces:?}");
        let total = &answer["data"]["search"]["totalCount"];
        assert_eq!(total["isExact"], true);
        assert!(total["value"].as_u64() > Some(u64::from(SPEC.events)), "{total}");
        server.stop().await;
    })
    .await;
}
