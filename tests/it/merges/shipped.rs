//! The merges of the shipped data.

use serde_json::{Value, json};

use super::data;
use crate::harness::on_both_engines;

/// The kept and the merged entries of the shipped data.
const MERGED: [(&str, &[&str]); 5] = [
    ("AGR-0102", &["AGR-0104", "AGR-0105"]),
    ("AGR-0113", &["AGR-0115", "AGR-0116"]),
    ("EVT-0063", &["EVT-0064", "EVT-0065"]),
    ("EVT-0109", &["EVT-0108", "EVT-0110"]),
    ("EVT-0177", &["EVT-0178"]),
];

#[tokio::test]
async fn codes_of_merged_rows_lead_to_the_kept_entry() {
    on_both_engines(|server| async move {
        for (kept, merged) in MERGED {
            let (field, entry_type) =
                if kept.starts_with("AGR") { ("agreement", "AGREEMENT") } else { ("event", "EVENT") };
            for code in merged {
                let document = format!(
                    "query($code: String!) {{ {field}(by: {{ code: $code }}) {{ code mergedEntries {{ code }} }}
                        tombstone(code: $code) {{ entryType mergedIntoCode reason }} }}"
                );
                let found = data(&server, "public", &document, json!({ "code": code })).await;
                assert_eq!(found[field]["code"], kept, "{code}");
                let codes: Vec<&Value> =
                    found[field]["mergedEntries"].as_array().expect("entries").iter().map(|entry| &entry["code"]).collect();
                assert_eq!(codes, merged.iter().collect::<Vec<_>>());
                assert_eq!(found["tombstone"]["mergedIntoCode"], kept);
                assert_eq!(found["tombstone"]["entryType"], entry_type);
                assert!(found["tombstone"]["reason"].is_string());
            }
        }
    })
    .await;
}

#[tokio::test]
async fn forum_of_nearly_800_is_counted_once_and_owned_by_its_province() {
    on_both_engines(|server| async move {
        let document = "{ events(filter: { province: { in: [\"QUANG_NINH\"] } }, first: 100) { nodes { code } }
            memorandum: agreement(by: { code: \"AGR-0113\" }) { parties { party { ... on Locality { slug } } } }
            forums: events(filter: { starts: { gte: \"2025-11-25\" }, ends: { lte: \"2025-11-25\" } }, first: 10) { nodes { code owners { slug } } }
        }";
        let found = data(&server, "public", document, Value::Null).await;
        let codes = found["events"]["nodes"].to_string();
        assert!(codes.contains("EVT-0177") && !codes.contains("EVT-0178"), "{codes}");
        let slugs = found["memorandum"]["parties"].to_string();
        for slug in ["kh-prey-veng", "kh-svay-rieng", "kh-tboung-khmum"] {
            assert!(slugs.contains(slug), "{slugs}");
        }
        let forums = found["forums"]["nodes"].as_array().expect("events");
        let forum: Vec<&Value> = forums.iter().filter(|node| node["code"] == "EVT-0177").collect();
        assert_eq!(forum, [&json!({"code": "EVT-0177", "owners": [{"slug": "QUANG_NINH"}]})]);
    })
    .await;
}
