//! Merges that are refused, repeated requests, and the suspected doubles that precede a merge.

use serde_json::{Value, json};

use super::{UNITS, data, merge, merge_input, publish, publish_agreements, unmerge, version};
use crate::harness::on_both_engines;
use crate::mutations::{agreement, event, transition, write, write_under};

#[tokio::test]
async fn only_a_steward_merges() {
    on_both_engines(|server| async move {
        let entries = publish_agreements(&server, &UNITS[..2]).await;
        let document = "query($id: ID!) { node(id: $id) { ... on Agreement { viewerCan(action: MERGE) } } }";
        for caller in ["partner", "clerk:DONG_NAI", "publisher:DONG_NAI", "publisher:HO_CHI_MINH", "analyst"]
        {
            let refused =
                write(&server, caller, "mergeEntries", merge_input(&entries[0], &entries[1..])).await;
            assert_eq!(refused.error_code(), Some("FORBIDDEN"), "{caller}: {}", refused.answer);
            let can = data(&server, caller, document, json!({"id": entries[0]["id"]})).await;
            assert_eq!(can["node"]["viewerCan"], false, "{caller}");
        }
        let refused = write(&server, "public", "mergeEntries", merge_input(&entries[0], &entries[1..])).await;
        assert_eq!(refused.error_code(), Some("UNAUTHENTICATED"), "{}", refused.answer);
        let can = data(&server, "steward", document, json!({"id": entries[0]["id"]})).await;
        assert_eq!(can["node"]["viewerCan"], true);
        let kept = merge(&server, &entries[0], &entries[1..]).await.expect_entry();
        let input =
            json!({"id": entries[1]["id"], "expectedVersion": kept["version"], "reason": {"vi": "x"}});
        for caller in ["publisher:DONG_NAI", "publisher:HO_CHI_MINH", "analyst"] {
            let refused = write(&server, caller, "unmergeEntry", input.clone()).await;
            assert_eq!(refused.error_code(), Some("FORBIDDEN"), "{caller}: {}", refused.answer);
        }
    })
    .await;
}

fn refusal(code: &str, path: &str) -> Vec<(String, String)> {
    vec![(code.to_owned(), path.to_owned())]
}

#[tokio::test]
async fn entry_that_cannot_be_merged_is_refused_with_its_path() {
    on_both_engines(|server| async move {
        let entries = publish_agreements(&server, &UNITS).await;
        let held = publish(&server, "HUE", "createEvent", event("Joint conference")).await;
        let refused = async |kept: &Value, merged: &[Value]| merge(&server, kept, merged).await.refused();
        assert_eq!(refused(&entries[0], &[]).await, refusal("REQUIRED", "merged"));
        assert_eq!(refused(&entries[0], &entries[..1]).await, refusal("INVALID", "merged.0"));
        assert_eq!(
            refused(&entries[0], &[entries[1].clone(), held.clone()]).await,
            refusal("INVALID", "merged.1")
        );
        let unknown = json!({"id": "none", "version": 1});
        assert_eq!(
            refused(&entries[0], std::slice::from_ref(&unknown)).await,
            refusal("NOT_FOUND", "merged.0")
        );
        let mut stale = entries[1].clone();
        stale["version"] = json!(7);
        assert_eq!(refused(&entries[0], &[stale]).await, refusal("VERSION_CONFLICT", "expectedVersion"));
        let mut without_reason = merge_input(&entries[0], &entries[1..2]);
        without_reason["reason"] = json!({"vi": " "});
        let blank = write(&server, "steward", "mergeEntries", without_reason).await.refused();
        assert_eq!(blank, refusal("REQUIRED", "reason"));
        // A draft of one of them would restore the state before the merge.
        let update =
            json!({"id": entries[1]["id"], "expectedVersion": entries[1]["version"], "signingPlace": "Huế"});
        write(&server, "clerk:HO_CHI_MINH", "updateAgreement", update).await.expect_entry();
        assert_eq!(refused(&entries[0], &entries[1..2]).await, refusal("INVALID", "merged.0"));
        assert_eq!(refused(&entries[1], &entries[..1]).await, refusal("INVALID", "kept"));
        // An entry that is merged, or keeps merged ones, is not merged again.
        let kept = merge(&server, &entries[2], &entries[3..]).await.expect_entry();
        assert_eq!(refused(&entries[0], &entries[3..]).await, refusal("INVALID", "merged.0"));
        assert_eq!(refused(&entries[0], std::slice::from_ref(&kept)).await, refusal("INVALID", "merged.0"));
        let undone = unmerge(&server, &entries[0], &entries[0]).await.refused();
        assert_eq!(undone, refusal("INVALID", "id"));
    })
    .await;
}

#[tokio::test]
async fn merged_entry_cannot_be_changed_and_the_kept_one_not_withdrawn() {
    on_both_engines(|server| async move {
        let entries = publish_agreements(&server, &UNITS[..2]).await;
        let kept = merge(&server, &entries[0], &entries[1..]).await.expect_entry();
        let update = json!({"id": entries[1]["id"], "expectedVersion": entries[1]["version"], "signingPlace": "Huế"});
        let refused = write(&server, "clerk:HO_CHI_MINH", "updateAgreement", update).await;
        assert_eq!(refused.refused(), refusal("INVALID", "id"));
        assert!(refused.answer.to_string().contains(kept["code"].as_str().expect("a code")));
        let refused = transition(&server, "publisher:HO_CHI_MINH", "withdrawEntry", &entries[1]).await;
        assert_eq!(refused.refused(), refusal("INVALID", "id"));
        let refused = transition(&server, "publisher:DONG_NAI", "withdrawEntry", &kept).await;
        assert_eq!(refused.refused(), refusal("INVALID", "id"));
        // A correction of the kept entry keeps its owners, whatever its parties are.
        let update = json!({
            "id": kept["id"], "expectedVersion": kept["version"], "vietnameseParties": null, "title": {"vi": "Sửa"},
        });
        let draft = write(&server, "clerk:DONG_NAI", "updateAgreement", update).await.expect_entry();
        let undone = unmerge(&server, &entries[1], &kept).await.refused();
        assert_eq!(undone, refusal("INVALID", "id"), "an unpublished version keeps the merge");
        let kept = transition(&server, "publisher:DONG_NAI", "publishEntry", &draft).await.expect_entry();
        let document = "query($id: ID!) { node(id: $id) { ... on Agreement { title owners { slug } } } }";
        let found = data(&server, "public", document, json!({"id": entries[1]["id"]})).await["node"].take();
        assert_eq!(found, json!({"title": "Sửa", "owners": [{"slug": "DONG_NAI"}, {"slug": "HO_CHI_MINH"}]}));
        unmerge(&server, &entries[1], &kept).await.expect_entry();
        let found = data(&server, "public", document, json!({"id": kept["id"]})).await["node"].take();
        assert_eq!(found, json!({"title": "Sửa", "owners": [{"slug": "DONG_NAI"}]}));
    })
    .await;
}

#[tokio::test]
async fn repeated_merge_returns_the_first_outcome() {
    on_both_engines(|server| async move {
        let entries = publish_agreements(&server, &UNITS[..2]).await;
        let input = merge_input(&entries[0], &entries[1..]);
        let first = write_under(&server, "steward", "mergeEntries", "\"merge-1\"", input.clone())
            .await
            .expect_entry();
        let again =
            write_under(&server, "steward", "mergeEntries", "\"merge-1\"", input).await.expect_entry();
        assert_eq!(first, again);
        let input =
            json!({"id": entries[1]["id"], "expectedVersion": first["version"], "reason": {"vi": "x"}});
        let undone = write_under(&server, "steward", "unmergeEntry", "\"merge-2\"", input.clone())
            .await
            .expect_entry();
        let again =
            write_under(&server, "steward", "unmergeEntry", "\"merge-2\"", input).await.expect_entry();
        assert_eq!(undone, again);
    })
    .await;
}

const DOUBLES: &str = "query($first: Int, $after: String) { suspectedDoubles(first: $first, after: $after) {
    nodes { entryType reasons entries { code } } cursor hasMore
} }";

#[tokio::test]
async fn suspected_doubles_are_listed_until_they_are_merged() {
    on_both_engines(|server| async move {
        let entries = publish_agreements(&server, &UNITS[..3]).await;
        let mut other_form = agreement("Thỏa thuận khác");
        other_form["form"] = json!("AGREEMENT");
        publish(&server, "DA_NANG", "createAgreement", other_form).await;
        let listed = async |caller: &str| {
            let (mut nodes, mut after) = (Vec::new(), Value::Null);
            loop {
                let page = data(&server, caller, DOUBLES, json!({"first": 2, "after": after})).await["suspectedDoubles"].take();
                nodes.extend(page["nodes"].as_array().expect("pairs").clone());
                after = page["cursor"].clone();
                if page["hasMore"] == false {
                    return nodes;
                }
            }
        };
        let code = |index: usize| entries[index]["code"].as_str().expect("a code");
        let is_new = |node: &&Value| (0..3).any(|index| node["entries"].to_string().contains(code(index)));
        let pairs = |nodes: &[Value]| nodes.iter().filter(is_new).count();
        let nodes = listed("steward").await;
        assert_eq!(pairs(&nodes), 3, "{nodes:?}");
        let node = nodes.iter().find(is_new).expect("a pair");
        assert_eq!(node["reasons"], json!(["SAME_PARTNER", "SAME_DAY", "SAME_TITLE", "SAME_FORM"]));
        assert_eq!(node["entryType"], "AGREEMENT");
        assert_eq!(listed("analyst").await, nodes);
        for caller in ["public", "publisher:DONG_NAI", "partner"] {
            assert!(listed(caller).await.is_empty(), "{caller}");
        }
        merge(&server, &entries[0], &entries[1..]).await.expect_entry();
        assert_eq!(pairs(&listed("steward").await), 0);
        assert_eq!(version(&entries[0])["id"], entries[0]["id"]);
    })
    .await;
}
