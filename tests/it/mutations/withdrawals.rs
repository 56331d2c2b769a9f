//! Withdrawals leave a tombstone with a reason; drafts are discarded by those who may write them.

use serde_json::{Value, json};

use super::{create_inputs, event, read_entry, transition, write};
use crate::harness::{Server, on_both_engines};

const CLERK: &str = "clerk:DONG_NAI";
const PUBLISHER: &str = "publisher:DONG_NAI";

const REMAINS: &str = "__typename ... on Tombstone {
    id code entryType withdrawnAt province { slug } vi: reason(locale: VI) en: reason(locale: EN)
}";

async fn node(server: &Server, caller: &str, id: &Value) -> Value {
    let document = format!("query($id: ID!) {{ node(id: $id) {{ {REMAINS} }} }}");
    let variables = json!({ "id": id });
    let mut answer = match caller {
        "public" => server.execute(&document, variables).await,
        caller => server.execute_as(caller, &document, variables).await,
    };
    assert!(answer["errors"].is_null(), "{answer}");
    answer["data"]["node"].take()
}

#[tokio::test]
async fn withdrawn_entry_leaves_a_tombstone() {
    on_both_engines(|server| async move {
        for (create, input) in create_inputs("Sẽ thu hồi") {
            let draft = write(&server, CLERK, create, input).await.expect_entry();
            let published = transition(&server, PUBLISHER, "publishEntry", &draft).await.expect_entry();
            transition(&server, PUBLISHER, "withdrawEntry", &published).await.expect_entry();
            for caller in ["public", "partner", "clerk:NGHE_AN", "analyst"] {
                let mut remains = node(&server, caller, &draft["id"]).await;
                assert!(remains["withdrawnAt"].take().is_string(), "{caller}: {remains}");
                assert_eq!(
                    remains,
                    json!({
                        "__typename": "Tombstone", "id": draft["id"], "code": draft["code"],
                        "entryType": draft["__typename"].as_str().map(str::to_uppercase),
                        "withdrawnAt": null, "province": {"slug": "DONG_NAI"},
                        "vi": "Nhập trùng", "en": "Entered twice",
                    }),
                    "{caller}"
                );
            }
            let document = "query($code: String!) { tombstone(code: $code) { id } }";
            let answer = server.execute(document, json!({"code": draft["code"]})).await;
            assert_eq!(answer["data"]["tombstone"], json!({"id": draft["id"]}), "{answer}");
        }
    })
    .await;
}

#[tokio::test]
async fn feed_contains_the_tombstone() {
    on_both_engines(|server| async move {
        let draft = write(&server, CLERK, "createEvent", event("Trong luồng")).await.expect_entry();
        let published = transition(&server, PUBLISHER, "publishEntry", &draft).await.expect_entry();
        transition(&server, PUBLISHER, "withdrawEntry", &published).await.expect_entry();
        let document = "{ latestChanges(first: 2, filter: {entryType: [EVENT]}) { nodes {
            operation author reason(locale: VI) tombstone { code reason(locale: EN) } entry { code }
        } } }";
        let answer = server.execute(document, Value::Null).await;
        let nodes = &answer["data"]["latestChanges"]["nodes"];
        assert_eq!(
            nodes[0],
            json!({
                "operation": "WITHDRAWN", "author": null, "reason": "Nhập trùng", "entry": null,
                "tombstone": {"code": draft["code"], "reason": "Entered twice"},
            })
        );
        assert_eq!((&nodes[1]["tombstone"], &nodes[1]["reason"]), (&Value::Null, &Value::Null));
    })
    .await;
}

#[tokio::test]
async fn withdrawal_of_a_published_entry_needs_a_reason() {
    on_both_engines(|server| async move {
        let draft = write(&server, CLERK, "createEvent", event("Không lý do")).await.expect_entry();
        let published = transition(&server, PUBLISHER, "publishEntry", &draft).await.expect_entry();
        for reason in [Value::Null, json!({}), json!({"vi": " "})] {
            let input = json!({"id": draft["id"], "expectedVersion": published["version"], "reason": reason});
            let refused = write(&server, PUBLISHER, "withdrawEntry", input).await.refused();
            assert_eq!(refused, [("REQUIRED".to_owned(), "reason".to_owned())], "{reason}");
        }
        assert_eq!(read_entry(&server, "public", &draft, "version").await["version"], published["version"]);
        let never_published = write(&server, CLERK, "createEvent", event("Nháp")).await.expect_entry();
        let input = json!({"id": never_published["id"], "expectedVersion": 1});
        write(&server, PUBLISHER, "withdrawEntry", input).await.expect_entry();
        assert_eq!(node(&server, "public", &never_published["id"]).await, Value::Null);
    })
    .await;
}

#[tokio::test]
async fn clerk_discards_a_draft() {
    on_both_engines(|server| async move {
        let draft = write(&server, CLERK, "createEvent", event("Bỏ đi")).await.expect_entry();
        let elsewhere = transition(&server, "clerk:NGHE_AN", "discardDraft", &draft).await;
        assert_eq!(elsewhere.refused(), [("NOT_FOUND".to_owned(), "id".to_owned())]);
        let discarded = transition(&server, CLERK, "discardDraft", &draft).await.expect_entry();
        assert_eq!(discarded["publication"], "WITHDRAWN");
        assert_eq!(node(&server, "public", &draft["id"]).await, Value::Null);

        let draft = write(&server, CLERK, "createEvent", event("Giữ bản công bố")).await.expect_entry();
        let published = transition(&server, PUBLISHER, "publishEntry", &draft).await.expect_entry();
        let change = json!({"id": draft["id"], "expectedVersion": published["version"], "place": "Huế"});
        let edited = write(&server, CLERK, "updateEvent", change).await.expect_entry();
        let submitted = transition(&server, CLERK, "submitEntry", &edited).await.expect_entry();
        let refused = transition(&server, CLERK, "discardDraft", &submitted).await.refused();
        assert_eq!(refused, [("INVALID_TRANSITION".to_owned(), "id".to_owned())]);
        let returned = transition(&server, PUBLISHER, "returnEntry", &submitted).await.expect_entry();
        let kept = transition(&server, CLERK, "discardDraft", &returned).await.expect_entry();
        assert_eq!(kept["publication"], "PUBLISHED");
    })
    .await;
}
