//! Permissions: `viewerCan` agrees with the mutations for every role, state and action.

use serde_json::{Value, json};

use super::{MutationResult, agreement, read_entry, transition, write};
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
const ACTIONS: [&str; 9] =
    ["UPDATE", "RECORD_ACT", "AMEND_ACT", "VOID_ACT", "SUBMIT", "RETURN", "PUBLISH", "WITHDRAW", "DISCARD"];

/// Creates an agreement in this publication state.
async fn in_state(server: &Server, state: &str, title: &str) -> Value {
    let mut entry = write(server, "clerk:DONG_NAI", "createAgreement", agreement(title)).await.expect_entry();
    let moves: &[&str] = match state {
        "SUBMITTED" => &["submitEntry"],
        "PUBLISHED" => &["publishEntry"],
        "WITHDRAWN" => &["withdrawEntry"],
        _ => &[],
    };
    for mutation in moves {
        entry = transition(server, "publisher:DONG_NAI", mutation, &entry).await.expect_entry();
    }
    assert_eq!(entry["publication"], state);
    entry
}

async fn act(server: &Server, caller: &str, action: &str, entry: &Value) -> MutationResult {
    let mut input = json!({"id": entry["id"], "expectedVersion": entry["version"]});
    let mutation = match action {
        "UPDATE" => {
            input["signingPlace"] = json!("Biên Hòa");
            "updateAgreement"
        }
        "RECORD_ACT" => {
            input["act"] = json!({"kind": "AMEND", "on": "2025-01"});
            "recordAct"
        }
        "AMEND_ACT" => {
            input["actId"] = json!("1");
            input["on"] = json!("2024-05-07");
            input["reason"] = json!({"vi": "Sai ngày"});
            "amendAct"
        }
        "VOID_ACT" => {
            input["actId"] = json!("1");
            input["reason"] = json!({"vi": "Không có"});
            "voidAct"
        }
        "SUBMIT" => "submitEntry",
        "RETURN" => "returnEntry",
        "PUBLISH" => "publishEntry",
        "DISCARD" => "discardDraft",
        _ => {
            input["reason"] = json!({"vi": "Nhập trùng"});
            "withdrawEntry"
        }
    };
    write(server, caller, mutation, input).await
}

async fn check(server: &Server, state: &str, role: &str, action: &str) {
    let case = format!("{role} {action} {state}");
    let entry = in_state(server, state, &case).await;
    let shown = read_entry(server, role, &entry, &format!("viewerCan(action: {action})")).await;
    let written = act(server, role, action, &entry).await;
    if role == "public" {
        assert_eq!(written.error_code(), Some("UNAUTHENTICATED"), "{case}: {}", written.answer);
        assert_ne!(shown["viewerCan"], true, "{case}");
    } else if shown.is_null() {
        // An entry that a caller does not see is not found, whatever its role permits elsewhere.
        let refused = written.refused();
        assert_eq!(refused, [("NOT_FOUND".to_owned(), "id".to_owned())], "{case}");
    } else if shown["viewerCan"] == true {
        written.expect_entry();
    } else if let Some(error_code) = written.error_code() {
        assert_eq!(error_code, "FORBIDDEN", "{case}: {}", written.answer);
    } else {
        assert_eq!(written.refused(), [("INVALID_TRANSITION".to_owned(), "id".to_owned())], "{case}");
    }
}

#[tokio::test]
async fn viewer_can_agrees_with_mutations() {
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
async fn drafting_is_limited_to_writers_of_the_province() {
    on_both_engines(|server| async move {
        for (caller, error_code) in [
            ("public", "UNAUTHENTICATED"),
            ("partner", "FORBIDDEN"),
            ("clerk:NGHE_AN", "FORBIDDEN"),
            ("publisher:NGHE_AN", "FORBIDDEN"),
            ("analyst", "FORBIDDEN"),
            ("steward", "FORBIDDEN"),
        ] {
            let written = write(&server, caller, "createAgreement", agreement("Của ai")).await;
            assert_eq!(written.error_code(), Some(error_code), "{caller}: {}", written.answer);
        }
        let mut ministry = agreement("Của Bộ");
        ministry["province"] = json!("MINISTRY");
        write(&server, "steward", "createAgreement", ministry).await.expect_entry();
        // The former unit belongs to the current province.
        let mut former = agreement("Của tỉnh cũ");
        former["province"] = json!("BINH_PHUOC");
        former["acts"] = json!([{"kind": "SIGN", "on": "2020-01-01"}]);
        let former = write(&server, "clerk:DONG_NAI", "createAgreement", former).await.expect_entry();
        let shown =
            read_entry(&server, "clerk:DONG_NAI", &former, "province { slug } originUnit { slug }").await;
        assert_eq!(shown, json!({"province": {"slug": "DONG_NAI"}, "originUnit": {"slug": "BINH_PHUOC"}}));
    })
    .await;
}

#[tokio::test]
async fn acts_exist_on_agreements_only() {
    on_both_engines(|server| async move {
        let event =
            write(&server, "clerk:DONG_NAI", "createEvent", super::event("No acts")).await.expect_entry();
        let shown = read_entry(&server, "clerk:DONG_NAI", &event, "viewerCan(action: RECORD_ACT)").await;
        assert_eq!(shown["viewerCan"], false);
        let written = act(&server, "clerk:DONG_NAI", "RECORD_ACT", &event).await;
        assert_eq!(written.refused(), [("NOT_FOUND".to_owned(), "id".to_owned())]);
    })
    .await;
}
