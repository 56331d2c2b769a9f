//! Who may do what: `viewerCan` tells what mutations then do, for every role, state and act.

use serde_json::{Value, json};

use super::{Written, agreement, go, seen, write};
use crate::harness::{Server, on_both_engines};

const ROLES: [&str; 8] = [
    "public",
    "partner",
    "clerk:DONG_NAI",
    "publisher:DONG_NAI",
    "clerk:NGHE_AN",
    "publisher:NGHE_AN",
    "analyst",
    "steward",
];
const ACTIONS: [&str; 6] = ["UPDATE", "RECORD_ACT", "SUBMIT", "RETURN", "PUBLISH", "WITHDRAW"];

/// An agreement whose version has come so far.
async fn in_state(server: &Server, state: &str, title: &str) -> Value {
    let mut entry = write(server, "clerk:DONG_NAI", "createAgreement", agreement(title)).await.done();
    let moves: &[&str] = match state {
        "SUBMITTED" => &["submitEntry"],
        "PUBLISHED" => &["publishEntry"],
        "WITHDRAWN" => &["withdrawEntry"],
        _ => &[],
    };
    for mutation in moves {
        entry = go(server, "publisher:DONG_NAI", mutation, &entry).await.done();
    }
    assert_eq!(entry["publication"], state);
    entry
}

async fn act(server: &Server, who: &str, action: &str, entry: &Value) -> Written {
    let mut input = json!({"id": entry["id"], "expectedVersion": entry["version"]});
    let mutation = match action {
        "UPDATE" => {
            input["signedAt"] = json!("Biên Hòa");
            "updateAgreement"
        }
        "RECORD_ACT" => {
            input["act"] = json!({"kind": "AMEND", "on": "2025-01"});
            "recordAct"
        }
        "SUBMIT" => "submitEntry",
        "RETURN" => "returnEntry",
        "PUBLISH" => "publishEntry",
        _ => "withdrawEntry",
    };
    write(server, who, mutation, input).await
}

async fn check(server: &Server, state: &str, role: &str, action: &str) {
    let case = format!("{role} {action} {state}");
    let entry = in_state(server, state, &case).await;
    let shown = seen(server, role, &entry, &format!("viewerCan(action: {action})")).await;
    let written = act(server, role, action, &entry).await;
    if role == "public" {
        assert_eq!(written.fault(), Some("UNAUTHENTICATED"), "{case}: {}", written.answer);
        assert_ne!(shown["viewerCan"], true, "{case}");
    } else if shown.is_null() {
        // What a caller does not see is not there, whatever their role may elsewhere.
        let refused = written.refused();
        assert_eq!(refused, [("NOT_FOUND".to_owned(), "id".to_owned())], "{case}");
    } else if shown["viewerCan"] == true {
        written.done();
    } else if let Some(fault) = written.fault() {
        assert_eq!(fault, "FORBIDDEN", "{case}: {}", written.answer);
    } else {
        assert_eq!(written.refused(), [("INVALID_TRANSITION".to_owned(), "id".to_owned())], "{case}");
    }
}

#[tokio::test]
async fn what_viewers_are_told_is_what_mutations_do() {
    on_both_engines(|server| async move {
        for state in ["DRAFT", "SUBMITTED", "PUBLISHED", "WITHDRAWN"] {
            for role in ROLES {
                for action in ACTIONS {
                    check(&server, state, role, action).await;
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn nobody_drafts_for_another_province_and_readers_draft_nothing() {
    on_both_engines(|server| async move {
        for (who, fault) in [
            ("public", "UNAUTHENTICATED"),
            ("partner", "FORBIDDEN"),
            ("clerk:NGHE_AN", "FORBIDDEN"),
            ("publisher:NGHE_AN", "FORBIDDEN"),
            ("analyst", "FORBIDDEN"),
            ("steward", "FORBIDDEN"),
        ] {
            let written = write(&server, who, "createAgreement", agreement("Của ai")).await;
            assert_eq!(written.fault(), Some(fault), "{who}: {}", written.answer);
        }
        let mut ministry = agreement("Của Bộ");
        ministry["province"] = json!("MINISTRY");
        write(&server, "steward", "createAgreement", ministry).await.done();
        // The unit of then belongs to the province of today.
        let mut former = agreement("Của tỉnh cũ");
        former["province"] = json!("BINH_PHUOC");
        former["acts"] = json!([{"kind": "SIGN", "on": "2020-01-01"}]);
        let former = write(&server, "clerk:DONG_NAI", "createAgreement", former).await.done();
        let shown = seen(&server, "clerk:DONG_NAI", &former, "province { slug } originUnit { slug }").await;
        assert_eq!(shown, json!({"province": {"slug": "DONG_NAI"}, "originUnit": {"slug": "BINH_PHUOC"}}));
    })
    .await;
}

#[tokio::test]
async fn only_agreements_have_acts() {
    on_both_engines(|server| async move {
        let event = write(&server, "clerk:DONG_NAI", "createEvent", super::event("No acts")).await.done();
        let shown = seen(&server, "clerk:DONG_NAI", &event, "viewerCan(action: RECORD_ACT)").await;
        assert_eq!(shown["viewerCan"], false);
        let written = act(&server, "clerk:DONG_NAI", "RECORD_ACT", &event).await;
        assert_eq!(written.refused(), [("NOT_FOUND".to_owned(), "id".to_owned())]);
    })
    .await;
}
