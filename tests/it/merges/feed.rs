//! The feed of merges: each owner's contains them, with the tombstone that names the kept entry.

use serde_json::{Value, json};

use super::{UNITS, data, merge, publish_agreements, unmerge};
use crate::harness::on_both_engines;

const CHANGES: &str = "query($after: Cursor, $slugs: [String!]) {
    changes(after: $after, filter: { province: { in: $slugs } }) {
        nodes { code operation movement reason(locale: EN) entry { code } tombstone { code mergedIntoCode } }
    }
}";

#[tokio::test]
async fn feed_of_each_owner_contains_the_merge_and_its_counter_record() {
    on_both_engines(|server| async move {
        let entries = publish_agreements(&server, &UNITS[..2]).await;
        let cursor =
            data(&server, "public", "{ statistics { cursor } }", Value::Null).await["statistics"]["cursor"]
                .take();
        let kept = merge(&server, &entries[0], &entries[1..]).await.expect_entry();
        unmerge(&server, &entries[1], &kept).await.expect_entry();
        let changes = async |slug: &str| {
            let variables = json!({"after": cursor, "slugs": [slug]});
            let nodes = data(&server, "public", CHANGES, variables).await["changes"]["nodes"].take();
            nodes.as_array().expect("changes").clone()
        };
        let moved = |nodes: &[Value]| -> Vec<String> {
            let text = |node: &Value, name: &str| node[name].as_str().unwrap_or_default().to_owned();
            let mut moved: Vec<String> = nodes
                .iter()
                .map(|node| [text(node, "code"), text(node, "operation"), text(node, "movement")].join(" "))
                .collect();
            moved.sort();
            moved
        };
        let (one, other) =
            (kept["code"].as_str().expect("a code"), entries[1]["code"].as_str().expect("a code"));
        let of_other = changes("HO_CHI_MINH").await;
        let mut expected = vec![
            format!("{one} MERGED ENTERED"),
            format!("{one} UNMERGED LEFT"),
            format!("{other} MERGED LEFT"),
            format!("{other} UNMERGED ENTERED"),
        ];
        expected.sort();
        assert_eq!(moved(&of_other), expected);
        let left = of_other.iter().find(|node| node["movement"] == "LEFT" && node["code"] == other);
        let left = left.expect("the merged entry left");
        assert_eq!(left["tombstone"], json!({"code": other, "mergedIntoCode": one}));
        assert_eq!(left["reason"], "One document");
        assert_eq!(
            moved(&changes("DONG_NAI").await),
            [format!("{one} MERGED STAYED"), format!("{one} UNMERGED STAYED")]
        );
        assert!(changes("DA_NANG").await.is_empty());
    })
    .await;
}
